"""The one gate: which rows a signed-in person may see, and do something with.

`Proposal.objects.visible_to(user)`, `.editable_by(user)`, `.editable_by(user, "publish")`. What is
not in the table of rights (`access.rights`) is not there for that person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import FilteredRelation, Q

from access.rights import STAFF, Role, Where, roles_of, where

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser

NOTHING = Q(pk__in=())


@dataclass(frozen=True)
class Seat:
    """One role of one person, with the ids of its departments and of their assemblies.

    A deputy's seat has the id of the deputy, and of the assembly.
    """

    role: Role
    departments: frozenset[int]
    assemblies: frozenset[int]
    deputy: int | None = None


@dataclass(frozen=True)
class Person:
    """Somebody who signed in: where they sit. A superuser may do everything."""

    seats: tuple[Seat, ...]
    is_superuser: bool = False
    # The names of the departments that they work in, as lists print them.
    places: tuple[str, ...] = ()

    @property
    def roles(self) -> set[Role]:
        return {seat.role for seat in self.seats}

    @property
    def departments(self) -> frozenset[int]:
        """Every department that the person works in, with those that it has succeeded."""
        return frozenset().union(*(seat.departments for seat in self.seats))

    @property
    def assemblies(self) -> frozenset[int]:
        """Every assembly that an office of the person works for, or in which they are a deputy."""
        return frozenset().union(*(seat.assemblies for seat in self.seats))

    @property
    def is_staff(self) -> bool:
        """Whether they work here: the admin is for them, and for nobody else."""
        return self.is_superuser or any(seat.role in STAFF for seat in self.seats)

    @property
    def deputy(self) -> int | None:
        """The id of the deputy that they are, if they are one."""
        return next((seat.deputy for seat in self.seats if seat.deputy), None)

    def may(self, kind: str, right: str) -> bool:
        """Whether there can be a row of that kind (`app.model`) with which they may do that."""
        return self.is_superuser or any(_where(seat.role, kind, right) for seat in self.seats)


@cache
def _where(role: Role, kind: str, right: str) -> tuple[Where, ...]:
    return tuple(where(role, kind, right))


def person_of(user: AbstractBaseUser | AnonymousUser) -> Person:
    """Where that account sits now: read once for each request."""
    person: Person | None = getattr(user, "_person", None)
    if person is None:
        person = _person_of(user)
        user._person = person  # type: ignore[union-attr]
    return person


def sit_as_deputy(user: AbstractBaseUser | AnonymousUser) -> Person:
    """From here on, and for this request, the person is the deputy that they are, nothing else.

    Who works in an office, too, sees and does there what the office may, not in a deputy's name.
    """
    seats = (seat for seat in person_of(user).seats if seat.deputy)
    user._person = Person(tuple(seats))  # type: ignore[union-attr]
    return person_of(user)


def seat_all(users: Iterable[Any]) -> None:
    """Read where all of these people sit in one query: `person_of` then asks no more."""
    waiting = {user.pk: user for user in users if getattr(user, "_person", None) is None}
    if not waiting:
        return
    rows: dict[int, list[Any]] = {key: [] for key in waiting}
    for key, *row in _places_of(next(iter(waiting.values())), waiting):
        rows[key].append(row)
    for key, user in waiting.items():
        user._person = _seated(user, rows[key]) if user.is_active else Person(())


def _person_of(user: Any) -> Person:
    if not user.is_authenticated or not user.is_active:
        return Person(())
    return _seated(user, [row for _key, *row in _places_of(user, [user.pk])])


def _places_of(user: Any, keys: Iterable[int]) -> Iterable[Any]:
    # Departments that were merged into the own one: their promises are now kept there. Two steps
    # back, so that one query tells; and whether they are a deputy, in the same.
    place = FilteredRelation("clerkships", condition=Q(clerkships__is_active=True))
    found = user._meta.default_manager.filter(pk__in=list(keys)).annotate(place=place)
    return found.values_list(
        "pk",
        "place__department__kind",
        "place__reviews",
        "place__department",
        "place__department__predecessors",
        "place__department__predecessors__predecessors",
        "place__department__assemblies",
        "place__department__short_name",
        "place__department__name",
        "deputy",
        "deputy__assembly",
    )


def _seated(user: Any, rows: Iterable[Any]) -> Person:
    places: dict[str, None] = {}
    departments: dict[Role, set[int]] = {}
    assemblies: dict[Role, set[int]] = {}
    deputies: list[Seat] = []
    for kind, reviews, own, before, long_before, assembly, short, name, deputy, of in rows:
        if deputy and not deputies:
            deputies = [Seat(Role.DEPUTY, frozenset(), frozenset([of]), deputy)]
        if kind is None:
            continue
        places[short or name] = None
        for role in roles_of(kind, reviews=reviews):
            departments.setdefault(role, set()).update(
                key for key in (own, before, long_before) if key
            )
            assemblies.setdefault(role, set()).update([assembly] if assembly else [])
    seats = [
        Seat(role, frozenset(departments[role]), frozenset(assemblies[role]))
        for role in Role
        if role in departments
    ]
    return Person((*seats, *deputies), is_superuser=user.is_superuser, places=tuple(places))


class SightedQuerySet(models.QuerySet):
    """Rows that signed-in people see through the gate, and no other way."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Those that the person may see."""
        return self.editable_by(user, "view")

    def editable_by(self, user: AbstractBaseUser | AnonymousUser, right: str = "change") -> Self:
        """Those that the person may change, or do that with: a move by its name."""
        person = person_of(user)
        if person.is_superuser:
            return self.all()
        return self.filter(_allowed(self.model, person.seats, right))


def _allowed(model: Any, seats: Iterable[Seat], right: str) -> Q:
    allowed = NOTHING
    for seat in seats:
        for place in _where(seat.role, model._meta.label_lower, right):
            seen = model.sight(place, seat)
            if not seen:
                # Q() means all rows: or-ed with another it would be lost.
                return Q()
            allowed |= seen
    return allowed


class Sighted(models.Model):
    """A kind of row with its gate: `sight` says which rows a seat's right is about.

    Its manager is made from a SightedQuerySet.
    """

    # Fields that choose among rows with which the person may do more than see them: what.
    choosing: ClassVar[Mapping[str, str]] = {}

    class Meta:
        abstract = True

    @classmethod
    def sight(cls, place: Where, seat: Seat) -> Q:
        """The rows of that place; `Q()` is all of them. What is not defined is none."""
        return Q() if place == Where.ALL else NOTHING


def may_choose(user: AbstractBaseUser | AnonymousUser, field: Any) -> SightedQuerySet:
    """The rows that the person may choose in a field that leads to a sighted kind of row."""
    rows: SightedQuerySet = field.remote_field.model._default_manager.all()
    choosing = getattr(field.model, "choosing", {})
    return rows.editable_by(user, choosing.get(field.name, "view"))
