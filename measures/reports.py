"""Reporting on a promise (报进展): one button, asked for what the new state needs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clerkadmin.files import ENDINGS, check_file
from clerkadmin.moves import Move, MoveForm
from measures.models import Commitment

State = Commitment.State
# What the department that keeps it says; the deputy's word is the deputy's own.
REPORTED = (
    State.IN_PROGRESS,
    State.FULFILLED,
    State.RESCHEDULED,
    State.CARRIED_OVER,
    State.IMPOSSIBLE,
    State.EXPLAINED,
)


class ReportForm(MoveForm):
    state = forms.ChoiceField(
        label=_("state"),
        widget=forms.RadioSelect,
        choices=[(state.value, state.label) for state in REPORTED],
    )
    text = forms.CharField(
        label=_("what was done, or why not"),
        widget=forms.Textarea(attrs={"rows": 5, "cols": 90}),
        required=False,
        help_text=_("The public reads it. Putting off or giving up a promise needs a reason."),
    )
    due_on = forms.DateField(
        label=_("new due date"),
        widget=AdminDateWidget,
        required=False,
        help_text=_("Where the promise is rescheduled or carried over."),
    )
    evidence_title = forms.CharField(
        label=_("evidence"),
        max_length=200,
        required=False,
        help_text=_("A fulfilled promise needs one: what was done, in words, a paper or a page."),
    )
    evidence_url = forms.URLField(
        label=_("address of the evidence"), required=False, assume_scheme="https"
    )
    evidence_file = forms.FileField(
        label=_("file of the evidence"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS)}),
        help_text=_("Kept with the report; not on the public pages."),
    )

    def clean_evidence_file(self) -> UploadedFile | str:
        file: UploadedFile | None = self.cleaned_data["evidence_file"]
        if not file:
            return ""
        check_file(file)
        return file

    def clean(self) -> dict[str, Any]:
        """What the state needs is said at its field, before the model refuses it."""
        data = super().clean() or self.cleaned_data
        state = data.get("state")
        if state == State.RESCHEDULED and not data.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", _("A rescheduled promise needs its new date."))
        if state in Commitment.NEEDS_REASON and not str(data.get("text", "")).strip():
            self.add_error("text", _("Putting off or giving up a promise needs a reason."))
        return data


def _disputed(promise: Commitment) -> list[str | Promise]:
    """What the deputy has said against the last report: the next one answers it."""
    if promise.state != State.DISPUTED:
        return []
    said = promise.updates.filter(state=State.DISPUTED).last()
    return [_("The deputy disputes it: %(reason)s") % {"reason": said.text}] if said else []


REPORT = Move(
    name="report",
    label=_("Report on the promise"),
    explanation=_("How far it is, with evidence. The public reads it once the letter is public."),
    run=lambda promise, *, state, **facts: promise.report(state, **facts),
    guard=Commitment.why_not_report,
    doubts=_disputed,
    form=ReportForm,
    is_single=True,
)
