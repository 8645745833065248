"""What is proposed to the clerk before anything was typed: the entry as it follows from reading."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from assemblies.models import Assembly
from departments import naming
from departments.models import Department
from intake.entry import COMMITMENT, MEASURE, MOST_ITEMS, Answered, Entry, Item
from intake.items import as_date
from intake.matching import match
from intake.placing import likely_assembly, own_departments
from letters import Letter
from letters.due import resolve
from letters.letter import Proposal as Printed
from proposals.models import Proposal, number_key

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from intake.models import LetterDraft


def propose(draft: LetterDraft, *, user: User) -> Entry:
    """The form as it is first shown: what was read, and what follows from it."""
    reading = draft.reading
    written_on = as_date(reading["date"] or "")
    on = written_on or timezone.localdate()
    found = match(_letter(reading), on=on)
    own = own_departments(user)
    answering = found.answering if found.answering in own else None
    if answering is None:
        # A letter of another, or of nobody known: the own department is proposed, with a doubt.
        answering = next((each for each in own if each == draft.department), None)
        answering = answering or (own[0] if len(own) == 1 else None)
    kind = reading["kind"] or Proposal.Kind.SUGGESTION
    is_cppcc = kind == Proposal.Kind.CPPCC_PROPOSAL
    assembly = found.assembly or likely_assembly(
        Assembly.Kind.CPPCC if is_cppcc else Assembly.Kind.CONGRESS, answering
    )
    departments = _departments(reading, assembly, on)
    shared = naming.share_prefix(reading["co_handling_departments"])
    signed = all(reading[name] for name in ("document_number", "date", "signatory"))
    values = {
        "letter_type": reading["letter_type"],
        "kind": kind,
        "assembly": str(assembly.pk) if assembly else "",
        "term": str(reading["term"] or ""),
        "session": str(reading["session"] or ""),
        "answering": str(answering.pk) if answering else "",
        "document_number": reading["document_number"] or "",
        "category": reading["reply_category"] or "",
        "date": reading["date"] or "",
        "disclosure": reading["disclosure"] or "",
        "addressees": "、".join(reading["addressees"]),
        "co_handling": "、".join(_called(shared, departments)),
        "signatory": reading["signatory"] or "",
        "contact_person": reading["contact_person"] or "",
        "contact_phone": reading["contact_phone"] or "",
        "copied_to": "\n".join(reading["copied_to"]),
        "is_issued": "on" if signed else "",
    }
    return Entry(values, _answered(reading), _items(reading, answering, departments, written_on))


def printed_names(reading: dict[str, Any]) -> list[str]:
    """Every department that the letter names, as it names it."""
    names = naming.share_prefix(reading["co_handling_departments"])
    names += [name for item in reading["commitments"] for name in item["departments"]]
    return [*names, *([reading["issuer"]] if reading["issuer"] else [])]


def _departments(
    reading: dict[str, Any], assembly: Assembly | None, on: date
) -> dict[str, Department]:
    region = assembly.region if assembly else ""
    return naming.find(printed_names(reading), region=region, on=on)


def _called(names: list[str], departments: dict[str, Department]) -> list[str]:
    found = [departments[name].name for name in names if name in departments]
    return list(dict.fromkeys(found))


def _answered(reading: dict[str, Any]) -> list[Answered]:
    """Each proposal once: 0003 and 003 in one title are the same."""
    by_key: dict[str, Answered] = {}
    for at, printed in enumerate(reading["proposals"]):
        key = number_key(printed["number"] or "") or f"#{at}"
        by_key.setdefault(key, Answered(printed["number"] or "", printed["title"] or ""))
    return list(by_key.values()) or [Answered()]


def _items(
    reading: dict[str, Any],
    answering: Department | None,
    departments: dict[str, Department],
    written_on: date | None,
) -> list[Item]:
    measures = [
        Item(MEASURE, item["start"], item["end"], [f"m{number}"])
        for number, item in enumerate(reading["measures"], 1)
    ]
    promises = []
    for number, item in enumerate(reading["commitments"], 1):
        first = next(iter(item["departments"]), "")
        named = departments.get(first) if f"由{first}" in item["text"] else None
        keeper = named or answering
        helpers = [name for name in _called(item["departments"], departments)]
        due_on = resolve(item["due"], written_on) if item["due"] and written_on else None
        promises.append(
            Item(
                COMMITMENT,
                item["start"],
                item["end"],
                [f"c{number}"],
                keeper=keeper.name if keeper else "",
                supporting="、".join(n for n in helpers if not keeper or n != keeper.name),
                due_text=(item["due"] or "")[:100],
                due_on=due_on.isoformat() if due_on else "",
                strength=item["strength"],
            )
        )
    return Entry(items=[*measures, *promises]).in_order().items[:MOST_ITEMS]


def _letter(reading: dict[str, Any]) -> Letter:
    """As much of the letter as matching asks for."""
    names = ("kind", "issuer", "assembly", "term", "session", "lead_department")
    return Letter(
        **{name: reading[name] for name in names},
        co_handling_departments=list(reading["co_handling_departments"]),
        proposals=[Printed(p["number"], p["title"]) for p in reading["proposals"]],
    )
