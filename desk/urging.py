"""Urging a department from the desk: straight to the move, with its oldest late parts chosen."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from access.sight import person_of
from desk.page import move_url
from measures.models import Commitment
from proposals import owing, supervising
from proposals.models import Assignment, CoHandlingOpinion

# So many parts of one department are urged at once.
URGED = 20


def urge(request: HttpRequest, department: int) -> HttpResponse:
    """To the move; where only promises are late that no part is about, to these."""
    if not person_of(request.user).may("proposals.assignment", "nudge"):
        raise Http404
    parts = late_of(department, request.user, on=timezone.localdate())
    keys = list(parts.values_list("pk", flat=True)[:URGED])
    if keys:
        return redirect(move_url(Assignment, "nudge", keys))
    promises = reverse("admin:measures_commitment_changelist")
    return redirect(f"{promises}?{urlencode({'due': 'overdue', 'of': department})}")


def late_of(department: int, user: Any, *, on: date) -> QuerySet:
    """The department's parts with a late letter, opinion or promise: the oldest first."""
    parts = Assignment.objects.editable_by(user, "nudge").present().filter(department=department)
    opinions = CoHandlingOpinion.objects.visible_to(user).filter(assignment__department=department)
    promises = Commitment.objects.visible_to(user).filter(lead_department=department)
    late_promises = promises.owed().overdue(on=on).order_by()
    late = parts.filter(
        Q(pk__in=owing.late_parts(parts.order_by(), on=on).values("pk"))
        | Q(pk__in=owing.late_opinions(opinions.order_by(), on=on).values("assignment"))
        | Q(proposal__in=late_promises.values("reply__proposal")),
        proposal__state__in=supervising.OWED,
    )
    return late.annotate(owed_on=owing.reply_due()).order_by(
        F("owed_on").asc(nulls_last=True), "pk"
    )
