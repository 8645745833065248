"""What the deputy was told."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from desk.deputies.door import for_deputies


@for_deputies
def messages(request: HttpRequest) -> HttpResponse:
    raise Http404


@for_deputies
def message(request: HttpRequest, message: UUID) -> HttpResponse:
    raise Http404
