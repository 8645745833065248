"""What the owner is told when the keys of the account change: whoever did not do it can act."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from notifications.models import Message, NoticeSettings
from notifications.outbox import tell

PASSWORD = gettext_lazy("Your password was changed")
ADDRESS = gettext_lazy("The e-mail address of your account was changed")
FACTOR_SET_UP = gettext_lazy("A second factor was set up for your account")
FACTOR_TAKEN_OFF = gettext_lazy("The second factor of your account was taken off")
BACKUP_CODES = gettext_lazy("New backup codes were made for your account")


def tell_owner(account: Any, what: Promise) -> None:
    """By e-mail too, whatever else they have chosen not to be told."""
    # In the owner's language: it may be an administrator who did it.
    with override(NoticeSettings.of(account).spoken):
        tell(
            account,
            Message.Kind.ACCOUNT,
            key=f"account {account.pk} {timezone.now().timestamp()}",
            subject=str(what),
            text=_(
                "If it was not you: choose a new password, end the sign-ins that you do not know, "
                "and tell the administrator of this site."
            ),
            path=reverse("accounts:account"),
        )
