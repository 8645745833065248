"""The page that an invitation leads to: a deputy opens the own account."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import authenticate, login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from accounts import inviting
from accounts.email_pages import tell_to_confirm
from accounts.invitation_forms import AcceptForm


@sensitive_post_parameters("password1", "password2")
@sensitive_variables("token")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Whatever a link is that does not work, the answer is the same: it names nobody."""
    found = inviting.find(token)
    if found is None:
        return _kept_quiet(render(request, "accounts/invitation_gone.html", status=410))
    proposed = {"username": inviting.proposed_name(found.deputy), "email": found.email}
    form = AcceptForm(found, request.POST or None, initial=proposed)
    if request.method == "POST" and form.is_valid():
        answer = _opened(request, token, form)
        if answer is not None:
            return _kept_quiet(answer)
    context = {"invitation": found, "assembly": found.deputy.assembly, "form": form}
    return _kept_quiet(render(request, "accounts/invitation.html", context))


def _opened(request: HttpRequest, token: str, form: AcceptForm) -> HttpResponse | None:
    """Open the account and sign in; None: the form says why it was not opened."""
    data = form.cleaned_data
    try:
        account = inviting.accept(
            token, username=data["username"], email=data["email"], password=data["password1"]
        )
    except ValidationError as error:
        if getattr(error, "code", "") == inviting.GONE_CODE:
            return render(request, "accounts/invitation_gone.html", status=410)
        form.add_error(None, error)
        return None
    if data["email"] and not account.email:
        tell_to_confirm(request, data["email"])
    user: Any = authenticate(request, username=data["username"], password=data["password1"])
    if user is None:
        return redirect("accounts:sign_in")
    login(request, user)
    onward = urlencode({"next": reverse("desk:home")}, safe="/")
    return redirect(f"{reverse('accounts:second_factor')}?{onward}")


def _kept_quiet(response: HttpResponse) -> HttpResponse:
    """The address is a key: no page that is opened from here learns it.

    With `no-referrer` a browser would also keep quiet about where the form comes from, and the
    check against forged forms would refuse it.
    """
    response["Referrer-Policy"] = "strict-origin"
    return response
