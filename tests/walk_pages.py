"""Every address of the admin, and who may open it, for the walk through it.

What each may open stands here in words of its own, not taken from the table of rights.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db.models import Model

from tests.walk_world import (
    EVERYBODY,
    HELPER,
    LEAD,
    OTHER_CLERK,
    ROLE_OF,
    STRANGER,
    WORKING,
    WalkWorld,
)

# The roles, a letter each: deputies' office, assigning office, clerk, reviewer, supervisor,
# administrator.
LETTERS = {
    "O": "deputies_office",
    "A": "assigning_office",
    "C": "department_clerk",
    "R": "department_reviewer",
    "S": "supervisor",
    "M": "administrator",
}
ALL = "OACRSM"
FRAME = (
    "assemblies.assembly assemblies.session assemblies.topic assemblies.deputy "
    "assemblies.categoryscheme assemblies.category assemblies.ratingscale assemblies.handlingrules "
    "assemblies.holiday assemblies.holidayyear departments.department"
)
HANDLING = (
    "proposals.proposal proposals.assignment proposals.event proposals.reply "
    "proposals.replyversion proposals.disclosuredecision proposals.feedback proposals.contact "
    "proposals.returnrequest proposals.extensionrequest "
    "measures.measure measures.commitment measures.figure"
)
ENTERED = "proposals.reply proposals.contact measures.measure measures.commitment measures.figure"
# Which roles open the list of which rows.
LISTS = {
    **dict.fromkeys(FRAME.split(), ALL),
    **dict.fromkeys(("departments.clerk", "auth.user", "auth.group"), "M"),
    **dict.fromkeys(
        [
            "proposals.proposal",
            "proposals.assignment",
            "proposals.event",
            "proposals.reply",
            "proposals.replyversion",
            "proposals.disclosuredecision",
            "proposals.feedback",
            "proposals.contact",
            "proposals.returnrequest",
            "proposals.extensionrequest",
            "measures.measure",
            "measures.commitment",
            "measures.figure",
        ],
        "OACRS",
    ),
    "measures.commitmentfeedback": "OACRS",
    "accounts.invitation": "O",
    "accounts.ratingalarm": "OS",
    "proposals.cohandlingopinion": "ACRS",
    "intake.letterfile": "OACR",
    "intake.letterdraft": "OACR",
    "notifications.message": "M",
}
# Which roles have a form for a new row.
FORMS = {
    **dict.fromkeys(FRAME.split(), "M"),
    "auth.user": "M",
    "assemblies.session": "OM",
    "assemblies.topic": "OM",
    "assemblies.deputy": "O",
    "proposals.proposal": "O",
    "accounts.invitation": "O",
    **dict.fromkeys(
        [
            "proposals.reply",
            "proposals.contact",
            "measures.measure",
            "measures.commitment",
            "measures.figure",
        ],
        "CR",
    ),
}
# Which roles take a list home, and bring one.
EXPORTS = {
    **dict.fromkeys(FRAME.split(), "M"),
    "assemblies.session": "OM",
    "assemblies.topic": "OM",
    "assemblies.deputy": "O",
    "proposals.proposal": "OACRS",
    "proposals.assignment": "OACRS",
    "proposals.reply": "OACRS",
    "proposals.event": "OACRS",
    "proposals.returnrequest": "O",
    "proposals.extensionrequest": "O",
    "measures.measure": "OAS",
    "measures.commitment": "OACRS",
    "measures.figure": "OAS",
    "measures.commitmentfeedback": "OAS",
}
IMPORTS = {"departments.department": "M", "assemblies.deputy": "O", "proposals.proposal": "O"}
# Which roles make which move.
MOVES = {
    "proposals.proposal": {
        **dict.fromkeys(("register", "publish", "withhold", "send_back", "convert"), "O"),
        **dict.fromkeys(("merge", "withdraw", "make_key", "unmake_key", "escalate", "close"), "O"),
        "handle_again": "O",
        "assign": "A",
        "nudge": "AS",
    },
    "proposals.assignment": {
        **dict.fromkeys(("acknowledge", "log_contact", "ask_extension", "ask_return"), "CR"),
        "request_opinion": "CR",
        **dict.fromkeys(("reassign", "nudge"), "A"),
    },
    "proposals.returnrequest": {"agree": "O", "refuse": "O"},
    "proposals.extensionrequest": {"agree": "O", "refuse": "O", "tell_deputy": "OCR"},
    "proposals.cohandlingopinion": dict.fromkeys(
        ("acknowledge", "submit", "accept", "send_back", "waive"), "CR"
    ),
    "proposals.reply": {
        **dict.fromkeys(("submit", "propose_disclosure", "follow_up"), "CR"),
        **dict.fromkeys(("review", "sign", "send", "correct"), "R"),
        "send_back": "RA",
        "audit": "A",
        **dict.fromkeys(("redact", "lift_redaction"), "CRO"),
        **dict.fromkeys(("publish", "withhold", "withdraw", "rate", "not_rated"), "O"),
    },
    "measures.commitment": {"report": "CR"},
    "auth.user": {"take_off_second_factor": "M"},
    "measures.commitmentfeedback": {"answer": "O"},
    "accounts.invitation": {"cancel": "O"},
    "accounts.ratingalarm": {"settle": "O"},
}
# Moves that are not made by whoever keeps the row, but by these.
ANSWERING = LEAD | {STRANGER, OTHER_CLERK}
MADE_BY = {
    ("proposals.assignment", "request_opinion"): ANSWERING,
    ("proposals.cohandlingopinion", "acknowledge"): {HELPER},
    ("proposals.cohandlingopinion", "submit"): {HELPER},
    ("proposals.cohandlingopinion", "accept"): ANSWERING,
    ("proposals.cohandlingopinion", "send_back"): ANSWERING,
    ("proposals.cohandlingopinion", "waive"): ANSWERING,
}
IN_OFFICES = {name for name, role in ROLE_OF.items() if not role.startswith("department")}
# Pages of the whole admin, for everybody who works here.
SITE = {
    "index": "/admin/",
    "password_change_done": "/admin/password_change/done/",
    "jsi18n": "/admin/jsi18n/",
    "drafts": "/admin/drafts/",
}
# Pages that one kind of row has beside those of Django: by role, or by row.
BESIDE_BY_ROLE = {
    "assemblies.handlingrules": {"preset/": "M"},
    "assemblies.holidayyear": {"fill/": "M"},
    "intake.letterdraft": {"read/": "OACR", "accuracy/": "OACR"},
}
BESIDE_BY_ROW = {
    "proposals.proposal": {"timeline/": lambda row: f"{row.pk}/timeline/"},
    "proposals.reply": {"form/": lambda row: f"{row.pk}/form/"},
    "intake.letterdraft": {"review/": lambda row: f"review/{row.key}/"},
    "accounts.invitation": {"renew/": lambda row: f"renew/?ids={row.pk}"},
    "notifications.message": {"read/": lambda row: f"{row.pk}/read/"},
}


@dataclass(frozen=True)
class Visit:
    """One address, and who may open it; `like` is the same for those that differ by their row."""

    url: str
    by: frozenset[str]
    like: str = ""
    # Who may open one like it.
    role: frozenset[str] = frozenset()


def who(letters: str) -> set[str]:
    """Those among the walkers who have one of these roles."""
    roles = {LETTERS[letter] for letter in letters}
    found = {name for name, role in ROLE_OF.items() if role in roles}
    # A reviewer is a clerk too.
    if "C" in letters:
        found |= {name for name, role in ROLE_OF.items() if role == LETTERS["R"]}
    return found


def visits(walk: WalkWorld) -> Iterator[Visit]:
    """Every address with who may open it."""
    everybody = frozenset(EVERYBODY)
    for url in SITE.values():
        yield Visit(url, everybody)
    for model, page in admin.site._registry.items():
        yield from _visits_of_kind(model, page)
        for row in model._default_manager.all():
            yield from _visits_of_row(walk, row, page)
    for room in {model._meta.app_label for model in admin.site._registry}:
        letters = "".join(LISTS[kind] for kind in LISTS if kind.startswith(f"{room}."))
        yield Visit(f"/admin/{room}/", frozenset(who(letters)))
    for url, readers in walk.files.items():
        yield Visit(url, frozenset(readers))


def _visits_of_kind(model: type[Model], page: Any) -> Iterator[Visit]:
    kind, start = model._meta.label_lower, start_of(model)
    may_read = frozenset(who(LISTS[kind]))
    yield Visit(start, may_read)
    yield Visit(f"{start}add/", frozenset(who(FORMS.get(kind, ""))))
    if kind in EXPORTS:
        for ending in ("csv", "xlsx"):
            yield Visit(f"{start}export/{ending}/", frozenset(who(EXPORTS[kind])))
    if kind in IMPORTS:
        by = frozenset(who(IMPORTS[kind]))
        yield Visit(f"{start}import/", by)
        yield Visit(f"{start}import/template/xlsx/", by)
        yield Visit(f"{start}import/nothing/", by)
    for end, letters in BESIDE_BY_ROLE.get(kind, {}).items():
        yield Visit(f"{start}{end}", frozenset(who(letters)))


def _visits_of_row(walk: WalkWorld, row: Model, page: Any) -> Iterator[Visit]:
    kind, start = row._meta.label_lower, start_of(type(row))
    role = frozenset(who(LISTS[kind]))
    readers = walk.readers.get((type(row), row.pk), set(role)) & role
    owners = walk.owners.get((type(row), row.pk), set())

    def visit(end: str, by: set[str], like: str, may: frozenset[str] = role) -> Visit:
        return Visit(f"{start}{end}", frozenset(by), f"{start}{like}", may)

    yield visit(f"{row.pk}/change/", readers, "change")
    yield visit(f"{row.pk}/history/", readers, "history")
    yield visit(f"{row.pk}/delete/", set(), "delete", frozenset())
    if kind == "auth.user":
        yield visit(f"{row.pk}/password/", readers, "password")
    for name, address in BESIDE_BY_ROW.get(kind, {}).items():
        # A message is read by whom it was written to; its page of the outbox by no one else.
        by = owners if kind == "notifications.message" else readers
        yield visit(address(row), by, name, frozenset(WORKING))
    for move in getattr(page, "moves", ()):
        makers = IN_OFFICES | MADE_BY.get((kind, move.name), owners)
        if kind == "auth.user":
            # Nobody does it for oneself.
            makers = makers - {row.get_username()}  # type: ignore[attr-defined]
        may = frozenset(who(MOVES[kind][move.name]))
        yield visit(f"move/{move.name}/?ids={row.pk}", may & readers & makers, move.name, may)


def start_of(model: type[Model]) -> str:
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
