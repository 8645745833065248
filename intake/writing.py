"""The rows of a reply: the letter itself, its measures, commitments and figures, in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from simple_history.utils import bulk_create_with_history

from departments.models import Department
from measures.models import Commitment, Figure, Measure
from proposals import events
from proposals.models import Event, Proposal, Reply

if TYPE_CHECKING:
    from django.contrib.auth.models import User

VALUE_LIMIT = Decimal(10) ** 18


@dataclass(frozen=True, kw_only=True)
class Number:
    """A figure of a sentence, with its place in the letter."""

    raw: str
    value: str
    unit: str
    is_rank: bool
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Said:
    """A measure: a sentence of the letter."""

    text: str
    start: int
    end: int
    heading: str
    figures: Sequence[Number] = ()


@dataclass(frozen=True, kw_only=True)
class Promised(Said):
    """A commitment: who keeps it, by when, how firmly it is said."""

    keeper: Department
    supporting: Sequence[Department] = ()
    printed: Sequence[str] = ()
    due_text: str = ""
    due_on: date | None = None
    strength: str = Commitment.Strength.STATED


@dataclass(frozen=True, kw_only=True)
class Contents:
    """All that a letter is to be in the tables."""

    proposal: Proposal
    department: Department
    text: str
    fields: dict[str, Any]
    also_answers: Sequence[Proposal] = ()
    co_handlers: Sequence[Department] = ()
    measures: Sequence[Said] = field(default_factory=list)
    commitments: Sequence[Promised] = field(default_factory=list)


def write_reply(contents: Contents, *, on: date, by: User | None = None) -> Reply:
    """Write the letter down, in the state of being drafted; the caller is in a transaction."""
    proposal, department = contents.proposal, contents.department
    round_ = Reply.objects.next_round(proposal, department)
    reply = Reply.objects.create(
        proposal=proposal,
        department=department,
        round=round_,
        sequence=Reply.objects.next_sequence(proposal, round_),
        text=contents.text,
        **contents.fields,
    )
    reply.co_handlers.add(*contents.co_handlers)
    reply.also_answers.add(*contents.also_answers)
    _write_items(reply, contents, by)
    facts = {"actor": by, "department": department, "reply": reply}
    events.record(Event.Kind.REPLY_ENTERED, proposal, on=on, **facts)
    return reply


def _write_items(reply: Reply, contents: Contents, by: User | None) -> None:
    """Number the measures and the commitments in the order of the letter."""
    measures = [
        Measure(reply=reply, number=number, **_sentence(item))
        for number, item in enumerate(contents.measures, 1)
    ]
    promises = [
        Commitment(
            reply=reply,
            number=number,
            **_sentence(item),
            lead_department=item.keeper,
            printed_departments=list(item.printed),
            due_text=item.due_text[:100],
            due_on=item.due_on,
            strength=item.strength,
        )
        for number, item in enumerate(contents.commitments, 1)
    ]
    if measures:
        measures = bulk_create_with_history(measures, Measure, default_user=by)
    if promises:
        promises = bulk_create_with_history(promises, Commitment, default_user=by)
    for promise, item in zip(promises, contents.commitments, strict=True):
        supporting = [each for each in item.supporting if each != item.keeper]
        if supporting:
            promise.supporting_departments.add(*supporting)
    figures = [
        *_figures(reply, contents.measures, measures, "measure"),
        *_figures(reply, contents.commitments, promises, "commitment"),
    ]
    if figures:
        bulk_create_with_history(figures, Figure, default_user=by)


def _sentence(item: Said) -> dict[str, Any]:
    return {
        "text": item.text,
        "heading": item.heading[:300],
        "start": item.start,
        "end": item.end,
    }


def _figures(
    reply: Reply, items: Sequence[Said], rows: Sequence[Measure | Commitment], kind: str
) -> list[Figure]:
    made = (
        _figure(reply, number, row, kind)
        for item, row in zip(items, rows, strict=True)
        for number in item.figures
    )
    return [figure for figure in made if figure]


def _figure(reply: Reply, number: Number, row: Measure | Commitment, kind: str) -> Figure | None:
    try:
        value = Decimal(number.value)
    except InvalidOperation:
        return None
    if abs(value) >= VALUE_LIMIT:
        return None  # a serial number or a misprint, no quantity that a column can hold
    return Figure(
        reply=reply,
        text=number.raw[:200],
        value=None if number.is_rank else value,
        rank=int(value) if number.is_rank else None,
        unit=(number.unit or "")[:20],
        start=number.start,
        end=number.end,
        **{kind: row},
    )
