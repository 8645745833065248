"""Which day a promise means, when a clerk marks it by hand and leaves the date empty."""

from __future__ import annotations

import re
from datetime import date

from letters import due
from letters.fold import fold

_CLAUSE = re.compile("[^，；。：]+")


def last_day(due_text: str, letter_date: date | None) -> date | None:
    """The last day that a printed time allows; None where it is no date (资金到位后)."""
    return due.resolve(due_text, letter_date)


def printed_due(sentence: str, letter_date: date | None) -> tuple[str, date | None]:
    """The time that a promise prints, and its last day; times before the letter are no promise."""
    for clause in _CLAUSE.finditer(fold(sentence)):
        found = due.find(clause[0])
        if found is None:
            continue
        first, last = clause.start() + found[0], clause.start() + found[1]
        printed = sentence[first:last]
        day = last_day(printed, letter_date)
        if day is None or letter_date is None or day >= letter_date:
            return printed, day
    return "", None
