"""Sending the outbox: each message at most once, and none forgotten.

A message is taken by committing `sending_at`, then sent, then marked. Who dies between leaves it in
hand: it may have gone out, so it is reported and never sent again. Only where the server certainly
did not take it (no connection, or a refusal in words) is it tried again, after longer and longer
pauses. Messages are fetched one at a time, however many wait.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from smtplib import (
    SMTPDataError,
    SMTPHeloError,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
)
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications.models import Message

# It did not go out: the server said no, or the address or a heading is none that a mail can have.
REFUSALS = (
    ValueError,
    SMTPDataError,
    SMTPHeloError,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
)
# No connection so many times in a row: the server is down, the rest waits for the next time.
DOWN_AFTER = 3
# Addresses that no mail can reach (RFC 2606), such as those of the demo's accounts.
UNREACHABLE = (".invalid", ".test", ".example", "@example.com")


class NotConnectedError(Exception):
    """There is no mail server that answers."""


@dataclass
class Delivery:
    """What became of the outbox."""

    sent: int = 0
    failed: int = 0
    unclear: list[str] = field(default_factory=list)
    is_server_down: bool = False


def can_send() -> bool:
    """Whether e-mail is set up; without it messages are kept for the desk."""
    return bool(settings.EMAIL_CONFIGURED)


def tell(recipient: Any, kind: str, *, key: str, subject: str, **content: str) -> bool:
    """Write one message, unless the same was told already; whether it is new.

    Content: `text`, `html`, and the `path` of the page that it is about.
    """
    address = recipient.email or ""
    email = "" if address.lower().endswith(UNREACHABLE) else address
    facts = {"recipient": recipient, "email": email, "kind": kind, "subject": subject[:200]}
    _message, is_new = Message.objects.get_or_create(key=key, defaults={**facts, **content})
    return is_new


def tell_address(email: str, kind: str, *, key: str, subject: str, **content: str) -> bool:
    """Write one message to somebody without an account; whether it is new.

    Content: as of `tell`, and `unsubscribe`, the path at which one click ends such messages.
    """
    facts = {"email": email, "kind": kind, "subject": subject[:200]}
    _message, is_new = Message.objects.get_or_create(key=key, defaults={**facts, **content})
    return is_new


def deliver() -> Delivery:
    """Send what waits now. Any number of senders may do so at once."""
    result, down = Delivery(), 0
    for message in _taken(at=timezone.now()):
        try:
            _send(message)
        except NotConnectedError as error:
            message.fail(_said(error.__cause__ or error))
            result.failed, down = result.failed + 1, down + 1
            if down >= DOWN_AFTER:
                result.is_server_down = True
                break
            continue
        except REFUSALS as error:
            message.fail(_said(error))
            result.failed += 1
        except OSError as error:  # SMTPException is one: the line broke half-way
            message.lose(_said(error))
            result.unclear.append(_about(message))
        else:
            message.succeed()
            result.sent += 1
        down = 0
    return result


def report(*, at: datetime) -> list[str]:
    """What a person must know, each said once: messages that may not have arrived.

    Those whose sender died, and those that no server took while they still meant something: they
    are on the desk of who they are for, and are not sent any more.
    """
    said = []
    for message in Message.objects.lost(at=at).filter(last_error="").iterator():
        message.lose(str(_("The sender stopped half-way: perhaps it went out.")))
        said.append(_about(message))
    for message in Message.objects.given_up(at=at).iterator():
        said.append(_about(message))
        message.email = ""
        message.save(update_fields=["email"])
    return said


def _about(message: Message) -> str:
    return f"{message.message_id} {message.email}: {message.last_error}"


def _taken(*, at: datetime) -> Iterator[Message]:
    """Each message that waits, once it is certainly nobody else's."""
    while (message := _take(at=at)) is not None:
        yield message


def _take(*, at: datetime) -> Message | None:
    # Durable: it is committed before anything is sent, or it raises.
    with transaction.atomic(durable=True):
        waiting = Message.objects.waiting(at=at).order_by("next_try_at", "pk")
        if connection.features.has_select_for_update_skip_locked:
            waiting = waiting.select_for_update(skip_locked=True)
        message = waiting.first()
        if message is not None:
            message.begin(at=timezone.now())
    return message


def _send(message: Message) -> None:
    """With a connection of its own: one that another message has broken is not met."""
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        to=[message.email],
        headers={"Message-ID": f"<{message.message_id}@{settings.EMAIL_DOMAIN}>"},
    )
    if message.html:
        mail.attach_alternative(message.html, "text/html")
    server = get_connection()
    try:
        server.open()
    except OSError as error:
        raise NotConnectedError from error
    try:
        mail.connection = server
        mail.send()
    finally:
        _close(server)


def _close(server: Any) -> None:
    """What was sent is sent, however the goodbye goes."""
    try:
        server.close()
    except OSError:
        return


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:500]
