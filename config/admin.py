"""Accounts, as the admin keeps them."""

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.db.models import Model
from django.http import HttpRequest

from clerkadmin.lookups import allowed_lookups

User = get_user_model()


class AccountAdmin(UserAdmin):
    """An account is closed, not deleted: what it has done names it."""

    list_filter = ["is_staff", "is_active"]
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        return lookup in allowed_lookups(self.model, self.list_filter)


class RoleAdmin(GroupAdmin):
    """A group is emptied, not deleted: the trail may speak of it."""

    show_full_result_count = False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


admin.site.unregister(Group)
admin.site.register(Group, RoleAdmin)
admin.site.unregister(User)
admin.site.register(User, AccountAdmin)
