"""The second factor (双因素认证): an app that shows codes, and backup codes for a lost phone.

django-otp keeps the devices, and makes whoever guesses wait longer and longer.
"""

from __future__ import annotations

import time
from base64 import b32encode
from binascii import unhexlify
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django_otp import verify_token
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.util import random_hex

from access.sight import person_of
from accounts.changes import FACTOR_SET_UP, FACTOR_TAKEN_OFF, tell_owner
from accounts.models import SignIn
from accounts.pictures import scannable
from accounts.sessions import end

BACKUP_CODES = 10
APP_DIGITS = 6


def is_set_up(user: Any) -> bool:
    return TOTPDevice.objects.filter(user=user, confirmed=True).exists()


def is_required(user: Any) -> bool:
    """Whether this person works only with a second factor."""
    if settings.SECOND_FACTOR == "everybody":
        return True
    return settings.SECOND_FACTOR == "staff" and person_of(user).is_staff


# Setting up -----------------------------------------------------------------------------


def new_key() -> str:
    return random_hex(20)


def key_in_words(key: str) -> str:
    """The key as a person types it into an app: groups of four."""
    text = b32encode(unhexlify(key)).decode()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def picture(user: Any, key: str) -> SafeString:
    """What the app reads with its camera."""
    return scannable(address(user, key), scale=5)


def address(user: Any, key: str) -> str:
    """What opens the app where it is on the same device, whose camera sees no own screen."""
    return str(TOTPDevice(user=user, key=key).config_url)


@transaction.atomic
def set_up(user: Any, key: str, code: str) -> TOTPDevice | None:
    """Take the app on, if it shows the right code; a code is good for one use."""
    clock = TOTP(unhexlify(key))
    clock.time = time.time()
    digits = "".join(code.split())
    if not (digits.isascii() and digits.isdigit() and clock.verify(int(digits), tolerance=1)):
        return None
    TOTPDevice.objects.filter(user=user).delete()
    tell_owner(user, FACTOR_SET_UP)
    return TOTPDevice.objects.create(
        user=user, name="app", key=key, last_t=clock.t(), drift=clock.drift, confirmed=True
    )


@transaction.atomic
def new_backup_codes(user: Any) -> list[str]:
    """Ten codes, each good once; those from before are worth nothing."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="backup", confirmed=True)
    codes = [StaticToken.random_token() for _number in range(BACKUP_CODES)]
    StaticToken.objects.bulk_create(
        StaticToken(device=device, token=_sealed(user, code)) for code in codes
    )
    return codes


def _sealed(user: Any, code: str) -> str:
    """What is kept of a backup code: without the site's secret key nobody can try codes on it."""
    digest = salted_hmac(f"accounts.backup_code {user.pk}", code, algorithm="sha256").hexdigest()
    return digest[: StaticToken._meta.get_field("token").max_length]


def codes_left(user: Any) -> int:
    return StaticToken.objects.filter(device__user=user).count()


# Asked for ------------------------------------------------------------------------------


def device_of_code(user: Any, code: str) -> Any:
    """The device that shows this code; None if none does, or not yet again."""
    device, token = _meant(user, code)
    return verify_token(user, device.persistent_id, token) if device else None


def why_wait(user: Any, code: str) -> str:
    """That somebody has to wait before the next try; empty where it is not so."""
    device, _token = _meant(user, code)
    if device is None:
        return ""
    _allowed, facts = device.verify_is_allowed()
    until = (facts or {}).get("locked_until")
    seconds = int((until - timezone.now()).total_seconds()) + 1 if until else 0
    if seconds <= 1:
        return ""
    said = _("This code is not right. Wait %(seconds)s seconds before you try another.")
    return said % {"seconds": seconds}


def _meant(user: Any, code: str) -> tuple[Any, str]:
    """Its device, and as it knows it: six digits are the app's, anything else is a backup code."""
    plain = "".join(code.replace("-", "").split()).lower()
    is_of_app = len(plain) == APP_DIGITS and plain.isdigit()
    kind: Any = TOTPDevice if is_of_app else StaticDevice
    device = kind.objects.filter(user=user, confirmed=True).first()
    return device, plain if is_of_app else _sealed(user, plain)


# Taken off ------------------------------------------------------------------------------


@transaction.atomic
def remove(user: Any) -> None:
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
    tell_owner(user, FACTOR_TAKEN_OFF)


@transaction.atomic
def remove_for(user: Any) -> None:
    """For somebody who has lost the phone: whoever has it is signed out everywhere."""
    remove(user)
    for sign_in in SignIn.objects.filter(user=user, ended_at=None):
        end(sign_in)
