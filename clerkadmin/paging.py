"""Lists that do not count what nobody reads to the end."""

from __future__ import annotations

from functools import cached_property

from django.core.paginator import Paginator

# What lies beyond is found by searching and filtering, not by turning pages.
COUNTED = 1000


class CappedPaginator(Paginator):
    """Counts up to a number and no further: a list of a million rows opens as one of a thousand."""

    @cached_property
    def count(self) -> int:
        """How many rows there are, at the most as many as are counted."""
        return min(self._counted, COUNTED)

    @property
    def is_capped(self) -> bool:
        """Whether there are more than that."""
        return self._counted > COUNTED

    @cached_property
    def _counted(self) -> int:
        rows = self.object_list
        if hasattr(rows, "order_by"):
            return int(rows.order_by()[: COUNTED + 1].count())
        return len(rows)
