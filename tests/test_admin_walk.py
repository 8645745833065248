"""Everybody walks through every address of the admin: no error, no forbidden page, no secret.

What each may open stands here in words of its own, not taken from the table of rights. An address
that is not in these tables fails the test: say there who may open it.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db.models import Model
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from clerkadmin.moves import MovesAdmin
from tests.walk_world import (
    ADMINISTRATOR,
    ASSIGNING,
    EVERYBODY,
    HELPER,
    LEAD,
    OFFICE,
    OTHER_CLERK,
    OUTSIDE,
    ROLE_OF,
    STRANGER,
    SUPERVISOR,
    WORKING,
    WalkWorld,
    build,
)

pytestmark = pytest.mark.django_db

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
    "password_change": "/admin/password_change/",
    "password_change_done": "/admin/password_change/done/",
    "jsi18n": "/admin/jsi18n/",
    "drafts": "/admin/drafts/",
}
# Walked by tests of their own below, or by the way: for anybody, and for nobody.
APART = {"login", "logout", "autocomplete", "app_list", "file"}
OF_DJANGO = {"changelist", "add", "change", "history", "delete"}
# Pages that one kind of row has beside those of Django: by role, or by row.
BESIDE_BY_ROLE = {
    "assemblies.handlingrules": {"preset/": "M"},
    "assemblies.holidayyear": {"fill/": "M"},
    "intake.letterdraft": {"read/": "OACR", "accuracy/": "OACR"},
}
BESIDE_BY_ROW = {
    "proposals.proposal": {"timeline/": lambda row: f"{row.pk}/timeline/"},
    "intake.letterdraft": {"review/": lambda row: f"review/{row.key}/"},
    "notifications.message": {"read/": lambda row: f"{row.pk}/read/"},
}
IMPORT_PAGES = {"import", "import_template", "import_preview"}


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


def named_urls() -> set[str]:
    """The names of all addresses below /admin/."""

    def names(patterns: Any) -> Iterator[str]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from names(pattern.url_patterns)
            elif isinstance(pattern, URLPattern):
                yield pattern.name or f"?{pattern.pattern}"

    return set(names(admin.site.get_urls()))


def known_urls() -> set[str]:
    """The names of the addresses that this test walks."""
    known = set(SITE) | APART | {"auth_user_password_change", r"?(?P<url>.*)$"}
    for model, page in admin.site._registry.items():
        kind, prefix = model._meta.label_lower, model._meta.label_lower.replace(".", "_")
        assert kind in LISTS, f"{kind}: say in LISTS who may open it"
        beside = [*BESIDE_BY_ROLE.get(kind, ()), *BESIDE_BY_ROW.get(kind, ())]
        pages = OF_DJANGO | {name.strip("/") for name in beside}
        if isinstance(page, MovesAdmin):
            assert {move.name for move in page.moves} <= set(MOVES[kind]), f"{kind}: MOVES"
            pages = pages | {"move"}
        pages = pages | ({"export"} if kind in EXPORTS else set())
        pages = pages | (IMPORT_PAGES if kind in IMPORTS else set())
        known |= {f"{prefix}_{page}" for page in pages}
    # The address of a row without its page leads to that page.
    return known | {"?<path:object_id>/"}


def test_every_address_of_the_admin_is_walked():
    assert named_urls() - known_urls() == set()


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
    kind, start = model._meta.label_lower, _start(model)
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
    kind, start = row._meta.label_lower, _start(type(row))
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
        may = frozenset(who(MOVES[kind][move.name]))
        yield visit(f"move/{move.name}/?ids={row.pk}", may & readers & makers, move.name, may)


def _start(model: type[Model]) -> str:
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/"


# The walk ------------------------------------------------------------------------------------

REFUSED = {403, 404}


@pytest.fixture
def walk(settings: Any, tmp_path: Any) -> WalkWorld:
    settings.MEDIA_ROOT = tmp_path
    return build()


def client_of(walk: WalkWorld, name: str) -> Client:
    client = Client(raise_request_exception=False)
    user = walk.people[name]
    if user is not None:
        client.force_login(user)
    return client


def text_of(response: HttpResponseBase) -> str:
    """Everything that came back: the headers, the page, and what is packed in a file."""
    body = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]
    parts = [repr(dict(response.headers)), body.decode("utf-8", "replace")]
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            parts += [packed.read(name).decode("utf-8", "replace") for name in packed.namelist()]
    return "\n".join(parts)


class Walker:
    """One person with what they came upon that should not be."""

    def __init__(self, walk: WalkWorld, name: str) -> None:
        self.walk, self.name = walk, name
        self.client = client_of(walk, name)
        self.secret = {token for token, readers in walk.tokens.items() if name not in readers}
        self.found: set[str] = set()
        self.faults: list[str] = []

    def get(self, url: str) -> Any:
        return self._keep(url, self.client.get(url))

    def post(self, url: str, **data: Any) -> Any:
        return self._keep(f"POST {url}", self.client.post(url, data))

    def _keep(self, url: str, response: Any) -> Any:
        tokens = set(re.findall(r"密\d{3}[锁号]|密[稿信]锁|\w+@secret\.example", text_of(response)))
        self.found |= tokens
        if response.status_code >= 500:
            self.faults.append(f"{response.status_code} {url}")
        if tokens & self.secret:
            self.faults.append(f"{url} shows {sorted(tokens & self.secret)}")
        return response

    def visit(self, visit: Visit) -> None:
        status = self.get(visit.url).status_code
        if self.name in visit.by:
            if status not in (200, 302):
                self.faults.append(f"{status} {visit.url}, not opened")
        elif status not in REFUSED:
            self.faults.append(f"{status} {visit.url}, not refused")
        elif self.post(visit.url, **FORGED).status_code not in (*REFUSED, 405):
            self.faults.append(f"POST {visit.url}, not refused")


# For what differs by the role alone: those whose rows are fewest.
ONE_OF_EACH_ROLE = (STRANGER, HELPER, OFFICE, ASSIGNING, SUPERVISOR, ADMINISTRATOR)
FORGED = {"on": "2026-06-01", "reason": "x", "text": "x", "title": "x", "_save": "1", "post": "yes"}


@pytest.mark.parametrize("name", WORKING)
def test_who_works_here_opens_what_is_theirs_and_nothing_else(walk: WalkWorld, name: str) -> None:
    walker = Walker(walk, name)
    before = state_of_the_world()
    refused: set[str] = set()
    for visit in visits(walk):
        # Where the role alone forbids it, one row stands for all of its kind.
        is_known = visit.like in refused
        if visit.like and name not in visit.role:
            refused.add(visit.like)
        if not is_known:
            walker.visit(visit)
    assert not walker.faults, "\n".join(walker.faults)
    assert state_of_the_world() == before
    # The walk would have seen a secret: it came upon the person's own.
    own = {token for token, readers in walk.tokens.items() if name in readers}
    assert len(walker.found & own) >= len(own) // 2


def state_of_the_world() -> dict[str, list[Any]]:
    """Every row of the rooms, to tell whether a forged form has changed one."""
    rooms = {model._meta.app_label for model in admin.site._registry}
    return {
        model._meta.label: sorted(map(repr, model._base_manager.values_list()))
        for model in apps.get_models()
        if model._meta.app_label in rooms and not hasattr(model, "last_login")
    }


@pytest.mark.parametrize("name", OUTSIDE)
def test_who_does_not_work_here_is_led_to_the_sign_in_page(walk: WalkWorld, name: str) -> None:
    walker = Walker(walk, name)
    for visit in [*visits(walk), Visit("/admin/nowhere/", frozenset())]:
        response = walker.get(visit.url)
        if response.status_code != 302 or "/admin/login/" not in response.url:
            walker.faults.append(f"{response.status_code} {visit.url}")
    assert not walker.faults, "\n".join(walker.faults)
    assert walker.found == set()


@pytest.mark.parametrize("name", ONE_OF_EACH_ROLE)
def test_filters_orders_and_actions_of_every_list_keep_to_what_is_theirs(
    walk: WalkWorld, name: str
) -> None:
    walker = Walker(walk, name)
    for model in admin.site._registry:
        if name in who(LISTS[model._meta.label_lower]):
            _walk_list(walker, model)
    assert not walker.faults, "\n".join(walker.faults)


def _walk_list(walker: Walker, model: type[Model]) -> None:
    start = _start(model)
    page = walker.get(start).context
    listed = page["cl"]
    asked = [
        choice["query_string"] for spec in listed.filter_specs for choice in spec.choices(listed)
    ]
    asked += ["?o=1.2.-3.4.5.6", "?q=0123", "?q=%00", "?all=", "?p=99999"]
    asked += ["?_popup=1", "?_to_field=id", "?password__startswith=p"]
    asked += ["?_changelist_filters=state%3Ddraft"]
    for query in dict.fromkeys(asked):
        walker.get(f"{start}{query}")
    keys = list(model._default_manager.values_list("pk", flat=True))
    form = page.get("action_form")
    for action, _label in form.fields["action"].choices if form else ():
        if action:
            response = walker.post(start, action=action, _selected_action=keys)
            if response.status_code == 302:
                walker.get(response.url)


@pytest.mark.parametrize("name", ONE_OF_EACH_ROLE)
def test_choices_while_typing_keep_to_what_is_theirs(walk: WalkWorld, name: str) -> None:
    walker = Walker(walk, name)
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if field.is_relation:
                label = f"app_label={model._meta.app_label}&model_name={model._meta.model_name}"
                walker.get(f"{reverse('admin:autocomplete')}?{label}&field_name={field.name}&term=")
    assert not walker.faults, "\n".join(walker.faults)
