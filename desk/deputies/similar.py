"""Earlier proposals like the one that is being written, and what became of them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from desk.deputies.door import for_deputies


@for_deputies
def similar(request: HttpRequest) -> HttpResponse:
    raise Http404
