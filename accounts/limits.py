"""How often somebody may try: counted by django-axes, by account and network together.

So nobody can lock another person out from elsewhere, and many accounts of one office do not lock
each other.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse
from django.utils.translation import ngettext

from accounts.networks import network_of

# Who comes from nowhere that can be named is counted as one network.
NOWHERE = "0.0.0.0"  # nosec: no address to listen at


def counted_network(request: HttpRequest) -> str:
    return network_of(request) or NOWHERE


def is_locked(request: HttpRequest, name: str) -> bool:
    """Whether nobody may try now; the answer to this request then says so."""
    locked = not AxesProxyHandler.is_allowed(request, {"username": name})
    request.axes_locked_out = locked or was_locked(request)  # type: ignore[attr-defined]
    return locked


def was_locked(request: HttpRequest) -> bool:
    """Whether this very request met a lock, or was the last that was free."""
    return bool(getattr(request, "axes_locked_out", False))


def count_failure(request: HttpRequest, name: str) -> None:
    """One more that failed, as a wrong password is."""
    user_login_failed.send(sender=__name__, credentials={"username": name}, request=request)


def may_ask(request: HttpRequest, what: str) -> bool:
    """Count one request of that kind from that network; whether it was not one too many.

    No account can have such a name: it has a blank in it.
    """
    name = f"ask {what}"
    if is_locked(request, name):
        return False
    count_failure(request, name)
    request.axes_locked_out = False  # type: ignore[attr-defined]
    return True


def forgive(username: str) -> None:
    """The person has shown otherwise who they are: nothing counts against the account."""
    AxesProxyHandler.reset_attempts(username=username)


def forget_old(*, at: datetime) -> None:
    """What counts no more is not kept: somebody may have typed a password as the name."""
    AccessAttempt.objects.filter(attempt_time__lt=at - settings.AXES_COOLOFF_TIME).delete()


def sentence() -> str:
    """What somebody is told who may not try now: it is the same for a name that is nobody's."""
    minutes = settings.SIGN_IN_LOCK_MINUTES
    return ngettext(
        "Too many attempts with this name from your network. Nobody can sign in with it from here "
        "for %(count)s minute; then try again.",
        "Too many attempts with this name from your network. Nobody can sign in with it from here "
        "for %(count)s minutes; then try again.",
        minutes,
    ) % {"count": minutes}


def answer(request: HttpRequest, response: HttpResponse, credentials: Any) -> HttpResponse:
    """django-axes wants a page for a request that met a lock: the page's own answer is one."""
    response.status_code = 429
    return response
