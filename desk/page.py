"""The desk of one person: what the admin's index shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.db.models import IntegerField, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from access.sight import Person, Sighted, person_of
from assemblies.thresholds import thresholds
from clerkadmin.lights import YELLOW_DAYS
from clerkadmin.moves import DESK, FROM
from desk import waiting
from desk.kinds import Kind
from desk.lateness import Lateness, lateness, sees_departments
from desk.setup import cares_of
from desk.waiting import Row, Waiting
from intake.models import LetterDraft
from measures.models import Commitment
from proposals.models import Assignment, CoHandlingOpinion, Proposal, Reply

# The lists that are counted, and up to which number.
COUNTED_LISTS: tuple[type[Sighted], ...] = (
    Proposal,
    Assignment,
    CoHandlingOpinion,
    Reply,
    Commitment,
    LetterDraft,
)
COUNTED = 1000
# Those that stand open; the others are folded.
MAIN_LISTS = {
    *(model._meta.label_lower for model in COUNTED_LISTS),
    "proposals.event",
    "auth.user",
    "departments.department",
    "departments.clerk",
    "assemblies.handlingrules",
    "assemblies.holidayyear",
}
RECENT = 8


@dataclass(frozen=True)
class Line:
    """A row of the desk with its addresses."""

    row: Row
    url: str
    subject_url: str


@dataclass(frozen=True)
class Section:
    """Rows of one urgency."""

    name: str
    title: str
    lines: list[Line]


@dataclass(frozen=True)
class Counted:
    """How many rows of a list the person sees; `is_capped`: that many or more."""

    count: int
    is_capped: bool


def desk_of(user: Any, *, on: date) -> dict[str, Any]:
    """Everything that the desk shows to that person on that day."""
    lights = thresholds(on=on)
    waits = waiting.waiting_for(user, on=on, lights=lights)
    yellow = max((at.yellow for at in lights.values()), default=YELLOW_DAYS)
    follows = sees_departments(user)
    person = person_of(user)
    return {
        "today": on,
        "waiting": waits,
        "headline": headline(waits),
        "sections": _sections(waits, yellow_days=yellow),
        "more": [(more, list_url(more.kind)) for more in waits.more],
        "cares": cares_of(user, on=on),
        "departments": _departments(user, on=on) if follows else [],
        "may_urge": person.may("proposals.assignment", "nudge"),
        "sees_opinions": person.may("proposals.cohandlingopinion", "view"),
        "counts": counts_of(user),
        "recent": recent_of(user),
        "read_url": _read_url(person),
        "invite_url": _invite_url(person),
    }


def headline(waits: Waiting) -> str:
    """How much waits, and how much of that is late or nearly."""
    if not waits.count:
        return _("Nothing waits for you.")
    count = f"{waits.count}+" if waits.is_capped else str(waits.count)
    parts = [_("%(count)s in all") % {"count": count}]
    if waits.overdue:
        parts.append(_("%(count)s of them overdue") % {"count": waits.overdue})
    if waits.soon:
        parts.append(_("%(count)s due within three days") % {"count": waits.soon})
    return _(", ").join(parts) + _(".")


def _sections(waits: Waiting, *, yellow_days: int) -> list[Section]:
    titles = {
        waiting.NOW: _("First of all"),
        waiting.SOON_SECTION: _("Within %(days)s days") % {"days": yellow_days},
        waiting.LATER: _("No hurry"),
        waiting.UNDATED: _("Without a date"),
    }
    sections = [
        Section(name, title, [_line(row) for row in waits.section(name)])
        for name, title in titles.items()
    ]
    return [section for section in sections if section.lines]


def _line(row: Row) -> Line:
    url = action_url(row)
    if row.kind.view in ("message", "letter"):
        return Line(row, url, url)
    if row.said or row.proposal is None:
        return Line(row, url, _page(row.kind.model, row.pk))
    life = reverse("admin:proposals_proposal_timeline", args=[row.proposal])
    return Line(row, url, life)


def action_url(row: Row) -> str:
    """The page on which it is done."""
    kind = row.kind
    model = kind.leads_to or kind.model
    if kind.does:
        return move_url(model, kind.does, [row.target])
    if kind.view == "reply_for":
        facts = {"proposal": row.proposal, "department": row.who}
        return f"{reverse('admin:proposals_reply_add')}?{urlencode(facts)}"
    if kind.view == "message":
        return reverse("admin:notifications_message_read", args=[row.pk])
    if kind.view == "letter":
        return reverse("admin:intake_letterdraft_review", args=[row.who])
    return _page(model, row.target)


def move_url(model: type[Any], name: str, keys: Sequence[int]) -> str:
    """The page of a move with these rows, which leads back to the desk."""
    address = reverse(f"admin:{_admin_name(model)}_move", args=[name])
    facts = {"ids": ",".join(str(key) for key in keys), FROM: DESK}
    return f"{address}?{urlencode(facts, safe=',')}"


def list_url(kind: Kind) -> str:
    """The list of a kind, filtered where it can be."""
    address = _list(kind.model)
    return f"{address}?{kind.query}" if kind.query else address


def _read_url(person: Person) -> str:
    """Where letters are read in, for who may."""
    may = person.may("intake.letterdraft", "read")
    return reverse("admin:intake_letterdraft_read") if may else ""


def _invite_url(person: Person) -> str:
    """Where deputies are invited to open their accounts, for who may."""
    may = person.may("accounts.invitation", "add")
    return reverse("admin:accounts_invitation_add") if may else ""


def _admin_name(model: type[Any]) -> str:
    return str(model._meta.label_lower).replace(".", "_")


def _page(model: type[Any], key: int) -> str:
    return reverse(f"admin:{_admin_name(model)}_change", args=[key])


def _departments(user: Any, *, on: date) -> list[dict[str, Any]]:
    """Each department with the lists of what it owes, and the move that urges it."""
    may_urge = person_of(user).may("proposals.assignment", "nudge")
    return [_department(row, may_urge=may_urge) for row in lateness(user, on=on)]


def _department(row: Lateness, *, may_urge: bool) -> dict[str, Any]:
    parts, opinions = _list(Assignment), _list(CoHandlingOpinion)
    of = {"of": row.department}
    urls = {
        "open": f"{parts}?{urlencode({'owed': 'open', **of})}",
        "replies": f"{parts}?{urlencode({'owed': 'late', **of})}",
        "in_time": f"{parts}?{urlencode({'owed': 'in_time', **of})}",
        "answered": f"{parts}?{urlencode({'owed': 'answered', **of})}",
        "opinions": f"{opinions}?{urlencode({'owed': 'late', **of})}",
        "promises": f"{_list(Commitment)}?{urlencode({'due': 'overdue', **of})}",
    }
    urge = reverse("admin:urge", args=[row.department]) if may_urge and row.overdue else ""
    return {"row": row, "urls": urls, "urge": urge}


def _list(model: type[Any]) -> str:
    return reverse(f"admin:{_admin_name(model)}_changelist")


class CountOf(Subquery):
    """How many rows a query has: a value of its own, that no plan can ask for again and again.

    `WHERE id IN (… LIMIT …)` was asked anew for every row by PostgreSQL on tables it had no
    statistics of yet.
    """

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def counts_of(user: Any) -> dict[str, Counted]:
    """How many rows of the main lists the person sees, in one query; counted up to a number."""
    person = person_of(user)
    names = [model._meta.label_lower for model in COUNTED_LISTS]
    seen = {
        f"of_{place}": _count(model, user)
        for place, model in enumerate(COUNTED_LISTS)
        if person.may(names[place], "view")
    }
    if not seen:
        return {}
    # Any one row carries the counts: the person's own account.
    found = get_user_model().objects.filter(pk=user.pk).annotate(**seen).values(*seen).get()
    return {
        names[int(place.removeprefix("of_"))]: Counted(min(count, COUNTED), count > COUNTED)
        for place, count in found.items()
    }


def _count(model: type[Any], user: Any) -> CountOf:
    return CountOf(model.objects.visible_to(user).order_by().values("pk")[: COUNTED + 1])


def lists_of(rooms: Sequence[dict[str, Any]], counts: dict[str, Counted]) -> dict[str, Any]:
    """The lists of the admin: the main ones with counts, the rest by room."""
    main: list[dict[str, Any]] = []
    others: list[dict[str, Any]] = []
    for room in rooms:
        rest: list[dict[str, Any]] = []
        for row in room["models"]:
            name = row["model"]._meta.label_lower
            found = {"name": row["name"], "url": row["admin_url"], "counted": counts.get(name)}
            if row["admin_url"]:
                (main if name in MAIN_LISTS else rest).append(found)
        if rest:
            others.append({"name": room["name"], "lists": rest})
    return {"main_lists": main, "rooms": others}


def recent_of(user: Any) -> list[LogEntry]:
    """What the person did last in the admin."""
    entries = LogEntry.objects.filter(user=user).select_related("content_type")
    return list(entries.order_by("-action_time", "-pk")[:RECENT])
