"""What is under way on the day the demo is loaded: so each desk has things late, soon and later.

Days count from that day: each proposal began when the rules of the demo's assembly then give the
date that its table says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from assemblies.models import Period
from demo.answers import report
from demo.days import later, start_for
from demo.desks import paper, rated_from_an_office
from demo.world import World
from departments.models import Department
from intake.writing import Contents, Promised, Said, write_reply
from measures import verdicts
from measures.models import Commitment
from proposals import registering, submitting, supervising
from proposals.assigning import Part, assign
from proposals.models import (
    Assignment,
    CoHandlingOpinion,
    Contact,
    ExtensionRequest,
    Feedback,
    Proposal,
    Reply,
    Sponsorship,
)
from proposals.rating import rate

SLUG, SESSION = "yunping", "yunping 14-4"
COMMITTEE = "省人大教科文卫委员会"
Step = Period.Step
# The deputy was not talked with yet.
UNCONTACTED = ("assigned", "acknowledged")
# How far a letter is; each comes after one more move.
WAY = (
    Reply.State.DRAFTING,
    Reply.State.IN_REVIEW,
    Reply.State.IN_AUDIT,
    Reply.State.APPROVED,
    Reply.State.SIGNED,
    Reply.State.SENT,
)
# So many days before the last of its moves each of them was made.
PACE = (6, 4, 2, 1, 0)
# From the day a letter was sent to that on which the deputy refused it.
REFUSED_AFTER = 14


def put_pending(items: Iterable[dict[str, Any]], world: World, *, on: date) -> None:
    """Write them as far as each is on that day."""
    for item in items:
        # The day of its assignment, or of its submission where nobody is assigned.
        wanted, step = on + timedelta(days=item["due"]), item.get("step", Step.REPLY)
        start = start_for(world.rules[SLUG], step, due_on=wanted)
        if "lead" not in item:
            proposal = _put(item, world, submitted=start, on=on)
            if item["stage"] == Proposal.State.SENT_BACK:
                _send_back(proposal, item, world, on=on)
            continue
        refused = start
        if step == Step.REHANDLING:
            start = refused - timedelta(days=80)
        proposal = _put(item, world, submitted=later(start, -14), on=on)
        lead = _hand_over(proposal, item, world, on=start)
        _go_on(lead, item, world, refused=refused, on=on)


def _put(item: dict[str, Any], world: World, *, submitted: date, on: date) -> Proposal:
    """Submitted, and registered where it has a number."""
    proposal = Proposal(
        session=world.sessions[SESSION],
        kind=Proposal.Kind.SUGGESTION,
        in_session=False,
        title=item["title"],
        reason=item["reason"],
        request=item["request"],
        wished_handler=item.get("lead", ""),
        topic=world.topics[SLUG, item["topic"]],
    )
    by = world.congress
    if "attachments" in item:
        _attach(proposal, item["attachments"], on=submitted)
    registering.submit(proposal, on=submitted, by=by)
    for order, name in enumerate(item["sponsors"]):
        Sponsorship.objects.create(
            proposal=proposal,
            deputy=world.deputies[SLUG, name],
            role=Sponsorship.Role.CO_SPONSOR if order else Sponsorship.Role.LEAD,
            order=order,
            confirmed_on=submitted,
        )
    if item["number"]:
        registered = min(on, later(submitted, 3))
        registering.register(proposal, number=item["number"], on=registered, by=by)
    return proposal


def _attach(proposal: Proposal, names: Iterable[str], *, on: date) -> None:
    """While it is a draft, as its deputy did."""
    proposal.save()
    for name in names:
        attachment = submitting.attach(proposal, paper(name))
        attachment.added_on = on
        attachment.save(update_fields=["added_on"])


def _send_back(proposal: Proposal, item: dict[str, Any], world: World, *, on: date) -> None:
    facts = {"ground": item["ground"], "reason": item["because"]}
    day = on - timedelta(days=item["back"])
    registering.send_back(proposal, on=day, by=world.congress, **facts)


def _hand_over(proposal: Proposal, item: dict[str, Any], world: World, *, on: date) -> Assignment:
    """Assigned on that day to the lead, whose part is answered, and to those who help it."""
    helpers = [Part(world.departments[name], "co_handling") for name in item.get("with", [])]
    role = Assignment.Role.LEAD if helpers else Assignment.Role.SOLE
    parts = [Part(world.departments[item["lead"]], role), *helpers]
    lead, *others = assign(proposal, parts=parts, on=on, by=world.office)
    if "key" in item:
        committee = world.departments[COMMITTEE]
        supervising.make_key(proposal, supervised_by=committee, on=on, by=world.congress)
    if item["stage"] == "assigned":
        return lead
    for assignment in (lead, *others):
        by = world.clerk_of(assignment.department)
        assignment.acknowledge(on=later(on, 3), by=by)
    if item["stage"] not in UNCONTACTED:
        Contact.log(
            lead,
            method=Contact.Method.PHONE,
            on=later(on, 9),
            present="领衔代表、承办处室负责人",
            agreed="听取代表意见，约定办理过程中再次沟通。",
            by=world.clerk_of(lead.department),
        )
    for assignment in others:
        _opinion(assignment, lead, item["opinion"], world, on=later(on, 18))
    return lead


def _opinion(
    assignment: Assignment, lead: Assignment, state: str, world: World, *, on: date
) -> None:
    """The helper's opinion, asked for when it was assigned, as far as the table says."""
    if state == CoHandlingOpinion.State.REQUESTED:
        return
    opinion = assignment.opinions.get()
    department = assignment.department
    text = f"{department.name}已提供有关工作情况，建议一并答复。"
    opinion.submit(text, on=on, by=world.clerk_of(department))
    if state == CoHandlingOpinion.State.ACCEPTED:
        opinion.accept(on=later(on, 2), by=world.clerk_of(lead.department))


