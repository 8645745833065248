"""The letter's text as it is set on the page, and where its words stand in the original."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from letters import due, figures
from letters.departments import acting
from letters.layout import Block, layout
from letters.piece import Piece
from letters.strength import strength_of

# Values of the head are set again above the letter: they are no place to look for a sentence.
HEAD = ("issuer", "line")
# Where a sentence may be cut in two.
JOINTS = "，；。：！？"
LEAST_PART = 4
AROUND = 14


@dataclass(frozen=True)
class Mark:
    """A stretch of the letter that the page points at: `c3`, `m2`, or a field by its name."""

    name: str
    kind: str
    start: int
    end: int
    number: int = 0
    target: str = ""


class Paper:
    """One letter."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.blocks = layout(text)

    @cached_property
    def _flat(self) -> Piece:
        chars = {
            offset: char
            for block in self.blocks
            if block.kind not in HEAD
            for char, offset in zip(block.text, block.offsets, strict=True)
        }
        places = sorted(chars)
        return Piece.printed("".join(chars[at] for at in places), tuple(places))

    def piece(self, start: int, end: int) -> Piece:
        """The words between two places, without line breaks and page numbers."""
        flat = self._flat
        return flat.cut(bisect_left(flat.offsets, start), bisect_left(flat.offsets, end))

    def said(self, start: int, end: int) -> str:
        return self.piece(start, end).text

    def find(self, words: str, *, near: int | None = None) -> tuple[int, int]:
        """Where the words stand: of several places the one nearest to `near`.

        Blanks, line breaks and asterisks make no difference. Raises ValidationError.
        """
        sought = _squeezed(words)
        flat = self._flat
        kept = [at for at, char in enumerate(flat.text) if not char.isspace() and char != "*"]
        letters = "".join(flat.text[at] for at in kept)
        places = []
        found = letters.find(sought) if sought else -1
        while found >= 0:
            first, last = kept[found], kept[found + len(sought) - 1]
            places.append((flat.offsets[first], flat.offsets[last] + 1))
            found = letters.find(sought, found + 1)
        if not places:
            raise ValidationError(_("The letter does not say this: copy the words as they stand."))
        if near is None and len(places) > 1:
            raise ValidationError(
                _("The letter says this more than once: copy more of the sentence.")
            )
        return min(places, key=lambda place: abs(place[0] - (near or 0)))

    def joints(self, start: int, end: int) -> list[tuple[int, str]]:
        """Where a sentence can be cut: the place, and the words around it."""
        piece = self.piece(start, end)
        found = []
        for at in range(LEAST_PART, len(piece) - LEAST_PART):
            if piece.text[at - 1] in JOINTS:
                before, after = piece.text[max(0, at - AROUND) : at], piece.text[at : at + AROUND]
                found.append((piece.offsets[at], f"…{before} ┃ {after}…"))
        return found

    def reread(self, start: int, end: int, written_on: date | None) -> dict[str, Any]:
        """What the words between two places say of time, strength, departments and figures."""
        piece = self.piece(start, end)
        numbers = figures.find(piece) if piece.text else []
        time = due.find(piece.folded)
        printed = piece.text[time[0] : time[1]] if time else ""
        last = due.resolve(printed, written_on) if printed else None
        return {
            "due_text": printed,
            "due_on": last.isoformat() if last else "",
            "strength": strength_of(piece.folded, due=printed or None, has_number=bool(numbers)),
            "departments": [piece.text[first:last] for first, last in acting(piece.folded)],
            "figures": [
                {
                    "raw": piece.text[number.start : number.end],
                    "value": number.value,
                    "unit": number.unit,
                    "rank": number.rank,
                    "start": piece.span(number.start, number.end).start,
                    "end": piece.span(number.start, number.end).end,
                }
                for number in numbers
            ],
        }

    def parts(self, marks: Sequence[Mark]) -> list[dict[str, Any]]:
        """The blocks to set, each cut into runs wherever a mark begins or ends."""
        seen: set[str] = set()
        parts: list[dict[str, Any]] = []
        for is_line, blocks in groupby(self.blocks, key=lambda block: block.kind == "line"):
            if is_line:
                lines = [_runs(block, marks, seen) for block in blocks]
                parts.append({"kind": "line", "lines": lines})
                continue
            parts += [{"kind": block.kind, "runs": _runs(block, marks, seen)} for block in blocks]
        return parts


def _squeezed(words: str) -> str:
    return "".join(char for char in words if not char.isspace() and char != "*")


def _runs(block: Block, marks: Sequence[Mark], seen: set[str]) -> list[dict[str, Any]]:
    """The strongest mark of a run is shown; all of them are named, to be pointed at."""
    if not block.text:
        return []
    first, last = min(block.offsets), max(block.offsets)
    inside = [mark for mark in marks if mark.start <= last and mark.end > first]
    runs: list[dict[str, Any]] = []
    before: object = None
    for at, (char, offset) in enumerate(zip(block.text, block.offsets, strict=True)):
        here = tuple(mark for mark in inside if mark.start <= offset < mark.end)
        state = (here, at < block.sub_end)
        if state != before:
            runs.append(_run(here, offset, sub=at < block.sub_end, seen=seen))
            before = state
        runs[-1]["text"] += char
    return runs


def _run(here: tuple[Mark, ...], offset: int, *, sub: bool, seen: set[str]) -> dict[str, Any]:
    begun = [mark for mark in here if mark.name not in seen]
    seen.update(mark.name for mark in begun)
    kinds = [mark.kind for mark in here]
    kind = next((k for k in ("commitment", "measure", "field") if k in kinds), "")
    return {
        "text": "",
        "at": offset,
        "kind": kind,
        "names": " ".join(mark.name for mark in here),
        "target": next((mark.target for mark in here if mark.kind == kind), ""),
        "begun": [mark for mark in begun if mark.kind != "field"],
        "fields": [mark for mark in begun if mark.kind == "field"],
        "sub": sub,
    }
