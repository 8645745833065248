"""The pages of following: asking, confirming, seeing what an address follows, ending it.

Nothing here says to anybody but who reads the address's mail what it follows, or whether it does.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.networks import network_of
from following import asking, forgetting
from following.forms import AddressForm
from following.models import Follow, Follower
from following.targets import Target, find, targets_of
from following.tokens import CONFIRM, MANAGE, end_path, key_in, manage_path

View = Callable[..., HttpResponse]


def unseen(view: View) -> View:
    """No store keeps the page, and no search engine its address."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        add_never_cache_headers(response)
        response["X-Robots-Tag"] = "noindex"
        return response

    return inner


@unseen
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """What would be followed, in words; and the form for the address."""
    target = _asked_for(request.GET)
    form = AddressForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        network = network_of(request)
        if not asking.is_held_back(network):
            asking.ask(form.cleaned_data["email"], target, network=network)
            return redirect("following:asked")
        form.add_error(
            None, _("Too many mails were asked for from your network: try again in an hour.")
        )
        status = 429
    context = {"target": target, "form": form, "is_mailed": settings.EMAIL_CONFIGURED}
    return render(request, "following/follow.html", context, status=status)


def _asked_for(query: QueryDict) -> Target:
    """The one thing that is named, if it is public."""
    named = [(kind, str(query[kind])) for kind in Follow.Kind.values if kind in query]
    target = find(*named[0]) if len(named) == 1 else None
    if target is None:
        raise Http404
    return target


@unseen
@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """The answer to whoever gave an address: the same for every address."""
    return render(request, "following/sent.html")


@unseen
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """What is to be confirmed. A mail scanner that opens the link confirms nothing."""
    row = get_object_or_404(Follow.objects.select_related("follower"), key=key_in(token, CONFIRM))
    target = find(row.kind, row.target)
    if target is None:
        raise Http404
    if request.method == "POST":
        asking.confirm(row, target)
        messages.success(request, _("It is confirmed: from now on you are told what is new."))
        return redirect(manage_path(row.follower))
    return render(request, "following/confirm.html", {"target": target})


@unseen
@require_http_methods(["GET", "HEAD", "POST"])
def manage(request: HttpRequest, token: str) -> HttpResponse:
    """Everything that this address follows; stop one."""
    follower = Follower.objects.filter(key=key_in(token, MANAGE)).first()
    if follower is None:
        return render(request, "following/ended.html")
    if request.method == "POST":
        row = get_object_or_404(follower.follows, key=request.POST.get("stop", ""))
        forgetting.end(follower, row)
        messages.success(request, _("You do not follow it any more."))
        return redirect(request.path)
    rows = list(follower.follows.confirmed().order_by("confirmed_at", "pk"))
    context = {
        "follower": follower,
        "follows": list(zip(rows, targets_of(rows), strict=True)),
        "end": end_path(follower),
    }
    return render(request, "following/manage.html", context)


@csrf_exempt
@unseen
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, token: str) -> HttpResponse:
    """End everything: one click of a mail program posts here, without cookie or token (RFC 8058).

    Opening the address ends nothing. The secret is in the address itself: a forged request that has
    it could as well have been sent by its owner.
    """
    follower = Follower.objects.filter(key=key_in(token, MANAGE)).first()
    if follower is not None and request.method != "POST":
        return render(request, "following/end.html", {"follower": follower})
    if follower is not None:
        forgetting.end_all(follower)
    return render(request, "following/ended.html")
