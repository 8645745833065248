"""A form that checks every rule of the database, and that nobody else has written meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _

from clerkadmin.conflicts import Conflict, Difference, as_they_are, differences_since
from clerkadmin.recorded import Recorded
from clerkadmin.refilling import put, typed_words

CHANGED_MEANWHILE = _(
    "Somebody else has changed this meanwhile. Nothing was saved yet: compare what they wrote "
    "with what you typed, then save again."
)


class VersionField(forms.IntegerField):
    """The version of the row that the form was filled with; not something to be changed."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False

    def clean(self, value: Any) -> Any:
        # Read before anything else is, and never refused: what is unreadable is no version.
        return value


def version_in(value: Any) -> int:
    text = str(value or "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


class OnView(forms.BaseModelForm):
    """A form that may be shown filled with a draft: then it is not checked, and never saved."""

    is_on_view = False

    def full_clean(self) -> None:
        if self.is_bound and self.is_on_view:
            self._errors = ErrorDict()
            self.cleaned_data: dict[str, Any] = {}
            return
        super().full_clean()

    def is_valid(self) -> bool:
        return not self.is_on_view and super().is_valid()


class ClerkForm(OnView, forms.ModelForm):
    """Django skips a constraint if one of its fields is not on the form: this form does not.

    Of a row that another has changed meanwhile it saves nothing: `conflict` says what differs, the
    form keeps what was typed, and saving again is then a knowing overwrite. Fields that the second
    has left alone take over what the other wrote.
    """

    version = VersionField()

    # The fields that the page shows to this person, the closed ones too; set by the page.
    told: Sequence[str] = ()
    conflict: Conflict | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._is_compared = False
        if not isinstance(self.instance, Recorded):
            self.fields.pop("version", None)
        elif self.instance.pk is not None:
            self.initial["version"] = self.instance.version
        # What the row holds before the form is put over it: an unchanged row is not written.
        self.found = {**self.instance.__dict__}

    def full_clean(self) -> None:
        if self.is_bound and not self.is_on_view and not self._is_compared:
            self._is_compared = True
            self._compare()
        super().full_clean()
        if self.conflict is not None:
            self.add_error(None, ValidationError(CHANGED_MEANWHILE, code="conflict"))

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

    def is_unchanged(self) -> bool:
        """Whether saving would write the row as it stands."""
        # What was not fetched is not on the form either.
        values = self.instance.__dict__
        names = [one.attname for one in self.instance._meta.concrete_fields]
        return not self.changed_data and all(
            self.found[name] == values[name] for name in names if name in self.found
        )

    def _compare(self) -> None:
        """Before anything is checked: has another written the row since this form was filled?"""
        row = self.instance
        if row.pk is None or not isinstance(row, Recorded):
            return
        row.only_over = row.version
        seen = version_in(self.data.get(self.add_prefix("version")))
        if seen == row.version:
            return
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        self.data = data
        data[self.add_prefix("version")] = str(row.version)
        names = [*self.told, *(name for name in self.fields if name not in self.told)]
        changed = differences_since(row, seen, names)
        found = [one for one in changed if self._place(one)]
        told = {one.name for one in changed}
        closed = [name for name in self.told if name not in self.fields and name not in told]
        found += [one for one in as_they_are(row, closed) if self._place_closed(one)]
        self.__dict__.pop("changed_data", None)
        has_mine = bool(self.changed_data) or any(one.is_locked for one in found)
        if found and has_mine:
            self.conflict = Conflict(row, found)

    def _place(self, difference: Difference) -> bool:
        """Put what was typed beside the other's value; whether there is something to tell."""
        name = difference.name
        if name not in self.fields:
            return self._place_closed(difference)
        field, bound = self.fields[name], self[name]
        if not field.has_changed(self.initial.get(name), bound.data):
            # Both wrote the same; of an unknown past that is nothing to tell.
            return difference.is_known
        if difference.is_known and not field.has_changed(difference.before, bound.data):
            put(self.data, bound, difference.now)
        else:
            difference.mine = typed_words(bound)
        return True

    def _place_closed(self, difference: Difference) -> bool:
        """A field that was open when the form was filled, and is not any more."""
        typed = self.data.get(self.add_prefix(difference.name))
        if typed is not None:
            typed = typed.replace("\r\n", "\n")
            if typed.strip() != str(difference.now or "").strip():
                difference.mine, difference.is_locked = typed, True
        return difference.has_changed or difference.is_locked


class LongTextField(forms.CharField):
    """A text as it was typed: a browser sends other line ends than it was given.

    Taken as they come, a text would have changed with every saving, and what is tied to its
    letters by their place would point elsewhere.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "strip": False})

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not isinstance(text, str):
            return text
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        return text if text.strip() else self.empty_value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return not self.disabled and (self.to_python(initial) or "") != (self.to_python(data) or "")


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
