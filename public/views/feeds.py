"""Feeds of the lists, of one proposal and of one department."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ..demo import is_demo
from ..entries import of_moments, of_promise, of_proposal, of_reply
from ..feeds import MOST_ENTRIES, Feed, atom_response
from ..filters import PublicFilter
from ..models import PublicAssembly, PublicCommitment, PublicDepartment, PublicReply
from ..timeline import timeline
from ..words import joined
from .commitments import filtered as filtered_commitments
from .proposals import filtered as filtered_proposals
from .proposals import published


@require_safe
def proposals(request: HttpRequest) -> HttpResponseBase:
    today = timezone.localdate()
    asked = filtered_proposals(request, today)
    rows = list(asked.qs.order_by("-changed_on", "-id")[:MOST_ENTRIES])
    return atom_response(
        request,
        Feed(
            address=_with(reverse("public:proposals_feed"), asked),
            page=_with(reverse("public:proposals"), asked),
            title=_named(_("Proposals"), asked),
            subtitle=_invented(row.assembly for row in rows),
            entries=[of_proposal(row, today=today) for row in rows],
        ),
    )


@require_safe
def commitments(request: HttpRequest) -> HttpResponseBase:
    today = timezone.localdate()
    asked = filtered_commitments(request, today)
    rows = list(asked.qs.order_by("-changed_on", "name")[:MOST_ENTRIES])
    return atom_response(
        request,
        Feed(
            address=_with(reverse("public:commitments_feed"), asked),
            page=_with(reverse("public:commitments"), asked),
            title=_named(_("Promises"), asked),
            subtitle=_invented(row.reply.proposal.assembly for row in rows),
            entries=[of_promise(row, today=today) for row in rows],
        ),
    )


@require_safe
def proposal(request: HttpRequest, assembly: str, session: str, number: str) -> HttpResponseBase:
    row, replies, promises = published(assembly, session, number)
    moments = timeline(row, replies, promises, today=timezone.localdate())
    named = {"number": row.number, "session": row.session.label}
    return atom_response(
        request,
        Feed(
            address=row.get_feed_url(),
            page=row.get_absolute_url(),
            title=_("No. %(number)s, %(session)s") % named,
            subtitle=f"{row.title} {_invented([row.assembly])}".strip(),
            # Of the same day the later comes first, as among the days.
            entries=reversed(of_moments(row, moments)),
        ),
    )


@require_safe
def department(request: HttpRequest, slug: str) -> HttpResponseBase:
    """What it answered, and what became of its promises: those that were reported on."""
    row = get_object_or_404(PublicDepartment.objects.defer("document"), pk=slug)
    replies = (
        PublicReply.objects.filter(department=row, is_current=True)
        .select_related("proposal__session", "proposal__assembly")
        .defer("document", "text", "proposal__document")
        .order_by("-published_on", "-proposal_id", "key")[:MOST_ENTRIES]
    )
    promises = (
        PublicCommitment.objects.filter(department=row)
        .exclude(state="recorded")
        .select_related("department", "reply__proposal__session", "reply__proposal__assembly")
        .defer("reply__document", "reply__text", "reply__proposal__document")
        .order_by("-changed_on", "name")[:MOST_ENTRIES]
    )
    today = timezone.localdate()
    shown = [reply.proposal for reply in replies] + [each.reply.proposal for each in promises]
    return atom_response(
        request,
        Feed(
            address=reverse("public:department_feed", args=[slug]),
            page=row.get_absolute_url(),
            title=row.name,
            subtitle=_invented(each.assembly for each in shown),
            entries=[
                *(of_promise(promise, today=today) for promise in promises),
                *(of_reply(reply) for reply in replies),
            ],
        ),
    )


def _with(address: str, asked: PublicFilter) -> str:
    return f"{address}?{asked.query}" if asked.query else address


def _named(name: str, asked: PublicFilter) -> str:
    conditions = joined(asked.told())
    return f"{name}{_(': ')}{conditions}" if conditions else name


def _invented(assemblies: Iterable[PublicAssembly]) -> str:
    """A reader has no page around the entry: the feed itself says that it is a demonstration."""
    if not is_demo(list(assemblies)):
        return ""
    return _("This is demonstration data: its institutions, people and letters are invented.")
