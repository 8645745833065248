"""The proposals of the demo, from submission to assignment, each as far as its state says.

What happened to them was done by the moves that clerks make, on days of the past.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from demo.days import Days, days_of, later
from demo.world import World
from departments.models import Department
from proposals import registering, supervising
from proposals.assigning import Part, assign
from proposals.models import Assignment, ExtensionRequest, Proposal, ReturnRequest, Sponsorship

State = Proposal.State


def put_proposals(items: Iterable[dict[str, Any]], world: World) -> dict[str, Proposal]:
    """Write every proposal with what happened to it; answers the numbered ones by their key."""
    numbered: dict[str, Proposal] = {}
    for item in items:
        days = days_of(item, world)
        proposal = _put(item, days, world)
        _take_on(proposal, item, days, world)
        if item["state"] == State.MERGED:
            into, on = numbered[_target(item)], later(days.submitted, 24)
            registering.merge(proposal, into=into, on=on, by=world.congress)
        if proposal.number:
            numbered[key_of(item["session"], proposal.number)] = proposal
        if item.get("lead") or item.get("separate"):
            _hand_over(proposal, item, days, world)
    return numbered


def key_of(session: str, number: str) -> str:
    return f"{session} {number}"


def _target(item: dict[str, Any]) -> str:
    return key_of(item["session"], item.get("into", ""))


def _put(item: dict[str, Any], days: Days, world: World) -> Proposal:
    session = world.sessions[item["session"]]
    slug = session.assembly.slug
    proposal = Proposal(
        session=session,
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
    )
    registering.submit(proposal, on=days.submitted, by=world.congress)
    for order, name in enumerate(item["sponsors"]):
        Sponsorship.objects.create(
            proposal=proposal,
            deputy=world.deputies[slug, name],
            role=Sponsorship.Role.CO_SPONSOR if order else Sponsorship.Role.LEAD,
            order=order,
            confirmed_on=days.submitted,
        )
    return proposal


def _take_on(proposal: Proposal, item: dict[str, Any], days: Days, world: World) -> None:
    """What the deputies' office did with it: registered, or one of the early ends."""
    state, by = item["state"], world.congress
    if state == State.SENT_BACK:
        facts = {"ground": item["ground"], "reason": item["because"]}
        registering.send_back(proposal, on=later(days.submitted, 6), by=by, **facts)
    elif state == State.CONVERTED:
        on = later(days.submitted, 8)
        registering.convert(proposal, reason=item["because"], on=on, by=by)
    elif state == State.WITHDRAWN:
        on = later(days.submitted, 12)
        registering.withdraw(proposal, reason=item["because"], on=on, by=by)
    elif item.get("number"):
        registering.register(proposal, number=item["number"], on=days.registered, by=by)


def _hand_over(proposal: Proposal, item: dict[str, Any], days: Days, world: World) -> None:
    """Assigned; then acknowledged, asked to return or extended as told."""
    parts = [Part(world.departments[name], role) for name, role in _roles(item).items()]
    made = assign(proposal, parts=parts, on=days.assigned, by=world.office)
    if "key" in item:
        committee = world.departments[item["key"]]
        on, by = days.assigned, world.congress
        supervising.make_key(proposal, supervised_by=committee, on=on, by=by)
    if item["state"] == State.ASSIGNED:
        return
    for assignment in made:
        by = world.clerk_of(assignment.department)
        if item["state"] == State.RETURN_PENDING:
            _ask_return(assignment, world.departments[item["return_to"]], days, world)
            continue
        assignment.acknowledge(on=days.acknowledged, by=by)
        if item.get("extended") and assignment.answers:
            _extend(assignment, world)


def _roles(item: dict[str, Any]) -> dict[str, str]:
    role = Assignment.Role
    if "separate" in item:
        return dict.fromkeys(item["separate"], role.SEPARATE)
    helpers = item.get("with", [])
    return {
        item["lead"]: role.LEAD if helpers else role.SOLE,
        **dict.fromkeys(helpers, role.CO_HANDLING),
    }


def _ask_return(assignment: Assignment, better: Department, days: Days, world: World) -> None:
    ReturnRequest.ask(
        assignment,
        reason=f"所提事项的主管部门是{better.name}，我单位没有相应职责，建议改由其主办。",
        suggested_department=better,
        on=later(days.assigned, 5),
        by=world.clerk_of(assignment.department),
    )


def _extend(assignment: Assignment, world: World) -> None:
    until = ExtensionRequest.last_day(assignment)
    assert assignment.due_on is not None and until is not None  # the demo's rules count both
    asked_on, decided_on = (later(assignment.due_on, -shift) for shift in (18, 12))
    clerk = world.clerk_of(assignment.department)
    reason = "所提问题涉及面广，需要实地调研并测算资金，申请延长办理时间。"
    request = ExtensionRequest.ask(assignment, until=until, reason=reason, on=asked_on, by=clerk)
    agreed = "情况属实，同意延期，请按时答复并向代表、委员说明。"
    request.agree(on=decided_on, reason=agreed, by=world.congress)
    request.tell_deputy(on=decided_on, by=clerk)
