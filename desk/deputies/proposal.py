"""One proposal and its letters, as its deputies read them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from desk.deputies.door import for_deputies


@for_deputies
def proposal(request: HttpRequest, key: str) -> HttpResponse:
    raise Http404


@for_deputies
def letter(request: HttpRequest, key: str, reply: str) -> HttpResponse:
    raise Http404


@for_deputies
def file(request: HttpRequest, name: str) -> HttpResponse:
    raise Http404
