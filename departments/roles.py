"""The groups that the code makes from the table of rights, and who is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import AppConfig, apps

from access.rights import OF_DJANGO, RIGHTS, STAFF, roles_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def make_groups(*, sender: AppConfig, using: str, **_kwargs: Any) -> None:
    """After the last room has migrated: one group a role, with exactly the table's permissions."""
    rooms = [room for room in apps.get_app_configs() if room.models_module]
    if sender is not rooms[-1]:
        return
    group_model = apps.get_model("auth", "Group")
    permissions = apps.get_model("auth", "Permission").objects.using(using)
    by_name = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in permissions.select_related("content_type")
    }
    for role in STAFF:
        group, _created = group_model.objects.using(using).get_or_create(name=role.value)
        wanted = {
            _codename(right.kind, may)
            for right in RIGHTS
            if right.role == role
            for may in right.may
            if may in OF_DJANGO
        }
        group.permissions.set(by_name[name] for name in sorted(wanted) if name in by_name)


def _codename(kind: str, may: str) -> str:
    app_label, model_name = kind.split(".")
    return f"{app_label}.{may}_{model_name}"


def join_groups(user: User) -> None:
    """Put the account into the groups of its clerkships, and out of every other role."""
    clerkships = user.clerkships.filter(is_active=True)
    places = clerkships.values_list("department__kind", "reviews")
    roles = {role.value for kind, reviews in places for role in roles_of(kind, reviews=reviews)}
    groups = apps.get_model("auth", "Group").objects.filter(name__in=STAFF)
    user.groups.remove(*groups.exclude(name__in=roles))
    user.groups.add(*groups.filter(name__in=roles))
    if user.is_staff != (bool(roles) or user.is_superuser):
        user.is_staff = not user.is_staff
        user.save(update_fields=["is_staff"])
