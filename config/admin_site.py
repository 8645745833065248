"""The admin's index: rooms and rows in the order in which clerks need them."""

from functools import update_wrapper
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.sight import person_of
from clerkadmin import held
from clerkadmin.files import serve_file
from clerkadmin.gate import ChoicesWhileTyping
from clerkadmin.pages import drafts_page
from clerkadmin.tokens import is_a_form
from desk.page import desk_of, lists_of
from desk.urging import urge

# What is worked on daily first; what is set up once last. What is not named here comes after.
ORDER = (
    "proposals.proposal",
    "proposals.reply",
    "proposals.assignment",
    "proposals.cohandlingopinion",
    "proposals.contact",
    "proposals.returnrequest",
    "proposals.extensionrequest",
    "proposals.feedback",
    "proposals.event",
    "measures.commitment",
    "measures.commitmentfeedback",
    "measures.measure",
    "measures.figure",
    "intake.letterdraft",
    "intake.letterfile",
    "accounts.invitation",
    "accounts.ratingalarm",
    "departments.department",
    "departments.clerk",
    "assemblies.assembly",
    "assemblies.session",
    "assemblies.deputy",
    "assemblies.topic",
    "assemblies.handlingrules",
    "assemblies.categoryscheme",
    "assemblies.category",
    "assemblies.ratingscale",
    "assemblies.holiday",
    "assemblies.holidayyear",
)
# Those that the bar of every page leads to.
IN_THE_BAR = (
    "proposals.proposal",
    "proposals.assignment",
    "proposals.cohandlingopinion",
    "proposals.reply",
    "measures.commitment",
    "intake.letterdraft",
    "auth.user",
    "departments.department",
    "assemblies.handlingrules",
)
ROOMS = tuple(dict.fromkeys(name.partition(".")[0] for name in ORDER))


class ClerkSite(admin.AdminSite):
    site_header = site_title = settings.SITE_NAME
    index_title = _("Handling and following up")
    empty_value_display = "—"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Who works nowhere any more has no page here, from the next request on."""
        if not super().has_permission(request):
            return False
        person = person_of(request.user)
        return person.is_staff

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Django's, without the one that tells by an id whether a row exists; and those of ours."""
        files = path("files/<path:name>", self.admin_view(serve_file), name="file")
        drafts = path("drafts/", self.admin_view(self.drafts_view), name="drafts")
        rest = [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]
        urging = path("urge/<int:department>/", self.admin_view(urge), name="urge")
        return [files, drafts, urging, *rest]

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """A form that arrives after the session has ended is carried by the sign-in page."""
        guarded = super().admin_view(view, cacheable)

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            is_form = request.method == "POST" and is_a_form(request.POST)
            if is_form and not request.user.is_authenticated:
                return held.sign_in_first(request)
            return guarded(request, *args, **kwargs)

        return update_wrapper(inner, guarded)

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """There is one page to sign in, for clerks and deputies."""
        asked = request.GET.urlencode()
        return redirect(resolve_url(settings.LOGIN_URL) + (f"?{asked}" if asked else ""))

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("accounts:password")

    def drafts_view(self, request: HttpRequest) -> HttpResponse:
        return drafts_page(request, self.each_context(request))

    def autocomplete_view(self, request: HttpRequest) -> Any:
        return ChoicesWhileTyping.as_view(admin_site=self)(request)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """What the bar of every page shows: where the person works, and the lists to go to."""
        context = super().each_context(request)
        context["desk_url"] = reverse(f"{self.name}:index")
        if context["has_permission"]:
            context["places"] = person_of(request.user).places
            context["lists"] = _lists(context["available_apps"], request.path)
        return context

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """What waits for the person, most urgent first."""
        context = {
            **self.each_context(request),
            "title": _("What waits for you"),
            "subtitle": None,
            **desk_of(request.user, on=timezone.localdate()),
            **(extra_context or {}),
        }
        context |= lists_of(context["available_apps"], context["counts"])
        request.current_app = self.name
        return TemplateResponse(request, "admin/index.html", context)

    def get_app_list(
        self, request: HttpRequest, app_label: str | None = None
    ) -> list[dict[str, Any]]:
        rooms = super().get_app_list(request, app_label)
        for room in rooms:
            room["models"].sort(key=lambda row: _place(_name(room, row), ORDER))
        return sorted(rooms, key=lambda room: _place(room["app_label"], ROOMS))


def _lists(rooms: list[dict[str, Any]], path: str) -> list[dict[str, Any]]:
    found = {
        _name(room, row): {
            "name": row["name"],
            "url": row["admin_url"],
            "is_current": path.startswith(row["admin_url"]),
        }
        for room in rooms
        for row in room["models"]
        if row["admin_url"]
    }
    return [found[name] for name in IN_THE_BAR if name in found]


def _name(room: dict[str, Any], row: dict[str, Any]) -> str:
    return f"{room['app_label']}.{row['object_name'].lower()}"


def _place(name: str, order: tuple[str, ...]) -> int:
    return order.index(name) if name in order else len(order)
