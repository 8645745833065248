"""The letters of the demo, taken in as real ones are, and what deputies said of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from intake.demo.days import later
from intake.demo.files import letter_bytes
from intake.demo.world import World
from intake.importing import Imported, import_letter
from intake.receiving import receive_bytes
from letters import read
from measures.models import Commitment, CommitmentUpdate
from proposals import events
from proposals.models import (
    Assignment,
    CoHandlingOpinion,
    Contact,
    Event,
    Feedback,
    FeedbackReason,
    FollowUpCategory,
    Proposal,
    Reply,
)

UNSATISFIED = "不满意"


def take_in(items: Iterable[dict[str, Any]], world: World) -> None:
    """Import each letter, then its ratings and what was reported on its promises."""
    for item in items:
        incoming = receive_bytes(letter_bytes(item["file"]), name=item["file"])
        printed = read(incoming.text).date
        assert printed is not None  # every letter of the demo is dated
        on = date.fromisoformat(printed) + timedelta(days=1)
        imported = import_letter(incoming, on=on, keep_file=False)
        if imported.reply is None:
            _accept(imported)
            continue
        _correct(imported.reply, item)
        _contact(imported.reply, item)
        _opinions(imported.reply)
        _ratings(imported.reply, item, world)
        _promises(imported.reply, item)
        _follow_ups(imported.reply, item, world)


def publish() -> None:
    """Publish the letters that nothing keeps from the public, two weeks after their date.

    Last of all: every change of a published letter writes its public rows anew.
    """
    replies = Reply.objects.filter(
        proposal__session__assembly__is_demo=True, disclosure=Proposal.Disclosure.UNDECIDED
    )
    for reply in replies.select_related("proposal", "department").order_by("date", "pk"):
        assert reply.date is not None  # every letter of the demo is dated
        on = later(reply.date, 14)
        reply.publish(on=on, reason="内容涉及公众利益，不含不宜公开的信息。")


def _accept(imported: Imported) -> None:
    opinion = imported.opinion
    assert opinion is not None  # a letter becomes a reply or an opinion
    opinion.state = CoHandlingOpinion.State.ACCEPTED
    opinion.save(update_fields=["state"])
    facts = {"department": opinion.assignment.department}
    proposal, on = opinion.assignment.proposal, opinion.submitted_on
    assert on is not None  # the import dates it
    events.record(Event.Kind.OPINION_SUBMITTED, proposal, on=on, **facts)
    events.record(Event.Kind.OPINION_ACCEPTED, proposal, on=on + timedelta(days=3), **facts)


def _correct(reply: Reply, item: dict[str, Any]) -> None:
    """A misprint put right in a second version; as long as the first, so every place still fits."""
    if "correction" in item:
        on, wrong, right, reason = item["correction"]
        reply.correct(reply.text.replace(wrong, right), reason=reason, on=date.fromisoformat(on))


def _contact(reply: Reply, item: dict[str, Any]) -> None:
    method, on, agreed = item["contact"]
    day = date.fromisoformat(on)
    Contact.objects.create(
        proposal=reply.proposal,
        department=reply.department,
        method=method,
        on=day,
        present="代表（委员）本人、承办单位负责人",
        agreed=agreed,
    )
    events.record(Event.Kind.CONTACTED, reply.proposal, on=day, department=reply.department)


def _opinions(reply: Reply) -> None:
    """What the co-handling departments wrote for this letter, unless their letter is there."""
    helpers = reply.proposal.assignments.filter(
        role=Assignment.Role.CO_HANDLING, assigned_on__isnull=False, opinions=None
    )
    for assignment in helpers.select_related("department"):
        assert assignment.assigned_on is not None  # the filter
        submitted_on = later(assignment.assigned_on, 22)
        CoHandlingOpinion.objects.create(
            assignment=assignment,
            state=CoHandlingOpinion.State.ACCEPTED,
            text=f"{assignment.department.name}已提供有关工作情况，同意主办单位的答复意见。",
            requested_on=assignment.assigned_on,
            due_on=assignment.due_on,
            submitted_on=submitted_on,
        )
        facts = {"department": assignment.department}
        events.record(Event.Kind.OPINION_SUBMITTED, reply.proposal, on=submitted_on, **facts)
        events.record(Event.Kind.OPINION_ACCEPTED, reply.proposal, on=submitted_on, **facts)


def _ratings(reply: Reply, item: dict[str, Any], world: World) -> None:
    slug = reply.proposal.assembly.slug
    assert reply.date is not None  # every letter of the demo is dated
    due_on = later(reply.date, 21)
    for name, process, result, on, reason in item.get("ratings", []):
        feedback = Feedback.objects.create(
            reply=reply,
            deputy=world.deputies[slug, name],
            state=Feedback.State.RETURNED,
            due_on=due_on,
            process_rating=world.ratings[slug, process],
            result_rating=world.ratings[slug, result],
            rated_on=date.fromisoformat(on),
        )
        if reason:
            FeedbackReason.objects.create(feedback=feedback, text=reason)
        _record(Event.Kind.RATED, reply, on=date.fromisoformat(on))
        if result == UNSATISFIED:
            _record_unsatisfied(reply, on=later(date.fromisoformat(on), 5))
    for name in item.get("awaited", []):
        Feedback.objects.create(reply=reply, deputy=world.deputies[slug, name], due_on=due_on)
    for name in item.get("not_returned", []):
        Feedback.objects.create(
            reply=reply,
            deputy=world.deputies[slug, name],
            state=Feedback.State.NOT_RETURNED,
            due_on=due_on,
        )
        _record(Event.Kind.NOT_RATED, reply, on=due_on)


def _record_unsatisfied(reply: Reply, *, on: date) -> None:
    """Once: handled again. Twice in a row: escalated."""
    kind = Event.Kind.REHANDLING if reply.round == 1 else Event.Kind.ESCALATED
    _record(kind, reply, on=on)


def _promises(reply: Reply, item: dict[str, Any]) -> None:
    for phrase, updates in item["promises"]:
        promise = _promise(reply, phrase)
        for update in updates:
            _report(promise, *update)


def _promise(reply: Reply, phrase: str) -> Commitment:
    """The promise whose sentence has that phrase; saying which one is missing if none has."""
    promise = reply.commitments.filter(text__contains=phrase).first()
    if promise is None:
        raise LookupError(f"{reply.document_number}: no promise was read that says “{phrase}”.")
    return promise


def _report(
    promise: Commitment,
    on: str,
    state: str,
    text: str = "",
    evidence: str = "",
    due: str = "",
) -> None:
    by_deputy = state in (Commitment.State.CONFIRMED, Commitment.State.DISPUTED)
    author = CommitmentUpdate.Author.DEPUTY if by_deputy else CommitmentUpdate.Author.DEPARTMENT
    promise.report(
        state,
        on=date.fromisoformat(on),
        text=text,
        evidence_title=evidence,
        due_on=date.fromisoformat(due) if due else None,
        author=author,
    )


def _follow_ups(reply: Reply, item: dict[str, Any], world: World) -> None:
    slug = reply.proposal.assembly.slug
    for code, on, note in item.get("follow_ups", []):
        FollowUpCategory.objects.create(
            reply=reply, category=world.categories[slug, code], on=date.fromisoformat(on), note=note
        )
        _record(Event.Kind.FOLLOW_UP, reply, on=date.fromisoformat(on))


def _record(kind: str, reply: Reply, *, on: date) -> None:
    events.record(kind, reply.proposal, on=on, department=reply.department, reply=reply)