def _go_on(
    lead: Assignment, item: dict[str, Any], world: World, *, refused: date, on: date
) -> None:
    """What the department that answers has done since."""
    stage = item["stage"]
    if stage == "rehandling":
        _refuse(lead, world, on=refused)
    elif stage == "sent":
        assert lead.due_on is not None  # the demo's rules count it
        # A week before its date; or the day before, while the date is still to come.
        sent = min(lead.due_on - timedelta(days=7), on - timedelta(days=1))
        reply = _letter(lead, item, world, end=sent, on=on)
        if item.get("withheld"):
            withheld = Proposal.Disclosure.ON_REQUEST
            reply.withhold(withheld, on=sent, reason=item["withheld"], by=world.congress)
        if "rating" in item:
            _rated(reply, item, world, on=on)
    elif stage in WAY:
        _letter(lead, item, world, end=on, on=on)
    elif stage.startswith("extension"):
        _ask_extension(lead, world, is_granted=stage == "extension_granted", on=on)
    if item.get("public") and "rating" not in item:
        lead.proposal.publish(on=on, by=world.congress)


def _letter(lead: Assignment, item: dict[str, Any], world: World, *, end: date, on: date) -> Reply:
    """A short letter with the promises of the table, brought as far as its stage until that day."""
    proposal, department = lead.proposal, lead.department
    promises = [
        (text.format(day=_said(on + timedelta(days=days))), days)
        for text, days, *_reports in item.get("promises", [])
    ]
    sentences = "\n".join(text for text, _days in promises) or "下一步将加强统筹，抓好落实。"
    done = item.get("done", [])
    work = "\n".join(done) or "已组织专题研究。"
    title = f"关于省十四届人大四次会议第{proposal.number}号建议的答复"
    text = (
        f"{department.name}\n{title}\n"
        f"您提出的《{proposal.title}》收悉，现答复如下：\n"
        f"一、工作情况\n{work}\n"
        f"二、下一步工作\n{sentences}\n感谢您对我们工作的关心和支持！\n{department.name}"
    )
    contents = Contents(
        proposal=proposal,
        department=department,
        text=text,
        # Where nothing is promised, most is done.
        fields={"title": title, "category": world.categories[SLUG, "B" if promises else "A1"]},
        measures=[Said(**_place(sentence, text, "一、工作情况")) for sentence in done],
        commitments=[
            _promised(promise, text, department, due_on=on + timedelta(days=days))
            for promise, days in promises
        ],
    )
    entered = end - timedelta(days=PACE[0])
    clerk = world.clerk_of(department)
    reply = write_reply(contents, on=entered, by=clerk)
    reply.propose_disclosure(mode=Proposal.Disclosure.PROACTIVE, on=entered, by=clerk)
    stage = item["stage"] if item["stage"] in WAY else Reply.State.SENT
    moves = _moves(reply, world)[: WAY.index(Reply.State(stage))]
    for move, days in zip(moves, PACE, strict=False):
        move(end - timedelta(days=days))
    return reply


