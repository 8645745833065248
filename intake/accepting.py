"""A read letter becomes rows: the reply, its measures, commitments and figures, in one go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from assemblies.models import Category, CategoryScheme
from departments.models import Department
from intake.creating import assign
from intake.errors import LetterRefused
from intake.matching import Match
from intake.writing import Contents, Number, Promised, Said, write_reply
from letters import Letter
from letters.due import resolve
from letters.letter import Commitment as LetterCommitment
from letters.letter import Measure as LetterMeasure
from proposals import events
from proposals.models import Assignment, CoHandlingOpinion, Event, Proposal, Reply

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@transaction.atomic
def accept_reply(
    letter: Letter, text: str, found: Match, *, on: date, by: User | None = None
) -> Reply:
    """Write a reply with all that was read from it, and send it: the letter was signed already."""
    proposals = [proposal for proposal in found.proposals if proposal]
    department = found.answering
    assert proposals and department is not None  # the caller has checked the match
    written_on = date.fromisoformat(letter.date) if letter.date else None
    when = written_on or on
    co_handlers = list(dict.fromkeys(each for _name, each in found.co_handling if each))
    number = letter.document_number or ""
    take_part(proposals, department, co_handlers, on=when, by=by, letter=number)
    contents = Contents(
        proposal=proposals[0],
        also_answers=proposals[1:],
        department=department,
        co_handlers=co_handlers,
        text=text,
        fields={
            "document_number": number,
            "title": reply_title(letter),
            "category": category_of(letter.reply_category or "", proposals[0], on=when),
            "date": written_on,
            "signatory": letter.signatory or "",
            "contact_person": letter.contact_person or "",
            "contact_phone": letter.contact_phone or "",
            "copied_to": list(letter.copied_to),
            "is_issued": True,
            "reading": {"spans": letter.spans, "inferred": letter.inferred},
        },
        measures=[Said(**sentence) for _item, sentence in _said(letter, "measure")],
        commitments=_promised(letter, found, department, written_on),
    )
    reply = write_reply(contents, on=when, by=by)
    reply.record_sent(on=when, by=by)
    return reply


@transaction.atomic
def accept_opinion(
    letter: Letter, text: str, found: Match, *, on: date, by: User | None = None
) -> CoHandlingOpinion:
    """Write a co-handling opinion (会办意见): for the lead department, never for the public."""
    proposal, department = found.proposals[0], found.answering
    assert proposal is not None and department is not None  # the caller has checked the match
    written_on = date.fromisoformat(letter.date) if letter.date else on
    return write_opinion(
        proposal,
        department,
        text=text,
        document_number=letter.document_number or "",
        on=written_on,
        by=by,
    )


@transaction.atomic
def write_opinion(
    proposal: Proposal,
    department: Department,
    *,
    text: str,
    document_number: str,
    on: date,
    by: User | None = None,
) -> CoHandlingOpinion:
    """Hand in the department's opinion: the one that was asked for, or one that comes unasked."""
    present = list(proposal.assignments.filter(ended_on=None).select_related("department"))
    roles: dict[Department, str] = {department: Assignment.Role.CO_HANDLING}
    parts = assign(proposal, roles, present, on=on, by=by, letter=document_number)
    assignment = parts[department]
    last = assignment.opinions.order_by("-round").first()
    if last and last.text == text:
        raise LetterRefused(_("this co-handling opinion is already there."))
    if last and last.state in CoHandlingOpinion.AWAITED:
        last.submit(text, on=on, document_number=document_number, by=by)
        return last
    opinion = CoHandlingOpinion.objects.create(
        assignment=assignment,
        round=last.round + 1 if last else 1,
        state=CoHandlingOpinion.State.SUBMITTED,
        text=text,
        document_number=document_number,
        requested_on=on,
        submitted_on=on,
    )
    kind = Event.Kind.OPINION_SUBMITTED
    events.record(kind, proposal, on=on, actor=by, department=department)
    return opinion


def reply_title(letter: Letter) -> str:
    """What the letter is called in lists: its issuer and what it answers."""
    what = "提案" if letter.kind == "cppcc_proposal" else "建议"
    numbers = "、".join(p.number for p in letter.proposals if p.number)
    title = f"{letter.issuer or letter.lead_department or ''}关于第{numbers}号{what}的答复"
    return title[:300]


def _said(letter: Letter, kind: str) -> Iterator[tuple[LetterMeasure, dict[str, Any]]]:
    """Each measure or commitment as it was read, with what every sentence has."""
    items = letter.commitments if kind == "commitment" else letter.measures
    for at, item in enumerate(items):
        figures = [
            Number(
                raw=each.raw,
                value=each.value,
                unit=each.unit,
                is_rank=each.rank,
                start=each.start,
                end=each.end,
            )
            for each in letter.figures
            if each.within == kind and each.item == at
        ]
        yield (
            item,
            {
                "text": item.text,
                "start": item.start,
                "end": item.end,
                "heading": item.heading or "",
                "figures": figures,
            },
        )


def _promised(
    letter: Letter, found: Match, department: Department, written_on: date | None
) -> list[Promised]:
    promised = []
    for item, sentence in _said(letter, "commitment"):
        assert isinstance(item, LetterCommitment)
        named = list(
            dict.fromkeys(found.departments[n] for n in item.departments if n in found.departments)
        )
        promised.append(
            Promised(
                **sentence,
                keeper=_keeper(item, found.departments) or department,
                supporting=named,
                printed=item.departments,
                due_text=item.due or "",
                due_on=resolve(item.due, written_on) if item.due and written_on else None,
                strength=item.strength,
            )
        )
    return promised


def _keeper(item: LetterCommitment, departments: dict[str, Department]) -> Department | None:
    """由省财政厅牵头…: a promise that names its own keeper. Else it is the issuer's."""
    first = next(iter(item.departments), None)
    return departments.get(first) if first and f"由{first}" in item.text else None


def category_of(code: str, proposal: Proposal, *, on: date) -> Category | None:
    """The category of that code in the assembly's scheme on that day."""
    if not code:
        return None
    scheme = CategoryScheme.objects.filter(assembly=proposal.assembly).valid(on=on).first()
    return scheme.categories.filter(code__iexact=code).order_by("pk").first() if scheme else None


def take_part(
    proposals: Sequence[Proposal],
    department: Department,
    co_handlers: Sequence[Department],
    *,
    on: date,
    by: User | None = None,
    letter: str = "",
) -> None:
    """Everybody who answers or helps has a part in every proposal that the letter answers."""
    for proposal in proposals:
        present = list(proposal.assignments.filter(ended_on=None).select_related("department"))
        if any(a.role in Assignment.ANSWERING and a.department != department for a in present):
            role = Assignment.Role.SEPARATE
        else:
            role = Assignment.Role.LEAD if co_handlers else Assignment.Role.SOLE
        parts = dict.fromkeys(co_handlers, Assignment.Role.CO_HANDLING)
        parts.pop(department, None)
        assign(proposal, {**parts, department: role}, present, on=on, by=by, letter=letter)
