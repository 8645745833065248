"""A published reply: its current version, its older versions, and the same as data."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ..models import PublicCommitment, PublicDepartment, PublicReply
from ..promises import look_of, tally
from ..sheet import FIGURES_AT_FIRST, figures_of, sheet_of


def _find(
    assembly: str, session: str, number: str, key: str, version: int | None = None
) -> PublicReply:
    replies = (
        PublicReply.objects.select_related("department", "proposal__assembly", "proposal__session")
        .defer("text", "proposal__document", "department__document")
        .filter(proposal__path=f"{assembly}/{session}/{number}", key=key)
    )
    wanted = replies.filter(is_current=True) if version is None else replies.filter(version=version)
    row = wanted.first()
    if row is None:
        raise Http404
    return row


@require_safe
def reply(request: HttpRequest, assembly: str, session: str, number: str, key: str) -> HttpResponse:
    return _page(request, _find(assembly, session, number, key), is_version=False)


@require_safe
def reply_version(
    request: HttpRequest, assembly: str, session: str, number: str, key: str, version: int
) -> HttpResponse:
    # No database holds a larger number in this column, and SQLite fails on a very large one.
    if version > 32767:
        raise Http404
    return _page(request, _find(assembly, session, number, key, version), is_version=True)


def _page(request: HttpRequest, row: PublicReply, *, is_version: bool) -> HttpResponse:
    today = timezone.localdate()
    proposal = row.proposal
    promises = _promises(row)
    others = list(
        PublicReply.objects.filter(proposal=proposal)
        .select_related("department")
        .defer("document", "text", "department__document")
        .order_by("round", "key", "version")
    )
    for other in others:
        other.proposal = proposal
    figures = figures_of(row.document)
    return render(
        request,
        "public/reply.html",
        {
            "today": today,
            "section": "proposals",
            "assembly": proposal.assembly,
            "proposal": proposal,
            "reply": row,
            "document": row.document,
            "is_version": is_version,
            "current": next((o for o in others if o.key == row.key and o.is_current), row),
            "versions": [other for other in others if other.key == row.key],
            "others": [other for other in others if other.key != row.key and other.is_current],
            "sheet": sheet_of(row.document, promises, today=today),
            "tally": tally(look_of(p.state, p.due_on, today=today) for p in promises),
            "co_handlers": _with_pages(row.document.get("co_handlers", [])),
            "figures": figures[:FIGURES_AT_FIRST],
            "more_figures": figures[FIGURES_AT_FIRST:],
            "json_url": f"{row.get_absolute_url().removesuffix('/')}.json",
            "cited_title": _own_title(row.document),
            "citation": request.build_absolute_uri(row.get_version_url()),
            "changed_on": max([p.changed_on for p in promises], default=row.published_on),
        },
    )


def _own_title(document: dict[str, Any]) -> str:
    """The letter's title: as it was entered, or else as its title line has it."""
    printed = (block["runs"] for block in document["blocks"] if block["kind"] == "title")
    return document["title"] or "".join(run["text"] for runs in printed for run in runs)


def _promises(row: PublicReply) -> list[PublicCommitment]:
    return list(
        PublicCommitment.objects.filter(reply=row)
        .select_related("department")
        .defer("department__document")
        .order_by("number")
    )


def _with_pages(departments: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Departments named in a letter; the slug stays only where there is a page to link to."""
    slugs = [department["slug"] for department in departments if department["slug"]]
    if not slugs:
        return departments
    known = set(PublicDepartment.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    return [
        {**department, "slug": department["slug"] if department["slug"] in known else None}
        for department in departments
    ]


@require_safe
def reply_text(
    request: HttpRequest, assembly: str, session: str, number: str, key: str, version: int
) -> HttpResponse:
    """The published text to the letter, so that anybody can check its SHA-256."""
    if version > 32767:
        raise Http404
    row = _find(assembly, session, number, key, version)
    return HttpResponse(row.text, content_type="text/plain; charset=utf-8")


@require_safe
def reply_json(
    request: HttpRequest, assembly: str, session: str, number: str, key: str
) -> HttpResponse:
    row = _find(assembly, session, number, key)
    document = row.document
    data = {
        "url": request.build_absolute_uri(row.get_absolute_url()),
        "proposal": request.build_absolute_uri(row.proposal.get_absolute_url()),
        "round": row.round,
        "version": row.version,
        "version_url": request.build_absolute_uri(row.get_version_url()),
        "sha256": row.sha256,
        "department": row.department.name,
        "date": row.date,
        "published_on": row.published_on,
        "category": row.category,
        **{name: document.get(name) for name in ("category_label", "document_number", "title")},
        "text": row.text,
        "measures": document["measures"],
        "figures": document["figures"],
        "commitments": [
            {
                "url": request.build_absolute_uri(promise.get_absolute_url()),
                "number": promise.number,
                "text": promise.text,
                "department": promise.department.name,
                "supporting": [each["name"] for each in promise.document.get("supporting", [])],
                "printed": promise.document.get("printed_departments", []),
                "due_text": promise.due_text,
                "due_on": promise.due_on,
                "state": promise.state,
                "kept_on": promise.kept_on,
                "updates": promise.document.get("updates", []),
            }
            for promise in _promises(row)
        ],
    }
    return JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 1})
