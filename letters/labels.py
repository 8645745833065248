"""Labelled values (联系人：…  签发人：…) wherever they stand outside the body."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest

from letters.piece import Piece
from letters.shapes import LABEL, is_label, squeeze

_WEB_PAGE = re.compile(r"^(?:(?:主办|承办|协办|版权|网站地图|技术支持)：|版权所有|备案)")
_HAN_BEFORE = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Labelled:
    """A label without its blanks, and the value after it as printed."""

    label: str
    value: Piece


def labelled(paragraphs: Iterable[Piece], *, next_line: bool = False) -> Iterator[Labelled]:
    """Every labelled value; with next_line an empty one takes the line below as table cells do."""
    lines = list(paragraphs)
    for at, line in enumerate(lines):
        if _WEB_PAGE.match(squeeze(line.folded)):
            continue
        marks = [mark for mark in LABEL.finditer(line.folded) if _starts_word(line.folded, mark)]
        for mark, following in zip_longest(marks, marks[1:]):
            value = line.cut(mark.end(), following.start() if following else len(line))
            if not value.text and next_line and at + 1 < len(lines) and following is None:
                below = lines[at + 1]
                if not is_label(below.folded) and len(below) <= 60:
                    value = below
            yield Labelled(squeeze(mark[0])[:-1], value)


def _starts_word(folded: str, mark: re.Match[str]) -> bool:
    start = mark.start()
    return start == 0 or not _HAN_BEFORE.match(folded[start - 1])
