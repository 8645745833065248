"""What has to be put right before a letter can be accepted, in a clerk's words."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from intake.entry import NUMBERED, Entry, Item, names_in
from intake.items import as_date
from intake.placing import NO_PART, Choice, Placed, whole
from proposals.models import Proposal, Reply, number_key

MOST_SIGNS = {"document_number": 60, "signatory": 50, "contact_person": 50, "contact_phone": 50}


def problems_of(entry: Entry, placed: Placed) -> dict[str, str]:
    """What has to be put right before the letter can be accepted, by the place in the form."""
    found = dict(_of_fields(entry, placed))
    if not any(is_given(choice) for choice in placed.choices):
        found["proposal-0"] = _("Give the number of the proposal that is answered.")
    for at, choice in enumerate(placed.choices):
        problem = _problem_of(choice) if is_given(choice) else ""
        if problem:
            found[f"proposal-{at}"] = problem
    for at, item in enumerate(() if entry.is_opinion else entry.items):
        problem = _problem_of_item(item, placed) if item.is_kept else ""
        if problem:
            found[f"item-{at}"] = problem
    return found


def _of_fields(entry: Entry, placed: Placed) -> Iterator[tuple[str, str]]:
    yield from _of_place(entry, placed)
    if entry["date"] and as_date(entry["date"]) is None:
        yield "date", _("Write the date as 2026-05-20.")
    unknown = placed.unknown(entry.co_handling)
    if unknown:
        names = "、".join(f"“{name}”" for name in unknown)
        yield "co_handling", _("No department is called %(names)s.") % {"names": names}
    number = entry["document_number"]
    if number and placed.answering and not entry.is_opinion:
        same = Reply.objects.filter(document_number=number, department=placed.answering)
        if same.exists():
            yield "document_number", _("A reply with this document number is already there.")
    for name, most in MOST_SIGNS.items():
        if len(entry[name]) > most:
            yield name, _("This is too long: at most %(most)s signs.") % {"most": most}


def _of_place(entry: Entry, placed: Placed) -> Iterator[tuple[str, str]]:
    if placed.answering is None:
        yield "answering", _("Choose the department that answers.")
    if placed.assembly is None:
        yield "assembly", _("Choose the assembly whose proposal is answered.")
    if placed.session is None and not (whole(entry["term"]) and whole(entry["session"])):
        yield "session", _("Give the term and the session, as numbers.")
    code = entry["category"]
    if code and placed.categories and code.upper() not in placed.category_of:
        yield "category", _("“%(code)s” is no category of this assembly.") % {"code": code}


def is_given(choice: Choice) -> bool:
    answered = choice.answered
    return bool(answered.number or answered.title or answered.choice != NUMBERED)


def _problem_of(choice: Choice) -> str:
    is_numbered, proposal = choice.answered.choice == NUMBERED, choice.chosen
    if is_numbered and not number_key(choice.answered.number):
        return _("Give the number of the proposal that is answered.")
    if proposal is None:
        return "" if is_numbered else _("Choose again: you do not see this proposal.")
    if proposal.state in Proposal.NEVER_PUBLIC:
        return _("This proposal is not open for a reply: ask the deputies' office.")
    return "" if choice.is_own else str(NO_PART)


def _problem_of_item(item: Item, placed: Placed) -> str:
    if item.sentence:
        return _("The letter does not say this: copy the words as they stand.")
    if not item.is_promise:
        return ""
    if item.due_on and as_date(item.due_on) is None:
        return _("Write the date as 2026-05-20.")
    unknown = placed.unknown([*names_in(item.keeper), *names_in(item.supporting)])
    if unknown:
        names = "、".join(f"“{name}”" for name in unknown)
        return _("No department is called %(names)s.") % {"names": names}
    return ""
