"""The frame of the demo: two assemblies, their rules, the departments and the deputies."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from assemblies.models import (
    Assembly,
    Category,
    CategoryScheme,
    Deputy,
    DeputyContact,
    HandlingRules,
    Period,
    Rating,
    RatingScale,
    Session,
    Topic,
)
from departments.models import Department, DepartmentAlias

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@dataclass
class World:
    """The rows of the frame, under the names that the demo's tables use for them."""

    assemblies: dict[str, Assembly] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    assigning_days: dict[str, date] = field(default_factory=dict)
    topics: dict[tuple[str, str], Topic] = field(default_factory=dict)
    rules: dict[str, HandlingRules] = field(default_factory=dict)
    categories: dict[tuple[str, str], Category] = field(default_factory=dict)
    ratings: dict[tuple[str, str], Rating] = field(default_factory=dict)
    departments: dict[str, Department] = field(default_factory=dict)
    deputies: dict[tuple[str, str], Deputy] = field(default_factory=dict)
    # Who does it: the demo's accounts by their names, and those who work in a department.
    people: dict[str, User] = field(default_factory=dict)
    clerks: dict[Department, User] = field(default_factory=dict)
    reviewers: dict[Department, User] = field(default_factory=dict)

    @property
    def congress(self) -> User | None:
        return self.people.get("congress")

    @property
    def office(self) -> User | None:
        return self.people.get("office")

    def clerk_of(self, department: Department) -> User | None:
        """Who does the department's daily work; nobody in most departments of the demo."""
        return self.clerks.get(department) or self.reviewers.get(department)

    def reviewer_of(self, department: Department) -> User | None:
        return self.reviewers.get(department)


def build(data: dict[str, Any]) -> World:
    """Write the frame; `data` is the table `world.json`."""
    world = World()
    for item in data["assemblies"]:
        _assembly(world, item, data["region"], data["ratings"])
    for item in data["departments"]:
        _department(world, item, data["region"])
    _successors(world, data["departments"])
    for item in data["assemblies"]:
        offices = [world.departments[name] for name in item["offices"]]
        world.assemblies[item["slug"]].offices.set(offices)
    for number, item in enumerate(data["deputies"], 1):
        _deputy(world, item, number)
    return world


def _assembly(
    world: World, item: dict[str, Any], region: str, ratings: list[dict[str, str]]
) -> None:
    names = ("slug", "name", "short_name", "kind", "level", "publishes_ratings")
    assembly = Assembly.objects.create(
        region=region, is_demo=True, **{name: item[name] for name in names}
    )
    slug = assembly.slug
    world.assemblies[slug] = assembly
    for session in item["sessions"]:
        _session(world, assembly, session)
    for order, name in enumerate(item["topics"]):
        world.topics[slug, name] = Topic.objects.create(assembly=assembly, name=name, order=order)
    _scheme(world, assembly, item["scheme"])
    world.rules[slug] = _rules(assembly, item["rules"])
    scale = RatingScale.objects.create(assembly=assembly, name="满意度", valid_from="2023-01-01")
    for order, rating in enumerate(ratings):
        row = Rating.objects.create(scale=scale, order=order, **rating)
        world.ratings[slug, row.label] = row


def _session(world: World, assembly: Assembly, item: dict[str, Any]) -> None:
    session = Session.objects.create(
        assembly=assembly,
        term=item["term"],
        number=item["number"],
        opens_on=date.fromisoformat(item["opens_on"]),
        closes_on=date.fromisoformat(item["closes_on"]),
    )
    key = f"{assembly.slug} {session.key}"
    world.sessions[key] = session
    world.assigning_days[key] = date.fromisoformat(item["assigned_on"])


def _scheme(world: World, assembly: Assembly, item: dict[str, Any]) -> None:
    scheme = CategoryScheme.objects.create(
        assembly=assembly, name=item["name"], valid_from=item["valid_from"], source=item["source"]
    )
    for order, category in enumerate(item["categories"]):
        row = Category.objects.create(scheme=scheme, order=order, **category)
        world.categories[assembly.slug, row.code] = row


def _rules(assembly: Assembly, item: dict[str, Any]) -> HandlingRules:
    rules = HandlingRules.objects.create(
        assembly=assembly,
        name=item["name"],
        valid_from=date.fromisoformat(item["valid_from"]),
        source=item["source"],
        every_deputy_rates=item["every_deputy_rates"],
        office_audits=item.get("office_audits", False),
    )
    for step, start, count, unit in item["periods"]:
        Period.objects.create(rules=rules, step=step, start=start, count=count, unit=unit)
    return rules


def _department(world: World, item: dict[str, Any], region: str) -> None:
    fields = {name: value for name, value in item.items() if name not in ("aliases", "successor")}
    department = Department.objects.create(region=region, **fields)
    # What was given as text is a date from here on.
    department.refresh_from_db()
    world.departments[department.short_name] = department
    for name in item.get("aliases", []):
        DepartmentAlias.objects.create(department=department, name=name)


def _successors(world: World, items: list[dict[str, Any]]) -> None:
    by_slug = {department.slug: department for department in world.departments.values()}
    for item in items:
        if "successor" in item:
            department = by_slug[item["slug"]]
            department.successor = by_slug[item["successor"]]
            department.save(update_fields=["successor"])


def _deputy(world: World, item: dict[str, str], number: int) -> None:
    assembly = world.assemblies[item["assembly"]]
    fields = {name: value for name, value in item.items() if name != "assembly"}
    deputy = Deputy.objects.create(assembly=assembly, **fields)
    DeputyContact.objects.create(
        deputy=deputy,
        certificate_number=f"YP{number:04d}",
        phone=f"0000-86{number:05d}",
        email=f"deputy{number:02d}@demo.invalid",
    )
    world.deputies[assembly.slug, deputy.name] = deputy
