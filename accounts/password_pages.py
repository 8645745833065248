"""The own password: changed, or made anew by a link that comes by e-mail."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model, update_session_auth_hash
from django.contrib.auth.tokens import default_token_generator
from django.contrib.auth.views import PasswordResetConfirmView
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import limits
from accounts.changes import PASSWORD, tell_owner
from accounts.forms import NewPasswordForm, ResetForm
from accounts.models import SignIn
from accounts.pages import of_own_account
from accounts.sessions import end, end_others
from accounts.signing_in import onward
from notifications.links import absolute
from notifications.models import Message
from notifications.outbox import tell_address

User: Any = get_user_model()
# So many links for one account in that time, from wherever they are asked for.
LINKS, IN_TIME = 3, timedelta(hours=1)


@of_own_account
def password(request: HttpRequest) -> HttpResponse:
    is_sent = request.method == "POST"
    form = NewPasswordForm(request, request.POST if is_sent else None)
    if is_sent and form.is_valid():
        user = form.save()
        update_session_auth_hash(request, user)
        end_others(request)
        tell_owner(user, PASSWORD)
        said = _("Your password is changed. Elsewhere you are not signed in any more.")
        messages.success(request, said)
        return redirect(onward(request) or "accounts:account")
    return render(request, "accounts/password.html", {"form": form, "next": onward(request)})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask_reset(request: HttpRequest) -> HttpResponse:
    """Ask for a link. Whether the address is known, the answer does not tell."""
    if not settings.EMAIL_CONFIGURED:
        raise Http404
    is_sent = request.method == "POST"
    form = ResetForm(request.POST if is_sent else None)
    if not (is_sent and form.is_valid()):
        return render(request, "accounts/reset.html", {"form": form})
    if not limits.may_ask(request, "reset"):
        form.add_error(None, _("Too many links were asked for from your network. Try again later."))
        return render(request, "accounts/reset.html", {"form": form}, status=429)
    email = form.cleaned_data["email"]
    # Also who was given an account and has chosen no password yet. The link goes to the address
    # of the account, however the one that was typed is spelled.
    known = User.objects.filter(email__iexact=email, is_active=True)
    for account in [*known] or [User(email=email)]:
        mail_link(account)
    return redirect("accounts:reset_asked")


@never_cache
def reset_asked(request: HttpRequest) -> HttpResponse:
    minutes = settings.PASSWORD_RESET_TIMEOUT // 60
    return render(request, "accounts/reset_asked.html", {"minutes": minutes})


def link_of(account: Any) -> str:
    """Where the account's owner chooses a new password: good for one use, and not for long."""
    token = default_token_generator.make_token(account)
    whose = urlsafe_base64_encode(force_bytes(account.pk))
    return absolute(reverse("accounts:reset_confirm", kwargs={"uidb64": whose, "token": token}))


def mail_link(account: Any, *, is_given: bool = False) -> bool:
    """By e-mail alone: a link that lets anyone in has no place on a desk. Whether it goes out.

    Given by an administrator, or asked for by whoever typed the address. The same is done for an
    address that is nobody's, or had its links, and then undone: how long the answer takes tells
    nobody whether there is an account.
    """
    now = timezone.now()
    start = f"reset:{account.pk}:"
    since = now - IN_TIME
    sent = Message.objects.filter(key__startswith=start, created_at__gt=since).count()
    with transaction.atomic():
        _write_link(account, key=f"{start}{now.timestamp()}", is_given=is_given)
        is_undone = account.pk is None or sent >= LINKS
        if is_undone:
            transaction.set_rollback(True)
    return not is_undone


def _write_link(account: Any, *, key: str, is_given: bool) -> None:
    subject = _("A new password for %(site)s") % {"site": settings.SITE_NAME}
    context = {
        "subject": subject,
        "account": account,
        "address": link_of(account),
        "is_given": is_given,
        "minutes": settings.PASSWORD_RESET_TIMEOUT // 60,
    }
    tell_address(
        account.email,
        Message.Kind.ACCOUNT,
        key=key,
        subject=subject,
        text=render_to_string("accounts/reset_mail.txt", context),
        html=render_to_string("accounts/reset_mail.html", context),
    )


class ResetConfirm(PasswordResetConfirmView):
    """The page that the link opens: a new password, once. Nobody is signed in by it."""

    template_name = "accounts/reset_confirm.html"
    success_url = reverse_lazy("accounts:sign_in")

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        for sign_in in SignIn.objects.filter(user=form.user, ended_at=None):
            end(sign_in)
        limits.forgive(form.user.get_username())
        tell_owner(form.user, PASSWORD)
        messages.success(self.request, _("The password is changed: sign in with it."))
        return response
