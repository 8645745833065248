"""The daily digest: what falls due, told to each person before and after its date.

A date is told when its light turns yellow, when it turns red, on the day itself, on the first day
after it and then every week. Who reviews is told of what the department's clerks have to do once it
is red; of what is theirs alone, always. Nobody is told of what the gate does not let them do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from access.rights import Role, where
from assemblies.thresholds import Thresholds, thresholds
from clerkadmin.lights import RED
from departments.models import Clerk, Department
from desk.kinds import Kind
from desk.page import action_url
from desk.waiting import COUNTED, Row, due_on
from notifications.dates import remind_deputies
from notifications.links import absolute, notices_address
from notifications.models import Message, NoticeSettings, ReminderDay
from notifications.outbox import tell

# After a pause of the timer the days between are made up for, so many at the most.
MADE_UP_FOR = 14
# What is overdue is told on the first day and then every week, for so many weeks.
WEEK, WEEKS = 7, 53


@dataclass(frozen=True)
class Told:
    """One line of the digest."""

    row: Row
    url: str


def remind(*, on: date) -> int:
    """Write the digests of that day; how many are new. Done twice, it writes nothing twice.

    Deputies are reminded of each thing by itself, as each has chosen (`notifications.dates`).
    """
    days = _days(on=on)
    lights = thresholds(on=on)
    sought = _sought(days, lights)
    written = 0
    for user in _people():
        rows = [
            row
            for rows in due_on(user, sought, on=on, lights=lights)
            for row in rows[:COUNTED]
            if _is_told(row, days)
        ]
        rows = _for_whom(user, rows)
        if rows:
            with override(NoticeSettings.of(user).spoken):
                written += _write(user, rows, on=on)
    written += remind_deputies(on=on, missed=days[1:])
    ReminderDay.objects.get_or_create(on=on)
    return written


def is_reminded(due: date, *, on: date, at: Thresholds) -> bool:
    """Whether a date is told on that day."""
    left = (due - on).days
    return left in (at.yellow, at.red, 0) or (left < 0 and (-left - 1) % WEEK == 0)


def _days(*, on: date) -> list[date]:
    """That day, and those before it on which nobody was reminded."""
    last = ReminderDay.objects.filter(on__lt=on).order_by("-on").first()
    missed = (on - last.on).days if last else 1
    return [on - timedelta(days=back) for back in range(min(missed, MADE_UP_FOR))]


def _sought(days: list[date], lights: dict[int, Thresholds]) -> set[date]:
    """Every due date that can be told on one of these days."""
    lefts = {0, *(-1 - WEEK * week for week in range(WEEKS))}
    for at in (*lights.values(), Thresholds()):
        lefts |= {at.yellow, at.red}
    return {day + timedelta(days=left) for day in days for left in lefts}


def _is_told(row: Row, days: list[date]) -> bool:
    return row.due is not None and any(is_reminded(row.due, on=on, at=row.at) for on in days)


def _people() -> Iterator[Any]:
    """Everybody who works somewhere, one at a time."""
    places = Clerk.objects.filter(is_active=True).values("user")
    users = get_user_model().objects.filter(is_active=True, pk__in=places)
    yield from users.order_by("pk").iterator()


def _for_whom(user: Any, rows: list[Row]) -> list[Row]:
    """Who reviews leaves the clerks' work to them until it is red."""
    if not any(_is_clerks_work(row.kind) for row in rows) or not _has_clerks(user):
        return rows
    return [
        row
        for row in rows
        if not _is_clerks_work(row.kind) or (row.light is not None and row.light.name == RED)
    ]


def _is_clerks_work(kind: Kind) -> bool:
    model = kind.right_on or kind.model
    return bool(where(Role.CLERK, model._meta.label_lower, kind.right))


def _has_clerks(user: Any) -> bool:
    """Whether the person only reviews, and others do the work in each of the departments."""
    own = user.clerkships.filter(is_active=True)
    if own.exclude(reviews=True, department__kind=Department.Kind.HANDLING).exists():
        return False
    departments = set(own.values_list("department", flat=True))
    others = Clerk.objects.filter(is_active=True, reviews=False, user__is_active=True)
    return departments <= set(others.values_list("department", flat=True).distinct())


def _write(user: Any, rows: list[Row], *, on: date) -> bool:
    rows = sorted(rows, key=lambda row: (row.due or date.max, row.pk))
    overdue = sum(row.is_overdue for row in rows)
    count = ngettext("%(count)s falls due", "%(count)s fall due", len(rows)) % {"count": len(rows)}
    if overdue:
        count = _("%(count)s, %(overdue)s of them overdue") % {"count": count, "overdue": overdue}
    subject = _("%(day)s: %(count)s") % {"day": date_format(on), "count": count}
    context = {
        "subject": subject,
        "name": user.get_full_name() or user.get_username(),
        "told": [Told(row, absolute(action_url(row))) for row in rows],
        "address": absolute(reverse("admin:index")),
        "notices": notices_address(),
    }
    return tell(
        user,
        Message.Kind.DIGEST,
        key=f"digest {on.isoformat()} {user.pk}",
        subject=subject,
        text=render_to_string("desk/digest.txt", context).strip(),
        html=render_to_string("desk/digest.html", context),
        path=reverse("admin:index"),
    )
