"""What a clerk should look at, with the reason in words: inferred, not read, not found, unclear."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from departments import naming
from intake.entry import NUMBERED, Entry, Item, names_in
from intake.items import as_date, read_item
from intake.placing import NO_PART, Choice, Placed, whole
from letters.due import resolve
from measures.models import Commitment
from proposals.models import Proposal, Reply, number_key

# Which field one of the reader's own warnings is about, by a word of it.
ABOUT = {
    "发文单位": "answering",
    "日期": "date",
    "称呼": "addressees",
    "编号": "proposals",
    "标题": "proposals",
    "政协": "kind",
    "届次": "term",
}
# What a letter always prints, or should: its absence is said.
EXPECTED = {
    "document_number": gettext_lazy("No document number was read in the letter."),
    "category": gettext_lazy("No category was read in the letter."),
    "signatory": gettext_lazy("No signatory was read in the letter."),
    "disclosure": gettext_lazy("The letter does not say whether it is public."),
}
# What was read under another name than the field's.
READ_AS = {
    "category": "reply_category",
    "answering": "issuer",
    "co_handling": "co_handling_departments",
}
YEAR = re.compile(r"20\d\d年")


@dataclass(frozen=True)
class Doubt:
    """`at` is the field's name, or `item-3`, or `proposal-0`."""

    at: str
    reason: str | Promise


def doubts_of(entry: Entry, reading: dict[str, Any], placed: Placed) -> list[Doubt]:
    """All of them, fields first, in the order of the form."""
    found = [
        *_of_reading(entry, reading),
        *_of_place(entry, reading, placed),
        *_of_departments(entry, reading, placed),
        *_of_same_number(entry, placed),
    ]
    for at, choice in enumerate(placed.choices):
        found += [Doubt(f"proposal-{at}", reason) for reason in _of_choice(choice, entry, placed)]
    if not entry.is_opinion:
        for at, item in enumerate(entry.items):
            if item.is_promise and item.is_kept:
                reasons = _of_promise(item, entry, reading, placed)
                found += [Doubt(f"item-{at}", reason) for reason in reasons]
    return list(dict.fromkeys(found))


def _of_reading(entry: Entry, reading: dict[str, Any]) -> Iterator[Doubt]:
    """What the reader itself doubts, as long as the field holds what it read or nothing."""
    for name, reason in reading["inferred"].items():
        for field in [name, *(mine for mine, theirs in READ_AS.items() if theirs == name)]:
            if field in entry.values and name != "lead_department":
                yield Doubt(field, reason)
    for warning in reading["warnings"]:
        field = next((at for word, at in ABOUT.items() if word in warning), "")
        if field == "proposals":
            if any(each.number and each.title for each in entry.proposals):
                continue
            field = "proposal-0"
        elif field and entry[field]:
            continue
        yield Doubt(field, warning)
    for field, absent in EXPECTED.items():
        if not entry[field] and not reading[READ_AS.get(field, field)]:
            yield Doubt(field, absent)


def _of_place(entry: Entry, reading: dict[str, Any], placed: Placed) -> Iterator[Doubt]:
    if placed.assembly is None:
        yield Doubt("assembly", _("Choose the assembly whose proposal is answered."))
    elif _is_elsewhere(reading, placed):
        yield Doubt(
            "assembly",
            _("No assembly fits the letter's issuer: the one that you answer most is proposed."),
        )
    if placed.session is None and whole(entry["term"]) and whole(entry["session"]):
        if placed.assembly:
            yield Doubt("session", _("This session is not there yet: it is made on accepting."))
    elif placed.session is None:
        yield Doubt("session", _("Give the term and the session, as numbers."))
    if entry["category"] and entry["category"].upper() not in placed.category_of:
        yield Doubt(
            "category",
            _("“%(code)s” is no category of this assembly.") % {"code": entry["category"]},
        )
    if entry["date"] and as_date(entry["date"]) is None:
        yield Doubt("date", _("Write the date as 2026-05-20."))


def _is_elsewhere(reading: dict[str, Any], placed: Placed) -> bool:
    """福建省… in a letter that is now filed under an assembly of another region."""
    region = placed.assembly.region if placed.assembly else ""
    issuer = reading["issuer"] or ""
    level = next((level for level in naming.LEVELS if level in issuer[1:8]), "")
    place = issuer.split(level, 1)[0] + level if level else ""
    return len(place) > 2 and bool(region) and place not in region and region not in place


