"""By what somebody signs in: nobody chooses a name or an address that is another account's."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy

User: Any = get_user_model()
TAKEN = gettext_lazy("Another account is called so: choose another name.")
TAKEN_EMAIL = gettext_lazy("Another account uses this e-mail address.")


def is_taken(name: str, *, besides: Any = None) -> bool:
    """Whether somebody, `besides` that account, signs in by that name or address."""
    others = User.objects.exclude(pk=besides.pk) if besides else User.objects
    return others.filter(Q(username__iexact=name) | Q(email__iexact=name)).exists()


def check_names(username: str, email: str) -> None:
    """Refuse what somebody else signs in by, each beside its field."""
    errors = {}
    if is_taken(username):
        errors["username"] = TAKEN
    if email and is_taken(email):
        errors["email"] = TAKEN_EMAIL
    if errors:
        raise ValidationError(errors)
