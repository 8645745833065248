"""When something is due: months by the calendar, days, working days by the holiday table.

The day on which a period begins is not counted. A month ends on the same day of the month, or on
its last day where that month is shorter: three months from 30 November end on 28 February. A date
that falls on a holiday is not moved.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from assemblies.models.rules import Holiday, HolidayYear, Period

SATURDAY = 5


@dataclass(frozen=True)
class Due:
    """A date; not certain where it was counted over a year whose holidays are not announced."""

    on: date
    is_announced: bool = True


def due(period: Period, *, start: date) -> Due:
    """The last day of a period that begins with that day."""
    if period.count is None:
        return Due(_next_day_of_year(period, start))
    if period.unit == Period.Unit.MONTH:
        return Due(add_months(start, period.count))
    if period.unit == Period.Unit.DAY:
        return Due(start + timedelta(days=period.count))
    return add_working_days(start, period.count)


def add_months(start: date, count: int) -> date:
    """The same day so many months later, or the last day of a shorter month."""
    months = start.year * 12 + start.month - 1 + count
    year, month = divmod(months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))


def add_working_days(start: date, count: int) -> Due:
    """The day that is so many working days later, by the holiday table."""
    # Far enough for any period: every second day a holiday.
    end = start + timedelta(days=2 * count + 60)
    days = dict(Holiday.objects.filter(day__range=(start, end)).values_list("day", "is_working"))
    announced = set(
        HolidayYear.objects.filter(is_announced=True, year__range=(start.year, end.year))
        .order_by()
        .values_list("year", flat=True)
    )
    day, left, certain = start, count, True
    while left:
        day += timedelta(days=1)
        certain = certain and day.year in announced
        left -= days.get(day, day.weekday() < SATURDAY)
    return Due(day, certain)


def _next_day_of_year(period: Period, start: date) -> date:
    """A fixed day: the first that is not before the start; 29 February is 28 in other years."""
    for year in (start.year, start.year + 1):
        assert period.fixed_month and period.fixed_day  # the table's own rule
        last = calendar.monthrange(year, period.fixed_month)[1]
        day = date(year, period.fixed_month, min(period.fixed_day, last))
        if day >= start:
            return day
    raise AssertionError("one of two years has the day ahead")  # pragma: no cover
