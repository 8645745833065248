"""Dates that follow from the rules: counted once, and stored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from assemblies.deadlines import due

if TYPE_CHECKING:
    from assemblies.models import HandlingRules


class Dated(models.Model):
    """A row with dates counted by rules.

    `unannounced` names those that were counted over a year whose holidays are not announced yet:
    each is shown with these words, and counted again when the year is imported.
    """

    unannounced = models.CharField(
        _("dates not certain yet"), max_length=200, blank=True, editable=False
    )

    class Meta:
        abstract = True

    def count_dates(self) -> None:
        """Count every date of the row that follows from the rules, in place."""
        raise NotImplementedError

    def is_unannounced(self, field: str) -> bool:
        """Whether that date may still move with the holidays of a year not announced yet."""
        return field in self.unannounced.split()

    def recount(self) -> dict[str, tuple[date | None, date | None]]:
        """Count again what was not certain, and nothing else: {field: (before, now)} of what moved.

        A date that somebody has set since by hand is certain, and stays.
        """
        names = self.unannounced.split()
        before = {
            field.attname: getattr(self, field.attname)
            for field in self._meta.concrete_fields
            if isinstance(field, models.DateField)
        }
        self.count_dates()
        for name, value in before.items():
            if name not in names:
                setattr(self, name, value)
        self.unannounced = " ".join(n for n in self.unannounced.split() if n in names)
        return {
            name: (before[name], getattr(self, name))
            for name in names
            if before[name] != getattr(self, name)
        }

    def _count(
        self,
        field: str,
        step: str,
        *,
        rules: HandlingRules | None,
        starts: Mapping[Any, date | None],
        in_session: bool = True,
    ) -> None:
        """Set one date by one step of the rules; where they say nothing it stays as it is.

        `starts` are the days from which the rules may count. Until the one that they name has
        come (a receipt that nobody has acknowledged yet) the first of them counts: the date is
        then early, never late, and is counted again when the day has come.
        """
        period = rules.period(step, in_session=in_session) if rules else None
        if period is None:
            return
        start = starts.get(period.start) or next(iter(starts.values()))
        if start is None:
            return
        found = due(period, start=start)
        setattr(self, field, found.on)
        names = [name for name in self.unannounced.split() if name != field]
        self.unannounced = " ".join(names if found.is_announced else [*names, field])
