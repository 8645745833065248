"""Who handles a proposal (交办): parts given, given back, given to another, known from a letter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from departments.models import Department
from proposals import events
from proposals.guards import check
from proposals.models import (
    Assignment,
    CoHandlingOpinion,
    Decision,
    Event,
    Proposal,
    Reply,
    ReturnRequest,
)
from proposals.models.assignment import AssignmentQuerySet
from proposals.models.petition import settle

if TYPE_CHECKING:
    from django.contrib.auth.models import User

Role = Assignment.Role
State = Proposal.State


@dataclass(frozen=True)
class Part:
    """What one department is to do: its role, and its share where several lead."""

    department: Department
    role: str
    part: str = ""

    @property
    def answers(self) -> bool:
        return self.role in Assignment.ANSWERING


def why_not_assign(proposal: Proposal) -> str:
    if proposal.state == State.SUBMITTED:
        return str(_("It has no number yet: the deputies' office registers it first."))
    return proposal.only_in(State.REGISTERED, *Proposal.HANDLED)


@events.together()
def assign(
    proposal: Proposal, *, parts: Sequence[Part], on: date, by: User | None = None
) -> list[Assignment]:
    """Give departments their parts: the rules of that day are kept, the clocks start.

    While it is handled others can be added, who help or answer beside those that are there. A
    co-handling department that is to answer is that no more.
    """
    proposal.lock()
    check(why_not_assign(proposal))
    if proposal.registered_on and on < proposal.registered_on:
        raise ValidationError(_("This day is before the proposal was registered."))
    if not parts:
        raise ValidationError(_("Choose at least one department."))
    present = list(_parts_of(proposal))
    raised = [old for old in present if any(_raises(part, old) for part in parts)]
    staying = [old for old in present if old not in raised]
    _check_parts(parts, staying)
    for old in raised:
        _end(old, on=on)
    if any(part.role == Role.CO_HANDLING for part in parts):
        _no_longer_alone(staying)
    made = [_begin(proposal, part, on=on, round_=_round_of(part, staying)) for part in parts]
    if proposal.state in (State.REGISTERED, State.ASSIGNED):
        settle(proposal)
    for assignment in made:
        _tell(Event.Kind.ASSIGNED, assignment, on=on, by=by)
    return made


def why_not_reassign(assignment: Assignment) -> str:
    if assignment.ended_on:
        return str(_("The department has no part in it any more."))
    if assignment.return_requests.filter(decision=Decision.PENDING).exists():
        return str(_("It asks to return it: that is decided first."))
    if assignment.answers and _has_answered(assignment):
        return str(_("The department has answered already."))
    return assignment.proposal.only_in(*Proposal.HANDLED)


@transaction.atomic
def reassign(
    assignment: Assignment,
    *,
    department: Department,
    reason: str,
    on: date,
    part: str = "",
    by: User | None = None,
) -> Assignment:
    """Give a department's part to another (改办): the old one ends, the new one has its own clock.

    The department that has it now reads the reason.
    """
    assignment.lock()
    check(why_not_reassign(assignment))
    if not reason.strip():
        raise ValidationError(_("Say why another department handles it."))
    assignment.not_before_assigned(on)
    return _pass_on(assignment, department, on=on, by=by, part=part, reason=reason)


@transaction.atomic
def agree_return(
    request: ReturnRequest,
    *,
    on: date,
    reason: str = "",
    department: Department | None = None,
    by: User | None = None,
) -> None:
    """Let the department off. Its part goes to that other one at once, or waits to be assigned."""
    request.lock()
    assignment = request.assignment
    if assignment.answers and _has_answered(assignment):
        raise ValidationError(_("The department has answered meanwhile: refuse the return."))
    request.decide(Decision.AGREED, reason=reason, on=on, by=by)
    assignment.record(Event.Kind.RETURN_AGREED, on=on, by=by, reason=reason)
    if department is not None:
        # What one department writes of itself is not read by the next.
        _pass_on(assignment, department, on=on, by=by, part="", reason="")
        return
    _end(assignment, on=on)
    settle(assignment.proposal)


@transaction.atomic
def take_part(
    proposal: Proposal,
    department: Department,
    *,
    role: str,
    on: date,
    by: User | None = None,
) -> Assignment:
    """The department's present part, made where only a letter tells of it. For `intake`.

    When it was assigned is not known, so no clock starts; `on` is the day of its event, such as
    that of the letter. One that is known as co-handling and answers after all is changed. The
    proposal's state is left to whoever accepts the letter.
    """
    proposal.lock()
    found = _parts_of(proposal).filter(department=department).first()
    if found is None:
        found = Assignment(proposal=proposal, department=department, role=role)
        found.save()
    elif role in Assignment.ANSWERING and found.role == Role.CO_HANDLING:
        found.role = role
        found.save(update_fields=["role"])
    else:
        return found
    found.record(Event.Kind.ASSIGNED, on=on, by=by, role=str(found.role), source="letter")
    return found


def _parts_of(proposal: Proposal) -> AssignmentQuerySet:
    return Assignment.objects.filter(proposal=proposal).present().select_related("department")


def _check_parts(new: Sequence[Part], present: Sequence[Assignment]) -> None:
    """Whether the parts fit together: somebody answers, in one way, nobody twice."""
    parts: list[Assignment | Part] = [*present, *new]
    departments = [part.department for part in parts]
    for department in departments:
        if departments.count(department) > 1:
            said = _("%(department)s: the department already handles this proposal.")
            raise ValidationError(said % {"department": department})
    ways = [part.role for part in parts if part.role in Assignment.ANSWERING]
    if not ways:
        raise ValidationError(_("Choose the department that answers, not only who helps."))
    if len(set(ways)) > 1 or ways.count(Role.SOLE) > 1:
        raise ValidationError(
            _("Either one department answers alone, or those that lead, or several separately.")
        )
    helps = any(part.role == Role.CO_HANDLING for part in new)
    if ways[0] == Role.SOLE and helps and any(part.role == Role.SOLE for part in new):
        raise ValidationError(_("Who handles it alone has no co-handlers: make it the lead."))
    if ways == [Role.SEPARATE]:
        raise ValidationError(_("Separate handling needs two departments or more."))
    leads = [part for part in parts if part.role == Role.LEAD]
    if len(leads) > 1 and any(part.role == Role.LEAD and not part.part.strip() for part in new):
        raise ValidationError(_("Where several lead, say which part of it each handles."))


def _raises(part: Part, old: Assignment) -> bool:
    """Whether the part makes a co-handling department one that answers."""
    is_its_own = part.department == old.department
    return is_its_own and part.answers and old.role == Role.CO_HANDLING


def _round_of(part: Part, present: Sequence[Assignment]) -> int:
    """Who joins those that answer again joins their round; who answers apart begins its own."""
    if part.role != Role.LEAD:
        return 1
    return max([old.round for old in present if old.answers], default=1)


def _no_longer_alone(present: Sequence[Assignment]) -> None:
    """Whoever handled it alone leads, now that others help."""
    for assignment in present:
        if assignment.role == Role.SOLE:
            assignment.role = Role.LEAD
            assignment.save(update_fields=["role"])


def _begin(proposal: Proposal, part: Part, *, on: date, round_: int = 1) -> Assignment:
    """A new part with the rules in force on that day, and the dates they give."""
    assignment = Assignment(
        proposal=proposal,
        department=part.department,
        role=part.role,
        part=part.part.strip(),
        rules=proposal.rules(on=on),
        assigned_on=on,
        round=round_,
        redo_on=on if round_ > 1 else None,
    )
    assignment.count_dates()
    assignment.validate_constraints()
    assignment.save()
    return assignment


def _tell(kind: str, assignment: Assignment, *, on: date, by: User | None, **facts: str) -> None:
    """The event of a new part; whoever helps is asked for its opinion at once."""
    details = {"role": str(assignment.role), "part": assignment.part, **facts}
    assignment.record(kind, on=on, by=by, **details)
    if assignment.role == Role.CO_HANDLING:
        CoHandlingOpinion.request(assignment, on=on, by=by)


def _pass_on(
    old: Assignment,
    department: Department,
    *,
    on: date,
    by: User | None,
    part: str,
    reason: str,
) -> Assignment:
    proposal = old.proposal
    new = Part(department, old.role, part or old.part)
    there = _parts_of(proposal).filter(department=department).first()
    if there is not None and not _raises(new, there):
        said = _("%(department)s: the department already handles this proposal.")
        raise ValidationError(said % {"department": department})
    for ended in filter(None, (old, there)):
        _end(ended, on=on)
    assignment = _begin(proposal, new, on=on, round_=old.round)
    settle(proposal)
    facts = {"from": str(old.department), "reason": reason}
    _tell(Event.Kind.REASSIGNED, assignment, on=on, by=by, **facts)
    return assignment


def _end(assignment: Assignment, *, on: date) -> None:
    assignment.ended_on = on
    assignment.save(update_fields=["ended_on"])


def _has_answered(assignment: Assignment) -> bool:
    sent = Reply.objects.filter(
        proposal=assignment.proposal_id,
        department=assignment.department_id,
        round=assignment.round,
        state=Reply.State.SENT,
    )
    return sent.exists()
