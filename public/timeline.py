"""A proposal's life as a reader sees it: what happened, what is due, what is overdue.

The life in the document tells what happened; due dates are added here because they depend on the
day of reading. A due date without a published reply is stated and not judged: the reply may have
been given and not be public.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .models import OPEN_STATES, PublicCommitment, PublicProposal, PublicReply
from .promises import STATE_WORDS, as_date
from .words import ROLE_WORDS, joined, round_words, unnumbered

PLAIN_KINDS: dict[str, str | Promise] = {
    "submitted": gettext_lazy("Submitted"),
    "registered": gettext_lazy("Registered"),
    "merged": gettext_lazy("Merged with others"),
    "acknowledged": gettext_lazy("Received by the department"),
    "closed": gettext_lazy("Closed"),
}


@dataclass(slots=True)
class Line:
    """One sentence under a moment, with the page that has more on it."""

    text: str
    url: str = ""


@dataclass(slots=True)
class Moment:
    on: date
    title: str
    lines: list[Line] = field(default_factory=list)
    url: str = ""
    tone: str = ""  # "late" or "ahead"; otherwise it has happened
    name: str = ""  # what tells it apart among the moments of its day


def timeline(
    proposal: PublicProposal,
    replies: Sequence[PublicReply],
    commitments: Iterable[PublicCommitment],
    *,
    today: date,
) -> list[Moment]:
    """Every moment of the life, in order. The replies are the current versions."""
    urls = {reply.key: reply.get_absolute_url() for reply in replies}
    rounds = {reply.key: reply.round for reply in replies}
    # Each letter counts its promises from one: where there are several, say which is meant.
    letters = {reply.pk: _letter(reply) for reply in replies} if len(replies) > 1 else {}
    letters_by_key = {reply.key: letters[reply.pk] for reply in replies if letters}
    dues = {
        department["name"]: as_date(department["due_on"])
        for department in proposal.document.get("departments", [])
    }
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for item in proposal.document.get("life", []):
        groups.setdefault(_group_key(item), []).append(item)
    happened = [
        (items, moment)
        for items in groups.values()
        if (moment := _moment(items, urls, rounds)) is not None
    ]
    for items, moment in happened:
        moment.name = "-".join(part for part in (items[0]["kind"], items[0]["reply"]) if part)
        if items[0]["kind"] == "promise_updated":
            moment.lines[:0] = letters_by_key.get(items[0]["reply"], [])
        moment.lines += _due_lines(items, moment.on, dues, rounds)
    moments = [moment for _items, moment in happened]
    moments += _ratings(proposal, rounds)
    moments += _reply_dues(proposal, replies, today=today)
    moments += _promise_dues(commitments, letters, today=today)
    return sorted(moments, key=lambda moment: moment.on)


def _group_key(item: dict[str, Any]) -> tuple[Any, ...]:
    if item["kind"] in ("assigned", "acknowledged"):
        return (item["on"], item["kind"])
    if item["kind"] == "promise_updated":
        return (item["on"], item["kind"], item["reply"])
    return (item["on"], item["kind"], item["reply"], item["department"])


def _moment(
    items: list[dict[str, Any]], urls: dict[str, str], rounds: dict[str, int]
) -> Moment | None:
    first = items[0]
    on, kind, key = date.fromisoformat(first["on"]), first["kind"], first["reply"]
    url = urls.get(key, "")
    if kind in PLAIN_KINDS:
        names = [item["department"] for item in items if item["department"]]
        lines = [Line(joined(names))] if names else []
        return Moment(on, str(PLAIN_KINDS[kind]), lines)
    if kind == "assigned":
        return Moment(on, _("Assigned"), _roles(items))
    if kind == "reply_sent":
        title = _("%(round)s: reply") % {"round": round_words(rounds.get(key, 1))}
        return Moment(on, title, [Line(first["department"])], url)
    if kind == "reply_published":
        return Moment(on, _("Reply published"), [Line(first["department"])])
    if kind == "follow_up":
        title = _("Category now: %(category)s") % {"category": first["state"]}
        return Moment(on, title, [Line(first["department"])])
    if kind == "promise_updated":
        return Moment(on, _("News of the promises"), [_update(item, url) for item in items])
    return None


def _roles(items: list[dict[str, Any]]) -> list[Line]:
    lines = []
    for role, word in ROLE_WORDS.items():
        names = [item["department"] for item in items if item["state"] == role]
        if names:
            lines.append(Line(_("%(role)s: %(names)s") % {"role": word, "names": joined(names)}))
    return lines


def _update(item: dict[str, Any], url: str) -> Line:
    number, state = item["commitment"], item["state"]
    text = _("Promise %(number)s: %(state)s") % {
        "number": number,
        "state": STATE_WORDS.get(state, state),
    }
    return Line(text, f"{url}#c{number}" if url else "")


def _due_lines(
    items: list[dict[str, Any]], on: date, dues: dict[str, date | None], rounds: dict[str, int]
) -> list[Line]:
    """When the reply was due, where it was assigned; by how much a first reply met it."""
    kind = items[0]["kind"]
    due = next((dues[item["department"]] for item in items if dues.get(item["department"])), None)
    if due and kind == "assigned":
        return [Line(_("Reply due by %(day)s") % {"day": date_format(due)})]
    if due and kind == "reply_sent" and rounds.get(items[0]["reply"]) == 1:
        return _met((due - on).days)
    return []


def _met(days: int) -> list[Line]:
    if days > 0:
        return [Line(_("Days before the due date: %(days)s") % {"days": days})]
    if days < 0:
        return [Line(_("Days after the due date: %(days)s") % {"days": -days})]
    return [Line(_("On the due date"))]


def _ratings(proposal: PublicProposal, rounds: dict[str, int]) -> list[Moment]:
    return [
        Moment(
            date.fromisoformat(rating["on"]),
            _("Rated by the deputy: %(rating)s") % {"rating": rating["result"]},
            [
                Line(
                    _("%(round)s, %(name)s")
                    % {
                        "round": round_words(rounds.get(rating["reply"], 1)),
                        "name": rating["deputy"],
                    }
                )
            ],
            name=f"rated-{rating['reply']}",
        )
        for rating in proposal.document.get("ratings", [])
        if rating["on"]
    ]


def _reply_dues(
    proposal: PublicProposal, replies: Sequence[PublicReply], *, today: date
) -> list[Moment]:
    answered = {reply.department_id for reply in replies}
    along = bool(proposal.document.get("answered_along"))
    dues: dict[date, list[str]] = {}
    for department in proposal.document.get("departments", []):
        due = as_date(department["due_on"])
        if due and not along and department["slug"] not in answered:
            dues.setdefault(due, []).append(department["name"])
    moments = []
    for due, names in dues.items():
        lines = [Line(joined(names))]
        if due < today:
            lines.append(Line(_("No reply has been published yet.")))
        moments.append(Moment(due, _("Reply due"), lines, tone="ahead"))
    return moments


def _letter(reply: PublicReply) -> list[Line]:
    names = {"round": round_words(reply.round), "name": reply.department.short_name}
    return [Line(_("%(round)s, %(name)s") % names)]


def _promise_dues(
    commitments: Iterable[PublicCommitment], letters: dict[int, list[Line]], *, today: date
) -> list[Moment]:
    dues: dict[tuple[date, int], list[PublicCommitment]] = {}
    for promise in commitments:
        if promise.due_on and promise.state in OPEN_STATES:
            dues.setdefault((promise.due_on, promise.reply_id), []).append(promise)
    moments = []
    for (due, reply_id), promises in dues.items():
        late = due < today
        title = _("Promises fell due and are not kept") if late else _("Promises fall due")
        lines = [
            *letters.get(reply_id, ()),
            *_promise_lines(promises),
        ]
        moments.append(Moment(due, title, lines, tone="late" if late else "ahead"))
    return moments


def _promise_lines(promises: Iterable[PublicCommitment]) -> list[Line]:
    return [
        Line(
            _("Promise %(number)s: %(text)s")
            % {"number": promise.number, "text": unnumbered(promise.text)},
            promise.get_absolute_url(),
        )
        for promise in promises
    ]


def due_words(promise: PublicCommitment) -> str:
    """By when, as the letter prints it; the date in force where it was moved."""
    moved = any(update["due_on"] for update in promise.document.get("updates", []))
    return due_said(promise.due_text, promise.due_on, is_moved=moved)


def due_said(printed: str, due_on: date | None, *, is_moved: bool) -> str:
    if due_on and (is_moved or not printed):
        day = date_format(due_on)
        if is_moved and printed:
            return _("by %(day)s (in the letter: %(printed)s)") % {"day": day, "printed": printed}
        return _("by %(day)s") % {"day": day}
    return printed or _("The letter names no date")
