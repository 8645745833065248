"""Sort the body's leaves into measures (已办事项), commitments (承诺事项) and neither."""

from __future__ import annotations

import re
from datetime import date

from letters import due, figures
from letters.departments import acting
from letters.judge import judge, places_ahead
from letters.letter import Commitment, Figure, Letter, Measure
from letters.outline import Leaf
from letters.strength import strength_of
from letters.tense import is_done, without_time

_MARKS = re.compile(r"\W")
_CLAUSE = re.compile("[^，；。：]+")


class _Sorter:
    """Adds leaves to the letter's lists, with the figures inside them."""

    def __init__(self, letter: Letter) -> None:
        self.letter = letter
        self.date = date.fromisoformat(letter.date) if letter.date else None
        self.seen: set[str] = set()

    def add(self, leaf: Leaf) -> None:
        text = _MARKS.sub("", leaf.piece.folded)
        if not text or text in self.seen:
            return
        done, ahead = judge(leaf, self.date)
        if done or ahead:
            self.seen.add(text)
        span = leaf.piece.span()
        numbers = figures.find(leaf.piece) if done or ahead else []
        if done:
            self.letter.measures.append(
                Measure(leaf.piece.text, span.start, span.end, leaf.heading)
            )
        if ahead:
            self.letter.commitments.append(self._commitment(leaf, has_number=bool(numbers)))
        if done or ahead:
            self._add_figures(leaf, numbers, done=done, ahead=ahead)

    def _commitment(self, leaf: Leaf, *, has_number: bool) -> Commitment:
        piece, span = leaf.piece, leaf.piece.span()
        time = _time_ahead(piece.folded, self.date)
        printed = piece.text[time[0] : time[1]] if time else None
        return Commitment(
            text=piece.text,
            start=span.start,
            end=span.end,
            heading=leaf.heading,
            departments=tuple(piece.text[start:end] for start, end in acting(piece.folded)),
            due=printed,
            strength=strength_of(piece.folded, due=printed, has_number=has_number),
        )

    def _add_figures(
        self, leaf: Leaf, numbers: list[figures.Number], *, done: bool, ahead: bool
    ) -> None:
        ahead_places = places_ahead(leaf, self.date) if done and ahead else []
        for number in numbers:
            in_plan = any(start <= number.start < end for start, end in ahead_places)
            in_commitment = ahead and (in_plan or not done)
            items = self.letter.commitments if in_commitment else self.letter.measures
            span = leaf.piece.span(number.start, number.end)
            self.letter.figures.append(
                Figure(
                    raw=leaf.piece.text[number.start : number.end],
                    value=number.value,
                    unit=number.unit,
                    rank=number.rank,
                    within="commitment" if in_commitment else "measure",
                    item=len(items) - 1,
                    start=span.start,
                    end=span.end,
                )
            )


def _time_ahead(folded: str, letter_date: date | None) -> tuple[int, int] | None:
    """The time of a commitment; of a mixed leaf that in a clause on the future."""
    found = _time_in(folded)
    if found and letter_date:
        last = due.resolve(folded[found[0] : found[1]], letter_date)
        if last and last.year < letter_date.year:
            return None  # 2000年至2005年建成的小区 tells of the past
    return found


def _time_in(folded: str) -> tuple[int, int] | None:
    for clause in _CLAUSE.finditer(folded):
        if not is_done(without_time(clause[0])):
            found = due.find(clause[0])
            if found:
                return clause.start() + found[0], clause.start() + found[1]
    return due.find(folded)


def classify(letter: Letter, leaves: list[Leaf]) -> None:
    """Fill the letter's measures, commitments and figures from the leaves."""
    sorter = _Sorter(letter)
    for leaf in leaves:
        sorter.add(leaf)
