"""Two people on one row: what the other has changed, beside what the second has typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field as default
from datetime import datetime
from typing import Any

from django.db import models

from clerkadmin.recorded import Recorded
from clerkadmin.states import Names, State, label_of, said, state_now, states_of, told_fields
from clerkadmin.texts import Piece, compare

# Of many changes the last are told by name and hour.
MOST_RECORDS = 50


@dataclass
class Difference:
    """One field that another has changed since the form was filled."""

    field: models.Field
    before: Any
    now: Any
    # Whether `before` is known: a row that came in without its history has none.
    is_known: bool = True
    who: str = ""
    when: datetime | None = None
    # What the second has typed; None where the field was left alone.
    mine: str | None = None
    # The field is closed by now: what was typed cannot be saved in it.
    is_locked: bool = False
    words: dict[str, str] = default(default_factory=dict)

    @property
    def name(self) -> str:
        return self.field.name

    @property
    def label(self) -> str:
        return label_of(self.field)

    @property
    def has_changed(self) -> bool:
        return self.is_known and self.before != self.now

    @property
    def theirs(self) -> list[Piece]:
        """The other's value, with what it was before where that is known."""
        before = self.words["before"] if self.is_known else self.words["now"]
        return compare(before, self.words["now"])

    @property
    def own(self) -> list[Piece]:
        """What was typed, compared with what stood there when the form was filled."""
        base = self.words["before"] if self.is_known else self.words["now"]
        return compare(base, self.mine or "")


@dataclass
class Conflict:
    """Why a form was not saved: the row, and every field that another has changed."""

    row: models.Model
    differences: list[Difference]

    @property
    def is_about_mine(self) -> bool:
        return any(difference.mine is not None for difference in self.differences)


def differences_since(row: Recorded, version: int, names: Sequence[str]) -> list[Difference]:
    """What was changed in these fields of the row after that version, and by whom."""
    fields = told_fields(type(row), names)
    records = list(
        row.told_history()
        .filter(version__gte=version)
        .select_related("history_user")
        .order_by("-history_id")[:MOST_RECORDS]
    )
    now = state_now(row, fields)
    states = states_of(records, fields)
    # Links to many are written after the row itself: the last record of a version has them.
    start = next((n for n, record in enumerate(records) if record.version == version), None)
    known = start is not None
    before = states[start] if start is not None else {}
    found = [
        Difference(one, before.get(one.name), now[one.name], is_known=known)
        for one in fields
        if not known or before[one.name] != now[one.name]
    ]
    for difference in found:
        _name_writer(difference, records[: start or len(records)], [*states, before])
    _put_in_words(found)
    return found


def as_they_are(row: Recorded, names: Sequence[str]) -> list[Difference]:
    """Fields that nobody has changed: what was typed in one may have found it closed."""
    fields = told_fields(type(row), names)
    now = state_now(row, fields) if fields else {}
    found = [Difference(one, now[one.name], now[one.name]) for one in fields]
    _put_in_words(found)
    return found


def _name_writer(difference: Difference, records: Sequence[Any], states: Sequence[State]) -> None:
    """Who gave the field the value that it has now: the last record that changed it."""
    for place, record in enumerate(records):
        earlier = states[place + 1] if place + 1 < len(states) else {}
        name = difference.name
        if name not in earlier or earlier[name] != states[place].get(name):
            difference.who = name_of(record.history_user)
            difference.when = record.history_date
            return


def name_of(account: Any) -> str:
    return (account.get_full_name() or account.get_username()) if account else ""


def _put_in_words(found: Sequence[Difference]) -> None:
    names = Names()
    for difference in found:
        names.want(difference.field, difference.before)
        names.want(difference.field, difference.now)
    for difference in found:
        difference.words = {
            "before": said(difference.field, difference.before, names),
            "now": said(difference.field, difference.now, names),
        }
