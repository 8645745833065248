"""What the templates of the public pages need beside Django's own tags."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import template
from django.conf import settings
from django.db import Error as DatabaseError
from django.utils.translation import get_language

from ..demo import is_demo
from ..folding import folded
from ..promises import Segment, Tally, squares, tally
from ..words import joined, round_words, unnumbered

register = template.Library()
# Where a title may break: after a mark, before 关于, before the number of a proposal.
SEAM = re.compile(r"(?<=[、，；：）》”])|(?<=.)(?=关于|第\d+号)|(?<=的)(?=建议|提案|议案|答复)")
# A longer piece has no room in a line of a phone: it breaks where any line of Chinese may.
PIECE_AT_MOST = 10
SQUARES_IN_A_GROUP = 10
SQUARE = 14  # pixels from one square to the next


@register.simple_tag
def site_name() -> str:
    return settings.SITE_NAME


@register.filter
def number(value: int) -> str:
    return f"{value:,}"


@register.filter
def round_name(value: int) -> str:
    return round_words(value)


@register.filter
def in_a_row(names: Sequence[str]) -> str:
    return joined(names)


@register.filter
def found(text: str, words: str) -> list[tuple[str, bool]]:
    """The text in pieces, and whether a piece is one of the words looked for."""
    compared = folded(text)
    if len(compared) != len(text):
        compared = text  # some sign became several: its places are not those of the text
    sought = "|".join(re.escape(word) for word in folded(words).split())
    spans = [each.span() for each in re.finditer(sought, compared, re.IGNORECASE)] if sought else []
    pieces = []
    done = 0
    for start, end in spans:
        pieces += [(text[done:start], False), (text[start:end], True)]
        done = end
    return [piece for piece in (*pieces, (text[done:], False)) if piece[0]]


@register.filter
def phrases(title: str) -> list[tuple[str, bool]]:
    """The title in pieces, and whether a piece stays whole: where a line has room for it."""
    return [(piece, len(piece) <= PIECE_AT_MOST) for piece in SEAM.split(title) if piece]


@register.filter(name="unnumbered")
def unnumbered_text(text: str) -> str:
    return unnumbered(text)


@register.simple_tag
def gap() -> str:
    """What stands between two sentences: a blank, and in Chinese nothing."""
    return "" if (get_language() or "").startswith("zh") else " "


@register.simple_tag
def nothing_but_demo() -> bool:
    """For a page that must be there even while the database is not."""
    try:
        return is_demo([])
    except DatabaseError:
        return False


@register.simple_tag
def tally_of(promises: Sequence[Sequence[str | None]], today: date) -> Tally:
    return tally(squares(promises, today=today))


@register.inclusion_tag("public/_squares.html")
def squares_of(counts: Tally) -> dict[str, Any]:
    """One square a promise, in groups of ten so that they can be counted."""
    looks = [look for look, _word, count in counts.counts for _each in range(count)]
    groups = [
        looks[start : start + SQUARES_IN_A_GROUP]
        for start in range(0, len(looks), SQUARES_IN_A_GROUP)
    ]
    return {
        "groups": [
            {
                "width": len(group) * SQUARE - 3,
                "squares": [(look, f"{place * SQUARE}.5") for place, look in enumerate(group)],
            }
            for group in groups
        ]
    }


@register.inclusion_tag("public/_bar.html")
def bar(pieces: Sequence[Segment], name: str, title: str) -> dict[str, Any]:
    """A bar whose pieces are told in its title; `name` is its id on the page."""
    return {"pieces": pieces, "name": name, "title": title}


@register.inclusion_tag("public/_key.html")
def key(pieces: Sequence[Segment]) -> dict[str, Any]:
    return {"pieces": pieces}


@register.inclusion_tag("public/_state.html")
def state(standing: Any) -> dict[str, Any]:
    return {"standing": standing}
