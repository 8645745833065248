"""Invitations (邀请): how a deputy comes to an account without a password being sent."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.rights import Where
from access.sight import Seat, Sighted, SightedQuerySet
from assemblies.models import Deputy
from assemblies.models.assembly import of_assembly
from clerkadmin.recorded import Recorded


class InvitationQuerySet(SightedQuerySet):
    def open(self, *, at: datetime) -> InvitationQuerySet:
        """Those whose link works at that moment."""
        return self.filter(used_at=None, cancelled_at=None, expires_at__gt=at)


class Invitation(Sighted, Recorded):
    """A link by which one deputy opens the own account: it works once, and not for long.

    Only the SHA-256 of its secret is kept: who reads this table cannot use the link.
    """

    deputy = models.ForeignKey(
        Deputy, models.PROTECT, related_name="invitations", verbose_name=_("deputy")
    )
    email = models.EmailField(
        _("e-mail"), blank=True, help_text=_("Empty: the link is handed over on paper.")
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("invited by")
    )
    invited_at = models.DateTimeField(_("invited"), default=timezone.now)
    expires_at = models.DateTimeField(_("works until"))
    used_at = models.DateTimeField(_("used"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    choosing = {"deputy": "change"}

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-invited_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["deputy"],
                condition=Q(used_at=None, cancelled_at=None),
                name="invitation_one_open",
                violation_error_message=_("This deputy has an invitation already: renew it."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.deputy)

    @classmethod
    def sight(cls, place: Where, seat: Seat) -> Q:
        return of_assembly(place, seat, "deputy__assembly")
