"""What the deputies' office enters from the paper forms (征询意见表), as buttons of the letter."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assemblies.models import Deputy, Rating
from clerkadmin.files import ENDINGS, check_file
from clerkadmin.moves import Move, MoveForm
from proposals import rating
from proposals.models import Feedback, Reply


class NotRatedForm(MoveForm):
    deputy = forms.ModelChoiceField(Deputy.objects.none(), label=_("deputy"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["deputy"]
        field.queryset = self.deputies()
        if len(field.queryset) == 1:
            field.initial = field.queryset[0]

    def deputies(self) -> Any:
        """Those whose word is still awaited."""
        awaited = Feedback.objects.filter(reply=self.rows[0], state=Feedback.State.AWAITED)
        return Deputy.objects.filter(feedback__in=awaited)


class ScanField(forms.FileField):
    """The form that the deputy has signed, as a picture or a document."""

    def __init__(self) -> None:
        super().__init__(
            label=_("scan of the signed form"),
            required=False,
            widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS)}),
            help_text=_(
                "For what was signed on paper. The offices and the deputy can open it, nobody else."
            ),
        )

    def clean(self, data: Any, initial: Any = None) -> UploadedFile | None:
        file: UploadedFile | None = super().clean(data, initial)
        if file:
            check_file(file)
        return file or None


class RateForm(NotRatedForm):
    process = forms.ModelChoiceField(
        Rating.objects.none(), label=_("rating of the process"), required=False
    )
    result = forms.ModelChoiceField(Rating.objects.none(), label=_("rating of the result"))
    reason = forms.CharField(
        label=_("reason"),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        help_text=_("In the deputy's words; needed where the deputy is not satisfied."),
    )
    on_paper = forms.BooleanField(label=_("signed on paper"), required=False, initial=True)
    scan = ScanField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        steps = rating.steps_of(self.rows[0], on=self.fields["on"].initial())
        for name in ("process", "result"):
            field: Any = self.fields[name]
            field.queryset = steps

    def deputies(self) -> Any:
        """Those who are asked, and those who have rated it before."""
        reply = self.rows[0]
        rated = Feedback.objects.filter(reply=reply).values("deputy")
        return Deputy.objects.filter(Q(pk__in=reply.raters()) | Q(pk__in=rated))


def doubts_of_rating(reply: Reply) -> list[str | Promise]:
    """Forms said to be signed on paper, and no paper is there."""
    bare = reply.feedback.filter(on_paper=True, scan="", state=Feedback.State.RETURNED)
    names = "、".join(bare.values_list("deputy__name", flat=True))
    return [_("No scan of the signed form is kept: %(names)s.") % {"names": names}] if names else []


RATE = Move(
    name="rate",
    label=_("Enter a rating"),
    explanation=_(
        "From the deputy's form. Not satisfied: the proposal is handled again, with a new date. "
        "The reason is never shown to the public."
    ),
    run=rating.rate,
    guard=rating.why_not_rate,
    doubts=doubts_of_rating,
    is_shown=lambda reply: reply.is_locked,
    form=RateForm,
    is_single=True,
)
NOT_RATED = Move(
    name="not_rated",
    label=_("Rating not returned"),
    explanation=_(
        "The time is over and no form came: it counts as not returned, never as satisfied."
    ),
    run=rating.not_rated,
    guard=rating.why_not_give_up,
    is_shown=lambda reply: reply.is_locked,
    form=NotRatedForm,
    is_single=True,
)
RATINGS = (RATE, NOT_RATED)
