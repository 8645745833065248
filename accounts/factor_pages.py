"""Setting up the own second factor, its backup codes, and taking it off."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django_otp import login as verified_by

from accounts import second_factor
from accounts.changes import BACKUP_CODES, tell_owner
from accounts.forms import PasswordAgainForm, RemoveFactorForm, SetUpForm
from accounts.pages import of_own_account
from accounts.sessions import end_others
from accounts.signing_in import landing, onward

# In the session: the key until it is confirmed; the codes until they were shown.
NEW_KEY, NEW_CODES, GO_ON = "second_factor_key", "backup_codes", "second_factor_next"


@of_own_account
def second_factor_page(request: HttpRequest) -> HttpResponse:
    """Set it up; or see that it is, and what can be done with it."""
    if second_factor.is_set_up(request.user):
        standing = {
            "left": second_factor.codes_left(request.user),
            "is_required": second_factor.is_required(request.user),
        }
        return render(request, "accounts/second_factor.html", standing)
    key = request.session.setdefault(NEW_KEY, second_factor.new_key())
    is_sent = request.method == "POST"
    form = SetUpForm(request, request.POST if is_sent else None)
    if is_sent and form.is_valid():
        device = second_factor.set_up(request.user, key, form.cleaned_data["code"])
        if device is not None:
            return _set_up(request, device)
        form.add_error("code", _("This code is not right. Is the time of your phone right?"))
    context = {
        "form": form,
        "picture": second_factor.picture(request.user, key),
        "address": second_factor.address(request.user, key),
        "key": second_factor.key_in_words(key),
        "next": onward(request),
        "is_required": second_factor.is_required(request.user),
    }
    return render(request, "accounts/second_factor_set_up.html", context)


def _set_up(request: HttpRequest, device: object) -> HttpResponse:
    verified_by(request, device)
    end_others(request)
    del request.session[NEW_KEY]
    request.session[GO_ON] = onward(request)
    return _new_codes(request)


def _new_codes(request: HttpRequest) -> HttpResponse:
    request.session[NEW_CODES] = second_factor.new_backup_codes(request.user)
    return redirect("accounts:backup_codes")


@of_own_account
def backup_codes(request: HttpRequest) -> HttpResponse:
    """New backup codes, shown once; or the question whether new ones are wanted."""
    if not second_factor.is_set_up(request.user):
        return redirect("accounts:second_factor")
    if NEW_CODES in request.session and request.method == "GET":
        context = {
            "codes": request.session.pop(NEW_CODES),
            "go_on": request.session.pop(GO_ON, "") or landing(request.user),
        }
        return render(request, "accounts/backup_codes.html", context)
    is_sent = request.method == "POST"
    form = PasswordAgainForm(request, request.POST if is_sent else None)
    if is_sent and form.is_valid():
        tell_owner(request.user, BACKUP_CODES)
        return _new_codes(request)
    context = {"form": form, "left": second_factor.codes_left(request.user)}
    return render(request, "accounts/backup_codes_new.html", context)


@of_own_account
def remove(request: HttpRequest) -> HttpResponse:
    """Take off the own second factor: with the password and a code."""
    if not second_factor.is_set_up(request.user):
        return redirect("accounts:second_factor")
    is_sent = request.method == "POST"
    form = RemoveFactorForm(request, request.POST if is_sent else None)
    if is_sent and form.is_valid():
        second_factor.remove(request.user)
        messages.success(request, _("The second factor is taken off."))
        return redirect("accounts:second_factor")
    context = {"form": form, "is_required": second_factor.is_required(request.user)}
    return render(request, "accounts/second_factor_remove.html", context)
