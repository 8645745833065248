"""Rows of which nothing is lost: every state is kept, and every write has its version."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import DatabaseError, models
from simple_history.models import HistoricalRecords


class StaleError(DatabaseError):
    """Somebody else has written the row since it was read: nothing of this write was kept."""


class Recorded(models.Model):
    """Each state with who and when (`history`), and a version that tells two writers apart.

    A form carries the version that it was filled with; saving it with another is a conflict.
    """

    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    history = HistoricalRecords(inherit=True)

    # Set by a form: the next write is `WHERE version=` this, or a StaleError.
    only_over: int | None = None

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        fields: Iterable[str] | None = kwargs.get("update_fields")
        if not self._state.adding:
            self.version += 1
            if fields is not None:
                kwargs["update_fields"] = {*fields, "version"}
        super().save(*args, **kwargs)

    def _do_update(self, base_qs: models.QuerySet, *args: Any) -> Any:  # type: ignore[override]
        """Django's one UPDATE of a row, with the version that the writer has seen."""
        if self.only_over is not None:
            base_qs = base_qs.filter(version=self.only_over)
        written = super()._do_update(base_qs, *args)
        if self.only_over is not None and not written:
            raise StaleError(f"{self._meta.label} {self.pk} is not at {self.only_over} any more")
        # From here on the row is locked by this transaction: nobody else can come in between.
        self.only_over = None
        return written
