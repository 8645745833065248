"""The demo comes in, whole or not at all."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from assemblies.holidays import import_years, known_years
from assemblies.models import Assembly
from departments.models import Department
from intake.demo import accounts, answers, handling, pending, world
from intake.demo.days import later
from intake.demo.files import table
from proposals import events
from proposals.models import Event, Proposal

# The demo's dates are counted from this year on. Holidays are no demo: wiping it keeps them.
FIRST_YEAR = 2024


def is_loaded() -> bool:
    return Assembly.objects.filter(is_demo=True).exists()


def taken_names() -> list[str]:
    """Names of the demo that real rows already bear: it cannot be loaded beside them."""
    data = table("world")
    assemblies, departments = data["assemblies"], data["departments"]
    found = Assembly.objects.filter(
        Q(slug__in=[item["slug"] for item in assemblies])
        | Q(name__in=[item["name"] for item in assemblies])
    )
    also = Department.objects.filter(slug__in=[item["slug"] for item in departments])
    return [*found.values_list("name", flat=True), *also.values_list("name", flat=True)]


@transaction.atomic
def load() -> None:
    """Write the whole demo: the frame, the proposals, the letters, what became of them."""
    import_years(year for year in known_years() if year >= FIRST_YEAR)
    frame = world.build(table("world"))
    items = table("proposals")
    proposals = handling.put_proposals(items, frame)
    answers.take_in(table("replies"), frame)
    for item in items:
        if item.get("number"):
            proposal = proposals[handling.key_of(item["session"], item["number"])]
            _settle(proposal, item)
    answers.publish()
    pending.put_pending(table("pending"), frame, on=timezone.localdate())
    accounts.open_accounts(frame)


def _settle(proposal: Proposal, item: dict[str, Any]) -> None:
    """The state that its letters and ratings have brought it to; then its publication."""
    proposal.refresh_from_db()
    if proposal.state != item["state"]:
        proposal.state = item["state"]
        proposal.save(update_fields=["state"])
    if proposal.state == Proposal.State.CLOSED:
        _close(proposal)
    if item.get("public", True):
        assert proposal.registered_on is not None  # it is numbered
        proposal.publish(on=later(proposal.registered_on, 3))


def _close(proposal: Proposal) -> None:
    """Closed a week after the last thing that was reported."""
    last = proposal.events.order_by("on").last()
    assert last is not None  # it was submitted at least
    proposal.closed_on = later(last.on, 7)
    proposal.save(update_fields=["closed_on"])
    events.record(Event.Kind.CLOSED, proposal, on=proposal.closed_on)
