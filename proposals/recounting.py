"""Counting again what was counted over a year whose holidays were not announced then."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import transaction
from django.utils import timezone

from proposals import events
from proposals.models import Event, Proposal, Reply
from proposals.models.dated import Dated


@transaction.atomic
def recount(by: Any = None) -> int:
    """Every stored date that was not certain; answers how many of them are another day now.

    Each row that changes keeps its state before in its history; each date that moved is an event.
    """
    rows = [row for model in _dated_models() for row in model.objects.exclude(unannounced="")]
    # As every move does: the proposals first, in one order.
    proposals = Proposal.objects.filter(pk__in={_whose(row)["proposal"].pk for row in rows})
    list(proposals.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    return sum(_recount_row(type(row), row.pk, by) for row in rows)


def _dated_models() -> list[Any]:
    return [model for model in apps.get_models() if issubclass(model, Dated)]


def _recount_row(model: Any, key: int, by: Any) -> int:
    row = model.objects.select_for_update(no_key=True).get(pk=key)
    uncertain = row.unannounced
    changes = row.recount()
    if row.unannounced != uncertain or changes:
        row.save()
    if changes:
        events.record(
            Event.Kind.CHANGED,
            on=timezone.localdate(),
            actor=by,
            **_whose(row),
            reply=row if isinstance(row, Reply) else None,
            details={
                "changed": [f"{model._meta.model_name}.{name}" for name in changes],
                "why": "holidays announced",
                "before": {name: _told(before) for name, (before, _now) in changes.items()},
                "after": {name: _told(now) for name, (_before, now) in changes.items()},
            },
        )
    return len(changes)


def _told(day: Any) -> str | None:
    return day.isoformat() if day else None


def _whose(row: Any) -> dict[str, Any]:
    """Of which proposal, and of which department; a proposal's own date is its office's."""
    if isinstance(row, Proposal):
        return {"proposal": row, "department": None}
    owner = getattr(row, "assignment", None) or getattr(row, "reply", None) or row
    return {"proposal": owner.proposal, "department": owner.department}
