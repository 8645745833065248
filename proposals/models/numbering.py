"""The number of a proposal, as it is printed and as it is compared; and its key on the desk."""

from __future__ import annotations

import re
import secrets
from unicodedata import normalize

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _


def number_key(number: str) -> str:
    """What makes two printed numbers the same: `第0759号`, `0759` and `759` are one."""
    return re.sub(r"[第号\s]", "", normalize("NFKC", number)).lstrip("0").upper()


def new_key() -> str:
    """Sixteen letters and digits that nobody can count or guess."""
    return secrets.token_hex(8)


# The number is a part of the permanent address, as it is printed.
in_address = RegexValidator(
    r"^\w[\w.-]*\Z",
    _("Only letters, digits, dots, hyphens and low lines: the number is part of the address."),
)
