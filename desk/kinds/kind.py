"""What one kind of thing is that can wait for somebody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, QuerySet
from django.utils.functional import Promise

from access.sight import Person
from desk.rows import Asked


@dataclass(frozen=True, kw_only=True)
class Kind:
    """`rows` are those that wait, through the gate; `due` is the date that makes them urgent.

    `right` says whose desk it can be on; empty: everybody's who works here.
    `dated` are the stored dates that `due` may be: one may still move with the holidays.
    `does` is the move that the button leads to; empty: the row's own page, where it is done.
    `target` is the field with the row that the button leads to, where it is another.
    `others` is the name of the list with all of them, and `query` what it is filtered by.
    """

    name: str
    model: type[Any]
    right: str
    title: str | Promise
    button: str | Promise
    sentence: Callable[[Any], str]
    rows: Callable[[Asked], QuerySet]
    due: Any
    of: str = "proposal"
    dated: tuple[str, ...] = ()
    right_on: type[Any] | None = None
    does: str = ""
    view: str = ""
    target: Any = field(default_factory=lambda: F("pk"))
    leads_to: type[Any] | None = None
    who: Any = None
    said: Any = None
    since: Any = None
    state: Any = None
    role: Any = None
    round: Any = None
    query: str = ""

    def is_for(self, person: Person) -> bool:
        """Whether anything of this kind can wait for that person."""
        return not self.right or person.may(
            (self.right_on or self.model)._meta.label_lower, self.right
        )