def _of_departments(entry: Entry, reading: dict[str, Any], placed: Placed) -> Iterator[Doubt]:
    issuer = reading["issuer"] or ""
    if placed.answering is None:
        yield Doubt("answering", _("Choose the department that answers."))
    elif issuer and placed.departments.get(issuer) != placed.answering:
        yield Doubt(
            "answering",
            _("The letter is signed by “%(issuer)s”: your own department is proposed.")
            % {"issuer": issuer},
        )
    elif not issuer:
        yield Doubt("answering", _("No issuer was read: your own department is proposed."))
    printed = reading["co_handling_departments"]
    shared = naming.share_prefix(printed)
    added = [whole_ for short, whole_ in zip(printed, shared, strict=True) if short != whole_]
    if added and names_in(entry["co_handling"]):
        yield Doubt(
            "co_handling",
            _("The letter leaves the level out: it was added to %(names)s.")
            % {"names": "、".join(added)},
        )
    unknown = [name for name in placed.unknown(shared) if name not in entry.picks]
    if unknown:
        yield Doubt(
            "co_handling",
            _("No department is called %(names)s: pick one, or it is left out.")
            % {"names": "、".join(f"“{name}”" for name in unknown)},
        )


def _of_same_number(entry: Entry, placed: Placed) -> Iterator[Doubt]:
    if entry.is_opinion or not (entry["document_number"] and placed.answering):
        return
    same = Reply.objects.filter(
        document_number=entry["document_number"], department=placed.answering
    )
    if same.exists():
        yield Doubt("document_number", _("A reply with this document number is already there."))


def _of_choice(choice: Choice, entry: Entry, placed: Placed) -> Iterator[str | Promise]:
    answered, chosen = choice.answered, choice.chosen
    if not (answered.number or answered.title):
        yield _("Give the number of the proposal that is answered.")
        return
    if chosen is None:
        if answered.choice != NUMBERED:
            yield _("This proposal is no longer among those that you see: choose again.")
        elif not number_key(answered.number):
            yield _("Give the number of the proposal that is answered.")
        else:
            yield _("No proposal of this number is registered: it is registered on accepting.")
        return
    if not choice.is_own:
        yield NO_PART
    if answered.choice == NUMBERED and not choice.is_seen:
        return
    if number_key(chosen.number) != number_key(answered.number):
        yield _("The proposal has another number than the letter prints.")
    if answered.title and chosen.title != answered.title:
        yield _("It is registered as “%(title)s”.") % {"title": chosen.title}
    if chosen.state in Proposal.SETTLED:
        yield _("It is settled already: %(state)s.") % {"state": chosen.get_state_display()}


def _of_promise(item: Item, entry: Entry, reading: dict[str, Any], placed: Placed) -> Iterator[str]:
    if not item.due_on and item.strength == Commitment.Strength.STUDY:
        yield _("It is to be studied only, and has no date.")
    if _is_by_the_letters_year(item, entry):
        yield _("The letter says “%(due)s”: the date follows from the letter's.") % {
            "due": item.due_text
        }
    if item.due_text and not item.due_on:
        yield _("“%(due)s” is no date of the calendar: give one, or leave it open.") % {
            "due": item.due_text
        }
    if item.due_on and as_date(item.due_on) is None:
        yield _("Write the date as 2026-05-20.")
    names = names_in(item.supporting)
    printed = [
        name
        for origin in item.origin
        for name in (read_item(reading, origin) or {}).get("departments", [])
    ]
    unknown = placed.unknown([*names_in(item.keeper), *names, *printed])
    if unknown:
        yield _("No department is called %(names)s: pick one, or it is left out.") % {
            "names": "、".join(f"“{name}”" for name in dict.fromkeys(unknown))
        }
    elif names:
        yield _("It names %(names)s: do they answer for it too?") % {"names": "、".join(names)}


def _is_by_the_letters_year(item: Item, entry: Entry) -> bool:
    """9月底前: a date without its year, which follows from that of the letter."""
    if not (item.due_text and item.due_on) or YEAR.search(item.due_text):
        return False
    return as_date(item.due_on) == resolve(item.due_text, as_date(entry["date"]))
