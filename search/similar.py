"""Titles like a title: what the rarest of its pairs have in common counts most.

The work is bounded, whatever the title and however many there are. How often a pair occurs is
counted in the index, and only as far as `MOST`: beyond, it is common, and how common makes no
difference. Rows are looked up by the rarest pairs alone, `MOST` of them at the most; the best
`FINALISTS` are then compared pair by pair.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import accumulate
from math import log
from typing import TypeVar

from django.db import connection
from django.db.models import QuerySet

from search.grams import grams
from search.models import Gram

Row = TypeVar("Row")
MOST = 3000
FINALISTS = 200
# Of a longer title the first so many pairs are compared.
PAIRS = 40
# What is less alike has a turn of phrase in common, and no matter.
LEAST = 0.2
COUNT = (
    "(SELECT COUNT(*) FROM"
    " (SELECT 1 FROM search_gram WHERE kind = %s AND gram = %s LIMIT %s) AS counted)"
)


def similar(kind: str, title: str, limit: int) -> list[tuple[int, float]]:
    """The rows whose titles are like this folded one, with how much of it they share (0 to 1).

    The likest first; of equals the one that says least besides, then the newest. Three queries.
    """
    counted = frequencies(kind, grams(title)[:PAIRS])
    weights = {pair: _weight(count) for pair, count in counted.items()}
    finalists = _finalists(kind, counted, weights)
    if not finalists:
        return []
    pairs = _pairs(Gram.objects.filter(kind=kind, key__in=finalists))
    found = [(key, likeness(weights, own), len(own)) for key, own in pairs.items()]
    found.sort(key=lambda row: (-row[1], row[2], -row[0]))
    return [(key, score) for key, score, _size in found[:limit] if score >= LEAST]


def frequencies(kind: str, pairs: list[str]) -> dict[str, int]:
    """In how many titles each of these pairs stands, counted no further than `MOST` + 1."""
    if not pairs:
        return {}
    values = [value for pair in pairs for value in (kind, pair, MOST + 1)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join([COUNT] * len(pairs)), values)
        return dict(zip(pairs, cursor.fetchone(), strict=True))


def likeness(weights: dict[str, float], pairs: set[str]) -> float:
    """How much of what is weighed is among those pairs."""
    shared = sum(weight for pair, weight in weights.items() if pair in pairs)
    return round(shared / sum(weights.values()), 4)


def _weight(count: int) -> float:
    """The rarer, the more it says; one that stands nowhere says as much as one that is unique."""
    return log(1 + MOST / max(count, 1))


def _finalists(kind: str, counted: dict[str, int], weights: dict[str, float]) -> list[int]:
    """The rows that share most of the rarest pairs."""
    rarest = sorted((pair for pair in counted if counted[pair]), key=lambda pair: counted[pair])
    if not rarest:
        return []
    rows = Gram.objects.filter(kind=kind)
    chosen = _within(MOST, counted, rarest)
    if chosen:
        rows = rows.filter(gram__in=chosen)
    else:
        # Every pair is common: the newest of those with the least common one.
        chosen = rarest[:1]
        rows = rows.filter(gram=chosen[0]).order_by("-key")[:MOST]
    weighed = {pair: weights[pair] for pair in chosen}
    scores = {key: likeness(weighed, pairs) for key, pairs in _pairs(rows).items()}
    return sorted(scores, key=lambda key: (-scores[key], -key))[:FINALISTS]


def _within(room: int, counted: dict[str, int], rarest: list[str]) -> list[str]:
    """As many of the rarest pairs as have room together."""
    sums = accumulate(counted[pair] for pair in rarest)
    return [pair for pair, so_far in zip(rarest, sums, strict=True) if so_far <= room]


def _pairs(rows: QuerySet[Gram]) -> dict[int, set[str]]:
    pairs: defaultdict[int, set[str]] = defaultdict(set)
    for key, pair in rows.values_list("key", "gram"):
        pairs[key].add(pair)
    return pairs


def among(title: str, rows: Iterable[tuple[Row, str]], limit: int) -> list[tuple[Row, float]]:
    """Of a few rows that are in no index, those whose folded titles are like this one."""
    weights = dict.fromkeys(grams(title), 1.0)
    if not weights:
        return []
    scored = [(row, likeness(weights, set(grams(other)))) for row, other in rows]
    # A stable sort: of equals the one that was given first.
    scored.sort(key=lambda pair: -pair[1])
    return [pair for pair in scored[:limit] if pair[1] >= LEAST]
