"""Accounts and roles, as the administrator keeps them.

The administrator opens and closes accounts and says who works where. The role follows from that;
nobody makes a superuser here, grants a single permission, or changes the own place.
"""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import AbstractUser, Group
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from access.rights import STAFF, Role
from accounts import second_factor
from accounts.changes import ADDRESS, tell_owner
from accounts.password_office import OpenForm, link_page
from clerkadmin.base import ClerkInline, Headed
from clerkadmin.gate import GatedPages
from clerkadmin.kept import KeepsForms
from clerkadmin.lookups import allowed_lookups
from clerkadmin.moves import Move, ReasonForm, WithMoves
from departments.models import Clerk

User = get_user_model()


class PlaceInline(ClerkInline):
    """Where the account works: its role follows. A place that ends is kept, no longer active."""

    model = Clerk
    fields = ["department", "reviews", "is_active"]
    autocomplete_fields = ["department"]
    list_select_related = ["department"]
    verbose_name = _("place")
    verbose_name_plural = _("Where the account works: its role follows from it")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj != request.user and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj != request.user and super().has_change_permission(request, obj)


class OfAccounts(GatedPages):
    """Django's pages of accounts and groups, behind the gate."""

    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_filter: ClassVar[Any] = []
    model: Any

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        return lookup in allowed_lookups(self.model, self.list_filter)


class LostPhoneForm(ReasonForm):
    """Why: it is done now, so no day is asked for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["on"]


def _take_off(account: Any, *, by: Any, reason: str) -> None:
    if account == by:
        raise ValidationError(_("Nobody does this for oneself: another administrator does."))
    second_factor.remove_for(account)
    account.reason_given = reason


TAKE_OFF = Move(
    name="take_off_second_factor",
    label=_("Take the second factor off"),
    explanation=_(
        "For somebody who has lost the phone and the backup codes: make sure who asks, best by "
        "calling back. The account is signed out everywhere; its password stays as it is."
    ),
    run=_take_off,
    guard=lambda account: "" if second_factor.is_set_up(account) else _("There is none."),
    form=LostPhoneForm,
    is_single=True,
)


class AccountAdmin(WithMoves, Headed, KeepsForms, OfAccounts, UserAdmin):
    """An account is closed, not deleted: what it has done names it."""

    # Django's has no room for what keeps the form.
    add_form_template = None
    # A password is its owner's: opening an account asks for none.
    add_form = OpenForm
    add_fieldsets = [(None, {"fields": ["username", "last_name", "first_name", "email"]})]

    list_display = ["username", "last_name", "first_name", "email", "roles", "is_active"]
    list_filter = ["is_active", "is_staff"]
    list_per_page = 50
    ordering = ["username"]
    readonly_fields = ["roles", "last_login", "date_joined"]
    inlines = [PlaceInline]
    moves = [TAKE_OFF]
    fieldsets = [
        (None, {"fields": ["username", "password", "is_active"]}),
        (_("Person"), {"fields": ["last_name", "first_name", "email"]}),
        (_("Role"), {"fields": ["roles"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """A superuser is made and kept by commands alone: who resets its password would be one."""
        accounts = super().get_queryset(request).prefetch_related("groups")
        return accounts if request.user.is_superuser else accounts.filter(is_superuser=False)

    def rows_for(self, request: HttpRequest, right: str) -> QuerySet:
        """Other people's accounts: a move is never made for oneself."""
        accounts = self.get_queryset(request).exclude(pk=request.user.pk)
        return accounts if self.may(request, right) else accounts.none()

    def user_change_password(
        self, request: HttpRequest, id: str, form_url: str = ""
    ) -> HttpResponse:
        """In the place of Django's page: the owner chooses the password, by a link."""
        account = self.get_object(request, unquote(id))
        if account is None or not self.may(request, "change"):
            raise Http404
        if account == request.user:
            return redirect("accounts:password")
        if not self.rows_for(request, "change").filter(pk=account.pk).exists():
            raise Http404
        return link_page(self, request, account)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """With the reason that a move was given."""
        reason = getattr(obj, "reason_given", "")
        return super().log_change(request, obj, f"{message}: {reason}" if reason else message)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Nobody closes the own account by mistake, and none is given another's name."""
        fields = list(self.readonly_fields)
        if obj is not None:
            fields.append("username")
        return [*fields, "is_active"] if obj == request.user else fields

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> list[type]:
        return list(self.inlines) if obj else []

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """A new address is told to the one until now: who reads the account's mails gets in."""
        if change and "email" in form.changed_data:
            tell_owner(self.model._default_manager.get(pk=obj.pk), ADDRESS)
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        for formset in formsets:
            self.check_saved(request, formset.new_objects, "add")
            self.check_saved(request, [row for row, _fields in formset.changed_objects], "change")

    @admin.display(description=pgettext_lazy("of an account", "role"))
    def roles(self, account: AbstractUser) -> str:
        names = {group.name for group in account.groups.all()}
        return "、".join(str(role.label) for role in STAFF if role.value in names)


class RoleAdmin(Headed, OfAccounts, GroupAdmin):
    """The code makes the groups, from the table of rights: they can be looked at."""

    list_display = ["label"]
    fields = ["label", "name"]
    readonly_fields = ["label"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=pgettext_lazy("of an account", "role"), ordering="name")
    def label(self, group: Group) -> str:
        return str(Role(group.name).label) if group.name in Role.values else group.name


admin.site.unregister(Group)
admin.site.register(Group, RoleAdmin)
admin.site.unregister(User)
# Keys and codes are nobody's to read.
admin.site.unregister([TOTPDevice, StaticDevice])
admin.site.register(User, AccountAdmin)
