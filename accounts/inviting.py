"""How a deputy comes to an account (邀请): a link that works once, and no password on its way."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from pypinyin import lazy_pinyin

from accounts import own_address
from accounts.models import Invitation
from accounts.names import TAKEN, check_names, is_taken
from assemblies.models import Deputy
from notifications.links import absolute
from notifications.models import LOST_AFTER, Message
from notifications.outbox import can_send, tell_address
from proposals.guards import check

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser
    from django.utils.functional import Promise

User: Any = get_user_model()
SECRET_BYTES = 32
GONE, GONE_CODE = gettext_lazy("This invitation does not work any more."), "gone"


@dataclass(frozen=True)
class Invited:
    """An invitation with its link: nobody can tell the link again, only its digest is kept."""

    invitation: Invitation
    link: str
    is_mailed: bool


def why_not_invite(deputy: Deputy) -> str | Promise:
    """Why the deputy is not invited now; empty: they are."""
    if deputy.user_id:
        return _("%(deputy)s has an account already.") % {"deputy": deputy}
    if Invitation.objects.filter(deputy=deputy, used_at=None, cancelled_at=None).exists():
        return _("%(deputy)s has an invitation already: renew it.") % {"deputy": deputy}
    return ""


@transaction.atomic
def invite(deputy: Deputy, email: str, *, by: AbstractUser) -> Invited:
    """Invite by e-mail where that can be sent; else the link is handed over on paper."""
    deputy = _locked(deputy.pk)
    check(why_not_invite(deputy))
    return _issue(Invitation(deputy=deputy, email=email), by=by)


def hold(deputies: Iterable[int]) -> None:
    """Lock them all, in one order for everybody: two who invite many never wait for each other."""
    rows = Deputy.objects.select_for_update(no_key=True).filter(pk__in=list(deputies))
    list(rows.order_by("pk").values_list("pk"))


@transaction.atomic
def renew(invitation: Invitation, email: str, *, by: AbstractUser) -> Invited:
    """Another link in the place of the one that was lost or has run out; that one is dead."""
    _hold(invitation)
    check(invitation.why_not_renew())
    invitation.email = email
    return _issue(invitation, by=by)


@transaction.atomic
def cancel(invitation: Invitation) -> None:
    """The link does not work any more."""
    _hold(invitation)
    check(invitation.why_not_cancel())
    invitation.cancelled_at = timezone.now()
    invitation.save()


def find(token: str) -> Invitation | None:
    """The invitation whose link works now; None for any other token, whatever became of it."""
    rows = Invitation.objects.open(at=timezone.now()).select_related("deputy__assembly")
    return rows.filter(digest=_digest(token)).first()


@transaction.atomic
def accept(token: str, *, username: str, email: str, password: str) -> AbstractUser:
    """Open the deputy's account: of two at once, one does.

    An e-mail that the invitation did not come to is asked first: nothing goes there until then.
    """
    found = find(token)
    deputy = _locked(found.deputy_id) if found else None
    # Looked up once more behind the lock: the other has used it, or nobody has.
    invitation = find(token) if deputy else None
    if invitation is None or deputy is None:
        raise ValidationError(GONE, code=GONE_CODE)
    is_known = not can_send() or email.casefold() == invitation.email.casefold()
    known = email if is_known else ""
    user: Any = User(username=username, email=known, last_name=deputy.name, is_staff=False)
    validate_password(password, user)
    check_names(username, email)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        raise ValidationError({"username": TAKEN}) from error
    deputy.user = user
    deputy.save()
    invitation.used_at = timezone.now()
    invitation.save()
    if email and not is_known:
        own_address.ask(user, email)
    return user  # type: ignore[no-any-return]


def forget_links(*, at: datetime) -> int:
    """The outbox keeps that a link was sent, and not the link; how many mails were emptied.

    Of invitations, new passwords and new addresses; also those of which nobody knows whether they
    went out.
    """
    gone = Q(sent_at__isnull=False) | Q(sending_at__lte=at - LOST_AFTER)
    mails = Message.objects.filter(gone, kind=Message.Kind.ACCOUNT, recipient=None)
    return mails.exclude(text="").update(text="", html="")


def proposed_name(deputy: Deputy) -> str:
    """The deputy's name in letters, with a number where that is taken: linxiulan2."""
    base = "".join(lazy_pinyin(deputy.name, errors="ignore")).lower()[:100] or "deputy"
    name, count = base, 1
    while is_taken(name):
        count += 1
        name = f"{base}{count}"
    return name


def _issue(invitation: Invitation, *, by: Any) -> Invited:
    token = secrets.token_urlsafe(SECRET_BYTES)
    now = timezone.now()
    invitation.digest = _digest(token)
    invitation.invited_by, invitation.invited_at = by, now
    invitation.expires_at = now + timedelta(days=settings.INVITATION_DAYS)
    invitation.save()
    link = absolute(reverse("accounts:invitation", args=[token]))
    is_mailed = bool(invitation.email) and can_send()
    if is_mailed:
        _mail(invitation, link)
    return Invited(invitation, link, is_mailed)


def _mail(invitation: Invitation, link: str) -> None:
    # In the language of the site: the deputy has chosen none yet.
    with override(settings.LANGUAGE_CODE):
        assembly = invitation.deputy.assembly
        subject = _("Your account as a deputy: %(assembly)s") % {"assembly": assembly.name}
        context = {"subject": subject, "invitation": invitation, "link": link}
        tell_address(
            invitation.email,
            Message.Kind.ACCOUNT,
            key=f"invitation {invitation.pk} {invitation.digest[:16]}",
            subject=" ".join(subject.split()),
            text=render_to_string("accounts/invitation.txt", context).strip(),
            html=render_to_string("accounts/invitation_mail.html", context),
        )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _hold(invitation: Invitation) -> None:
    """Lock it behind its deputy, as it stands now."""
    deputy = _locked(invitation.deputy_id)
    invitation.refresh_from_db(from_queryset=Invitation.objects.select_for_update(no_key=True))
    invitation.deputy = deputy


def _locked(deputy: int) -> Deputy:
    rows = Deputy.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("assembly").get(pk=deputy)
