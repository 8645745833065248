"""Signing in and out."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse


def account(request: HttpRequest) -> HttpResponse:
    raise Http404


def sign_in(request: HttpRequest) -> HttpResponse:
    raise Http404


def sign_out(request: HttpRequest) -> HttpResponse:
    raise Http404
