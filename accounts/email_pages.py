"""The pages of the own e-mail address: another is asked for here, and confirmed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import own_address
from accounts.forms import EmailForm
from accounts.pages import of_own_account
from notifications.outbox import can_send


@of_own_account
def email(request: HttpRequest) -> HttpResponse:
    if not can_send():
        raise Http404
    is_sent = request.method == "POST"
    form = EmailForm(request, request.POST if is_sent else None)
    if is_sent and form.is_valid():
        try:
            own_address.ask(request.user, form.cleaned_data["email"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            tell_to_confirm(request, form.cleaned_data["email"])
            return redirect("accounts:account")
    return render(request, "accounts/email.html", {"form": form})


@of_own_account
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Asked once more, since programs look at the links of mails, too."""
    meant = own_address.meant(request.user, token)
    context: dict[str, Any] = {"email": meant}
    if request.method == "POST" and meant:
        try:
            own_address.confirm(request.user, token)
        except ValidationError as error:
            context["error"] = " ".join(error.messages)
        else:
            messages.success(request, _("Your mails now come to %(email)s.") % {"email": meant})
            return redirect("accounts:account")
    status = 200 if meant else 410
    return render(request, "accounts/email_confirm.html", context, status=status)


def tell_to_confirm(request: HttpRequest, email: str) -> None:
    """Say where the link went: whoever has typed it wrongly sees it."""
    said = _("A link was sent to %(email)s: until you have opened it, nothing else comes there.")
    messages.info(request, said % {"email": email})