def _promised(promise: str, text: str, keeper: Department, *, due_on: date) -> Promised:
    said = _said(due_on)
    return Promised(
        **_place(promise, text, "二、下一步工作"),
        keeper=keeper,
        due_on=due_on,
        due_text=f"{said}前" if said in promise else "",
        strength=Commitment.Strength.FIRM,
    )


def _place(sentence: str, text: str, heading: str) -> dict[str, Any]:
    start = text.index(sentence)
    return {"text": sentence, "start": start, "end": start + len(sentence), "heading": heading}


def _said(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _moves(reply: Reply, world: World) -> list[Callable[[date], None]]:
    """The way of a letter, each step by who makes it."""
    clerk, reviewer = world.clerk_of(reply.department), world.reviewer_of(reply.department)

    def sign(day: date) -> None:
        marks = {
            "document_number": f"云工信建议〔{day.year}〕{int(reply.proposal.number)}号",
            "signatory": reviewer.get_full_name() if reviewer else "闻人越",
        }
        reply.sign(on=day, date=day, by=reviewer, **marks)

    return [
        lambda day: reply.submit(on=day, by=clerk),
        lambda day: reply.review(on=day, by=reviewer),
        lambda day: reply.audit(on=day, by=world.office),
        sign,
        lambda day: reply.send(on=day, by=reviewer),
    ]


def _refuse(lead: Assignment, world: World, *, on: date) -> None:
    """The deputy was not satisfied with the first letter: it is handled again from that day on."""
    sent = on - timedelta(days=REFUSED_AFTER)
    reply = _letter(lead, {"stage": "rehandling"}, world, end=sent, on=on)
    withheld, why = Proposal.Disclosure.ON_REQUEST, "等重新办理后一并公开。"
    reply.withhold(withheld, on=sent, reason=why, by=world.congress)
    reason = "只说了工作情况，没有说下一步做什么、什么时候做。"
    _rate(reply, "基本满意", "不满意", world, on=on, reason=reason)


def _rate(
    reply: Reply, process: str, result: str, world: World, *, on: date, reason: str = ""
) -> Feedback:
    """By the deputy's own account; where there is none, as the signed form says."""
    deputy = reply.raters().get()
    return rate(
        reply,
        deputy=deputy,
        process=world.ratings[SLUG, process],
        result=world.ratings[SLUG, result],
        reason=reason,
        on=on,
        on_paper=deputy.user is None,
        by=deputy.user or world.congress,
    )


def _rated(reply: Reply, item: dict[str, Any], world: World, *, on: date) -> None:
    """The deputy is satisfied; what was reported on its promises since, and said of that."""
    process, result, ago = item["rating"]
    rating = _rate(reply, process, result, world, on=on - timedelta(days=ago))
    if item.get("alarm"):
        rated_from_an_office(rating, world)
    if item.get("public"):
        assert reply.sent_on is not None  # it was rated
        day = later(reply.sent_on, 14)
        reply.proposal.publish(on=day, by=world.congress)
        reply.publish(on=day, reason="内容涉及公众利益，不含不宜公开的信息。", by=world.congress)
    promises = zip(reply.commitments.order_by("number"), item["promises"], strict=True)
    for promise, (_text, _due, *reports) in promises:
        for ago, *facts in reports[0] if reports else []:
            report(promise, world, (on - timedelta(days=ago)).isoformat(), *facts)
        if promise.due_on and promise.is_overdue(on=on):
            verdicts.ask_as_due(promise, on=promise.due_on + timedelta(days=1))


def _ask_extension(lead: Assignment, world: World, *, is_granted: bool, on: date) -> None:
    asked, until = on - timedelta(days=4), on + timedelta(days=60)
    clerk, reason = world.clerk_of(lead.department), "需要实地调研并测算资金。"
    request = ExtensionRequest.ask(lead, until=until, reason=reason, on=asked, by=clerk)
    if is_granted:
        request.agree(on=on, reason="情况属实，同意延期。", by=world.congress)
