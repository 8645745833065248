"""Signing in, in one step or two, and out again."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import second_factor
from accounts.desks import desks_of
from accounts.forms import CodeForm, SignInForm
from clerkadmin import held

# Whose password was right and whose code is awaited, for how many seconds.
PENDING, PENDING_FOR = "signing_in", 10 * 60


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest, *, carried: str = "", back: str = "") -> HttpResponse:
    """The one page for everybody.

    It carries what was typed in a form whose session had ended, and leads back to its page.
    """
    is_sent = request.method == "POST"
    form = SignInForm(request, request.POST if is_sent else None)
    if is_sent and form.is_valid():
        if not second_factor.is_set_up(form.user):
            login(request, form.user)
            return _arrive(request)
        _wait_for_code(request, form.user)
        return _code_page(request, CodeForm(request, form.user))
    if request.user.is_authenticated and not request.POST and "next" not in request.GET:
        return redirect(landing(request.user))
    context = {
        **_luggage(request, carried, back),
        "form": form,
        "own_desk": landing(request.user) if request.user.is_authenticated else "",
        "can_mail": settings.EMAIL_CONFIGURED,
    }
    return render(request, "accounts/sign_in.html", context)


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The second step: nobody is signed in before the code was right."""
    user = _awaited(request)
    if user is None:
        messages.warning(request, _("That took too long: enter name and password once more."))
        # Shown, with what it carries: not an attempt.
        request.method = "GET"
        return sign_in(request)
    form = CodeForm(request, user, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _code_page(request, form)
    backend = request.session.pop(PENDING)["backend"]
    user.otp_device = form.device
    login(request, user, backend=backend)
    left = second_factor.codes_left(user)
    if form.device is not None and "static" in form.device.persistent_id:
        said = _("That backup code is used up; %(count)s are left.") % {"count": left}
        messages.warning(request, said)
    return _arrive(request)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    messages.success(request, _("You are signed out."))
    return redirect("accounts:sign_in")


def landing(user: Any) -> str:
    """Where somebody begins who asked for no page: clerks and deputies at their desks."""
    return reverse(next(iter(desks_of(user)), "accounts:account"))


def onward(request: HttpRequest) -> str:
    """The page of this site that was asked for before; empty if it is none."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    is_here = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    # A word without a slash would be taken for the name of a page.
    return asked if is_here and asked.startswith("/") else ""


def _arrive(request: HttpRequest) -> HttpResponse:
    """Signed in: to the form that was being filled in, the page that was asked for, or the desk."""
    filled = held.take_up(request) if held.HELD in request.POST else None
    return filled or redirect(onward(request) or landing(request.user))


def _luggage(request: HttpRequest, carried: str = "", back: str = "") -> dict[str, str]:
    """What goes with somebody through both steps."""
    return {
        "held": carried or request.POST.get(held.HELD, ""),
        "next": back or onward(request),
    }


def _code_page(request: HttpRequest, form: CodeForm) -> HttpResponse:
    return render(request, "accounts/code.html", {**_luggage(request), "form": form})


def _wait_for_code(request: HttpRequest, user: Any) -> None:
    # Whoever knew the session before has no part in what comes now.
    request.session.cycle_key()
    request.session[PENDING] = {
        "user": user.pk,
        "backend": user.backend,
        "hash": user.get_session_auth_hash(),
        "until": int(time.time()) + PENDING_FOR,
    }


def _awaited(request: HttpRequest) -> Any:
    """Whose code is awaited; nobody after a while, or once the password is another."""
    pending = request.session.get(PENDING)
    if pending is None:
        return None
    user: Any = get_user_model()._default_manager.filter(pk=pending["user"], is_active=True).first()
    is_same = user is not None and constant_time_compare(
        pending["hash"], user.get_session_auth_hash()
    )
    if is_same and time.time() < pending["until"]:
        return user
    del request.session[PENDING]
    return None
