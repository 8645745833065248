"""The holiday table: filled from chinesecalendar, kept by hand, and what follows from a new year.

The State Council announces a year's holidays late in the year before. Until a year is in the table
its weekends alone count, and what was counted over it says so. Once it is announced, whoever has
subscribed (the room with the dates) counts again, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import chinese_calendar
from chinese_calendar import constants
from django.db import transaction
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history

from assemblies.models import Holiday, HolidayYear

SOURCE = "国务院办公厅节假日安排通知（chinesecalendar {version}）"
# From this month on the next year's holidays are expected: half of the dates reach into it.
NEXT_YEAR_FROM = 11

# Called with whoever announced it; answers how many stored dates were counted again.
Listener = Callable[[Any], int]
_listeners: list[Listener] = []


def subscribe(listener: Listener) -> None:
    """Call this function whenever a year has been announced; once, however often it subscribes."""
    if listener not in _listeners:
        _listeners.append(listener)


def announced(*, by: Any = None) -> int:
    """Tell that the table holds a year more; answers how many stored dates were counted again."""
    return sum(listener(by) for listener in _listeners)


@dataclass
class Imported:
    """What became of one year: days added, and days of the table that the library says otherwise.

    A day that differs was entered by hand: it stays as it is, and is named.
    """

    year: int
    is_known: bool = True
    added: int = 0
    differing: list[date] = field(default_factory=list)

    def __str__(self) -> str:
        """In words, for the person who asked for it."""
        if not self.is_known:
            said = _("%(year)s: not announced yet; its weekends alone are counted.")
            return said % {"year": self.year}
        said = _("%(year)s: %(added)s days added.") % {"year": self.year, "added": self.added}
        if self.differing:
            days = "、".join(day.isoformat() for day in self.differing)
            said += " " + _("Entered by hand, unlike the announcement, and kept: %(days)s.") % {
                "days": days
            }
        return said


def known_years() -> list[int]:
    """The years that the library knows, each announced."""
    return sorted({day.year for day in constants.holidays})


def is_known(year: int) -> bool:
    """Whether the library knows the year: for one not announced it raises."""
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


@transaction.atomic
def import_years(years: Iterable[int] = (), *, by: Any = None) -> tuple[list[Imported], int]:
    """Fill the table, by default with every year that the library knows; then count again.

    Answers what became of each year, and how many stored dates were counted again.
    """
    results = [_import_year(year) for year in list(years) or known_years()]
    return results, announced(by=by) if any(result.is_known for result in results) else 0


def missing_years(*, on: date) -> list[int]:
    """Years that are needed on that day and not in the table."""
    needed = [on.year, on.year + 1] if on.month >= NEXT_YEAR_FROM else [on.year]
    there = HolidayYear.objects.filter(year__in=needed, is_announced=True)
    return sorted(set(needed) - set(there.order_by().values_list("year", flat=True)))


def _import_year(year: int) -> Imported:
    if not is_known(year):
        HolidayYear.objects.get_or_create(year=year)
        return Imported(year, is_known=False)
    result = Imported(year)
    stored = {row.day: row for row in Holiday.objects.filter(day__year=year)}
    unlike = _days_unlike_their_weekday(year)
    missing = [
        Holiday(day=day, name=name, is_working=is_working)
        for day, (name, is_working) in unlike.items()
        if day not in stored
    ]
    bulk_create_with_history(missing, Holiday)
    result.added = len(missing)
    result.differing = [
        day
        for day, (_name, is_working) in unlike.items()
        if day in stored and stored[day].is_working != is_working
    ]
    result.differing = sorted({*result.differing, *(set(stored) - set(unlike))})
    row_of_year, _created = HolidayYear.objects.get_or_create(year=year)
    if not row_of_year.is_announced:
        row_of_year.is_announced = True
        row_of_year.source = row_of_year.source or SOURCE.format(version=_version())
        row_of_year.save()
    return result


def _days_unlike_their_weekday(year: int) -> dict[date, tuple[str, bool]]:
    """{day: (name, whether it is worked)} of the year's holidays and exchanged working days."""
    found = {
        day: (_chinese(name), is_working)
        for days, is_working in ((constants.holidays, False), (constants.workdays, True))
        for day, name in days.items()
        if day.year == year
    }
    return dict(sorted(found.items()))


def _chinese(name: str) -> str:
    return str(constants.Holiday(name).chinese)


def _version() -> str:
    return str(chinese_calendar.__version__)
