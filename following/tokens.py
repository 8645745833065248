"""The secret part of a link in a mail: a random key from the table, and its signature.

Who reads the table cannot use the links, since the signature needs the site's secret key; who
guesses a key cannot either.
"""

from __future__ import annotations

from django.core.signing import BadSignature, Signer
from django.http import Http404
from django.urls import reverse

from following.models import Follow, Follower

MANAGE, CONFIRM = "following.manage", "following.confirm"


def manage_path(follower: Follower) -> str:
    return reverse("following:manage", args=[_signer(MANAGE).sign(follower.key)])


def end_path(follower: Follower) -> str:
    """Where one click ends everything (RFC 8058)."""
    return reverse("following:end", args=[_signer(MANAGE).sign(follower.key)])


def confirm_path(follow: Follow) -> str:
    return reverse("following:confirm", args=[_signer(CONFIRM).sign(follow.key)])


def key_in(token: str, purpose: str) -> str:
    """The key that a link carries; 404 for a link that this site has not written."""
    try:
        return _signer(purpose).unsign(token)
    except BadSignature as error:
        raise Http404 from error


def _signer(purpose: str) -> Signer:
    return Signer(sep=".", salt=purpose)
