"""What is under way on the day the demo is loaded: so each desk has things late, soon and later.

Not public: nobody has decided on that yet. Days count from the day of loading.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from intake.demo.world import World
from measures.models import Commitment
from proposals import events
from proposals.models import (
    Assignment,
    CoHandlingOpinion,
    Contact,
    Decision,
    Event,
    ExtensionRequest,
    Proposal,
    Reply,
    Sponsorship,
)

SLUG, SESSION = "yunping", "yunping 14-4"
COMMITTEE = "省人大教科文卫委员会"
State = Proposal.State
# How far the letter is, in the stages that have one.
LETTERS = (
    Reply.State.DRAFTING,
    Reply.State.IN_REVIEW,
    Reply.State.IN_AUDIT,
    Reply.State.APPROVED,
)
UNACKNOWLEDGED = ("assigned",)
# The deputy was not talked with yet.
UNCONTACTED = (*UNACKNOWLEDGED, "acknowledged")


def put_pending(items: Iterable[dict[str, Any]], world: World, *, on: date) -> None:
    """Write them as far as each is on that day."""
    for item in items:
        proposal = _put(item, world, on=on)
        if "lead" in item:
            _hand_over(proposal, item, world, on=on)


def _put(item: dict[str, Any], world: World, *, on: date) -> Proposal:
    """Submitted, registered unless it still waits for that."""
    is_assigned = "lead" in item
    submitted = on - timedelta(days=150 if is_assigned else 9)
    states = {
        "submitted": State.SUBMITTED,
        "registered": State.REGISTERED,
        "assigned": State.ASSIGNED,
        "rehandling": State.REHANDLING,
    }
    proposal = Proposal.objects.create(
        session=world.sessions[SESSION],
        number=item["number"],
        kind=Proposal.Kind.SUGGESTION,
        in_session=False,
        title=item["title"],
        reason=item["reason"],
        request=item["request"],
        wished_handler=item.get("lead", ""),
        topic=world.topics[SLUG, item["topic"]],
        state=states.get(item["stage"], State.IN_HANDLING),
        submitted_on=submitted,
        registered_on=submitted + timedelta(days=5) if item["number"] else None,
        assign_by=None if is_assigned else on + timedelta(days=item["due"]),
        is_key="key" in item,
        supervised_by=world.departments[COMMITTEE] if "key" in item else None,
    )
    for order, name in enumerate(item["sponsors"]):
        Sponsorship.objects.create(
            proposal=proposal,
            deputy=world.deputies[SLUG, name],
            role=Sponsorship.Role.CO_SPONSOR if order else Sponsorship.Role.LEAD,
            order=order,
            confirmed_on=submitted,
        )
    events.record(Event.Kind.SUBMITTED, proposal, on=submitted)
    if proposal.registered_on:
        events.record(Event.Kind.REGISTERED, proposal, on=proposal.registered_on)
    return proposal


def _hand_over(proposal: Proposal, item: dict[str, Any], world: World, *, on: date) -> None:
    """Assigned to the lead and to those who help it, and then as far as the stage says."""
    stage, due = item["stage"], on + timedelta(days=item["due"])
    helpers = item.get("with", [])
    assignment = Assignment.objects.create(
        proposal=proposal,
        department=world.departments[item["lead"]],
        role=Assignment.Role.LEAD if helpers else Assignment.Role.SOLE,
        rules=world.rules[SLUG],
        **_days(stage, due, on=on),
    )
    _record(Event.Kind.ASSIGNED, assignment, on=assignment.assigned_on)
    if assignment.acknowledged_on:
        _record(Event.Kind.ACKNOWLEDGED, assignment, on=assignment.acknowledged_on)
    if stage not in UNCONTACTED:
        _contact(assignment)
    for name in helpers:
        _ask_opinion(assignment, item, world.departments[name], on=on)
    if stage in LETTERS:
        _letter(assignment, stage)
    elif stage == "rehandling":
        _redo(assignment, due, on=on)
    elif stage == "sent":
        _send(assignment, item, on=on)
    elif stage.startswith("extension"):
        _ask_extension(assignment, is_granted=stage == "extension_granted", on=on)


def _days(stage: str, due: date, *, on: date) -> dict[str, Any]:
    """The dates of a part whose next step is due on that day."""
    if stage == "assigned":
        assigned, acknowledged = on - timedelta(days=5), None
    elif stage == "acknowledged":
        assigned, acknowledged = on - timedelta(days=25), on - timedelta(days=20)
    else:
        assigned = min(due, on) - timedelta(days=85)
        acknowledged = assigned + timedelta(days=3)
    return {
        "assigned_on": assigned,
        "acknowledged_on": acknowledged,
        "return_by": due if stage == "assigned" else assigned + timedelta(days=14),
        "contact_by": due if stage == "acknowledged" else assigned + timedelta(days=28),
        "due_on": assigned + timedelta(days=90) if stage in UNCONTACTED else due,
    }


def _contact(assignment: Assignment) -> None:
    assert assignment.acknowledged_on is not None  # the stage says so
    day = assignment.acknowledged_on + timedelta(days=6)
    Contact.objects.create(
        proposal=assignment.proposal,
        department=assignment.department,
        method=Contact.Method.PHONE,
        on=day,
        present="领衔代表、承办处室负责人",
        agreed="听取代表意见，约定办理过程中再次沟通。",
    )
    _record(Event.Kind.CONTACTED, assignment, on=day)


def _ask_opinion(lead: Assignment, item: dict[str, Any], department: Any, *, on: date) -> None:
    """A helper's part, with its opinion in the state that the table says."""
    assert lead.assigned_on is not None  # _days gives it
    due = on + timedelta(days=item.get("opinion_due", -10))
    part = Assignment.objects.create(
        proposal=lead.proposal,
        department=department,
        role=Assignment.Role.CO_HANDLING,
        rules=lead.rules,
        assigned_on=lead.assigned_on,
        acknowledged_on=lead.acknowledged_on,
        due_on=due,
    )
    state = item["opinion"]
    is_given = state != CoHandlingOpinion.State.REQUESTED
    CoHandlingOpinion.objects.create(
        assignment=part,
        state=state,
        requested_on=lead.assigned_on,
        due_on=due,
        submitted_on=due if is_given else None,
        text=f"{department.name}已提供有关工作情况，建议一并答复。" if is_given else "",
    )
    _record(Event.Kind.OPINION_REQUESTED, part, on=lead.assigned_on)
    if is_given:
        _record(Event.Kind.OPINION_SUBMITTED, part, on=due)


