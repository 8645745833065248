"""What was changed in the admin, told to whoever listens: the trail, and with it the public pages.

Listeners are called once for each page that a clerk saves, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Model

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

ADDED, CHANGED, REMOVED = "added", "changed", "removed"


@dataclass(frozen=True)
class Change:
    """One row that was added, changed (and in which fields) or removed."""

    row: Model
    what: str
    fields: tuple[str, ...] = ()


Listener = Callable[[Sequence[Change], "AbstractBaseUser"], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> Listener:
    """Call this function with the changes of every saved page; usable as a decorator."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


def tell(changes: Sequence[Change], by: AbstractBaseUser) -> None:
    """Tell the listeners what one saved page has changed."""
    for listener in _listeners:
        listener(changes, by)


def changes_of_form(form: Any, *, is_change: bool) -> list[Change]:
    """The row of the page itself; nothing where it was saved without a change."""
    if not is_change:
        return [Change(form.instance, ADDED)]
    if form.changed_data:
        return [Change(form.instance, CHANGED, tuple(form.changed_data))]
    return []


def changes_of_formset(formset: Any) -> list[Change]:
    """The rows below it that were added, changed or removed."""
    return [
        *(Change(row, ADDED) for row in formset.new_objects),
        *(Change(row, CHANGED, tuple(fields)) for row, fields in formset.changed_objects),
        *(Change(row, REMOVED) for row in formset.deleted_objects),
    ]
