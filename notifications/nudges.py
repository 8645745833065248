"""Who is told at once: a department that was urged (催办)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.auth import get_user_model
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from access.crowd import who_sees
from departments.models import Clerk, Department
from notifications.links import absolute, notices_address
from notifications.models import Message, NoticeSettings
from notifications.outbox import tell
from proposals.models import Event, Proposal


def on_events(events: Sequence[Event]) -> None:
    """Tell everybody who works in the department that was urged, in the same transaction."""
    for event in events:
        if event.kind == Event.Kind.NUDGED and event.department:
            _tell_all(event, event.department)


def _tell_all(event: Event, department: Department) -> None:
    # Somebody else's proposal is not told, not even that it is there.
    proposal = Proposal.objects.filter(pk=event.proposal_id)
    for user in who_sees(proposal, people_of(department)):
        # In the reader's language: whoever urges may read it in another.
        with override(NoticeSettings.of(user).spoken):
            _tell(user, event)


def people_of(department: Department) -> Iterable[Any]:
    """Who works there, or in the department that keeps its affairs now."""
    places = [key for key in (department.pk, department.successor_id) if key]
    # Asked of one and the same place: who has left this department may work in another.
    working = Clerk.objects.filter(is_active=True, department__in=places)
    users = get_user_model().objects.filter(is_active=True, pk__in=working.values("user"))
    return users.order_by("pk")


def _tell(user: Any, event: Event) -> None:
    path = reverse("admin:proposals_proposal_change", args=[event.proposal_id])
    subject = _("Urged: %(proposal)s") % {"proposal": event.proposal}
    context = {
        "subject": subject,
        "event": event,
        "said": event.details.get("message", ""),
        "address": absolute(path),
        "notices": notices_address(),
    }
    tell(
        user,
        Message.Kind.NUDGE,
        key=f"nudge {event.pk} {user.pk}",
        subject=subject,
        text=render_to_string("notifications/nudge.txt", context).strip(),
        html=render_to_string("notifications/nudge.html", context),
        path=path,
        proposal=event.proposal,
    )
