"""The rules of passwords, and how old one is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    UserAttributeSimilarityValidator,
)
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import UsedPassword

# As many as the strictest profile looks back.
REMEMBERED = 5


class LongEnough(MinimumLengthValidator):
    """Django's rules say it in words of their own: these three say it as this site speaks."""

    def get_help_text(self) -> str:
        return ngettext(
            "Use at least %(count)s character.",
            "Use at least %(count)s characters.",
            self.min_length,
        ) % {"count": self.min_length}

    get_error_message = get_help_text


class Uncommon(CommonPasswordValidator):
    def get_help_text(self) -> str:
        return _("It must not be one that many people use.")

    get_error_message = get_help_text


class UnlikeTheName(UserAttributeSimilarityValidator):
    def get_help_text(self) -> str:
        return _("It must not be like your name or your e-mail address.")

    get_error_message = get_help_text


class ThreeKinds:
    """Three of four: small letters, capital letters, digits, other signs."""

    def validate(self, password: str, user: Any = None) -> None:
        kinds = (str.islower, str.isupper, str.isdigit, lambda sign: not sign.isalnum())
        if sum(any(map(is_kind, password)) for is_kind in kinds) < 3:
            raise ValidationError(self.get_help_text(), code="password_too_plain")

    def get_help_text(self) -> str:
        return _("Use three of these four: small letters, capital letters, digits, other signs.")


class NotUsedBefore:
    """Remembers the hash of each new password; refuses as many of the last as it is told."""

    def __init__(self, refused: int) -> None:
        self.refused = refused

    def validate(self, password: str, user: Any = None) -> None:
        if not self.refused or user is None or user.pk is None:
            return
        rows = UsedPassword.objects.filter(user=user).order_by("-since", "-pk")
        used = {user.password, *rows.values_list("encoded", flat=True)[: self.refused]}
        if any(check_password(password, encoded) for encoded in used if encoded):
            raise ValidationError(self.get_help_text(), code="password_used")

    def password_changed(self, password: str, user: Any = None) -> None:
        """Django tells each validator that the account was saved with a new password."""
        if user is None or user.pk is None:
            return
        UsedPassword.objects.create(user=user, encoded=user.password)
        own = UsedPassword.objects.filter(user=user).order_by("-since", "-pk")
        forgotten = list(own.values_list("pk", flat=True)[REMEMBERED:])
        UsedPassword.objects.filter(pk__in=forgotten).delete()

    def get_help_text(self) -> str:
        if not self.refused:
            return _("It stays until you change it: nobody asks for a new one without a cause.")
        return ngettext(
            "It must not be your last password.",
            "It must be none of your last %(count)s passwords.",
            self.refused,
        ) % {"count": self.refused}


def is_due(user: Any, *, at: datetime) -> bool:
    """Whether the site asks for a new password after so many days, and this one is that old."""
    if settings.PASSWORD_DAYS is None or not user.has_usable_password():
        return False
    newest = UsedPassword.objects.filter(user=user).order_by("-since").first()
    since = newest.since if newest else user.date_joined
    return bool(since <= at - timedelta(days=settings.PASSWORD_DAYS))
