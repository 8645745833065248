"""A proposal (建议 or 提案), who put it, and its life."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Length
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from access.rights import Where
from access.sight import Seat, Sighted, SightedQuerySet
from assemblies.models import (
    Assembly,
    Category,
    HandlingRules,
    Period,
    Session,
    Topic,
)
from clerkadmin.recorded import Recorded
from departments.models import Department
from proposals import events
from proposals.guards import check
from proposals.models.dated import Dated
from proposals.models.event import Event
from proposals.models.numbering import in_address, new_key, number_key
from proposals.models.sight import of_assemblies, of_proposal

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.utils.functional import Promise


class ProposalQuerySet(SightedQuerySet):
    def numbered(self, number: str) -> ProposalQuerySet:
        """The proposals with that number, however its zeros are printed."""
        return self.filter(number_key=number_key(number))

    def next_number(self, session: Session) -> str:
        """One more than the greatest number of the session, printed as that one is."""
        last = self.filter(session=session).exclude(number_key="").order_by()
        # By length first: 123 comes before 1000.
        numbers = last.order_by(Length("number_key").desc(), "-number_key")
        greatest = numbers.values_list("number", flat=True).first() or "0000"
        if not greatest.isdecimal():
            return ""
        return str(int(greatest) + 1).zfill(len(greatest))

    def with_authors(self) -> ProposalQuerySet:
        """With `is_by_deputies` of every row, in one query."""
        drafted = Event.objects.filter(proposal=OuterRef("pk"), kind=Event.Kind.DRAFTED)
        return self.annotate(is_by_deputies=Exists(drafted))

    def published(self) -> ProposalQuerySet:
        """Those that the public may read."""
        return self.filter(published_on__isnull=False, disclosure=Proposal.Disclosure.PROACTIVE)


class Proposal(Sighted, Recorded, Dated):
    """A suggestion (建议、批评和意见) of deputies or a proposal (提案) of CPPCC members."""

    class Kind(models.TextChoices):
        SUGGESTION = "suggestion", _("Suggestion")
        BILL = "bill", _("Bill handled as a suggestion")
        CPPCC_PROPOSAL = "cppcc_proposal", _("CPPCC proposal")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        COSIGNING = "cosigning", _("Being co-signed")
        SUBMITTED = "submitted", _("Submitted")
        SENT_BACK = "sent_back", _("Sent back")
        CONVERTED = "converted", _("Turned into a letter")
        MERGED = "merged", _("Merged")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        REGISTERED = "registered", _("Registered")
        ASSIGNED = "assigned", _("Assigned")
        RETURN_PENDING = "return_pending", _("Return asked for")
        IN_HANDLING = "in_handling", _("In handling")
        REPLIED = "replied", _("Replied")
        REHANDLING = "rehandling", _("Handled again")
        ESCALATED = "escalated", _("Escalated")
        TRACKING = "tracking", _("Promises tracked")
        CLOSED = "closed", _("Closed")

    class Disclosure(models.TextChoices):
        UNDECIDED = "undecided", _("Undecided")
        PROACTIVE = "proactive", _("Proactive")
        ON_REQUEST = "on_request", _("On request")
        WITHHELD = "withheld", _("Withheld")

    # Not taken on as a proposal, or no more: the public never reads these.
    NEVER_PUBLIC = (
        State.DRAFT,
        State.COSIGNING,
        State.SUBMITTED,
        State.SENT_BACK,
        State.CONVERTED,
        State.WITHDRAWN,
    )
    # The deputy's own yet: no office sees these.
    UNSUBMITTED = (State.DRAFT, State.COSIGNING)
    # Nobody handles it yet.
    UNASSIGNED = (State.SUBMITTED, State.REGISTERED)
    # Departments are at work on it, or on a new reply.
    HANDLED = (State.ASSIGNED, State.RETURN_PENDING, State.IN_HANDLING, State.REHANDLING)
    # Where a reply changes nothing: it is settled otherwise.
    SETTLED = (State.CLOSED, State.WITHDRAWN, State.MERGED)

    # What moves decide by, and may have been changed by another since this was fetched.
    MOVED = (
        "state",
        "number",
        "number_key",
        "registered_on",
        "closed_on",
        "is_key",
        "supervisor",
        "supervised_by",
        "merged_into",
        "disclosure",
        "published_on",
        "version",
    )

    # Its address on the deputies' desk, from the first draft on.
    key = models.CharField(max_length=16, unique=True, default=new_key, editable=False)
    session = models.ForeignKey(
        Session, models.PROTECT, related_name="proposals", verbose_name=_("session")
    )
    number = models.CharField(
        _("number"),
        max_length=30,
        blank=True,
        validators=[in_address],
        help_text=_("As printed, such as 0759."),
    )
    number_key = models.CharField(max_length=30, blank=True, editable=False)
    kind = models.CharField(_("kind"), max_length=15, choices=Kind)
    in_session = models.BooleanField(
        _("put in session"), default=True, help_text=_("Off: put between sessions (闭会期间).")
    )
    title = models.CharField(_("title"), max_length=200)
    reason = models.TextField(pgettext_lazy("of a proposal", "reason"), blank=True)
    request = models.TextField(_("concrete request"), blank=True)
    wished_handler = models.CharField(_("wished handler"), max_length=200, blank=True)
    topic = models.ForeignKey(
        Topic,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="proposals",
        verbose_name=_("topic"),
    )
    state = models.CharField(_("state"), max_length=15, choices=State, default=State.DRAFT)
    submitted_on = models.DateField(_("submitted on"), null=True, blank=True)
    registered_on = models.DateField(_("registered on"), null=True, blank=True)
    assign_by = models.DateField(_("to be assigned by"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    is_key = models.BooleanField(
        _("key proposal"), default=False, help_text=_("重点督办: a supervisor follows it.")
    )
    supervisor = models.CharField(_("supervisor"), max_length=100, blank=True)
    supervised_by = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="supervised_proposals",
        limit_choices_to={"kind": Department.Kind.SUPERVISING},
        verbose_name=_("supervising committee"),
    )
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        verbose_name=_("merged into"),
    )
    disclosure = models.CharField(
        _("disclosure of the proposal"),
        max_length=15,
        choices=Disclosure,
        default=Disclosure.UNDECIDED,
    )
    published_on = models.DateField(_("published on"), null=True, blank=True)

    objects = ProposalQuerySet.as_manager()

    choosing = {"session": "change", "topic": "change"}

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        # 123 comes before 1000: the shorter number is the smaller.
        ordering = ["-session", Length("number_key"), "number_key"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "number_key"],
                condition=~Q(number_key=""),
                name="proposal_number_once",
                violation_error_message=_("This number is already taken in the session."),
            ),
            models.CheckConstraint(
                condition=~Q(title=""),
                name="proposal_has_title",
                violation_error_message=_("A proposal needs a title."),
            ),
            models.CheckConstraint(
                condition=~Q(state="merged") | Q(merged_into__isnull=False),
                name="proposal_merged_into_one",
                violation_error_message=_("Say which proposal it was merged into."),
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="proposal_not_merged_into_itself",
                violation_error_message=_("A proposal cannot be merged into itself."),
            ),
            models.CheckConstraint(
                condition=Q(published_on__isnull=True)
                | Q(disclosure="proactive") & ~Q(number_key=""),
                name="proposal_published_is_proactive",
                violation_error_message=_(
                    "Only a numbered proposal that is proactively disclosed can be published."
                ),
            ),
        ]
        indexes = [
            # The clerk's list: one session's proposals in a state.
            models.Index(fields=["session", "state"], name="proposal_by_state"),
        ]

    def __str__(self) -> str:
        return f"第{self.number}号 {self.title}" if self.number else self.title

    def save(self, *args, **kwargs) -> None:
        self.number_key = number_key(self.number)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        # The key is no field of a form, so the form would skip its constraint.
        self.number_key = number_key(self.number)
        same = Proposal.objects.filter(
            session_id=self.session_id, number_key=self.number_key
        ).exclude(pk=self.pk)
        if self.number_key and same.exists():
            raise ValidationError({"number": _("This number is already taken in the session.")})
        if self.session_id and self.kind:
            self.check_kind()

    def check_kind(self) -> None:
        """提案 are put to the CPPCC, 建议 to a congress: ValidationError for the other."""
        is_of_cppcc = self.assembly.kind == Assembly.Kind.CPPCC
        if is_of_cppcc != (self.kind == self.Kind.CPPCC_PROPOSAL):
            raise ValidationError({"kind": _("This kind of proposal is not put in that session.")})

    def check_category(self, category: Category) -> None:
        """B类 of one assembly is not B类 of another: ValidationError for a foreign one."""
        if category.scheme.assembly_id != self.session.assembly_id:
            raise ValidationError({"category": _("This category is another assembly's.")})

    @classmethod
    def sight(cls, place: Where, seat: Seat) -> Q:
        """What the office's assemblies were handed; for a department, what it has a part in."""
        if place == Where.ASSEMBLY:
            return of_assemblies(seat)
        return of_proposal(place, seat, "pk")

    def told_history(self) -> models.QuerySet:
        """What a draft said before it was handed in stays its deputies' own."""
        states = super().told_history()
        is_draft = self.state in self.UNSUBMITTED
        return states if is_draft else states.exclude(state__in=self.UNSUBMITTED)

    def rules(self, *, on: date) -> HandlingRules | None:
        """The assembly's rules that are in force on that day."""
        rules = HandlingRules.objects.filter(assembly=self.session.assembly_id)
        return rules.valid(on=on).first()

    def count_dates(self) -> None:
        starts = {
            Period.Start.RECEIVED: self.submitted_on,
            Period.Start.REGISTERED: self.registered_on,
        }
        rules = self.rules(on=self.submitted_on) if self.submitted_on else None
        step = Period.Step.ASSIGN
        self._count("assign_by", step, rules=rules, starts=starts, in_session=self.in_session)

    @property
    def assembly(self) -> Assembly:
        return self.session.assembly

    @cached_property
    def is_by_deputies(self) -> bool:
        """Whether its deputies wrote it on their own desk, and no clerk typed or imported it."""
        return self.events.filter(kind=Event.Kind.DRAFTED).exists()

    @property
    def is_published(self) -> bool:
        return self.published_on is not None and self.disclosure == self.Disclosure.PROACTIVE

    def why_not_publish(self) -> str | Promise:
        if self.is_published:
            return _("The proposal is public already.")
        if self.state in self.NEVER_PUBLIC:
            return _("A proposal is published once it is registered.")
        return ""

    @transaction.atomic
    def publish(self, *, on: date, by: User | None = None) -> None:
        """Let the public read the proposal itself; its replies are decided one by one."""
        self.lock()
        check(self.why_not_publish())
        self.disclosure, self.published_on = self.Disclosure.PROACTIVE, on
        self.full_clean(exclude=["topic", "merged_into"])
        self.save(update_fields=["disclosure", "published_on", "number_key"])
        events.record(Event.Kind.PROPOSAL_PUBLISHED, self, on=on, actor=by)

    @transaction.atomic
    def withhold(self, *, on: date, reason: str, by: User | None = None) -> None:
        """Take the proposal, and all of its replies, off the public pages, with a reason."""
        self.lock()
        if not reason.strip():
            raise ValidationError(_("Say why the proposal is withheld."))
        self.disclosure, self.published_on = self.Disclosure.WITHHELD, None
        self.save(update_fields=["disclosure", "published_on", "number_key"])
        details = {"reason": reason}
        events.record(Event.Kind.PROPOSAL_WITHHELD, self, on=on, actor=by, details=details)

    @transaction.atomic
    def answered(self, **facts: Any) -> None:
        """A letter that answers the proposal was sent. Facts: those of its event.

        It is replied to when every department that owes a letter in this round has sent it. One
        that is closed, withdrawn or merged stays so: a late letter reopens nothing.
        """
        self.lock()
        if self.state not in self.SETTLED and not self.owes_a_letter():
            self.state = self.State.REPLIED
            self.save(update_fields=["state", "number_key"])
        events.record(Event.Kind.REPLY_SENT, self, **facts)

    def owes_a_letter(self) -> bool:
        """Whether a department that answers it has not sent its letter of the present round."""
        for assignment in self.assignments.present().answering():
            department = {"department": assignment.department_id, "state": "sent"}
            own = self.replies.filter(round__gte=assignment.round, **department)
            # A letter to another proposal that answers this one too counts its own rounds.
            along = self.answered_along.filter(**department)
            if assignment.redo_on:
                along = along.filter(sent_on__gte=assignment.redo_on)
            if not (own.exists() or along.exists()):
                return True
        return False

    def only_in(self, *states: str) -> str:
        """Why something that is done in these states alone is closed now; empty: it is open."""
        if self.state in states:
            return ""
        labels = [str(self.State(state).label) for state in states]
        facts = {"state": self.get_state_display(), "states": " / ".join(labels)}
        return _("The proposal is now: %(state)s. This is done while it is: %(states)s.") % facts

    def lock(self) -> None:
        """Keep others from the row until this move is done, and see what they changed before.

        Moves that change rows below the proposal lock it first, so that two of them never wait
        for each other.
        """
        rows = Proposal.objects.select_for_update(no_key=True)
        self.refresh_from_db(fields=self.MOVED, from_queryset=rows)


def lock_all(proposals: Iterable[Proposal]) -> None:
    """Always in the same order: two moves that need several do not wait for each other."""
    for proposal in sorted(proposals, key=lambda row: row.pk):
        proposal.lock()
