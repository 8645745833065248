"""What deputies say of a reply: entered by moves of the reply, read here."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from access.sight import person_of
from clerkadmin import files
from clerkadmin.base import ReadOnlyAdmin, ReadOnlyInline
from proposals.admin.dates import ShowsDates
from proposals.admin.search import by_number
from proposals.models import AddressClass, Feedback, FeedbackReason
from proposals.models.given import Given

files.keep(
    Feedback,
    "scan",
    title=lambda feedback: _("Rating of %(name)s") % {"name": feedback.deputy.name},
    right="read_scan",
)


class WithSource:
    """The signed form is on the pages of those who may open it; from where a word came, of those
    who look into alarms."""

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)  # type: ignore[misc]
        hidden = set()
        if not self.may(request, "read_scan"):  # type: ignore[attr-defined]
            hidden.add("scan")
        if not person_of(request.user).may("accounts.ratingalarm", "view"):
            hidden.add("came_from")
        return [
            (name, {**options, "fields": [f for f in options["fields"] if f not in hidden]})
            for name, options in fieldsets
        ]

    @admin.display(description=_("network it came from"))
    def came_from(self, word: Given) -> str:
        return str(AddressClass(word.address_class).label) if word.address_class else "—"


class FeedbackReasonInline(ReadOnlyInline):
    model = FeedbackReason
    fields = ["text"]
    verbose_name_plural = _("Reason: never shown to the public")


@admin.register(Feedback)
class FeedbackAdmin(WithSource, ShowsDates, ReadOnlyAdmin):
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
    readonly_fields = ["came_from"]
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
                    "came_from",
                ]
            },
        ),
    ]
