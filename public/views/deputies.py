"""Deputies: those with a published proposal, and what each proposed."""

from django.db.models import Count, F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ..choices import filter_choices
from ..demo import is_demo
from ..filters import DeputyFilter
from ..models import PublicDeputy, PublicProposal
from ..paging import page_of

NAMES_ON_A_PAGE = 60


@require_safe
def deputy_list(request: HttpRequest) -> HttpResponse:
    rows = (
        PublicDeputy.objects.select_related("assembly")
        .annotate(proposal_count=Count("sponsorings"))
        .order_by("assembly", "sort_key", "public_id")
    )
    asked = DeputyFilter(request.GET, rows, choices=filter_choices(), today=timezone.localdate())
    page = page_of(asked.qs, request.GET.get("page", ""), size=NAMES_ON_A_PAGE)
    return render(
        request,
        "public/deputy_list.html",
        {
            "section": "deputies",
            "filter": asked,
            "fields": asked.fields(),
            "page": page,
            "is_demo": is_demo([row.assembly for row in page.rows]),
        },
    )


@require_safe
def deputy(request: HttpRequest, public_id: str) -> HttpResponse:
    row = get_object_or_404(PublicDeputy.objects.select_related("assembly"), pk=public_id)
    proposals = (
        PublicProposal.objects.filter(sponsors__deputy=row)
        .annotate(role=F("sponsors__role"))
        .select_related("session")
        .defer("document")
        .order_by("-changed_on", "-id")
    )
    return render(
        request,
        "public/deputy.html",
        {
            "today": timezone.localdate(),
            "section": "deputies",
            "assembly": row.assembly,
            "deputy": row,
            "page": page_of(proposals, request.GET.get("page", "")),
        },
    )
