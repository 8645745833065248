"""Asking to follow: an address is written down, and whoever reads its mail decides.

Whoever asks learns nothing of the address: the page's answer is the same, and so is the work done,
whether it follows nothing, this very thing or as much as it may.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from following.models import LOOK_BACK, Asking, Follow, Follower, folded_address, new_key
from following.news import Since, news_of
from following.targets import Target
from following.tokens import confirm_path, manage_path
from notifications.links import absolute
from notifications.models import Message
from notifications.outbox import tell_address

# So many of these mails to one address in a day, and so many asked for from one network in an hour.
MAILS_A_DAY = 3
ASKED_AN_HOUR = 20
FOLLOWS_AT_MOST = 50


def is_held_back(network: str) -> bool:
    """Whether too many mails were asked for from there within the hour."""
    hour = timezone.now() - timedelta(hours=1)
    return Asking.objects.filter(network=network, at__gt=hour).count() >= ASKED_AN_HOUR


@transaction.atomic
def ask(email: str, target: Target, *, network: str) -> None:
    """Write the mail in which the address can say yes."""
    follower = _follower(email)
    day = timezone.now() - timedelta(days=1)
    asked = Asking.objects.filter(follower=follower, at__gt=day).count()
    Asking.objects.create(follower=follower, network=network)
    if asked >= MAILS_A_DAY:
        return
    follow = _follow(follower, target)
    with override(follower.language):
        _write(follower, follow, target)


def _follower(email: str) -> Follower:
    """The address, held until the transaction ends; new or not, the same statements."""
    folded = folded_address(email)
    new = Follower(email=email, folded=folded, language=get_language() or "")
    Follower.objects.bulk_create([new], ignore_conflicts=True)
    return Follower.objects.select_for_update().get(folded=folded)


def _follow(follower: Follower, target: Target) -> Follow | None:
    """The row of the follow, confirmed or not; None where the address follows all it may."""
    same = {"follower": follower, "kind": target.kind, "target": target.value}
    others = Follow.objects.filter(follower=follower).exclude(kind=target.kind, target=target.value)
    if others.count() < FOLLOWS_AT_MOST:
        Follow.objects.bulk_create([Follow(**same)], ignore_conflicts=True)
    return Follow.objects.filter(**same).first()


def _write(follower: Follower, follow: Follow | None, target: Target) -> None:
    is_new = follow is not None and follow.confirmed_at is None
    if is_new:
        subject = _("Please confirm: news of %(target)s") % {"target": target.asked}
    elif follow is not None:
        subject = _("You follow it already: %(target)s") % {"target": target.words}
    else:
        subject = _("You follow all that one address can follow")
    path = confirm_path(follow) if is_new and follow else manage_path(follower)
    context = {
        "subject": subject,
        "target": target,
        "follow": follow,
        "is_new": is_new,
        "address": absolute(path),
    }
    tell_address(
        follower.email,
        Message.Kind.FOLLOWED,
        key=f"follow {new_key()}",
        subject=subject,
        language=follower.language,
        text=render_to_string("following/asked.txt", context).strip(),
        html=render_to_string("following/asked.html", context),
    )


@transaction.atomic
def confirm(follow: Follow, target: Target) -> None:
    """From now on it is told, in the language in which it was confirmed; twice does nothing."""
    follower = Follower.objects.select_for_update().get(pk=follow.follower_id)
    follow.refresh_from_db()
    if follow.confirmed_at is not None:
        return
    today = timezone.localdate()
    since = Since(today - timedelta(days=LOOK_BACK), frozenset(), today)
    follow.confirmed_at = timezone.now()
    follow.keep_told(news_of(target, since=since).marks, on=today)
    follower.language = get_language() or follower.language
    follower.save(update_fields=["language"])
