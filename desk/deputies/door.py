"""The door of the deputies' desk: who is no deputy finds nothing behind it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.cache import add_never_cache_headers

from access.sight import person_of, sit_as_deputy
from assemblies.models import Deputy
from clerkadmin import held
from clerkadmin.forms import version_in
from clerkadmin.tokens import is_a_form
from proposals.models import Proposal, Reply

View = Callable[..., HttpResponseBase]


def for_deputies(view: View) -> View:
    """Let deputies in; others sign in first, or find nothing. No store keeps what is shown.

    Behind it everybody is a deputy and nothing else: what they may do in an office does not count.
    A form that arrives after the session has ended is carried by the sign-in page.
    """

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = _answer(request, *args, **kwargs)
        add_never_cache_headers(response)  # type: ignore[arg-type]
        return response

    def _answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            if request.method == "POST" and is_a_form(request.POST):
                return held.sign_in_first(request)
            return redirect_to_login(request.get_full_path())
        if sit_as_deputy(request.user).deputy is None:
            raise Http404
        return view(request, *args, **kwargs)

    return inner


def deputy_of(request: HttpRequest) -> Deputy:
    """The deputy that the person is."""
    own = person_of(request.user).deputy
    return Deputy.objects.select_related("assembly").get(pk=own or 0)


def find_proposal(request: HttpRequest, key: str, right: str = "view") -> Proposal:
    """The proposal of that key with which the deputy may do that; 404 for any other."""
    rows = Proposal.objects.editable_by(request.user, right)
    beside = ("session__assembly", "topic", "supervised_by", "merged_into")
    proposal = rows.select_related(*beside).filter(key=key).first()
    if proposal is None:
        raise Http404
    return proposal


def find_reply(request: HttpRequest, key: str, reply: str, right: str = "view") -> Reply:
    """A letter that answers the proposal of that key (`1`, `1-2`); 404 for any other.

    One that was sent to another proposal and answers this one too is found under its own.
    """
    round_, _dash, sequence = reply.partition("-")
    if not (round_.isdecimal() and (sequence or "1").isdecimal() and len(reply) <= 9):
        raise Http404
    rows = Reply.objects.editable_by(request.user, right)
    found = rows.select_related("proposal__session__assembly", "department", "category").filter(
        proposal__key=key, round=int(round_), sequence=int(sequence or 1)
    )
    row = found.first()
    if row is None:
        raise Http404
    return row


def seen_in(request: HttpRequest) -> int | None:
    """Which version the page has shown on which this was decided; None if it does not say."""
    seen = request.POST.get("seen")
    return None if seen is None else version_in(seen)
