"""What was decided about the publication of a reply, by whom and why."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.rights import Where
from access.sight import Seat, Sighted, SightedQuerySet
from clerkadmin.recorded import Recorded
from proposals.models.proposal import Proposal
from proposals.models.reply import Reply, of_reply


class DisclosureDecision(Sighted, Recorded):
    """Whether and how a reply is made public: a decision with a reason and an approver. Secret."""

    reply = models.ForeignKey(
        Reply, models.PROTECT, related_name="disclosure_decisions", verbose_name=_("reply")
    )
    mode = models.CharField(_("disclosure"), max_length=15, choices=Proposal.Disclosure)
    form = models.CharField(_("published as"), max_length=10, choices=Reply.Form)
    reason = models.TextField(_("reason"), blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("proposed by"),
    )
    proposed_on = models.DateField(_("proposed on"), null=True, blank=True)
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("approver"),
    )
    approved_on = models.DateField(_("approved on"), null=True, blank=True)

    objects = SightedQuerySet.as_manager()

    class Meta:
        verbose_name = _("disclosure decision")
        verbose_name_plural = _("disclosure decisions")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(mode="proactive") | ~Q(reason=""),
                name="disclosure_decision_not_public_has_reason",
                violation_error_message=_("Not publishing a reply needs a reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reply} {self.get_mode_display()}"

    @classmethod
    def sight(cls, place: Where, seat: Seat) -> Q:
        return of_reply(place, seat)

    @property
    def is_pending(self) -> bool:
        """Proposed by the department, and not decided yet."""
        return self.approved_on is None
