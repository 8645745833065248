"""What a co-handling department says to the one that answers (会办意见)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.rights import Where
from access.sight import Seat, Sighted, SightedQuerySet
from assemblies.models import Period
from clerkadmin.recorded import Recorded
from proposals.models.assignment import Assignment, of_assignment
from proposals.models.dated import Dated


class CoHandlingOpinion(Sighted, Recorded, Dated):
    """What a co-handling department says to the lead (会办意见). Secret."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("Requested")
        ACKNOWLEDGED = "acknowledged", _("Acknowledged")
        SUBMITTED = "submitted", _("Submitted")
        ACCEPTED = "accepted", _("Accepted")
        SENT_BACK = "sent_back", _("Sent back")
        WAIVED = "waived", _("Waived")

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
            starts = {start.SENT_BACK: self.sent_back_on}
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
