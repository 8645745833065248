"""The pages on which the deputies' office invites: whom, and the links that no mail carries.

A link stands on the answer to the form and nowhere else: opened again, the page has none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Page
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from access.sight import may_choose
from accounts import inviting
from accounts.invitation_forms import InviteRow
from accounts.inviting import Invited
from accounts.models import Invitation
from accounts.pictures import scannable
from assemblies.models import Deputy, DeputyContact
from clerkadmin.kept import answered_once, kept_context
from clerkadmin.lookups import is_key
from clerkadmin.paging import CappedPaginator
from notifications.outbox import can_send

A_PAGE = 100


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


def renew_page(page: Any, request: HttpRequest) -> HttpResponse:
    """Ask to which addresses, then make another link for each."""
    if request.method == "POST":
        return answered_once(request, lambda: _renewed(page, request))
    named = _named(page, request)
    return _renew(page, request, named, _rows_anew(named))


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


def _emails(request: HttpRequest, deputies: Sequence[Deputy]) -> dict[int, str]:
    contacts = DeputyContact.objects.visible_to(request.user).filter(deputy__in=deputies)
    return dict(contacts.order_by().values_list("deputy", "email"))


def _rows(request: HttpRequest, data: Any = None) -> tuple[Page, list[InviteRow]]:
    found = CappedPaginator(_candidates(request), A_PAGE).get_page(request.GET.get("page"))
    deputies = list(found)
    emails = _emails(request, deputies)
    is_one = "deputy" in request.GET
    forms = [
        InviteRow(data, deputy=each, email=emails.get(each.pk, ""), is_chosen=is_one)
        for each in deputies
    ]
    return found, forms


def _choose(
    page: Any, request: HttpRequest, found: Page, forms: Sequence[InviteRow], *, error: str = ""
) -> HttpResponse:
    more = {
        "found": found,
        "searched": request.GET.get("q", ""),
        "is_one": "deputy" in request.GET,
        "verb": _("Invite"),
    }
    context = _asked(page, request, forms, title=_("Invite deputies"), error=error)
    return TemplateResponse(request, "accounts/invitation_choose.html", {**context, **more})


def _invited(page: Any, request: HttpRequest) -> HttpResponse:
    found, forms = _rows(request, request.POST)
    chosen, error = _chosen(forms)
    if error:
        return _choose(page, request, found, forms, error=error)
    by: Any = request.user
    made = _each(request, chosen, lambda row, email: inviting.invite(row.deputy, email, by=by))
    for one in made:
        page.log_addition(request, one.invitation, str(_("Invited.")))
    return _answer(page, request, made)


# Anew -----------------------------------------------------------------------------------


def _named(page: Any, request: HttpRequest) -> list[Invitation]:
    """Those named in the address, of those that the person may renew; or 404."""
    rows = page.rows_named(request, "renew")
    named = list(rows.order_by("deputy__delegation", "deputy__sector", "deputy__name"))
    if not named:
        raise Http404
    return named


def _rows_anew(named: Sequence[Invitation], data: Any = None) -> list[InviteRow]:
    """A deputy has one that is pending at the most."""
    return [
        InviteRow(data, deputy=each.deputy, email=each.email, is_chosen=True)
        for each in named
        if not each.why_not_renew()
    ]


def _renew(
    page: Any,
    request: HttpRequest,
    named: Sequence[Invitation],
    forms: Sequence[InviteRow],
    *,
    error: str = "",
) -> HttpResponse:
    title = _("Renew the invitation")
    context = _asked(page, request, forms, title=title, error=error)
    more = {"refused": _refused(named), "verb": title}
    return TemplateResponse(request, "accounts/invitation_renew.html", {**context, **more})


def _refused(named: Sequence[Invitation]) -> list[tuple[Deputy, Any]]:
    """To whom no other link can be given, and why."""
    return [(each.deputy, why) for each in named if (why := each.why_not_renew())]


def _renewed(page: Any, request: HttpRequest) -> HttpResponse:
    named = _named(page, request)
    forms = _rows_anew(named, request.POST)
    chosen, error = _chosen(forms)
    if error:
        return _renew(page, request, named, forms, error=error)
    # Also who has opened the account since the page was.
    for deputy, why in _refused(named):
        messages.error(request, f"{deputy}{_(': ')}{why}")
    pending = {each.deputy_id: each for each in named if not each.why_not_renew()}
    by: Any = request.user

    def renew(row: InviteRow, email: str) -> Invited:
        return inviting.renew(pending[row.deputy.pk], email, by=by)

    made = _each(request, chosen, renew)
    for one in made:
        page.log_change(request, one.invitation, str(_("Renew the invitation")))
    return _answer(page, request, made)


# What both have in common ---------------------------------------------------------------


def _asked(
    page: Any, request: HttpRequest, forms: Sequence[InviteRow], *, title: str, error: str
) -> dict[str, Any]:
    return {
        **page.admin_site.each_context(request),
        **kept_context(request),
        "opts": page.opts,
        "title": title,
        "forms": forms,
        "error": error,
        "can_send": can_send(),
    }


def _chosen(forms: Sequence[InviteRow]) -> tuple[list[InviteRow], str]:
    """The rows that were chosen, or why nothing is done with any of them."""
    chosen = [form for form in forms if form["chosen"].value()]
    if not chosen:
        return [], _("Choose at least one deputy. Whoever has an account by now is not listed.")
    if not all([form.is_valid() for form in chosen]):
        return [], _("Nobody was invited yet: see below.")
    return chosen, ""


def _each(
    request: HttpRequest, chosen: Sequence[InviteRow], make: Callable[[InviteRow, str], Invited]
) -> list[Invited]:
    """One after the other: a refusal concerns that deputy alone."""
    inviting.hold(row.deputy.pk for row in chosen)
    made: list[Invited] = []
    for row in chosen:
        try:
            made.append(make(row, row.cleaned_data["email"]))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
    return made


# The answer -----------------------------------------------------------------------------


def _answer(page: Any, request: HttpRequest, made: Sequence[Invited]) -> HttpResponse:
    """Those without a mail are shown their link, this once; else the list."""
    request.was_saved = True  # type: ignore[attr-defined]
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
