"""The outbox as the administrator sees it, and a message as its reader does."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from clerkadmin.base import ReadOnlyAdmin
from notifications.models import Message


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    """Whether it went out, and why not; what it says is not shown here."""

    list_display = ["recipient", "kind", "created_at", "sent_at", "tries", "last_error"]
    list_filter = ["kind"]
    list_select_related = ["recipient"]
    heavy_fields = ["text", "html"]
    search_fields = ["recipient__username"]
    ordering = ["-created_at", "-pk"]
    fields = [
        "recipient",
        "email",
        "kind",
        "created_at",
        "sending_at",
        "sent_at",
        "tries",
        "next_try_at",
        "last_error",
        "read_at",
    ]

    def get_urls(self) -> list[URLPattern]:
        read = path(
            "<int:pk>/read/",
            self.admin_site.admin_view(self.read_view),
            name="notifications_message_read",
        )
        return [read, *super().get_urls()]

    def read_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One's own message; once it is read it leaves the desk. Another's is not there."""
        message = get_object_or_404(Message, pk=pk, recipient=request.user)
        if request.method == "POST":
            message.read()
            return redirect("admin:index")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Message"),
            "subtitle": None,
            "message": message,
        }
        return TemplateResponse(request, "notifications/message_read.html", context)
