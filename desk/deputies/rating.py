"""A deputy's word on a letter: process and result apart, until the period ends; and its paper."""

from __future__ import annotations

from dataclasses import dataclass
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
from django.views.decorators.http import require_http_methods, require_safe

from accounts.alarms import class_of, watch
from assemblies.models import Deputy, Rating
from clerkadmin import drafts
from clerkadmin.tokens import form_marks, hand_in
from desk.deputies.door import deputy_of, find_reply, for_deputies, seen_in
from measures.paper_form import paper_form
from proposals import rating
from proposals.models import Event, Feedback, Proposal, Reply

State = Proposal.State
UNSATISFIED = Rating.Meaning.UNSATISFIED


class RatingForm(forms.Form):
    process = forms.ModelChoiceField(
        Rating.objects.none(),
        label=gettext_lazy("The process: how you were contacted and heard"),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    result = forms.ModelChoiceField(
        Rating.objects.none(),
        label=gettext_lazy("The result: what the letter says and promises"),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    reason = forms.CharField(
        label=gettext_lazy("Your reason"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=5000,
        required=False,
    )

    def __init__(self, *args: Any, steps: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("process", "result"):
            field: Any = self.fields[name]
            field.queryset = steps
            field.error_messages["required"] = _("Choose one.")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        result, reason = data.get("result"), str(data.get("reason", "")).strip()
        if result and result.meaning == UNSATISFIED and not reason:
            self.add_error("reason", _("You are not satisfied with the result: say why."))
        return data


@dataclass(frozen=True)
class Asked:
    """One deputy before one letter: whether they are asked, and what they have said so far."""

    letter: Reply
    deputy: Deputy
    feedback: Feedback | None
    today: date

    @property
    def is_asked(self) -> bool:
        return self.feedback is not None

    @property
    def due_on(self) -> date | None:
        return self.feedback.due_on if self.feedback else None

    @property
    def is_rated(self) -> bool:
        return self.feedback is not None and self.feedback.state == Feedback.State.RETURNED

    def why_not(self) -> str | Promise:
        """Why the letter cannot be rated here now; empty: it can."""
        return why_not(self.feedback, on=self.today) if self.feedback else ""


def why_not(feedback: Feedback, *, on: date) -> str | Promise:
    """Why the deputy cannot rate that letter here now; empty: they can."""
    closed = rating.why_not_changed(feedback, on=on)
    if not closed and feedback.due_on and on > feedback.due_on:
        closed = _("The time to rate the letter was over on %(date)s.") % {
            "date": date_format(feedback.due_on)
        }
    return closed or rating.why_not_rate(feedback.reply)


def asked_of(request: HttpRequest, key: str, reply: str) -> Asked:
    """The letter that the deputy may read, with what is asked of them."""
    letter, deputy = find_reply(request, key, reply, "rate"), deputy_of(request)
    rows = Feedback.objects.visible_to(request.user).select_related(
        "process_rating", "result_rating", "reason", "reply", "deputy"
    )
    feedback = rows.filter(reply=letter, deputy=deputy).first()
    feedback = feedback or rating.asked_anew(letter, deputy)
    return Asked(letter, deputy, feedback, timezone.localdate())


@for_deputies
@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: HttpRequest, key: str, reply: str) -> HttpResponse:
    """The form, the present answer, or why it is closed; on POST the rating is given."""
    asked = asked_of(request, key, reply)
    if request.method == "POST":
        if not asked.is_asked:
            raise Http404
        return hand_in(request, lambda: _answered(request, asked))
    return _page(request, asked, _form(asked, drafts.taken_up(request)))


@for_deputies
@require_safe
def paper(request: HttpRequest, key: str, reply: str) -> HttpResponse:
    """The same on paper: for the deputy who is asked, to be signed."""
    asked = asked_of(request, key, reply)
    if not asked.is_asked:
        raise Http404
    found = paper_form(asked.letter, [asked.deputy], on=asked.today)
    return render(request, "measures/paper_form.html", {**found, "back": ".."})


def _answered(request: HttpRequest, asked: Asked) -> HttpResponse:
    form = _form(asked, request.POST)
    why_not = asked.why_not()
    if why_not:
        messages.error(request, str(why_not))
    elif form.is_valid():
        try:
            feedback = rating.rate(
                asked.letter,
                deputy=asked.deputy,
                on=asked.today,
                address_class=class_of(request),
                seen=seen_in(request),
                by=request.user,  # type: ignore[arg-type]
                **form.cleaned_data,
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            watch(request, feedback)
            request.was_saved = True  # type: ignore[attr-defined]
            messages.success(request, _("Your rating is recorded."))
            return redirect(request.path)
    return _page(request, asked, form)


def _form(asked: Asked, data: Any) -> RatingForm:
    steps = rating.steps_of(asked.letter, on=asked.today).order_by("order", "pk")
    initial: dict[str, Any] = {}
    if asked.feedback is not None and asked.is_rated:
        initial = {
            "process": asked.feedback.process_rating_id,
            "result": asked.feedback.result_rating_id,
            "reason": reason_of(asked.feedback),
        }
    return RatingForm(data, steps=steps, initial=initial)


def reason_of(feedback: Feedback) -> str:
    """What the deputy wrote to it, for the deputy's own eyes."""
    return feedback.reason.text if hasattr(feedback, "reason") else ""


def _page(request: HttpRequest, asked: Asked, form: RatingForm) -> HttpResponse:
    letter = asked.letter
    own = Proposal.objects.visible_to(request.user).filter(
        pk__in=[proposal.pk for proposal in letter.answered]
    )
    proposal = own.order_by("pk").first()
    result: Any = form.fields["result"]
    context = {
        "assembly": letter.proposal.assembly,
        "letter": letter,
        "proposal": proposal,
        "asked": asked,
        "why_not": asked.why_not() if asked.is_asked else "",
        "raters": letter.raters().order_by("pk"),
        "seen": letter.versions.count(),
        "promise_count": letter.commitments.count(),
        "form": form,
        "form_marks": form_marks(request.user),
        "reason": reason_of(asked.feedback) if asked.feedback else "",
        "if_unsatisfied": _if_unsatisfied(asked),
        "unsatisfied": [step.label for step in result.queryset if step.meaning == UNSATISFIED],
        "next": _what_comes_next(asked, rating.handled_as(proposal))
        if asked.is_rated and proposal
        else [],
    }
    return render(request, "desk/deputy/rate.html", context)


def _if_unsatisfied(asked: Asked) -> str:
    """What follows if the deputy is not satisfied: said before it is sent."""
    if asked.is_asked and not asked.why_not():
        found = rating.consequence(asked.letter, asked.deputy)
        if found is None:
            return _("The proposal is on its way again already; your rating is recorded.")
        if found.kind == Event.Kind.ESCALATED:
            return _(
                "This is the second time or more: the proposal is escalated to the assembly's "
                "committee, which decides how it goes on. Your rating can then not be changed "
                "any more."
            )
        until = found.until(on=asked.today)
        if until is None:
            return _(
                "The proposal is handled again, and the department answers you anew. Your rating "
                "can then not be changed any more."
            )
        return _(
            "The proposal is handled again, and the department answers you anew by %(date)s. Your "
            "rating can then not be changed any more."
        ) % {"date": date_format(until)}
    return ""


def _what_comes_next(asked: Asked, proposal: Proposal) -> list[str]:
    """What happens after the rating, in words: by what the proposal is now."""
    said: list[str] = []
    promises = asked.letter.commitments.open().count()
    if proposal.state == State.REHANDLING:
        parts = proposal.assignments.present().answering()
        days = [part.redo_by for part in parts if part.redo_by]
        said.append(
            _("The proposal is handled again: a new reply is due by %(date)s.")
            % {"date": date_format(max(days))}
            if days
            else _("The proposal is handled again: the department answers you anew.")
        )
    elif proposal.state == State.ESCALATED:
        said.append(
            _("The proposal is escalated: the assembly's committee decides how it goes on.")
        )
    elif proposal.state == State.CLOSED:
        said.append(_("The proposal is closed."))
    elif promises:
        said.append(
            _(
                "The letter's promises are followed up. When the department reports on one, or its "
                "date has passed, you are asked whether it is kept."
            )
        )
    else:
        said.append(_("No promise is open: the deputies' office closes the proposal."))
    return said
