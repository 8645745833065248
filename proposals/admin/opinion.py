"""Co-handling opinions."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from proposals.admin.assignment import ASSIGNED_PROPOSAL_TEXTS, OfAssignmentAdmin
from proposals.models import CoHandlingOpinion


@admin.register(CoHandlingOpinion)
class CoHandlingOpinionAdmin(OfAssignmentAdmin):
    list_display = ["assignment", "round", "state", "requested_on", "due_on", "submitted_on"]
    list_filter = ["state"]
    heavy_fields = ["text", "remark", *ASSIGNED_PROPOSAL_TEXTS]
    fieldsets = [
        (None, {"fields": ["assignment", "round", "requested_on", "due_on"]}),
        (
            _("Opinion"),
            {
                "fields": ["document_number", "text", "submitted_on"],
                "description": _("For the lead department alone, never for the public."),
            },
        ),
        (_("Handling"), {"fields": ["state", "remark"]}),
    ]
