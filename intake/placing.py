"""Where an entered letter belongs: what its names mean in the tables, and what may be proposed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.rights import Role
from access.sight import person_of
from assemblies.models import Assembly, Category, CategoryScheme, Session
from departments import naming
from departments.models import Department
from intake.entry import NUMBERED, Answered, Entry, names_in
from intake.items import as_date
from proposals.models import Assignment, Proposal, number_key

if TYPE_CHECKING:
    from django.contrib.auth.models import User

NO_PART = _(
    "It is registered, and the department that answers has no such part in it: "
    "ask the assigning office to assign it."
)
MOST_COMPARED = 2000
MOST_ALTERNATIVES = 3
LEAST_ALIKE = 0.5
# Words that all titles share.
FRAME = ("关于", "进一步", "的建议", "的提案", "的议案")


@dataclass
class Choice:
    """The proposals that one printed number and title may mean."""

    answered: Answered
    numbered: Proposal | None = None
    # Whether the person may read it: else it is only known to be registered.
    is_seen: bool = False
    # Whether the person may enter this letter for it.
    is_own: bool = False
    alternatives: list[Proposal] = field(default_factory=list)

    @property
    def chosen(self) -> Proposal | None:
        """The proposal that is answered; None: it has to be registered, or was not found."""
        if self.answered.choice == NUMBERED:
            return self.numbered
        by_key = {str(proposal.pk): proposal for proposal in self.alternatives}
        return by_key.get(self.answered.choice)


@dataclass
class Placed:
    """What was found for the entry."""

    assemblies: list[Assembly]
    own: list[Department]  # departments for which the person may enter a letter
    assembly: Assembly | None = None
    session: Session | None = None
    answering: Department | None = None
    departments: dict[str, Department] = field(default_factory=dict)
    categories: list[Category] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)

    def called(self, names: Iterable[str]) -> list[Department]:
        """The departments of those names, each once; what nobody bears is left out."""
        found = (self.departments.get(name) for name in names)
        return list(dict.fromkeys(each for each in found if each))

    def unknown(self, names: Iterable[str]) -> list[str]:
        return [name for name in names if name not in self.departments]

    @property
    def category_of(self) -> dict[str, Category]:
        return {category.code.upper(): category for category in self.categories}


def own_departments(user: User) -> list[Department]:
    """For whom the person enters letters: the own departments; an office enters for all."""
    person = person_of(user)
    rows = Department.objects.filter(kind=Department.Kind.HANDLING).order_by("name")
    offices = {Role.DEPUTIES_OFFICE, Role.ASSIGNING_OFFICE}
    if person.is_superuser or person.roles & offices:
        return list(rows)
    return list(rows.filter(pk__in=person.departments))


def find_place(entry: Entry, *, user: User, printed: Sequence[str] = ()) -> Placed:
    """Look everything up that the entry names; `printed` are names of the letter beside it."""
    placed = Placed(list(Assembly.objects.order_by("name")), own_departments(user))
    by_key = {str(assembly.pk): assembly for assembly in placed.assemblies}
    placed.assembly = by_key.get(entry["assembly"])
    placed.answering = next((d for d in placed.own if str(d.pk) == entry["answering"]), None)
    term, number = whole(entry["term"]), whole(entry["session"])
    if placed.assembly and term and number:
        sessions = Session.objects.filter(assembly=placed.assembly, term=term, number=number)
        placed.session = sessions.first()
    if placed.session:
        placed.session.assembly = placed.assembly  # type: ignore[assignment]
    on = as_date(entry["date"]) or timezone.localdate()
    names = [*entry.co_handling, *printed]
    for item in entry.items:
        names += [*names_in(item.keeper), *names_in(item.supporting)]
    region = placed.assembly.region if placed.assembly else ""
    placed.departments = naming.find(dict.fromkeys(names), region=region, on=on)
    if placed.assembly:
        placed.categories = _categories(placed.assembly, on)
    placed.choices = _choices(entry, placed, user)
    return placed


def _categories(assembly: Assembly, on: date) -> list[Category]:
    """Those of the scheme in force on that day; of the oldest for a letter from before it."""
    schemes = CategoryScheme.objects.filter(assembly=assembly)
    scheme = schemes.valid(on=on).first() or schemes.order_by("valid_from", "pk").first()
    return list(Category.objects.filter(scheme=scheme)) if scheme else []


def whole(text: str) -> int | None:
    """A typed small number; None where it is none."""
    is_number = text.isascii() and text.isdigit() and len(text) <= 4
    return int(text) if is_number and int(text) > 0 else None


def _choices(entry: Entry, placed: Placed, user: User) -> list[Choice]:
    """For each proposal the one of that number, and others that the person may see."""
    choices = [Choice(answered) for answered in entry.proposals]
    keys = {number_key(c.answered.number) for c in choices if c.answered.number}
    if placed.session and keys:
        registered = Proposal.objects.filter(session=placed.session, number_key__in=keys)
        found = {proposal.number_key: proposal for proposal in _shown(registered)}
        for choice in choices:
            choice.numbered = found.get(number_key(choice.answered.number))
    seen = Proposal.objects.visible_to(user)
    if placed.assembly:
        seen = seen.filter(session__assembly=placed.assembly)
    compared = list(seen.order_by("-pk").values_list("pk", "number_key", "title")[:MOST_COMPARED])
    numbered = [choice.numbered.pk for choice in choices if choice.numbered]
    mine = Proposal.objects.visible_to(user).filter(pk__in=numbered) if numbered else ()
    visible = {proposal.pk for proposal in mine}
    alike = [_alike(choice, compared) for choice in choices]
    wanted = {key for keys_ in alike for key in keys_}
    rows = {row.pk: row for row in _shown(Proposal.objects.filter(pk__in=wanted))} if wanted else {}
    for choice, keys_ in zip(choices, alike, strict=True):
        choice.is_seen = choice.numbered is not None and choice.numbered.pk in visible
        same = choice.numbered.pk if choice.numbered else None
        choice.alternatives = [rows[key] for key in keys_ if key in rows and key != same]
    _settle_parts(choices, entry, placed, user)
    return choices


def _settle_parts(choices: Sequence[Choice], entry: Entry, placed: Placed, user: User) -> None:
    """A letter is entered by who has the part that it shows, or by an office that gives parts.

    Else a letter that prints any number would open the proposal of that number to its writer.
    """
    chosen = [choice.chosen.pk for choice in choices if choice.chosen]
    given = {
        key
        for right in ("assign", "register")
        if chosen
        for key in Proposal.objects.editable_by(user, right)
        .filter(pk__in=chosen)
        .values_list("pk", flat=True)
    }
    roles = Assignment.Role.values if entry.is_opinion else Assignment.ANSWERING
    for choice in choices:
        proposal = choice.chosen
        choice.is_own = proposal is not None and (
            proposal.pk in given
            or any(
                part.department == placed.answering and part.role in roles
                for part in proposal.assignments.all()
                if part.ended_on is None
            )
        )


def _shown(rows):
    return rows.select_related("session__assembly").prefetch_related("assignments__department")


def _alike(choice: Choice, compared: Sequence[tuple[int, str, str]]) -> list[int]:
    """The same number in other sessions and titles alike, the likeliest first."""
    number, title = number_key(choice.answered.number), _pairs(choice.answered.title)
    chosen = choice.answered.choice
    scores: Counter[int] = Counter()
    for key, other_number, other_title in compared:
        other = _pairs(other_title)
        both = title | other
        score = len(title & other) / len(both) if both else 0
        if str(key) == chosen:
            score += 9
        elif number and other_number == number:
            score += 1
        if score >= LEAST_ALIKE:
            scores[key] = score  # type: ignore[assignment]
    return [key for key, _score in scores.most_common(MOST_ALTERNATIVES + 1)]


def _pairs(title: str) -> set[str]:
    for word in FRAME:
        title = title.replace(word, "")
    return {title[at : at + 2] for at in range(len(title) - 1)}


def likely_assembly(kind: str, department: Department | None) -> Assembly | None:
    """The assembly of that kind in whose proposals the department has the most parts."""
    of_kind = Assembly.objects.filter(kind=kind)
    if department:
        parts = Assignment.objects.filter(
            Q(department=department), proposal__session__assembly__kind=kind
        )
        keys = parts.order_by().values_list("proposal__session__assembly", flat=True)
        most = Counter(keys).most_common(1)
        if most:
            return of_kind.get(pk=most[0][0])
    rows = list(of_kind[:2])
    return rows[0] if len(rows) == 1 else None
