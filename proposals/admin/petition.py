"""What departments ask about their parts, and the deputies' office's decisions: moves alone."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from clerkadmin.base import ReadOnlyAdmin
from clerkadmin.moves import Move, MoveForm, MovesAdmin, ReasonForm
from departments.models import Department
from proposals import assigning
from proposals.admin.assigning import handling_departments
from proposals.admin.dates import ShowsDates
from proposals.admin.search import by_number
from proposals.admin.timeline import WithTimeline
from proposals.models import Decision, ExtensionRequest, Proposal, ReturnRequest
from proposals.models.petition import Petition

ASSIGNMENT = ["assignment", "assignment__proposal", "assignment__department"]
ASSIGNMENT_SEARCH = ["assignment__proposal__title", "assignment__department__short_name"]
ASSIGNED_PROPOSAL_TEXTS = [
    "assignment__part",
    "assignment__proposal__reason",
    "assignment__proposal__request",
]


class AgreeForm(MoveForm):
    reason = forms.CharField(
        label=_("reason"), widget=forms.Textarea(attrs={"rows": 4}), required=False
    )


class AgreeReturnForm(AgreeForm):
    department = forms.ModelChoiceField(
        Department.objects.none(),
        label=_("Department that handles it now"),
        required=False,
        help_text=_("Empty: the assigning office assigns it anew."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        request = self.rows[0]
        others = handling_departments().exclude(pk=request.assignment.department_id)
        self.fields["department"].queryset = others  # type: ignore[attr-defined]
        self.fields["department"].initial = request.suggested_department_id


def _is_pending(petition: Petition) -> bool:
    return petition.decision == Decision.PENDING


AGREE_RETURN = Move(
    name="agree",
    label=_("Agree to the return"),
    explanation=_("The department is let off; another one handles its part, with its own dates."),
    run=assigning.agree_return,
    guard=ReturnRequest.why_not_decide,
    is_shown=_is_pending,
    form=AgreeReturnForm,
    is_single=True,
)
REFUSE_RETURN = Move(
    name="refuse",
    label=_("Refuse the return"),
    explanation=_("The department must handle it. Its dates stay."),
    run=ReturnRequest.refuse,
    guard=ReturnRequest.why_not_decide,
    is_shown=_is_pending,
    form=ReasonForm,
)
AGREE_EXTENSION = Move(
    name="agree",
    label=_("Grant the extension"),
    explanation=_("The later date counts at once. The deputy must be told: record that day, too."),
    run=ExtensionRequest.agree,
    guard=ExtensionRequest.why_not_decide,
    is_shown=_is_pending,
    form=AgreeForm,
)
REFUSE_EXTENSION = Move(
    name="refuse",
    label=_("Refuse the extension"),
    explanation=_("The date stays as it is."),
    run=ExtensionRequest.refuse,
    guard=ExtensionRequest.why_not_decide,
    is_shown=_is_pending,
    form=ReasonForm,
)
TELL_DEPUTY = Move(
    name="tell_deputy",
    label=_("Deputy was told"),
    explanation=_("Record the day on which the deputy was told of the later date."),
    run=ExtensionRequest.tell_deputy,
    guard=ExtensionRequest.why_not_tell_deputy,
)


class PetitionAdmin(ShowsDates, WithTimeline, ReadOnlyAdmin, MovesAdmin):
    """A request that belongs to one assignment."""

    dates = {"decide_by": lambda petition: petition.decision != Decision.PENDING}
    assembly_path = "assignment__proposal__session__assembly_id"

    proposal_path = "assignment__proposal_id"
    list_filter = ["decision"]
    list_select_related = ASSIGNMENT
    heavy_fields = ["reason", "decision_reason", *ASSIGNED_PROPOSAL_TEXTS]
    search_fields = ASSIGNMENT_SEARCH
    word_readers = [by_number("assignment__proposal__number_key")]
    ordering = ["-pk"]

    @admin.display(description=_("proposal"), ordering="assignment__proposal")
    def proposal(self, petition: Petition) -> Proposal:
        """What the department has a part of: the name of the part alone says too little."""
        return petition.assignment.proposal


DECISION: Any = (
    _("Decision of the deputies' office"),
    {"fields": ["decision", "decide_by", "decided_on", "decided_by", "decision_reason"]},
)


@admin.register(ReturnRequest)
class ReturnRequestAdmin(PetitionAdmin):
    moves = [AGREE_RETURN, REFUSE_RETURN]
    list_display = [
        "proposal",
        "assignment",
        "asked_on",
        "suggested_department",
        "decision",
        "decide_by",
        "decided_on",
    ]
    list_select_related = [*ASSIGNMENT, "suggested_department"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "proposal",
                    "assignment",
                    "asked_on",
                    "asked_by",
                    "reason",
                    "suggested_department",
                ]
            },
        ),
        DECISION,
    ]


@admin.register(ExtensionRequest)
class ExtensionRequestAdmin(PetitionAdmin):
    moves = [AGREE_EXTENSION, REFUSE_EXTENSION, TELL_DEPUTY]
    list_display = [
        "proposal",
        "assignment",
        "asked_on",
        "until",
        "decision",
        "decide_by",
        "decided_on",
        "deputy_told_on",
    ]
    fieldsets = [
        (None, {"fields": ["proposal", "assignment", "asked_on", "asked_by", "until", "reason"]}),
        DECISION,
        (_("The deputy"), {"fields": ["deputy_told_on"]}),
    ]
