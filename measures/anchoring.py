"""Where a sentence stands in a letter, when a clerk types it or mends the text around it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from measures.models import Anchored
    from proposals.models import Event, Reply


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
    """The rows with their places in a changed text, not saved; ValidationError if one is lost.

    Line breaks, blanks and stray marks inside a sentence make no difference.
    """
    letters, offsets = _squeezed(text)
    moved = []
    for row in anchored_rows(reply):
        sentence, _places = _squeezed(row.text)
        found = _nearest(sentence, letters, bisect_left(offsets, row.start))
        if found is None:
            raise ValidationError(
                _("“%(sentence)s” is a measure, promise or figure, and no longer in the text.")
                % {"sentence": row.text[:60]}
            )
        place = offsets[found], offsets[found + len(sentence) - 1] + 1
        if place != (row.start, row.end):
            row.start, row.end = place
            moved.append(row)
    return moved


def follow_corrections(events: Sequence[Event]) -> None:
    """A corrected letter takes its measures, promises and figures along to their new places."""
    for event in events:
        if event.kind == event.Kind.REPLY_CORRECTED and event.reply:
            for row in moved_rows(event.reply, event.reply.text):
                row.save(update_fields=["start", "end"])


def _squeezed(text: str) -> tuple[str, list[int]]:
    """The text without white space and asterisks, and where each of its characters stood."""
    kept = [(char, at) for at, char in enumerate(text) if not char.isspace() and char != "*"]
    return "".join(char for char, _at in kept), [at for _char, at in kept]


def _nearest(sentence: str, letters: str, start: int) -> int | None:
    """Where the sentence now stands: of several places the one nearest to the old."""
    places = []
    found = letters.find(sentence)
    while sentence and found >= 0:
        places.append(found)
        found = letters.find(sentence, found + 1)
    return min(places, key=lambda place: abs(place - start), default=None)
