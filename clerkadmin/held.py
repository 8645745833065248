"""Forms that arrive when nobody is signed in any more, or with an old CSRF token.

Nothing of an anonymous person is stored: what was typed travels in the sign-in page itself, and
becomes a draft of whoever signs in, if it is the account that had filled the form.
"""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import resolve
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure as plain_csrf_failure

from clerkadmin import drafts
from clerkadmin.tokens import FORM_OF, is_a_form, is_form_of

HELD = "_held"


def packed(request: HttpRequest) -> str:
    """What was sent, to be carried by the sign-in page; empty if it is too much."""
    carried = json.dumps(
        {
            "path": drafts.path_of(request),
            "of": request.POST.get(FORM_OF, ""),
            "fields": drafts.typed_in(request.POST),
        },
        ensure_ascii=False,
    )
    return carried if len(carried) <= drafts.LARGEST else ""


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """The sign-in page, carrying what was sent."""
    carried, back = request.POST.get(HELD) or packed(request), request.get_full_path()
    # The page of the form itself: shown, not an attempt to sign in.
    request.method = "GET"
    page = resolve(resolve_url(settings.LOGIN_URL)).func
    response: HttpResponse = page(request, carried=carried, back=back)
    response.status_code = 403
    return response


def take_up(request: HttpRequest) -> HttpResponse | None:
    """After signing in: keep what the sign-in page carried, and lead to the filled form."""
    try:
        carried = json.loads(request.POST.get(HELD, ""))
        path, of = str(carried["path"]), str(carried["of"])
        fields = {name: list(values) for name, values in carried["fields"].items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    if not is_form_of(of, request.user):
        messages.warning(
            request, _("What had been typed here belongs to another account: it was not kept.")
        )
        return None
    return _kept(request, path, fields)


def _kept(request: HttpRequest, path: str, fields: dict[str, Any]) -> HttpResponse | None:
    if drafts.keep(request.user, path, fields) is None:
        return None
    messages.warning(
        request,
        _(
            "Nothing was saved yet. This is what you had typed: look it through and save it. "
            "Files have to be chosen again."
        ),
    )
    return redirect(drafts.with_draft(path))


def _is_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that a page of this site sent it."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form with an old token: what its own account typed is kept; others get the plain page."""
    user = getattr(request, "user", None)
    if user is None or not _is_from_here(request):
        return plain_csrf_failure(request, reason)
    if not user.is_authenticated and (is_a_form(request.POST) or HELD in request.POST):
        # Signed in and out again elsewhere since the form was opened.
        return sign_in_first(request)
    if user.is_authenticated:
        answer = None
        if HELD in request.POST:
            answer = take_up(request)
        elif is_a_form(request.POST) and is_form_of(request.POST.get(FORM_OF, ""), user):
            answer = _kept(request, drafts.path_of(request), drafts.typed_in(request.POST))
        if answer is not None:
            return answer
    return plain_csrf_failure(request, reason)
