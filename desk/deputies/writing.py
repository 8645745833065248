"""Writing a proposal, handing it in, taking it back."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from desk.deputies.door import for_deputies


@for_deputies
def write(request: HttpRequest) -> HttpResponse:
    raise Http404


@for_deputies
def edit(request: HttpRequest, key: str) -> HttpResponse:
    raise Http404


@for_deputies
def keep(request: HttpRequest, key: str) -> HttpResponse:
    raise Http404


@for_deputies
def submit(request: HttpRequest, key: str) -> HttpResponse:
    raise Http404


@for_deputies
def withdraw(request: HttpRequest, key: str) -> HttpResponse:
    raise Http404


@for_deputies
def write_anew(request: HttpRequest, key: str) -> HttpResponse:
    raise Http404


@for_deputies
def attach(request: HttpRequest, key: str) -> HttpResponse:
    raise Http404


@for_deputies
def detach(request: HttpRequest, key: str, attachment: int) -> HttpResponse:
    raise Http404