def _letter(
    assignment: Assignment, state: str, *promises: str, written: date | None = None
) -> Reply:
    """A short letter in that state, with these promises in it."""
    proposal, department = assignment.proposal, assignment.department
    sentences = "\n".join(promises) or "下一步将加强统筹，抓好落实。"
    text = (
        f"{department.name}\n关于省十四届人大四次会议第{proposal.number}号建议的答复\n"
        f"您提出的《{proposal.title}》收悉，现答复如下：\n一、工作情况\n已组织专题研究。\n"
        f"二、下一步工作\n{sentences}\n感谢您对我们工作的关心和支持！\n{department.name}"
    )
    return Reply.objects.create(
        proposal=proposal,
        department=department,
        title=f"关于省十四届人大四次会议第{proposal.number}号建议的答复",
        text=text,
        state=state,
        date=written,
    )


def _redo(assignment: Assignment, due: date, *, on: date) -> None:
    """The deputy was not satisfied with the first letter."""
    assert assignment.assigned_on is not None  # _days gives it
    sent = assignment.assigned_on + timedelta(days=30)
    _letter(assignment, Reply.State.SIGNED, written=sent).record_sent(on=sent)
    Reply.objects.get(proposal=assignment.proposal).withhold(
        Proposal.Disclosure.ON_REQUEST, on=sent, reason="等重新办理后一并公开。"
    )
    proposal = assignment.proposal
    proposal.refresh_from_db()
    proposal.state = State.REHANDLING
    proposal.save(update_fields=["state"])
    assignment.round, assignment.redo_on, assignment.redo_by = 2, on - timedelta(days=20), due
    assignment.save(update_fields=["round", "redo_on", "redo_by"])
    _record(Event.Kind.REHANDLING, assignment, on=assignment.redo_on)


def _send(assignment: Assignment, item: dict[str, Any], *, on: date) -> None:
    """Sent a fortnight before its date at the latest; its promises have dates of their own."""
    sent = on + timedelta(days=min(item["due"], 0)) - timedelta(days=6)
    month = f"{(on + timedelta(days=20)).month}月"
    texts = [text.format(month=month) for text, _days_on in item["promises"]]
    reply = _letter(assignment, Reply.State.SIGNED, *texts, written=sent)
    reply.send(on=sent)
    for number, (text, (_text, days)) in enumerate(
        zip(texts, item["promises"], strict=True), start=1
    ):
        start = reply.text.index(text)
        Commitment.objects.create(
            reply=reply,
            number=number,
            heading="二、下一步工作",
            text=text,
            start=start,
            end=start + len(text),
            lead_department=reply.department,
            due_on=on + timedelta(days=days),
            strength=Commitment.Strength.FIRM,
        )
    if item.get("public_decided"):
        reply.withhold(Proposal.Disclosure.ON_REQUEST, on=sent, reason="含园区未公布的规划内容。")


def _ask_extension(assignment: Assignment, *, is_granted: bool, on: date) -> None:
    asked, until = on - timedelta(days=4), on + timedelta(days=60)
    request = ExtensionRequest(
        assignment=assignment, asked_on=asked, until=until, reason="需要实地调研并测算资金。"
    )
    request.count_dates()
    _record(Event.Kind.EXTENSION_ASKED, assignment, on=asked)
    if is_granted:
        request.decision, request.decided_on = Decision.AGREED, on
        request.decision_reason = "情况属实，同意延期。"
        assignment.extended_to = until
        assignment.save(update_fields=["extended_to"])
        _record(Event.Kind.EXTENSION_GRANTED, assignment, on=on)
    request.save()


def _record(kind: str, assignment: Assignment, *, on: date | None) -> None:
    assert on is not None  # whoever records it has the day
    events.record(kind, assignment.proposal, on=on, department=assignment.department)
