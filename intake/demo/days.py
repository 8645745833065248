"""The days of the demo's world: fixed in its tables, the rest counted from them."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from assemblies.models import HandlingRules, Period
from intake.demo.world import World


@dataclass(frozen=True)
class Days:
    """When the steps of one proposal happened, or were due."""

    submitted: date
    registered: date
    assigned: date
    acknowledged: date
    opinion_due: date
    reply_due: date
    extended_to: date


def days_of(item: dict[str, Any], world: World) -> Days:
    """Put in session: with the session's days. Between sessions: from `submitted` on."""
    session = world.sessions[item["session"]]
    rules = world.rules[session.assembly.slug]
    if "submitted" in item:
        submitted = date.fromisoformat(item["submitted"])
        registered = later(submitted, 8)
        assigned = later(submitted, 18)
    else:
        assert session.opens_on is not None  # the table gives it
        submitted = session.opens_on + timedelta(days=1)
        registered = later(submitted, 20)
        assigned = world.assigning_days[item["session"]]
    return Days(
        submitted=submitted,
        registered=registered,
        assigned=assigned,
        acknowledged=later(assigned, 4),
        opinion_due=months_later(assigned, _months(rules, Period.Step.CO_HANDLING)),
        reply_due=months_later(assigned, _months(rules, Period.Step.REPLY)),
        extended_to=months_later(assigned, _months(rules, Period.Step.EXTENSION)),
    )


def later(day: date, days: int) -> date:
    """So many days on (or back), moved to the Monday where that is a weekend."""
    found = day + timedelta(days=days)
    return found + timedelta(days=7 - found.weekday()) if found.weekday() > 4 else found


def months_later(day: date, months: int) -> date:
    """The same day so many months on; the month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def _months(rules: HandlingRules, step: str) -> int:
    count = rules.periods.get(step=step).count
    assert count is not None  # the demo's rules count months for these steps
    return count
