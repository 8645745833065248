"""What waits for somebody, most urgent first: one query, however much there is.

Of each kind the most urgent rows are fetched, up to a number; what lies beyond is counted as
"more" and found in the list of its kind.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import (
    CharField,
    DateField,
    F,
    Field,
    IntegerField,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import Cast
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from access.sight import person_of
from assemblies.thresholds import Thresholds
from clerkadmin.lights import Light, light
from desk.kinds import KINDS, Kind
from desk.rows import Asked
from measures.models import Commitment, CommitmentFeedback
from proposals.models import Assignment

# So many rows of a kind are shown, and so many are counted.
SHOWN, COUNTED = 20, 100
# Due in so many days: the headline counts these.
SOON = 3
# So many characters of a promise are its title.
SUBJECT = 60

NOW, SOON_SECTION, LATER, UNDATED = "now", "soon", "later", "undated"

# The columns of every kind, in the order of `Waiting.rows`.
COLUMNS: dict[str, Field[Any, Any]] = {
    "kind": CharField(),
    "pk": IntegerField(),
    "target": IntegerField(),
    "due": DateField(),
    "number": CharField(),
    "title": CharField(),
    "proposal": IntegerField(),
    "assembly": IntegerField(),
    "who": CharField(),
    "said": TextField(),
    "since": DateField(),
    "state": CharField(),
    "role": CharField(),
    "round": IntegerField(),
    "unannounced": CharField(),
}


AS_A_RULE = Thresholds()


@dataclass(frozen=True)
class Row:
    """One thing that waits: what it is, since when, and by when."""

    kind: Kind
    pk: int
    target: int
    due: date | None
    number: str
    title: str
    proposal: int | None
    who: str
    said: str
    since: date | None
    state: str
    role: str
    round: int | None
    light: Light | None
    at: Thresholds = AS_A_RULE
    unannounced: str = ""

    @property
    def is_certain(self) -> bool:
        """Whether its date may not move any more with the holidays of a year to come."""
        return not set(self.kind.dated) & set(self.unannounced.split())

    @property
    def is_overdue(self) -> bool:
        return self.light is not None and self.light.is_overdue

    @property
    def section(self) -> str:
        """Where it stands on the desk."""
        if self.light is None:
            return UNDATED
        return {"red": NOW, "yellow": SOON_SECTION}.get(self.light.name, LATER)

    @property
    def subject(self) -> str:
        """What it is about: a promise or a letter in its own words, else the proposal."""
        return Truncator(self.said).chars(SUBJECT) if self.said else self.title

    @property
    def meta(self) -> list[str]:
        """Short facts: the part of the department, the round, the number of a promise."""
        words: list[Any] = [Assignment.Role(self.role).label] if self.role else []
        if self.round and self.kind.model in (Commitment, CommitmentFeedback):
            words.append(_("Promise %(number)s") % {"number": self.round})
        elif self.round and self.round > 1:
            words.append(_("Round %(number)s") % {"number": self.round})
        return [str(word) for word in words]

    @property
    def sentence(self) -> str:
        """What is to be done, and why."""
        return self.kind.sentence(self)


@dataclass(frozen=True)
class More:
    """What of a kind is not shown: so many are counted, `is_capped`: or more."""

    kind: Kind
    count: int
    is_capped: bool


@dataclass(frozen=True)
class Waiting:
    """What waits for one person on one day."""

    rows: tuple[Row, ...]
    more: tuple[More, ...]
    count: int
    overdue: int
    soon: int
    is_capped: bool

    def section(self, name: str) -> list[Row]:
        return [row for row in self.rows if row.section == name]


def waiting_for(user: Any, *, on: date, lights: Mapping[int, Thresholds]) -> Waiting:
    """Everything that waits for that person; `lights` says when they change."""
    asked = Asked(user, person_of(user), on)
    kinds = {kind.name: kind for kind in KINDS if kind.is_for(asked.person)}
    branches = [_most_urgent(kind, asked) for kind in kinds.values()]
    if not branches:
        return Waiting((), (), 0, 0, 0, False)
    found = branches[0].union(*branches[1:], all=True)
    by_kind: dict[str, list[Row]] = {name: [] for name in kinds}
    for values in found:
        row = _row(values, kinds, on=on, lights=lights)
        by_kind[row.kind.name].append(row)
    return _waiting(by_kind.values())


def due_on(
    user: Any, days: Collection[date], *, on: date, lights: Mapping[int, Thresholds]
) -> Iterator[list[Row]]:
    """What waits for that person and is due on one of these days: kind by kind, the first of it."""
    asked = Asked(user, person_of(user), on)
    for kind in KINDS:
        if kind.due is not None and kind.is_for(asked.person):
            found = _most_urgent(kind, asked, days=days)
            rows = [_row(values, {kind.name: kind}, on=on, lights=lights) for values in found]
            yield sorted(rows, key=_urgency)


def _most_urgent(kind: Kind, asked: Asked, *, days: Collection[date] = ()) -> QuerySet:
    """The narrow rows of one kind, one more than are counted; of these days where there are any."""
    rows = kind.rows(asked)
    if kind.due is not None:
        # By name: a subquery in the order itself would lose its way in the query around it.
        rows = rows.annotate(desk_order=kind.due)
        rows = rows.order_by(F("desk_order").asc(nulls_last=True), "pk")
        rows = rows.filter(desk_order__in=days) if days else rows
    else:
        rows = rows.order_by("-pk")
    return _cut(kind, rows, _columns(kind), at=COUNTED + 1)


def _cut(kind: Kind, rows: QuerySet, columns: dict[str, Any], *, at: int) -> QuerySet:
    """The first rows, narrow: as a part of a union where the database can cut one off."""
    if connection.features.supports_slicing_ordering_in_compound:
        return rows.annotate(**columns).values_list(*columns)[:at]
    # Else what the part is about is cut off. PostgreSQL might ask that anew for every row.
    wanted = kind.model._base_manager.filter(pk__in=rows.values("pk")[:at]).order_by()
    return wanted.annotate(**columns).values_list(*columns)


def _columns(kind: Kind) -> dict[str, Any]:
    """What is read of a row of that kind: the same columns for all kinds."""
    of = "" if kind.of == "self" else f"{kind.of}__"
    has_proposal = kind.of != ""
    columns: dict[str, Any] = {
        "kind": Value(kind.name),
        "pk": F("pk"),
        "target": kind.target,
        "due": kind.due,
        "number": F(f"{of}number") if has_proposal else None,
        "title": F(f"{of}title") if has_proposal else None,
        "proposal": F(f"{of}pk") if has_proposal else None,
        "assembly": F(f"{of}session__assembly_id") if has_proposal else None,
        "who": kind.who,
        "said": kind.said,
        "since": kind.since,
        "state": kind.state,
        "role": kind.role,
        "round": kind.round,
        "unannounced": F("unannounced") if kind.dated else None,
    }
    return {
        f"desk_{name}": Cast(Value(None), field) if columns[name] is None else columns[name]
        for name, field in COLUMNS.items()
    }


def _row(
    values: Iterable[Any],
    kinds: Mapping[str, Kind],
    *,
    on: date,
    lights: Mapping[int, Thresholds],
) -> Row:
    facts = dict(zip(COLUMNS, values, strict=True))
    kind, assembly, due = kinds[facts.pop("kind")], facts.pop("assembly"), facts["due"]
    at = lights.get(assembly, AS_A_RULE)
    for name in ("number", "title", "who", "said", "state", "role", "unannounced"):
        facts[name] = facts[name] or ""
    lamp = light(due, on, at.yellow, at.red) if due else None
    return Row(kind=kind, light=lamp, at=at, **facts)


def _waiting(kinds: Iterable[list[Row]]) -> Waiting:
    shown: list[Row] = []
    more: list[More] = []
    counted: list[Row] = []
    is_capped = False
    for rows in kinds:
        rows.sort(key=_urgency)
        shown += rows[:SHOWN]
        counted += rows[:COUNTED]
        is_capped = is_capped or len(rows) > COUNTED
        if len(rows) > SHOWN:
            more.append(More(rows[0].kind, min(len(rows), COUNTED), is_capped=len(rows) > COUNTED))
    days = [row.light.days_left for row in counted if row.light]
    return Waiting(
        rows=tuple(sorted(shown, key=_urgency)),
        more=tuple(more),
        count=len(counted),
        overdue=sum(left < 0 for left in days),
        soon=sum(0 <= left <= SOON for left in days),
        is_capped=is_capped,
    )


def _urgency(row: Row) -> tuple[date, int]:
    """By date; what never has one, the newest first."""
    return (row.due or date.max, -row.pk if row.kind.due is None else row.pk)
