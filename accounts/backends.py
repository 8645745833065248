"""Who somebody is: by user name, or by e-mail where it is one person's."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AbstractUser
from django.http import HttpRequest

User: Any = get_user_model()


def account_named(typed: str) -> AbstractUser | None:
    """The open account of that user name, or else the only one with that e-mail."""
    accounts = User._default_manager.filter(is_active=True)
    named: AbstractUser | None = accounts.filter(username=typed).first()
    if named is not None or "@" not in typed:
        return named
    sharing = list(accounts.filter(email__iexact=typed)[:2])
    return sharing[0] if len(sharing) == 1 else None


def counted_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Under which name an attempt is counted: an account's own, whichever of its names was typed.

    Names that are nobody's are counted too, so that a lock tells nothing.
    """
    typed = str((credentials or request.POST).get("username") or "")
    account = account_named(typed)
    return account.get_username() if account else typed.casefold()[:255]


class NameOrEmailBackend(ModelBackend):
    def authenticate(  # type: ignore[override]
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> AbstractUser | None:
        if username is None or password is None:
            return None
        account = account_named(username)
        if account is None:
            # As slow as with an account: time tells nobody whether there is one.
            User().set_password(password)
            return None
        return account if account.check_password(password) else None
