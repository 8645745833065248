"""The mail of the day: what each person wished to be told once a day, in one mail.

The mail and the marks of what is in it are written in one transaction, under a key that is the
same the whole day: who dies in between has written neither, and who runs it twice writes it once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from notifications.links import absolute, notices_address
from notifications.models import How, Message, NoticeSettings
from notifications.outbox import tell

# In one mail; the rest of a day on which more happened is on the desk.
MOST = 100


@dataclass(frozen=True)
class Line:
    subject: str
    text: str
    address: str


@dataclass(frozen=True)
class Gathered:
    """What happened to one proposal; to none, where it is about something else."""

    title: str
    lines: list[Line] = field(default_factory=list)


def gather(*, on: date) -> int:
    """Write the mails of that day; how many. What comes later waits for the next."""
    return sum(_gather_of(user, on=on) for user in _people())


def _people() -> Iterator[Any]:
    held = Message.objects.held().order_by().values("recipient")
    users = get_user_model().objects.filter(is_active=True, pk__in=held)
    yield from users.order_by("pk").iterator()


@transaction.atomic
def _gather_of(user: Any, *, on: date) -> bool:
    key = f"gathered {on.isoformat()} {user.pk}"
    if Message.objects.filter(key=key).exists():
        return False
    wishes = NoticeSettings.of(user)
    held = list(_held_of(user))
    told = _still_seen([row for row in held if wishes.how(row.kind) != How.NEVER], user)
    with override(wishes.spoken):
        is_new = not told or _write(user, told, key=key, on=on)
    if is_new:
        _mark(held)
    return is_new and bool(told)


def _held_of(user: Any) -> Any:
    """The rows stay locked until the mail is written: a second sender waits, and finds none."""
    rows = Message.objects.held().filter(recipient=user).select_for_update(of=("self",))
    rows = rows.select_related("proposal").defer("html", "proposal__reason", "proposal__request")
    return rows.order_by("created_at", "pk")


def _still_seen(messages: list[Message], user: Any) -> list[Message]:
    """Those about what the person may see today; each proposal and letter is asked for once."""
    seen: dict[tuple[int | None, int | None], bool] = {}
    for message in messages:
        about = (message.proposal_id, message.reply_id)
        if about not in seen:
            seen[about] = message.is_still_seen_by(user)
    return [message for message in messages if seen[(message.proposal_id, message.reply_id)]]


def _mark(held: list[Message]) -> None:
    now = timezone.now()
    for message in held:
        message.digested_at = now
    Message.objects.bulk_update(held, ["digested_at"], batch_size=500)


def _write(user: Any, told: list[Message], *, key: str, on: date) -> bool:
    count = len(told)
    news = ngettext("%(count)s piece of news", "%(count)s pieces of news", count)
    subject = _("%(day)s: %(count)s") % {"day": date_format(on), "count": news % {"count": count}}
    context = {
        "subject": subject,
        "name": user.get_full_name() or user.get_username(),
        "gathered": list(_by_proposal(told[:MOST])),
        "more": max(count - MOST, 0),
        "notices": notices_address(),
    }
    return tell(
        user,
        Message.Kind.GATHERED,
        key=key,
        subject=subject,
        text=render_to_string("notifications/gathered.txt", context).strip(),
        html=render_to_string("notifications/gathered.html", context),
        # On the desk each stands by itself.
        read_at=timezone.now(),
    )


def _by_proposal(told: list[Message]) -> Iterator[Gathered]:
    """In the order in which the proposals first had news."""
    first: dict[int | None, int] = {}
    for place, message in enumerate(told):
        first.setdefault(message.proposal_id, place)
    ordered = sorted(told, key=lambda message: first[message.proposal_id])
    for _key, group in groupby(ordered, key=lambda message: message.proposal_id):
        messages = list(group)
        title = str(messages[0].proposal) if messages[0].proposal else ""
        yield Gathered(title, [_line(message, title) for message in messages])


def _line(message: Message, title: str) -> Line:
    """Below the title of its proposal the subject need not say it again."""
    subject = message.subject
    if message.proposal:
        subject = subject.removesuffix(message.proposal.title).rstrip(" :：")
    return Line(subject, message.text, absolute(message.path) if message.path else "")
