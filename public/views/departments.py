"""Departments: all that handle a published proposal, and the record of one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ..demo import is_demo
from ..models import (
    OPEN_STATES,
    PublicAssembly,
    PublicCommitment,
    PublicDepartment,
    PublicHandling,
    PublicProposal,
    PublicReply,
)
from ..promises import Standing, as_date, standing
from ..record import accounts_by_session, added_up, counts_of_account
from ..words import ROLE_WORDS

SHOWN = 10


@require_safe
def department_list(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    handled = dict(
        PublicHandling.objects.order_by()
        .values_list("department")
        .annotate(Count("proposal", distinct=True))
    )
    accounts = {
        row["department"]: row
        for row in PublicCommitment.objects.order_by()
        .values("department")
        .annotate(**counts_of_account(today))
    }
    departments = [
        {
            "department": department,
            "handled": handled.get(department.slug, 0),
            "account": accounts.get(department.slug),
        }
        for department in PublicDepartment.objects.all()
    ]
    return render(
        request,
        "public/department_list.html",
        {
            "section": "departments",
            "departments": departments,
            "is_demo": is_demo(list(PublicAssembly.objects.all())),
        },
    )


@require_safe
def department(request: HttpRequest, slug: str) -> HttpResponse:
    today = timezone.localdate()
    row = get_object_or_404(PublicDepartment, pk=slug)
    promises = PublicCommitment.objects.filter(department=row)
    accounts = accounts_by_session(promises, today=today)
    proposals = (
        PublicProposal.objects.filter(handlings__department=row)
        .annotate(role=F("handlings__role"))
        .select_related("assembly")
        .defer("document")
        .order_by("-changed_on", "-id")[:SHOWN]
    )
    replies = (
        PublicReply.objects.filter(department=row, is_current=True)
        .select_related("proposal")
        .defer("document", "text", "proposal__document")
        .order_by("-published_on", "-proposal_id", "key")[:SHOWN]
    )
    listed = list(proposals)
    supported = list(
        _most_urgent(PublicCommitment.objects.filter(supports__department=row)).select_related(
            "department", "reply__proposal__assembly"
        )
    )
    return render(
        request,
        "public/department.html",
        {
            "today": today,
            "section": "departments",
            "department": row,
            "aliases": row.document.get("aliases", []),
            "valid_to": as_date(row.document.get("valid_to")),
            **_relations(row),
            "accounts": accounts,
            "sum": added_up(_("All sessions"), accounts),
            "promises": _standing_on(today, _most_urgent(promises)),
            "supported": _standing_on(today, supported),
            "proposals": [(each, ROLE_WORDS.get(each.role, each.role)) for each in listed],
            "roles": _roles(row),
            "replies": replies,
            "is_demo": is_demo([*(each.assembly for each in listed), *_assemblies(supported)]),
        },
    )


def _standing_on(
    today: date, promises: Iterable[PublicCommitment]
) -> list[tuple[PublicCommitment, Standing]]:
    return [
        (promise, standing(promise.state, promise.due_on, today=today, countdown=True))
        for promise in promises
    ]


def _assemblies(promises: Iterable[PublicCommitment]) -> list[PublicAssembly]:
    return [promise.reply.proposal.assembly for promise in promises]


def _most_urgent(promises: Any) -> Any:
    """Open ones first, by date; then what was settled last."""
    return (
        promises.select_related("reply__proposal")
        .defer("document", "reply__document", "reply__text", "reply__proposal__document")
        .annotate(is_settled=~Q(state__in=OPEN_STATES))
        .order_by("is_settled", F("due_on").asc(nulls_last=True), "name")[:SHOWN]
    )


def _roles(row: PublicDepartment) -> list[tuple[Any, str, int]]:
    counts = dict(
        PublicHandling.objects.filter(department=row)
        .order_by()
        .values_list("role")
        .annotate(Count("id"))
    )
    return [(word, role, counts[role]) for role, word in ROLE_WORDS.items() if role in counts]


def _relations(row: PublicDepartment) -> dict[str, Any]:
    """Predecessors and successor; the slug stays only where there is a page to link to."""
    named = list(row.document.get("predecessors", []))
    successor = row.document.get("successor")
    slugs = [each["slug"] for each in (*named, successor) if each]
    known = (
        set(PublicDepartment.objects.filter(slug__in=slugs).values_list("slug", flat=True))
        if slugs
        else set()
    )
    linked = [{**each, "has_page": each["slug"] in known} for each in (*named, successor) if each]
    return {
        "predecessors": linked[: len(named)],
        "successor": linked[len(named)] if successor else None,
    }
