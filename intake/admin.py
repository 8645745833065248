"""Letters on their way in: their list, and the way to the pages that take them in."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from clerkadmin import files
from clerkadmin.base import ReadOnlyAdmin
from intake.corrections import accuracy
from intake.models import LetterDraft, LetterFile
from intake.views import Review, read_page, review_url

# The same file may have been handed in by another department first, under a name of its own: who
# that was, when, and how it was called is not told.
files.keep(LetterFile, "file", title=lambda letter: f"letter-{letter.sha256[:12]}")


@admin.register(LetterFile)
class LetterFileAdmin(ReadOnlyAdmin):
    list_display = ["sha256", "file"]
    heavy_fields = ["text"]
    search_fields = ["=sha256"]
    ordering = ["-pk"]
    fields = ["sha256", "file", "text"]


@admin.register(LetterDraft)
class LetterDraftAdmin(ReadOnlyAdmin):
    change_list_template = "intake/letterdraft_list.html"
    list_display = ["__str__", "state", "clerk", "reply", "changed_at"]
    list_filter = ["state"]
    list_select_related = [
        "letter_file",
        "clerk",
        "reply",
        "reply__proposal",
        "reply__department",
    ]
    heavy_fields = [
        "reading",
        "entry",
        "letter_file__text",
        "reply__text",
        "reply__abstract",
        "reply__reading",
    ]
    search_fields = ["name", "reply__title", "reply__document_number"]
    ordering = ["-changed_at", "-pk"]

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("read/", wrap(self.read_view), name="intake_letterdraft_read"),
            path("accuracy/", wrap(self.accuracy_view), name="intake_letterdraft_accuracy"),
            path("review/<str:key>/", wrap(self.review_view), name="intake_letterdraft_review"),
            *super().get_urls(),
        ]

    def _context(self, request: HttpRequest) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "opts": self.opts}

    def read_view(self, request: HttpRequest) -> HttpResponse:
        """Hand letters in."""
        if not self.may(request, "read"):
            raise PermissionDenied
        return read_page(request, self._context(request))

    def review_view(self, request: HttpRequest, key: str) -> HttpResponse:
        """Review one of them, beside its text."""
        drafts = LetterDraft.objects.editable_by(request.user, "review")
        draft = drafts.select_related("letter_file", "department", "clerk").filter(key=key).first()
        if draft is None:
            raise Http404
        return Review(request, draft, self._context(request)).answer()

    def accuracy_view(self, request: HttpRequest) -> HttpResponse:
        """How much of what was read the clerks corrected: counts, of all departments together."""
        if not self.may(request, "read"):
            raise PermissionDenied
        context = {
            **self._context(request),
            "title": _("How well letters are read"),
            "rows": accuracy(),
        }
        return TemplateResponse(request, "intake/letterdraft_accuracy.html", context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """A draft has one page: that of its review."""
        draft = self.get_object(request, object_id)
        if draft is None:
            raise Http404
        return redirect(review_url(draft))
