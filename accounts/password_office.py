"""How an administrator lets somebody choose a password: by a link, since no password is ever sent.

By e-mail where the account has an address; else the link stands on the answer, once, to be handed
over on paper. Nobody but the owner ever knows the password.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.forms import UsernameField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.names import check_names
from accounts.password_pages import link_of, mail_link
from accounts.pictures import scannable
from clerkadmin.kept import answered_once, kept_context
from notifications.outbox import can_send


class OpenForm(forms.ModelForm):
    """A new account: whose it is, and no password until its owner has chosen one."""

    class Meta:
        model = get_user_model()
        fields = ["username", "last_name", "first_name", "email"]
        field_classes = {"username": UsernameField}

    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        check_names(self.cleaned_data.get("username", ""), "")
        return data

    def save(self, commit: bool = True) -> Any:
        self.instance.set_unusable_password()
        return super().save(commit)


def link_page(page: Any, request: HttpRequest, account: Any) -> HttpResponse:
    """Ask whether a link is wanted, then send or show it."""
    if request.method == "POST":
        return answered_once(request, lambda: _given(page, request, account))
    return _answer(page, request, account)


def _given(page: Any, request: HttpRequest, account: Any) -> HttpResponse:
    request.was_saved = True  # type: ignore[attr-defined]
    if not _is_mailed(account):
        page.log_change(request, account, str(_("A link to a new password was shown.")))
        link = link_of(account)
        more = {
            "link": link,
            "picture": scannable(link),
            "until": timezone.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT),
        }
        # Rendered now: this is the one time that the link is shown.
        return _answer(page, request, account, **more).render()
    if mail_link(account, is_given=True):
        page.log_change(request, account, str(_("A link to a new password was sent.")))
        messages.success(request, _("The link goes out by e-mail within minutes."))
    else:
        messages.error(request, _("So many links went to this account that it gets none now."))
    return redirect(reverse("admin:auth_user_change", args=[account.pk]))


def _is_mailed(account: Any) -> bool:
    return bool(account.email) and can_send()


def _answer(page: Any, request: HttpRequest, account: Any, **more: Any) -> TemplateResponse:
    context = {
        **page.admin_site.each_context(request),
        **kept_context(request),
        "opts": page.opts,
        "title": _("Link to a new password"),
        "account": account,
        "is_mailed": _is_mailed(account),
        "minutes": settings.PASSWORD_RESET_TIMEOUT // 60,
        **more,
    }
    return TemplateResponse(request, "accounts/password_link.html", context)
