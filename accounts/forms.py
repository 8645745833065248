"""The forms of signing in and of the own account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import authenticate, password_validation, update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm, UsernameField
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import limits, second_factor
from accounts.sessions import is_fresh

WRONG = _("The name and the password do not belong together. Check both, and the Caps Lock key.")
WRONG_CODE = _("This code is not right, or it is too old. Type the one that the app shows now.")
WRONG_PASSWORD = _("This is not your password.")
# Longer than any password that a person types: it is not worth being hashed.
LONGEST = 1000


def password_field(label: Any, *, is_new: bool = False) -> forms.CharField:
    autocomplete = "new-password" if is_new else "current-password"
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, widget=widget, max_length=LONGEST)


def email_field(label: Any) -> forms.EmailField:
    widget = forms.EmailInput(attrs={"autocomplete": "email"})
    return forms.EmailField(label=label, max_length=254, widget=widget)


def code_field(label: Any, **attributes: Any) -> forms.CharField:
    always = {"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
    widget = forms.TextInput(attrs={**always, **attributes})
    return forms.CharField(label=label, max_length=40, widget=widget)


class SignInForm(forms.Form):
    """A name and its password; `user` is whose they are, once the form is valid."""

    username = UsernameField(
        label=_("User name or e-mail"),
        max_length=254,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = password_field(_("Password"))
    user: Any = None

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self.request = request
        super().__init__(*args, **kwargs)

    def clean(self) -> None:
        name, password = (self.cleaned_data.get(field) for field in ("username", "password"))
        if name and password:
            self.user = authenticate(self.request, username=name, password=password)
            if self.user is None:
                locked = limits.was_locked(self.request)
                raise ValidationError(limits.sentence() if locked else WRONG)


class OfAccount(forms.Form):
    """A form of the person who is signed in."""

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self.request = request
        self.user: Any = request.user
        super().__init__(*args, **kwargs)

    def check_password(self, password: str) -> str:
        """Asked again, so that whoever finds a desk open gets no further; counted as signing in."""
        name = self.user.get_username()
        found = authenticate(self.request, username=name, password=password)
        if found is None or found.pk != self.user.pk:
            locked = limits.was_locked(self.request)
            raise ValidationError(limits.sentence() if locked else WRONG_PASSWORD)
        if found.password != self.user.password:
            # Its hash was renewed on the way: that is no reason to end this session.
            update_session_auth_hash(self.request, found)
        return password


class PasswordAgainForm(OfAccount):
    password = password_field(_("Your password"))

    def clean_password(self) -> str:
        return self.check_password(self.cleaned_data["password"])


class CodeForm(forms.Form):
    """The second step: a code of the app, or one of the backup codes."""

    code = code_field(_("Code"), autofocus=True)

    def __init__(self, request: HttpRequest, user: Any, *args: Any, **kwargs: Any) -> None:
        self.request, self.user, self.device = request, user, None
        super().__init__(*args, **kwargs)

    def clean_code(self) -> str:
        return _checked_code(self, self.cleaned_data["code"])


class RemoveFactorForm(PasswordAgainForm):
    """Taking off the own second factor needs both factors."""

    code = code_field(_("Code"))
    device: Any = None

    def clean(self) -> None:
        # A code is spent when it is looked at: only where the password was right.
        if "password" in self.cleaned_data and "code" in self.cleaned_data:
            try:
                _checked_code(self, self.cleaned_data["code"])
            except ValidationError as error:
                self.add_error("code", error)


class EmailForm(PasswordAgainForm):
    """Whoever reads the account's mails gets a new password: the old one is asked for."""

    email = email_field(_("New e-mail address"))
    field_order = ["email", "password"]

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if email == self.user.email:
            raise ValidationError(_("Your mails come to this address already."))
        return email


class SetUpForm(PasswordAgainForm):
    """A second factor shuts everybody else out: the password is asked for, unless it just was."""

    code = code_field(_("Code that the app shows"), inputmode="numeric")

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        if is_fresh(request.session):
            del self.fields["password"]


class NewPasswordForm(PasswordChangeForm):
    """Django's, with the old password counted as signing in is."""

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self.request = request
        user: Any = request.user
        super().__init__(user, *args, **kwargs)
        told = password_validation.password_validators_help_text_html()
        self.fields["new_password1"].help_text = told

    def clean_old_password(self) -> str:
        return OfAccount.check_password(self, self.cleaned_data["old_password"])  # type: ignore[arg-type]


class ResetForm(forms.Form):
    email = email_field(_("E-mail"))


def _checked_code(form: Any, code: str) -> str:
    name = form.user.get_username()
    if limits.is_locked(form.request, name):
        raise ValidationError(limits.sentence())
    form.device = second_factor.device_of_code(form.user, code)
    if form.device is None:
        limits.count_failure(form.request, name)
        raise ValidationError(second_factor.why_wait(form.user, code) or WRONG_CODE)
    return code
