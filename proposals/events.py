"""How a lower room wakes an upper one: it records an Event, and the upper room has subscribed.

Subscribers are called in the same transaction as the change: if one fails, nothing has happened.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.apps import apps

if TYPE_CHECKING:
    from proposals.models import Event, Proposal

_subscribers: list[Callable[[Event], None]] = []


def subscribe(subscriber: Callable[[Event], None]) -> None:
    """Call this function with every event from now on; once, however often it subscribes."""
    if subscriber not in _subscribers:
        _subscribers.append(subscriber)


def record(kind: str, proposal: Proposal, *, on: date, **facts: Any) -> Event:
    """Write one event (facts: actor, department, reply, details) and tell the subscribers."""
    # By name: an AppConfig subscribes before any model can be imported.
    model = apps.get_model("proposals", "Event")
    event = model.objects.create(kind=kind, proposal=proposal, on=on, **facts)
    for subscriber in _subscribers:
        subscriber(event)
    return event
