"""The forms of inviting: whom, to which address; and what the invited deputy fills in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import get_user_model, password_validation
from django.contrib.auth.forms import UsernameField
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms import password_field
from accounts.models import Invitation
from accounts.names import check_names
from assemblies.models import Deputy

User: Any = get_user_model()


class InviteRow(forms.Form):
    """One deputy of the list: whether they are invited, or anew, and to which address."""

    chosen = forms.BooleanField(required=False)
    email = forms.EmailField(label=_("e-mail"), required=False, max_length=254)

    def __init__(self, data: Any, *, deputy: Deputy, email: str, is_chosen: bool) -> None:
        self.deputy = deputy
        super().__init__(data, prefix=str(deputy.pk), initial={"chosen": is_chosen})
        self.fields["chosen"].label = deputy.name
        self.fields["email"].initial = email
        # The column is headed for the eye; whoever hears the page is told whose address it is.
        said = _("E-mail of %(deputy)s") % {"deputy": deputy}
        self.fields["email"].widget.attrs["aria-label"] = said


class AcceptForm(forms.Form):
    """What an invited deputy chooses for the own account."""

    username = UsernameField(
        label=_("User name"),
        max_length=User._meta.get_field("username").max_length,
        validators=[User.username_validator],
        help_text=_("With it, or with your e-mail, you sign in. Change it as you like."),
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        max_length=254,
        help_text=_("Where you are told of replies, and how you get back in without a password."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    password1 = password_field(_("Password"), is_new=True)
    password2 = password_field(_("Password again"), is_new=True)

    def __init__(self, invitation: Invitation, data: Any, *, initial: dict[str, str]) -> None:
        self.invitation = invitation
        super().__init__(data, initial=initial, label_suffix="")
        told = password_validation.password_validators_help_text_html()
        self.fields["password1"].help_text = told

    def clean(self) -> None:
        data = self.cleaned_data
        first, second = data.get("password1"), data.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("The two passwords are not the same."))
        if "username" in data and "email" in data:
            self._try("", check_names, data["username"], data["email"])
        if first and "username" in data:
            user = User(
                username=data["username"],
                email=data.get("email", ""),
                last_name=self.invitation.deputy.name,
            )
            self._try("password1", password_validation.validate_password, first, user)

    def _try(self, field: str, rule: Any, *values: Any) -> None:
        try:
            rule(*values)
        except ValidationError as error:
            self.add_error(field or None, error)
