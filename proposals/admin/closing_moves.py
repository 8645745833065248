"""How a proposal ends, as buttons of the deputies' office."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.utils.translation import gettext_lazy as _

from clerkadmin.moves import Move, MoveForm, ReasonForm
from departments.models import Department
from proposals import closing
from proposals.models import Proposal


class CloseForm(MoveForm):
    reason = forms.CharField(
        label=_("reason"),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        help_text=_("Needed where a promise is still open, or the proposal was escalated."),
    )


class HandleAgainForm(ReasonForm):
    """Which of those who answer, by when; what was decided is their task."""

    departments = forms.ModelMultipleChoiceField(
        Department.objects.none(),
        label=_("Departments"),
        widget=forms.CheckboxSelectMultiple,
    )
    redo_by = forms.DateField(
        label=_("new reply due on"),
        widget=AdminDateWidget,
        required=False,
        help_text=_("Empty: as the rules count it."),
    )
    field_order = ["on", "departments", "redo_by", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parts = closing.answering(self.rows[0])
        field: Any = self.fields["departments"]
        field.queryset = Department.objects.filter(assignments__in=parts)
        field.initial = field.queryset


ESCALATE = Move(
    name="escalate",
    label=_("Escalate"),
    explanation=_("The assembly's committee takes it up: a meeting, an evaluation, supervision."),
    run=closing.escalate,
    guard=closing.why_not_escalate,
    is_shown=lambda proposal: proposal.state not in Proposal.NEVER_PUBLIC,
    form=ReasonForm,
)
HANDLE_AGAIN = Move(
    name="handle_again",
    label=_("Have it handled again"),
    explanation=_(
        "What the escalation came to: these departments write a new letter, with a new date."
    ),
    run=closing.handle_again,
    guard=closing.why_not_handle_again,
    is_shown=lambda proposal: proposal.state == Proposal.State.ESCALATED,
    form=HandleAgainForm,
    is_single=True,
)
CLOSE = Move(
    name="close",
    label=_("Close the proposal"),
    explanation=_("The handling of the proposal ends. It stays readable as it is."),
    run=closing.close,
    guard=closing.why_not_close,
    is_shown=lambda proposal: proposal.state not in Proposal.NEVER_PUBLIC,
    doubts=closing.doubts_of_closing,
    form=CloseForm,
)
CLOSING = (ESCALATE, HANDLE_AGAIN, CLOSE)
