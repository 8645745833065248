"""What waits for the deputy, and the own proposals."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from desk.deputies.door import for_deputies


@for_deputies
def home(request: HttpRequest) -> HttpResponse:
    raise Http404
