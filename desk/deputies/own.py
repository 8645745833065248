"""A deputy's own proposals as a list: as lead sponsor or as co-sponsor, filtered, twenty a page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
    Window,
)
from django.http import QueryDict

from access.sight import person_of
from assemblies.models import HandlingRules, Session
from assemblies.thresholds import Thresholds
from desk.deputies.life import NEWS
from desk.deputies.standing import GROUPS, Standing, standing_of
from measures.models import Commitment
from proposals.models import Assignment, Event, Proposal, Reply, Sponsorship
from proposals.owing import letters_of, sent_along

PAGE = 20
NUMBER = re.compile(r"[1-9][0-9]{0,4}")
LEAD, CO_SPONSOR = Sponsorship.Role.LEAD, Sponsorship.Role.CO_SPONSOR
# The name under which the address has them.
TABS = {"lead": LEAD, "co": CO_SPONSOR}

Promises = list[tuple[str, str | None]]


@dataclass(frozen=True)
class Sessions:
    """The sessions in which the deputy stands under proposals, and how many there are."""

    rows: Sequence[Any]
    lead: int
    co: int
    at: Thresholds


@dataclass(frozen=True)
class Asked:
    """What of the list is wanted: which of the two, which session, which states, which words."""

    tab: str
    session: int | None
    group: str
    words: str
    page: int

    @property
    def is_narrowed(self) -> bool:
        return bool(self.session or self.group or self.words)


@dataclass(frozen=True)
class Own:
    """One proposal of the list; `promises` are those of its letters."""

    proposal: Proposal
    standing: Standing
    handlers: list[Assignment]
    promises: Promises
    has_letter: bool
    news: str
    news_on: date | None


@dataclass(frozen=True)
class Page:
    """Twenty of them; numbers are those that the reader counts by."""

    rows: list[Own]
    number: int
    count: int

    @property
    def count_text(self) -> str:
        return f"{self.count:,}"

    @property
    def first(self) -> int:
        return (self.number - 1) * PAGE + 1

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1

    @property
    def previous_number(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next_number(self) -> int | None:
        return self.number + 1 if self.last < self.count else None

    capped = False


def sessions_of(user: Any, *, on: date) -> Sessions:
    """The deputy's sessions, the newest first, with the lights of the rules in force."""
    rules = HandlingRules.objects.valid(on=on).filter(assembly=OuterRef("assembly"))
    role = "proposals__sponsorships__role"
    rows = list(
        Session.objects.visible_to(user)
        .filter(proposals__sponsorships__in=_names(user).order_by())
        .select_related("assembly")
        .annotate(
            lead=Count("proposals", filter=Q(**{role: LEAD})),
            co=Count("proposals", filter=Q(**{role: CO_SPONSOR})),
            yellow=Subquery(rules.values("yellow_days")[:1]),
            red=Subquery(rules.values("red_days")[:1]),
        )
        .order_by("-opens_on", "-pk")
    )
    dated = next((row for row in rows if row.yellow is not None), None)
    at = Thresholds(dated.yellow, dated.red) if dated else Thresholds()
    lead, co = sum(row.lead for row in rows), sum(row.co for row in rows)
    return Sessions(rows, lead, co, at)


def asked_of(query: QueryDict, sessions: Sessions) -> Asked:
    """What the address asks for; what it cannot mean is left out."""
    groups = {name for name, _word, _states in GROUPS}
    known = {str(row.pk): row.pk for row in sessions.rows}
    tab = query.get("as", "")
    page = query.get("page", "")
    return Asked(
        tab=tab if tab in TABS else "lead" if sessions.lead or not sessions.co else "co",
        session=known.get(query.get("session", "")),
        group=query.get("state", "") if query.get("state") in groups else "",
        words=query.get("q", "").replace("\0", "").strip()[:100],
        page=int(page) if NUMBER.fullmatch(page) else 1,
    )


