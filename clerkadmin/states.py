"""The states of a row as `history` keeps them: values by field, and how they are said."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.formats import localize
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from simple_history.utils import get_m2m_reverse_field_name

from clerkadmin.recorded import Recorded

NOTHING = "—"
State = dict[str, Any]


def told_fields(model: type[models.Model], shown: Iterable[Any]) -> list[models.Field]:
    """Of what a page shows, the fields of the row itself, so that `history` has them."""
    names = [str(getattr(one, "__name__", one)) for one in shown]
    kept = {field.name for field in model.history.model._history_m2m_fields}  # type: ignore[attr-defined]
    fields: list[models.Field] = []
    for name in names:
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        if isinstance(field, models.ManyToManyField) and name not in kept:
            continue
        if isinstance(field, models.Field) and name != "version" and field not in fields:
            fields.append(field)
    return fields


def states_of(records: Sequence[Any], fields: Sequence[models.Field]) -> list[State]:
    """For each record of `history` the values by field; a link to many is the list of its keys."""
    states = [
        {field.name: getattr(record, field.attname) for field in fields if not field.many_to_many}
        for record in records
    ]
    places = {record.history_id: place for place, record in enumerate(records)}
    for field in fields:
        if not field.many_to_many or not records:
            continue
        for state in states:
            state[field.name] = []
        far = get_m2m_reverse_field_name(field)
        links = getattr(type(records[0]), field.name).model.objects.filter(history__in=list(places))
        for record, key in links.order_by(far).values_list("history_id", f"{far}_id"):
            states[places[record]][field.name].append(key)
    return states


def state_now(row: Recorded, fields: Sequence[models.Field]) -> State:
    """The same of the row as it stands."""
    state: State = {}
    for field in fields:
        if field.many_to_many:
            state[field.name] = sorted(getattr(row, field.name).values_list("pk", flat=True))
        else:
            state[field.name] = getattr(row, field.attname)
    return state


class Names:
    """Rows that other rows point to, by their names: each kind is asked for once."""

    def __init__(self) -> None:
        self._wanted: dict[type[models.Model], set[Any]] = {}
        self._found: dict[type[models.Model], dict[Any, Any]] = {}

    def want(self, field: models.Field, value: Any) -> None:
        """Say beforehand which will be asked for, so that one question fetches them."""
        if field.related_model and value not in (None, []):
            keys = value if isinstance(value, list) else [value]
            self._wanted.setdefault(_model(field), set()).update(keys)

    def of(self, field: models.Field, key: Any) -> str:
        model = _model(field)
        if model not in self._found:
            wanted = self._wanted.get(model, set()) | {key}
            self._found[model] = model._base_manager.in_bulk(list(wanted))
        row = self._found[model].get(key)
        return str(row) if row is not None else f"{key}"


def _model(field: models.Field) -> type[models.Model]:
    model: Any = field.related_model
    return model


def label_of(field: models.Field) -> str:
    return capfirst(str(field.verbose_name))


def said(field: models.Field, value: Any, names: Names) -> str:
    """A value in a clerk's words."""
    if value in (None, "", []):
        return NOTHING
    if field.related_model:
        keys = value if isinstance(value, list) else [value]
        return "、".join(names.of(field, key) for key in keys)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.DateTimeField):
        return str(localize(localtime(value)))
    if isinstance(field, models.JSONField):
        is_list = isinstance(value, list) and all(isinstance(item, str) for item in value)
        return "\n".join(value) if is_list else json.dumps(value, ensure_ascii=False)
    return str(localize(value))
