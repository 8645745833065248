"""A read letter becomes rows: the reply, its measures, commitments and figures, in one go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from assemblies.models import Category, CategoryScheme
from departments.models import Department
from intake.creating import assign
from intake.errors import LetterRefused
from intake.matching import Match
from letters import Letter
from letters.due import resolve
from measures.models import Commitment, Figure, Measure
from proposals import events
from proposals.models import Assignment, CoHandlingOpinion, Event, Proposal, Reply

if TYPE_CHECKING:
    from django.contrib.auth.models import User

VALUE_LIMIT = Decimal(10) ** 18


@transaction.atomic
def accept_reply(
    letter: Letter, text: str, found: Match, *, on: date, by: User | None = None
) -> Reply:
    """Write a reply with all that was read from it, and send it: the letter was signed already."""
    proposal, department = found.proposals[0], found.answering
    assert proposal is not None and department is not None  # the caller has checked the match
    written_on = date.fromisoformat(letter.date) if letter.date else None
    round_ = Reply.objects.next_round(proposal, department)
    _assign_all(letter, found)
    reply = Reply.objects.create(
        proposal=proposal,
        department=department,
        round=round_,
        sequence=Reply.objects.next_sequence(proposal, round_),
        document_number=letter.document_number or "",
        title=reply_title(letter),
        text=text,
        category=_category(letter, proposal, on=written_on or on),
        date=written_on,
        signatory=letter.signatory or "",
        contact_person=letter.contact_person or "",
        contact_phone=letter.contact_phone or "",
        copied_to=list(letter.copied_to),
        reading={"spans": letter.spans, "inferred": letter.inferred},
    )
    reply.co_handlers.set(d for _name, d in found.co_handling if d)
    reply.also_answers.set(p for p in found.proposals[1:] if p)
    write_items(reply, letter, found.departments)
    reply.record_sent(on=written_on or on, by=by)
    return reply


@transaction.atomic
def accept_opinion(
    letter: Letter, text: str, found: Match, *, on: date, by: User | None = None
) -> CoHandlingOpinion:
    """Write a co-handling opinion (会办意见): for the lead department, never for the public."""
    proposal, department = found.proposals[0], found.answering
    assert proposal is not None and department is not None  # the caller has checked the match
    present = list(proposal.assignments.filter(ended_on=None).select_related("department"))
    role = Assignment.Role.CO_HANDLING
    assignment = assign(proposal, {department: role}, present)[department]
    last = assignment.opinions.order_by("-round").first()
    if last and last.text == text:
        raise LetterRefused(_("this co-handling opinion is already there."))
    written_on = date.fromisoformat(letter.date) if letter.date else on
    opinion = CoHandlingOpinion.objects.create(
        assignment=assignment,
        round=last.round + 1 if last else 1,
        state=CoHandlingOpinion.State.SUBMITTED,
        text=text,
        document_number=letter.document_number or "",
        requested_on=written_on,
        submitted_on=written_on,
    )
    kind = Event.Kind.OPINION_SUBMITTED
    events.record(kind, proposal, on=written_on, actor=by, department=department)
    return opinion


def reply_title(letter: Letter) -> str:
    """What the letter is called in lists: its issuer and what it answers."""
    what = "提案" if letter.kind == "cppcc_proposal" else "建议"
    numbers = "、".join(p.number for p in letter.proposals if p.number)
    title = f"{letter.issuer or letter.lead_department or ''}关于第{numbers}号{what}的答复"
    return title[:300]


def write_items(reply: Reply, letter: Letter, departments: dict[str, Department]) -> None:
    """Write the measures, commitments and figures, numbered in the order of the letter."""
    measures = Measure.objects.bulk_create(
        Measure(
            reply=reply,
            number=number,
            text=item.text,
            heading=(item.heading or "")[:300],
            start=item.start,
            end=item.end,
        )
        for number, item in enumerate(letter.measures, 1)
    )
    promises = [
        _commitment(reply, number, item, departments)
        for number, item in enumerate(letter.commitments, 1)
    ]
    promises = Commitment.objects.bulk_create(promises)
    for promise, item in zip(promises, letter.commitments, strict=True):
        supporting = {departments[n] for n in item.departments if n in departments}
        supporting.discard(promise.lead_department)
        if supporting:
            promise.supporting_departments.set(supporting)
    rows = (_figure(reply, item, measures, promises) for item in letter.figures)
    Figure.objects.bulk_create(row for row in rows if row)


def _commitment(reply: Reply, number: int, item, departments: dict[str, Department]) -> Commitment:
    return Commitment(
        reply=reply,
        number=number,
        text=item.text,
        heading=(item.heading or "")[:300],
        start=item.start,
        end=item.end,
        lead_department=_keeper(item, departments) or reply.department,
        printed_departments=list(item.departments),
        due_text=(item.due or "")[:100],
        due_on=resolve(item.due, reply.date) if item.due and reply.date else None,
        strength=item.strength,
    )


def _keeper(item, departments: dict[str, Department]) -> Department | None:
    """由省财政厅牵头…: a promise that names its own keeper. Else it is the issuer's."""
    first = next(iter(item.departments), None)
    return departments.get(first) if first and f"由{first}" in item.text else None


def _figure(
    reply: Reply, item, measures: Sequence[Measure], promises: Sequence[Commitment]
) -> Figure | None:
    try:
        value = Decimal(item.value)
    except InvalidOperation:
        return None
    if abs(value) >= VALUE_LIMIT:
        return None  # a serial number or a misprint, no quantity that a column can hold
    in_measure = item.within == "measure"
    return Figure(
        reply=reply,
        measure=measures[item.item] if in_measure else None,
        commitment=None if in_measure else promises[item.item],
        text=item.raw[:200],
        value=None if item.rank else value,
        rank=int(value) if item.rank else None,
        unit=(item.unit or "")[:20],
        start=item.start,
        end=item.end,
    )


def _category(letter: Letter, proposal: Proposal, *, on: date) -> Category | None:
    if not letter.reply_category:
        return None
    scheme = CategoryScheme.objects.filter(assembly=proposal.assembly).valid(on=on).first()
    if scheme is None:
        return None
    return scheme.categories.filter(code__iexact=letter.reply_category).first()


def _assign_all(letter: Letter, found: Match) -> None:
    """Everybody who answers or helps has a part in every proposal that the letter answers."""
    co_handlers = [department for _name, department in found.co_handling if department]
    for proposal in found.proposals:
        if proposal is None or found.answering is None:
            continue
        present = list(proposal.assignments.filter(ended_on=None).select_related("department"))
        if any(a.role in Assignment.ANSWERING and a.department != found.answering for a in present):
            role = Assignment.Role.SEPARATE
        else:
            role = Assignment.Role.LEAD if co_handlers else Assignment.Role.SOLE
        parts = dict.fromkeys(co_handlers, Assignment.Role.CO_HANDLING)
        assign(proposal, {**parts, found.answering: role}, present)