def page_of(user: Any, asked: Asked, *, on: date, at: Thresholds) -> Page:
    """That page of the list; of one beyond its end, nothing."""
    start = (asked.page - 1) * PAGE
    rows = list(_wanted(user, asked)[start : start + PAGE])
    promises = _promises(user, [row.pk for row in rows]) if rows else {}
    own = [_own(row, promises.get(row.pk, []), on=on, at=at) for row in rows]
    return Page(own, asked.page, rows[0].total if rows else 0)


def _names(user: Any) -> QuerySet:
    """Where the deputy's name stands: not where it was only asked for."""
    return Sponsorship.objects.standing().filter(deputy=person_of(user).deputy)


def _wanted(user: Any, asked: Asked) -> QuerySet:
    names = _names(user).filter(role=TABS[asked.tab]).order_by()
    rows = Proposal.objects.visible_to(user).filter(pk__in=names.values("proposal"))
    if asked.session:
        rows = rows.filter(session=asked.session)
    if asked.group:
        states = {name: states for name, _word, states in GROUPS}
        rows = rows.filter(state__in=states[asked.group])
    for word in asked.words.split():
        rows = rows.filter(Q(title__icontains=word) | Q(number__icontains=word))
    rows = rows.order_by(F("submitted_on").desc(nulls_first=True), "-pk")
    return _told(user, rows).prefetch_related(
        Prefetch("assignments", queryset=_parts(user), to_attr="present_parts")
    )


def _told(user: Any, rows: QuerySet) -> QuerySet:
    """With the day of the last letter, the newest news, and how many there are in all."""
    sent = Reply.objects.filter(state=Reply.State.SENT)
    own = sent.filter(proposal=OuterRef("pk")).order_by("-sent_on")
    along = sent.filter(also_answers=OuterRef("pk")).order_by("-sent_on")
    news = Event.objects.visible_to(user).filter(proposal=OuterRef("pk"), kind__in=NEWS)
    newest = news.order_by("-on", "-pk")
    return (
        rows.select_related("session")
        .defer("reason", "request")
        .annotate(
            replied_on=Subquery(own.values("sent_on")[:1]),
            answered_on=Subquery(along.values("sent_on")[:1]),
            news=Subquery(newest.values("kind")[:1]),
            news_on=Subquery(newest.values("on")[:1]),
            total=Window(Count("pk")),
        )
    )


def _parts(user: Any) -> QuerySet:
    rows = Assignment.objects.visible_to(user).present().select_related("department")
    return with_answers(rows)


def with_answers(parts: QuerySet) -> QuerySet:
    """Each part with whether its department has sent the letter of its round (`is_answered`)."""
    sent = letters_of().filter(state=Reply.State.SENT)
    is_answered = Case(
        When(Exists(sent) | Exists(sent_along()), then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )
    return parts.annotate(is_answered=is_answered).order_by("role", "pk")


def _promises(user: Any, keys: list[int]) -> dict[int, Promises]:
    """The promises of every letter that answers these proposals, in one query."""
    seen = Commitment.objects.visible_to(user).order_by()
    columns = ("state", "due_on")
    own = seen.filter(reply__proposal__in=keys).values_list("reply__proposal", *columns)
    along = seen.filter(reply__also_answers__in=keys).values_list("reply__also_answers", *columns)
    found: dict[int, Promises] = {}
    for key, state, due_on in own.union(along, all=True):
        found.setdefault(key, []).append((state, due_on.isoformat() if due_on else None))
    return found


def _own(row: Any, promises: Promises, *, on: date, at: Thresholds) -> Own:
    replied_on = max((day for day in (row.replied_on, row.answered_on) if day), default=None)
    standing = standing_of(row, row.present_parts, replied_on=replied_on, on=on, at=at)
    return Own(
        proposal=row,
        standing=standing,
        handlers=[part for part in row.present_parts if part.answers],
        promises=promises,
        has_letter=replied_on is not None,
        news=str(Event.Kind(row.news).label) if row.news else "",
        news_on=row.news_on,
    )
