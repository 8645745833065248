"""A page of a list: never an unbounded count, never a deep offset."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

SIZE = 20
# Rows that are counted and can be paged through; the rest is reached by filters and downloads.
MOST = 1000


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[Any]
    number: int
    size: int
    count: int
    capped: bool
    has_next: bool

    @property
    def first(self) -> int:
        return (self.number - 1) * self.size + 1

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1

    @property
    def previous_number(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next_number(self) -> int | None:
        return self.number + 1 if self.has_next else None

    @property
    def count_text(self) -> str:
        return f"{MOST:,}+" if self.capped else f"{self.count:,}"


def page_of(queryset: QuerySet[Any], number: str, *, size: int = SIZE) -> Page:
    """That page of the rows; what is no page number is the first page."""
    last = MOST // size
    wanted = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1
    wanted = min(max(wanted, 1), last)
    start = (wanted - 1) * size
    rows = list(queryset[start : start + size + 1])
    more = len(rows) > size
    if more or (wanted > 1 and not rows):
        count = queryset.order_by()[: MOST + 1].count()
    else:
        count = start + len(rows)
    return Page(
        rows=rows[:size],
        number=wanted,
        size=size,
        count=min(count, MOST),
        capped=count > MOST,
        has_next=more and wanted < last,
    )
