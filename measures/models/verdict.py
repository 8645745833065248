"""Whether a promise is kept, as the deputies see it (承诺事项再评价)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from access.rights import Where
from access.sight import Seat, Sighted, SightedQuerySet
from assemblies.models import Deputy, Period
from clerkadmin.recorded import Recorded
from measures.models.commitment import Commitment, CommitmentUpdate
from proposals import events
from proposals.models import Event
from proposals.models.dated import Dated
from proposals.models.given import Given

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class CommitmentFeedbackQuerySet(SightedQuerySet):
    def awaited(self) -> CommitmentFeedbackQuerySet:
        """Questions that nobody has answered yet."""
        return self.filter(state=CommitmentFeedback.State.AWAITED)

    def ask(
        self, promise: Commitment, *, cause: str, on: date, by: User | None = None
    ) -> list[CommitmentFeedback]:
        """Ask each deputy who rates the letter whether the promise is kept.

        Within the transaction of what gives cause to it. Whoever is asked already is asked anew:
        the time to answer begins again.
        """
        self.renew(promise, on=on, cause=cause)
        asked = set(promise.feedback.awaited().values_list("deputy", flat=True))
        opened: list[CommitmentFeedback] = []
        for deputy in promise.reply.raters().exclude(pk__in=asked):
            question = CommitmentFeedback(
                commitment=promise, deputy=deputy, cause=cause, asked_on=on
            )
            question.count_dates()
            question.save()
            opened.append(question)
        if opened or asked:
            details = {"commitment": promise.number, "cause": str(cause)}
            if cause == CommitmentFeedback.Cause.DUE and promise.due_on:
                details["due"] = promise.due_on.isoformat()
            events.record(
                Event.Kind.PROMISE_ASKED,
                promise.reply.proposal,
                on=on,
                actor=by,
                department=promise.lead_department,
                reply=promise.reply,
                details=details,
            )
        return opened

    def renew(self, promise: Commitment, *, on: date, cause: str = "") -> None:
        """There is something new to judge by: who has not answered yet has the whole time again."""
        for question in promise.feedback.awaited():
            question.asked_on = max(question.asked_on, on)
            question.cause = cause or question.cause
            question.count_dates()
            question.save()


class CommitmentFeedback(Sighted, Recorded, Dated, Given):
    """One deputy asked whether one promise is kept: after a report on it, or when it fell due.

    An answer is an update of the promise; one that never came is recorded as not returned.
    """

    class Cause(models.TextChoices):
        REPORTED = "reported", _("Reported as settled")
        DUE = "due", _("Fallen due without a report")

    class State(models.TextChoices):
        AWAITED = "awaited", _("Awaited")
        CONFIRMED = "confirmed", _("Kept")
        DISPUTED = "disputed", _("Not kept")
        NOT_RETURNED = "not_returned", _("Not returned")

    commitment = models.ForeignKey(
        Commitment, models.PROTECT, related_name="feedback", verbose_name=_("commitment")
    )
    deputy = models.ForeignKey(
        Deputy, models.PROTECT, related_name="commitment_feedback", verbose_name=_("deputy")
    )
    cause = models.CharField(_("asked because"), max_length=10, choices=Cause)
    asked_on = models.DateField(pgettext_lazy("of a deputy", "asked on"))
    due_on = models.DateField(_("due on"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=15, choices=State, default=State.AWAITED)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    update = models.ForeignKey(
        CommitmentUpdate,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("the answer"),
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("entered by"),
        help_text=_("The account that gave the answer: the deputy's own, or a clerk's."),
    )

    objects = CommitmentFeedbackQuerySet.as_manager()

    class Meta:
        verbose_name = _("word on a promise")
        verbose_name_plural = _("words on promises")
        ordering = ["commitment", "-asked_on", "deputy"]
        constraints = [
            models.UniqueConstraint(
                fields=["commitment", "deputy"],
                condition=Q(state="awaited"),
                name="commitment_feedback_asked_once",
                violation_error_message=_("The deputy is already asked about this promise."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["awaited", "not_returned"])
                | Q(answered_on__isnull=False, update__isnull=False),
                name="commitment_feedback_answered_is_complete",
                violation_error_message=_("An answer needs its day and its words."),
            ),
        ]
        indexes = [
            # Who is asked what, on the deputy's desk; and what is over its time.
            models.Index(fields=["deputy", "state", "due_on"], name="commitment_feedback_awaited"),
        ]

    def __str__(self) -> str:
        return f"{self.commitment} · {self.deputy} {self.get_state_display()}"

    @classmethod
    def sight(cls, place: Where, seat: Seat) -> Q:
        if place == Where.MINE:
            return Q(deputy=seat.deputy)
        return Q(commitment__in=Commitment.objects.filter(Commitment.sight(place, seat)).order_by())

    def above(self) -> list[Recorded]:
        return [*self.commitment.reply.answered]

    def count_dates(self) -> None:
        """By the rules in force on the day of asking; where they say nothing it stays open."""
        rules = self.commitment.reply.proposal.rules(on=self.asked_on)
        starts = {Period.Start.REPORTED: self.asked_on}
        self._count("due_on", Period.Step.COMMITMENT_FEEDBACK, rules=rules, starts=starts)
