"""Rows of which nothing is lost: every state is kept, and every write has its version."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.db import DatabaseError, models
from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords


class StaleError(DatabaseError):
    """Somebody else has written the row since it was read: nothing of this write was kept."""


class OneClassManager(HistoryManager):
    """The library makes a class at every `row.history`; this one makes it once."""

    @classmethod
    @cache
    def from_queryset(cls, queryset_class: Any, class_name: str | None = None) -> Any:
        return super().from_queryset(queryset_class, class_name)


class Records(HistoricalRecords):
    """The library's, asking the database for no more of a row's links than it keeps."""

    def create_historical_record_m2ms(self, history_instance: Any, instance: models.Model) -> None:
        if history_instance.history_type == "+":
            return  # nothing is linked to a row that was not there
        for field in history_instance._history_m2m_fields:
            own = {field.m2m_column_name(): instance.pk}
            links = field.remote_field.through._default_manager.filter(**own).values()
            model = self.m2m_models[field]
            rows = [model(history=history_instance, **link) for link in links]
            if rows:
                model.objects.bulk_create(rows)


class Recorded(models.Model):
    """Each state with who and when (`history`), and a version that tells two writers apart.

    A form carries the version that it was filled with; saving it with another is a conflict.
    """

    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    history = Records(inherit=True, history_manager=OneClassManager)

    # Set by a form: the next write is `WHERE version=` this, or a StaleError.
    only_over: int | None = None

    class Meta:
        abstract = True

    def told_history(self) -> models.QuerySet:
        """Of its kept states those that everybody may read who sees the row."""
        return self.history.all()  # type: ignore[no-any-return]

    def save(self, *args: Any, **kwargs: Any) -> None:
        fields: Iterable[str] | None = kwargs.get("update_fields")
        if not self._state.adding:
            self.version += 1
            if fields is not None:
                kwargs["update_fields"] = {*fields, "version"}
        super().save(*args, **kwargs)

    def above(self) -> Iterable[Recorded]:
        """What a move of this row locks before the row: two moves never wait for each other."""
        return ()

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
