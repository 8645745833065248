"""A department's part in a proposal: acknowledged, given back, extended, urged. All are moves."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clerkadmin.base import ReadOnlyAdmin, ReadOnlyInline
from clerkadmin.moves import Move, MovesAdmin, ReasonForm
from departments.models import Department
from proposals import supervising
from proposals.admin.assigning import REASSIGN, handling_departments
from proposals.admin.contact import LOG_CONTACT
from proposals.admin.dates import PART_DATES, PART_FACTS, ShowsDates
from proposals.admin.owed import OfDepartment, OwedFilter
from proposals.admin.registering import NudgePartForm
from proposals.admin.search import by_number
from proposals.admin.timeline import WithTimeline
from proposals.models import Assignment, CoHandlingOpinion, ExtensionRequest, ReturnRequest

PROPOSAL_TEXTS = ["proposal__reason", "proposal__request"]


class AskForm(ReasonForm):
    """What a department asks, it asks today: no other day keeps a period that is over."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["on"]

    def clean(self) -> dict[str, Any]:
        return {**(super().clean() or {}), "on": timezone.localdate()}


class ReturnForm(AskForm):
    suggested_department = forms.ModelChoiceField(
        Department.objects.none(), label=_("who should handle it"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = [row.department_id for row in self.rows]
        others = handling_departments().exclude(pk__in=own)
        self.fields["suggested_department"].queryset = others  # type: ignore[attr-defined]


class ExtensionForm(AskForm):
    until = forms.DateField(label=_("until"), widget=AdminDateWidget)
    field_order = ["until", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        last = ExtensionRequest.last_day(self.rows[0]) if len(self.rows) == 1 else None
        if last:
            self.fields["until"].initial = last
            self.fields["until"].help_text = _("The last day that the rules allow is filled in.")


def _goes_on(assignment: Assignment) -> bool:
    return assignment.ended_on is None


ACKNOWLEDGE = Move(
    name="acknowledge",
    label=_("Acknowledge"),
    explanation=_("The department has received it and begins."),
    run=Assignment.acknowledge,
    guard=Assignment.why_not_acknowledge,
    is_shown=lambda assignment: _goes_on(assignment) and assignment.acknowledged_on is None,
)
ASK_RETURN = Move(
    name="ask_return",
    label=_("Ask to return it"),
    explanation=_("The deputies' office decides. Until then nobody handles this part."),
    run=ReturnRequest.ask,
    guard=ReturnRequest.why_not_ask,
    is_shown=_goes_on,
    form=ReturnForm,
    is_single=True,
)
ASK_EXTENSION = Move(
    name="ask_extension",
    label=_("Ask for more time"),
    explanation=_("The deputies' office decides; if it agrees, the deputy must be told."),
    run=ExtensionRequest.ask,
    guard=ExtensionRequest.why_not_ask,
    is_shown=lambda assignment: _goes_on(assignment) and assignment.answers,
    form=ExtensionForm,
)
REQUEST_OPINION = Move(
    name="request_opinion",
    label=_("Ask for its opinion"),
    explanation=_("The co-handling department sees it on its desk, with a date."),
    run=CoHandlingOpinion.request,
    guard=CoHandlingOpinion.why_not_request,
    is_shown=lambda assignment: _goes_on(assignment) and not assignment.answers,
)
NUDGE = Move(
    name="nudge",
    label=_("Urge"),
    explanation=_("The department is urged in your words; the timeline keeps it."),
    run=supervising.nudge_part,
    guard=supervising.why_not_nudge_part,
    is_shown=_goes_on,
    form=NudgePartForm,
)


class ReturnRequestInline(ReadOnlyInline):
    model = ReturnRequest
    fields = ["asked_on", "reason", "suggested_department", "decision", "decided_on"]
    list_select_related = ["assignment", "assignment__department", "suggested_department"]


class ExtensionRequestInline(ReadOnlyInline):
    model = ExtensionRequest
    fields = ["asked_on", "until", "reason", "decision", "decided_on", "deputy_told_on"]
    list_select_related = ["assignment", "assignment__department"]


class OpinionInline(ReadOnlyInline):
    model = CoHandlingOpinion
    fields = ["round", "state", "requested_on", "due_on", "submitted_on"]
    list_select_related = ["assignment", "assignment__department"]


@admin.register(Assignment)
class AssignmentAdmin(ShowsDates, WithTimeline, ReadOnlyAdmin, MovesAdmin):
    dates, date_facts = PART_DATES, PART_FACTS
    moves = [
        ACKNOWLEDGE,
        LOG_CONTACT,
        ASK_EXTENSION,
        ASK_RETURN,
        REQUEST_OPINION,
        REASSIGN,
        NUDGE,
    ]
    list_display = ["proposal", "department", "role", "due_on", "acknowledged_on", "assigned_on"]
    export_columns = [
        "proposal__session",
        "proposal__number",
        "proposal__title",
        "department",
        "role",
        "assigned_on",
        "acknowledged_on",
        "due_on",
        "extended_to",
        "ended_on",
    ]
    export_related = ["proposal__session__assembly", "department"]
    list_filter = [OwedFilter, "role", "due_on", OfDepartment]
    list_select_related = ["proposal", "department"]
    heavy_fields = ["part", *PROPOSAL_TEXTS]
    search_fields = ["proposal__title", "department__short_name"]
    word_readers = [by_number("proposal__number_key")]
    ordering = ["-pk"]
    inlines = [OpinionInline, ExtensionRequestInline, ReturnRequestInline]
    fieldsets = [
        (None, {"fields": ["proposal", "department", "role", "part"]}),
        (
            _("Dates"),
            {
                "fields": [
                    "rules",
                    "assigned_on",
                    "acknowledged_on",
                    "return_by",
                    "contact_by",
                    "due_on",
                    "extended_to",
                ],
                "description": _("Counted by the rules that were in force on that day."),
            },
        ),
        (_("Handled again"), {"fields": ["round", "redo_on", "redo_by"]}),
        (_("End"), {"fields": ["ended_on"]}),
    ]
