"""A letter as a sheet of paper: its blocks in order, the notes beside the promises, its figures."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from .models import PublicCommitment
from .promises import STATE_WORDS, Standing, as_date, standing
from .timeline import due_words
from .words import joined

# What stands around a figure, so that one sees what it counts: its clause, within limits.
CLAUSE = re.compile(r"([，。；：！？])")
LEAST_BEFORE, MOST_AROUND = 3, 22
FIGURES_AT_FIRST = 10


@dataclass(frozen=True, slots=True)
class Note:
    """The margin note (批注) of one promise."""

    number: int
    url: str
    standing: Standing
    due: str
    keeper: str
    updates: list[dict[str, Any]]


@dataclass(slots=True)
class Part:
    """One block, or the lines above the title together; with the notes of its promises."""

    kind: str
    blocks: list[list[dict[str, Any]]]
    notes: list[Note] = field(default_factory=list)

    @property
    def runs(self) -> list[dict[str, Any]]:
        return self.blocks[0]


@dataclass(frozen=True, slots=True)
class Sheet:
    parts: list[Part]
    unplaced: list[Note]  # promises that an abstract does not print word for word


def note_of(promise: PublicCommitment, *, today: date) -> Note:
    keepers = [promise.department.short_name]
    keepers += [department["name"] for department in promise.document.get("supporting", [])]
    keepers += promise.document.get("unknown_departments", [])
    return Note(
        number=promise.number,
        url=promise.get_absolute_url(),
        standing=standing(promise.state, promise.due_on, today=today),
        due=due_words(promise),
        keeper=joined(keepers),
        updates=updates_of(promise),
    )


def updates_of(promise: PublicCommitment) -> list[dict[str, Any]]:
    """The reports on a promise, dates as dates and states in words."""
    return [
        {
            **update,
            "on": as_date(update["on"]),
            "due_on": as_date(update["due_on"]),
            "state_word": STATE_WORDS.get(update["state"], update["state"]),
        }
        for update in promise.document.get("updates", [])
    ]


def sheet_of(
    document: dict[str, Any], commitments: Iterable[PublicCommitment], *, today: date
) -> Sheet:
    """The letter's parts; every promise has its note under the block where it begins."""
    return with_notes(document["blocks"], [note_of(each, today=today) for each in commitments])


def with_notes(letter: Iterable[dict[str, Any]], margin: Iterable[Note]) -> Sheet:
    """The blocks of a letter as parts of its sheet, each note where its promise begins."""
    notes = {note.number: note for note in margin}
    parts = []
    for is_line, blocks in groupby(letter, key=lambda block: block["kind"] == "line"):
        if is_line:
            parts.append(Part("line", [block["runs"] for block in blocks]))
            continue
        for block in blocks:
            begun = [
                run["number"]
                for run in block["runs"]
                if run["mark"] == "commitment" and run["first"]
            ]
            here = [notes.pop(number) for number in begun if number in notes]
            parts.append(Part(block["kind"], [block["runs"]], here))
    return Sheet(parts, list(notes.values()))


def figures_of(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The letter's figures, each with its value, its place and the words around it."""
    return [
        {
            **figure,
            **_around(figure),
            "value_text": grouped(figure["value"]),
            "is_promise": figure["where"].startswith("c"),
            "place": figure["where"][1:],
        }
        for figure in document.get("figures", [])
    ]


def grouped(value: str | None) -> str:
    """A plain decimal, thousands apart: 18640000 -> 18,640,000."""
    if not value:
        return ""
    whole, point, part = value.partition(".")
    return f"{int(whole):,}{point}{part}" if whole.lstrip("-").isdigit() else value


def _around(figure: dict[str, Any]) -> dict[str, str]:
    """The clause in which the figure stands; the one before it too, where the figure opens it."""
    sentence, text = figure["sentence"], figure["text"]
    place = sentence.find(text)
    if place < 0:
        return {"before": "", "after": ""}
    clauses = CLAUSE.split(sentence[:place])
    before = "".join(clauses[-1:] if len(clauses[-1]) >= LEAST_BEFORE else clauses[-3:])
    after = CLAUSE.split(sentence[place + len(text) :])[0]
    return {"before": _shortened(before, at_start=True), "after": _shortened(after)}


def _shortened(text: str, *, at_start: bool = False) -> str:
    if len(text) <= MOST_AROUND:
        return text
    return f"…{text[-MOST_AROUND:]}" if at_start else f"{text[:MOST_AROUND]}…"
