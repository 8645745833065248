"""Promises: all of them with a filter, the same as data, and the page of one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from ..choices import filter_choices
from ..demo import is_demo
from ..exports import csv_response, json_response
from ..filters import CommitmentFilter
from ..models import PublicCommitment
from ..paging import page_of
from ..promises import LOOKS, STATE_WORDS, standing
from ..sheet import Part, note_of, sheet_of
from ..words import STRENGTH_WORDS

# The columns of the list as data: keys for programs, words for people.
COLUMNS = {
    "url": _("Address of the page"),
    "letter": _("Address of the sentence in the letter"),
    "assembly": _("Assembly"),
    "session": _("Session"),
    "proposal": _("Number of the proposal"),
    "number": _("Number of the promise"),
    "text": _("Text of the promise"),
    "department": _("Department that keeps it"),
    "supporting": _("Supported by"),
    "printed": _("Departments as the letter prints them"),
    "due_text": _("Date in the letter"),
    "due_on": _("Counted as due on"),
    "strength": _("How firm its words are"),
    "state": _("State"),
    "overdue": _("Overdue"),
    "kept_on": _("Reported kept on"),
    "changed_on": _("Last change"),
}


def filtered(request: HttpRequest, today: date) -> CommitmentFilter:
    rows = (
        PublicCommitment.objects.select_related(
            "department", "reply__proposal__assembly", "reply__proposal__session"
        )
        .defer(
            "department__document", "reply__document", "reply__text", "reply__proposal__document"
        )
        .order_by("-changed_on", "name")
    )
    return CommitmentFilter(request.GET, rows, choices=filter_choices(), today=today)


@require_safe
def commitment_list(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    asked = filtered(request, today)
    page = page_of(asked.qs.defer("document"), request.GET.get("page", ""))
    return render(
        request,
        "public/commitment_list.html",
        {
            "today": today,
            "section": "commitments",
            "filter": asked,
            "fields": asked.fields(),
            "page": page,
            "rows": [
                (row, standing(row.state, row.due_on, today=today, countdown=True))
                for row in page.rows
            ],
            "is_demo": is_demo([row.reply.proposal.assembly for row in page.rows]),
        },
    )


@require_safe
def commitments_csv(request: HttpRequest) -> HttpResponseBase:
    return csv_response("commitments", COLUMNS.values(), _data(request, in_words=True))


@require_safe
def commitments_json(request: HttpRequest) -> HttpResponseBase:
    return json_response(COLUMNS, _data(request, in_words=False))


def _data(request: HttpRequest, *, in_words: bool) -> Iterator[list[Any]]:
    today = timezone.localdate()
    for row in filtered(request, today).qs.iterator(chunk_size=500):
        proposal = row.reply.proposal
        supporting = [department["name"] for department in row.document.get("supporting", [])]
        printed = row.document.get("printed_departments", [])
        letter = f"{row.reply.get_absolute_url()}#c{row.number}"
        yield [
            request.build_absolute_uri(row.get_absolute_url()),
            request.build_absolute_uri(letter),
            proposal.assembly.name,
            proposal.session.label,
            proposal.number,
            row.number,
            row.text,
            row.department.name,
            "、".join(supporting) if in_words else supporting,
            "、".join(printed) if in_words else printed,
            row.due_text,
            row.due_on,
            STRENGTH_WORDS.get(row.strength, row.strength) if in_words else row.strength,
            STATE_WORDS.get(row.state, row.state) if in_words else row.state,
            _overdue(row, today) if in_words else row.is_overdue(on=today),
            row.kept_on,
            row.changed_on,
        ]


def _overdue(row: PublicCommitment, today: date) -> str:
    return str(LOOKS["overdue"]) if row.is_overdue(on=today) else ""


@require_safe
def commitment(request: HttpRequest, name: str) -> HttpResponse:
    today = timezone.localdate()
    row = get_object_or_404(
        PublicCommitment.objects.select_related(
            "department",
            "reply__department",
            "reply__proposal__assembly",
            "reply__proposal__session",
        ).defer("reply__proposal__document"),
        pk=name,
    )
    proposal = row.reply.proposal
    parts = sheet_of(row.reply.document, [row], today=today).parts
    context = next((part for part in parts if part.notes), None)
    return render(
        request,
        "public/commitment.html",
        {
            "today": today,
            "section": "commitments",
            "assembly": proposal.assembly,
            "proposal": proposal,
            "reply": row.reply,
            "promise": row,
            "standing": standing(row.state, row.due_on, today=today),
            "note": note_of(row, today=today),
            "context": context,
            "heading": _heading_above(context, row),
            "supporting": row.document.get("supporting", []),
            "unknown": row.document.get("unknown_departments", []),
            "strength": STRENGTH_WORDS.get(row.strength, row.strength),
        },
    )


def _heading_above(context: Part | None, promise: PublicCommitment) -> str:
    """The heading over the paragraph; none where the paragraph itself begins with it."""
    heading = promise.document.get("heading", "")
    text = "".join(run["text"] for run in context.runs) if context else ""
    return "" if text.lstrip().startswith(heading) else heading
