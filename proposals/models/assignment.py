"""Who handles a proposal (交办), and what is asked and answered between departments."""

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from access.rights import Where
from access.sight import Seat, Sighted, SightedQuerySet
from assemblies.models import HandlingRules, Period
from clerkadmin.recorded import Recorded
from departments.models import Department
from proposals.models.dated import Dated
from proposals.models.proposal import Proposal, of_proposal


class Decision(models.TextChoices):
    PENDING = "pending", _("Pending")
    AGREED = "agreed", _("Agreed")
    REFUSED = "refused", _("Refused")


class AssignmentQuerySet(SightedQuerySet):
    def present(self) -> "AssignmentQuerySet":
        """Those that were neither returned nor given to another."""
        return self.filter(ended_on=None)

    def answering(self) -> "AssignmentQuerySet":
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
        return f"{self.department} ({self.get_role_display()})"

    @classmethod
    def sight(cls, place: Where, seat: Seat) -> Q:
        if place == Where.OWN:
            return Q(department__in=seat.departments)
        return of_proposal(place, seat)

    def count_dates(self) -> None:
        """By the rules kept with the assignment; an extension is a decision of its own."""
        self._count_one("due_on", Period.Step.REPLY if self.answers else Period.Step.CO_HANDLING)
        self._count_one("return_by", Period.Step.RETURN)
        if self.answers:
            self._count_one("contact_by", Period.Step.CONTACT)
        starts = {Period.Start.RATED: self.redo_on}
        self._count("redo_by", Period.Step.REHANDLING, rules=self.rules, starts=starts)

    def _count_one(self, field: str, step: str) -> None:
        """A date that runs from the assignment, or from its receipt where the rules say so."""
        starts = {
            Period.Start.ASSIGNED: self.assigned_on,
            Period.Start.ACKNOWLEDGED: self.acknowledged_on,
        }
        in_session = self.proposal.in_session
        self._count(field, step, rules=self.rules, starts=starts, in_session=in_session)

    @property
    def answers(self) -> bool:
        """Whether the department owes the deputy a letter."""
        return self.role in self.ANSWERING

    @property
    def reply_due_on(self) -> date | None:
        """The date that counts: of the new round, or the extended one, or the first."""
        if self.round > 1:
            return self.redo_by
        return self.extended_to or self.due_on


class Petition(Sighted, Recorded, Dated):
    """What a department asks of the assigning office, and what the office decided."""

    asked_on = models.DateField(_("asked on"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("asked by"),
    )
    reason = models.TextField(_("reason"))
    decision = models.CharField(
        _("decision"), max_length=10, choices=Decision, default=Decision.PENDING
    )
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decision_reason = models.TextField(_("reason of the decision"), blank=True)
    decide_by = models.DateField(_("to be decided by"), null=True, blank=True)

    if TYPE_CHECKING:
        assignment: models.ForeignKey[Assignment, Assignment]

    @classmethod
    def sight(cls, place: Where, seat: Seat) -> Q:
        return of_assignment(place, seat)

    def count_dates(self) -> None:
        rules, starts = self.assignment.rules, {Period.Start.RECEIVED: self.asked_on}
        self._count("decide_by", Period.Step.REASSIGN, rules=rules, starts=starts)

    class Meta:
        abstract = True
        ordering = ["-asked_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment"],
                condition=Q(decision="pending"),
                name="%(class)s_one_pending",
                violation_error_message=_("Such a request is already waiting for a decision."),
            ),
            models.CheckConstraint(
                condition=Q(decision="pending") | Q(decided_on__isnull=False),
                name="%(class)s_decision_dated",
                violation_error_message=_("A decision needs its date."),
            ),
        ]


class ReturnRequest(Petition):
    """A department's wish to give a proposal back (退办), with its reason. Secret."""

    assignment = models.ForeignKey(
        Assignment, models.PROTECT, related_name="return_requests", verbose_name=_("assignment")
    )
    suggested_department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who should handle it"),
    )

    objects = SightedQuerySet.as_manager()

    class Meta(Petition.Meta):
        verbose_name = _("return request")
        verbose_name_plural = _("return requests")

    def __str__(self) -> str:
        return f"{self.assignment} {self.asked_on}"


class ExtensionRequest(Petition):
    """A department's wish for more time (延期), and what the deputy was told."""

    assignment = models.ForeignKey(
        Assignment, models.PROTECT, related_name="extension_requests", verbose_name=_("assignment")
    )
    until = models.DateField(_("until"))
    deputy_told_on = models.DateField(_("deputy told on"), null=True, blank=True)

    objects = SightedQuerySet.as_manager()

    class Meta(Petition.Meta):
        verbose_name = _("extension request")
        verbose_name_plural = _("extension requests")
        constraints = [
            *Petition.Meta.constraints,
            models.CheckConstraint(
                condition=Q(until__gt=F("asked_on")),
                name="extension_request_into_future",
                violation_error_message=_("An extension must end after it was asked for."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment} {self.until}"


def of_assignment(place: Where, seat: Seat) -> Q:
    """A paper of one assignment: for its department, for who answers, for the offices."""
    if place == Where.OWN:
        return Q(assignment__department__in=seat.departments)
    return of_proposal(place, seat, "assignment__proposal")
