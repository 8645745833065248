"""A reply (答复) of a department to a proposal: its text, its locked versions, its publication."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Max, Q
from django.utils.translation import gettext_lazy as _

from access.rights import Where
from access.sight import NOTHING, Seat, Sighted, SightedQuerySet
from assemblies.models import Category, Period
from clerkadmin.recorded import Recorded
from departments.models import Department
from proposals import events
from proposals.models.dated import Dated
from proposals.models.event import Event
from proposals.models.proposal import Proposal
from proposals.models.version import ReplyVersion

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class ReplyQuerySet(SightedQuerySet):
    def published(self) -> ReplyQuerySet:
        """Those that the public may read, whatever became of their proposal."""
        return self.filter(
            disclosure=Proposal.Disclosure.PROACTIVE,
            published_on__isnull=False,
            withdrawn_on__isnull=True,
        )

    def next_round(self, proposal: Proposal, department: Department) -> int:
        """1, or one more than the department's last reply to the proposal."""
        last = self.filter(proposal=proposal, department=department).aggregate(Max("round"))
        return (last["round__max"] or 0) + 1

    def next_sequence(self, proposal: Proposal, round_: int) -> int:
        """A new reply's place among those of several departments in one round."""
        last = self.filter(proposal=proposal, round=round_).aggregate(Max("sequence"))
        return (last["sequence__max"] or 0) + 1


