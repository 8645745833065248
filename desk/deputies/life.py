"""A proposal's life as its deputies read it: told from the trail, as far as it is open to them.

The public's life is told from what is published (`public.timeline`); this one from Event rows that
the gate lets through. Reasons that were weighed inside are not repeated, nor what another deputy
has said: own words come from own rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from proposals.models import Assignment, Contact, Event, Feedback, Proposal
from proposals.registering import Ground
from public.promises import STATE_WORDS, as_date
from public.timeline import Line, Moment
from public.words import ROLE_WORDS, joined, round_words

Kind = Event.Kind
# What other deputies say is theirs: of ratings and questions only the own rows are read.
OTHERS = (Kind.RATED, Kind.NOT_RATED, Kind.PROMISE_ASKED, Kind.PROMISE_UNANSWERED)
NEWS = tuple(kind for kind in Event.OPEN_TO_DEPUTIES if kind not in OTHERS)
# Told in one moment where they happened on one day.
_TOGETHER = (
    Kind.ASSIGNED,
    Kind.ACKNOWLEDGED,
    Kind.PROMISE_UPDATED,
    Kind.COSIGNER_ASKED,
    Kind.COSIGNED,
    Kind.COSIGNING_ENDED,
    Kind.REHANDLING,
)
# What comes of a rating, often on its day: it stands after it.
_OUTCOMES = (Kind.REHANDLING, Kind.ESCALATED, Kind.CLOSED)


def life_of(
    user: Any,
    proposal: Proposal,
    *,
    parts: Iterable[Assignment],
    ratings: Iterable[Feedback],
    today: date,
) -> list[Moment]:
    """Everything that has happened, and when what is awaited is due, in order.

    `ratings` are the deputy's own, nobody else's.
    """
    rows = Event.objects.visible_to(user).filter(proposal=proposal, kind__in=NEWS)
    groups: dict[tuple[Any, ...], list[Event]] = {}
    for event in rows.select_related("department", "reply__proposal").order_by("on", "pk"):
        groups.setdefault(_group(event), []).append(event)
    told: list[Moment] = []
    outcomes: list[Moment] = []
    for events in groups.values():
        (outcomes if events[0].kind in _OUTCOMES else told).append(_moment(events))
    moments = [*told, *_own_ratings(ratings), *outcomes, *_dues(parts, today=today)]
    return sorted(moments, key=lambda moment: moment.on)


def _group(event: Event) -> tuple[Any, ...]:
    if event.kind in _TOGETHER:
        return (event.on, event.kind, event.reply_id)
    return (event.pk,)


def _moment(events: Sequence[Event]) -> Moment:
    first = events[0]
    lines = _LINES.get(first.kind, _departments)(events)
    return Moment(first.on, _title(first), lines, _url(first))


def _title(event: Event) -> str:
    if event.kind == Kind.REPLY_SENT and event.reply:
        return _("%(round)s: reply") % {"round": round_words(event.reply.round)}
    if event.kind == Kind.REHANDLING:
        return _("To be handled again")
    return str(event.get_kind_display())


def _url(event: Event) -> str:
    """The letter that it is about, where the deputy can read it: all but drafts."""
    if event.reply is None or event.kind in (Kind.RATED, Kind.REHANDLING):
        return ""
    return reverse("desk:letter", args=[event.reply.proposal.key, event.reply.key])


def _departments(events: Sequence[Event]) -> list[Line]:
    names = list(dict.fromkeys(str(event.department) for event in events if event.department))
    return [Line(joined(names))] if names else []


def _roles(events: Sequence[Event]) -> list[Line]:
    by_role: dict[str, list[str]] = {}
    for event in events:
        by_role.setdefault(str(event.details.get("role", "")), []).append(str(event.department))
    return [
        Line(_("%(role)s: %(names)s") % {"role": ROLE_WORDS[role], "names": joined(names)})
        for role, names in by_role.items()
        if role in ROLE_WORDS
    ] or _departments(events)


def _promises(events: Sequence[Event]) -> list[Line]:
    lines = []
    for event in events:
        number, state = event.details.get("commitment"), event.details.get("state", "")
        facts = {"number": number, "state": STATE_WORDS.get(state, state)}
        lines.append(Line(_("Promise %(number)s: %(state)s") % facts, f"{_url(event)}#c{number}"))
    return lines


def _until(events: Sequence[Event]) -> list[Line]:
    until = as_date(events[0].details.get("until"))
    said = [Line(_("New date: %(day)s") % {"day": date_format(until)})] if until else []
    return [*_departments(events), *said]


def _sent_back(events: Sequence[Event]) -> list[Line]:
    """Why it was not taken on: words that the office has written for the deputy."""
    details = events[0].details
    ground, reason = details.get("ground", ""), details.get("reason", "")
    words = [str(Ground(ground).label)] if ground in Ground.values else []
    return [Line(text) for text in (*words, reason) if text]


def sent_back_of(user: Any, proposal: Proposal) -> Moment | None:
    """When and why it was not taken on, as the office has told it."""
    kinds = (Kind.SENT_BACK, Kind.CONVERTED)
    rows = Event.objects.visible_to(user).filter(proposal=proposal, kind__in=kinds)
    last = rows.order_by("on", "pk").last()
    return _moment([last]) if last else None


def _merged(events: Sequence[Event]) -> list[Line]:
    number = events[0].details.get("into")
    return [Line(_("Into No. %(number)s") % {"number": number})] if number else []


def _registered(events: Sequence[Event]) -> list[Line]:
    number = events[0].details.get("number")
    return [Line(_("No. %(number)s") % {"number": number})] if number else []


def _key(events: Sequence[Event]) -> list[Line]:
    details = events[0].details
    return [Line(joined(filter(None, (details.get("committee"), details.get("supervisor")))))]


def _follow_up(events: Sequence[Event]) -> list[Line]:
    said = _("Category now: %(category)s") % {"category": events[0].details.get("category", "")}
    return [Line(said), *_departments(events)]


def _method(events: Sequence[Event]) -> list[Line]:
    method = events[0].details.get("method", "")
    words = [str(Contact.Method(method).label)] if method in Contact.Method.values else []
    return [*_departments(events), *(Line(word) for word in words)]


def _names(events: Sequence[Event]) -> list[Line]:
    names = [str(event.details["deputy"]) for event in events if event.details.get("deputy")]
    return [Line(joined(names))] if names else []


def _nothing(events: Sequence[Event]) -> list[Line]:
    return []


_LINES: dict[str, Callable[[Sequence[Event]], list[Line]]] = {
    Kind.ASSIGNED: _roles,
    Kind.REASSIGNED: _roles,
    Kind.PROMISE_UPDATED: _promises,
    Kind.PROMISE_CONFIRMED: _promises,
    Kind.PROMISE_DISPUTED: _promises,
    Kind.EXTENSION_GRANTED: _until,
    Kind.DEPUTY_TOLD: _until,
    Kind.SENT_BACK: _sent_back,
    Kind.CONVERTED: _sent_back,
    Kind.MERGED: _merged,
    Kind.REGISTERED: _registered,
    Kind.KEY_MARKED: _key,
    Kind.FOLLOW_UP: _follow_up,
    Kind.CONTACTED: _method,
    Kind.COSIGNER_ASKED: _names,
    Kind.COSIGNED: _names,
    Kind.COSIGNING_DECLINED: _names,
    Kind.COSIGNING_ENDED: _names,
    Kind.ESCALATED: _nothing,
}


def _own_ratings(ratings: Iterable[Feedback]) -> list[Moment]:
    """What the deputy has said of its letters."""
    return [
        Moment(
            row.rated_on,
            _("You rated the reply: %(rating)s") % {"rating": row.result_rating.label},
            [Line(str(row.reply.department))],
        )
        for row in ratings
        if row.state == Feedback.State.RETURNED and row.rated_on and row.result_rating
    ]


def _dues(parts: Iterable[Any], *, today: date) -> list[Moment]:
    """When the letters are due that have not come."""
    dues: dict[date, list[str]] = {}
    for part in parts:
        due = part.reply_due_on
        if part.answers and due and not getattr(part, "is_answered", False):
            dues.setdefault(due, []).append(str(part.department))
    return [
        Moment(
            due,
            _("The reply was due and has not come") if due < today else _("Reply due"),
            [Line(joined(names))],
            tone="late" if due < today else "ahead",
        )
        for due, names in dues.items()
    ]
