"""Departments, the names that letters call them by, and who works in them."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from clerkadmin.base import ClerkAdmin, ClerkInline
from departments.models import Clerk, Department, DepartmentAlias


class DepartmentAliasInline(ClerkInline):
    model = DepartmentAlias
    fields = ["name"]
    can_delete = True


class ClerkOfDepartmentInline(ClerkInline):
    """Nobody is removed: a clerk who left is no longer active."""

    model = Clerk
    fields = ["user", "reviews", "is_active"]
    autocomplete_fields = ["user"]
    list_select_related = ["user", "department"]


@admin.register(Department)
class DepartmentAdmin(ClerkAdmin):
    list_display = ["name", "short_name", "kind", "region", "valid_to", "successor"]
    list_filter = ["kind"]
    list_select_related = ["successor"]
    search_fields = ["name", "short_name", "aliases__name"]
    autocomplete_fields = ["successor"]
    ordering = ["name"]
    fieldsets = [
        (None, {"fields": ["name", "short_name", "slug", "kind", "region"]}),
        (
            _("Validity"),
            {
                "fields": ["valid_from", "valid_to", "successor"],
                "description": _(
                    "A department that was renamed or merged stays: give its last day and who "
                    "succeeds it."
                ),
            },
        ),
    ]
    inlines = [DepartmentAliasInline, ClerkOfDepartmentInline]

    def get_readonly_fields(self, request, obj=None):
        """The name in addresses is permanent."""
        return ["slug"] if obj else []


@admin.register(Clerk)
class ClerkAdminPage(ClerkAdmin):
    list_display = ["user", "department", "reviews", "is_active"]
    list_filter = ["is_active", "reviews"]
    list_select_related = ["user", "department"]
    search_fields = ["user__username", "department__name", "department__short_name"]
    autocomplete_fields = ["user", "department"]
    ordering = ["department", "user"]
