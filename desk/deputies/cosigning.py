"""Co-sponsors: asked, and answering."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assemblies.models import Deputy
from clerkadmin import drafts
from clerkadmin.lookups import is_key
from desk.deputies.door import deputy_of, find_proposal, for_deputies, seen_in
from desk.deputies.writing import attempted, by, page, saved, whole
from proposals import submitting
from proposals.models import Event, Proposal, Sponsorship

# So many are shown of those that are found: more are narrowed down by a name.
MOST_FOUND = 30


class AnswerForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("Words to the lead sponsor, if you decline (may be left out)"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "The lead sponsor alone reads them, until the proposal is handed in or withdrawn."
        ),
    )


@for_deputies
def cosigners(request: HttpRequest, key: str) -> HttpResponse:
    """Whom to ask, found by name, and what those who were asked have answered."""
    if request.method == "POST":
        does = _take_back if "take_back" in request.POST else _ask
        return attempted(
            request, lambda: does(request, key), lambda: redirect("desk:cosigners", key)
        )
    proposal = find_proposal(request, key, "submit")
    if proposal.state not in Proposal.UNSUBMITTED:
        return redirect("desk:proposal", key)
    sought = request.GET.get("q", "").replace("\0", "").strip()[:100]
    found = list(_to_ask(request, proposal, sought)[: MOST_FOUND + 1])
    known = whole(proposal)
    _give_words(request, proposal, known["asked"])
    context = {
        "sought": sought,
        "found": found[:MOST_FOUND],
        "is_more": len(found) > MOST_FOUND,
        "why_not": submitting.why_not_ask(proposal),
    }
    return page(request, "cosigners", **known, **context)


@for_deputies
def cosign(request: HttpRequest, key: str) -> HttpResponse:
    """The whole text for who was asked, and their answer."""
    form = AnswerForm(request.POST or drafts.taken_up(request))
    if request.method == "POST" and form.is_valid():
        does = _decline if request.POST.get("answer") == "decline" else _confirm
        words = form.cleaned_data["words"]
        return attempted(
            request, lambda: does(request, key, words), lambda: redirect("desk:cosign", key)
        )
    own = _own_name(request, key)
    if own.proposal.state not in Proposal.UNSUBMITTED:
        return redirect("desk:proposal", key)
    known = whole(own.proposal)
    # Who has declined is told to the lead alone.
    known["asked"] = [name for name in known["asked"] if name.declined_on is None]
    return page(request, "cosign", part="home", **known, own=own, form=form)


def _ask(request: HttpRequest, key: str) -> HttpResponse:
    proposal = find_proposal(request, key, "submit")
    keys = [value for value in request.POST.getlist("deputies") if is_key(value)]
    deputies = list(_known_to(request).filter(pk__in=keys))
    if not deputies:
        raise ValidationError(_("Choose at least one deputy."))
    submitting.ask(proposal, deputies, by=by(request))
    said = ngettext(
        "%(count)d deputy is asked.", "%(count)d deputies are asked.", len(deputies)
    ) % {"count": len(deputies)}
    messages.success(request, said)
    return saved(request, "desk:cosigners", proposal)


def _take_back(request: HttpRequest, key: str) -> HttpResponse:
    proposal = find_proposal(request, key, "submit")
    value = request.POST["take_back"]
    names = Sponsorship.objects.editable_by(request.user, "ask").select_related("deputy")
    name = names.filter(pk=value, proposal=proposal).first() if is_key(value) else None
    if name is None:
        raise ValidationError(_("This deputy is not asked any more."))
    submitting.take_back(name, by=by(request))
    messages.success(request, _("%s is not asked any more.") % name.deputy)
    return saved(request, "desk:cosigners", proposal)


def _confirm(request: HttpRequest, key: str, _words: str) -> HttpResponse:
    own = _own_name(request, key)
    submitting.confirm(own, seen=seen_in(request), by=by(request))
    messages.success(request, _("Your name stands under it. The lead sponsor is told."))
    return saved(request, "desk:cosign", own.proposal)


def _decline(request: HttpRequest, key: str, words: str) -> HttpResponse:
    submitting.decline(_own_name(request, key), words=words, by=by(request))
    messages.success(request, _("Your name does not stand under it. The lead sponsor is told."))
    return saved(request, "desk:home")


def _own_name(request: HttpRequest, key: str) -> Sponsorship:
    """The deputy's own name under that proposal, where they were asked for it; or 404."""
    proposal = find_proposal(request, key)
    names = Sponsorship.objects.editable_by(request.user, "confirm").select_related("deputy")
    own = names.filter(proposal=proposal, asked_on__isnull=False).first()
    if own is None:
        raise Http404
    own.proposal = proposal
    return own


def _known_to(request: HttpRequest) -> QuerySet[Deputy]:
    """Those of the own assembly who can be asked."""
    seen = Deputy.objects.visible_to(request.user)
    return seen.filter(is_serving=True).order_by("name", "pk")


def _to_ask(request: HttpRequest, proposal: Proposal, sought: str) -> QuerySet[Deputy]:
    """By name, delegation or sector; at first those of the own delegation or sector."""
    under = proposal.sponsorships.order_by().values("deputy")
    left = _known_to(request).exclude(pk__in=under)
    for word in sought.split():
        parts = Q(name__icontains=word) | Q(delegation__icontains=word) | Q(sector__icontains=word)
        left = left.filter(parts)
    if sought:
        return left
    own = deputy_of(request)
    return left.filter(delegation=own.delegation, sector=own.sector)


def _give_words(request: HttpRequest, proposal: Proposal, names: list[Any]) -> None:
    """What those who declined wrote to the lead sponsor, who alone is shown it."""
    seen = Event.objects.visible_to(request.user).filter(proposal=proposal)
    declined = seen.filter(kind=Event.Kind.COSIGNING_DECLINED)
    words = {event.details.get("deputy_id"): event.details.get("words") for event in declined}
    for name in names:
        name.words = words.get(name.deputy_id) or ""
