"""The gate, asked for many people at a time: whom one row may be told to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Exists, OuterRef

from access.sight import SightedQuerySet, seat_all

# One question is about so many people: a database reads no statement without end.
AT_ONCE = 50


def who_sees(row: SightedQuerySet, users: Iterable[Any], right: str = "view") -> list[Any]:
    """Those of the people who may see that row, or do that with it: two queries for fifty.

    `row` asks for the one row, such as `Proposal.objects.filter(pk=1)`.
    """
    return [user for some in _batches(users) for user in _who_of(row, some, right)]


def _who_of(row: SightedQuerySet, users: list[Any], right: str) -> list[Any]:
    seat_all(users)
    rows: Any = row.model._default_manager.all()
    asked = {
        f"seen_{place}": Exists(rows.editable_by(user, right).filter(pk=OuterRef("pk")).order_by())
        for place, user in enumerate(users)
    }
    answer = row.order_by("pk").annotate(**asked).values_list(*asked).first()
    return [user for user, is_seen in zip(users, answer or (), strict=False) if is_seen]


def _batches(users: Iterable[Any]) -> Iterator[list[Any]]:
    people = list(users)
    for start in range(0, len(people), AT_ONCE):
        yield people[start : start + AT_ONCE]
