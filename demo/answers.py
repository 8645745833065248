"""The letters of the demo, taken in as real ones are, and what deputies said of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from demo.days import later
from demo.files import letter_bytes
from demo.world import World
from intake.importing import import_letter
from intake.receiving import receive_bytes
from letters import read
from measures import verdicts
from measures.models import Commitment, CommitmentFeedback
from proposals.models import (
    Assignment,
    CoHandlingOpinion,
    Contact,
    FollowUpCategory,
    Proposal,
    Reply,
)
from proposals.rating import not_rated, rate


def take_in(items: Iterable[dict[str, Any]], world: World) -> None:
    """Import each letter, then its ratings and what was reported on its promises."""
    clerks = {department.name: user for department, user in world.clerks.items()}
    clerks |= {department.name: user for department, user in world.reviewers.items()}
    for item in items:
        incoming = receive_bytes(letter_bytes(item["file"]), name=item["file"])
        letter = read(incoming.text)
        assert letter.date is not None  # every letter of the demo is dated
        on = date.fromisoformat(letter.date) + timedelta(days=1)
        by = clerks.get(letter.issuer or "")
        imported = import_letter(incoming, on=on, keep_file=False, by=by)
        if imported.reply is None:
            assert imported.opinion is not None  # a letter becomes a reply or an opinion
            _accept(imported.opinion, world)
            continue
        imported.reply.start_clocks()
        _correct(imported.reply, item, world)
        _contact(imported.reply, item, world)
        _opinions(imported.reply, world)
        _ratings(imported.reply, item, world)
        _promises(imported.reply, item, world)
        _follow_ups(imported.reply, item, world)


def publish(world: World) -> None:
    """Publish the letters that nothing keeps from the public, two weeks after their date.

    Last of all: every change of a published letter writes its public rows anew.
    """
    replies = Reply.objects.filter(
        proposal__session__assembly__is_demo=True, disclosure=Proposal.Disclosure.UNDECIDED
    )
    for reply in replies.select_related("proposal", "department").order_by("date", "pk"):
        assert reply.date is not None  # every letter of the demo is dated
        on = later(reply.date, 14)
        reply.publish(on=on, reason="内容涉及公众利益，不含不宜公开的信息。", by=world.congress)


def _accept(opinion: CoHandlingOpinion, world: World) -> None:
    """Three days after it came, by the department that answers."""
    assert opinion.submitted_on is not None  # it was submitted
    answering = Assignment.objects.filter(proposal=opinion.assignment.proposal).answering()
    lead = answering.select_related("department").get()
    opinion.accept(on=later(opinion.submitted_on, 3), by=world.clerk_of(lead.department))


def _correct(reply: Reply, item: dict[str, Any], world: World) -> None:
    """A misprint put right in a second version; as long as the first, so every place still fits."""
    if "correction" in item:
        on, wrong, right, reason = item["correction"]
        text, by = reply.text.replace(wrong, right), world.reviewer_of(reply.department)
        reply.correct(text, reason=reason, on=date.fromisoformat(on), by=by)


def _contact(reply: Reply, item: dict[str, Any], world: World) -> None:
    method, on, agreed = item["contact"]
    Contact.log(
        reply.proposal.assignments.present().get(department=reply.department),
        method=method,
        on=date.fromisoformat(on),
        present="代表（委员）本人、承办单位负责人",
        agreed=agreed,
        by=world.clerk_of(reply.department),
    )


def _opinions(reply: Reply, world: World) -> None:
    """What the co-handling departments wrote for this letter, unless their letter is there."""
    opinions = CoHandlingOpinion.objects.filter(
        assignment__proposal=reply.proposal, state__in=CoHandlingOpinion.AWAITED
    )
    for opinion in opinions.select_related("assignment__department", "assignment__proposal"):
        department = opinion.assignment.department
        text = f"{department.name}已提供有关工作情况，同意主办单位的答复意见。"
        on = later(opinion.requested_on, 22)
        opinion.submit(text, on=on, by=world.clerk_of(department))
        opinion.accept(on=later(on, 3), by=world.clerk_of(reply.department))


def _ratings(reply: Reply, item: dict[str, Any], world: World) -> None:
    """As the deputies' office enters the signed forms; what is not given here is awaited yet."""
    slug, by = reply.proposal.assembly.slug, world.congress
    for name, process, result, on, reason in item.get("ratings", []):
        rate(
            reply,
            deputy=world.deputies[slug, name],
            process=world.ratings[slug, process],
            result=world.ratings[slug, result],
            reason=reason,
            on=date.fromisoformat(on),
            on_paper=True,
            by=by,
        )
    for name in item.get("not_returned", []):
        deputy = world.deputies[slug, name]
        due_on = reply.feedback.get(deputy=deputy).due_on
        assert due_on is not None  # the demo's rules count it
        not_rated(reply, deputy=deputy, on=later(due_on, 1), by=by)


def _promises(reply: Reply, item: dict[str, Any], world: World) -> None:
    for phrase, updates in item["promises"]:
        promise = _promise(reply, phrase)
        for update in updates:
            report(promise, world, *update)


def _promise(reply: Reply, phrase: str) -> Commitment:
    """The promise whose sentence has that phrase; saying which one is missing if none has."""
    promise = reply.commitments.filter(text__contains=phrase).first()
    if promise is None:
        raise LookupError(f"{reply.document_number}: no promise was read that says “{phrase}”.")
    return promise


def report(
    promise: Commitment,
    world: World,
    on: str,
    state: str,
    text: str = "",
    evidence: str = "",
    due: str = "",
) -> None:
    day = date.fromisoformat(on)
    if state in (Commitment.State.CONFIRMED, Commitment.State.DISPUTED):
        kept = state == Commitment.State.CONFIRMED
        question = _question(promise, day)
        by = question.deputy.user
        verdicts.answer(question, kept=kept, on=day, reason=text, on_paper=by is None, by=by)
        return
    promise.report(
        state,
        on=day,
        text=text,
        evidence_title=evidence,
        due_on=date.fromisoformat(due) if due else None,
        by=world.clerk_of(promise.lead_department),
    )


def _question(promise: Commitment, day: date) -> CommitmentFeedback:
    """What the lead sponsor is asked: after the report on it, or since its date has passed."""
    asked = promise.feedback.awaited().filter(
        deputy__sponsorships__role="lead", deputy__sponsorships__proposal=promise.reply.proposal
    )
    found: CommitmentFeedback | None = asked.first()
    if found is None:
        verdicts.ask_as_due(promise, on=day)
        found = asked.get()
    return found


def _follow_ups(reply: Reply, item: dict[str, Any], world: World) -> None:
    slug, by = reply.proposal.assembly.slug, world.clerk_of(reply.department)
    for code, on, note in item.get("follow_ups", []):
        category, day = world.categories[slug, code], date.fromisoformat(on)
        FollowUpCategory.follow_up(reply, category=category, on=day, note=note, by=by)
