"""How near a date is: days left, and a light that says it in words, by an icon and by colour.

Green, yellow and red begin where the rules of handling say (`HandlingRules.yellow_days`,
`red_days`). A date that has passed is red and says by how many days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

GREEN, YELLOW, RED = "green", "yellow", "red"
# Where no rules are kept with a row.
YELLOW_DAYS, RED_DAYS = 15, 5


@dataclass(frozen=True)
class Light:
    """`words` say everything that the colour does; `days_left` is below zero once it is overdue."""

    name: str
    words: str
    days_left: int

    @property
    def is_overdue(self) -> bool:
        return self.days_left < 0

    @property
    def look(self) -> str:
        """The class of the stylesheets, beside `light`; nothing for green."""
        if self.is_overdue:
            return "light-over"
        return {GREEN: "", YELLOW: "light-soon", RED: "light-now"}[self.name]

    @property
    def icon(self) -> str:
        """The icon of the sprite that tells it without colour."""
        if self.is_overdue:
            return "i-overdue"
        return {GREEN: "i-date", YELLOW: "i-moving", RED: "i-flag"}[self.name]


def light(
    due_on: date, today: date, yellow_days: int = YELLOW_DAYS, red_days: int = RED_DAYS
) -> Light:
    """The light of something that is not done yet and due on that day."""
    left = (due_on - today).days
    if left < 0:
        words = ngettext("%(days)d day overdue", "%(days)d days overdue", -left)
        return Light(RED, words % {"days": -left}, left)
    if left <= red_days:
        return Light(RED, _("Urgent: due today") if left == 0 else _urgent(left), left)
    if left <= yellow_days:
        words = ngettext("Soon: %(days)d day left", "Soon: %(days)d days left", left)
        return Light(YELLOW, words % {"days": left}, left)
    words = ngettext("%(days)d day left", "%(days)d days left", left)
    return Light(GREEN, words % {"days": left}, left)


def _urgent(left: int) -> str:
    words = ngettext("Urgent: %(days)d day left", "Urgent: %(days)d days left", left)
    return words % {"days": left}


def shown_date(
    due_on: date | None,
    *,
    yellow_days: int = YELLOW_DAYS,
    red_days: int = RED_DAYS,
    is_done: bool = False,
    is_certain: bool = True,
    today: date | None = None,
) -> SafeString:
    """A date and its days left, as every page shows them; only the date where it is done."""
    lamp = None
    if due_on and not is_done:
        lamp = light(due_on, today or timezone.localdate(), yellow_days, red_days)
    context = {"due_on": due_on, "light": lamp, "is_certain": is_certain}
    return render_to_string("clerkadmin/_date.html", context)
