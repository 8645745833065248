"""Sending the outbox: each message at most once, and none forgotten.

A message is taken by committing `sending_at`, then sent, then marked, by the commit that takes the
next. Who dies between leaves it in hand: it may have gone out, so it is reported and never sent
again. Where the server refused it in words, it is tried again after longer and longer pauses; where
no server answers, all that waits stays as it is until the next run. Messages are fetched one at a
time, however many wait, and go out over one line.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from smtplib import (
    SMTPDataError,
    SMTPHeloError,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
)
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from notifications.line import Line, NotConnectedError
from notifications.mail import mail_of
from notifications.models import How, Message, MessageQuerySet, NoticeSettings
from proposals.models import Proposal, Reply

# It did not go out: the server said no, or the address or a heading is none that a mail can have.
REFUSALS = (
    ValueError,
    SMTPDataError,
    SMTPHeloError,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
)
# No connection so many times in a row: the rest waits for the next time.
DOWN_AFTER = 3
# Addresses that no mail can reach (RFC 2606), such as those of the demo's accounts.
UNREACHABLE = (".invalid", ".test", ".example", "@example.com")


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One thing to tell one person; `key` is the same whenever the same is told."""

    recipient: Any
    kind: str
    key: str
    subject: str
    text: str
    path: str
    proposal: Proposal | None = None
    reply: Reply | None = None


@dataclass
class Delivery:
    """What became of the outbox."""

    sent: int = 0
    failed: int = 0
    unclear: list[str] = field(default_factory=list)
    # How often in a row no server answered, and what was said the last time.
    unanswered: int = 0
    no_answer: str = ""

    @property
    def is_server_down(self) -> bool:
        return self.unanswered >= DOWN_AFTER


# Writes down what became of a message.
Mark = Callable[[], None]


def can_send() -> bool:
    """Whether e-mail is set up; without it messages are kept for the desk."""
    return bool(settings.EMAIL_CONFIGURED)


def tell(recipient: Any, kind: str, *, key: str, subject: str, **content: Any) -> bool:
    """Write one message, unless the same was told already; whether it is new.

    Content: `text`, `html`, the `path` of the page that it is about; `proposal` and `reply`, which
    the reader must still see when it goes out. Whether it goes out by mail the reader has chosen.
    """
    facts = _facts(recipient, kind, NoticeSettings.of(recipient))
    facts = {**facts, "subject": one_line(subject), **content}
    _message, is_new = Message.objects.get_or_create(key=key, defaults=facts)
    return is_new


def tell_all(notices: Sequence[Notice]) -> int:
    """Write these messages, in few queries however many; how many are new."""
    keys = {notice.key for notice in notices}
    if not keys:
        return 0
    wishes = NoticeSettings.of_all(notice.recipient for notice in notices)
    told = set(Message.objects.filter(key__in=keys).values_list("key", flat=True))
    new = [notice for notice in notices if notice.key not in told]
    # Another may write the same at this moment: the key decides, and neither fails.
    Message.objects.bulk_create(
        [_written(notice, wishes[notice.recipient.pk]) for notice in new],
        ignore_conflicts=True,
        batch_size=500,
    )
    return len(new)


def tell_address(email: str, kind: str, *, key: str, subject: str, **content: Any) -> bool:
    """Write one message to somebody without an account; whether it is new.

    Content: as of `tell`; `language`; and `unsubscribe`, the path at which one click ends such
    messages.
    """
    facts = {"email": email, "kind": kind, "subject": one_line(subject)}
    _message, is_new = Message.objects.get_or_create(key=key, defaults={**facts, **content})
    return is_new


def one_line(subject: str) -> str:
    return " ".join(subject.split())[:200]


def _facts(recipient: Any, kind: str, wishes: NoticeSettings) -> dict[str, Any]:
    """To whom, and how: at once, held back for the mail of the day, or on the desk alone."""
    how = wishes.how(kind)
    address = recipient.email or ""
    is_reached = how != How.NEVER and not address.lower().endswith(UNREACHABLE)
    return {
        "recipient": recipient,
        "kind": kind,
        "email": address if is_reached else "",
        "language": get_language() or settings.LANGUAGE_CODE,
        # A digest is the mail of the day itself.
        "in_digest": how == How.DAILY and kind != Message.Kind.DIGEST,
    }


