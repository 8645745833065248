"""The numbers of a letter."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from access.sight import SightedQuerySet
from measures.models.anchored import Anchored, Measure
from measures.models.commitment import Commitment
from proposals.models import Reply


class Figure(Anchored):
    """A number with its unit in a measure or a commitment: `1.1 亿元` is 110000000 元."""

    reply = models.ForeignKey(
        Reply, models.PROTECT, related_name="figures", verbose_name=_("reply")
    )
    measure = models.ForeignKey(
        Measure,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="figures",
        verbose_name=_("measure"),
    )
    commitment = models.ForeignKey(
        Commitment,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="figures",
        verbose_name=_("commitment"),
    )
    value = models.DecimalField(_("value"), max_digits=24, decimal_places=6, null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    rank = models.PositiveIntegerField(
        _("rank"), null=True, blank=True, help_text=_("6 for 第六位.")
    )

    objects = SightedQuerySet.as_manager()

    choosing = {"reply": "change"}

    class Meta:
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        ordering = ["reply", "start"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__gt=F("start")),
                name="figure_has_place",
                violation_error_message=_("A figure needs its place in the letter."),
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False) | Q(rank__isnull=False),
                name="figure_has_value",
                violation_error_message=_("A figure needs a value or a rank."),
            ),
            models.CheckConstraint(
                condition=Q(measure__isnull=True) | Q(commitment__isnull=True),
                name="figure_in_one_sentence",
                violation_error_message=_("A figure stands in a measure or in a commitment."),
            ),
        ]

    def __str__(self) -> str:
        return self.text
