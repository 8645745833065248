"""Co-sponsors: asked, and answering."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from desk.deputies.door import for_deputies


@for_deputies
def cosigners(request: HttpRequest, key: str) -> HttpResponse:
    raise Http404


@for_deputies
def cosign(request: HttpRequest, key: str) -> HttpResponse:
    raise Http404
