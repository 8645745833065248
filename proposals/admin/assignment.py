"""Who handles a proposal, and what departments ask and answer meanwhile."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from clerkadmin.base import ClerkAdmin
from proposals.admin.search import by_number
from proposals.models import (
    Assignment,
    ExtensionRequest,
    ReturnRequest,
)

ASSIGNMENT = ["assignment", "assignment__proposal", "assignment__department"]
ASSIGNMENT_SEARCH = ["assignment__proposal__title", "assignment__department__short_name"]
PROPOSAL_TEXTS = ["proposal__reason", "proposal__request"]
ASSIGNED_PROPOSAL_TEXTS = ["assignment__proposal__reason", "assignment__proposal__request"]


@admin.register(Assignment)
class AssignmentAdmin(ClerkAdmin):
    list_display = ["proposal", "department", "role", "assigned_on", "acknowledged_on", "due_on"]
    list_filter = ["role", "due_on"]
    list_select_related = ["proposal", "department"]
    heavy_fields = ["part", *PROPOSAL_TEXTS]
    search_fields = ["proposal__title", "department__short_name"]
    word_readers = [by_number("proposal__number_key")]
    autocomplete_fields = ["proposal", "department", "rules"]
    ordering = ["-pk"]
    fieldsets = [
        (None, {"fields": ["proposal", "department", "role", "part"]}),
        (
            _("Dates"),
            {"fields": ["rules", "assigned_on", "acknowledged_on", "due_on", "extended_to"]},
        ),
        (_("End"), {"fields": ["ended_on"]}),
    ]

    def get_readonly_fields(self, request, obj=None):
        """An assignment to another department is another assignment."""
        return ["proposal", "department"] if obj else []


class OfAssignmentAdmin(ClerkAdmin):
    """A paper that belongs to one assignment."""

    list_select_related = ASSIGNMENT
    search_fields = ASSIGNMENT_SEARCH
    word_readers = [by_number("assignment__proposal__number_key")]
    autocomplete_fields = ["assignment"]
    ordering = ["-pk"]

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        return [*fields, "assignment"] if obj else fields


@admin.register(ReturnRequest)
class ReturnRequestAdmin(OfAssignmentAdmin):
    list_display = ["assignment", "asked_on", "suggested_department", "decision", "decided_on"]
    list_filter = ["decision"]
    list_select_related = [*ASSIGNMENT, "suggested_department"]
    heavy_fields = ["reason", "decision_reason", *ASSIGNED_PROPOSAL_TEXTS]
    autocomplete_fields = ["assignment", "suggested_department"]
    signed_fields = {"asked_by": "reason", "decided_by": "decision"}
    fieldsets = [
        (
            None,
            {"fields": ["assignment", "asked_on", "asked_by", "reason", "suggested_department"]},
        ),
        (
            _("Decision of the assigning office"),
            {"fields": ["decision", "decided_on", "decided_by", "decision_reason"]},
        ),
    ]


@admin.register(ExtensionRequest)
class ExtensionRequestAdmin(OfAssignmentAdmin):
    list_display = ["assignment", "asked_on", "until", "decision", "decided_on", "deputy_told_on"]
    list_filter = ["decision"]
    heavy_fields = ["reason", "decision_reason", *ASSIGNED_PROPOSAL_TEXTS]
    autocomplete_fields = ["assignment"]
    signed_fields = {"asked_by": "reason", "decided_by": "decision"}
    fieldsets = [
        (None, {"fields": ["assignment", "asked_on", "asked_by", "until", "reason"]}),
        (
            _("Decision of the assigning office"),
            {"fields": ["decision", "decided_on", "decided_by", "decision_reason"]},
        ),
        (_("The deputy"), {"fields": ["deputy_told_on"]}),
    ]
