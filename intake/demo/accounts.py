"""One person a role to sign in as. Their password is known to everybody: for trying out only."""

from __future__ import annotations

from django.contrib.auth import get_user_model

from departments.models import Clerk
from intake.demo.world import World

# Printed with a warning, and wiped with the demo.
PASSWORD = "luoshi-demo"  # nosec B105
# No mail can ever reach this address (RFC 2606): it marks the demo's own accounts.
EMAIL = "demo@demo.invalid"
# Who works where, and whether they sign off: {account: (name, departments, reviews)}.
CLERKS: dict[str, tuple[str, tuple[str, ...], bool]] = {
    "admin": ("管理员", ("省政务信息中心",), False),
    "congress": ("乔木兰", ("省人大常委会代表工作委员会", "省政协提案委员会"), False),
    "office": ("路思齐", ("省政府办公厅",), False),
    "clerk": ("乐书航", ("省工业和信息化厅",), False),
    "reviewer": ("贺明徵", ("省工业和信息化厅",), True),
    "finance": ("沈知微", ("省财政厅",), True),
    "supervisor": ("钟晚晴", ("省人大教科文卫委员会",), False),
}
DEPUTY, DEPUTY_IS = "deputy", ("yunping", "祝怀瑾")
USERNAMES = (*CLERKS, DEPUTY)


def open_accounts(world: World) -> None:
    """Make the accounts; a name that somebody already has is left alone."""
    users = get_user_model().objects
    taken = set(users.filter(username__in=USERNAMES).values_list("username", flat=True))
    for username, (name, departments, reviews) in CLERKS.items():
        if username in taken:
            continue
        user = users.create_user(username, EMAIL, PASSWORD, last_name=name)
        for department in departments:
            Clerk.objects.create(
                user=user, department=world.departments[department], reviews=reviews
            )
    if DEPUTY not in taken:
        deputy = world.deputies[DEPUTY_IS]
        deputy.user = users.create_user(DEPUTY, EMAIL, PASSWORD, last_name=deputy.name)
        deputy.save(update_fields=["user"])


def opened_accounts() -> list[str]:
    """Whose name signs in with the demo's password."""
    users = get_user_model().objects.filter(email=EMAIL, username__in=USERNAMES)
    return list(users.order_by("username").values_list("username", flat=True))