class Reply(Sighted, Recorded, Dated):
    """One department's letter in one round. Measures and commitments point into `text`."""

    class State(models.TextChoices):
        DRAFTING = "drafting", _("Drafting")
        IN_REVIEW = "in_review", _("In review")
        IN_AUDIT = "in_audit", _("In audit")
        APPROVED = "approved", _("To be signed")
        SIGNED = "signed", _("Signed")
        SENT = "sent", _("Sent")

    class Form(models.TextChoices):
        FULL = "full", _("Full text")
        ABSTRACT = "abstract", _("Abstract")

    # Within the department: nobody else sees the letter yet.
    UNFINISHED = (State.DRAFTING, State.IN_REVIEW)

    # What moves decide by, and may have been changed by another since this was fetched.
    MOVED = (
        "state",
        "text",
        "sent_on",
        "disclosure",
        "form",
        "abstract",
        "published_on",
        "withdrawn_on",
        "version",
    )

    proposal = models.ForeignKey(
        Proposal, models.PROTECT, related_name="replies", verbose_name=_("proposal")
    )
    also_answers = models.ManyToManyField(
        Proposal,
        blank=True,
        related_name="answered_along",
        verbose_name=_("also answers"),
        help_text=_("Other proposals that the same letter answers."),
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="replies", verbose_name=_("department")
    )
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    sequence = models.PositiveSmallIntegerField(
        _("number within the round"),
        default=1,
        editable=False,
        help_text=_("Where several departments answer apart. Part of the permanent address."),
    )
    state = models.CharField(_("state"), max_length=15, choices=State, default=State.DRAFTING)
    is_issued = models.BooleanField(
        _("already issued"),
        default=False,
        help_text=_("Signed and sent on paper before it was entered: after review it is sent."),
    )
    document_number = models.CharField(_("document number"), max_length=60, blank=True)
    title = models.CharField(_("title"), max_length=300, blank=True)
    text = models.TextField(_("text"))
    abstract = models.TextField(
        _("abstract"), blank=True, help_text=_("Published instead of the text where so decided.")
    )
    category = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replies",
        verbose_name=_("category of the letter"),
        help_text=_("As printed on the day it was signed: never overwritten by later progress."),
    )
    date = models.DateField(_("date of the letter"), null=True, blank=True)
    signatory = models.CharField(_("signatory"), max_length=50, blank=True)
    contact_person = models.CharField(_("contact person"), max_length=50, blank=True)
    contact_phone = models.CharField(_("contact phone"), max_length=50, blank=True)
    co_handlers = models.ManyToManyField(
        Department,
        blank=True,
        related_name="co_handled_replies",
        verbose_name=_("co-handling departments"),
    )
    copied_to = models.JSONField(_("copied to"), default=list, blank=True)
    reading = models.JSONField(
        _("reading"),
        default=dict,
        blank=True,
        editable=False,
        help_text=_("What the reader read, with its spans: the frame of the letter's page."),
    )
    sent_on = models.DateField(_("sent on"), null=True, blank=True)
    disclosure = models.CharField(
        _("disclosure"),
        max_length=15,
        choices=Proposal.Disclosure,
        default=Proposal.Disclosure.UNDECIDED,
    )
    form = models.CharField(_("published as"), max_length=10, choices=Form, default=Form.FULL)
    publish_by = models.DateField(_("to be published by"), null=True, blank=True)
    published_on = models.DateField(_("published on"), null=True, blank=True)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)

    objects = ReplyQuerySet.as_manager()

    choosing = {"department": "act_for", "proposal": "answer", "also_answers": "answer"}

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        ordering = ["proposal", "round", "sequence"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "department", "round"],
                name="reply_once",
                violation_error_message=_("The department's reply of this round is already there."),
            ),
            models.UniqueConstraint(
                fields=["proposal", "round", "sequence"],
                name="reply_address_once",
                violation_error_message=_("Another reply has this number in the round."),
            ),
            models.UniqueConstraint(
                fields=["document_number", "department"],
                condition=~Q(document_number=""),
                name="reply_document_number_once",
                violation_error_message=_("A reply with this document number is already there."),
            ),
            models.CheckConstraint(
                condition=Q(round__gte=1, sequence__gte=1),
                name="reply_counts_from_one",
                violation_error_message=_("Rounds are counted from 1."),
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_on__isnull=False),
                name="reply_sent_is_dated",
                violation_error_message=_("A sent reply needs the day on which it was sent."),
            ),
            models.CheckConstraint(
                condition=Q(published_on__isnull=True) | Q(disclosure="proactive", state="sent"),
                name="reply_published_is_proactive",
                violation_error_message=_(
                    "Only a sent reply that is proactively disclosed can be published."
                ),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("published_on")),
                name="reply_withdrawn_after_published",
                violation_error_message=_("A reply is withdrawn after it was published."),
            ),
        ]
        indexes = [
            # "Is this letter already here?", by its document number.
            models.Index(fields=["document_number"], name="reply_by_document_number"),
        ]

    # Which links `history` keeps beside the row's own fields.
    _history_m2m_fields = (also_answers, co_handlers)

    def __str__(self) -> str:
        return self.title or f"{self.proposal} · {self.department}"

    @classmethod
    def sight(cls, place: Where, seat: Seat) -> Q:
        """A department sees its own, and of others what was sent; offices what left review."""
        if place == Where.OWN:
            return Q(department__in=seat.departments)
        proposals = Proposal.objects.filter(Proposal.sight(place, seat)).order_by()
        answered = Q(proposal__in=proposals)
        if place == Where.ASSEMBLY:
            return answered & ~Q(state__in=cls.UNFINISHED)
        if place == Where.PART:
            return answered & Q(state=cls.State.SENT)
        return NOTHING

    def count_dates(self) -> None:
        rules = self.proposal.rules(on=self.sent_on) if self.sent_on else None
        starts = {Period.Start.REPLIED: self.sent_on}
        self._count("publish_by", Period.Step.DISCLOSURE, rules=rules, starts=starts)

    @property
    def key(self) -> str:
        """The reply in addresses: its round, and which of several apart: `1`, `1-2`."""
        return str(self.round) if self.sequence == 1 else f"{self.round}-{self.sequence}"

    @property
    def is_locked(self) -> bool:
        """A sent letter's text is never changed, only corrected by a new version."""
        return self.state == self.State.SENT

    @property
    def is_published(self) -> bool:
        return (
            self.disclosure == Proposal.Disclosure.PROACTIVE
            and self.published_on is not None
            and self.withdrawn_on is None
        )

    def clean(self) -> None:
        if self.category and self.proposal_id:
            self.proposal.check_category(self.category)
        if self.pk is None or not self.is_locked:
            return
        locked = self.versions.order_by("-number").first()
        if locked and locked.text != self.text:
            raise ValidationError(
                {"text": _("The letter was sent: correct it as a new version instead.")}
            )

    @transaction.atomic
    def send(self, *, on: datetime.date, by: User | None = None) -> None:
        """Send the letter to the deputy: its text is locked as version 1."""
        self._lock()
        if self.is_locked:
            raise ValidationError(_("The letter was already sent."))
        self.state, self.sent_on = self.State.SENT, on
        self.save(update_fields=["state", "sent_on"])
        ReplyVersion.lock(self, number=1, on=on)
        for proposal in (self.proposal, *self.also_answers.all()):
            proposal.answered(on=on, actor=by, department=self.department, reply=self)

    @transaction.atomic
    def correct(
        self, text: str, *, reason: str, on: datetime.date, by: User | None = None
    ) -> ReplyVersion:
        """Replace the text of a sent letter by a new version; the old one keeps its address."""
        self._lock()
        if not self.is_locked:
            raise ValidationError(_("The letter was not sent yet: change its text."))
        if not reason.strip():
            raise ValidationError(_("Say why the letter is corrected."))
        if text == self.text:
            raise ValidationError(_("The text is the same: nothing was corrected."))
        last = self.versions.order_by("-number").first()
        self.text = text
        self.save(update_fields=["text"])
        number = last.number + 1 if last else 1
        version = ReplyVersion.lock(self, number=number, on=on, reason=reason)
        self._record(Event.Kind.REPLY_CORRECTED, on=on, by=by)
        return version

    @transaction.atomic
    def publish(self, *, on: datetime.date, reason: str, by: User | None = None) -> None:
        """Decide for proactive disclosure and let the public read the letter."""
        self._lock()
        if not self.is_locked:
            raise ValidationError(_("A letter is published after it was sent."))
        if not Proposal.objects.published().filter(pk=self.proposal_id).exists():
            raise ValidationError(_("Publish the proposal before its replies."))
        if self.form == self.Form.ABSTRACT and not self.abstract.strip():
            raise ValidationError(_("Write the abstract before it is published."))
        DisclosureDecision.objects.create(
            reply=self,
            mode=Proposal.Disclosure.PROACTIVE,
            form=self.form,
            reason=reason,
            approved_on=on,
            approver=by,
        )
        self.disclosure = Proposal.Disclosure.PROACTIVE
        self.published_on, self.withdrawn_on = on, None
        self.save(update_fields=["disclosure", "published_on", "withdrawn_on"])
        self._record(Event.Kind.REPLY_PUBLISHED, on=on, by=by)

    @transaction.atomic
    def withdraw(self, *, on: datetime.date, reason: str, by: User | None = None) -> None:
        """Take a published letter off the public pages, at once, with a reason."""
        self._lock()
        if not self.is_published:
            raise ValidationError(_("The letter is not public."))
        if not reason.strip():
            raise ValidationError(_("Say why the letter is withdrawn."))
        if self.published_on and on < self.published_on:
            raise ValidationError(_("A reply is withdrawn after it was published."))
        DisclosureDecision.objects.create(
            reply=self,
            mode=Proposal.Disclosure.WITHHELD,
            form=self.form,
            reason=reason,
            approved_on=on,
            approver=by,
        )
        self.withdrawn_on = on
        self.save(update_fields=["withdrawn_on"])
        self._record(Event.Kind.REPLY_WITHDRAWN, on=on, by=by)

    @transaction.atomic
    def withhold(
        self, mode: str, *, on: datetime.date, reason: str, by: User | None = None
    ) -> None:
        """Decide that the letter is not published (on request, or withheld), with a reason."""
        self._lock()
        if self.is_published:
            raise ValidationError(_("The letter is public: withdraw it instead."))
        if not reason.strip():
            raise ValidationError(_("Say why the letter is not published."))
        DisclosureDecision.objects.create(
            reply=self, mode=mode, form=self.form, reason=reason, approved_on=on, approver=by
        )
        self.disclosure, self.published_on, self.withdrawn_on = mode, None, None
        self.save(update_fields=["disclosure", "published_on", "withdrawn_on"])
        self._record(Event.Kind.DISCLOSURE_DECIDED, on=on, by=by)

    def _lock(self) -> None:
        """Keep others from the row until this move is done, and see what they changed before."""
        rows = Reply.objects.select_for_update(no_key=True)
        self.refresh_from_db(fields=self.MOVED, from_queryset=rows)

    def _record(self, kind: str, *, on: datetime.date, by: User | None) -> None:
        facts = {"actor": by, "department": self.department, "reply": self}
        events.record(kind, self.proposal, on=on, **facts)


