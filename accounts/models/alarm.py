"""Alarms (警示): a rating that came from where clerks sit."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.rights import Where
from access.sight import NOTHING, Seat, Sighted, SightedQuerySet
from clerkadmin.recorded import Recorded
from measures.models import CommitmentFeedback
from proposals.guards import check
from proposals.models import Feedback, Proposal
from proposals.models.sight import of_proposal

if TYPE_CHECKING:
    from django.utils.functional import Promise


class RatingAlarm(Sighted, Recorded):
    """A deputy's account has rated from an address at which a clerk was signed in.

    The deputies' office asks the deputy and writes down what came of it. It names no address.
    """

    feedback = models.ForeignKey(
        Feedback, models.PROTECT, null=True, blank=True, related_name="alarms"
    )
    commitment_feedback = models.ForeignKey(
        CommitmentFeedback, models.PROTECT, null=True, blank=True, related_name="alarms"
    )
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("account that rated"),
    )
    clerk = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("clerk signed in at the same address"),
        help_text=_("Empty: it came from a network of the offices."),
    )
    raised_at = models.DateTimeField(_("raised"), default=timezone.now)
    settled_on = models.DateField(_("settled on"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("settled by"),
    )
    outcome = models.TextField(_("what came of it"), blank=True)

    objects = SightedQuerySet.as_manager()

    class Meta:
        verbose_name = _("alarm of a rating")
        verbose_name_plural = _("alarms of ratings")
        ordering = ["-raised_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(feedback__isnull=False) ^ Q(commitment_feedback__isnull=False),
                name="rating_alarm_of_one",
                violation_error_message=_("An alarm is about one rating."),
            ),
        ]

    def __str__(self) -> str:
        day = timezone.localdate(self.raised_at)
        return f"{self.account.get_full_name() or self.account} {day:%Y-%m-%d}"

    @classmethod
    def sight(cls, place: Where, seat: Seat) -> Q:
        if place != Where.ASSEMBLY:
            return NOTHING
        of_reply = of_proposal(place, seat, "feedback__reply__proposal")
        of_promise = of_proposal(place, seat, "commitment_feedback__commitment__reply__proposal")
        return (
            Q(feedback__isnull=False) & of_reply | Q(commitment_feedback__isnull=False) & of_promise
        )

    @property
    def rating(self) -> Feedback | CommitmentFeedback:
        """What the alarm is about: a word on a letter, or on a promise."""
        rating = self.feedback or self.commitment_feedback
        assert rating is not None  # as the constraint says
        return rating

    @property
    def proposal(self) -> Proposal:
        if self.feedback is not None:
            return self.feedback.reply.proposal
        assert self.commitment_feedback is not None  # as the constraint says
        return self.commitment_feedback.commitment.reply.proposal

    def why_not_settle(self) -> str | Promise:
        """Why nothing is written down now; empty: it can be."""
        return _("It was settled before.") if self.settled_on else ""

    @transaction.atomic
    def settle(self, *, on: date, outcome: str, by: Any = None) -> None:
        """The office has asked the deputy: what came of it. The rating itself stays."""
        self.refresh_from_db(from_queryset=RatingAlarm.objects.select_for_update(no_key=True))
        check(self.why_not_settle())
        self.settled_on, self.settled_by, self.outcome = on, by, outcome
        self.save()
