"""The way of a letter to the deputy: drafted, reviewed, audited, signed, sent (答复流程)."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from assemblies.models import Category
from proposals import events
from proposals.guards import check
from proposals.models.completeness import (
    rules_of,
    why_not_classed,
    why_not_complete,
    why_not_marked,
)
from proposals.models.disclosed import Disclosed
from proposals.models.event import Event
from proposals.models.version import ReplyVersion

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.utils.functional import Promise

# Fields of Reply that its way writes.
CLASSED = ["category"]
MARKED = ["document_number", "signatory", "date"]


class Handled(Disclosed):
    """The part of a reply that is about its way: each step is one move, in this order."""

    class State(models.TextChoices):
        DRAFTING = "drafting", _("Drafting")
        IN_REVIEW = "in_review", _("In review")
        IN_AUDIT = "in_audit", _("In audit")
        APPROVED = "approved", _("To be signed")
        SIGNED = "signed", _("Signed")
        SENT = "sent", _("Sent")

    # Within the department: nobody else sees the letter yet.
    UNFINISHED = (State.DRAFTING, State.IN_REVIEW)

    state = models.CharField(_("state"), max_length=15, choices=State, default=State.DRAFTING)
    is_issued = models.BooleanField(
        _("already issued"),
        default=False,
        help_text=_("Signed and sent on paper before it was entered: after review it is sent."),
    )
    sent_on = models.DateField(_("sent on"), null=True, blank=True)

    class Meta:
        abstract = True

    if TYPE_CHECKING:
        # What Reply has.
        department: Any
        category: Any
        document_number: Any
        signatory: Any
        date: Any
        answered: Any
        feedback: Any
        round: Any

        def raters(self) -> Any: ...

    @property
    def is_audited(self) -> bool:
        """Whether the assembly's rules send it through the assigning office."""
        rules = rules_of(self._letter)
        return rules is not None and rules.office_audits

    def why_not_submit(self) -> str | Promise:
        return self._only_in(self.State.DRAFTING) or why_not_complete(self._letter)

    @transaction.atomic
    def submit(self, *, on: datetime.date, by: User | None = None) -> None:
        """Hand the draft to the department's reviewer."""
        self._lock()
        check(self.why_not_submit())
        self._go_on(self.State.IN_REVIEW, Event.Kind.REPLY_SUBMITTED, on=on, by=by)

    def why_not_review(self) -> str | Promise:
        return self._only_in(self.State.IN_REVIEW) or why_not_complete(self._letter)

    @events.together()
    def review(self, *, on: datetime.date, by: User | None = None) -> None:
        """The reviewer agrees. A letter that is out on paper already is thereby sent."""
        self._lock()
        check(self.why_not_review())
        following = self.State.IN_AUDIT if self.is_audited else self.State.APPROVED
        self._go_on(following, Event.Kind.REPLY_REVIEWED, on=on, by=by)
        if self.is_issued:
            self._send(on=self.date or on, by=by)
            self.start_clocks()

    def why_not_audit(self) -> str | Promise:
        return self._only_in(self.State.IN_AUDIT)

    @transaction.atomic
    def audit(
        self, *, on: datetime.date, category: Category | None = None, by: User | None = None
    ) -> None:
        """The assigning office agrees; it may put the category right."""
        self._lock()
        check(self.why_not_audit())
        details: dict[str, str] = {}
        if category is not None and category != self.category:
            self.proposal.check_category(category)
            details = {"category": category.printed}
            details["before"] = self.category.printed if self.category else ""
            self.category = category
            check(why_not_classed(self._letter))
            self.save(update_fields=CLASSED)
        kind = Event.Kind.REPLY_AUDITED
        self._go_on(self.State.APPROVED, kind, on=on, by=by, details=details)

    def why_not_sign(self) -> str | Promise:
        return self._only_in(self.State.APPROVED) or why_not_complete(self._letter)

    @transaction.atomic
    def sign(
        self,
        *,
        on: datetime.date,
        document_number: str = "",
        signatory: str = "",
        date: datetime.date | None = None,
        by: User | None = None,
    ) -> None:
        """It is signed: with its number, who signed it, and its date. What is given is written."""
        self._lock()
        check(self.why_not_sign())
        self.document_number = document_number.strip() or self.document_number
        self.signatory = signatory.strip() or self.signatory
        self.date = date or self.date
        check(why_not_marked(self._letter))
        self.validate_constraints()
        self.save(update_fields=MARKED)
        self._go_on(self.State.SIGNED, Event.Kind.REPLY_SIGNED, on=on, by=by)

    def why_not_send_back(self) -> str | Promise:
        if self.state == self.State.DRAFTING:
            return _("The letter is with who drafts it already.")
        return _("The letter was sent: correct it instead.") if self.is_locked else ""

    @transaction.atomic
    def send_back(self, *, on: datetime.date, reason: str, by: User | None = None) -> None:
        """Give the letter back to who drafts it, saying what is to be changed."""
        self._lock()
        check(self.why_not_send_back())
        if not reason.strip():
            raise ValidationError(_("Say what is to be changed."))
        details = {"reason": reason, "state": str(self.state)}
        kind = Event.Kind.REPLY_SENT_BACK
        self._go_on(self.State.DRAFTING, kind, on=on, by=by, details=details)

    def why_not_send(self) -> str | Promise:
        return self._only_in(self.State.SIGNED)

    @events.together()
    def send(self, *, on: datetime.date, by: User | None = None) -> None:
        """Send the letter to the deputy: its text is locked as version 1, the clocks start."""
        self._lock()
        check(self.why_not_send())
        if self.date and on < self.date:
            raise ValidationError(_("A letter is sent on its own date or later."))
        self._send(on=on, by=by)
        self.start_clocks()

    @transaction.atomic
    def record_sent(self, *, on: datetime.date, by: User | None = None) -> None:
        """Write down that it was sent on paper: a letter of the past, that starts no clock."""
        self._lock()
        if self.is_locked:
            raise ValidationError(_("The letter was already sent."))
        self.is_issued = True
        self._send(on=on, by=by)

    def _send(self, *, on: datetime.date, by: User | None) -> None:
        self.state, self.sent_on = self.State.SENT, on
        self.save(update_fields=["state", "sent_on", "is_issued"])
        ReplyVersion.lock(self._letter, number=1, on=on)
        for proposal in self.answered:
            proposal.answered(on=on, actor=by, department=self.department, reply=self)
        self._end_older_ratings(on=on, by=by)

    def _end_older_ratings(self, *, on: datetime.date, by: User | None) -> None:
        """Nobody rates a letter after a newer one has come: what was awaited did not return."""
        model = self.feedback.model
        older = model.objects.filter(
            reply__proposal=self.proposal, reply__round__lt=self.round, state=model.State.AWAITED
        )
        for rating in older.select_related("reply__department", "reply__proposal", "deputy"):
            if not rating.reply.newer().exists():
                continue
            rating.state = model.State.NOT_RETURNED
            rating.save()
            events.record(
                Event.Kind.NOT_RATED,
                self.proposal,
                on=on,
                actor=by,
                department=rating.reply.department,
                reply=rating.reply,
                details={"deputy": rating.deputy.name, "deputy_id": rating.deputy_id},
            )

    def start_clocks(self) -> None:
        """From the day on which it was sent: for its publication, and for each deputy's rating."""
        self.count_dates()
        self.save(update_fields=["publish_by", "unannounced"])
        for deputy in self.raters():
            if not self.feedback.filter(deputy=deputy).exists():
                awaited = self.feedback.model(reply=self, deputy=deputy)
                awaited.count_dates()
                awaited.save()

    def _only_in(self, state: str) -> str | Promise:
        """Why a step of the letter's way is closed now; empty: it is open."""
        if self.state == state:
            return ""
        facts = {"state": self.get_state_display(), "wanted": self.State(state).label}
        return _("The letter is now: %(state)s. This is done while it is: %(wanted)s.") % facts

    def _go_on(
        self,
        state: str,
        kind: str,
        *,
        on: datetime.date,
        by: User | None,
        details: dict[str, str] | None = None,
    ) -> None:
        self.state = state
        self.save(update_fields=["state"])
        self._record(kind, on=on, by=by, details=details)
