"""At which desks somebody works: clerks in the admin, deputies at `/desk/`; few at both."""

from __future__ import annotations

from typing import Any

from access.sight import person_of

CLERKS, DEPUTIES = "admin:index", "desk:home"


def desks_of(user: Any) -> list[str]:
    """Their addresses by name; the person begins at the first."""
    person = person_of(user)
    desks = [CLERKS] if user.is_staff and person.is_staff else []
    return [*desks, DEPUTIES] if person.deputy else desks
