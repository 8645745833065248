"""Assemblies, their deputies and their rules, as the assembly's office keeps them."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

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
from assemblies.search import session_named
from clerkadmin.base import AppendOnlyInline, ClerkAdmin, ClerkInline

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
class DeputyAdmin(ClerkAdmin):
    list_display = ["name", "kind", "delegation", "sector", "assembly", "is_serving"]
    list_filter = ["assembly", "kind", "is_serving"]
    list_select_related = ["assembly"]
    search_fields = ["name", "delegation", "sector"]
    autocomplete_fields = ["assembly", "user"]
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
    fields = ["step", "start", "count", "unit", "fixed_month", "fixed_day"]
    can_delete = True


@admin.register(HandlingRules)
class HandlingRulesAdmin(ClerkAdmin):
    list_display = ["name", "assembly", "valid_from", "valid_to", "every_deputy_rates"]
    list_filter = ["assembly"]
    list_select_related = ["assembly"]
    search_fields = ["name", "assembly__name"]
    autocomplete_fields = ["assembly"]
    ordering = ["assembly", "-valid_from"]
    fieldsets = [
        (None, {"fields": ["assembly", "name", "source"]}),
        VALIDITY,
        (_("Who takes part"), {"fields": ["every_deputy_rates", "office_audits"]}),
        (_("Warning lights"), {"fields": ["yellow_days", "red_days"]}),
    ]
    inlines = [PeriodInline]


@admin.register(Holiday)
class HolidayAdmin(ClerkAdmin):
    list_display = ["day", "name", "is_working"]
    list_filter = ["is_working"]
    search_fields = ["name"]
    ordering = ["-day"]


@admin.register(HolidayYear)
class HolidayYearAdmin(ClerkAdmin):
    list_display = ["year", "is_announced", "source"]
    list_filter = ["is_announced"]
    search_fields = ["=year"]
    ordering = ["-year"]
