"""Which filters an address may ask for.

Django lets `?reason__startswith=a` through for every field of the list's own model: letter by
letter that tells a text the list does not show. Only what a filter of the list asks is let in here.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import get_fields_from_path
from django.db import models


def is_key(text: str) -> bool:
    """Whether an address can mean a row by it: digits, no more than a key of the database has."""
    return text.isdecimal() and len(text) < 19


def allowed_lookups(model: type[models.Model], list_filter: Iterable[Any]) -> set[str]:
    """Every lookup that these filters of the list put into its addresses."""
    lookups: set[str] = set()
    for item in list_filter:
        if isinstance(item, type) and issubclass(item, admin.SimpleListFilter):
            lookups.add(str(item.parameter_name))
        else:
            path = item if isinstance(item, str) else item[0]
            lookups |= _lookups_of_path(model, path)
    return lookups


def _lookups_of_path(model: type[models.Model], path: str) -> set[str]:
    field = get_fields_from_path(model, path)[-1]
    if isinstance(field, models.ForeignKey):
        endings = ["id__exact", "isnull"]
    elif isinstance(field, models.DateField):
        endings = ["gte", "lt", "isnull"]
    else:
        endings = ["exact", "isnull"]
    return {f"{path}__{ending}" for ending in endings}
