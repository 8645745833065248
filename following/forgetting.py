"""Ending, and forgetting: an address is kept while it follows something, and no longer."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from following.models import Asking, Follow, Follower
from notifications.models import Message

# Nobody said yes for so long: nobody wants it.
CONFIRM_WITHIN = timedelta(days=7)
ASKINGS_KEPT = timedelta(days=1)
# Longer than a mail is tried to be sent.
MAILS_KEPT = timedelta(days=7)


@transaction.atomic
def end(follower: Follower, follow: Follow) -> None:
    """The address does not follow this any more; with its last follow it is forgotten."""
    Follower.objects.select_for_update().filter(pk=follower.pk).first()
    follow.delete()
    if not follower.follows.confirmed().exists():
        end_all(follower)


@transaction.atomic
def end_all(follower: Follower) -> None:
    """Forget the address, with what it followed and the mails to it."""
    Follower.objects.filter(pk=follower.pk).delete()
    _mails().filter(email=follower.email).filter(
        # One that is just being sent is forgotten with the old ones.
        Q(sending_at=None) | Q(sent_at__isnull=False)
    ).delete()


def forget(*, at: datetime) -> None:
    """What nobody confirmed, and the traces that are not needed any more."""
    Follow.objects.filter(confirmed_at=None, asked_at__lte=at - CONFIRM_WITHIN).delete()
    Asking.objects.filter(at__lte=at - ASKINGS_KEPT).delete()
    for pk in Follower.objects.filter(follows=None, askings=None).values_list("pk", flat=True):
        _forget_unless_used(pk)
    _mails().filter(created_at__lte=at - MAILS_KEPT).delete()


@transaction.atomic
def _forget_unless_used(pk: int) -> None:
    """Looked at again once nobody else can write a follow for it."""
    follower = Follower.objects.select_for_update().filter(pk=pk).first()
    if follower is not None and not follower.follows.exists():
        follower.delete()


def _mails() -> QuerySet[Message]:
    """The mails to addresses of visitors: people with an account keep theirs."""
    return Message.objects.filter(recipient=None, kind=Message.Kind.FOLLOWED)
