"""The proposals of the demo, from draft to assignment, each as far as its state says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from departments.models import Department
from intake.demo.days import Days, days_of, later
from intake.demo.world import World
from proposals import events
from proposals.models import (
    Assignment,
    CoHandlingOpinion,
    Decision,
    Event,
    ExtensionRequest,
    Proposal,
    ReturnRequest,
    Sponsorship,
)

State = Proposal.State

UNFINISHED = (State.DRAFT, State.COSIGNING)
# Ended before anybody was assigned: the event and how many days after it was submitted.
ENDED_EARLY = {
    State.SENT_BACK: (Event.Kind.SENT_BACK, 6),
    State.CONVERTED: (Event.Kind.CONVERTED, 8),
    State.WITHDRAWN: (Event.Kind.WITHDRAWN, 12),
    State.MERGED: (Event.Kind.MERGED, 24),
}
REGISTERED_ONLY = (State.REGISTERED, State.MERGED)
# Where the letters of the demo end: their import and ratings move the proposal on.
LETTERED = (State.REPLIED, State.REHANDLING, State.ESCALATED, State.TRACKING, State.CLOSED)


def put_proposals(items: Iterable[dict[str, Any]], world: World) -> dict[str, Proposal]:
    """Write every proposal with what happened to it; answers the numbered ones by their key."""
    numbered: dict[str, Proposal] = {}
    for item in items:
        days = days_of(item, world)
        proposal = _put(item, days, world, merged_into=numbered.get(_target(item)))
        if proposal.number:
            numbered[key_of(item["session"], proposal.number)] = proposal
        _begin(proposal, days)
        if item.get("lead") or item.get("separate"):
            _hand_over(proposal, item, days, world)
    return numbered


def key_of(session: str, number: str) -> str:
    return f"{session} {number}"


def _target(item: dict[str, Any]) -> str:
    return key_of(item["session"], item.get("into", ""))


def _put(
    item: dict[str, Any], days: Days, world: World, *, merged_into: Proposal | None
) -> Proposal:
    session = world.sessions[item["session"]]
    slug, state = session.assembly.slug, State(item["state"])
    numbered = bool(item.get("number"))
    proposal = Proposal.objects.create(
        session=session,
        number=item.get("number", ""),
        kind=(
            Proposal.Kind.CPPCC_PROPOSAL
            if session.assembly.kind == "cppcc"
            else Proposal.Kind.SUGGESTION
        ),
        in_session="submitted" not in item,
        title=item["title"],
        reason=item["reason"],
        request=item["request"],
        wished_handler=item.get("lead", ""),
        topic=world.topics[slug, item["topic"]],
        state=State.IN_HANDLING if state in LETTERED else state,
        submitted_on=None if state in UNFINISHED else days.submitted,
        registered_on=days.registered if numbered else None,
        is_key="key" in item,
        supervisor=item.get("key", ""),
        merged_into=merged_into,
    )
    if state in (State.SUBMITTED, State.REGISTERED):
        proposal.count_dates()
        proposal.save(update_fields=["assign_by", "unannounced"])
    for order, name in enumerate(item["sponsors"]):
        signed = order == 0 or state not in UNFINISHED
        Sponsorship.objects.create(
            proposal=proposal,
            deputy=world.deputies[slug, name],
            role=Sponsorship.Role.CO_SPONSOR if order else Sponsorship.Role.LEAD,
            order=order,
            confirmed_on=days.submitted if signed else None,
        )
    return proposal


def _begin(proposal: Proposal, days: Days) -> None:
    """The events up to registration, or to an early end."""
    state = State(proposal.state)
    if state in UNFINISHED:
        return
    events.record(Event.Kind.SUBMITTED, proposal, on=days.submitted)
    if proposal.registered_on:
        events.record(Event.Kind.REGISTERED, proposal, on=days.registered)
    if state in ENDED_EARLY:
        kind, days_on = ENDED_EARLY[state]
        events.record(kind, proposal, on=later(days.submitted, days_on))


def _hand_over(proposal: Proposal, item: dict[str, Any], days: Days, world: World) -> None:
    """Assignments with their due dates; acknowledged, asked to return or extended as told."""
    roles = _roles(item)
    for name, role in roles.items():
        assignment = _assign(proposal, world.departments[name], role, days, world)
        if assignment.role in Assignment.ANSWERING:
            if item["state"] == State.RETURN_PENDING:
                _ask_return(assignment, world.departments[item["return_to"]], days)
            elif item.get("extended"):
                _extend(assignment, days)
        elif item["state"] == State.IN_HANDLING:
            _ask_opinion(assignment, days)


def _roles(item: dict[str, Any]) -> dict[str, str]:
    role = Assignment.Role
    if "separate" in item:
        return dict.fromkeys(item["separate"], role.SEPARATE)
    helpers = item.get("with", [])
    return {
        item["lead"]: role.LEAD if helpers else role.SOLE,
        **dict.fromkeys(helpers, role.CO_HANDLING),
    }


def _assign(
    proposal: Proposal, department: Department, role: str, days: Days, world: World
) -> Assignment:
    answers = role in Assignment.ANSWERING
    acknowledged = proposal.state not in (State.ASSIGNED, State.RETURN_PENDING)
    assignment = Assignment.objects.create(
        proposal=proposal,
        department=department,
        role=role,
        rules=world.rules[proposal.assembly.slug],
        assigned_on=days.assigned,
        acknowledged_on=days.acknowledged if acknowledged else None,
        due_on=days.reply_due if answers else days.opinion_due,
    )
    facts = {"department": department}
    events.record(Event.Kind.ASSIGNED, proposal, on=days.assigned, **facts)
    if acknowledged and answers:
        events.record(Event.Kind.ACKNOWLEDGED, proposal, on=days.acknowledged, **facts)
    return assignment


def _ask_return(assignment: Assignment, better: Department, days: Days) -> None:
    asked_on = later(days.assigned, 5)
    request = ReturnRequest(
        assignment=assignment,
        asked_on=asked_on,
        reason=f"所提事项的主管部门是{better.name}，我单位没有相应职责，建议改由其主办。",
        suggested_department=better,
    )
    request.count_dates()
    request.save()
    _record(Event.Kind.RETURN_ASKED, assignment, on=asked_on)


def _extend(assignment: Assignment, days: Days) -> None:
    asked_on, decided_on = (later(days.reply_due, -shift) for shift in (18, 12))
    ExtensionRequest.objects.create(
        assignment=assignment,
        asked_on=asked_on,
        until=days.extended_to,
        reason="所提问题涉及面广，需要实地调研并测算资金，申请延长办理时间。",
        decision=Decision.AGREED,
        decided_on=decided_on,
        decision_reason="情况属实，同意延期，请按时答复并向代表、委员说明。",
        deputy_told_on=decided_on,
    )
    assignment.extended_to = days.extended_to
    assignment.save(update_fields=["extended_to"])
    _record(Event.Kind.EXTENSION_ASKED, assignment, on=asked_on)
    _record(Event.Kind.EXTENSION_GRANTED, assignment, on=decided_on)


def _ask_opinion(assignment: Assignment, days: Days) -> None:
    CoHandlingOpinion.objects.create(
        assignment=assignment, requested_on=days.assigned, due_on=days.opinion_due
    )


def _record(kind: str, assignment: Assignment, *, on: date) -> None:
    events.record(kind, assignment.proposal, on=on, department=assignment.department)
