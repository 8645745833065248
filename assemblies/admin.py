"""Assemblies, their deputies and their rules, as the assembly's office keeps them."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.sight import person_of
from assemblies.accounts import DeputyForm
from assemblies.holidays import announced, import_years, known_years, missing_years
from assemblies.models import (
    Assembly,
    Category,
    CategoryScheme,
    Deputy,
    DeputyContact,
    HandlingRules,
    Holiday,
    HolidayYear,
    Period,
    Rating,
    RatingScale,
    Session,
    Topic,
)
from assemblies.presets import presets
from assemblies.resources import DeputyResource
from assemblies.search import session_named
from clerkadmin.base import AppendOnlyInline, ClerkAdmin, ClerkInline
from clerkadmin.bulk import ImportsRows

VALIDITY: tuple[Any, Any] = (
    _("Validity"),
    {"fields": ["valid_from", "valid_to"], "description": _("Empty: without a limit.")},
)


class SessionInline(AppendOnlyInline):
    """Term and number are part of permanent addresses; days are set on the session's own page."""

    model = Session
    fields = ["term", "number", "opens_on", "closes_on"]
    show_change_link = True


class TopicInline(ClerkInline):
    model = Topic
    fields = ["order", "name"]


@admin.register(Assembly)
class AssemblyAdmin(ClerkAdmin):
    list_display = ["name", "short_name", "kind", "level", "region", "publishes_ratings"]
    list_filter = ["kind", "level"]
    search_fields = ["name", "short_name"]
    ordering = ["name"]
    fieldsets = [
        (None, {"fields": ["name", "short_name", "slug", "kind", "level", "region"]}),
        (_("Public pages"), {"fields": ["publishes_ratings"]}),
    ]
    inlines = [SessionInline, TopicInline]

    def get_readonly_fields(self, request, obj=None):
        """The name in addresses is permanent."""
        return ["slug"] if obj else []


@admin.register(Session)
class SessionAdmin(ClerkAdmin):
    list_display = ["__str__", "assembly", "term", "number", "opens_on", "closes_on"]
    list_filter = ["assembly"]
    list_select_related = ["assembly"]
    search_fields = ["assembly__name", "assembly__short_name", "=term", "=number"]
    word_readers = [session_named]
    autocomplete_fields = ["assembly"]
    ordering = ["assembly", "-term", "-number"]
    fields = ["assembly", "term", "number", "opens_on", "closes_on"]

    def get_readonly_fields(self, request, obj=None):
        """Term and number are part of permanent addresses."""
        return ["assembly", "term", "number"] if obj else []


@admin.register(Topic)
class TopicAdmin(ClerkAdmin):
    list_display = ["name", "assembly", "order"]
    list_filter = ["assembly"]
    list_select_related = ["assembly"]
    search_fields = ["name"]
    autocomplete_fields = ["assembly"]
    ordering = ["assembly", "order", "name"]


class DeputyContactInline(ClerkInline):
    model = DeputyContact
    fields = ["certificate_number", "phone", "email", "address", "postcode"]
    verbose_name_plural = _("Contact data: for the assembly's office alone")


