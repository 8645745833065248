"""The account of a deputy, linked by its name: the office sees no list of accounts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from clerkadmin.forms import ClerkForm


def free_accounts(deputy: Model | None) -> QuerySet:
    """Those of nobody who works here and of no other deputy: whoever takes one reads as deputy."""
    free = Q(is_active=True, is_staff=False, is_superuser=False, deputy=None, clerkships=None)
    own = Q(deputy=deputy.pk) if deputy is not None and deputy.pk else Q(pk__in=())
    return get_user_model()._default_manager.filter(free | own)


class AccountField(forms.ModelChoiceField):
    """Typed as its name; one that is taken is refused in the same words as one that is not."""

    widget = forms.TextInput
    default_error_messages = {
        "invalid_choice": _("There is no account of that name that is nobody's yet."),
    }

    def prepare_value(self, value: Any) -> Any:
        free: Any = self.queryset
        account = free.filter(pk=value).first() if isinstance(value, int) else value
        return getattr(account, "username", value)


class DeputyForm(ClerkForm):
    user = AccountField(
        label=_("account"),
        queryset=get_user_model()._default_manager.none(),
        to_field_name="username",
        required=False,
        help_text=_("Its name, as the administrator has opened it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Not on the page of who may only look.
        if "user" in self.fields:
            self.fields["user"].queryset = free_accounts(self.instance)  # type: ignore[attr-defined]
