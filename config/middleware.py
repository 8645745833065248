"""What every answer must carry, and which requests get none."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse_lazy
from django.utils.cache import add_never_cache_headers, patch_vary_headers

from intake.receiving import MOST_FILES


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


def refuse_floods(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """A body that no form of this site has is not read: reading writes its files to the disk.

    Who is not signed in may still hand in a form with a file: its session may have ended, and what
    was typed beside the file is kept.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        size = request.headers.get("Content-Length", "")
        if size.isdecimal() and int(size) > _most(1):
            files = MOST_FILES if request.user.is_authenticated else 1
            if int(size) > _most(files):
                raise RequestDataTooBig(f"A request of {size} bytes.")
        return get_response(request)

    return middleware


def _most(files: int) -> int:
    """The bytes of the largest form with so many files."""
    return files * settings.LETTER_MAX_BYTES + settings.DATA_UPLOAD_MAX_MEMORY_SIZE
