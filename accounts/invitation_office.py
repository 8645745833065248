"""The pages on which the deputies' office invites: whom, and the links that no mail carries.

A link stands on the answer to the form and nowhere else: opened again, the page has none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Page
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from access.sight import may_choose
from accounts import inviting
from accounts.invitation_forms import InviteRow, RenewForm
from accounts.inviting import Invited
from accounts.models import Invitation
from accounts.pictures import scannable
from assemblies.models import Deputy, DeputyContact
from clerkadmin.kept import answered_once, kept_context
from clerkadmin.lookups import is_key
from clerkadmin.paging import CappedPaginator
from notifications.outbox import can_send

A_PAGE = 50


@dataclass(frozen=True)
class Sheet:
    """What is handed over on paper: whose link it is, and the link for the eye and a camera."""

    invitation: Invitation
    link: str

    @property
    def picture(self) -> SafeString:
        return scannable(self.link)


def choose_page(page: Any, request: HttpRequest) -> HttpResponse:
    """Choose deputies without an account, and invite them."""
    if request.method == "POST":
        return answered_once(request, lambda: _invited(page, request))
    return _choose(page, request, *_rows(request))


def renew_page(page: Any, request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Ask to which address, then make another link."""
    if request.method == "POST":
        return answered_once(request, lambda: _renewed(page, request, invitation))
    form = RenewForm(initial={"email": invitation.email})
    return _renew(page, request, invitation, form)


# Whom -----------------------------------------------------------------------------------


def _candidates(request: HttpRequest) -> QuerySet[Deputy]:
    """Serving deputies of the own assembly with neither an account nor an invitation."""
    rows: QuerySet[Deputy] = may_choose(request.user, Invitation._meta.get_field("deputy"))  # type: ignore[arg-type]
    pending = Invitation.objects.filter(used_at=None, cancelled_at=None).order_by()
    rows = rows.filter(user=None, is_serving=True).exclude(pk__in=pending.values("deputy"))
    chosen = request.GET.get("deputy", "")
    if is_key(chosen):
        rows = rows.filter(pk=chosen)
    for word in request.GET.get("q", "").replace("\0", "").split():
        named = Q(name__icontains=word) | Q(delegation__icontains=word)
        rows = rows.filter(named | Q(sector__icontains=word))
    return rows.select_related("assembly").order_by("assembly", "delegation", "sector", "name")


def _rows(request: HttpRequest, data: Any = None) -> tuple[Page, list[InviteRow]]:
    found = CappedPaginator(_candidates(request), A_PAGE).get_page(request.GET.get("page"))
    deputies = list(found)
    contacts = DeputyContact.objects.visible_to(request.user).filter(deputy__in=deputies)
    emails = dict(contacts.order_by().values_list("deputy", "email"))
    is_one = "deputy" in request.GET
    forms = [
        InviteRow(
            data,
            deputy=deputy,
            email=emails.get(deputy.pk, ""),
            is_chosen=is_one,
        )
        for deputy in deputies
    ]
    return found, forms


def _choose(
    page: Any, request: HttpRequest, found: Page, forms: Sequence[InviteRow], *, error: str = ""
) -> HttpResponse:
    context = {
        **page.admin_site.each_context(request),
        **kept_context(request),
        "opts": page.opts,
        "title": _("Invite deputies"),
        "found": found,
        "forms": forms,
        "error": error,
        "searched": request.GET.get("q", ""),
        "is_one": "deputy" in request.GET,
        "can_send": can_send(),
    }
    return TemplateResponse(request, "accounts/invitation_choose.html", context)


def _invited(page: Any, request: HttpRequest) -> HttpResponse:
    found, forms = _rows(request, request.POST)
    chosen = [form for form in forms if form["chosen"].value()]
    if not chosen:
        error = _("Choose at least one deputy. Whoever has an account by now is not listed.")
        return _choose(page, request, found, forms, error=error)
    if not all([form.is_valid() for form in chosen]):
        return _choose(page, request, found, forms, error=_("Nobody was invited yet: see below."))
    made: list[Invited] = []
    for form in chosen:
        try:
            by: Any = request.user
            made.append(inviting.invite(form.deputy, form.cleaned_data["email"], by=by))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
    return _answer(page, request, made)


# The answer -----------------------------------------------------------------------------


def _answer(page: Any, request: HttpRequest, made: Sequence[Invited]) -> HttpResponse:
    """Those without a mail are shown their link, this once; else the list."""
    request.was_saved = True  # type: ignore[attr-defined]
    for one in made:
        page.log_addition(request, one.invitation, str(_("Invited.")))
    mailed = [one.invitation for one in made if one.is_mailed]
    if mailed:
        said = ngettext(
            "%(count)s invitation goes out by e-mail within minutes.",
            "%(count)s invitations go out by e-mail within minutes.",
            len(mailed),
        )
        messages.success(request, said % {"count": len(mailed)})
    sheets = [Sheet(one.invitation, one.link) for one in made if not one.is_mailed]
    if not sheets:
        return redirect("admin:accounts_invitation_changelist")
    context = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "title": _("Links to hand over"),
        "sheets": sheets,
    }
    # Rendered now: this is the one time that the links are known.
    return TemplateResponse(request, "accounts/invitation_sheets.html", context).render()


def _renew(page: Any, request: HttpRequest, invitation: Invitation, form: Any) -> HttpResponse:
    context = {
        **page.admin_site.each_context(request),
        **kept_context(request),
        "opts": page.opts,
        "title": _("Renew the invitation"),
        "invitation": invitation,
        "why_not": invitation.why_not_renew(),
        "form": form,
        "can_send": can_send(),
    }
    return TemplateResponse(request, "accounts/invitation_renew.html", context)


def _renewed(page: Any, request: HttpRequest, invitation: Invitation) -> HttpResponse:
    form = RenewForm(request.POST)
    if not form.is_valid():
        return _renew(page, request, invitation, form)
    by: Any = request.user
    try:
        made = inviting.renew(invitation, by=by, email=form.cleaned_data["email"])
    except ValidationError as error:
        form.add_error(None, error)
        return _renew(page, request, invitation, form)
    return _answer(page, request, [made])
