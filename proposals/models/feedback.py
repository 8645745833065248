"""What deputies say of a reply (征询意见表): process and result apart."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.rights import Where
from access.sight import Seat, Sighted, SightedQuerySet
from assemblies.models import Deputy, Period, Rating
from clerkadmin.recorded import Recorded
from proposals.models.dated import Dated
from proposals.models.given import Given
from proposals.models.reply import Reply, of_reply


class Feedback(Sighted, Recorded, Dated, Given):
    """One deputy's rating of one reply; one that never came is recorded as not returned."""

    class State(models.TextChoices):
        AWAITED = "awaited", _("Awaited")
        RETURNED = "returned", _("Returned")
        NOT_RETURNED = "not_returned", _("Not returned")

    reply = models.ForeignKey(
        Reply, models.PROTECT, related_name="feedback", verbose_name=_("reply")
    )
    deputy = models.ForeignKey(
        Deputy, models.PROTECT, related_name="feedback", verbose_name=_("deputy")
    )
    state = models.CharField(_("state"), max_length=15, choices=State, default=State.AWAITED)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    process_rating = models.ForeignKey(
        Rating,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("rating of the process"),
    )
    result_rating = models.ForeignKey(
        Rating,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("rating of the result"),
    )
    rated_on = models.DateField(_("rated on"), null=True, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("entered by"),
        help_text=_("The account that gave the rating: the deputy's own, or a clerk's."),
    )

    objects = SightedQuerySet.as_manager()

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        ordering = ["reply", "deputy"]
        constraints = [
            models.UniqueConstraint(
                fields=["reply", "deputy"],
                name="feedback_once",
                violation_error_message=_("The deputy has already rated this reply."),
            ),
            models.CheckConstraint(
                condition=~Q(state="returned")
                | Q(rated_on__isnull=False, result_rating__isnull=False),
                name="feedback_returned_is_complete",
                violation_error_message=_("A returned rating needs its day and the result."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deputy} {self.result_rating or self.get_state_display()}"

    @classmethod
    def sight(cls, place: Where, seat: Seat) -> Q:
        return Q(deputy=seat.deputy) if place == Where.MINE else of_reply(place, seat)

    def count_dates(self) -> None:
        sent_on = self.reply.sent_on
        rules = self.reply.proposal.rules(on=sent_on) if sent_on else None
        starts = {Period.Start.REPLIED: sent_on}
        self._count("due_on", Period.Step.FEEDBACK, rules=rules, starts=starts)


class FeedbackReason(Sighted, Recorded):
    """Why the deputy is not satisfied, in the deputy's words. Secret."""

    feedback = models.OneToOneField(
        Feedback, models.CASCADE, related_name="reason", verbose_name=_("rating")
    )
    text = models.TextField(_("reason"))

    objects = SightedQuerySet.as_manager()

    class Meta:
        verbose_name = _("reason of a rating")
        verbose_name_plural = _("reasons of ratings")

    def __str__(self) -> str:
        return str(self.feedback)

    @classmethod
    def sight(cls, place: Where, seat: Seat) -> Q:
        if place == Where.MINE:
            return Q(feedback__deputy=seat.deputy)
        return of_reply(place, seat, "feedback__reply")
