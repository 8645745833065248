"""A deputy's word on a promise: kept, or not kept and why."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.alarms import class_of, watch
from clerkadmin import drafts
from clerkadmin.tokens import form_marks, hand_in
from desk.deputies.door import find_reply, for_deputies, seen_in
from measures import verdicts
from measures.models import Commitment, CommitmentFeedback, CommitmentUpdate
from proposals.models import Proposal
from public.promises import standing
from public.timeline import due_said

State = CommitmentFeedback.State
KEPT, NOT_KEPT = "kept", "not_kept"
GIVEN_UP = (Commitment.State.IMPOSSIBLE, Commitment.State.EXPLAINED)


class WordForm(forms.Form):
    word = forms.ChoiceField(
        label=gettext_lazy("Is this promise kept?"), widget=forms.RadioSelect, choices=()
    )
    reason = forms.CharField(
        label=gettext_lazy("Your reason"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=5000,
        required=False,
    )

    def __init__(self, *args: Any, is_given_up: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["word"]
        field.error_messages["required"] = _("Choose one.")
        if is_given_up:
            field.label = _("It was given up. Do you accept that?")
            field.choices = [
                (KEPT, _("Yes, I accept the reasons")),
                (NOT_KEPT, _("No, it has to be kept")),
            ]
        else:
            field.choices = [(KEPT, _("Yes, it is kept")), (NOT_KEPT, _("No, it is not kept"))]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("word") == NOT_KEPT and not str(data.get("reason", "")).strip():
            self.add_error("reason", _("Say why: the department has to know what is missing."))
        return data


@for_deputies
@require_http_methods(["GET", "HEAD", "POST"])
def promise(request: HttpRequest, key: str, reply: str, number: int) -> HttpResponse:
    """The promise with all that was reported, and the question; on POST the word is given."""
    letter = find_reply(request, key, reply)
    rows = Commitment.objects.visible_to(request.user).select_related("lead_department")
    found = rows.filter(reply=letter, number=number).first()
    if found is None:
        raise Http404
    found.reply = letter
    question = (
        CommitmentFeedback.objects.editable_by(request.user, "answer")
        .select_related("update", "deputy")
        .filter(commitment=found)
        .order_by("pk")
        .last()
    )
    if question is not None:
        question.commitment = found
    if request.method == "POST":
        if question is None:
            raise Http404
        return hand_in(request, lambda: _answered(request, found, question))
    return _page(request, found, question, _form(found, question, drafts.taken_up(request)))


def why_not(question: CommitmentFeedback, *, on: date) -> str | Promise:
    """Why the deputy cannot answer here now; empty: they can."""
    closed = verdicts.why_not_answer(question, on=on)
    if not closed and question.due_on and on > question.due_on:
        closed = _("The time to answer was over on %(date)s.") % {
            "date": date_format(question.due_on)
        }
    return closed


def for_reader(own: Iterable[CommitmentFeedback], updates: Iterable[CommitmentUpdate]) -> None:
    """What another deputy wrote is for those who keep the promise: that word stands alone here."""
    keys = {word.update_id for word in own}
    for update in updates:
        if update.author == CommitmentUpdate.Author.DEPUTY and update.pk not in keys:
            update.text = ""


def _answered(
    request: HttpRequest, found: Commitment, question: CommitmentFeedback
) -> HttpResponse:
    form, today = _form(found, question, request.POST), timezone.localdate()
    closed = why_not(question, on=today)
    if closed:
        messages.error(request, str(closed))
    elif form.is_valid():
        try:
            verdicts.answer(
                question,
                kept=form.cleaned_data["word"] == KEPT,
                reason=form.cleaned_data["reason"],
                on=today,
                address_class=class_of(request),
                seen=seen_in(request),
                by=request.user,  # type: ignore[arg-type]
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            watch(request, question)
            request.was_saved = True  # type: ignore[attr-defined]
            messages.success(request, _("Your word is recorded."))
            return redirect(request.path)
    return _page(request, found, question, form)


def _form(found: Commitment, question: CommitmentFeedback | None, data: Any) -> WordForm:
    initial: dict[str, Any] = {}
    if question is not None and question.update is not None:
        is_kept = question.state == State.CONFIRMED
        initial = {"word": KEPT if is_kept else NOT_KEPT, "reason": question.update.text}
    return WordForm(data, initial=initial, is_given_up=_is_given_up(found))


def _is_given_up(found: Commitment) -> bool:
    """Whether the department has said last that it will not be kept."""
    return verdicts.reported(found)[0] in GIVEN_UP


def _page(
    request: HttpRequest,
    found: Commitment,
    question: CommitmentFeedback | None,
    form: WordForm,
) -> HttpResponse:
    today, letter = timezone.localdate(), found.reply
    seen = CommitmentUpdate.objects.visible_to(request.user).filter(commitment=found)
    words = CommitmentFeedback.objects.visible_to(request.user).filter(commitment=found)
    updates = list(seen.order_by("on", "pk"))
    for_reader(words, updates)
    own = Proposal.objects.visible_to(request.user).filter(
        pk__in=[proposal.pk for proposal in letter.answered]
    )
    awaited = found.feedback.awaited().select_related("deputy")
    context = {
        "assembly": letter.proposal.assembly,
        "promise": found,
        "letter": letter,
        "proposal": own.order_by("pk").first(),
        "standing": standing(found.state, found.due_on, today=today, countdown=True),
        "due": due_said(
            found.due_text, found.due_on, is_moved=any(update.due_on for update in updates)
        ),
        "before": letter.text[: found.start].rpartition("\n")[2],
        "after": letter.text[found.end :].partition("\n")[0],
        "supporting": found.supporting_departments.all(),
        "updates": updates,
        "question": question,
        "why_not": why_not(question, on=today) if question else "",
        "awaited": [word.deputy for word in awaited],
        "is_given_up": _is_given_up(found),
        "form": form,
        "form_marks": form_marks(request.user),
    }
    return render(request, "desk/deputy/promise.html", context)
