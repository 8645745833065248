"""From the form to rows: the proposals that are answered, the reply with all that it says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from assemblies.models import Session
from intake.accepting import take_part
from intake.checking import is_given
from intake.creating import register_proposal
from intake.entry import Entry, Item, names_in
from intake.items import as_date, heading_of, read_item, words_of
from intake.paper import Paper
from intake.placing import Choice, Placed, whole
from intake.writing import Contents, Number, Promised, Said, write_reply
from proposals.models import Proposal

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from departments.models import Department
    from intake.models import LetterDraft
    from proposals.models import Reply


def answering_of(placed: Placed) -> Department:
    assert placed.answering is not None  # problems_of has said so
    return placed.answering


def find_or_register(entry: Entry, placed: Placed, by: User) -> list[Proposal]:
    """Those that are answered, each once; registered now where they are not there yet."""
    assert placed.assembly is not None  # problems_of has said so
    if placed.session is None:
        term, number = whole(entry["term"]), whole(entry["session"])
        assert term and number  # problems_of has said so
        placed.session = Session(assembly=placed.assembly, term=term, number=number)
        placed.session.full_clean()
        placed.session.save()
    found: list[Proposal] = []
    for at, choice in enumerate(placed.choices):
        if not is_given(choice):
            continue
        proposal = choice.chosen
        if proposal is None:
            proposal = _register(choice, entry, placed, at=at, by=by)
        if proposal not in found:
            found.append(proposal)
    return found


def _register(choice: Choice, entry: Entry, placed: Placed, *, at: int, by: User) -> Proposal:
    assert placed.session is not None  # made before
    try:
        return register_proposal(
            placed.session,
            number=choice.answered.number,
            title=choice.answered.title,
            kind=entry["kind"],
            sponsors=names_in(entry["addressees"]),
            on=timezone.localdate(),
            by=by,
            letter=entry["document_number"],
        )
    except ValidationError as error:
        raise ValidationError({f"proposal-{at}": error.messages}) from error


def compose_reply(
    draft: LetterDraft,
    entry: Entry,
    placed: Placed,
    paper: Paper,
    *,
    proposals: Sequence[Proposal],
    by: User,
) -> Reply:
    department, number = answering_of(placed), entry["document_number"]
    co_handlers = [d for d in placed.called(entry.co_handling) if d != department]
    today = timezone.localdate()
    take_part(proposals, department, co_handlers, on=today, by=by, letter=number)
    contents = Contents(
        proposal=proposals[0],
        also_answers=proposals[1:],
        department=department,
        co_handlers=co_handlers,
        text=draft.letter_file.text,
        fields={
            "document_number": number,
            "title": _title(entry, department),
            "category": placed.category_of.get(entry["category"].upper()),
            "date": as_date(entry["date"]),
            "signatory": entry["signatory"],
            "contact_person": entry["contact_person"],
            "contact_phone": entry["contact_phone"],
            "copied_to": [line for line in entry["copied_to"].splitlines() if line.strip()],
            "is_issued": bool(entry["is_issued"]),
            "reading": {name: draft.reading[name] for name in ("spans", "inferred")},
        },
        **_sentences(draft, entry, placed, paper, department=department),
    )
    try:
        with transaction.atomic():
            return write_reply(contents, on=today, by=by)
    except ValidationError as error:
        raise ValidationError({"document_number": error.messages}) from error


def _title(entry: Entry, department: Department) -> str:
    what = "提案" if entry["kind"] == Proposal.Kind.CPPCC_PROPOSAL else "建议"
    numbers = "、".join(each.number for each in entry.proposals if each.number)
    return f"{department.name}关于第{numbers}号{what}的答复"[:300]


def _sentences(
    draft: LetterDraft, entry: Entry, placed: Placed, paper: Paper, *, department: Department
) -> dict[str, list]:
    """The measures and the commitments that were kept, with their figures."""
    measures: list[Said] = []
    promises: list[Promised] = []
    taken: set[tuple[int, int]] = set()
    kept = [item for item in entry.in_order().items if item.is_kept]
    # A figure that stands in both is the promise's: it is what will be looked at.
    for item in sorted(kept, key=lambda item: not item.is_promise):
        figures = [
            figure
            for figure in _figures(draft, item, paper, entry)
            if (figure.start, figure.end) not in taken
        ]
        taken.update((figure.start, figure.end) for figure in figures)
        sentence: dict[str, Any] = {
            "text": words_of(draft.reading, item, paper),
            "start": item.start,
            "end": item.end,
            "heading": heading_of(draft.reading, item),
            "figures": figures,
        }
        if not item.is_promise:
            measures.append(Said(**sentence))
            continue
        keepers = placed.called(names_in(item.keeper))
        helpers = placed.called(names_in(item.supporting))
        printed = [
            name
            for origin in item.origin
            for name in (read_item(draft.reading, origin) or {}).get("departments", [])
        ]
        promises.append(
            Promised(
                **sentence,
                keeper=keepers[0] if keepers else department,
                supporting=[*keepers[1:], *helpers],
                printed=[name for name in printed if name in sentence["text"]],
                due_text=item.due_text,
                due_on=as_date(item.due_on),
                strength=item.strength,
            )
        )
    return {"measures": measures, "commitments": promises}


def _figures(draft: LetterDraft, item: Item, paper: Paper, entry: Entry) -> list[Number]:
    """The numbers of a sentence: as they were read where it is untouched, else read anew."""
    reading = draft.reading
    rows = None
    for origin in item.origin:
        found = read_item(reading, origin)
        if found and (found["start"], found["end"]) == item.place:
            kind = "commitment" if origin.startswith("c") else "measure"
            at = int(origin[1:]) - 1
            rows = [f for f in reading["figures"] if f["in"] == kind and f["item"] == at]
    if rows is None:
        rows = paper.reread(*item.place, as_date(entry["date"]))["figures"]
    return [
        Number(
            raw=row["raw"],
            value=row["value"],
            unit=row["unit"],
            is_rank=row["rank"],
            start=row["start"],
            end=row["end"],
        )
        for row in rows
    ]
