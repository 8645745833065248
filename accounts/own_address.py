"""The own e-mail address: a new one is used once its owner has opened the link that came there.

Until then nothing else goes there: an address that was typed wrongly is a stranger's, who would
read of proposals that are not public.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.changes import ADDRESS, tell_owner
from accounts.names import TAKEN_EMAIL, is_taken
from notifications.links import absolute
from notifications.models import Message, NoticeSettings
from notifications.outbox import tell_address

User: Any = get_user_model()
SALT = "accounts.own_address"
DAYS = 3
# So many links for one account in that time.
LINKS, IN_TIME = 3, timedelta(hours=1)


def ask(account: Any, email: str) -> None:
    """Send a link to the new address. Whether it is another account's, that mail does not tell."""
    now = timezone.now()
    start = f"address:{account.pk}:"
    asked = Message.objects.filter(key__startswith=start, created_at__gt=now - IN_TIME)
    if asked.count() >= LINKS:
        raise ValidationError(_("Too many links were asked for. Try again in an hour."))
    token = signing.dumps([account.pk, email], salt=_salt(account))
    link = absolute(reverse("accounts:email_confirm", args=[token]))
    language = NoticeSettings.of(account).spoken
    with override(language):
        facts = {"name": account.get_username(), "site": settings.SITE_NAME, "link": link}
        tell_address(
            email,
            Message.Kind.ACCOUNT,
            key=f"{start}{now.timestamp()}",
            language=language,
            subject=_("Please confirm your e-mail address"),
            text=_(
                "The mails of %(site)s for the account %(name)s are to come here. If you asked for "
                "it, open this link within three days, and sign in:\n\n%(link)s\n\n"
                "If it was not you, do nothing: nothing else comes here."
            )
            % facts,
        )


def meant(account: Any, token: str) -> str:
    """The address that the link is for; empty where it is none of that account's, or not now."""
    try:
        key, email = signing.loads(token, salt=_salt(account), max_age=timedelta(days=DAYS))
    except signing.BadSignature:
        return ""
    return email if key == account.pk else ""


@transaction.atomic
def confirm(account: Any, token: str) -> None:
    """Use the address from now on, and say so to the one until now."""
    account = User.objects.select_for_update().get(pk=account.pk)
    email = meant(account, token)
    if not email:
        raise ValidationError(_("This link does not work any more."))
    if is_taken(email, besides=account):
        raise ValidationError(TAKEN_EMAIL)
    tell_owner(account, ADDRESS)
    account.email = email
    account.save(update_fields=["email"])


def _salt(account: Any) -> str:
    """Of the address until now: once it is changed, no earlier link changes it again.

    In the token it would be read by whoever gets the mail, a stranger perhaps.
    """
    return f"{SALT} {account.email}"
