"""Proposals: the list with its filter, the list as data, the page of one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from ..choices import filter_choices
from ..demo import is_demo
from ..exports import csv_response, json_response
from ..filters import ProposalFilter
from ..models import PublicCommitment, PublicProposal, PublicReply
from ..paging import page_of
from ..promises import look_of, tally
from ..timeline import timeline
from ..words import ROLE_WORDS

# The columns of the list as data: keys for programs, words for people.
COLUMNS = {
    "url": _("Address of the page"),
    "assembly": _("Assembly"),
    "session": _("Session"),
    "number": _("Number"),
    "title": _("Title"),
    "topic": _("Topic"),
    "sponsor": _("Proposed by"),
    "departments": _("Department"),
    "status": _("Status"),
    "category": _("Category of the reply"),
    "category_label": _("What the category means"),
    "submitted_on": _("Submitted on"),
    "due_on": _("Reply due on"),
    "replied_on": _("Replied on"),
    "changed_on": _("Last change"),
    "replies": _("Replies"),
    "measures": _("Measures"),
    "promises": _("Promises"),
}


def filtered(request: HttpRequest, today: date) -> ProposalFilter:
    rows = PublicProposal.objects.select_related("assembly", "session").defer("document")
    return ProposalFilter(request.GET, rows, choices=filter_choices(), today=today)


@require_safe
def proposal_list(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    asked = filtered(request, today)
    page = page_of(asked.qs, request.GET.get("page", ""))
    return render(
        request,
        "public/proposal_list.html",
        {
            "today": today,
            "section": "proposals",
            "filter": asked,
            "fields": asked.fields(),
            "page": page,
            "is_demo": is_demo([row.assembly for row in page.rows]),
        },
    )


@require_safe
def proposals_csv(request: HttpRequest) -> HttpResponseBase:
    return csv_response("proposals", COLUMNS.values(), _data(request, in_words=True))


@require_safe
def proposals_json(request: HttpRequest) -> HttpResponseBase:
    return json_response(COLUMNS, _data(request, in_words=False))


def _data(request: HttpRequest, *, in_words: bool) -> Iterator[list[Any]]:
    rows: QuerySet[PublicProposal] = filtered(request, timezone.localdate()).qs
    for row in rows.iterator(chunk_size=500):
        yield [
            request.build_absolute_uri(row.get_absolute_url()),
            row.assembly.name,
            row.session.label,
            row.number,
            row.title,
            row.topic,
            row.sponsor,
            row.lead,
            row.get_status_display() if in_words else row.status,
            row.category,
            row.category_label,
            row.submitted_on,
            row.due_on,
            row.replied_on,
            row.changed_on,
            row.reply_count,
            row.measure_count,
            row.commitment_count,
        ]


def published(
    assembly: str, session: str, number: str
) -> tuple[PublicProposal, list[PublicReply], list[PublicCommitment]]:
    """A proposal with its letters, the newest round first, and all their promises; or 404."""
    row = (
        PublicProposal.objects.select_related("assembly", "session")
        .filter(path=f"{assembly}/{session}/{number}")
        .first()
    )
    if row is None:
        raise Http404
    replies = list(
        PublicReply.objects.filter(proposal=row, is_current=True)
        .select_related("department")
        .defer("text", "department__document")
        .order_by("-round", "key")
    )
    for reply in replies:
        reply.proposal = row
    promises = list(
        PublicCommitment.objects.filter(reply__proposal=row)
        .defer("document")
        .order_by("reply__round", "reply__key", "number")
    )
    return row, replies, promises


@require_safe
def proposal(request: HttpRequest, assembly: str, session: str, number: str) -> HttpResponse:
    today = timezone.localdate()
    row, replies, promises = published(assembly, session, number)
    looks: dict[int, list[str]] = {}
    for promise in promises:
        look = look_of(promise.state, promise.due_on, today=today)
        looks.setdefault(promise.reply_id, []).append(look)
    document = row.document
    return render(
        request,
        "public/proposal.html",
        {
            "today": today,
            "section": "proposals",
            "assembly": row.assembly,
            "proposal": row,
            "document": document,
            "answers": [(reply, tally(looks.get(reply.pk, ()))) for reply in replies],
            "tally": tally(look for each in looks.values() for look in each),
            "moments": timeline(row, replies, promises, today=today),
            "roles": _by_role(document.get("departments", [])),
            "ratings": _ratings(document.get("ratings", []), replies),
        },
    )


def _by_role(departments: list[dict[str, Any]]) -> list[tuple[Any, list[dict[str, Any]]]]:
    groups = (
        (word, [department for department in departments if department["role"] == role])
        for role, word in ROLE_WORDS.items()
    )
    return [(word, group) for word, group in groups if group]


def _ratings(ratings: list[dict[str, Any]], replies: list[PublicReply]) -> list[dict[str, Any]]:
    by_key = {reply.key: reply for reply in replies}
    return [
        {
            **rating,
            "reply": by_key[rating["reply"]],
            "on": date.fromisoformat(rating["on"]) if rating["on"] else None,
        }
        for rating in ratings
        if rating["reply"] in by_key
    ]
