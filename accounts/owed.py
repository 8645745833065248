"""What somebody must do before going on: a new password, a second factor.

Asked for at the next page of a desk, also of who signed in before it was asked. A form that was
under way is kept as a draft, and the way leads back to it.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import passwords, second_factor
from accounts.desks import CLERKS, DEPUTIES
from clerkadmin import drafts
from clerkadmin.kept import keep_for_later

# Who leaves owes nothing.
OPEN = ("admin:login", "admin:logout")


def first_things_first(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    def middleware(request: HttpRequest) -> HttpResponseBase:
        is_desk = request.path.startswith(tuple(map(reverse, (CLERKS, DEPUTIES))))
        if is_desk and request.path not in map(reverse, OPEN) and request.user.is_authenticated:
            answer = _asked_first(request)
            if answer is not None:
                return answer
        return get_response(request)

    return middleware


def _asked_first(request: HttpRequest) -> HttpResponse | None:
    if passwords.is_due(request.user, at=timezone.now()):
        said = _("Your password is old: this site asks for a new one before you go on.")
        return _led_to(request, "accounts:password", said)
    if request.user.is_verified() or not second_factor.is_required(request.user):  # type: ignore[union-attr]
        return None
    if second_factor.is_set_up(request.user):
        # Signed in elsewhere before there was a second factor: once more, with it.
        back = _back(request)
        logout(request)
        return redirect_to_login(back)
    said = _("On this site you work with a second factor: set it up before you go on.")
    return _led_to(request, "accounts:second_factor", said)


def _led_to(request: HttpRequest, page: str, said: str) -> HttpResponse:
    messages.warning(request, said)
    return redirect(f"{reverse(page)}?{urlencode({'next': _back(request)})}")


def _back(request: HttpRequest) -> str:
    """The page that was asked for; of a form, with what was typed."""
    if request.method == "POST" and keep_for_later(request):
        return drafts.with_draft(drafts.path_of(request))
    return request.get_full_path()
