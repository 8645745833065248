"""A form that checks every rule of the database, also those with fields that it does not show."""

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError


class ClerkForm(forms.ModelForm):
    """Django skips a constraint if one of its fields is not on the form: this form does not."""

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            return
        self.compute()
        try:
            self.instance.validate_constraints()
        except ValidationError as error:
            for field, messages in error.message_dict.items():
                shown = field if field != NON_FIELD_ERRORS and field in self.fields else None
                self.add_error(shown, ValidationError(messages))

    def compute(self) -> None:
        """Fill in what follows from the rest, before the rules are checked."""


class LinesField(forms.CharField):
    """A list of strings, typed one a line."""

    widget = forms.Textarea(attrs={"rows": 3, "cols": 60})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        lines = value if isinstance(value, list) else str(value or "").splitlines()
        return [line.strip() for line in lines if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(initial) != self.to_python(data)
