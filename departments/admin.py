"""Departments, the names that letters call them by, and who works in them."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from access.sight import person_of
from clerkadmin.base import ClerkInline, ReadOnlyAdmin, ReadOnlyInline
from clerkadmin.bulk import ImportsRows
from departments.models import Clerk, Department, DepartmentAlias
from departments.resources import DepartmentResource


class DepartmentAliasInline(ClerkInline):
    model = DepartmentAlias
    fields = ["name"]
    can_delete = True


class ClerkOfDepartmentInline(ReadOnlyInline):
    """Who works there is said on the page of each account."""

    model = Clerk
    fields = ["user", "reviews", "is_active"]
    list_select_related = ["user", "department"]
    show_change_link = False


@admin.register(Department)
class DepartmentAdmin(ImportsRows):
    resource_class = DepartmentResource
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
        """The name in addresses is permanent; the own department's kind gives the own role."""
        fields = ["slug"] if obj else []
        person = person_of(request.user)
        if obj and obj.pk in person.departments and not person.is_superuser:
            fields.append("kind")
        return fields


@admin.register(Clerk)
class ClerkAdminPage(ReadOnlyAdmin):
    """Who works where, in one list: set on the page of each account."""

    list_display = ["user", "department", "reviews", "is_active"]
    list_filter = ["is_active", "reviews"]
    list_select_related = ["user", "department"]
    search_fields = ["user__username", "department__name", "department__short_name"]
    fields = ["user", "department", "reviews", "is_active"]
    ordering = ["department", "user"]
