"""Sessions: each belongs to one signing in, ends when it is idle or old, or from elsewhere.

How long is left stands in the session itself: no request costs a query for it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from accounts.models import Session, SignIn
from accounts.models.sign_in import SignInQuerySet
from accounts.networks import address_of, network_around
from clerkadmin.drafts import storable

# What a session carries: its signing in, and when that began and was seen, in seconds.
SIGN_IN, BEGAN, SEEN = "sign_in", "sign_in_began", "sign_in_seen"
# So many seconds apart is written that somebody is still there.
SEEN_EVERY = 60
# Who signed in so many seconds ago need not show once more who they are.
FRESH_FOR = 15 * 60
# Such records are kept half a year and more; what is older is forgotten.
KEPT_FOR = timedelta(days=190)


class SessionStore(DatabaseStore):
    """Django's sessions in the database, each with its signing in."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row: Any = super().create_model_instance(data)
        row.sign_in_id = data.get(SIGN_IN)
        return row  # type: ignore[no-any-return]

    def get_expiry_age(self, **kwargs: Any) -> int:
        """So long may it be idle; and never longer than is left of its life."""
        idle = int(super().get_expiry_age(**kwargs))
        began = self.get(BEGAN)
        if began is None:
            return idle
        left = began + settings.SESSION_LIFE_HOURS * 3600 - time.time()
        return max(0, min(idle, int(left)))

    def get_expiry_date(self, **kwargs: Any) -> datetime:
        return timezone.now() + timedelta(seconds=self.get_expiry_age(**kwargs))

    def load(self) -> dict[str, Any]:
        """What is over ends its signing in, too."""
        key = self.session_key
        data: dict[str, Any] = super().load()
        if self.session_key is None:
            SignIn.objects.filter(sessions__session_key=key).end()
        return data

    def flush(self) -> None:
        """Signing out, and whatever else throws the session away."""
        _sign_in_of(self).end()
        super().flush()


def _sign_in_of(session: Any) -> SignInQuerySet:
    rows: SignInQuerySet = SignIn.objects.filter(pk=session.get(SIGN_IN))
    return rows


def begin(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    """Somebody has signed in: note from where, and whose session this is from now on."""
    session = request.session
    _sign_in_of(session).end()
    address = address_of(request)
    sign_in = SignIn.objects.create(
        user=user,
        address=address or None,
        network=network_around(address),
        browser=storable(request.META.get("HTTP_USER_AGENT", ""))[:300],
    )
    session[SIGN_IN] = sign_in.pk
    session[BEGAN] = session[SEEN] = int(sign_in.began_at.timestamp())


def is_fresh(session: Any) -> bool:
    """Whether whoever uses it has just signed in, and is not somebody who found the desk open."""
    return time.time() - session.get(BEGAN, 0) < FRESH_FOR


def note_seen(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Whoever uses the session is still there: written once a minute at the most.

    A request that asks nobody who it comes from, such as a visitor's page, is not counted.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.session.accessed and response.status_code < 500:
            _touch(request.session)
        return response

    return middleware


def _touch(session: Any) -> None:
    now = int(time.time())
    sign_in = session.get(SIGN_IN)
    if sign_in is None or now - session.get(SEEN, 0) < SEEN_EVERY:
        return
    session[SEEN] = now
    SignIn.objects.filter(pk=sign_in, ended_at=None).update(seen_at=timezone.now())


def end(sign_in: SignIn) -> None:
    """From the next request on, whoever uses it is asked to sign in."""
    with transaction.atomic():
        SignIn.objects.filter(pk=sign_in.pk).end()
        Session.objects.filter(sign_in=sign_in).delete()


def end_others(request: HttpRequest) -> int:
    """End every signing in of the account but the one of this request; how many there were."""
    others = SignIn.objects.filter(user=request.user.pk, ended_at=None)
    others = others.exclude(pk__in=_sign_in_of(request.session).values("pk"))
    with transaction.atomic():
        keys = list(others.values_list("pk", flat=True))
        Session.objects.filter(sign_in__in=keys).delete()
        return SignIn.objects.filter(pk__in=keys).end()


def forget_old(*, at: datetime) -> int:
    """Delete what is older than it is kept; how many records that were."""
    SignIn.objects.without_session(at=at).end()
    SessionStore.clear_expired()
    old = SignIn.objects.exclude(ended_at=None).filter(seen_at__lt=at - KEPT_FOR)
    _all, counted = old.delete()
    return counted.get(SignIn._meta.label, 0)
