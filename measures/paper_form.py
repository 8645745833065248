"""The form that a deputy fills in on paper (征询意见表): the letter, its promises, boxes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from assemblies.models import Deputy, Rating
from clerkadmin.lookups import is_key
from departments.models import Department
from measures.models import Commitment, CommitmentFeedback
from proposals import rating
from proposals.models import Proposal, Reply

# What stands on the page before anybody is asked by name: lines to write it on.
NOBODY = None


@dataclass(frozen=True)
class Sheet:
    """The form of one deputy, with the days by which it is to be back."""

    deputy: Deputy | None
    rating_due: date | None
    words_due: date | None


def paper_form(reply: Reply, deputies: Iterable[Deputy], *, on: date) -> dict[str, Any]:
    """What the page shows: one sheet for each of these deputies, one without a name for nobody."""
    steps: list[Rating] = list(rating.steps_of(reply, on=on).order_by("order", "pk"))
    promises: list[Commitment] = list(reply.commitments.select_related("lead_department"))
    rated = dict(reply.feedback.values_list("deputy", "due_on"))
    asked = CommitmentFeedback.objects.awaited().filter(commitment__reply=reply)
    words: dict[int, date | None] = {}
    for key, due_on in asked.order_by("-due_on").values_list("deputy", "due_on"):
        words[key] = due_on
    sheets = [Sheet(one, rated.get(one.pk), words.get(one.pk)) for one in deputies]
    office = reply.proposal.assembly.offices.filter(kind=Department.Kind.DEPUTIES).first()
    return {
        "reply": reply,
        "proposals": reply.answered,
        "is_cppcc": reply.proposal.kind == Proposal.Kind.CPPCC_PROPOSAL,
        "steps": steps,
        "promises": promises,
        "sheets": sheets or [Sheet(NOBODY, None, None)],
        "office": office,
    }


class WithPaperForm:
    """The page of a reply, with its form for every deputy who rates it."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_safe(self.form_view))  # type: ignore[attr-defined]
        own = path("<slug:object_id>/form/", view, name="proposals_reply_form")
        return [own, *super().get_urls()]  # type: ignore[misc]

    def _links(self, request: HttpRequest, object_id: str) -> list[dict[str, object]]:
        links: list[dict[str, object]] = super()._links(request, object_id)  # type: ignore[misc]
        if not is_key(object_id):
            return links
        url = reverse("admin:proposals_reply_form", args=[object_id])
        return [*links, {"url": url, "label": _("Form for the deputy to sign")}]

    def form_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        rows = self.get_queryset(request)  # type: ignore[attr-defined]
        reply = rows.filter(pk=object_id).first() if is_key(object_id) else None
        if reply is None:
            raise Http404
        back = reverse("admin:proposals_reply_change", args=[reply.pk])
        found = paper_form(reply, reply.raters().order_by("pk"), on=timezone.localdate())
        return TemplateResponse(request, "measures/paper_form.html", {**found, "back": back})
