"""The outbox: what is told to whom, kept until it is sent and read."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.crowd import who_sees
from access.rights import Where
from access.sight import NOTHING, Seat, Sighted, SightedQuerySet
from assemblies.models import Deputy
from departments.models import Clerk
from proposals.models import Proposal, Reply

# A sender that has not come back after that long has died.
LOST_AFTER = timedelta(minutes=15)
# What could not be sent for that long tells nothing any more: it stays on the desk.
KEPT_FOR = timedelta(days=3)
# After the first failure, the second, and so on; the last for all further ones.
PAUSES = (
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
)


class MessageQuerySet(SightedQuerySet):
    def for_desk(self, user: Any) -> MessageQuerySet:
        """Those that the person has not read yet, the newest first: nobody reads another's."""
        return self.filter(recipient=user, read_at=None).order_by("-created_at", "-pk")

    def told(self, user: Any) -> MessageQuerySet:
        """All that the person was told, the newest first; what mails gather was told before."""
        own = self.filter(recipient=user).exclude(kind=Message.Kind.GATHERED)
        return own.order_by("-created_at", "-pk")

    def held(self) -> MessageQuerySet:
        """Those that wait for their reader's mail of the day."""
        return self.mailed().filter(in_digest=True, digested_at=None)

    def mailed(self) -> MessageQuerySet:
        """Those that go out by e-mail too; the rest is for the desk alone."""
        return self.filter(email__gt="")

    def unsent(self) -> MessageQuerySet:
        """Those that are still to go out, or would be, were they not too old."""
        return self.mailed().filter(in_digest=False, sent_at=None, sending_at=None)

    def waiting(self, *, at: datetime) -> MessageQuerySet:
        """Those to be sent now: not sent, in nobody's hand, and not put off to later.

        Who has left since they were written is told nothing more; of the own account everybody
        is told who has one, and an address without an account has left nothing.
        """
        working = Clerk.objects.filter(is_active=True, user=OuterRef("recipient"))
        deputies = Deputy.objects.filter(user=OuterRef("recipient"))
        is_here = Q(kind=Message.Kind.ACCOUNT) | Exists(working) | Exists(deputies)
        return self.unsent().filter(
            Q(recipient=None) | Q(recipient__is_active=True) & is_here,
            next_try_at__lte=at,
            # No try is before the writing: so far back the index is read.
            next_try_at__gt=at - KEPT_FOR,
            created_at__gt=at - KEPT_FOR,
        )

    def lost(self, *, at: datetime) -> MessageQuerySet:
        """Those whose sender never came back: perhaps they went out, so they do not again."""
        return self.filter(sent_at=None, sending_at__lte=at - LOST_AFTER)

    def given_up(self, *, at: datetime) -> MessageQuerySet:
        """Those that no server took while they still meant something, and that say why."""
        return self.unsent().filter(created_at__lte=at - KEPT_FOR).exclude(last_error="")


