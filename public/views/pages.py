"""Pages without rows: help, language, robots, the icon."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language as django_set_language

from ..demo import is_demo


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "public/help.html", {"section": "help", "is_demo": is_demo([])})


@csrf_exempt
@require_POST
def set_language(request: HttpRequest) -> HttpResponseBase:
    """Remember the language chosen in the footer.

    Exempt from the token: a token would put a cookie on every public page, and no page could be
    answered from a store. All that a forged request can do is to choose a language.
    """
    return django_set_language(request)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return render(request, "public/robots.txt", content_type="text/plain; charset=utf-8")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    return redirect(static("favicon.svg"))
