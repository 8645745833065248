"""Who follows a proposal (督办): key proposals with their supervisor, and urging (催办)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from departments.models import Department
from proposals import events
from proposals.guards import check
from proposals.models import Assignment, Event, Proposal

if TYPE_CHECKING:
    from django.contrib.auth.models import User

State = Proposal.State
# A key proposal is followed until its promises are kept.
FOLLOWED = (
    State.REGISTERED,
    *Proposal.HANDLED,
    State.REPLIED,
    State.ESCALATED,
    State.TRACKING,
)
# While a department owes something: an acknowledgement, an opinion, a letter, a promise.
OWED = (*Proposal.HANDLED, State.ESCALATED, State.TRACKING)


def why_not_make_key(proposal: Proposal) -> str:
    if proposal.is_key:
        return str(_("It is a key proposal already: end that before you name another supervisor."))
    return proposal.only_in(*FOLLOWED)


@transaction.atomic
def make_key(
    proposal: Proposal,
    *,
    supervised_by: Department,
    on: date,
    supervisor: str = "",
    by: User | None = None,
) -> None:
    """Have it followed (重点督办) by a committee, and by the person who leads that."""
    proposal.lock()
    check(why_not_make_key(proposal))
    proposal.is_key = True
    proposal.supervised_by, proposal.supervisor = supervised_by, supervisor.strip()
    proposal.save(update_fields=["is_key", "supervised_by", "supervisor"])
    details = {"committee": str(supervised_by), "supervisor": proposal.supervisor}
    events.record(Event.Kind.KEY_MARKED, proposal, on=on, actor=by, details=details)


def why_not_unmake_key(proposal: Proposal) -> str:
    return "" if proposal.is_key else str(_("It is no key proposal."))


@transaction.atomic
def unmake_key(proposal: Proposal, *, reason: str, on: date, by: User | None = None) -> None:
    """Nobody follows it any more; who did is kept in the history."""
    proposal.lock()
    check(why_not_unmake_key(proposal))
    if not reason.strip():
        raise ValidationError(_("Say why it is no key proposal any more."))
    proposal.is_key, proposal.supervised_by, proposal.supervisor = False, None, ""
    proposal.save(update_fields=["is_key", "supervised_by", "supervisor"])
    details = {"reason": reason}
    events.record(Event.Kind.KEY_UNMARKED, proposal, on=on, actor=by, details=details)


def why_not_nudge(proposal: Proposal) -> str:
    if not Assignment.objects.filter(proposal=proposal).present().exists():
        return str(_("No department has a part in it: assign it first."))
    return proposal.only_in(*OWED)


@transaction.atomic
def nudge(
    proposal: Proposal,
    *,
    departments: Iterable[Department],
    message: str,
    on: date,
    by: User | None = None,
) -> None:
    """Urge those of these departments that have a part in it: one event for each."""
    proposal.lock()
    check(why_not_nudge(proposal))
    if not message.strip():
        raise ValidationError(_("Say what the department is urged to do."))
    present = Assignment.objects.filter(proposal=proposal, department__in=list(departments))
    urged = list(present.present().select_related("department"))
    if not urged:
        raise ValidationError(_("None of these departments has a part in it."))
    for assignment in urged:
        events.record(
            Event.Kind.NUDGED,
            proposal,
            on=on,
            actor=by,
            department=assignment.department,
            details={"message": message},
        )


def why_not_nudge_part(assignment: Assignment) -> str:
    if assignment.ended_on:
        return str(_("The department has no part in it any more."))
    return why_not_nudge(assignment.proposal)


def nudge_part(assignment: Assignment, *, message: str, on: date, by: User | None = None) -> None:
    """Urge one department about its part."""
    check(why_not_nudge_part(assignment))
    nudge(assignment.proposal, departments=[assignment.department], message=message, on=on, by=by)
