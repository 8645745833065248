"""Words of a letter that the public does not read."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.rights import Where
from access.sight import Seat, Sighted, SightedQuerySet
from clerkadmin.recorded import Recorded
from proposals.models.reply import Reply, of_reply


class RedactionQuerySet(SightedQuerySet):
    def in_force(self) -> RedactionQuerySet:
        """Those that cover words now."""
        return self.filter(lifted_on=None)


class Redaction(Sighted, Recorded):
    """Words of a letter that the public does not read: a private phone number. Secret itself."""

    reply = models.ForeignKey(
        Reply, models.PROTECT, related_name="redactions", verbose_name=_("reply")
    )
    text = models.CharField(
        _("words"), max_length=200, help_text=_("Wherever they stand in the letter.")
    )
    reason = models.CharField(_("reason"), max_length=200)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_on = models.DateField(_("decided on"))
    lifted_on = models.DateField(_("lifted on"), null=True, blank=True)
    lift_reason = models.TextField(_("why it was lifted"), blank=True)

    objects = RedactionQuerySet.as_manager()

    class Meta:
        verbose_name = _("redaction")
        verbose_name_plural = _("redactions")
        ordering = ["reply", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["reply", "text"],
                condition=Q(lifted_on__isnull=True),
                name="redaction_once",
                violation_error_message=_("These words are redacted already."),
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="redaction_has_words",
                violation_error_message=_("Say which words are redacted."),
            ),
            models.CheckConstraint(
                condition=Q(lifted_on__isnull=True) | ~Q(lift_reason=""),
                name="redaction_lifted_has_reason",
                violation_error_message=_("Say why the words are no longer covered."),
            ),
        ]

    def __str__(self) -> str:
        return self.reason

    @classmethod
    def sight(cls, place: Where, seat: Seat) -> Q:
        return of_reply(place, seat)
