"""The page on which each person chooses what is told how (`/account/notices/`)."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from clerkadmin import held
from clerkadmin.tokens import form_marks, hand_in, is_a_form
from notifications.forms import NoticesForm, all_alike
from notifications.models import How, NoticeSettings


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def notices(request: HttpRequest) -> HttpResponse:
    """A form that arrives after the session has ended is carried by the sign-in page."""
    is_sent = request.method == "POST"
    if is_sent and not request.user.is_authenticated and is_a_form(request.POST):
        return held.sign_in_first(request)
    return _of_person(request)


@login_required
def _of_person(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return hand_in(request, lambda: _save(request))
    return _page(request, NoticesForm(NoticeSettings.of(request.user)))


def _save(request: HttpRequest) -> HttpResponse:
    form = NoticesForm(NoticeSettings.of(request.user), _sent(request))
    if not form.is_valid():
        return _page(request, form)
    form.save()
    request.was_saved = True  # type: ignore[attr-defined]
    messages.success(request, _("Saved. It holds for what happens from now on."))
    return redirect("accounts:notices")


def _sent(request: HttpRequest) -> dict[str, str]:
    """What was chosen one by one; or for all at once, by one of the three buttons."""
    sent = {name: str(value) for name, value in request.POST.items()}
    how = sent.get("all", "")
    if how in How:
        form = NoticesForm(NoticeSettings.of(request.user))
        sent.update(all_alike(form.kinds, how))
    return sent


def _page(request: HttpRequest, form: NoticesForm) -> HttpResponse:
    context = {
        "form": form,
        "marks": form_marks(request.user),
        "is_mailed": settings.EMAIL_CONFIGURED,
        "hows": [
            (How.AT_ONCE, _("All at once")),
            (How.DAILY, _("All once a day")),
            (How.NEVER, _("No e-mail at all")),
        ],
    }
    return render(request, "notifications/settings.html", context)
