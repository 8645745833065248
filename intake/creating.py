"""Make what a letter names and the tables do not hold yet (`--create-missing`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING
from unicodedata import normalize

from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history

from assemblies.models import Assembly, Category, CategoryScheme, Deputy, Session
from departments.addresses import slug_of
from departments.models import Department
from departments.naming import LEVELS
from intake.errors import LetterRefused
from intake.matching import Match, answering_name, match_departments
from letters import Letter
from proposals import events
from proposals.models import Assignment, Event, Proposal, Sponsorship

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# The scheme of the national measures (代表建议处理办法, 2005, as amended 2018), until the office
# enters its own.
NATIONAL_CATEGORIES = (
    ("A", "已经解决或基本解决", Category.Meaning.SOLVED, False),
    ("B", "正在解决或列入计划解决", Category.Meaning.IN_PROGRESS, True),
    ("C", "因条件限制，留待以后解决", Category.Meaning.LATER, False),
    ("D", "留作参考", Category.Meaning.REFERENCE, False),
)


def create_missing(letter: Letter, found: Match, *, on: date, by: User | None = None) -> None:
    """Complete the match in place: assembly, session, departments, proposals, deputies."""
    if found.assembly is None:
        found.assembly = _assembly(letter, found)
    if found.session is None:
        assert letter.term and letter.session  # a letter without them was refused before
        found.session = Session.objects.create(
            assembly=found.assembly, term=letter.term, number=letter.session
        )
    unknown = [name for name, department in found.co_handling if department is None]
    if found.answering is None:
        unknown.append(answering_name(letter) or "")
    for name in unknown:
        _department(name, found.region)
    if unknown:
        # Promises name the departments just made, too.
        match_departments(letter, found, on=on)
    found.proposals = [
        proposal
        or register_proposal(
            found.session,
            number=item.number or "",
            title=item.title or "",
            kind=letter.kind or Proposal.Kind.SUGGESTION,
            sponsors=letter.addressees,
            on=date.fromisoformat(letter.date) if letter.date else on,
            by=by,
            letter=letter.document_number or "",
        )
        for item, proposal in zip(letter.proposals, found.proposals, strict=True)
    ]


def assign(
    proposal: Proposal,
    roles: dict[Department, str],
    present: list[Assignment],
    *,
    on: date,
    by: User | None = None,
    letter: str = "",
) -> dict[Department, Assignment]:
    """The departments' present parts in the proposal; those that are not there yet are made.

    `letter` is the number of the letter that shows it, for the trail.
    """
    parts = {assignment.department: assignment for assignment in present}
    for department, role in roles.items():
        part = parts.get(department)
        if part and role in Assignment.ANSWERING and part.role == Assignment.Role.CO_HANDLING:
            # The letter shows that it answers after all.
            part.role = role
            part.save(update_fields=["role"])
            _record_part(part, on=on, by=by, letter=letter)
    new = [
        Assignment(proposal=proposal, department=department, role=role)
        for department, role in roles.items()
        if department not in parts
    ]
    made = bulk_create_with_history(new, Assignment, default_user=by) if new else []
    for part in made:
        _record_part(part, on=on, by=by, letter=letter)
    return {**parts, **{assignment.department: assignment for assignment in made}}


def _record_part(part: Assignment, *, on: date, by: User | None, letter: str) -> None:
    kind, details = Event.Kind.ASSIGNED, {"role": str(part.role), "letter": letter}
    facts = {"actor": by, "department": part.department, "details": details}
    events.record(kind, part.proposal, on=on, **facts)


def _assembly(letter: Letter, found: Match) -> Assembly:
    is_cppcc = letter.kind == "cppcc_proposal"
    region = found.region or ("全国" if found.level == Assembly.Level.NATIONAL else "")
    if not region:
        raise LetterRefused(
            _("the letter does not say of which place the assembly is: register it first.")
        )
    place = slug_of(region, Assembly)
    assembly = Assembly.objects.create(
        name=f"政协{region}委员会" if is_cppcc else f"{region}人民代表大会",
        short_name=(letter.assembly or "")[:30],
        slug=f"{place}-cppcc" if is_cppcc else place,
        kind=Assembly.Kind.CPPCC if is_cppcc else Assembly.Kind.CONGRESS,
        level=found.level,
        region=found.region,
    )
    scheme = CategoryScheme.objects.create(
        assembly=assembly, name="答复类别", source="代表建议处理办法（2005年，2018年修订）"
    )
    for order, (code, label, meaning, needs_commitment) in enumerate(NATIONAL_CATEGORIES):
        Category.objects.create(
            scheme=scheme,
            code=code,
            label=label,
            meaning=meaning,
            order=order,
            needs_commitment=needs_commitment,
        )
    return assembly


def _department(name: str, region: str) -> Department:
    """A department under its full name; 省财政厅 of 福建省 is 福建省财政厅, short 省财政厅."""
    level = next((level for level in LEVELS if region.endswith(level)), "")
    short, full = name, name
    if region and name.startswith(region):
        short = level + name.removeprefix(region)
    elif level and name.startswith(level):
        full = region + name.removeprefix(level)
    else:
        region = ""
    existing = Department.objects.filter(name=full, region=region).first()
    return existing or Department.objects.create(
        name=full[:100], short_name=short[:50], region=region, slug=slug_of(full, Department)
    )


def register_proposal(
    session: Session,
    *,
    number: str,
    title: str,
    kind: str,
    sponsors: Sequence[str],
    on: date,
    by: User | None = None,
    letter: str = "",
) -> Proposal:
    """Register a proposal of which only the letter is there; the trail says which letter."""
    word = "提案" if kind == Proposal.Kind.CPPCC_PROPOSAL else "建议"
    proposal = Proposal(
        session=session,
        number=normalize("NFKC", number),
        kind=kind,
        title=(title or f"第{number}号{word}")[:200],
        state=Proposal.State.IN_HANDLING,
    )
    # Its session is there; its number is looked up by `clean`, and held by the database.
    links = ["session", "topic", "merged_into", "supervised_by"]
    proposal.full_clean(exclude=links, validate_constraints=False)
    proposal.save()
    _sponsor(proposal, sponsors, by)
    details = {"number": proposal.number, "letter": letter}
    events.record(Event.Kind.REGISTERED, proposal, on=on, actor=by, details=details)
    return proposal


def _sponsor(proposal: Proposal, names: Sequence[str], by: User | None) -> None:
    """Those whom the letter addresses put it, the first of them as its lead."""
    deputies = [
        Deputy.objects.get_or_create(
            assembly=proposal.session.assembly, name=name, defaults={"kind": _deputy_kind(name)}
        )[0]
        for name in dict.fromkeys(name[:100] for name in names)
    ]
    rows = [
        Sponsorship(
            proposal=proposal,
            deputy=deputy,
            role=Sponsorship.Role.CO_SPONSOR if order else Sponsorship.Role.LEAD,
            order=order,
        )
        for order, deputy in enumerate(deputies)
    ]
    if rows:
        bulk_create_with_history(rows, Sponsorship, default_user=by)


def _deputy_kind(name: str) -> str:
    """A person's name has up to four characters, or a dot as in 阿依古丽·买买提."""
    is_person = len(name) <= 4 or "·" in name
    return Deputy.Kind.PERSON if is_person else Deputy.Kind.ORGANISATION
