"""A reply (答复) of a department to a proposal: drafted, reviewed, signed, sent, corrected."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, F, Max, Q
from django.utils.translation import gettext_lazy as _

from access.rights import Where
from access.sight import NOTHING, Seat, Sighted, SightedQuerySet
from assemblies.models import Category, Deputy
from clerkadmin.recorded import Recorded
from departments.models import Department
from proposals import events
from proposals.guards import check
from proposals.models.completeness import rules_of
from proposals.models.event import Event
from proposals.models.handled import Handled
from proposals.models.proposal import Proposal, lock_all
from proposals.models.sight import of_proposal
from proposals.models.sponsorship import Sponsorship
from proposals.models.version import ReplyVersion

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.utils.functional import Promise


class ReplyQuerySet(SightedQuerySet):
    def published(self) -> ReplyQuerySet:
        """Those that the public may read, whatever became of their proposal."""
        return self.filter(
            disclosure=Proposal.Disclosure.PROACTIVE,
            published_on__isnull=False,
            withdrawn_on__isnull=True,
        )

    def next_round(self, proposal: Proposal, department: Department) -> int:
        """One more than the department's last reply, and at least that of its present part."""
        last = self.filter(proposal=proposal, department=department).aggregate(Max("round"))
        parts = proposal.assignments.present().filter(department=department)
        asked = parts.aggregate(Max("round"))["round__max"] or 1
        return max((last["round__max"] or 0) + 1, asked)

    def next_sequence(self, proposal: Proposal, round_: int) -> int:
        """A new reply's place among those of several departments in one round."""
        last = self.filter(proposal=proposal, round=round_).aggregate(Max("sequence"))
        return (last["sequence__max"] or 0) + 1


class Reply(Sighted, Recorded, Handled):
    """One department's letter in one round. Measures and commitments point into `text`."""

    # What moves decide by, and may have been changed by another since this was fetched.
    MOVED = (
        "state",
        "is_issued",
        "document_number",
        "text",
        "category",
        "date",
        "signatory",
        "sent_on",
        "disclosure",
        "form",
        "abstract",
        "publish_by",
        "published_on",
        "withdrawn_on",
        "unannounced",
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
            # The desk: was a department's part answered, and when? Read without the letter itself.
            models.Index(
                fields=["proposal", "department", "round", "state", "sent_on"],
                name="reply_of_round",
            ),
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
        if place == Where.ASSEMBLY:
            return _out_of_review(seat)
        if place == Where.PART:
            return of_proposal(place, seat) & Q(state=cls.State.SENT)
        if place == Where.SPONSORED:
            along = cls.also_answers.through.objects.filter(of_proposal(place, seat)).order_by()
            own = of_proposal(place, seat) | Q(pk__in=along.values("reply"))
            return own & Q(state=cls.State.SENT)
        return NOTHING

    @classmethod
    def sight_at(cls, path: str, place: Where, seat: Seat) -> Q:
        """Rows whose letter, in the field of that path, somebody sees."""
        if place == Where.ASSEMBLY:
            return _out_of_review(seat, f"{path}__")
        seen = cls.sight(place, seat)
        return Q(**{f"{path}__in": cls.objects.filter(seen).order_by()}) if seen else seen

    @property
    def key(self) -> str:
        """The reply in addresses: its round, and which of several apart: `1`, `1-2`."""
        return str(self.round) if self.sequence == 1 else f"{self.round}-{self.sequence}"

    @property
    def is_locked(self) -> bool:
        """A sent letter's text is never changed, only corrected by a new version."""
        return self.state == self.State.SENT

    @property
    def answered(self) -> list[Proposal]:
        """Every proposal that the letter answers, its own first."""
        return [self.proposal, *self.also_answers.all()]

    def newer(self) -> models.QuerySet[Reply]:
        """Sent letters of a later round, of its department or of who answers in its place."""
        later = Reply.objects.filter(proposal=self.proposal_id, state=self.State.SENT)
        parts = self.proposal.assignments.filter(department=self.department_id).order_by()
        is_replaced = Q(Exists(parts), ~Exists(parts.present().answering()))
        of_its_own = Q(department=self.department_id)
        return later.filter(of_its_own | is_replaced, round__gt=self.round)

    def raters(self) -> models.QuerySet[Deputy]:
        """The deputies who are asked to rate it: the lead sponsors, or all by the rules."""
        rules = rules_of(self)
        asked = Sponsorship.objects.standing().filter(proposal__in=self.answered)
        if rules is None or not rules.every_deputy_rates:
            asked = asked.filter(role=Sponsorship.Role.LEAD)
        return Deputy.objects.filter(pk__in=asked.values("deputy"))

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

    def why_not_correct(self) -> str | Promise:
        return "" if self.is_locked else _("The letter was not sent yet: change its text.")

    @transaction.atomic
    def correct(
        self, text: str, *, reason: str, on: datetime.date, by: User | None = None
    ) -> ReplyVersion:
        """Replace the text of a sent letter by a new version; the old one keeps its address."""
        self._lock()
        check(self.why_not_correct())
        if not reason.strip():
            raise ValidationError(_("Say why the letter is corrected."))
        if text == self.text:
            raise ValidationError(_("The text is the same: nothing was corrected."))
        last = self.versions.order_by("-number").first()
        self.text = text
        self.save(update_fields=["text"])
        number = last.number + 1 if last else 1
        version = ReplyVersion.lock(self, number=number, on=on, reason=reason)
        if self.is_published:
            self.cover_what_is_private(on=on, by=by)
        self._record(Event.Kind.REPLY_CORRECTED, on=on, by=by)
        return version

    def above(self) -> list[Recorded]:
        return [*self.answered]

    def _lock(self) -> None:
        """Keep others from the row until this move is done, and see what they changed before."""
        # The proposals first: sending and rating change them, and two moves never wait crosswise.
        lock_all(self.answered)
        rows = Reply.objects.select_for_update(no_key=True)
        self.refresh_from_db(fields=self.MOVED, from_queryset=rows)

    def _record(
        self,
        kind: str,
        *,
        on: datetime.date,
        by: User | None,
        details: dict[str, Any] | None = None,
    ) -> None:
        facts = {"actor": by, "department": self.department, "reply": self}
        events.record(kind, self.proposal, on=on, details=details or {}, **facts)


def of_reply(place: Where, seat: Seat, path: str = "reply") -> Q:
    """What hangs on a reply is there for whom the reply is there."""
    return Reply.sight_at(path, place, seat)


def _out_of_review(seat: Seat, path: str = "") -> Q:
    """What an office sees of the letters of its assemblies."""
    answered = of_proposal(Where.ASSEMBLY, seat, f"{path}proposal")
    return answered & ~Q(**{f"{path}state__in": Reply.UNFINISHED})
