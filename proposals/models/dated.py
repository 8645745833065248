"""Dates that follow from the rules: counted once, and stored."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

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

    def _count(
        self, field: str, step: str, *, rules: HandlingRules | None, start: date | None
    ) -> None:
        """Set one date by one step of the rules; where they say nothing it stays as it is."""
        period = rules.periods.filter(step=step).first() if rules and start else None
        if period is None or start is None:
            return
        found = due(period, start=start)
        setattr(self, field, found.on)
        names = [name for name in self.unannounced.split() if name != field]
        self.unannounced = " ".join(names if found.is_announced else [*names, field])
