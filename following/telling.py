"""Telling followers once a day what is new: one mail each, nothing where nothing is.

One follower at a time, each in a transaction of its own: the mail is written and what was told is
noted together, or neither. So a run that was stopped goes on where it stopped, and tells nothing
twice. What is told is public at the moment of writing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from following.models import LOOK_BACK, Follow, Follower
from following.news import News, Since, news_of
from following.targets import targets_of
from following.tokens import end_path, manage_path
from notifications.links import absolute
from notifications.models import Message
from notifications.outbox import tell_address


@dataclass
class Told:
    """How many follow something, and how many of them were written to."""

    followers: int = 0
    mails: int = 0


def tell_followers(*, on: date) -> Told:
    """Write the mails of that day. Done twice, it writes nothing twice."""
    told = Told()
    for pk in _followers():
        told.followers += 1
        told.mails += _tell(pk, on=on)
    return told


def _followers() -> Iterator[int]:
    """Everybody who follows something, one at a time, however many there are."""
    last = 0
    waiting = Follower.objects.filter(follows__confirmed_at__isnull=False).order_by("pk")
    while pk := waiting.filter(pk__gt=last).values_list("pk", flat=True).first():
        last = pk
        yield pk


@transaction.atomic
def _tell(pk: int, *, on: date) -> bool:
    """Write the mail of one follower; whether there is one."""
    follower = Follower.objects.select_for_update().filter(pk=pk).first()
    key = f"followed {on.isoformat()} {pk}"
    # Who has been told today is told tomorrow of what has come since.
    if follower is None or Message.objects.filter(key=key).exists():
        return False
    with override(follower.language):
        parts = list(_news(follower, on=on))
        if parts:
            _write(follower, parts, key=key, on=on)
    return bool(parts)


def _news(follower: Follower, *, on: date) -> Iterator[News]:
    """What is new of each follow, which is then known. What is not public says nothing."""
    follows = list(follower.follows.confirmed().order_by("confirmed_at", "pk"))
    for follow, target in zip(follows, targets_of(follows), strict=True):
        if target is None:
            continue
        news = news_of(target, since=_since(follow, on=on))
        if news.marks != follow.told or news.lines:
            follow.keep_told(news.marks, on=on)
        if news.lines:
            yield news


def _since(follow: Follow, *, on: date) -> Since:
    last = follow.told_until or on
    return Since(last - timedelta(days=LOOK_BACK), frozenset(follow.told), on)


def _write(follower: Follower, parts: list[News], *, key: str, on: date) -> None:
    names: dict[str, Any] = {"day": date_format(on), "name": parts[0].target.words}
    if len(parts) == 1:
        subject = _("%(day)s: news of %(name)s") % names
    else:
        subject = _("%(day)s: news of %(name)s and others") % names
    end = end_path(follower)
    context = {
        "subject": subject,
        "parts": parts,
        "host": absolute(""),
        "manage": absolute(manage_path(follower)),
        "end": absolute(end),
    }
    tell_address(
        follower.email,
        Message.Kind.FOLLOWED,
        key=key,
        subject=subject,
        language=follower.language,
        text=render_to_string("following/news.txt", context).strip(),
        html=render_to_string("following/news.html", context),
        unsubscribe=end,
    )
