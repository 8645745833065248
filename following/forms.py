"""The form of an address."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class AddressForm(forms.Form):
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        error_messages={
            "required": _("Write the address to which the news shall go."),
            "invalid": _("This is no e-mail address: one looks like name@example.cn."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
