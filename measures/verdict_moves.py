"""What the deputies' office enters from paper forms about promises: a button of the question."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clerkadmin.moves import Move, MoveForm
from measures import verdicts
from measures.models import CommitmentFeedback
from proposals.admin.rating_moves import ScanField

KEPT, NOT_KEPT = "kept", "not_kept"


class AnswerForm(MoveForm):
    word = forms.ChoiceField(
        label=_("what the deputy says"),
        widget=forms.RadioSelect,
        choices=[(KEPT, _("Kept")), (NOT_KEPT, _("Not kept"))],
    )
    reason = forms.CharField(
        label=_("reason"),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        help_text=_(
            "In the deputy's words; needed where the promise is not kept. The public reads that "
            "the deputy disputes it; the reason is read by the department and the offices."
        ),
    )
    on_paper = forms.BooleanField(label=_("signed on paper"), required=False, initial=True)
    scan = ScanField()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("word") == NOT_KEPT and not str(data.get("reason", "")).strip():
            self.add_error("reason", _("Say why the promise is not kept."))
        return data


def _answer(feedback: CommitmentFeedback, *, word: str, on: date, **facts: Any) -> None:
    verdicts.answer(feedback, kept=word == KEPT, on=on, **facts)


def _doubts(feedback: CommitmentFeedback) -> list[str | Promise]:
    """What the person who enters it should look at again."""
    said: list[str | Promise] = []
    if feedback.state in verdicts.ANSWERED and feedback.on_paper and not feedback.scan:
        said.append(_("No scan of the signed form is kept."))
    if feedback.state == CommitmentFeedback.State.NOT_RETURNED:
        said.append(_("The time to answer is over: it was recorded as not returned."))
    return said


ANSWER = Move(
    name="answer",
    label=_("Enter the word on the promise"),
    explanation=_(
        "From the deputy's form. Not kept: the promise is disputed, and the department has to "
        "report on it again. On a promise that was given up, “kept” says that the deputy accepts "
        "the reasons."
    ),
    run=_answer,
    guard=lambda feedback: verdicts.why_not_answer(feedback, on=timezone.localdate()),
    doubts=_doubts,
    form=AnswerForm,
    is_single=True,
)
