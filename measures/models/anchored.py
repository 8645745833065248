"""What a letter says, tied to its sentence; and what was done (已做工作)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from access.rights import Where
from access.sight import Seat, Sighted, SightedQuerySet
from clerkadmin.recorded import Recorded
from proposals.models import Reply
from proposals.models.reply import of_reply

if TYPE_CHECKING:
    pass


class Anchored(Sighted, Recorded):
    """Something said in a letter, tied to its sentence."""

    text = models.TextField(_("sentence"))
    start = models.PositiveIntegerField(_("begins at"))
    end = models.PositiveIntegerField(_("ends at"))

    class Meta:
        abstract = True

    @classmethod
    def sight(cls, place: Where, seat: Seat) -> Q:
        return of_reply(Where.OWN if place == Where.WRITTEN else place, seat)


class Measure(Anchored):
    """What was done (已做工作), in the words of the letter."""

    reply = models.ForeignKey(
        Reply, models.PROTECT, related_name="measures", verbose_name=_("reply")
    )
    number = models.PositiveSmallIntegerField(_("number in the letter"))
    heading = models.CharField(_("heading"), max_length=300, blank=True)

    objects = SightedQuerySet.as_manager()

    choosing = {"reply": "change"}

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        ordering = ["reply", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["reply", "number"],
                name="measure_once",
                violation_error_message=_("The letter already has a measure of that number."),
            ),
            models.CheckConstraint(
                condition=Q(end__gt=F("start")),
                name="measure_has_sentence",
                violation_error_message=_("A measure needs its sentence in the letter."),
            ),
        ]

    def __str__(self) -> str:
        return Truncator(self.text).chars(60)
