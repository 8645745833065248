"""How late departments are: for the offices that assign, follow and urge. Three queries.

Counted is what was assigned in the last two years and what is open since before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Count,
    Exists,
    F,
    FilteredRelation,
    Min,
    Q,
    QuerySet,
    Value,
    Window,
)
from django.db.models.functions import RowNumber

from access.rights import Where, where
from access.sight import person_of
from desk.rows import HANDLED, reply_due, sent_along
from measures.models import Commitment
from proposals.models import Assignment, CoHandlingOpinion, Proposal, Reply

COUNTED_DAYS = 730
# So many parts of one department are urged at once.
URGED = 20


@dataclass
class Lateness:
    """One department: what it owes, how much of that is late, how much it kept in time."""

    department: int
    name: str
    open: int = 0
    replies: int = 0
    opinions: int = 0
    promises: int = 0
    next_due: date | None = None
    answered: int = 0
    on_time: int = 0
    urged: list[int] = field(default_factory=list)

    @property
    def overdue(self) -> int:
        return self.replies + self.opinions + self.promises

    @property
    def share(self) -> int | None:
        """Replies sent in time, of all that were sent, in per cent."""
        return round(100 * self.on_time / self.answered) if self.answered else None


def sees_departments(user: Any) -> bool:
    """Whether the person follows the departments of an assembly."""
    kind = Assignment._meta.label_lower
    seats = person_of(user).seats
    return any(Where.ASSEMBLY in where(seat.role, kind, "view") for seat in seats)


def lateness(user: Any, *, on: date) -> list[Lateness]:
    """The departments with a part in what the person sees, the latest first."""
    rows: dict[int, Lateness] = {}
    assigned = _assigned(user, on=on)
    for department, short_name, name, *numbers in _replies(assigned, on=on):
        facts = dict(zip(NUMBERS, numbers, strict=True))
        rows[department] = Lateness(department, short_name or name, **facts)
    for what, department, short_name, name, count in _opinions_and_promises(user, on=on):
        row = rows.setdefault(department, Lateness(department, short_name or name))
        setattr(row, what, count)
    for department, keys in _urged(assigned, on=on).items():
        if department in rows:
            rows[department].urged = keys
    return sorted(rows.values(), key=lambda row: (-row.overdue, row.next_due or date.max, row.name))


NUMBERS = ("open", "replies", "next_due", "answered", "on_time")


def _assigned(user: Any, *, on: date) -> QuerySet:
    """Present parts of departments that answer, with their date and the letter of their round."""
    since = on - timedelta(days=COUNTED_DAYS)
    letter = FilteredRelation(
        "proposal__replies",
        condition=Q(
            proposal__replies__department=F("department"),
            proposal__replies__round=F("round"),
            proposal__replies__state=Reply.State.SENT,
        ),
    )
    rows = Assignment.objects.visible_to(user).present().answering().order_by()
    return (
        rows.filter(Q(assigned_on__gte=since) | Q(proposal__state__in=HANDLED))
        .exclude(proposal__state__in=Proposal.NEVER_PUBLIC)
        .annotate(letter=letter, date=reply_due(), along=Exists(sent_along()))
    )


def _is_open() -> Q:
    return Q(letter__isnull=True, along=False, proposal__state__in=HANDLED)


def _replies(assigned: QuerySet, *, on: date) -> Iterable[tuple[Any, ...]]:
    is_open = _is_open()
    is_sent = Q(letter__isnull=False, date__isnull=False)
    return assigned.values_list(
        "department", "department__short_name", "department__name"
    ).annotate(
        n_open=Count("pk", filter=is_open),
        n_replies=Count("pk", filter=is_open & Q(date__lt=on)),
        n_next=Min("date", filter=is_open & Q(date__gte=on)),
        n_answered=Count("pk", filter=is_sent),
        n_on_time=Count("pk", filter=is_sent & Q(letter__sent_on__lte=F("date"))),
    )


def _opinions_and_promises(user: Any, *, on: date) -> Iterable[tuple[Any, ...]]:
    opinions = CoHandlingOpinion.objects.visible_to(user).filter(
        state__in=CoHandlingOpinion.AWAITED,
        due_on__lt=on,
        assignment__ended_on=None,
        assignment__proposal__state__in=HANDLED,
    )
    promises = Commitment.objects.visible_to(user).overdue(on=on)
    parts = [
        rows.order_by()
        .values_list(Value(what), f"{path}", f"{path}__short_name", f"{path}__name")
        .annotate(n=Count("pk"))
        for what, rows, path in (
            ("opinions", opinions, "assignment__department"),
            ("promises", promises, "lead_department"),
        )
    ]
    return parts[0].union(parts[1], all=True)


def _urged(assigned: QuerySet, *, on: date) -> dict[int, list[int]]:
    """The parts of each department whose letter is late: the oldest first."""
    late = assigned.filter(_is_open(), date__lt=on).annotate(
        place=Window(RowNumber(), partition_by=F("department"), order_by=F("date").asc())
    )
    keys: dict[int, list[int]] = defaultdict(list)
    for department, key in late.filter(place__lte=URGED).values_list("department", "pk"):
        keys[department].append(key)
    return keys
