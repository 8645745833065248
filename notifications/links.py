"""Addresses in messages: whole, since a mail has no site around it."""

from django.conf import settings
from django.urls import reverse


def absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def notices_address() -> str:
    """Where everybody chooses what is mailed: at the foot of what can be chosen."""
    return absolute(reverse("accounts:notices"))
