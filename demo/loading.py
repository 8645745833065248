"""The demo comes in, whole or not at all."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from assemblies.holidays import import_years, known_years
from assemblies.models import Assembly
from demo import accounts, answers, desks, handling, pending, world
from demo.days import later
from demo.files import table
from departments.models import Department
from measures import verdicts
from measures.models import CommitmentFeedback
from proposals import closing
from proposals.models import Proposal

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
    # First of all: they are who did what follows.
    accounts.open_accounts(frame)
    items = table("proposals")
    proposals = handling.put_proposals(items, frame)
    answers.take_in(table("replies"), frame)
    numbered = [
        (proposals[handling.key_of(item["session"], item["number"])], item)
        for item in items
        if item.get("number")
    ]
    for proposal, item in numbered:
        _settle(proposal, item, frame)
    for proposal, item in numbered:
        if item.get("public", True):
            _publish(proposal, frame)
    answers.publish(frame)
    today = timezone.localdate()
    pending.put_pending(table("pending"), frame, on=today)
    desks.write_drafts(table("drafts"), frame)
    desks.invite(frame)
    desks.settle_messages(on=today)


def _settle(proposal: Proposal, item: dict[str, Any], frame: world.World) -> None:
    """Closed where the table says so; any other state its letters and ratings have brought."""
    for word in CommitmentFeedback.objects.awaited().filter(commitment__reply__proposal=proposal):
        if word.due_on and word.due_on < timezone.localdate():
            verdicts.not_answered(word, on=later(word.due_on, 1))
    proposal.refresh_from_db()
    if item["state"] == Proposal.State.CLOSED:
        # A week after the last thing that was reported.
        last = proposal.events.order_by("on").last()
        assert last is not None  # it was submitted at least
        closing.close(proposal, on=later(last.on, 7), by=frame.congress)
    if proposal.state != item["state"]:
        raise LookupError(f"{proposal}: {proposal.state}, which is not “{item['state']}”.")


def _publish(proposal: Proposal, frame: world.World) -> None:
    assert proposal.registered_on is not None  # it is numbered
    proposal.publish(on=later(proposal.registered_on, 3), by=frame.congress)
