"""Where somebody is signed in: seen, and ended, by themselves alone."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import SignIn
from accounts.pages import of_own_account
from accounts.sessions import SIGN_IN, end, end_others
from clerkadmin.lookups import is_key

# So many of those that are over are shown.
SHOWN = 20


@of_own_account
def sign_ins(request: HttpRequest) -> HttpResponse:
    """GET: the own signings in. POST: end one (`end`), or all others. Twice does no more."""
    user: Any = request.user
    own = SignIn.objects.filter(user=user)
    if request.method == "POST":
        return _ended(request, own)
    own.without_session(at=timezone.now()).end()
    context = {
        "here": request.session.get(SIGN_IN),
        "open": own.filter(ended_at=None),
        "over": own.exclude(ended_at=None)[:SHOWN],
    }
    return render(request, "accounts/sign_ins.html", context)


def _ended(request: HttpRequest, own: Any) -> HttpResponse:
    key = request.POST.get("end", "")
    if key == "others":
        count = end_others(request)
        said = ngettext(
            "%(count)s other signing in was ended.",
            "%(count)s other signings in were ended.",
            count,
        )
        messages.success(request, said % {"count": count})
        return redirect("accounts:sign_ins")
    sign_in = get_object_or_404(own, pk=key if is_key(key) else 0)
    if sign_in.pk == request.session.get(SIGN_IN):
        logout(request)
        messages.success(request, _("You are signed out."))
        return redirect("accounts:sign_in")
    end(sign_in)
    messages.success(request, _("It was ended: whoever uses it has to sign in."))
    return redirect("accounts:sign_ins")
