"""What the review page shows: fields with their reasons, items with theirs, the letter marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from departments import naming
from departments.models import Department
from intake.corrections import LABELS
from intake.doubts import READ_AS, Doubt, doubts_of
from intake.entry import COMMITMENT, MEASURE, NUMBERED, Entry, Item
from intake.items import following, words_of
from intake.paper import Mark, Paper
from intake.placing import Choice, Placed
from measures.models import Commitment
from proposals.models import Proposal

Options = Sequence[tuple[str, str | Promise]]
MOST_NAMES = 1000

# Which fields stand together, in the order of the form.
OF_LETTER = (
    "document_number",
    "category",
    "date",
    "signatory",
    "disclosure",
    "answering",
    "co_handling",
    "contact_person",
    "contact_phone",
    "copied_to",
    "letter_type",
    "is_issued",
)
OF_PROPOSAL = ("assembly", "term", "session", "kind", "addressees")
LONG = ("co_handling", "copied_to", "addressees", "answering", "assembly")


@dataclass
class Field:
    """One control with what has to be said of it."""

    name: str
    label: str | Promise
    value: str
    widget: str = "text"
    options: Options = ()
    doubts: list[str | Promise] = field(default_factory=list)
    problem: str = ""
    is_read: bool = False

    @property
    def has_place(self) -> bool:
        """Whether a letter prints it at one place."""
        return self.name not in ("letter_type", "kind")

    @property
    def is_long(self) -> bool:
        return self.name in LONG


@dataclass
class Line:
    """One measure or commitment on the page."""

    at: int
    item: Item
    number: int
    words: str
    joints: Sequence[tuple[int, str]]
    has_next: bool
    doubts: list[str | Promise] = field(default_factory=list)
    problem: str = ""

    @property
    def sentence(self) -> str:
        """The words in the box that changes its extent."""
        return self.item.sentence or self.words

    @property
    def is_sure(self) -> bool:
        return not (self.doubts or self.problem)


@dataclass
class Answer:
    """One proposal of the letter with those that it may be."""

    at: int
    choice: Choice
    doubts: list[str | Promise]
    problem: str = ""

    @property
    def is_numbered(self) -> bool:
        return self.choice.answered.choice == NUMBERED


@dataclass
class Page:
    letter: list[Field]
    proposal: list[Field]
    answers: list[Answer]
    promises: list[Line]
    measures: list[Line]
    parts: list[dict[str, Any]]
    doubts: list[tuple[str, str | Promise, str | Promise]]  # where, its name, the reason
    unknown: list[tuple[str, str]]  # a printed name that nobody bears, and who was picked
    names: list[str]
    counts: dict[str, int]
    strengths: Options = tuple(Commitment.Strength.choices)


def page_of(
    entry: Entry,
    reading: Mapping[str, Any],
    *,
    placed: Placed,
    paper: Paper,
    problems: Mapping[str, str] | None = None,
) -> Page:
    """All of it; `problems` are what kept it from being accepted, by place."""
    problems = problems or {}
    doubts = doubts_of(entry, dict(reading), placed)
    reasons: dict[str, list[str | Promise]] = {}
    for doubt in doubts:
        reasons.setdefault(doubt.at, []).append(doubt.reason)
    fields = {
        name: _field(name, entry, reading, placed, reasons, problems)
        for name in (*OF_LETTER, *OF_PROPOSAL)
    }
    lines = _lines(entry, reading, paper, reasons, problems)
    promises = [line for line in lines if line.item.is_promise]
    measures = [line for line in lines if not line.item.is_promise]
    return Page(
        letter=[fields[name] for name in OF_LETTER],
        proposal=[fields[name] for name in OF_PROPOSAL],
        answers=[
            Answer(
                at,
                choice,
                reasons.get(f"proposal-{at}", []),
                problems.get(f"proposal-{at}", ""),
            )
            for at, choice in enumerate(placed.choices)
        ],
        promises=promises,
        measures=measures,
        parts=paper.parts([*_marks_of_items(lines), *_marks_of_fields(reading)]),
        doubts=[_named(doubt, lines) for doubt in doubts],
        unknown=_unknown(entry, reading, placed),
        names=_department_names(),
        counts={
            "fields": sum(1 for field in fields.values() if field.is_read),
            "measures": sum(1 for line in measures if line.item.is_kept),
            "promises": sum(1 for line in promises if line.item.is_kept),
            "places": len(reasons),
        },
    )


def _field(
    name: str,
    entry: Entry,
    reading: Mapping[str, Any],
    placed: Placed,
    reasons: Mapping[str, list[str | Promise]],
    problems: Mapping[str, str],
) -> Field:
    widget, options = _widget(name, entry, placed)
    return Field(
        name=name,
        label=LABELS[name],
        value=entry[name],
        widget=widget,
        options=options,
        doubts=reasons.get(name, []),
        problem=problems.get(name, ""),
        is_read=any(_is_of(name, span) for span in reading["spans"]),
    )


def _is_of(name: str, span: str) -> bool:
    return span.partition(".")[0] == READ_AS.get(name, name)


def _widget(name: str, entry: Entry, placed: Placed) -> tuple[str, Options]:
    nothing = ("", "—")
    if name == "category":
        found = [(category.code, str(category)) for category in placed.categories]
        known = {code for code, _label in found}
        if entry[name] and entry[name] not in known:
            found.append((entry[name], entry[name]))
        return "select", [nothing, *found]
    if name == "assembly":
        return "select", [nothing, *((str(a.pk), a.name) for a in placed.assemblies)]
    if name == "answering":
        return "select", [nothing, *((str(d.pk), d.name) for d in placed.own)]
    if name == "disclosure":
        choices = Proposal.Disclosure
        return "select", [
            nothing,
            *((each.value, each.label) for each in choices if each != choices.UNDECIDED),
        ]
    if name == "kind":
        return "select", Proposal.Kind.choices
    if name == "letter_type":
        return "select", [("reply", _("Reply")), ("co_handling_opinion", _("Co-handling opinion"))]
    widgets = {"date": "date", "copied_to": "textarea", "is_issued": "checkbox"}
    return widgets.get(name, "number" if name in ("term", "session") else "text"), ()


def _lines(
    entry: Entry,
    reading: Mapping[str, Any],
    paper: Paper,
    reasons: Mapping[str, list[str | Promise]],
    problems: Mapping[str, str],
) -> list[Line]:
    lines = []
    numbers = {MEASURE: 0, COMMITMENT: 0}
    for at, item in enumerate(entry.items):
        if item.is_kept:
            numbers[item.kind] += 1
        lines.append(
            Line(
                at=at,
                item=item,
                number=numbers[item.kind] if item.is_kept else 0,
                words=words_of(reading, item, paper),
                joints=paper.joints(*item.place),
                has_next=following(entry, item, paper) is not None,
                doubts=reasons.get(f"item-{at}", []),
                problem=problems.get(f"item-{at}", ""),
            )
        )
    return lines


def _marks_of_items(lines: Sequence[Line]) -> list[Mark]:
    return [
        Mark(
            name=f"s-{line.at}",
            kind=line.item.kind,
            start=line.item.start,
            end=line.item.end,
            number=line.number,
            target=f"e-{line.at}",
        )
        for line in lines
        if line.item.is_kept
    ]


def _marks_of_fields(reading: Mapping[str, Any]) -> list[Mark]:
    mine = {theirs: name for name, theirs in READ_AS.items()}
    marks = []
    for name, (start, end) in reading["spans"].items():
        first, _dot, rest = name.partition(".")
        if first == "lead_department":
            continue
        field_name = mine.get(first, first)
        if first == "proposals":
            at, _dot, part = rest.partition(".")
            field_name = f"proposal-{at}-{part}"
        elif field_name not in LABELS:
            continue
        marks.append(Mark(f"at-{field_name}", "field", start, end, target=f"f-{field_name}"))
    return marks


def _named(doubt: Doubt, lines: Sequence[Line]) -> tuple[str, str | Promise, str | Promise]:
    """Where the doubt leads, what that place is called, and why."""
    kind, _dash, at = doubt.at.partition("-")
    if kind == "item":
        line = lines[int(at)]
        return f"e-{at}", _("Commitment %(number)s") % {"number": line.number}, doubt.reason
    if kind == "proposal":
        return f"p-{at}", _("Proposal"), doubt.reason
    return (f"f-{doubt.at}" if doubt.at else ""), LABELS.get(doubt.at, ""), doubt.reason


def _unknown(entry: Entry, reading: Mapping[str, Any], placed: Placed) -> list[tuple[str, str]]:
    printed = naming.share_prefix(reading["co_handling_departments"])
    return [(name, entry.picks.get(name, "")) for name in placed.unknown(printed)]


def _department_names() -> list[str]:
    """What is offered while a name is typed."""
    rows = Department.objects.filter(kind=Department.Kind.HANDLING).order_by("name")
    return list(rows.values_list("name", flat=True)[:MOST_NAMES])


def differences(
    mine: Entry, theirs: Entry, *, paper: Paper
) -> list[tuple[str | Promise, str, str]]:
    """What another has entered otherwise: the field, theirs, mine."""
    found = [
        (LABELS[name], theirs[name], mine[name]) for name in LABELS if mine[name] != theirs[name]
    ]
    if mine.proposals != theirs.proposals:
        found.append((_("Proposal"), _numbers(theirs), _numbers(mine)))
    for kind, label in ((COMMITMENT, _("Commitments")), (MEASURE, _("Measures"))):
        then, now = (
            [_told(item, paper) for item in each.items if item.kind == kind]
            for each in (theirs, mine)
        )
        if then != now:
            # What both have is nothing to tell.
            only = (
                "\n".join(a for a in these if a not in those)
                for these, those in ((then, now), (now, then))
            )
            found.append((label, *only))  # type: ignore[arg-type]
    return found


def _numbers(entry: Entry) -> str:
    return "；".join(f"{each.number} {each.title}" for each in entry.proposals)


def _told(item: Item, paper: Paper) -> str:
    """An item in one line: its words, and all that a clerk can set of it."""
    words = item.sentence or paper.said(*item.place)
    facts = [f"“{words}”"]
    if item.is_promise:
        strength = Commitment.Strength(item.strength).label
        facts += [item.due_on or item.due_text, item.keeper, item.supporting, str(strength)]
    if not item.is_kept:
        facts.append(_("Leave out"))
    return " · ".join(fact for fact in facts if fact)
