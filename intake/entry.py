"""What a clerk has entered of a letter so far: the fields, what it answers, what it says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.http import QueryDict

from measures.models import Commitment

FIELDS = (
    "letter_type",
    "kind",
    "assembly",
    "term",
    "session",
    "answering",
    "document_number",
    "category",
    "date",
    "disclosure",
    "addressees",
    "co_handling",
    "signatory",
    "contact_person",
    "contact_phone",
    "copied_to",
    "is_issued",
)
MEASURE, COMMITMENT = "measure", "commitment"
KEEP, LEAVE, RETYPE = "keep", "leave", "retype"
# The choice of a proposal: the one that bears the number, which is registered if there is none.
NUMBERED = "numbered"
# So many have a letter of a hundred pages: with their fields they fit into one form.
MOST_ITEMS = 400
MOST_PROPOSALS = 50
STATED = str(Commitment.Strength.STATED)
# The third commitment, the second measure of the reading.
ORIGIN = re.compile(r"[cm][1-9][0-9]{0,3}")


@dataclass
class Item:
    """A measure or a commitment; `origin` names what the reader read there (`c3`)."""

    kind: str
    start: int
    end: int
    origin: list[str] = field(default_factory=list)
    verdict: str = KEEP
    sentence: str = ""  # as it was typed, where it is not what stands there
    keeper: str = ""
    supporting: str = ""
    due_text: str = ""
    due_on: str = ""
    strength: str = STATED

    @property
    def is_promise(self) -> bool:
        return self.kind == COMMITMENT

    @property
    def is_kept(self) -> bool:
        return self.verdict == KEEP

    @property
    def place(self) -> tuple[int, int]:
        return self.start, self.end


@dataclass
class Answered:
    """A proposal that the letter answers, and which of those in the tables it is."""

    number: str = ""
    title: str = ""
    choice: str = NUMBERED


@dataclass
class Entry:
    """The whole form, as text: nothing that was typed is lost because it does not fit."""

    values: dict[str, str] = field(default_factory=dict)
    proposals: list[Answered] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    # For a printed name that no department bears: the one that the clerk picked.
    picks: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        if name not in FIELDS:
            raise KeyError(name)  # a template then looks for an attribute of that name
        return self.values.get(name, "")

    @property
    def is_opinion(self) -> bool:
        return self["letter_type"] == "co_handling_opinion"

    @property
    def co_handling(self) -> list[str]:
        """The names of all who help: those in the field, and those that were picked."""
        return names_in("、".join([self["co_handling"], *self.picks.values()]))

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Entry:
        return cls(
            dict(data["values"]),
            [Answered(**each) for each in data["proposals"]],
            [Item(**each) for each in data["items"]],
            dict(data["picks"]),
        )

    def in_order(self) -> Entry:
        """Items as they follow each other in the letter."""
        return replace(self, items=sorted(self.items, key=lambda item: item.place))


def is_whole(data: QueryDict) -> bool:
    """Whether the form came to its last field: half a form would leave out what is not there."""
    return data.get("complete") == "1"


def typed(data: QueryDict, *, length: int) -> Entry:
    """The form as it was sent; `length` is that of the letter: no place lies beyond it."""
    values = {name: clean(data.get(name, "")) for name in FIELDS}
    proposals = [
        Answered(
            clean(data.get(f"proposal-{at}-number", "")),
            clean(data.get(f"proposal-{at}-title", "")),
            clean(data.get(f"proposal-{at}-choice", NUMBERED)),
        )
        for at in range(_count(data.get("proposals"), MOST_PROPOSALS))
    ]
    items = (_item(data, at, length) for at in range(_count(data.get("items"), MOST_ITEMS)))
    unknown, picked = data.getlist("unknown"), data.getlist("picked")
    picks = {
        clean(name): clean(pick)
        for name, pick in zip(unknown, picked, strict=False)
        if clean(name) and clean(pick)
    }
    return Entry(values, proposals, [item for item in items if item], picks)


def _item(data: QueryDict, at: int, length: int) -> Item | None:
    def of(name: str) -> str:
        return clean(data.get(f"item-{at}-{name}", ""))

    first, _dash, last = of("place").partition("-")
    if not (first.isascii() and first.isdigit() and last.isascii() and last.isdigit()):
        return None
    start, end = int(first[:9]), min(int(last[:9]), length)
    if start >= end:
        return None
    kind = MEASURE if of("kind") == MEASURE else COMMITMENT
    verdict = of("verdict")
    if verdict == RETYPE:
        kind = COMMITMENT if kind == MEASURE else MEASURE
    return Item(
        kind=kind,
        start=start,
        end=end,
        origin=[name for name in of("origin").split() if ORIGIN.fullmatch(name)],
        verdict=LEAVE if verdict == LEAVE else KEEP,
        sentence=of("sentence"),
        keeper=of("keeper"),
        supporting=of("supporting"),
        due_text=of("due_text"),
        due_on=of("due_on"),
        strength=of("strength") if of("strength") in Commitment.Strength else STATED,
    )


def clean(text: str) -> str:
    """As it was typed, without the sign that PostgreSQL refuses."""
    return text.replace("\r\n", "\n").replace("\x00", "").strip()


def _count(text: str | None, most: int) -> int:
    return min(int(text), most) if text and text.isascii() and text.isdigit() else 0


def names_in(text: str) -> list[str]:
    """The names of a typed list, each once: 省财政厅、省科技厅."""
    for mark in "，,；;\n":
        text = text.replace(mark, "、")
    return list(dict.fromkeys(name.strip() for name in text.split("、") if name.strip()))
