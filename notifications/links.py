"""Addresses in messages: whole, since a mail has no site around it."""

from django.conf import settings


def absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"
