"""What every answer must carry."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse_lazy
from django.utils.cache import add_never_cache_headers, patch_vary_headers


def vary_on_cookie(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """The language is remembered in a cookie: a store in between must not mix the languages."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        patch_vary_headers(response, ["Cookie"])  # type: ignore[arg-type]
        return response

    return middleware


def never_keep_the_desk(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """No store, and no browser after signing out, keeps a page of those who work here.

    Refusals, redirects and the sign-in page included: so by address, not by view.
    """
    desks = [reverse_lazy(name) for name in ("admin:index", "desk:home", "accounts:account")]

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.path.startswith(tuple(map(str, desks))):
            add_never_cache_headers(response)  # type: ignore[arg-type]
        return response

    return middleware
