"""What must be right before a site starts, said with a hint."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured


def secret_key_is_set(**kwargs: Any) -> list[CheckMessage]:
    """luoshi.E001: without a key nobody can sign in and no form is safe."""
    try:
        getattr(settings, "SECRET_KEY")  # noqa: B009
    except ImproperlyConfigured:
        return [
            Error(
                "SECRET_KEY is not set.",
                hint="Copy .env.example to .env and put at least 50 random characters there.",
                id="luoshi.E001",
            )
        ]
    return []
