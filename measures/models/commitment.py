"""Promises (承诺事项), and what is reported on them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from access.rights import Where
from access.sight import Seat, Sighted, SightedQuerySet
from clerkadmin.files import RandomName
from clerkadmin.recorded import Recorded
from departments.models import Department
from measures.models.anchored import Anchored, Measure
from proposals import events
from proposals.guards import check
from proposals.models import Event, Proposal, Reply
from proposals.models.reply import of_reply

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.utils.functional import Promise


class CommitmentQuerySet(SightedQuerySet):
    def open(self) -> CommitmentQuerySet:
        """Promises that nobody has reported as kept or given up."""
        return self.filter(state__in=Commitment.OPEN)

    def owed(self) -> CommitmentQuerySet:
        """Open promises that hold: their letter was sent, their proposal was not taken back."""
        sent = self.open().filter(reply__state=Reply.State.SENT)
        return sent.exclude(reply__proposal__state__in=Proposal.NEVER_PUBLIC)

    def overdue(self, *, on: date) -> CommitmentQuerySet:
        """Open promises whose date has passed on that day."""
        return self.open().filter(due_on__lt=on)

    def due_within(self, days: int, *, on: date) -> CommitmentQuerySet:
        """Open promises that fall due from that day on, so many days ahead."""
        last = date.fromordinal(on.toordinal() + days)
        return self.open().filter(due_on__range=(on, last))


class Commitment(Anchored):
    """A promise (承诺事项): who keeps it, by when, and how far it is. Overdue is computed."""

    class State(models.TextChoices):
        RECORDED = "recorded", _("Not begun")
        IN_PROGRESS = "in_progress", _("In progress")
        FULFILLED = "fulfilled", _("Fulfilled")
        CONFIRMED = "confirmed", _("Confirmed")
        DISPUTED = "disputed", _("Disputed")
        RESCHEDULED = "rescheduled", _("Rescheduled")
        CARRIED_OVER = "carried_over", _("Carried over")
        IMPOSSIBLE = "impossible", _("Declared impossible")
        EXPLAINED = "explained", _("Explained at the end of the term")

    class Strength(models.TextChoices):
        FIRM = "firm", _("Firm: with a date or a number")
        STATED = "stated", _("Stated")
        SOFT = "soft", _("Soft: only more of the same")
        STUDY = "study", _("To be studied")
        CONDITIONAL = "conditional", _("Conditional")

    OPEN = (
        State.RECORDED,
        State.IN_PROGRESS,
        State.DISPUTED,
        State.RESCHEDULED,
        State.CARRIED_OVER,
    )
    KEPT = (State.FULFILLED, State.CONFIRMED)
    # The department says that nothing is left to do: the deputy is asked whether that is so.
    SETTLED = (State.FULFILLED, State.IMPOSSIBLE, State.EXPLAINED)
    # Moves that put a promise off or give it up: never without a written reason.
    NEEDS_REASON = (
        State.DISPUTED,
        State.RESCHEDULED,
        State.CARRIED_OVER,
        State.IMPOSSIBLE,
        State.EXPLAINED,
    )

    reply = models.ForeignKey(
        Reply, models.PROTECT, related_name="commitments", verbose_name=_("reply")
    )
    number = models.PositiveSmallIntegerField(_("number in the letter"))
    heading = models.CharField(_("heading"), max_length=300, blank=True)
    lead_department = models.ForeignKey(
        Department,
        models.PROTECT,
        related_name="commitments",
        verbose_name=_("department that keeps it"),
    )
    supporting_departments = models.ManyToManyField(
        Department,
        blank=True,
        related_name="supported_commitments",
        verbose_name=_("supporting departments"),
    )
    printed_departments = models.JSONField(_("departments, as printed"), default=list, blank=True)
    due_text = models.CharField(
        _("due, as printed"), max_length=100, blank=True, help_text=_("Such as 2023年底前.")
    )
    due_on = models.DateField(_("due on"), null=True, blank=True, db_index=True)
    strength = models.CharField(
        _("strength"), max_length=15, choices=Strength, default=Strength.STATED
    )
    state = models.CharField(_("state"), max_length=15, choices=State, default=State.RECORDED)
    kept_on = models.DateField(
        _("kept on"), null=True, blank=True, help_text=_("The day it was reported fulfilled.")
    )
    continues = models.ManyToManyField(
        Measure,
        blank=True,
        related_name="continued_by",
        verbose_name=_("continues the measures"),
    )

    objects = CommitmentQuerySet.as_manager()

    choosing = {"reply": "change"}

    # Which links `history` keeps beside the row's own fields.
    _history_m2m_fields = (supporting_departments, continues)

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        ordering = ["reply", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["reply", "number"],
                name="commitment_once",
                violation_error_message=_("The letter already has a promise of that number."),
            ),
            models.CheckConstraint(
                condition=Q(end__gt=F("start")),
                name="commitment_has_sentence",
                violation_error_message=_("A promise needs its sentence in the letter."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["fulfilled", "confirmed"]) | Q(kept_on__isnull=False),
                name="commitment_kept_is_dated",
                violation_error_message=_("A kept promise needs the day on which it was kept."),
            ),
        ]

    def __str__(self) -> str:
        return Truncator(self.text).chars(60)

    @classmethod
    def sight(cls, place: Where, seat: Seat) -> Q:
        """Besides those of its letters, a department has those that other letters say it keeps."""
        seen = super().sight(place, seat)
        if place == Where.OWN:
            seen |= Q(lead_department__in=seat.departments, reply__state=Reply.State.SENT)
        return seen

    def is_overdue(self, *, on: date) -> bool:
        return self.state in self.OPEN and self.due_on is not None and self.due_on < on

    def above(self) -> list[Recorded]:
        return [self.reply.proposal]

    def why_not_report(self) -> str | Promise:
        """Why nothing can be reported on it now; empty: it can."""
        if not self.reply.is_locked:
            return _("The letter was not sent yet: a promise is reported on after that.")
        if self.state == self.State.CONFIRMED:
            return _("The deputy has confirmed that it is kept: nothing is left to report.")
        if self.state == self.State.EXPLAINED:
            return _("It was explained at the end of the term: nothing is left to report.")
        return ""

    @transaction.atomic
    def report(
        self,
        state: str,
        *,
        on: date,
        text: str = "",
        by: User | None = None,
        **facts: object,
    ) -> CommitmentUpdate:
        """Write down how far the promise is, with evidence.

        Facts: `evidence_title`, `evidence_url`, `evidence_file`, `due_on` (the new date of a
        rescheduled promise), `author`. Raises ValidationError where a reason, a new date or
        evidence is missing.
        """
        # Others wait until this report is done; what they changed before is seen.
        self.reply.proposal.lock()
        self.refresh_from_db(from_queryset=Commitment.objects.select_for_update(no_key=True))
        check(self.why_not_report())
        update = CommitmentUpdate(
            commitment=self, state=state, on=on, text=text, entered_by=by, **facts
        )
        update.full_clean()
        update.save()
        self.state = state
        if state == self.State.FULFILLED:
            self.kept_on = on
        elif state != self.State.CONFIRMED:
            self.kept_on = None
        if update.due_on:
            self.due_on = update.due_on
        self.save(update_fields=["state", "kept_on", "due_on"])
        self.tell(update, by=by)
        if state in self.SETTLED:
            self.feedback.ask(self, cause="reported", on=on, by=by)
        elif state not in EVENT_OF:
            self.feedback.renew(self, on=on)
        return update

    def tell(self, update: CommitmentUpdate, *, by: User | None) -> None:
        """Cover what is private in the words, where they show at once; and write the event."""
        on = update.on
        if self.reply.is_published:
            # Nobody is asked before.
            self.reply.cover_what_is_private(on=on, by=by)
        kind = EVENT_OF.get(update.state, Event.Kind.PROMISE_UPDATED)
        events.record(
            kind,
            self.reply.proposal,
            on=on,
            actor=by,
            department=self.lead_department,
            reply=self.reply,
            details={"commitment": self.number, "state": str(update.state)},
        )


# What a deputy's word on a promise is called in the trail.
EVENT_OF: dict[str, str] = {
    Commitment.State.CONFIRMED: Event.Kind.PROMISE_CONFIRMED,
    Commitment.State.DISPUTED: Event.Kind.PROMISE_DISPUTED,
}


class CommitmentUpdate(Sighted, Recorded):
    """One dated report on a promise, with its evidence, or a deputy's word on it."""

    class Author(models.TextChoices):
        DEPARTMENT = "department", _("Department")
        DEPUTY = "deputy", _("Deputy")
        OFFICE = "office", _("Assigning office")

    commitment = models.ForeignKey(
        Commitment, models.PROTECT, related_name="updates", verbose_name=_("commitment")
    )
    on = models.DateField(_("on"))
    author = models.CharField(
        _("who says so"), max_length=15, choices=Author, default=Author.DEPARTMENT
    )
    state = models.CharField(_("state"), max_length=15, choices=Commitment.State)
    text = models.TextField(_("what was done, or why not"), blank=True)
    due_on = models.DateField(_("new due date"), null=True, blank=True)
    evidence_title = models.CharField(
        _("evidence"),
        max_length=200,
        blank=True,
        help_text=_("A fulfilled promise needs one: what was done, in words, a paper or a page."),
    )
    evidence_url = models.URLField(_("address of the evidence"), blank=True)
    evidence_file = models.FileField(
        _("file of the evidence"), upload_to=RandomName("evidence"), blank=True, db_index=True
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("entered by"),
    )

    objects = SightedQuerySet.as_manager()

    class Meta:
        verbose_name = _("report on a promise")
        verbose_name_plural = _("reports on promises")
        ordering = ["commitment", "on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=Commitment.NEEDS_REASON) | ~Q(text=""),
                name="commitment_update_has_reason",
                violation_error_message=_("Putting off or giving up a promise needs a reason."),
            ),
            models.CheckConstraint(
                condition=~Q(state="fulfilled")
                | ~Q(text="")
                | ~Q(evidence_title="")
                | ~Q(evidence_url="")
                | ~Q(evidence_file=""),
                name="commitment_update_has_evidence",
                violation_error_message=_("A fulfilled promise needs its evidence."),
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) | Q(state__in=["rescheduled", "carried_over"]),
                name="commitment_update_moves_date_openly",
                violation_error_message=_(
                    "A promise's date moves only when it is rescheduled or carried over."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(state="rescheduled") | Q(due_on__isnull=False),
                name="commitment_update_has_new_date",
                violation_error_message=_("A rescheduled promise needs its new date."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.get_state_display()}"

    @classmethod
    def sight(cls, place: Where, seat: Seat) -> Q:
        if place == Where.ASSEMBLY:
            return of_reply(place, seat, "commitment__reply")
        return Q(commitment__in=Commitment.objects.filter(Commitment.sight(place, seat)).order_by())

    def clean(self) -> None:
        if self.on and self.on > timezone.localdate():
            raise ValidationError({"on": _("This day has not come yet.")})
        before = self.commitment.state
        last = self.commitment.updates.exclude(pk=self.pk).order_by("-on").first()
        if last and self.on and self.on < last.on:
            raise ValidationError(
                {"on": _("There is a later report: a promise's reports follow each other.")}
            )
        is_deputys = self.author == self.Author.DEPUTY
        fulfilled = before == Commitment.State.FULFILLED
        if self.state == Commitment.State.CONFIRMED and not (fulfilled or is_deputys):
            raise ValidationError(_("Only a promise reported as fulfilled can be confirmed."))