def of_reply(place: Where, seat: Seat, path: str = "reply") -> Q:
    """What hangs on a reply is there for whom the reply is there."""
    seen = Reply.sight(place, seat)
    return Q(**{f"{path}__in": Reply.objects.filter(seen).order_by()}) if seen else seen


class DisclosureDecision(Sighted, Recorded):
    """Whether and how a reply is made public: a decision with a reason and an approver. Secret."""

    reply = models.ForeignKey(
        Reply, models.PROTECT, related_name="disclosure_decisions", verbose_name=_("reply")
    )
    mode = models.CharField(_("disclosure"), max_length=15, choices=Proposal.Disclosure)
    form = models.CharField(_("published as"), max_length=10, choices=Reply.Form)
    reason = models.TextField(_("reason"), blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("proposed by"),
    )
    proposed_on = models.DateField(_("proposed on"), null=True, blank=True)
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("approver"),
    )
    approved_on = models.DateField(_("approved on"), null=True, blank=True)

    objects = SightedQuerySet.as_manager()

    class Meta:
        verbose_name = _("disclosure decision")
        verbose_name_plural = _("disclosure decisions")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(mode="proactive") | ~Q(reason=""),
                name="disclosure_decision_not_public_has_reason",
                violation_error_message=_("Not publishing a reply needs a reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reply} {self.get_mode_display()}"

    @classmethod
    def sight(cls, place: Where, seat: Seat) -> Q:
        return of_reply(place, seat)

    @property
    def is_pending(self) -> bool:
        """Proposed by the department, and not decided yet."""
        return self.approved_on is None


class Redaction(Sighted, Recorded):
    """Words of a letter that the public does not read: a private phone number. Secret itself."""

    reply = models.ForeignKey(
        Reply, models.PROTECT, related_name="redactions", verbose_name=_("reply")
    )
    text = models.CharField(
        _("words"), max_length=200, help_text=_("Wherever they stand in the letter.")
    )
    reason = models.CharField(_("reason"), max_length=200)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_on = models.DateField(_("decided on"))

    objects = SightedQuerySet.as_manager()

    class Meta:
        verbose_name = _("redaction")
        verbose_name_plural = _("redactions")
        ordering = ["reply", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["reply", "text"],
                name="redaction_once",
                violation_error_message=_("These words are redacted already."),
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="redaction_has_words",
                violation_error_message=_("Say which words are redacted."),
            ),
        ]

    def __str__(self) -> str:
        return self.reason

    @classmethod
    def sight(cls, place: Where, seat: Seat) -> Q:
        return of_reply(place, seat)
