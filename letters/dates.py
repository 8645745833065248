"""Printed dates (2022年5月13日、二〇二二年五月十三日、2023927) as dates."""

from __future__ import annotations

import re
from datetime import date

from letters.numerals import chinese_number
from letters.shapes import DAMAGED_DATE, DATE

_PARTS = re.compile(r"\d+")
_CHINESE_PARTS = re.compile(r"[〇零○Oo0一二三四五六七八九十]+")


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def parse(folded: str) -> date | None:
    """The date a text prints in full."""
    found = DATE.search(folded)
    if found is None:
        return None
    parts = [int(part) for part in _PARTS.findall(found[0])]
    if len(parts) == 3:
        return _date(*parts)
    chinese = [chinese_number(re.sub("[Oo0]", "〇", p)) for p in _CHINESE_PARTS.findall(found[0])]
    if len(chinese) == 3 and None not in chinese:
        return _date(*(part or 0 for part in chinese))
    return None


def mend(folded: str) -> list[date]:
    """The dates that one with lost marks can mean: 2023927 one, 2023111 two."""
    found = DAMAGED_DATE.search(folded)
    if found is None:
        return []
    rest = found[0][4:]
    year = int(found[0][:4])
    groups = _PARTS.findall(rest)
    if len(groups) == 2:
        pairs = [(groups[0], groups[1])]
    else:
        digits = "".join(groups)
        pairs = [(digits[:at], digits[at:]) for at in range(1, len(digits))]
    dates = [
        _date(year, int(month), int(day))
        for month, day in pairs
        if len(month) <= 2 and len(day) <= 2 and (len(pairs) == 1 or _no_zero(month, day))
    ]
    return [one for one in dates if one]


def _no_zero(month: str, day: str) -> bool:
    """Lost marks leave 2023927 or 20230927; a lone leading zero would be a wrong cut."""
    return (len(month) == 2 or month[0] != "0") and (len(day) == 2 or day[0] != "0")
