"""What a clerk put right in what was read: kept with each accepted draft, counted by field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from intake.entry import FIELDS, Entry, Item
from intake.items import read_item, words_of
from intake.models import FieldCorrection, LetterDraft
from intake.paper import Paper
from intake.placing import Placed

# What is compared, beside the fields of the form: in the order of the table.
OF_PROPOSALS = ("proposal_number", "proposal_title")
OF_ITEMS = (
    "item_retyped",
    "item_left_out",
    "item_split",
    "item_merged",
    "item_extent",
    "item_added",
    "item_due",
    "item_strength",
    "item_departments",
)
LABELS: dict[str, str | Promise] = {
    "letter_type": _("What it is"),
    "document_number": _("Document number"),
    "category": _("Category"),
    "date": _("Date of the letter"),
    "answering": _("Answering department"),
    "co_handling": _("Co-handling departments"),
    "assembly": _("Assembly"),
    "term": _("Term"),
    "session": _("Session"),
    "kind": _("Kind"),
    "addressees": _("Addressees"),
    "signatory": _("Signatory"),
    "disclosure": _("Disclosure"),
    "contact_person": _("Contact person"),
    "contact_phone": _("Contact phone"),
    "copied_to": _("Copied to"),
    "is_issued": _("Already signed and sent on paper: after review it is sent"),
}
NAMES: dict[str, str | Promise] = {
    **LABELS,
    "proposal_number": _("Number of the proposal"),
    "proposal_title": _("Title of the proposal"),
    "item_retyped": _("Sentence of the other kind"),
    "item_left_out": _("Sentence left out"),
    "item_split": _("Sentence split"),
    "item_merged": _("Sentences merged"),
    "item_extent": _("Extent of a sentence"),
    "item_added": _("Sentence added"),
    "item_due": _("Due date of a commitment"),
    "item_strength": _("Strength of a commitment"),
    "item_departments": _("Departments of a commitment"),
}
# How far the letter had got, and not what it says.
NOT_READ = ("is_issued",)
COUNTED = (*(name for name in FIELDS if name not in NOT_READ), *OF_PROPOSALS, *OF_ITEMS)


def corrections_of(
    draft: LetterDraft, entry: Entry, proposed: Entry, *, placed: Placed, paper: Paper
) -> list[FieldCorrection]:
    """One row for each value that is not what was read, and for each item that was changed."""
    found = [*_fields(draft.reading, entry, proposed, placed), *_proposals(entry, proposed)]
    if not entry.is_opinion:
        found += _items(draft.reading, entry, proposed, paper)
    return [
        FieldCorrection(draft=draft, field=field, read=read, corrected=corrected)
        for field, read, corrected in found
    ]


Row = tuple[str, str, str]


def _fields(
    reading: dict[str, Any], entry: Entry, proposed: Entry, placed: Placed
) -> Iterator[Row]:
    for name in FIELDS:
        if name in NOT_READ or name in ("answering", "assembly"):
            continue
        if entry[name] != proposed[name]:
            yield name, proposed[name], entry[name]
    # Departments and assemblies are chosen rows: what was read is their printed name.
    answering, issuer = placed.answering, reading["issuer"] or ""
    if answering and placed.departments.get(issuer) != answering:
        yield "answering", issuer, answering.name
    if placed.assembly and entry["assembly"] != proposed["assembly"]:
        yield "assembly", reading["assembly"] or "", placed.assembly.name


def _proposals(entry: Entry, proposed: Entry) -> Iterator[Row]:
    for at in range(max(len(entry.proposals), len(proposed.proposals))):
        now = entry.proposals[at] if at < len(entry.proposals) else None
        before = proposed.proposals[at] if at < len(proposed.proposals) else None
        for field, name in zip(OF_PROPOSALS, ("number", "title"), strict=True):
            read, corrected = (getattr(each, name) if each else "" for each in (before, now))
            if read != corrected:
                yield field, read, corrected


def _items(reading: dict[str, Any], entry: Entry, proposed: Entry, paper: Paper) -> Iterator[Row]:
    before = {item.origin[0]: item for item in proposed.items}
    kept = [item for item in entry.items if item.is_kept]
    times = Counter(name for item in kept for name in item.origin)
    # Of a forged form: what the reader never read.
    unread = set(times) - set(before)
    for name in before:
        if not times[name]:
            yield "item_left_out", (read_item(reading, name) or {})["text"], ""
        elif times[name] > 1:
            parts = [words_of(reading, item, paper) for item in kept if name in item.origin]
            yield "item_split", (read_item(reading, name) or {})["text"], "\n".join(parts)
    for item in kept:
        words = words_of(reading, item, paper)
        if unread.issuperset(item.origin):
            yield "item_added", "", words
        elif len(item.origin) > 1:
            yield "item_merged", "", words
        elif times[item.origin[0]] == 1:
            yield from _changed(item, before[item.origin[0]], words, reading)


def _changed(item: Item, before: Item, words: str, reading: dict[str, Any]) -> Iterator[Row]:
    """One item that is still one: its kind, its extent, its date, strength and departments."""
    read = (read_item(reading, item.origin[0]) or {})["text"]
    if item.kind != before.kind:
        yield "item_retyped", before.kind, item.kind
        return
    if item.place != before.place:
        yield "item_extent", read, words
    if not item.is_promise:
        return
    if item.due_on != before.due_on:
        yield "item_due", before.due_on, item.due_on
    if item.strength != before.strength:
        yield "item_strength", before.strength, item.strength
    now, then = f"{item.keeper}；{item.supporting}", f"{before.keeper}；{before.supporting}"
    if now != then:
        yield "item_departments", then, now


@dataclass(frozen=True)
class Accuracy:
    """Of so many accepted letters, in how many the field was corrected."""

    field: str
    letters: int
    corrected: int

    @property
    def label(self) -> str | Promise:
        return NAMES.get(self.field, self.field)

    @property
    def rate(self) -> float:
        return 100 * self.corrected / self.letters if self.letters else 0.0


def accuracy() -> list[Accuracy]:
    """By field, over all letters that clerks have reviewed and accepted. Counts only."""
    reviewed = LetterDraft.objects.filter(state=LetterDraft.State.ACCEPTED).exclude(entry={})
    total = reviewed.count()
    rows = FieldCorrection.objects.filter(draft__in=reviewed).order_by().values_list("field")
    counts = dict(rows.annotate(Count("draft", distinct=True)))
    return [Accuracy(field, total, counts.get(field, 0)) for field in COUNTED]
