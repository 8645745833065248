"""What a co-handling department says to the one that answers (会办意见)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from access.rights import Where
from access.sight import Seat, Sighted, SightedQuerySet
from assemblies.models import Period
from clerkadmin.recorded import Recorded
from proposals import events
from proposals.guards import check
from proposals.models.assignment import Assignment, of_assignment
from proposals.models.dated import Dated
from proposals.models.event import Event

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.utils.functional import Promise


class CoHandlingOpinion(Sighted, Recorded, Dated):
    """What a co-handling department says to the lead (会办意见). Secret."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("Requested")
        ACKNOWLEDGED = "acknowledged", _("Acknowledged")
        SUBMITTED = "submitted", _("Submitted")
        ACCEPTED = "accepted", _("Accepted")
        SENT_BACK = "sent_back", _("Sent back")
        WAIVED = "waived", _("Waived")

    # Its text is not there yet, or not as the department that answers wants it.
    AWAITED = (State.REQUESTED, State.ACKNOWLEDGED, State.SENT_BACK)
    # What no reply waits for any more.
    SETTLED = (State.ACCEPTED, State.WAIVED)

    assignment = models.ForeignKey(
        Assignment, models.PROTECT, related_name="opinions", verbose_name=_("assignment")
    )
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    state = models.CharField(_("state"), max_length=15, choices=State, default=State.REQUESTED)
    text = models.TextField(_("text"), blank=True)
    document_number = models.CharField(_("document number"), max_length=60, blank=True)
    requested_on = models.DateField(_("requested on"))
    due_on = models.DateField(_("due on"), null=True, blank=True)
    submitted_on = models.DateField(_("submitted on"), null=True, blank=True)
    sent_back_on = models.DateField(_("sent back on"), null=True, blank=True)
    remark = models.TextField(
        _("remark"), blank=True, help_text=_("Why it was sent back or waived.")
    )

    objects = SightedQuerySet.as_manager()

    class Meta:
        verbose_name = _("co-handling opinion")
        verbose_name_plural = _("co-handling opinions")
        ordering = ["assignment", "round"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "round"],
                name="co_handling_opinion_once",
                violation_error_message=_("The department's opinion for this round is there."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["submitted", "accepted"])
                | Q(submitted_on__isnull=False) & ~Q(text=""),
                name="co_handling_opinion_has_text",
                violation_error_message=_("A submitted opinion needs its text and date."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sent_back", "waived"]) | ~Q(remark=""),
                name="co_handling_opinion_has_remark",
                violation_error_message=_("Say why the opinion is sent back or waived."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.assignment)

    @classmethod
    def sight(cls, place: Where, seat: Seat) -> Q:
        """Its text is there once it is submitted: what is typed before stays with its writer."""
        return of_assignment(place, seat)

    def count_dates(self) -> None:
        """The first opinion is due as the rules count it: from the assignment or its receipt.

        One that is asked for when that time is over, or again, counts from the request.
        """
        rules, start = self.assignment.rules, Period.Start
        if self.sent_back_on:
            starts: dict[str, date | None] = {start.SENT_BACK: self.sent_back_on}
            self._count("due_on", Period.Step.OPINION_REDONE, rules=rules, starts=starts)
            return
        step = Period.Step.CO_HANDLING
        if self.round == 1 and self.assignment.assigned_on:
            starts = {
                start.ASSIGNED: self.assignment.assigned_on,
                start.ACKNOWLEDGED: self.assignment.acknowledged_on,
            }
            self._count("due_on", step, rules=rules, starts=starts)
            if self.due_on is None or self.due_on > self.requested_on:
                return
        self._count("due_on", step, rules=rules, starts={start.ASSIGNED: self.requested_on})

    @staticmethod
    def why_not_request(assignment: Assignment) -> str | Promise:
        """Why no opinion can be asked of that department now; empty: it can."""
        if assignment.role != Assignment.Role.CO_HANDLING:
            return _("Opinions are asked of co-handling departments.")
        if assignment.ended_on:
            return _("The department has no part in the proposal any more.")
        round_ = _round_of(assignment)
        if assignment.opinions.filter(round=round_).exists():
            return _("The department's opinion for this round was asked for already.")
        return ""

    @classmethod
    @transaction.atomic
    def request(
        cls, assignment: Assignment, *, on: date, by: User | None = None
    ) -> CoHandlingOpinion:
        """Ask a co-handling department for its opinion: at the assignment, and in each round."""
        assignment.lock()
        check(cls.why_not_request(assignment))
        round_ = _round_of(assignment)
        due_on = assignment.due_on if round_ == 1 else None
        opinion = cls(assignment=assignment, round=round_, requested_on=on, due_on=due_on)
        opinion.count_dates()
        opinion.save()
        opinion._record(Event.Kind.OPINION_REQUESTED, on=on, by=by)
        return opinion

    def why_not_acknowledge(self) -> str | Promise:
        if self.state != self.State.REQUESTED:
            return _("The request was seen already.")
        return self._why_not_now()

    @transaction.atomic
    def acknowledge(self, *, on: date, by: User | None = None) -> None:
        """The department has seen that its opinion is wanted."""
        self._lock()
        check(self.why_not_acknowledge())
        self.state = self.State.ACKNOWLEDGED
        self.save(update_fields=["state"])
        self._record(Event.Kind.OPINION_SEEN, on=on, by=by)

    def why_not_submit(self) -> str | Promise:
        if self.state == self.State.SUBMITTED:
            return _("The opinion was handed in: wait until it is accepted or sent back.")
        if self.state in self.SETTLED:
            return _("The opinion is settled: nothing is handed in any more.")
        return self._why_not_now()

    @transaction.atomic
    def submit(
        self, text: str, *, on: date, document_number: str = "", by: User | None = None
    ) -> None:
        """Hand the opinion to the department that answers."""
        self._lock()
        check(self.why_not_submit())
        if not text.strip():
            raise ValidationError(_("Write the opinion before it is handed in."))
        self.state, self.text, self.submitted_on = self.State.SUBMITTED, text, on
        self.document_number = document_number
        self.save(update_fields=["state", "text", "document_number", "submitted_on"])
        self._record(Event.Kind.OPINION_SUBMITTED, on=on, by=by)

    def why_not_accept(self) -> str | Promise:
        if self.state in self.SETTLED:
            return _("The opinion is settled already.")
        if self.state != self.State.SUBMITTED:
            return _("The opinion has not come yet.")
        return ""

    @transaction.atomic
    def accept(self, *, on: date, by: User | None = None) -> None:
        """The department that answers takes the opinion as it is."""
        self._lock()
        check(self.why_not_accept())
        self.state = self.State.ACCEPTED
        self.save(update_fields=["state"])
        self._record(Event.Kind.OPINION_ACCEPTED, on=on, by=by)

    @transaction.atomic
    def send_back(self, *, on: date, reason: str, by: User | None = None) -> None:
        """Ask for a better one, saying what is missing; its own clock starts."""
        self._lock()
        check(self.why_not_accept())
        if not reason.strip():
            raise ValidationError(_("Say what is missing, so that it can be added."))
        self.state, self.remark, self.sent_back_on = self.State.SENT_BACK, reason, on
        self.count_dates()
        self.save(update_fields=["state", "remark", "sent_back_on", "due_on", "unannounced"])
        self._record(Event.Kind.OPINION_SENT_BACK, on=on, by=by, details={"reason": reason})

    def why_not_waive(self) -> str | Promise:
        if self.state in self.SETTLED:
            return _("The opinion is settled already.")
        if self.state == self.State.SUBMITTED:
            return _("The opinion is there: accept it or send it back.")
        return ""

    @transaction.atomic
    def waive(self, *, on: date, reason: str, by: User | None = None) -> None:
        """Answer without the opinion, saying why."""
        self._lock()
        check(self.why_not_waive())
        if not reason.strip():
            raise ValidationError(_("Say why the reply goes out without the opinion."))
        self.state, self.remark = self.State.WAIVED, reason
        self.save(update_fields=["state", "remark"])
        self._record(Event.Kind.OPINION_WAIVED, on=on, by=by, details={"reason": reason})

    def _why_not_now(self) -> str | Promise:
        if self.assignment.ended_on:
            return _("The department has no part in the proposal any more.")
        return ""

    def above(self) -> list[Recorded]:
        return self.assignment.above()

    def _lock(self) -> None:
        """Keep others from the row until this move is done, and see what they changed before."""
        self.assignment.lock()
        rows = CoHandlingOpinion.objects.select_for_update(no_key=True)
        fields = [field.attname for field in self._meta.concrete_fields if not field.is_relation]
        self.refresh_from_db(fields=fields, from_queryset=rows)

    def _record(
        self, kind: str, *, on: date, by: User | None, details: dict[str, str] | None = None
    ) -> None:
        assignment = self.assignment
        facts = {"actor": by, "department": assignment.department, "details": details or {}}
        events.record(kind, assignment.proposal, on=on, **facts)


def _round_of(assignment: Assignment) -> int:
    """The round in which those who answer the proposal now are."""
    answering = Assignment.objects.filter(proposal=assignment.proposal_id).present().answering()
    return answering.aggregate(last=Max("round"))["last"] or 1
