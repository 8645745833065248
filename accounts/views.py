"""The page of the own account."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from access.sight import person_of
from accounts import second_factor
from accounts.pages import of_own_account
from notifications.outbox import can_send


@of_own_account
def account(request: HttpRequest) -> HttpResponse:
    context = {
        "places": person_of(request.user).places,
        "can_mail": can_send(),
        "has_factor": second_factor.is_set_up(request.user),
        "is_required": second_factor.is_required(request.user),
        "left": second_factor.codes_left(request.user),
    }
    return render(request, "accounts/account.html", context)
