"""What reading a reply letter (答复函) yields: values, items and figures, each with its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Span(NamedTuple):
    """A half-open range of characters of the original text."""

    start: int
    end: int


@dataclass(frozen=True)
class Section:
    """A heading of the letter's outline: level 1 is 一、, 2 is （一）, 3 is 1., 4 is （1）."""

    heading: str
    level: int
    start: int
    end: int

    def as_dict(self) -> dict[str, Any]:
        return {
            "heading": self.heading,
            "level": self.level,
            "start": self.start,
            "end": self.end,
        }


@dataclass(frozen=True)
class Measure:
    """Something done, in force or under way (已办事项)."""

    text: str
    start: int
    end: int
    heading: str | None = None

    def as_dict(self) -> dict[str, Any]:
        return {"text": self.text, "start": self.start, "end": self.end, "heading": self.heading}


@dataclass(frozen=True)
class Commitment(Measure):
    """An undertaking about the future (承诺事项).

    `due` is the time as printed; `letters.due.resolve` turns it into a date.
    `strength` is firm, stated, soft, study or conditional.
    """

    departments: tuple[str, ...] = ()
    due: str | None = None
    strength: str = "stated"

    def as_dict(self) -> dict[str, Any]:
        return {
            **super().as_dict(),
            "departments": list(self.departments),
            "due": self.due,
            "strength": self.strength,
        }


@dataclass(frozen=True)
class Figure:
    """A number with its unit inside a measure or a commitment.

    `value` is a plain decimal string with 万 and 亿 multiplied out. `within` is "measure" or
    "commitment" (the key `in` of the JSON), and `item` the index in that list.
    """

    raw: str
    value: str
    unit: str
    rank: bool
    within: str
    item: int
    start: int
    end: int

    def as_dict(self) -> dict[str, Any]:
        return {
            "raw": self.raw,
            "value": self.value,
            "unit": self.unit,
            "rank": self.rank,
            "in": self.within,
            "item": self.item,
            "start": self.start,
            "end": self.end,
        }


@dataclass(frozen=True)
class Proposal:
    """A suggestion (建议) or proposal (提案) the letter answers; a part not printed is None."""

    number: str | None
    title: str | None

    def as_dict(self) -> dict[str, Any]:
        return {"number": self.number, "title": self.title}


@dataclass
class Letter:
    """A read letter. A value that is not in the letter is None or an empty list.

    `spans` maps a field name ("issuer", "addressees.0", "proposals.0.number") to its place in
    the original text. `inferred` maps the name of a value that was concluded rather than read
    to the reason, in Chinese.
    """

    letter_type: str = "reply"
    kind: str | None = None
    issuer: str | None = None
    document_number: str | None = None
    reply_category: str | None = None
    assembly: str | None = None
    term: int | None = None
    session: int | None = None
    proposals: list[Proposal] = field(default_factory=list)
    addressees: list[str] = field(default_factory=list)
    addressee_count: int | None = None
    lead_department: str | None = None
    co_handling_departments: list[str] = field(default_factory=list)
    date: str | None = None
    disclosure: str | None = None
    signatory: str | None = None
    contact_person: str | None = None
    contact_phone: str | None = None
    copied_to: list[str] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    measures: list[Measure] = field(default_factory=list)
    commitments: list[Commitment] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    spans: dict[str, Span] = field(default_factory=dict)
    inferred: dict[str, str] = field(default_factory=dict)
    is_letter: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The letter as JSON-ready data, keys in the fixed order of the command's output."""
        return {
            "letter_type": self.letter_type,
            "kind": self.kind,
            "issuer": self.issuer,
            "document_number": self.document_number,
            "reply_category": self.reply_category,
            "assembly": self.assembly,
            "term": self.term,
            "session": self.session,
            "proposals": [proposal.as_dict() for proposal in self.proposals],
            "addressees": list(self.addressees),
            "addressee_count": self.addressee_count,
            "lead_department": self.lead_department,
            "co_handling_departments": list(self.co_handling_departments),
            "date": self.date,
            "disclosure": self.disclosure,
            "signatory": self.signatory,
            "contact_person": self.contact_person,
            "contact_phone": self.contact_phone,
            "copied_to": list(self.copied_to),
            "sections": [section.as_dict() for section in self.sections],
            "measures": [measure.as_dict() for measure in self.measures],
            "commitments": [commitment.as_dict() for commitment in self.commitments],
            "figures": [figure.as_dict() for figure in self.figures],
            "warnings": list(self.warnings),
        }
