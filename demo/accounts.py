"""One person a role to sign in as. Their password is known to everybody: for trying out only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _

from access.rights import roles_of
from assemblies.models import Assembly, Deputy
from demo.world import World
from departments.models import Clerk

if TYPE_CHECKING:
    from django.contrib.auth.models import User

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
    # Writes and signs: what deputies say of its letters leads on to another round.
    "education": ("颜若谷", ("省教育厅",), True),
    "supervisor": ("钟晚晴", ("省人大教科文卫委员会",), False),
}
# Whose desk is at /desk/: {account: (assembly, name)}.
DEPUTIES: dict[str, tuple[str, str]] = {
    "deputy": ("yunping", "祝怀瑾"),
    "deputy2": ("yunping", "阙如一"),
    "member": ("yunping-cppcc", "晏行舟"),
}
USERNAMES = (*CLERKS, *DEPUTIES)


def open_accounts(world: World) -> None:
    """Make the accounts; a name that somebody already has is left alone, and does nothing here."""
    users = get_user_model().objects
    # Hashed once: to hash is slow by intent, and this password is no secret.
    password = make_password(PASSWORD)
    taken = set(users.filter(username__in=USERNAMES).values_list("username", flat=True))
    for username, (name, departments, reviews) in CLERKS.items():
        if username in taken:
            continue
        user = users.create(username=username, email=EMAIL, password=password, last_name=name)
        world.people[username] = user
        for short_name in departments:
            department = world.departments[short_name]
            Clerk.objects.create(user=user, department=department, reviews=reviews)
            (world.reviewers if reviews else world.clerks)[department] = user
    for username, person in DEPUTIES.items():
        if username in taken:
            continue
        deputy = world.deputies[person]
        facts = {"email": EMAIL, "password": password, "last_name": deputy.name}
        deputy.user = world.people[username] = users.create(username=username, **facts)
        deputy.save(update_fields=["user"])


def opened_accounts() -> list[str]:
    """Whose name signs in with the demo's password: name, role and department, a line each."""
    users = get_user_model().objects.filter(email=EMAIL, username__in=USERNAMES)
    by_name = {user.get_username(): user for user in users}
    return [_line(by_name[name]) for name in USERNAMES if name in by_name]


def _line(user: User) -> str:
    """Whoever works in several departments has the same role in each."""
    places, role = [], ""
    for clerk in Clerk.objects.filter(user=user).select_related("department").order_by("pk"):
        role = str(roles_of(clerk.department.kind, reviews=clerk.reviews)[-1].label)
        places.append(str(clerk.department))
    for deputy in Deputy.objects.filter(user=user).select_related("assembly"):
        is_of_cppcc = deputy.assembly.kind == Assembly.Kind.CPPCC
        role = _("CPPCC member") if is_of_cppcc else _("Deputy")
        places.append(str(deputy.assembly))
    return _("%(account)s — %(role)s, %(places)s") % {
        "account": user.get_username(),
        "role": role,
        "places": "、".join(places),
    }
