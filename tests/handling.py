"""Proposals on their way to a reply: rules with every period, parts, requests."""

from datetime import date, timedelta

from assemblies.models import HandlingRules, Period
from departments.models import Department
from proposals import assigning
from proposals.assigning import Part
from proposals.models import (
    Assignment,
    ExtensionRequest,
    Proposal,
    ReturnRequest,
)
from tests import world

DAY = date(2026, 3, 2)
State = Proposal.State
Handles = Assignment.Role
PERIODS = {
    "return": ("assigned", 10, "day"),
    "reassign": ("received", 10, "day"),
    "co_handling": ("assigned", 1, "month"),
    "contact": ("assigned", 20, "day"),
    "reply": ("assigned", 3, "month"),
    "extension": ("assigned", 6, "month"),
    "rehandling": ("rated", 1, "month"),
}


def ruled(**fields) -> HandlingRules:
    rules = world.make_rules(**fields)
    for step, (start, count, unit) in PERIODS.items():
        Period.objects.create(rules=rules, step=step, start=start, count=count, unit=unit)
    return rules


def bureau(name: str = "交通运输") -> Department:
    return world.make_department(f"云平市{name}局")


def registered(number: str = "0123", **fields) -> Proposal:
    return world.make_proposal(number, state=State.REGISTERED, **fields)


def assigned(*helpers: str, on: date = DAY, **fields) -> Assignment:
    """The transport bureau's part: alone, or as the lead of these others."""
    ruled()
    role = Handles.LEAD if helpers else Handles.SOLE
    parts = [Part(bureau(), role), *(Part(bureau(name), Handles.CO_HANDLING) for name in helpers)]
    return assigning.assign(registered(**fields), parts=parts, on=on)[0]


def state_of(row: Assignment | Proposal) -> str:
    proposal = row.proposal if isinstance(row, Assignment) else row
    return Proposal.objects.get(pk=proposal.pk).state


def ask_return(part: Assignment, **facts) -> ReturnRequest:
    facts.setdefault("reason", "不属于本单位职责。")
    return ReturnRequest.ask(part, on=facts.pop("on", DAY + timedelta(days=2)), **facts)


def in_handling() -> Assignment:
    part = assigned()
    part.acknowledge(on=DAY)
    return part


def ask_extension(part: Assignment, until: date, **facts) -> ExtensionRequest:
    return ExtensionRequest.ask(
        part, until=until, reason="需要调研。", on=date(2026, 5, 20), **facts
    )
