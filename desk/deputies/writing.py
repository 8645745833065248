"""Writing a proposal, handing it in, taking it back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from clerkadmin import drafts
from clerkadmin.files import ENDINGS
from clerkadmin.tokens import TOKEN, form_marks, hand_in, is_spent
from desk.deputies.door import deputy_of, find_proposal, for_deputies, seen_in
from desk.deputies.draft_form import DraftForm, posted, remember
from proposals import private_words, registering, submitting
from proposals.models import Attachment, Event, Proposal, Sponsorship
from proposals.one_matter import doubts

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why is it withdrawn?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "Who stands under it with you reads it, and the office if it was handed in."
        ),
    )


@for_deputies
def write(request: HttpRequest) -> HttpResponse:
    """What a proposal needs, and a button that begins one."""
    deputy = deputy_of(request)
    if request.method == "POST":

        def do() -> HttpResponse:
            proposal = submitting.begin(deputy, by=by(request))
            return saved(request, "desk:edit", proposal)

        return attempted(request, do, lambda: redirect("desk:write"))
    own = Proposal.objects.editable_by(request.user, "change")
    context = {
        "assembly": deputy.assembly,
        "why_not": submitting.why_not_begin(deputy),
        "drafts": own.filter(state__in=Proposal.UNSUBMITTED).order_by("-pk")[:20],
    }
    return page(request, "write", **context)


@for_deputies
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """The texts of a draft; those that co-sponsors have confirmed are opened knowingly."""
    if request.method == "POST":
        return hand_in(request, lambda: _edited(request, key, partial(_go_on, request)))
    proposal = find_proposal(request, key, "change")
    if proposal.state not in Proposal.UNSUBMITTED:
        return redirect("desk:proposal", key)
    typed = drafts.taken_up(request)
    form = DraftForm(typed, instance=proposal)
    form.is_on_view = typed is not None
    return _edit_page(request, proposal, form)


@for_deputies
@require_POST
def keep(request: HttpRequest, key: str) -> HttpResponse:
    """Called by clerkadmin.js every few seconds; what it says stands beside the form."""
    if is_spent(request.POST.get(TOKEN, "")):
        return JsonResponse({"said": ""})  # on its way while the form itself was saved
    with transaction.atomic():
        proposal, form = _filled(request, key)
        if form.conflict:
            said = _(
                "Changed in another window or on another device: nothing was overwritten. "
                "Go on with the button below to compare both texts."
            )
            return JsonResponse({"said": said}, status=409)
        if not form.is_valid():
            why = "".join(str(errors[0]) for errors in list(form.errors.values())[:1])
            return JsonResponse({"said": _("Not kept: %s") % why}, status=400)
        submitting.change(proposal, by=by(request), **form.texts())
    remember(request, proposal)
    at = time_format(localtime(timezone.now()), "H:i")
    return JsonResponse({"said": _("Kept at %s") % at})


@for_deputies
def attach(request: HttpRequest, key: str) -> HttpResponse:
    """Add a paper; what was typed beside it is saved with it."""
    if request.method != "POST":
        return redirect("desk:edit", key)  # a refused file leaves this address in the browser

    def then(proposal: Proposal) -> HttpResponse:
        file = request.FILES.get("file")
        try:
            if not isinstance(file, UploadedFile):
                raise ValidationError(_("Choose a file first."))
            paper = submitting.attach(proposal, file, by=by(request))
        except ValidationError as error:
            # The texts are saved; the form stays open for another file.
            request.was_saved = False  # type: ignore[attr-defined]
            form = DraftForm(instance=find_proposal(request, key, "change"))
            return _edit_page(request, proposal, form, paper_errors=error.messages)
        messages.success(request, _("%s was added.") % paper)
        return redirect(f"{reverse('desk:edit', args=[key])}?change=1#papers")

    return hand_in(request, lambda: _edited(request, key, then))


@for_deputies
def detach(request: HttpRequest, key: str, attachment: int) -> HttpResponse:
    """Take a paper out; what was typed beside it is saved with it."""
    if request.method != "POST":
        return redirect("desk:edit", key)

    def then(proposal: Proposal) -> HttpResponse:
        papers = Attachment.objects.editable_by(request.user, "delete")
        paper = papers.filter(pk=attachment, proposal=proposal).first()
        if paper is None:
            raise Http404
        submitting.detach(paper, by=by(request))
        messages.success(request, _("%s was removed.") % paper)
        return redirect(f"{reverse('desk:edit', args=[key])}?change=1#papers")

    return hand_in(request, lambda: _edited(request, key, then))


@for_deputies
def submit(request: HttpRequest, key: str) -> HttpResponse:
    """The whole as it will be handed in, what is doubtful in it, and the button."""
    if request.method == "POST":

        def do() -> HttpResponse:
            proposal = find_proposal(request, key, "submit")
            seen = seen_in(request)
            submitting.submit(proposal, seen=seen, by=by(request))
            messages.success(
                request, _("It is handed in. You are told when the office has registered it.")
            )
            return saved(request, "desk:proposal", proposal)

        return attempted(request, do, lambda: redirect("desk:submit", key))
    proposal = find_proposal(request, key, "submit")
    if proposal.state not in Proposal.UNSUBMITTED:
        return redirect("desk:proposal", key)
    title = proposal.title if submitting.has_title(proposal) else ""
    context = {
        "why_not": submitting.why_not_submit(proposal),
        "doubts": [
            *doubts(title, proposal.reason, proposal.request),
            *private_words.doubts_of(proposal),
        ],
        "may_throw_away": not submitting.why_not_throw_away(proposal),
        "may_withdraw": not registering.why_not_withdraw(proposal),
    }
    return page(request, "check", **whole(proposal), **context)


@for_deputies
def withdraw(request: HttpRequest, key: str) -> HttpResponse:
    """Take it back, with a reason, until it is assigned."""
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():

        def do() -> HttpResponse:
            proposal = find_proposal(request, key, "withdraw")
            reason, today = form.cleaned_data["reason"], timezone.localdate()
            registering.withdraw(proposal, reason=reason, on=today, by=by(request))
            messages.success(request, _("The proposal is withdrawn."))
            return saved(request, "desk:proposal", proposal)

        return attempted(request, do, lambda: redirect("desk:withdraw", key))
    proposal = find_proposal(request, key, "withdraw")
    if proposal.state == Proposal.State.DRAFT:
        raise Http404
    typed = drafts.taken_up(request)
    if typed is not None:
        form = WithdrawForm(initial=typed.dict())
    why_not = registering.why_not_withdraw(proposal)
    return page(request, "withdraw", proposal=proposal, form=form, why_not=why_not)


@for_deputies
def write_anew(request: HttpRequest, key: str) -> HttpResponse:
    """Why it came back, and a new draft with its text."""
    if request.method == "POST":

        def do() -> HttpResponse:
            proposal = find_proposal(request, key, "write_anew")
            draft = submitting.write_anew(proposal, deputy_of(request), by=by(request))
            messages.success(request, _("This is a new draft with the same text and papers."))
            return saved(request, "desk:edit", draft)

        return attempted(request, do, lambda: redirect("desk:write_anew", key))
    proposal = find_proposal(request, key, "write_anew")
    if proposal.state not in submitting.WRITTEN_ANEW:
        raise Http404
    return page(request, "write_anew", **whole(proposal), came_back=came_back(proposal))


@for_deputies
def throw_away(request: HttpRequest, key: str) -> HttpResponse:
    """Delete a draft that nobody else was shown: asked first."""
    if request.method == "POST":

        def do() -> HttpResponse:
            submitting.throw_away(find_proposal(request, key, "change"))
            messages.success(request, _("The draft is thrown away."))
            return saved(request, "desk:write")

        return attempted(request, do, lambda: redirect("desk:submit", key))
    proposal = find_proposal(request, key, "change")
    if submitting.why_not_throw_away(proposal):
        raise Http404
    return page(request, "throw_away", proposal=proposal)


def by(request: HttpRequest) -> User:
    return cast("User", request.user)


def page(request: HttpRequest, name: str, **context: Any) -> HttpResponse:
    """A page of this room, with the marks of its form."""
    context = {
        "part": "write",
        "assembly": context["proposal"].assembly if "proposal" in context else None,
        "form_marks": form_marks(request.user),
        **context,
    }
    return render(request, f"desk/deputy/{name}.html", context)


def saved(request: HttpRequest, address: str, proposal: Proposal | None = None) -> HttpResponse:
    """Where a move that was made leads to."""
    request.was_saved = True  # type: ignore[attr-defined]
    return redirect(address, proposal.key) if proposal else redirect(address)


def attempted(
    request: HttpRequest, do: Callable[[], HttpResponse], back: Callable[[], HttpResponse]
) -> HttpResponse:
    """Answer a POST once; where the move is refused, its reason is said on the page before."""

    def inner() -> HttpResponse:
        try:
            with transaction.atomic():
                return do()
        except ValidationError as error:
            request.was_saved = False  # type: ignore[attr-defined]
            messages.error(request, " ".join(error.messages))
            return back()
        except ObjectDoesNotExist as error:
            # Taken back or thrown away while this waited for it.
            raise Http404 from error

    return hand_in(request, inner)


def whole(proposal: Proposal) -> dict[str, Any]:
    """The proposal as it is read before an answer: its papers, and who was asked."""
    names = list(proposal.sponsorships.select_related("deputy").order_by("order", "pk"))
    return {
        "proposal": proposal,
        "papers": list(proposal.attachments.all()),
        "lead": next((name for name in names if name.role == Sponsorship.Role.LEAD), None),
        "asked": [name for name in names if name.role != Sponsorship.Role.LEAD],
        "unanswered": [
            name for name in names if name.asked_on and not (name.confirmed_on or name.declined_on)
        ],
    }


def came_back(proposal: Proposal) -> dict[str, Any]:
    """The day, the ground and the reason with which it was sent back or withdrawn."""
    kinds = (Event.Kind.SENT_BACK, Event.Kind.WITHDRAWN)
    event = Event.objects.filter(proposal=proposal, kind__in=kinds).last()
    if event is None:
        return {}
    grounds = dict(registering.Ground.choices)
    ground = grounds.get(event.details.get("ground", ""), "")
    return {"on": event.on, "ground": ground, "reason": event.details.get("reason", "")}


def _filled(request: HttpRequest, key: str) -> tuple[Proposal, DraftForm]:
    """The draft, held until this is done, and the form that was sent for it."""
    proposal = find_proposal(request, key, "change")
    submitting.hold(proposal)
    data, why_not = posted(request), submitting.why_not_change(proposal)
    if why_not:
        # Nobody has written beside it: it is closed, and that is said.
        data["version"] = str(proposal.version)
    form = DraftForm(data, instance=proposal)
    if form.is_valid() and why_not:
        form.add_error(None, why_not)
    return proposal, form


def _edited(
    request: HttpRequest, key: str, then: Callable[[Proposal], HttpResponse]
) -> HttpResponse:
    """Save the texts, then go on; or the form again, with what was typed."""
    proposal, form = _filled(request, key)
    if not form.is_valid():
        return _edit_page(request, proposal, form)
    if submitting.change(proposal, by=by(request), **form.texts()):
        said = _("The text has changed: who had confirmed it is asked again.")
        messages.warning(request, said)
    request.was_saved = True  # type: ignore[attr-defined]
    return then(proposal)


def _go_on(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """Where the button that was pressed leads to."""
    match request.POST.get("then"):
        case "later":
            messages.success(request, _("The draft is saved."))
            return redirect("desk:write")
        case "cosigners":
            return redirect("desk:cosigners", proposal.key)
    return redirect("desk:submit", proposal.key)


def _edit_page(
    request: HttpRequest, proposal: Proposal, form: DraftForm, **context: Any
) -> HttpResponse:
    known = whole(proposal)
    confirmed = [name for name in known["asked"] if name.confirmed_on]
    is_asked = "change" in request.GET or "paper_errors" in context
    is_open = form.is_bound or is_asked or not confirmed
    return page(
        request,
        "edit",
        **known,
        form=form,
        confirmed=confirmed,
        is_open=is_open,
        endings=",".join(ENDINGS),
        most_papers=submitting.MOST_ATTACHMENTS,
        most_size=settings.LETTER_MAX_BYTES,
        why_no_paper=submitting.why_not_attach(proposal),
        grounds=[ground.label for ground in registering.Ground if ground != "other"],
        **context,
    )
