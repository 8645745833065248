"""Units named in a commitment as acting, joining or asked to act."""

from __future__ import annotations

import re

from letters.organisations import name_at, names_from, strip_leading_words
from letters.vocabulary import HAN

_ASKED = re.compile(
    r"会同|联合|配合|协调|协同|商请|提请|报请|请|由|争取|责成|委托|对接|"
    r"向(?=[^，。]{2,16}(?:申请|争取|汇报|反映|建议|报告))|"
    rf"与(?=[{HAN}（）、和]{{2,60}}(?:共同|联合|一道|一起|沟通|对接|协作|协商|合作|联动|建立|共享))"
)
_SUBJECT_BEFORE_WILL = re.compile(rf"(?:^|[，；。])([{HAN}]{{3,24}}?)(?:将|拟|负责|牵头)")


def acting(folded: str) -> list[tuple[int, int]]:
    """Places of the named units, in order, each once."""
    found: set[tuple[int, int]] = set()
    for subject in _SUBJECT_BEFORE_WILL.finditer(folded):
        start = subject.start(1) + strip_leading_words(subject[1])
        end = name_at(folded, start)
        if end == subject.end(1):
            found.add((start, end))
    for trigger in _ASKED.finditer(folded):
        start = trigger.end()
        start += strip_leading_words(folded[start : start + 12])
        found.update(names_from(folded, start))
    return _apart(sorted(found))


def _apart(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans that do not overlap an earlier one."""
    kept: list[tuple[int, int]] = []
    for span in spans:
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept
