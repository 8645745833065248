"""What waits for the deputy, and the own proposals."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Window
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from access.sight import person_of
from desk.deputies.door import for_deputies
from desk.deputies.own import asked_of, page_of, sessions_of
from desk.deputies.standing import GROUPS
from desk.deputies.waiting import Task, waiting_for
from notifications.models import Message

# So many messages stand on the desk; the others have their own page.
NEWEST_MESSAGES = 3
# Due in so many days: the headline counts these.
SOON = 3


@require_safe
def home(request: HttpRequest) -> HttpResponseBase:
    """The desk: those who work in the admin, and are no deputies, have theirs there."""
    person = person_of(request.user)
    if person.deputy is None and person.is_staff:
        return redirect("admin:index")
    return _desk(request)


@for_deputies
def _desk(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    sessions = sessions_of(request.user, on=today)
    asked = asked_of(request.GET, sessions)
    tasks = waiting_for(request.user, on=today, at=sessions.at)
    messages = _messages(request.user)
    return render(
        request,
        "desk/deputy/home.html",
        {
            "part": "home",
            "today": today,
            "assembly": sessions.rows[0].assembly if sessions.rows else None,
            "tasks": tasks,
            "headline": headline(tasks),
            "sessions": sessions,
            "groups": [(name, word) for name, word, _states in GROUPS],
            "asked": asked,
            "page": page_of(request.user, asked, on=today, at=sessions.at),
            "told": messages,
            "unread": messages[0].unread if messages else 0,
        },
    )


def headline(tasks: list[Task]) -> str:
    """How much waits, and how much of that is late or nearly."""
    if not tasks:
        return _("Nothing waits for you.")
    lights = [task.light for task in tasks if task.light]
    count = ngettext("%(count)d thing in all", "%(count)d things in all", len(tasks))
    parts = [count % {"count": len(tasks)}]
    overdue = sum(light.is_overdue for light in lights)
    soon = sum(0 <= light.days_left <= SOON for light in lights)
    if overdue:
        parts.append(_("%(count)s of them overdue") % {"count": overdue})
    if soon:
        parts.append(_("%(count)s due within three days") % {"count": soon})
    return _(", ").join(parts) + _(".")


def _messages(user: Any) -> list[Any]:
    """The newest that are not read, each with how many there are."""
    unread = Message.objects.for_desk(user).annotate(unread=Window(Count("pk")))
    return list(unread.only("subject", "created_at", "message_id")[:NEWEST_MESSAGES])
