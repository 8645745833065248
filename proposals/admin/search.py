"""Find what belongs to a proposal by its number, however it is printed: 第0400号, 0400, 400."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Q

from proposals.models import number_key


def by_number(path: str) -> Callable[[str], Q]:
    """A word of a search read as the number that is kept, folded, in this field."""

    def numbered(word: str) -> Q:
        key = number_key(word)
        return Q(**{path: key}) if key else Q()

    return numbered
