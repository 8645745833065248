"""The way of a letter, as buttons: handed in, reviewed, audited, signed, sent, corrected."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assemblies.models import Category
from clerkadmin.moves import Move, MoveForm, ReasonForm, TextForm
from proposals.admin.doubts import doubts_of_reply
from proposals.models import FollowUpCategory, Reply

State = Reply.State


class CategoryField(forms.ModelChoiceField):
    """Schemes use the same letters: each category is shown with its scheme and its assembly."""

    def label_from_instance(self, obj: Category) -> str:  # type: ignore[override]
        assembly = obj.scheme.assembly
        return f"{obj} · {obj.scheme} · {assembly.short_name or assembly.name}"


def categories_of(reply: Reply) -> Any:
    """Those of the reply's assembly."""
    return Category.objects.filter(
        scheme__assembly__sessions=reply.proposal.session_id
    ).select_related("scheme__assembly")


class AuditForm(MoveForm):
    category = CategoryField(
        Category.objects.none(),
        label=_("category"),
        required=False,
        help_text=_("Choose another where the letter's own does not fit."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(self.rows) > 1:
            del self.fields["category"]
            return
        field: Any = self.fields["category"]
        field.queryset, field.initial = categories_of(self.rows[0]), self.rows[0].category_id


class SignForm(MoveForm):
    """The marks of a signed letter; what is left empty stays as it was entered."""

    document_number = forms.CharField(label=_("document number"), max_length=60, required=False)
    signatory = forms.CharField(label=_("signatory"), max_length=50, required=False)
    date = forms.DateField(label=_("date of the letter"), widget=AdminDateWidget, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("document_number", "signatory", "date"):
            self.fields[name].initial = getattr(self.rows[0], name)
        self.fields["date"].initial = self.rows[0].date or timezone.localdate


class CorrectForm(TextForm, ReasonForm):
    """The letter's text, and why it is corrected."""


class FollowUpForm(MoveForm):
    category = CategoryField(Category.objects.none(), label=_("category"))
    note = forms.CharField(label=_("note"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["category"]
        field.queryset = categories_of(self.rows[0])


def _is_under_way(reply: Reply) -> bool:
    return not reply.is_locked


SUBMIT = Move(
    name="submit",
    label=_("Hand in for review"),
    explanation=_("The department's reviewer finds the letter on the desk."),
    run=Reply.submit,
    guard=Reply.why_not_submit,
    is_shown=lambda reply: reply.state == State.DRAFTING,
    doubts=doubts_of_reply,
)
REVIEW = Move(
    name="review",
    label=_("Agree to the letter"),
    explanation=_(
        "The letter goes on: to audit where the rules want it, else to be signed. One that is out "
        "on paper already is thereby sent, on its own date, and its text is locked."
    ),
    run=Reply.review,
    guard=Reply.why_not_review,
    is_shown=_is_under_way,
    doubts=doubts_of_reply,
)
AUDIT = Move(
    name="audit",
    label=_("Pass the audit"),
    explanation=_("The department may then sign the letter. The category can be put right here."),
    run=Reply.audit,
    guard=Reply.why_not_audit,
    is_shown=_is_under_way,
    form=AuditForm,
    doubts=doubts_of_reply,
)
SIGN = Move(
    name="sign",
    label=_("Record the signature"),
    explanation=_("The head of the department has signed: number, signatory and date are final."),
    run=Reply.sign,
    guard=Reply.why_not_sign,
    is_shown=_is_under_way,
    form=SignForm,
    doubts=doubts_of_reply,
    is_single=True,
)
SEND = Move(
    name="send",
    label=_("Send"),
    explanation=_("The letter goes to the deputy. From then on its text is locked."),
    run=Reply.send,
    guard=Reply.why_not_send,
    is_shown=_is_under_way,
    doubts=doubts_of_reply,
)
SEND_BACK = Move(
    name="send_back",
    label=_("Send back for changes"),
    explanation=_("Who drafts the letter reads what is to be changed and hands it in again."),
    run=Reply.send_back,
    guard=Reply.why_not_send_back,
    is_shown=_is_under_way,
    form=ReasonForm,
)
CORRECT = Move(
    name="correct",
    label=_("Correct as a new version"),
    explanation=_(
        "The text as sent stays under its own version. Measures, promises and figures move to "
        "where their words now stand; words that they are tied to cannot be taken out."
    ),
    run=lambda reply, *, text, **facts: reply.correct(text, **facts),
    guard=Reply.why_not_correct,
    is_shown=lambda reply: reply.is_locked,
    form=CorrectForm,
    is_single=True,
)
FOLLOW_UP = Move(
    name="follow_up",
    label=_("Follow up the category"),
    explanation=_("How far it is now. What the letter said on its day stays beside it."),
    run=FollowUpCategory.follow_up,
    guard=FollowUpCategory.why_not_follow_up,
    is_shown=lambda reply: reply.is_locked,
    form=FollowUpForm,
    is_single=True,
)
ON_ITS_WAY = (SUBMIT, REVIEW, AUDIT, SIGN, SEND, SEND_BACK)
AFTERWARDS = (CORRECT, FOLLOW_UP)
