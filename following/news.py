"""What is new in what somebody follows, told from public tables alone.

Each thing that can be told has a mark, made of what a reader sees of it. What has a mark that was
not there at the last telling is news. So nothing is told twice, and what a clerk writes down days
later is told all the same. What is not public any more has no row here, and is not mentioned.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from following.models import Follow
from following.targets import Target, name_of
from public.filters import ProposalFilter
from public.models import (
    PublicCommitment,
    PublicDepartment,
    PublicHandling,
    PublicProposal,
    PublicReply,
    PublicSupport,
)
from public.promises import STATE_WORDS
from public.timeline import timeline
from public.words import unnumbered

# So many lines of one follow are told; the rest is counted and found on its page.
LINES = 20


@dataclass(frozen=True)
class Line:
    """One thing that happened: when, in words, and the page that has more on it."""

    on: date
    words: str
    url: str


@dataclass(frozen=True)
class News:
    """What is new of one follow; `marks` are those of all that is there now."""

    target: Target
    lines: list[Line]
    more: int
    marks: list[str]


@dataclass(frozen=True)
class Since:
    """From when on something is news: of dates not before `on`, without what was told."""

    on: date
    told: frozenset[str]
    today: date


@dataclass
class Found:
    """All marks; how much is new; and the newest lines of it, put into words."""

    marks: list[str]
    new: int
    lines: list[Line]


# What is there, the newest first: its mark, and how its line is put together.
Marked = Iterator[tuple[str, Callable[[], Line]]]


def news_of(target: Target, *, since: Since) -> News:
    found = FOUND[target.kind](target, since)
    lines = sorted(found.lines, key=lambda line: line.on, reverse=True)[:LINES]
    return News(target, lines, found.new - len(lines), found.marks)


def _of_proposal(target: Target, since: Since) -> Found:
    """The moments of its life, each as its page tells it."""
    proposal = target.row
    assert isinstance(proposal, PublicProposal)
    document = proposal.document
    marks: list[str] = []
    new: dict[str, list[dict[str, Any]]] = {"life": [], "ratings": []}
    for part, items in new.items():
        for item in document.get(part, []):
            # A rating is told once: as it is in the table of ratings.
            if item.get("kind") == "rated" or (item["on"] or "") < since.on.isoformat():
                continue
            mark = _mark(part, item)
            marks.append(mark)
            if mark not in since.told:
                items.append(item)
    lines = _moments(proposal, new, today=since.today)
    return Found(marks, len(lines), lines)


def _moments(
    proposal: PublicProposal, new: dict[str, list[dict[str, Any]]], *, today: date
) -> list[Line]:
    if not any(new.values()):
        return []
    replies = list(
        PublicReply.objects.filter(proposal=proposal, is_current=True)
        .select_related("department")
        .defer("text", "document", "department__document")
    )
    for reply in replies:
        reply.proposal = proposal
    # The words of the page for these moments, without due dates: those are no news.
    only_new = PublicProposal(path=proposal.path, document=new)
    lines = []
    for moment in timeline(only_new, replies, (), today=today):
        said = " · ".join(line.text for line in moment.lines)
        words = _("%(title)s: %(said)s") % {"title": moment.title, "said": said}
        url = moment.url or next((line.url for line in moment.lines if line.url), "")
        lines.append(
            Line(moment.on, words if said else moment.title, url or proposal.get_absolute_url())
        )
    return lines


def _of_department(target: Target, since: Since) -> Found:
    """Its proposals that have changed, then the promises that it keeps or supports."""
    department = target.row
    assert isinstance(department, PublicDepartment)
    handled = PublicHandling.objects.filter(department=department)
    proposals = (
        PublicProposal.objects.filter(Exists(handled.filter(proposal=OuterRef("pk"))))
        .select_related("session")
        .defer("document")
    )
    supports = PublicSupport.objects.filter(commitment=OuterRef("pk"), department=department)
    promises = (
        PublicCommitment.objects.filter(Q(department=department) | Exists(supports))
        # Those of a new reply to a proposal of its own come with the proposal.
        .exclude(Exists(handled.filter(proposal=OuterRef("reply__proposal"))), state="recorded")
        .defer("document")
    )
    return _apart(since, _changed(proposals, since), _moved(promises, since))


def _of_search(target: Target, since: Since) -> Found:
    assert isinstance(target.row, ProposalFilter)
    return _apart(since, _changed(target.row.qs, since))


def _changed(proposals: QuerySet[PublicProposal], since: Since) -> Marked:
    """The proposals that have changed, each with where it stands now."""
    rows = proposals.filter(changed_on__gte=since.on).order_by("-changed_on", "-id")
    for row in rows.iterator(chunk_size=100):
        seen = [row.changed_on, row.status, row.category, row.reply_count, row.due_on, row.promises]
        yield _mark("proposal", [row.path, *seen]), partial(_line_of_proposal, row)


def _line_of_proposal(row: PublicProposal) -> Line:
    facts = {"proposal": name_of(row), "status": row.get_status_display()}
    return Line(row.changed_on, _("%(proposal)s: %(status)s") % facts, row.get_absolute_url())


def _moved(promises: QuerySet[PublicCommitment], since: Since) -> Marked:
    """The promises that have changed, each with how far it is."""
    rows = promises.filter(changed_on__gte=since.on).order_by("-changed_on", "name")
    for row in rows.iterator(chunk_size=100):
        seen = [row.name, row.state, row.due_on, row.changed_on]
        yield _mark("promise", seen), partial(_line_of_promise, row)


def _line_of_promise(row: PublicCommitment) -> Line:
    facts = {"text": unnumbered(row.text), "state": STATE_WORDS.get(row.state, row.state)}
    words = _("Promise “%(text)s”: %(state)s") % facts
    return Line(row.changed_on, words, row.get_absolute_url())


def _apart(since: Since, *sources: Marked) -> Found:
    """What was not told, apart; of each row beyond the lines of a mail, nothing but the mark."""
    found = Found([], 0, [])
    for source in sources:
        room = LINES
        for mark, line_of in source:
            found.marks.append(mark)
            if mark in since.told:
                continue
            found.new += 1
            if room:
                found.lines.append(line_of())
                room -= 1
    return found


def _mark(kind: str, seen: Any) -> str:
    text = json.dumps([kind, seen], sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


FOUND = {
    Follow.Kind.PROPOSAL.value: _of_proposal,
    Follow.Kind.DEPARTMENT.value: _of_department,
    Follow.Kind.SEARCH.value: _of_search,
}
