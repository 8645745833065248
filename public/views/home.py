"""The home page: search, the newest session's account, what is new, what falls due."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ..models import OPEN_STATES, PublicCommitment, PublicReply, PublicSession
from ..promises import standing
from ..record import flow_of_session

NEW = 5
OVERDUE, COMING = 3, 3


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    session = PublicSession.objects.select_related("assembly").first()
    replies = (
        PublicReply.objects.filter(is_current=True)
        .select_related("proposal", "department")
        .defer("document", "text", "proposal__document", "department__document")
        .order_by("-published_on", "-proposal_id", "key")[:NEW]
    )
    waiting = (
        PublicCommitment.objects.filter(state__in=OPEN_STATES, due_on__isnull=False)
        .select_related("department", "reply__proposal")
        .defer(
            "document",
            "reply__document",
            "reply__text",
            "reply__proposal__document",
            "department__document",
        )
    )
    overdue = waiting.filter(due_on__lt=today).order_by("due_on", "name")[:OVERDUE]
    coming = waiting.filter(due_on__gte=today).order_by("due_on", "name")[:COMING]
    due = [
        (promise, standing(promise.state, promise.due_on, today=today, countdown=True))
        for promise in (*overdue, *coming)
    ]
    return render(
        request,
        "public/home.html",
        {
            "today": today,
            "session": session,
            "assembly": session.assembly if session else None,
            "flow": flow_of_session(session.pk, today=today) if session else None,
            "replies": replies,
            "due": due,
        },
    )
