"""How a proposal ends, as buttons of the deputies' office."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from clerkadmin.moves import Move, MoveForm, ReasonForm
from proposals import closing
from proposals.models import Proposal


class CloseForm(MoveForm):
    reason = forms.CharField(
        label=_("reason"),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        help_text=_("Needed where a promise is still open, or the proposal was escalated."),
    )


ESCALATE = Move(
    name="escalate",
    label=_("Escalate"),
    explanation=_("The assembly's committee takes it up: a meeting, an evaluation, supervision."),
    run=closing.escalate,
    guard=closing.why_not_escalate,
    is_shown=lambda proposal: proposal.state not in Proposal.NEVER_PUBLIC,
    form=ReasonForm,
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
CLOSING = (ESCALATE, CLOSE)
