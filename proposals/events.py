"""How a lower room wakes an upper one: it records an Event, and the upper room has subscribed.

Subscribers are called in the same transaction as the change: if one fails, nothing has happened.
Each is handed what happened in order: one event, or all those of a journey that is told `together`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import transaction

if TYPE_CHECKING:
    from proposals.models import Event, Proposal

_subscribers: list[Callable[[Sequence[Event]], None]] = []
# What is recorded within `together` and not told yet.
_held: ContextVar[list[Event] | None] = ContextVar("held", default=None)


def subscribe(subscriber: Callable[[Sequence[Event]], None]) -> None:
    """Call this function with all events from now on; once, however often it subscribes."""
    if subscriber not in _subscribers:
        _subscribers.append(subscriber)


def record(kind: str, proposal: Proposal, *, on: date, **facts: Any) -> Event:
    """Write one event (facts: actor, department, reply, details) and tell the subscribers."""
    # By name: an AppConfig subscribes before any model can be imported.
    model = apps.get_model("proposals", "Event")
    event = model.objects.create(kind=kind, proposal=proposal, on=on, **facts)
    held = _held.get()
    if held is None:
        _tell([event])
    else:
        held.append(event)
    return event


@contextmanager
def together() -> Iterator[None]:
    """One transaction of many events: the subscribers are told at its end, of all of them at once.

    So a public page that several of them change is written once. If it fails, none is told.
    """
    with transaction.atomic():
        if _held.get() is not None:
            yield  # told by the one that this is a part of
            return
        held: list[Event] = []
        token = _held.set(held)
        try:
            yield
        finally:
            _held.reset(token)
        _tell(held)


def _tell(told: Sequence[Event]) -> None:
    for subscriber in _subscribers if told else ():
        subscriber(told)
