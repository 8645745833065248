"""A deputy's word on a letter."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from desk.deputies.door import for_deputies


@for_deputies
def rate(request: HttpRequest, key: str, reply: str) -> HttpResponse:
    raise Http404


@for_deputies
def paper(request: HttpRequest, key: str, reply: str) -> HttpResponse:
    raise Http404
