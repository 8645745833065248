"""What deputies say of a reply: entered by moves of the reply, read here."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from clerkadmin import files
from clerkadmin.base import ReadOnlyAdmin, ReadOnlyInline
from proposals.admin.dates import ShowsDates
from proposals.admin.search import by_number
from proposals.models import Feedback, FeedbackReason

files.keep(
    Feedback,
    "scan",
    title=lambda feedback: _("Rating of %(name)s") % {"name": feedback.deputy.name},
    right="read_scan",
)


class WithScan:
    """The signed form is on the pages of those who may open it."""

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)  # type: ignore[misc]
        if self.may(request, "read_scan"):  # type: ignore[attr-defined]
            return fieldsets
        return [
            (name, {**options, "fields": [f for f in options["fields"] if f != "scan"]})
            for name, options in fieldsets
        ]


class FeedbackReasonInline(ReadOnlyInline):
    model = FeedbackReason
    fields = ["text"]
    verbose_name_plural = _("Reason: never shown to the public")


@admin.register(Feedback)
class FeedbackAdmin(WithScan, ShowsDates, ReadOnlyAdmin):
    dates = {"due_on": lambda feedback: feedback.state != Feedback.State.AWAITED}
    assembly_path = "reply__proposal__session__assembly_id"
    list_display = [
        "reply",
        "deputy",
        "state",
        "due_on",
        "process_rating",
        "result_rating",
        "rated_on",
    ]
    list_filter = ["state", "on_paper"]
    list_select_related = [
        "reply",
        "reply__proposal",
        "reply__department",
        "deputy",
        "process_rating",
        "result_rating",
    ]
    heavy_fields = ["reply__text", "reply__abstract", "reply__reading"]
    search_fields = ["deputy__name", "reply__title", "reply__document_number"]
    word_readers = [by_number("reply__proposal__number_key")]
    ordering = ["-pk"]
    inlines = [FeedbackReasonInline]
    fieldsets = [
        (None, {"fields": ["reply", "deputy", "state", "due_on"]}),
        (
            _("Rating"),
            {
                "fields": [
                    "process_rating",
                    "result_rating",
                    "rated_on",
                    "on_paper",
                    "scan",
                    "entered_by",
                ]
            },
        ),
    ]
