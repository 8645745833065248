"""When the lights change, by the rules in force: many rows of several assemblies at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from assemblies.models import HandlingRules
from clerkadmin.lights import RED_DAYS, YELLOW_DAYS


@dataclass(frozen=True)
class Thresholds:
    """So many days before its date a thing turns yellow, and red."""

    yellow: int = YELLOW_DAYS
    red: int = RED_DAYS


def thresholds(*, on: date) -> dict[int, Thresholds]:
    """Those of each assembly on that day, by its id; one without rules is not there."""
    rules = HandlingRules.objects.valid(on=on)
    found = rules.values_list("assembly", "yellow_days", "red_days")
    # The newest of an assembly comes first, and is written last.
    return {assembly: Thresholds(yellow, red) for assembly, yellow, red in reversed(found)}
