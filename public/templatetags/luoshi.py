"""What the templates of the public pages need beside Django's own tags."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import template
from django.conf import settings

from ..promises import Segment, Tally, squares, tally
from ..words import joined, round_words

register = template.Library()
# Where a title may break: after a mark, before 关于, before the number of a proposal.
SEAM = re.compile(r"(?<=[、，；：）》”])|(?<=.)(?=关于|第\d+号)")
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
    sought = [re.escape(word) for word in words.split()]
    if not sought:
        return [(text, False)]
    pieces = re.split(f"({'|'.join(sought)})", text, flags=re.IGNORECASE)
    return [(piece, place % 2 == 1) for place, piece in enumerate(pieces) if piece]


@register.filter
def phrases(title: str) -> list[str]:
    """The title in pieces that stay whole where a line has room for them."""
    return [piece for piece in SEAM.split(title) if piece]


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
