"""Who handles a proposal (交办): each department's part in it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from access.rights import Where
from access.sight import Seat, Sighted, SightedQuerySet
from assemblies.models import HandlingRules, Period
from clerkadmin.recorded import Recorded
from departments.models import Department
from proposals import events
from proposals.guards import check
from proposals.models.dated import Dated
from proposals.models.event import Event
from proposals.models.proposal import Proposal
from proposals.models.sight import of_proposal

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class AssignmentQuerySet(SightedQuerySet):
    def present(self) -> AssignmentQuerySet:
        """Those that were neither returned nor given to another."""
        return self.filter(ended_on=None)

    def answering(self) -> AssignmentQuerySet:
        """Those of departments that owe the deputy a letter."""
        return self.filter(role__in=Assignment.ANSWERING)


class Assignment(Sighted, Recorded, Dated):
    """One department's part in one proposal, with the rules in force and the dates they gave."""

    class Role(models.TextChoices):
        LEAD = "lead", _("Lead department")
        CO_HANDLING = "co_handling", _("Co-handling department")
        SEPARATE = "separate", _("Separate handling")
        SOLE = "sole", _("Sole handling")

    # Those who owe the deputy a letter.
    ANSWERING = (Role.LEAD, Role.SEPARATE, Role.SOLE)

    # What moves decide by, and may have been changed by another since this was fetched.
    MOVED = (
        "role",
        "acknowledged_on",
        "due_on",
        "return_by",
        "contact_by",
        "unannounced",
        "extended_to",
        "round",
        "redo_on",
        "redo_by",
        "ended_on",
        "version",
    )

    proposal = models.ForeignKey(
        Proposal, models.PROTECT, related_name="assignments", verbose_name=_("proposal")
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="assignments", verbose_name=_("department")
    )
    role = models.CharField(_("role"), max_length=15, choices=Role)
    part = models.TextField(
        _("its part"), blank=True, help_text=_("What it handles where several lead.")
    )
    rules = models.ForeignKey(
        HandlingRules,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assignments",
        verbose_name=_("rules in force"),
    )
    assigned_on = models.DateField(
        _("assigned on"), null=True, blank=True, help_text=_("Empty where it is not known.")
    )
    acknowledged_on = models.DateField(_("acknowledged on"), null=True, blank=True)
    due_on = models.DateField(
        _("due on"), null=True, blank=True, help_text=_("Of the reply, or of the opinion.")
    )
    return_by = models.DateField(_("can be returned until"), null=True, blank=True)
    contact_by = models.DateField(_("first contact with the deputy by"), null=True, blank=True)
    round = models.PositiveSmallIntegerField(
        _("round"), default=1, help_text=_("2 and more: it is handled again.")
    )
    redo_on = models.DateField(_("to be handled again since"), null=True, blank=True)
    redo_by = models.DateField(_("new reply due on"), null=True, blank=True)
    extended_to = models.DateField(_("extended to"), null=True, blank=True)
    ended_on = models.DateField(
        _("ended on"), null=True, blank=True, help_text=_("Returned, or given to another.")
    )

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["proposal", "role", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "department"],
                condition=Q(ended_on__isnull=True),
                name="assignment_once",
                violation_error_message=_("The department already handles this proposal."),
            ),
            models.UniqueConstraint(
                fields=["proposal"],
                condition=Q(ended_on__isnull=True, role="sole"),
                name="assignment_one_sole",
                violation_error_message=_("Only one department can handle a proposal alone."),
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) | Q(due_on__gte=F("assigned_on")),
                name="assignment_due_after_assigned",
                violation_error_message=_("The due date cannot be before the assignment."),
            ),
        ]
        indexes = [
            # A department's desk: what it still owes, by date.
            models.Index(fields=["department", "due_on"], name="assignment_by_due_date"),
        ]

    def __str__(self) -> str:
        facts = {"name": self.department, "role": self.get_role_display()}
        return str(_("%(name)s (%(role)s)") % facts)

    @classmethod
    def sight(cls, place: Where, seat: Seat) -> Q:
        if place == Where.OWN:
            return Q(department__in=seat.departments)
        return of_proposal(place, seat)

    def count_dates(self) -> None:
        """By the rules kept with the assignment; an extension is a decision of its own."""
        for field, step in self._steps():
            self._count_one(field, step)
        starts = {Period.Start.RATED: self.redo_on}
        self._count("redo_by", Period.Step.REHANDLING, rules=self.rules, starts=starts)

    def _steps(self) -> list[tuple[str, str]]:
        step = Period.Step
        if self.answers:
            return [
                ("due_on", step.REPLY),
                ("return_by", step.RETURN),
                ("contact_by", step.CONTACT),
            ]
        return [("due_on", step.CO_HANDLING), ("return_by", step.RETURN)]

    def _count_from_receipt(self) -> list[str]:
        """Count those dates again that the rules count from the acknowledgement; their names."""
        in_session = self.proposal.in_session
        counted = []
        for field, step in self._steps():
            period = self.rules.period(step, in_session=in_session) if self.rules else None
            if period and period.start == Period.Start.ACKNOWLEDGED:
                self._count_one(field, step)
                counted.append(field)
        return counted

    def _count_opinions_again(self) -> None:
        """The first opinion is due with the part: it runs from the receipt, too."""
        opinions: Any = self.opinions  # type: ignore[attr-defined]
        for opinion in opinions.filter(round=1, submitted_on=None):
            opinion.count_dates()
            opinion.save(update_fields=["due_on", "unannounced"])

    def _count_one(self, field: str, step: str) -> None:
        """A date that runs from the assignment, or from its receipt where the rules say so."""
        starts = {
            Period.Start.ASSIGNED: self.assigned_on,
            Period.Start.ACKNOWLEDGED: self.acknowledged_on,
        }
        in_session = self.proposal.in_session
        self._count(field, step, rules=self.rules, starts=starts, in_session=in_session)

    def handle_again(self, round_: int, *, on: date, redo_by: date | None = None) -> None:
        """Another round, with a clock of its own: by the rules, unless a day is ordered."""
        self.round, self.redo_on, self.redo_by = round_, on, None
        starts = {Period.Start.RATED: on}
        self._count("redo_by", Period.Step.REHANDLING, rules=self.rules, starts=starts)
        if redo_by:
            self.redo_by = redo_by
            names = [name for name in self.unannounced.split() if name != "redo_by"]
            self.unannounced = " ".join(names)
        self.save(update_fields=["round", "redo_on", "redo_by", "unannounced"])

    @property
    def answers(self) -> bool:
        """Whether the department owes the deputy a letter."""
        return self.role in self.ANSWERING

    @property
    def reply_due_on(self) -> date | None:
        """The date that counts: of the new round, or the extended one, or the first."""
        if self.round > 1:
            return self.redo_by
        return self.first_due_on

    @property
    def first_due_on(self) -> date | None:
        """The date of the first letter, as extended: whatever rounds have followed."""
        return self.extended_to or self.due_on

    def why_not_acknowledge(self) -> str:
        if self.ended_on:
            return str(_("The department has no part in it any more."))
        if self.acknowledged_on:
            day = {"day": date_format(self.acknowledged_on)}
            return str(_("It was acknowledged on %(day)s.") % day)
        return self.proposal.only_in(*Proposal.HANDLED)

    @transaction.atomic
    def acknowledge(self, *, on: date, by: User | None = None) -> None:
        """The department has received it (签收); where it answers, handling begins."""
        self.lock()
        check(self.why_not_acknowledge())
        self.not_before_assigned(on)
        self.acknowledged_on = on
        counted = self._count_from_receipt()
        self.save(update_fields=["acknowledged_on", "unannounced", *counted])
        if counted:
            self._count_opinions_again()
        if self.answers and self.proposal.state == Proposal.State.ASSIGNED:
            self.proposal.state = Proposal.State.IN_HANDLING
            self.proposal.save(update_fields=["state"])
        self.record(Event.Kind.ACKNOWLEDGED, on=on, by=by)

    def above(self) -> list[Recorded]:
        return [self.proposal]

    def lock(self) -> None:
        """Keep others from the row and its proposal until this move is done; see it as it is."""
        self.proposal.lock()
        rows = Assignment.objects.select_for_update(no_key=True)
        self.refresh_from_db(fields=self.MOVED, from_queryset=rows)

    def not_before_assigned(self, on: date) -> None:
        if self.assigned_on and on < self.assigned_on:
            raise ValidationError(_("This day is before the proposal was assigned."))

    def record(self, kind: str, *, on: date, by: User | None, **details: str) -> None:
        """The event of a move of this part."""
        facts = {"actor": by, "department": self.department, "details": details}
        events.record(kind, self.proposal, on=on, **facts)


def of_assignment(place: Where, seat: Seat) -> Q:
    """A paper of one assignment: for its department, for who answers, for the offices."""
    if place == Where.OWN:
        return Q(assignment__department__in=seat.departments)
    return of_proposal(place, seat, "assignment__proposal")
