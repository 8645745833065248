"""What a department asks about its part (退办, 延期), and what the deputies' office decides."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from access.rights import Where
from access.sight import Seat, Sighted, SightedQuerySet
from assemblies.deadlines import due
from assemblies.models import Period
from clerkadmin.recorded import Recorded
from departments.models import Department
from proposals.guards import check
from proposals.models.assignment import Assignment, of_assignment
from proposals.models.dated import Dated
from proposals.models.event import Event
from proposals.models.proposal import Proposal

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class Decision(models.TextChoices):
    PENDING = "pending", _("Pending")
    AGREED = "agreed", _("Agreed")
    REFUSED = "refused", _("Refused")


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

    # What moves decide by, and may have been changed by another since this was fetched.
    MOVED: ClassVar[tuple[str, ...]] = ("decision", "decided_on", "version")

    if TYPE_CHECKING:
        assignment: models.ForeignKey[Assignment, Assignment]

    @classmethod
    def sight(cls, place: Where, seat: Seat) -> Q:
        """A deputy learns what was granted, and not what was asked for."""
        seen = of_assignment(place, seat)
        return seen & Q(decision=Decision.AGREED) if place == Where.SPONSORED else seen

    def count_dates(self) -> None:
        rules, starts = self.assignment.rules, {Period.Start.RECEIVED: self.asked_on}
        self._count("decide_by", Period.Step.REASSIGN, rules=rules, starts=starts)

    @classmethod
    def why_not_petition(cls, assignment: Assignment) -> str:
        """What closes any request of a department about its part."""
        if assignment.ended_on:
            return str(_("The department has no part in it any more."))
        pending: Any = {"assignment": assignment, "decision": Decision.PENDING}
        if cls._default_manager.filter(**pending).exists():
            return str(_("Such a request is already waiting for a decision."))
        return ""

    @classmethod
    def begin(
        cls, assignment: Assignment, *, reason: str, on: date, by: User | None, **facts: Any
    ) -> Self:
        """Write the request down: the day by which it is decided is counted."""
        if not reason.strip():
            raise ValidationError(_("Say why: the office decides by the reason."))
        assignment.not_before_assigned(on)
        request = cls(assignment=assignment, reason=reason, asked_on=on, asked_by=by, **facts)
        request.count_dates()
        request.save()
        return request

    def why_not_decide(self) -> str:
        if self.decision != Decision.PENDING:
            said = _("It was decided already: %(decision)s.")
            return str(said % {"decision": self.get_decision_display()})
        if self.assignment.ended_on:
            return str(_("The department has no part in it any more."))
        return ""

    def decide(self, decision: str, *, reason: str, on: date, by: User | None) -> None:
        """Keep the decision with its day, its reason and who made it; the row is locked before."""
        check(self.why_not_decide())
        if on < self.asked_on:
            raise ValidationError(_("This day is before the request."))
        if decision == Decision.REFUSED and not reason.strip():
            raise ValidationError(_("Say why it is refused."))
        self.decision, self.decided_on, self.decided_by = decision, on, by
        self.decision_reason = reason
        fields = ["decision", "decided_on", "decided_by", "decision_reason"]
        self.save(update_fields=fields)

    def above(self) -> list[Recorded]:
        return self.assignment.above()

    def lock(self) -> None:
        """Keep others from the request, its part and its proposal; see them as they are."""
        self.assignment.lock()
        rows = type(self)._default_manager.select_for_update(no_key=True)
        self.refresh_from_db(fields=self.MOVED, from_queryset=rows)

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

    @classmethod
    def why_not_ask(cls, assignment: Assignment, *, on: date | None = None) -> str:
        """Within the period of the rules, once, and before the letter is written again."""
        why = cls.why_not_petition(assignment)
        if why:
            return why
        if assignment.return_requests.filter(decision=Decision.REFUSED).exists():
            return str(_("A return was refused before: the department must handle it."))
        last = assignment.return_by
        if last and (on or timezone.localdate()) > last:
            late = _("It could be returned until %(day)s, by the rules: now it must be handled.")
            return str(late % {"day": date_format(last)})
        state = Proposal.State
        return assignment.proposal.only_in(state.ASSIGNED, state.RETURN_PENDING, state.IN_HANDLING)

    @classmethod
    @transaction.atomic
    def ask(
        cls,
        assignment: Assignment,
        *,
        reason: str,
        on: date,
        suggested_department: Department | None = None,
        by: User | None = None,
    ) -> Self:
        """Give it back (退办): the deputies' office decides. A lead's wish stops the handling."""
        assignment.lock()
        check(cls.why_not_ask(assignment, on=on))
        if suggested_department == assignment.department:
            raise ValidationError(_("Suggest another department than the own one, or none."))
        request = cls.begin(
            assignment, reason=reason, on=on, by=by, suggested_department=suggested_department
        )
        if assignment.answers:
            assignment.proposal.state = Proposal.State.RETURN_PENDING
            assignment.proposal.save(update_fields=["state"])
        suggested = str(suggested_department or "")
        facts = {"reason": reason, "suggested": suggested}
        assignment.record(Event.Kind.RETURN_ASKED, on=on, by=by, **facts)
        return request

    @transaction.atomic
    def refuse(self, *, reason: str, on: date, by: User | None = None) -> None:
        """The department must handle it."""
        self.lock()
        self.decide(Decision.REFUSED, reason=reason, on=on, by=by)
        settle(self.assignment.proposal)
        self.assignment.record(Event.Kind.RETURN_REFUSED, on=on, by=by, reason=reason)


class ExtensionRequest(Petition):
    """A department's wish for more time (延期), and what the deputy was told."""

    assignment = models.ForeignKey(
        Assignment, models.PROTECT, related_name="extension_requests", verbose_name=_("assignment")
    )
    until = models.DateField(_("until"))
    deputy_told_on = models.DateField(_("deputy told on"), null=True, blank=True)

    MOVED = (*Petition.MOVED, "deputy_told_on")

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

    @classmethod
    def last_day(cls, assignment: Assignment) -> date | None:
        """The last day that the rules allow; None where they say nothing."""
        rules, start = assignment.rules, assignment.assigned_on
        step, in_session = Period.Step.EXTENSION, assignment.proposal.in_session
        period = rules.period(step, in_session=in_session) if rules else None
        return due(period, start=start).on if period and start else None

    @classmethod
    def why_not_ask(cls, assignment: Assignment) -> str:
        """Of those who answer, while the first reply is awaited and the rules leave time."""
        why = cls.why_not_petition(assignment)
        if why:
            return why
        if not assignment.answers:
            return str(_("Only who answers the deputy can ask for more time."))
        if assignment.round > 1:
            return str(_("More time is given for the first reply alone."))
        last, now_due = cls.last_day(assignment), assignment.reply_due_on
        if last and now_due and last <= now_due:
            said = _("The rules allow no later day than %(day)s.")
            return str(said % {"day": date_format(last)})
        state = Proposal.State
        # Another that answers apart may have to answer again meanwhile.
        return assignment.proposal.only_in(state.IN_HANDLING, state.REHANDLING)

    @classmethod
    @transaction.atomic
    def ask(
        cls,
        assignment: Assignment,
        *,
        until: date,
        reason: str,
        on: date,
        by: User | None = None,
    ) -> Self:
        """Ask for more time (申请延期); the deputies' office decides."""
        assignment.lock()
        check(cls.why_not_ask(assignment))
        cls._within(assignment, until)
        if until <= on:
            raise ValidationError(_("An extension must end after it was asked for."))
        request = cls.begin(assignment, reason=reason, on=on, by=by, until=until)
        facts = {"reason": reason, "until": until.isoformat()}
        assignment.record(Event.Kind.EXTENSION_ASKED, on=on, by=by, **facts)
        return request

    @classmethod
    def _within(cls, assignment: Assignment, until: date) -> None:
        now_due, last = assignment.reply_due_on, cls.last_day(assignment)
        if now_due and until <= now_due:
            said = _("It is due on %(day)s: ask for a later day.")
            raise ValidationError(said % {"day": date_format(now_due)})
        if last and until > last:
            said = _("The rules allow no later day than %(day)s.")
            raise ValidationError(said % {"day": date_format(last)})

    @transaction.atomic
    def agree(self, *, on: date, reason: str = "", by: User | None = None) -> None:
        """Grant it: the new date counts at once; the deputy is still to be told."""
        self.lock()
        self._within(self.assignment, self.until)
        self.decide(Decision.AGREED, reason=reason, on=on, by=by)
        self.assignment.extended_to = self.until
        self.assignment.save(update_fields=["extended_to"])
        facts = {"reason": reason, "until": self.until.isoformat()}
        self.assignment.record(Event.Kind.EXTENSION_GRANTED, on=on, by=by, **facts)

    @transaction.atomic
    def refuse(self, *, reason: str, on: date, by: User | None = None) -> None:
        """The date stays."""
        self.lock()
        self.decide(Decision.REFUSED, reason=reason, on=on, by=by)
        self.assignment.record(Event.Kind.EXTENSION_REFUSED, on=on, by=by, reason=reason)

    def why_not_tell_deputy(self) -> str:
        if self.decision != Decision.AGREED:
            return str(_("The deputy is told of an extension that was granted."))
        if self.deputy_told_on:
            day = {"day": date_format(self.deputy_told_on)}
            return str(_("The deputy was told on %(day)s.") % day)
        return ""

    @transaction.atomic
    def tell_deputy(self, *, on: date, by: User | None = None) -> None:
        """Record the day on which the deputy was told of the later date."""
        self.lock()
        check(self.why_not_tell_deputy())
        if self.decided_on and on < self.decided_on:
            raise ValidationError(_("This day is before the extension was granted."))
        self.deputy_told_on = on
        self.save(update_fields=["deputy_told_on"])
        until = self.until.isoformat()
        self.assignment.record(Event.Kind.DEPUTY_TOLD, on=on, by=by, until=until)


def settle(proposal: Proposal) -> None:
    """A part has come or gone, or stays: the state that follows from those who answer."""
    state, parts = Proposal.State, Assignment.objects.filter(proposal=proposal)
    if proposal.state not in (state.REGISTERED, *Proposal.HANDLED):
        return
    answering = parts.present().answering()
    if not answering.exists():
        found = state.REGISTERED
    elif answering.filter(return_requests__decision=Decision.PENDING).exists():
        found = state.RETURN_PENDING
    elif answering.filter(round__gt=1).exists():
        found = state.REHANDLING
    elif proposal.state == state.RETURN_PENDING and not proposal.owes_a_letter():
        # Those who are left had answered before one gave its part back.
        found = state.REPLIED
    elif answering.filter(
        Q(acknowledged_on__isnull=False) | Q(return_requests__decision=Decision.REFUSED)
    ).exists():
        # Whoever was refused a return must handle it, acknowledged or not.
        found = state.IN_HANDLING
    else:
        found = state.ASSIGNED
    if proposal.state != found:
        proposal.state = found
        proposal.save(update_fields=["state"])
