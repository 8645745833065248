"""What the administrator has to look after: holidays, rules, departments and accounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from access.sight import person_of
from assemblies.models import Assembly, HandlingRules, HolidayYear
from departments.models import Clerk, Department

# From this month on the holidays of the next year are awaited.
NOVEMBER = 11
# So many names are told; beyond them "and more".
NAMED = 5


@dataclass(frozen=True)
class Care:
    """One thing to set right: what, why, and where."""

    title: str
    sentence: str
    url: str
    button: str
    is_urgent: bool = False


def cares_of(user: Any, *, on: date) -> list[Care]:
    """Of what the person may change: what is missing. One query for each kind."""
    person = person_of(user)
    cares: list[Care] = []
    if person.may("assemblies.holidayyear", "change"):
        cares += _holiday_years(on)
    if person.may("assemblies.handlingrules", "change"):
        cares += _rules(on)
    if person.may("departments.clerk", "change"):
        cares += _departments(on)
    if person.may("auth.user", "change"):
        cares += _accounts()
    return cares


def _holiday_years(on: date) -> list[Care]:
    wanted = [on.year, on.year + 1] if on.month >= NOVEMBER else [on.year]
    known = set(
        HolidayYear.objects.filter(is_announced=True, year__in=wanted)
        .order_by()
        .values_list("year", flat=True)
    )
    return [
        Care(
            title=_("The holidays of %(year)s are missing") % {"year": year},
            sentence=_(
                "Until they are announced and entered, dates in that year count weekends only "
                "and say that they are not certain."
            ),
            url=reverse("admin:assemblies_holidayyear_changelist"),
            button=_("Enter holidays"),
            is_urgent=year == on.year,
        )
        for year in wanted
        if year not in known
    ]


def _rules(on: date) -> list[Care]:
    valid = HandlingRules.objects.valid(on=on).filter(assembly=OuterRef("pk")).order_by()
    without = Assembly.objects.filter(~Exists(valid)).order_by("name")
    return [
        Care(
            title=_("%(assembly)s has no rules in force") % {"assembly": assembly},
            sentence=_("Without rules no date is counted: enter those that hold today."),
            url=reverse("admin:assemblies_handlingrules_changelist"),
            button=_("Enter rules"),
            is_urgent=True,
        )
        for assembly in without[:NAMED]
    ]


def _departments(on: date) -> list[Care]:
    clerks = Clerk.objects.filter(department=OuterRef("pk"), is_active=True).order_by()
    handling = Department.objects.valid(on=on).filter(kind=Department.Kind.HANDLING)
    without = handling.filter(~Exists(clerks), successor=None)
    names = [str(row) for row in without.order_by("name")[: NAMED + 1]]
    if not names:
        return []
    told = "、".join(names[:NAMED])
    said = _("%(names)s and more: nobody can acknowledge or reply there.")
    if len(names) <= NAMED:
        said = _("%(names)s: nobody can acknowledge or reply there.")
    return [
        Care(
            title=_("Departments in which nobody works"),
            sentence=said % {"names": told},
            url=reverse("admin:departments_clerk_changelist"),
            button=_("Enter clerks"),
        )
    ]


def _accounts() -> list[Care]:
    places = Clerk.objects.filter(user=OuterRef("pk"), is_active=True).order_by()
    idle = get_user_model().objects.filter(
        ~Exists(places), is_active=True, is_staff=True, is_superuser=False
    )
    count = len(idle.order_by().values_list("pk", flat=True)[:100])
    if not count:
        return []
    said = ngettext(
        "%(count)s account is open, but works in no department: close it or give it a place.",
        "%(count)s accounts are open, but work in no department: close them or give them a place.",
        count,
    )
    return [
        Care(
            title=_("Accounts without a place"),
            sentence=said % {"count": count},
            url=reverse("admin:auth_user_changelist"),
            button=_("Look at accounts"),
        )
    ]
