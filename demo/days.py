"""The days of the demo's world: fixed in its tables, or counted from the day it is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from assemblies.deadlines import due
from assemblies.models import HandlingRules
from demo.world import World


@dataclass(frozen=True)
class Days:
    """When the first steps of one proposal happened."""

    submitted: date
    registered: date
    assigned: date
    acknowledged: date


def days_of(item: dict[str, Any], world: World) -> Days:
    """Put in session: with the session's days. Between sessions: from `submitted` on."""
    session = world.sessions[item["session"]]
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
    )


def later(day: date, days: int) -> date:
    """So many days on (or back), moved to the Monday where that is a weekend."""
    found = day + timedelta(days=days)
    return found + timedelta(days=7 - found.weekday()) if found.weekday() > 4 else found


def start_for(rules: HandlingRules, step: str, *, due_on: date) -> date:
    """The last weekday from which that step is due on that day, or just before it."""
    period = rules.period(step, in_session=False)
    assert period is not None  # the demo's rules have each step that its tables name
    start = due_on
    while start.weekday() > 4 or due(period, start=start).on > due_on:
        start -= timedelta(days=1)
    return start
