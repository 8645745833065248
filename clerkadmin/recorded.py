"""Rows of which nothing is lost: every state is kept, and every write has its version."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from simple_history.models import HistoricalRecords


class Recorded(models.Model):
    """Each state with who and when (`history`), and a version that tells two writers apart.

    A form carries the version that it was filled with; saving it with another is a conflict.
    """

    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    history = HistoricalRecords(inherit=True)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        fields: Iterable[str] | None = kwargs.get("update_fields")
        if not self._state.adding:
            self.version += 1
            if fields is not None:
                kwargs["update_fields"] = {*fields, "version"}
        super().save(*args, **kwargs)