def _written(notice: Notice, wishes: NoticeSettings) -> Message:
    facts = _facts(notice.recipient, notice.kind, wishes)
    return Message(
        **{**facts, "language": wishes.spoken},
        key=notice.key,
        subject=one_line(notice.subject),
        text=notice.text,
        path=notice.path,
        proposal=notice.proposal,
        reply=notice.reply,
    )


def deliver(is_told_to_stop: Callable[[], bool] = lambda: False) -> Delivery:
    """Send what waits now, or until it is told to stop. Any number of senders may do so at once."""
    at, result, mark = timezone.now(), Delivery(), None
    with closing(Line()) as line:
        while (message := _next(mark, result, is_told_to_stop, at=at)) is not None:
            mark = _send(message, line, result)
    return result


# Durable: it is committed before anything is sent, or it raises.
@transaction.atomic(durable=True)
def _next(
    mark: Mark | None, result: Delivery, is_told_to_stop: Callable[[], bool], *, at: datetime
) -> Message | None:
    """Mark what became of the one before, and take the next in hand; None at the end."""
    if mark is not None:
        mark()
    if result.is_server_down:
        # All that waits bears the reason: too old one day, it is reported, and not forgotten.
        waiting = _in_no_hand(Message.objects.waiting(at=at)).values("pk")
        Message.objects.filter(pk__in=waiting).update(last_error=result.no_answer)
        return None
    return None if is_told_to_stop() else _take(at=at)


def _send(message: Message, line: Line, result: Delivery) -> Mark:
    """Send one message; what writes down what became of it."""
    unanswered, result.unanswered = result.unanswered, 0
    try:
        line.send(mail_of(message))
    except NotConnectedError as error:
        result.unanswered = unanswered + 1
        result.no_answer = _said(error.__cause__ or error)
        return message.put_back
    except REFUSALS as error:
        result.failed += 1
        return partial(message.fail, _said(error))
    except OSError as error:  # SMTPException is one: the line broke half-way
        result.unclear.append(_about(message, _said(error)))
        return partial(message.lose, _said(error))
    result.sent += 1
    return message.succeed


def report(*, at: datetime) -> list[str]:
    """What a person must know, each said once: messages that may not have arrived.

    Those whose sender died, and those that no server took while they still meant something: they
    are on the desk of who they are for, and are not sent any more.
    """
    said = []
    for message in Message.objects.lost(at=at).filter(last_error="").iterator():
        message.lose(str(_("The sender stopped half-way: perhaps it went out.")))
        said.append(_about(message, message.last_error))
    for message in Message.objects.given_up(at=at).iterator():
        said.append(_about(message, message.last_error))
        if message.recipient_id:
            message.keep_to_desk()
        else:
            message.delete()  # there is no desk that it could stay on
    return said


def _about(message: Message, error: str) -> str:
    if message.is_of_visitor:
        # The journal names no visitor; what a server answers often does.
        return f"{message.message_id}: {error.partition(':')[0]}"
    return f"{message.message_id} {message.email}: {error}"


def _take(*, at: datetime) -> Message | None:
    """The next that waits, once it is nobody else's. What its reader may not see stays behind."""
    waiting = Message.objects.waiting(at=at).order_by("next_try_at", "pk")
    waiting = _in_no_hand(waiting).select_related("recipient")
    while (message := waiting.first()) is not None:
        if message.is_still_seen_by(message.recipient):
            message.begin(at=timezone.now())
            return message
        message.keep_to_desk()
    return None


def _in_no_hand(messages: MessageQuerySet) -> MessageQuerySet:
    """Without those that another sender holds at this moment; SQLite has one writer at a time."""
    if connection.features.has_select_for_update_skip_locked:
        return messages.select_for_update(skip_locked=True, of=("self",))
    return messages


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:500]
