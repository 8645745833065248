"""Invitations (邀请): how a deputy comes to an account without a password being sent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from django.utils.functional import Promise


class InvitationState(models.TextChoices):
    """How an invitation stands: reckoned on the day of reading, never stored."""

    OPEN = "open", _("waits for the deputy")
    EXPIRED = "expired", _("has run out")
    USED = "used", _("used: the account is open")
    CANCELLED = "cancelled", _("cancelled")
    NEEDLESS = "needless", _("not needed: the deputy has an account")


class InvitationQuerySet(SightedQuerySet):
    def open(self, *, at: datetime) -> InvitationQuerySet:
        """Those whose link works at that moment."""
        return self.in_state(InvitationState.OPEN, at=at)

    def in_state(self, state: str, *, at: datetime) -> InvitationQuerySet:
        """Those that stand so at that moment; the same as `Invitation.state` says of one."""
        pending = Q(used_at=None, cancelled_at=None)
        meant = {
            InvitationState.USED: Q(used_at__isnull=False),
            InvitationState.CANCELLED: Q(used_at=None, cancelled_at__isnull=False),
            InvitationState.NEEDLESS: pending & Q(deputy__user__isnull=False),
            InvitationState.EXPIRED: pending & Q(deputy__user=None, expires_at__lte=at),
            InvitationState.OPEN: pending & Q(deputy__user=None, expires_at__gt=at),
        }
        return self.filter(meant[InvitationState(state)])


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

    State = InvitationState

    def __str__(self) -> str:
        return str(_("Invitation of %(deputy)s") % {"deputy": self.deputy})

    def above(self) -> Iterable[Recorded]:
        """Using, renewing and cancelling it wait for each other at the deputy."""
        return (self.deputy,)

    @property
    def state(self) -> InvitationState:
        if self.used_at:
            return InvitationState.USED
        if self.cancelled_at:
            return InvitationState.CANCELLED
        if self.deputy.user_id:
            return InvitationState.NEEDLESS
        is_over = self.expires_at <= timezone.now()
        return InvitationState.EXPIRED if is_over else InvitationState.OPEN

    def why_not_renew(self) -> str | Promise:
        """Why there is no other link for it; empty: there can be."""
        if self.state in (InvitationState.USED, InvitationState.NEEDLESS):
            return _("The deputy has an account already.")
        if self.state == InvitationState.CANCELLED:
            return _("It was cancelled: invite the deputy anew.")
        return ""

    def why_not_cancel(self) -> str | Promise:
        """Why it cannot be taken back; empty: it can."""
        if self.used_at:
            return _("The deputy has used it: the account is open.")
        return _("It was cancelled before.") if self.cancelled_at else ""

    @classmethod
    def sight(cls, place: Where, seat: Seat) -> Q:
        return of_assembly(place, seat, "deputy__assembly")
