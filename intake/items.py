"""What a clerk does with the measures and commitments of a letter: split, merge, add, move."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from intake.entry import COMMITMENT, Entry, Item, names_in
from intake.paper import Paper

# What ends a sentence or a line.
ENDS = "。！？；\n"


def as_date(text: str) -> date | None:
    """A typed or read date; None where it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def split(entry: Entry, at: int, *, place: int, paper: Paper) -> int:
    """Cut an item in two at that place of the letter; answers where the second now stands."""
    item = _item(entry, at)
    if place not in dict(paper.joints(*item.place)):
        raise ValidationError(_("Choose where the sentence is cut in two."))
    first = _reread(replace(item, end=place, sentence=""), entry, paper)
    second = _reread(replace(item, start=place, sentence=""), entry, paper)
    entry.items[at : at + 1] = [first, second]
    return at + 1


def following(entry: Entry, item: Item, paper: Paper) -> Item | None:
    """The next of its kind, if nothing of the letter stands between: merging would swallow it."""
    later = [each for each in entry.items if each.place > item.place]
    after = min(later, key=lambda each: each.place, default=None)
    if after is None or after.kind != item.kind:
        return None
    between = paper.text[item.end : after.start].strip(f"{ENDS}\u3000 ")
    return None if any(sign in between for sign in ENDS) else after


def merge(entry: Entry, at: int, *, paper: Paper) -> int:
    """Make one of an item and the next of its kind."""
    item = _item(entry, at)
    after = following(entry, item, paper)
    if after is None:
        raise ValidationError(_("No other one of this kind follows in the letter."))
    merged = replace(
        item,
        end=max(item.end, after.end),
        origin=list(dict.fromkeys([*item.origin, *after.origin])),
        supporting="、".join(
            name
            for name in names_in(f"{item.supporting}、{after.keeper}、{after.supporting}")
            if name != item.keeper
        ),
        sentence="",
    )
    entry.items[at] = _reread(merged, entry, paper)
    entry.items.remove(after)
    return entry.items.index(entry.items[at if at < len(entry.items) else -1])


def delete(entry: Entry, at: int) -> None:
    _item(entry, at)
    del entry.items[at]


def add(entry: Entry, kind: str, words: str, *, near: int | None, paper: Paper) -> int:
    """Add a sentence of the letter; answers where it now stands among the items."""
    start, end = paper.find(words, near=near)
    if any(item.kind == kind and item.place == (start, end) for item in entry.items):
        raise ValidationError(_("This sentence is there already."))
    said = paper.reread(start, end, as_date(entry["date"]))
    item = Item(kind, start, end)
    if kind == COMMITMENT:
        item.due_text, item.due_on = said["due_text"], said["due_on"]
        item.strength = said["strength"]
    item.keeper = next((each.keeper for each in entry.items if each.is_promise), "")
    entry.items.append(item)
    entry.items = entry.in_order().items
    return entry.items.index(item)


def move_to_sentences(entry: Entry, paper: Paper) -> dict[int, str]:
    """Give every item the place of the words that were typed for it.

    Answers what is wrong: {the item: a sentence}. Such an item keeps its place and its words.
    """
    wrong = {}
    for at, item in enumerate(entry.items):
        if not item.sentence or item.sentence == paper.said(*item.place):
            item.sentence = ""
            continue
        try:
            item.start, item.end = paper.find(item.sentence, near=item.start)
        except ValidationError as error:
            wrong[at] = " ".join(error.messages)
        else:
            item.sentence = ""
    return wrong


def _item(entry: Entry, at: int) -> Item:
    if not 0 <= at < len(entry.items):
        raise ValidationError(_("Somebody has changed this draft: look at it again."))
    return entry.items[at]


def _reread(item: Item, entry: Entry, paper: Paper) -> Item:
    """Time and strength by the item's own words; a date that was typed stays."""
    if not item.is_promise:
        return item
    said = paper.reread(*item.place, as_date(entry["date"]))
    was_read = not item.due_on or bool(item.due_text)
    if was_read:
        return replace(
            item, due_text=said["due_text"], due_on=said["due_on"], strength=said["strength"]
        )
    return replace(item, strength=said["strength"])


def heading_of(reading: Mapping[str, Any], item: Item) -> str:
    """The heading under which the item stands: as it was read, else the last one before it."""
    for name in item.origin:
        found = read_item(reading, name)
        if found:
            return found["heading"] or ""
    before = [section for section in reading["sections"] if section["start"] <= item.start]
    return before[-1]["heading"] if before else ""


def read_item(reading: Mapping[str, Any], name: str) -> dict[str, Any] | None:
    """`c3`: the third commitment that the reader read."""
    rows = reading["commitments"] if name[:1] == "c" else reading["measures"]
    number = name[1:]
    is_there = number.isascii() and number.isdigit() and 1 <= int(number[:5]) <= len(rows)
    return rows[int(number) - 1] if is_there else None


def words_of(reading: Mapping[str, Any], item: Item, paper: Paper) -> str:
    """The item's sentence: as it was read where it was not touched."""
    for name in item.origin:
        found = read_item(reading, name)
        if found and (found["start"], found["end"]) == item.place:
            return found["text"]
    return paper.said(*item.place)
