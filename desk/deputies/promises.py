"""A deputy's word on a promise."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from desk.deputies.door import for_deputies


@for_deputies
def promise(request: HttpRequest, key: str, reply: str, number: int) -> HttpResponse:
    raise Http404
