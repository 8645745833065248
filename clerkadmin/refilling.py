"""What a form was sent with: read as words, and written over in one field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.forms.boundfield import BoundField
from django.utils.datastructures import MultiValueDict
from django.utils.formats import localize
from django.utils.translation import gettext as _

from clerkadmin.states import NOTHING


def typed_words(bound: BoundField) -> str:
    """What was typed into a field, as it reads: a choice by its label, a row by its name."""
    data = bound.data
    try:
        value = bound.field.clean(data)
    except ValidationError:
        return str(data)
    if value in (None, "", []):
        return NOTHING
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, QuerySet):
        return "、".join(str(row) for row in value) or NOTHING
    if isinstance(value, list):
        return "\n".join(str(item) for item in value)
    if isinstance(value, Model):
        return str(value)
    choices = getattr(bound.field, "choices", None)
    if choices is not None:
        return str(dict(choices).get(value, value))
    return str(localize(value)).replace("\r\n", "\n")


def put(data: Any, bound: BoundField, value: Any) -> None:
    """Write a value into what the form was sent with, as a browser would send it."""
    widget: Any = bound.field.widget
    widget = getattr(widget, "widget", widget)
    value = bound.field.prepare_value(value)
    if isinstance(widget, forms.MultiWidget):
        many: Any = widget
        parts = zip(many.widgets, many.widgets_names, many.decompress(value), strict=True)
        for part, ending, worth in parts:
            _set(data, bound.html_name + ending, part.format_value(worth))
    elif isinstance(widget, forms.CheckboxInput):
        _set(data, bound.html_name, "on" if value else None)
    else:
        _set(data, bound.html_name, widget.format_value(value))


def _set(data: Any, name: str, value: Any) -> None:
    data.pop(name, None)
    if isinstance(value, (list, tuple)) and isinstance(data, MultiValueDict):
        data.setlist(name, [str(item) for item in value if item is not None])
    elif value is not None:
        data[name] = str(value)
