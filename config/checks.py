"""What must be right before a site starts, said with a hint."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage, Error, Warning
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError


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


def nobody_may_do_everything(**kwargs: Any) -> list[CheckMessage]:
    """luoshi.W001: who keeps the system must not be who reads what is secret (`--deploy`)."""
    superusers = get_user_model().objects.filter(is_superuser=True, is_active=True)
    try:
        names = list(superusers.order_by("pk").values_list("username", flat=True)[:5])
    except DatabaseError:
        return []  # not migrated yet: nobody is there
    if settings.DEBUG or not names:
        return []
    return [
        Warning(
            f"An account passes every gate: {', '.join(names)}.",
            hint="Give people a place in a department on the account's page; then take "
            "is_superuser from the account, or close it.",
            id="luoshi.W001",
        )
    ]


def staff_use_two_factors(**kwargs: Any) -> list[CheckMessage]:
    """luoshi.W002: a password alone opens what is not public (`--deploy`)."""
    if settings.DEBUG or settings.SECOND_FACTOR != "optional":
        return []
    return [
        Warning(
            "Whoever knows the password of a clerk is that clerk: SECOND_FACTOR is optional.",
            hint="Set SECOND_FACTOR=staff, or everybody for deputies too.",
            id="luoshi.W002",
        )
    ]


def visitors_are_told_apart(**kwargs: Any) -> list[CheckMessage]:
    """luoshi.W003: HTTPS comes from a proxy, and without this all come from its address."""
    if settings.DEBUG or settings.TRUSTED_PROXIES or not settings.SECURE_PROXY_SSL_HEADER:
        return []
    return [
        Warning(
            "Everybody comes from the proxy's address: a lock is everybody's lock, and every "
            "rating raises an alarm.",
            hint="Let the proxy add to X-Forwarded-For, and set TRUSTED_PROXIES to how many "
            "proxies there are.",
            id="luoshi.W003",
        )
    ]