class Message(Sighted):
    """Something told to one person, on the desk and by e-mail.

    `key` makes it unique: telling the same thing twice writes one message. It is sent at most
    once: who sends it first commits `sending_at`, and what was begun is never begun again.
    """

    class Kind(models.TextChoices):
        DIGEST = "digest", _("What falls due")
        GATHERED = "gathered", _("News of the day")
        NUDGE = "nudge", _("Urged")
        ACCOUNT = "account", _("Account")
        FOLLOWED = "followed", _("News of what is followed")
        COSIGNING = "cosigning", _("Asked to co-sign")
        SUBMITTED = "submitted", _("Submitted")
        REGISTERED = "registered", _("Registered")
        NOT_TAKEN_ON = "not_taken_on", _("Not taken on, merged or withdrawn")
        ASSIGNED = "assigned", _("Assigned")
        REASSIGNED = "reassigned", _("Given to another department")
        EXTENDED = "extended", _("Extended")
        REPLIED = "replied", _("Replied")
        RATING_DUE = "rating_due", _("Rating due")
        HANDLED_AGAIN = "handled_again", _("Handled again or escalated")
        PROMISE_DUE = "promise_due", _("Promise due")
        PROMISE_REPORTED = "promise_reported", _("Promise reported on")
        PUBLISHED = "published", _("Published")
        KEY = "key", _("Key proposal")
        CLOSED = "closed", _("Closed")
        ALARM = "alarm", _("Rating from a clerk's address")

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="notifications",
        verbose_name=_("to"),
    )
    email = models.EmailField(_("e-mail"), blank=True)
    # What it is about: who may not see it any more is not mailed.
    proposal = models.ForeignKey(
        Proposal, models.CASCADE, null=True, editable=False, related_name="+"
    )
    reply = models.ForeignKey(Reply, models.CASCADE, null=True, editable=False, related_name="+")
    # In which it is written: the frame of the mail is in the same.
    language = models.CharField(max_length=10, blank=True, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    key = models.CharField(max_length=120, unique=True, editable=False)
    message_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"))
    html = models.TextField(blank=True, editable=False)
    path = models.CharField(max_length=300, blank=True, editable=False)
    # Where one click ends such messages (RFC 8058): a path, or empty.
    unsubscribe = models.CharField(max_length=300, blank=True, editable=False)
    # Held back for the person's next digest, and the digest that it went out with.
    in_digest = models.BooleanField(default=False, editable=False)
    digested_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    sending_at = models.DateTimeField(_("begun to send"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    next_try_at = models.DateTimeField(_("next try"), default=timezone.now)
    last_error = models.TextField(_("last error"), blank=True)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(recipient__isnull=False) | ~Q(email=""),
                name="message_to_somebody",
                violation_error_message=_("A message needs an account or an address."),
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(sending_at__lte=F("sent_at")),
                name="message_begun_before_sent",
                violation_error_message=_("A message is sent after somebody began to send it."),
            ),
        ]
        indexes = [
            # The outbox: what is still to be sent; what is for the desk alone is not in the way.
            models.Index(
                fields=["next_try_at", "id"],
                condition=Q(sent_at=None, sending_at=None, in_digest=False, email__gt=""),
                name="message_to_send",
            ),
            # A person's desk: what was not read yet.
            models.Index(
                fields=["recipient", "-created_at"],
                condition=Q(read_at__isnull=True),
                name="message_unread",
            ),
            # A person's mail of the day.
            models.Index(
                fields=["recipient"],
                condition=Q(in_digest=True, digested_at__isnull=True),
                name="message_held",
            ),
            # What was begun and not ended: those in hand, and those that were lost.
            models.Index(
                fields=["sending_at"],
                condition=Q(sent_at__isnull=True, sending_at__isnull=False),
                name="message_in_hand",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recipient} {self.get_kind_display()}"

    @classmethod
    def sight(cls, place: Where, seat: Seat) -> Q:
        """The administrator sees that it was sent, never what it says; others have their desk.

        Whom of the visitors a mail went to nobody sees.
        """
        of_visitor = Q(recipient=None, kind=cls.Kind.FOLLOWED)
        return ~of_visitor if place == Where.ALL else NOTHING

    @property
    def is_of_visitor(self) -> bool:
        """Whether it goes to somebody who follows, and whose address is told to nobody."""
        return self.recipient_id is None and self.kind == self.Kind.FOLLOWED

    def is_still_seen_by(self, user: Any) -> bool:
        """Whether the gate shows that person what it is about; a mail goes out only then."""
        if self.reply_id:
            return bool(who_sees(Reply.objects.filter(pk=self.reply_id), [user]))
        if self.proposal_id:
            return bool(who_sees(Proposal.objects.filter(pk=self.proposal_id), [user]))
        return True

    def keep_to_desk(self) -> None:
        """No mail any more: its reader may not see any more what it is about."""
        self.email = ""
        self.save(update_fields=["email"])

    def read(self) -> None:
        """The person has seen it: it leaves the desk."""
        if self.read_at is None:
            self.read_at = timezone.now()
            self.save(update_fields=["read_at"])

    def begin(self, *, at: datetime) -> None:
        """Take it in hand; committed before anything is sent."""
        self.sending_at = at
        self.tries += 1
        self.last_error = ""
        self.save(update_fields=["sending_at", "tries", "last_error"])

    def succeed(self) -> None:
        # Not before it was begun, though the clock was put back in between.
        self.sent_at = max(timezone.now(), self.sending_at or timezone.now())
        self.save(update_fields=["sent_at"])

    def put_back(self) -> None:
        """There was no server to try it with: it waits as before."""
        self.sending_at, self.tries = None, self.tries - 1
        self.save(update_fields=["sending_at", "tries"])

    def fail(self, error: str) -> None:
        """It certainly did not go out: it is tried again after a while."""
        pause = PAUSES[min(self.tries, len(PAUSES)) - 1]
        self.sending_at, self.next_try_at = None, timezone.now() + pause
        self.last_error = error
        self.save(update_fields=["sending_at", "next_try_at", "last_error"])

    def lose(self, error: str) -> None:
        """Nobody knows whether it went out: it is not sent again, and is reported."""
        self.last_error = error
        self.save(update_fields=["last_error"])


class ReminderDay(models.Model):
    """A day on which reminders were written: after a pause the days between are made up for."""

    on = models.DateField(unique=True)

    class Meta:
        verbose_name = _("day of reminders")
        verbose_name_plural = _("days of reminders")
        ordering = ["-on"]

    def __str__(self) -> str:
        return self.on.isoformat()
