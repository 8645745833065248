"""How late departments are: for the offices that assign, follow and urge. Two queries.

Each number is counted by the query that filters the list behind it (`proposals.owing`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Min, Q, QuerySet, Value

from access.rights import Where, where
from access.sight import person_of
from departments.models import Department
from measures.models import Commitment
from proposals import owing
from proposals.models import Assignment, CoHandlingOpinion


@dataclass
class Lateness:
    """One department: what it owes, how much of that is late, how much it kept in time."""

    department: int
    name: str = ""
    open: int = 0
    replies: int = 0
    opinions: int = 0
    promises: int = 0
    next_due: date | None = None
    answered: int = 0
    on_time: int = 0

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
    for what, department, count, of_these, first in _counts(user, on=on):
        row = rows.setdefault(department, Lateness(department))
        if what == "open":
            row.open, row.replies, row.next_due = count, of_these, first
        elif what == "answered":
            row.answered, row.on_time = count, of_these
        else:
            setattr(row, what, count)
    if not rows:
        return []
    names = Department.objects.order_by().values_list("pk", "short_name", "name")
    for department, short_name, name in names.filter(pk__in=rows):
        rows[department].name = short_name or name
    return sorted(rows.values(), key=lambda row: (-row.overdue, row.next_due or date.max, row.name))


def _counts(user: Any, *, on: date) -> QuerySet:
    """(what, department, how many, how many of these, the first date), in one query."""
    parts = Assignment.objects.visible_to(user).order_by()
    opinions = CoHandlingOpinion.objects.visible_to(user).order_by()
    promises = Commitment.objects.visible_to(user).order_by()
    is_late = Q(owed_on__lt=on)
    counted = [
        _by_department("open", owing.open_parts(parts)).annotate(
            n=Count("pk"),
            of_these=Count("pk", filter=is_late),
            first=Min("owed_on", filter=Q(owed_on__gte=on)),
        ),
        _by_department("answered", owing.answered_parts(parts, on=on)).annotate(
            n=Count("pk"), of_these=Count("pk", filter=owing.in_time()), first=Min("owed_on")
        ),
        _by_department(
            "opinions", owing.late_opinions(opinions, on=on), "assignment__department"
        ).annotate(n=Count("pk"), of_these=Count("pk"), first=Min("due_on")),
        _by_department("promises", promises.owed().overdue(on=on), "lead_department").annotate(
            n=Count("pk"), of_these=Count("pk"), first=Min("due_on")
        ),
    ]
    return counted[0].union(*counted[1:], all=True)


def _by_department(what: str, rows: QuerySet, path: str = "department") -> QuerySet:
    return rows.values_list(Value(what), path)
