"""A form handed in once: the second time it does nothing, and leads to where the first one led."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import BadRequest
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clerkadmin import drafts
from clerkadmin.models import FormToken

TOKEN, FORM_OF = "_form_token", "_form_of"
SHAPE = re.compile(r"^[\w-]{43}$", re.ASCII)
KEPT_FOR = timedelta(days=7)
# Old ones go a few at a time, with every so many new ones: nobody waits for it.
EVERY, AT_ONCE = 50, 500


def _signer() -> signing.Signer:
    """Made when it is needed: reading a letter needs no key."""
    return signing.Signer(salt="clerkadmin.form")


def form_marks(user: Any) -> dict[str, str]:
    """What every form carries: its one-time token, and whose form it is, signed."""
    return {TOKEN: secrets.token_urlsafe(32), FORM_OF: _signer().sign(str(user.pk))}


def is_a_form(posted: QueryDict | dict[str, Any]) -> bool:
    """Whether this came from a form that carries a token."""
    return SHAPE.match(str(posted.get(TOKEN, ""))) is not None


def is_form_of(signed: str, user: Any) -> bool:
    """Whether the form was filled by that account: nobody else may have what was typed in it."""
    try:
        return _signer().unsign(signed) == str(user.pk)
    except signing.BadSignature:
        return False


def hand_in(request: HttpRequest, do: Callable[[], HttpResponse]) -> HttpResponse:
    """Answer a POST in one transaction with its token.

    `do` sets `request.was_saved` where it wrote something; else the token stays unused.
    """
    token = request.POST.get(TOKEN, "") if is_a_form(request.POST) else ""
    request.was_saved = False  # type: ignore[attr-defined]
    try:
        with transaction.atomic():
            # First of all: the same form sent twice at once waits here for the other.
            mark = _marked(request, token) if token else None
            response = do()
            is_saved = request.was_saved  # type: ignore[attr-defined]
            if is_saved:
                drafts.drop(request.user, drafts.path_of(request))
            if mark is not None and is_saved:
                mark.led_to = str(getattr(response, "url", ""))[:500]
                mark.save(update_fields=["led_to"])
                _forget_old(mark)
            elif mark is not None:
                mark.delete()
            return response
    except IntegrityError:
        found = FormToken.objects.filter(token=token, user=request.user.pk)
        first = found.first() if token else None
        if first is None:
            if is_spent(token):
                raise BadRequest("A form of another account.") from None
            raise
    messages.info(request, _("This form was sent twice; it was saved once."))
    return redirect(first.led_to or reverse("admin:index"))


def is_spent(token: str) -> bool:
    # PostgreSQL refuses the sign that ends a string in C.
    return SHAPE.match(token) is not None and FormToken.objects.filter(token=token).exists()


def _marked(request: HttpRequest, token: str) -> FormToken:
    user: Any = request.user
    return FormToken.objects.create(token=token, user=user, path=drafts.path_of(request)[:500])


def _forget_old(mark: FormToken) -> None:
    if mark.pk % EVERY:
        return
    old = FormToken.objects.filter(used_at__lt=timezone.now() - KEPT_FOR).order_by("used_at")
    FormToken.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:AT_ONCE])).delete()
