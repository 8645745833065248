"""Writing the table: in the same transaction as the row whose title it is."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from search.grams import grams
from search.models import Gram

TITLES_AT_ONCE = 500


def index(kind: str, key: int, title: str) -> None:
    """Let the row be found by this folded title, and by no other.

    What is so already stays untouched: a row is written anew far more often than its title.
    """
    there = Gram.objects.filter(kind=kind, key=key)
    if set(there.values_list("gram", flat=True)) != set(grams(title)):
        there.delete()
        add(kind, [(key, title)])


def add(kind: str, titles: Iterable[tuple[int, str]]) -> None:
    """Let these rows be found, that were not before."""
    waiting = iter(titles)
    while some := list(islice(waiting, TITLES_AT_ONCE)):
        Gram.objects.bulk_create(
            Gram(kind=kind, gram=gram, key=key) for key, title in some for gram in grams(title)
        )


def drop(kind: str, key: int) -> None:
    """Let the row not be found any more."""
    Gram.objects.filter(kind=kind, key=key).delete()


def clear(kind: str) -> None:
    """Let no row of the kind be found any more."""
    Gram.objects.filter(kind=kind).delete()
