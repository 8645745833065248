"""What the deputy was told."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages as said
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clerkadmin.tokens import form_marks, hand_in
from desk.deputies.door import deputy_of, for_deputies
from notifications.models import Message
from public.paging import page_of

# What a list shows of each.
SHOWN = ("message_id", "subject", "text", "path", "kind", "created_at", "read_at")


@require_http_methods(["GET", "HEAD", "POST"])
@for_deputies
def messages(request: HttpRequest) -> HttpResponse:
    """All of them, the newest first; the button marks what is not read yet."""
    if request.method == "POST":
        return hand_in(request, lambda: _mark_all(request))
    rows = Message.objects.told(request.user).only(*SHOWN)
    context = {
        "part": "messages",
        "assembly": deputy_of(request).assembly,
        "page": page_of(rows, request.GET.get("page", "")),
        "unread": Message.objects.for_desk(request.user).count(),
        "marks": form_marks(request.user),
    }
    return render(request, "desk/deputy/messages.html", context)


@require_safe
@for_deputies
def message(request: HttpRequest, message: UUID) -> HttpResponse:
    """Open what it is about, and have it read. Another's is not there."""
    found = Message.objects.told(request.user).filter(message_id=message).first()
    if found is None:
        raise Http404
    if request.method == "GET":
        found.read()
    return redirect(found.path or "desk:messages")


def _mark_all(request: HttpRequest) -> HttpResponse:
    marked = Message.objects.for_desk(request.user).update(read_at=timezone.now())
    request.was_saved = True  # type: ignore[attr-defined]
    if marked:
        said.success(request, _("All messages are marked as read."))
    return redirect("desk:messages")
