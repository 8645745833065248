"""What clerks enter and change becomes an Event: the trail, and what wakes the public pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Model, Q
from django.utils import timezone

from assemblies.models import Assembly, Category, Deputy, Rating, Session, Topic
from clerkadmin.changes import ADDED, Change, listen
from departments.models import Department, DepartmentAlias
from proposals import events
from proposals.models import (
    Contact,
    Event,
    Proposal,
    Reply,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

# A new row of these is an event of its own, on the day that the field tells.
ENTERED: dict[type[Model], tuple[str, str]] = {
    Reply: (Event.Kind.REPLY_ENTERED, ""),
    Contact: (Event.Kind.CONTACTED, "on"),
}
# Which proposals show a row that is kept elsewhere.
SHOWN_IN: dict[type[Model], Sequence[str]] = {
    Assembly: ["session__assembly"],
    Session: ["session"],
    Topic: ["topic"],
    Deputy: ["sponsorships__deputy", "replies__feedback__deputy"],
    Category: ["replies__category", "replies__follow_ups__category"],
    Rating: ["replies__feedback__result_rating", "replies__feedback__process_rating"],
    Department: [
        "assignments__department",
        "replies__department",
        "replies__co_handlers",
        "replies__commitments__lead_department",
        "replies__commitments__supporting_departments",
        # A department's page names those before and after it.
        "assignments__department__predecessors",
        "assignments__department__successor",
    ],
}


@dataclass(frozen=True)
class Happening:
    """One event to be; the same one of several rows is written once."""

    kind: str
    proposal: Proposal
    on: date
    department: Department | None = None
    reply: Reply | None = None


@listen
def record_changes(changes: Sequence[Change], by: AbstractBaseUser) -> None:
    """Write the events of one saved page, each once, with the names of what was changed.

    What moves do is an event of theirs: also handing in a proposal, with the rows below it.
    """
    new = [c.row.pk for c in changes if c.what == ADDED and isinstance(c.row, Proposal)]
    found: dict[Happening, list[str]] = {}
    for change in changes:
        names = [f"{change.row._meta.model_name}.{field}" for field in change.fields]
        names = names or [f"{change.row._meta.model_name} {change.what}"]
        for happening in _happenings(change):
            if happening.proposal.pk in new:
                continue
            found.setdefault(happening, []).extend(names)
    for happening, names in found.items():
        events.record(
            happening.kind,
            happening.proposal,
            on=happening.on,
            actor=by,
            department=happening.department,
            reply=happening.reply,
            details={"changed": names},
        )


def _happenings(change: Change) -> Iterable[Happening]:
    today = timezone.localdate()
    shown = change.row
    if isinstance(shown, DepartmentAlias):
        shown = shown.department
    if type(shown) in SHOWN_IN:
        for public in _published_with(shown):
            yield Happening(Event.Kind.CHANGED, public, today)
        return
    reply = _reply_of(change.row)
    proposal = _proposal_of(change.row, reply)
    if proposal is not None:
        kind, on = _what_happened(change)
        yield Happening(kind, proposal, on or today, _department_of(change.row), reply)


def _published_with(row: Model) -> Iterable[Proposal]:
    if row.pk is None:
        return []
    shown = Q()
    for path in SHOWN_IN[type(row)]:
        shown |= Q(pk__in=Proposal.objects.filter(**{path: row}).values("pk"))
    return Proposal.objects.published().filter(shown)


def _what_happened(change: Change) -> tuple[str, date | None]:
    row, is_new = change.row, change.what == ADDED
    if is_new and type(row) in ENTERED:
        kind, day = ENTERED[type(row)]
        return kind, getattr(row, day) if day else None
    return Event.Kind.CHANGED, None


def _reply_of(row: Any) -> Reply | None:
    if isinstance(row, Reply):
        return row
    return getattr(getattr(row, "feedback", row), "reply", None)


def _proposal_of(row: Any, reply: Reply | None) -> Proposal | None:
    if isinstance(row, Proposal):
        return row
    if reply is not None:
        return reply.proposal
    return getattr(getattr(row, "assignment", row), "proposal", None)


def _department_of(row: Any) -> Department | None:
    return getattr(getattr(row, "assignment", row), "department", None)
