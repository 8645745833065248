"""What a clerk types to find a session: as the lists show it, or as letters print it."""

from __future__ import annotations

import re

from django.db.models import Q

from letters.numerals import whole_number

_NUMBER = r"第?([〇零一二三四五六七八九十\d]{1,4})"
_TERM = re.compile(f"{_NUMBER}届")
_SESSION = re.compile(f"{_NUMBER}次(?:会议?)?")


def session_named(word: str) -> Q:
    """省人大十四届四次会议, 十四届, 四次 or 省十四届人大四次会议; empty where no count is named."""
    condition, name = Q(), word
    for field, pattern in (("term", _TERM), ("number", _SESSION)):
        found = pattern.search(name)
        if found:
            condition &= Q(**{field: whole_number(found[1])})
            name = name.replace(found[0], "", 1)
    if not condition or not name:
        return condition
    return condition & (Q(assembly__name__icontains=name) | Q(assembly__short_name__icontains=name))
