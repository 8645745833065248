"""Where a sentence stands in a letter, when a clerk types it or mends the text around it."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from measures.models import Anchored
    from proposals.models import Reply


def place(sentence: str, text: str, *, within: tuple[int, int] | None = None) -> tuple[int, int]:
    """The one place of the sentence in the text; ValidationError if there is none, or several."""
    first, last = within or (0, len(text))
    start = text.find(sentence, first, last)
    if not sentence or start < 0:
        raise ValidationError(_("The letter does not say this: copy the words as they stand."))
    if text.find(sentence, start + 1, last) >= 0:
        raise ValidationError(_("The letter says this more than once: copy more of the sentence."))
    return start, start + len(sentence)


def anchored_rows(reply: Reply) -> list[Anchored]:
    """All that points into the letter."""
    return list(chain(reply.measures.all(), reply.commitments.all(), reply.figures.all()))


def moved_rows(reply: Reply, text: str) -> list[Anchored]:
    """The rows with their places in a changed text, not saved; ValidationError if one is lost."""
    moved = []
    for row in anchored_rows(reply):
        start = _nearest(row.text, text, row.start)
        if start is None:
            raise ValidationError(
                _("“%(sentence)s” is a measure, promise or figure, and no longer in the text.")
                % {"sentence": row.text[:60]}
            )
        if start != row.start:
            row.start, row.end = start, start + len(row.text)
            moved.append(row)
    return moved


def _nearest(sentence: str, text: str, start: int) -> int | None:
    """Where the sentence now stands: of several places the one nearest to the old."""
    places = []
    found = text.find(sentence)
    while found >= 0:
        places.append(found)
        found = text.find(sentence, found + 1)
    return min(places, key=lambda place: abs(place - start), default=None)