@admin.register(Deputy)
class DeputyAdmin(ImportsRows):
    resource_class = DeputyResource
    form = DeputyForm
    list_display = ["name", "kind", "delegation", "sector", "assembly", "is_serving"]
    list_filter = ["assembly", "kind", "is_serving"]
    list_select_related = ["assembly"]
    search_fields = ["name", "delegation", "sector"]
    autocomplete_fields = ["assembly"]
    readonly_fields = ["public_id"]
    ordering = ["assembly", "name"]
    fieldsets = [
        (None, {"fields": ["assembly", "name", "kind", "delegation", "sector", "is_serving"]}),
        (
            _("Account and address"),
            {
                "fields": ["user", "public_id"],
                "description": _("With an account the deputy can sign in and rate replies."),
            },
        ),
    ]
    inlines = [DeputyContactInline]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        context = {"page_links": self._links(request, object_id), **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    def _links(self, request: HttpRequest, object_id: str) -> list[dict[str, Any]]:
        """The way to an account, for a deputy who has none."""
        deputy = self.get_object(request, object_id)
        may_invite = person_of(request.user).may("accounts.invitation", "add")
        if deputy is None or deputy.user_id or not may_invite:
            return []
        if not self.rows_for(request, "change").filter(pk=deputy.pk).exists():
            return []
        url = f"{reverse('admin:accounts_invitation_add')}?deputy={deputy.pk}"
        return [{"url": url, "label": _("Invite")}]


class CategoryInline(ClerkInline):
    model = Category
    fields = ["order", "code", "label", "meaning", "needs_commitment", "needs_due_date"]
    can_delete = True


@admin.register(CategoryScheme)
class CategorySchemeAdmin(ClerkAdmin):
    list_display = ["name", "assembly", "valid_from", "valid_to"]
    list_filter = ["assembly"]
    list_select_related = ["assembly"]
    search_fields = ["name", "assembly__name"]
    autocomplete_fields = ["assembly"]
    ordering = ["assembly", "-valid_from"]
    fieldsets = [(None, {"fields": ["assembly", "name", "source"]}), VALIDITY]
    inlines = [CategoryInline]


@admin.register(Category)
class CategoryAdmin(ClerkAdmin):
    """Found here while typing; kept on the page of its scheme."""

    list_display = ["__str__", "scheme", "meaning", "needs_commitment", "needs_due_date"]
    list_filter = ["scheme", "meaning"]
    list_select_related = ["scheme"]
    search_fields = ["code", "label", "scheme__name"]
    autocomplete_fields = ["scheme"]
    ordering = ["scheme", "order", "code"]


class RatingInline(ClerkInline):
    model = Rating
    fields = ["order", "label", "meaning"]
    can_delete = True


@admin.register(RatingScale)
class RatingScaleAdmin(ClerkAdmin):
    list_display = ["name", "assembly", "valid_from", "valid_to"]
    list_filter = ["assembly"]
    list_select_related = ["assembly"]
    search_fields = ["name", "assembly__name"]
    autocomplete_fields = ["assembly"]
    ordering = ["assembly", "name"]
    fieldsets = [(None, {"fields": ["assembly", "name"]}), VALIDITY]
    inlines = [RatingInline]


class PeriodInline(ClerkInline):
    model = Period
    fields = ["step", "when", "start", "count", "unit", "fixed_month", "fixed_day"]
    can_delete = True


class PresetForm(forms.Form):
    """Which rules to take over, and for whom."""

    assembly = forms.ModelChoiceField(label=_("assembly"), queryset=Assembly.objects.none())
    preset = forms.ChoiceField(label=_("rules"), help_text=_("With what is known of the source."))

    def __init__(self, *args: Any, assemblies: QuerySet[Assembly], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["assembly"]
        assert isinstance(field, forms.ModelChoiceField)  # as declared
        field.queryset = assemblies
        choices = [(preset.key, preset.name) for preset in presets().values()]
        self.fields["preset"].choices = choices  # type: ignore[attr-defined]


@admin.register(HandlingRules)
class HandlingRulesAdmin(ClerkAdmin):
    change_list_template = "clerkadmin/change_list.html"
    list_display = ["name", "assembly", "valid_from", "valid_to", "every_deputy_rates"]
    list_filter = ["assembly"]
    list_select_related = ["assembly"]
    search_fields = ["name", "assembly__name"]
    autocomplete_fields = ["assembly"]
    ordering = ["assembly", "-valid_from"]
    fieldsets = [
        (None, {"fields": ["assembly", "name", "source"]}),
        VALIDITY,
        (
            _("Who takes part"),
            {"fields": ["every_deputy_rates", "office_audits", "requires_contact"]},
        ),
        (_("Warning lights"), {"fields": ["yellow_days", "red_days"]}),
    ]
    inlines = [PeriodInline]

    def get_urls(self) -> list[URLPattern]:
        preset = path(
            "preset/",
            self.admin_site.admin_view(self.preset_view),
            name="assemblies_handlingrules_preset",
        )
        return [preset, *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        """The way to rules that are written already, for whoever may add some."""
        tools = list((extra_context or {}).get("list_tools", ()))
        if self.has_add_permission(request):
            address = reverse("admin:assemblies_handlingrules_preset")
            tools.append({"url": address, "label": _("Take over written rules")})
        return super().changelist_view(request, {**(extra_context or {}), "list_tools": tools})

    def preset_view(self, request: HttpRequest) -> HttpResponse:
        """Choose a preset and an assembly; the rules made from them can then be changed."""
        if not self.has_add_permission(request):
            raise Http404
        assemblies = Assembly.objects.visible_to(request.user).order_by("name")
        form = PresetForm(request.POST or None, assemblies=assemblies)
        if form.is_valid():
            preset = presets()[form.cleaned_data["preset"]]
            try:
                rules = preset.take_over(form.cleaned_data["assembly"])
            except ValidationError as error:
                form.add_error(None, ValidationError(error.messages))
            else:
                self.log_addition(request, rules, str(_("Taken over from written rules.")))
                done = _("The rules are taken over: compare them with the text in force.")
                self.message_user(request, done, messages.SUCCESS)
                return redirect("admin:assemblies_handlingrules_change", rules.pk)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Take over written rules"),
            "form": form,
            "presets": presets().values(),
        }
        return TemplateResponse(request, "assemblies/handlingrules_preset.html", context)


@admin.register(Holiday)
class HolidayAdmin(ClerkAdmin):
    list_display = ["day", "name", "is_working"]
    list_filter = ["is_working"]
    search_fields = ["name"]
    ordering = ["-day"]


@admin.register(HolidayYear)
class HolidayYearAdmin(ClerkAdmin):
    change_list_template = "clerkadmin/change_list.html"
    list_display = ["year", "is_announced", "source"]
    list_filter = ["is_announced"]
    search_fields = ["=year"]
    ordering = ["-year"]

    def get_urls(self) -> list[URLPattern]:
        fill = path(
            "fill/",
            self.admin_site.admin_view(self.fill_view),
            name="assemblies_holidayyear_fill",
        )
        return [fill, *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        tools = list((extra_context or {}).get("list_tools", ()))
        if self.has_add_permission(request):
            address = reverse("admin:assemblies_holidayyear_fill")
            tools.append({"url": address, "label": _("Fill in the announced holidays")})
        for year in missing_years(on=timezone.localdate()):
            said = _("The holidays of %(year)s are not in the table: its weekends alone count.")
            self.message_user(request, said % {"year": year}, messages.WARNING)
        return super().changelist_view(request, {**(extra_context or {}), "list_tools": tools})

    def fill_view(self, request: HttpRequest) -> HttpResponse:
        """Fill the table from the announcements, and say what became of each year."""
        if not self.has_add_permission(request):
            raise Http404
        if request.method == "POST":
            results, recounted = import_years(by=request.user)
            for result in results:
                if result.added or result.differing:
                    level = messages.WARNING if result.differing else messages.SUCCESS
                    self.message_user(request, str(result), level)
            said = _("Dates counted again: %(count)s.") % {"count": recounted}
            self.message_user(request, said, messages.SUCCESS)
            return redirect("admin:assemblies_holidayyear_changelist")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Fill in the announced holidays"),
            "years": known_years(),
        }
        return TemplateResponse(request, "assemblies/holidayyear_fill.html", context)

    def save_model(self, request, obj, form, change):
        """A year that somebody has entered by hand and now calls announced counts from now on."""
        super().save_model(request, obj, form, change)
        if obj.is_announced and "is_announced" in form.changed_data:
            announced(by=request.user)
