"""Earlier proposals like the one that is being written, and what became of them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from access.sight import person_of
from desk.deputies.door import deputy_of, for_deputies
from proposals.models import Proposal, Sponsorship
from public.folding import folded
from public.models import PublicProposal
from public.publish import TITLES
from search.similar import among
from search.similar import similar as similar_titles

LONGEST = 200
SHOWN, OWN_SHOWN = 5, 3
# A deputy's newest are compared one by one.
OWN_COMPARED = 200


@for_deputies
@require_safe
def similar(request: HttpRequest) -> HttpResponse:
    """A page of its own; for the script of the writing form (static/similar.js) the list alone."""
    title = request.GET.get("title", "").strip()[:LONGEST]
    compared = folded(title)
    written = request.GET.get("not", "")
    own = _own(request) if compared else []
    keys = [key for key, _score in similar_titles(TITLES, compared, SHOWN)]
    public = PublicProposal.objects.select_related("session").defer("document").in_bulk(keys)
    alike = among(
        compared,
        ((row, folded(row.title)) for row in own if row.key != written and row.pk not in public),
        OWN_SHOWN,
    )
    own_keys = {row.pk for row in own}
    shown = {
        "title": title,
        "written": written,
        "today": timezone.localdate(),
        "earlier": [(public[key], key in own_keys) for key in keys if key in public],
        "own": [row for row, _score in alike],
        "part": "write",
        "assembly": deputy_of(request).assembly,
    }
    is_script = request.headers.get("X-Requested-With") == "fetch"
    return render(
        request,
        "desk/deputy/_similar_found.html" if is_script else "desk/deputy/similar.html",
        shown,
    )


def _own(request: HttpRequest) -> list[Proposal]:
    """The deputy's own proposals, the newest first, public or not."""
    mine = Sponsorship.objects.filter(deputy=person_of(request.user).deputy)
    rows = Proposal.objects.visible_to(request.user).filter(pk__in=mine.values("proposal"))
    return list(rows.select_related("session__assembly").order_by("-pk")[:OWN_COMPARED])
