"""Three people to sign in as. Their password is known to everybody: for trying out only."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db.models import QuerySet

from departments.models import Clerk
from intake.demo.world import World

# Printed with a warning, and wiped with the demo.
PASSWORD = "luoshi-demo"  # nosec B105
# No mail can ever reach this address (RFC 2606): it marks the demo's own accounts.
EMAIL = "demo@demo.invalid"
USERNAMES = ("admin", "clerk", "deputy")
# The assigning office: its clerk works with every department's proposals.
CLERK_WORKS_IN = "省政府办公厅"
ROOMS = ("assemblies", "departments", "proposals", "measures", "intake")
DEPUTY_IS = ("yunping", "祝怀瑾")


def open_accounts(world: World) -> None:
    """Make the accounts; a name that somebody already has is left alone."""
    users = get_user_model().objects
    taken = set(users.filter(username__in=USERNAMES).values_list("username", flat=True))
    if "admin" not in taken:
        users.create_superuser("admin", EMAIL, PASSWORD, last_name="管理员")
    if "clerk" not in taken:
        clerk = users.create_user("clerk", EMAIL, PASSWORD, last_name="路思齐", is_staff=True)
        clerk.user_permissions.set(_all_but_deleting())
        Clerk.objects.create(user=clerk, department=world.departments[CLERK_WORKS_IN])
    if "deputy" not in taken:
        deputy = world.deputies[DEPUTY_IS]
        deputy.user = users.create_user("deputy", EMAIL, PASSWORD, last_name=deputy.name)
        deputy.save(update_fields=["user"])


def _all_but_deleting() -> QuerySet[Permission]:
    """What the assigning office may do: all that the admin offers for proposals."""
    rooms = Permission.objects.filter(content_type__app_label__in=ROOMS)
    return rooms.exclude(codename__startswith="delete_")


def opened_accounts() -> list[str]:
    """Whose name signs in with the demo's password."""
    users = get_user_model().objects.filter(email=EMAIL, username__in=USERNAMES)
    return list(users.order_by("username").values_list("username", flat=True))
