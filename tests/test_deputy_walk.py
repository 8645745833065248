"""Everybody tries every address of the deputies' desk, of accounts and of following.

Who may open which stands in `deputy_walk_pages`. An address that is not there fails the test: say
there who may open it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, unquote

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import SignIn
from desk.deputies.standing import GROUPS
from proposals.models import Proposal
from tests import world
from tests.deputy_walk_pages import Visit, visits
from tests.deputy_walk_world import (
    ASKED,
    CLOSED,
    DEPUTIES,
    EVERYBODY,
    LEAD,
    OUT,
    DeputyWalk,
    build,
    close,
)
from tests.deputy_world import make_desk, make_handled, make_told, rate, signed_in
from tests.walker import client_of, text_of

pytestmark = pytest.mark.django_db
ROOMS = ("desk", "accounts", "following")
TOKENS = re.compile(r"密\d{3}锁|\w+@secret\.example")
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
KEY = re.compile(r"/desk/proposals/[0-9a-fx]{16}/")
# What differs at every request, whoever asks.
OF_THE_HOUR = re.compile(
    r'name="(csrfmiddlewaretoken|_form_token|_form_of|next|_held)" value="[^"]*"'
    r"|'(Expires|Content-Length)': '[^']*'"
)
# Changes by asking alone: who is signed in, since when, and how often somebody failed.
OF_ASKING = {"accounts.Session", "sessions.Session", "axes.AccessAttempt"}


@pytest.fixture
def walk(settings: Any, tmp_path: Any, caplog: Any) -> DeputyWalk:
    # Being refused is what the walk is about: not each refusal with where it came from.
    caplog.set_level(logging.ERROR, logger="django")
    settings.MEDIA_ROOT = tmp_path
    settings.EMAIL_CONFIGURED = True
    return build()


def named_urls() -> set[str]:
    """The names of all addresses of the three rooms."""

    def names(patterns: Any, room: str) -> Iterator[str]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from names(pattern.url_patterns, pattern.namespace or room)
            elif isinstance(pattern, URLPattern) and room in ROOMS:
                yield f"{room}:{pattern.name}"

    return set(names(get_resolver().url_patterns, ""))


def test_every_address_stands_in_the_table(walk: DeputyWalk) -> None:
    assert {visit.name for visit in visits(walk)} == named_urls()


class Walker:
    """One person at the doors, with what they came upon that should not be."""

    def __init__(self, walk: DeputyWalk, name: str) -> None:
        self.walk, self.name = walk, name
        self.client = client_of(walk, name)
        if name == CLOSED:
            close(walk)
        self.hidden = {token for token, readers in walk.tokens.items() if name not in readers}
        self.found: set[str] = set()
        self.faults: list[str] = []
        self._absent: dict[object, Any] = {}
        self._asked: set[str] = set()

    def ask(self, method: str, url: str, **data: Any) -> Any:
        response = getattr(self.client, method)(url, data)
        text = text_of(response) + repr(response.cookies)
        tokens = set(TOKENS.findall(text + quote_read(text)))
        self.found |= tokens
        if response.status_code >= 500:
            self.faults.append(f"{self.name}: {response.status_code} {method} {url}")
        if tokens & self.hidden:
            self.faults.append(f"{self.name}: {method} {url} shows {sorted(tokens & self.hidden)}")
        return response

    def look(self, visit: Visit) -> None:
        """GET and HEAD: opened for who may; for others not there, as what does not exist."""
        if self.name in visit.by:
            status = self.ask("get", visit.url).status_code
            if status not in ({200, 302} if visit.has_page else {405}) | gone(visit):
                self.faults.append(f"{self.name}: {status} {visit.url}, not opened")
            return
        for method in ("get", "head"):
            if method == "head" and visit.name in self._asked:
                continue
            answer = self.ask(method, visit.url)
            self.is_refused(method, visit, answer, is_form=False)
            self.are_alike(method, visit, answer, {})
        self._asked.add(visit.name)

    def send(self, visit: Visit, marks: dict[str, str]) -> None:
        """The form of who may, filled in and sent by who may not."""
        if visit.form is None or self.name in visit.sent_by:
            return
        answer = self.ask("post", visit.url, **fresh({**visit.form, **marks}))
        if self.name in visit.owners:
            return
        if self.name not in visit.by:
            self.is_refused("post", visit, answer, is_form=True)
        if visit.absent and (self.name not in visit.by or visit.told):
            self.are_alike("post", visit, answer, {**visit.form, **marks, **visit.told})

    def is_refused(self, method: str, visit: Visit, answer: Any, *, is_form: bool) -> None:
        leads = answer.headers.get("Location", "")
        if answer.status_code == 404:
            return
        # Where only forms are taken, nothing is looked up: refused, or led to the page of the form.
        if answer.status_code in (302, 405) and not is_form and not visit.has_page:
            return
        is_led = answer.status_code == 302 and leads.startswith("/account/sign-in/?next=")
        # 403 is the sign-in page, carrying what was sent.
        if self.name in OUT and (is_led or is_form and answer.status_code == 403):
            return
        if answer.status_code == 302 and leads == "/admin/" and visit.name == "desk:home":
            return
        self.faults.append(f"{self.name}: {answer.status_code} {leads} {method} {visit.url}")

    def are_alike(self, method: str, visit: Visit, answer: Any, form: dict[str, Any]) -> None:
        """The answer is the one that anything gets that does not exist."""
        if not visit.absent:
            return
        like = method, visit.absent, str(visit.told)
        if like not in self._absent:
            absent = self.ask(method, visit.absent, **fresh(form))
            self._absent[like] = settled(absent, visit.absent)
        if settled(answer, visit.url) != self._absent[like]:
            self.faults.append(f"{self.name}: {method} {visit.url} is not as what does not exist")


def gone(visit: Visit) -> set[int]:
    """What a link that never worked is answered with."""
    return {410} if visit.name in ("accounts:invitation", "accounts:email_confirm") else set()


def quote_read(text: str) -> str:
    """Tokens that stand in a header or a redirect, as a browser would read them."""
    return unquote(text) if "%" in text else ""


def fresh(form: dict[str, Any]) -> dict[str, Any]:
    """The same form once more, with a file that was not read yet."""
    files = {name: file for name, file in form.items() if isinstance(file, SimpleUploadedFile)}
    return form | {name: SimpleUploadedFile(str(file.name), b"x") for name, file in files.items()}


def settled(response: Any, url: str) -> tuple[int, str]:
    """The answer but for its address and what differs at every request."""
    text = OF_THE_HOUR.sub("", text_of(response))
    for each in (url, quote(url, safe="/"), quote(url, safe="")):
        text = text.replace(each, "ADDRESS")
    return response.status_code, KEY.sub("/desk/proposals/KEY/", text)


def state_of_the_world() -> dict[str, list[str]]:
    """Every row of every table, to tell whether a forged form has changed one."""
    # That somebody is still there is written down once a minute: not what was changed.
    signed_in = sorted(map(repr, SignIn.objects.values_list("pk", "user", "ended_at")))
    return {
        model._meta.label: sorted(map(repr, model._base_manager.values_list()))
        for model in apps.get_models()
        if model._meta.label not in OF_ASKING and not model._meta.proxy
    } | {"accounts.SignIn": signed_in}


def marks_for(walk: DeputyWalk, found: list[Visit]) -> dict[str, dict[str, str]]:
    """The hidden fields of every form, as who may send it gets them."""
    marks = {}
    for visit in found:
        for name in sorted(visit.sent_by)[:1] if visit.form is not None else ():
            page = client_of(walk, name).get(visit.form_at or visit.url, follow=True)
            hidden = dict(HIDDEN.findall(page.content.decode()))
            assert "_form_token" in hidden or visit.told, visit.url
            marks[visit.url] = {key: hidden[key] for key in hidden if key != "draft"}
    return marks


def test_who_may_not_finds_what_is_not_there_and_changes_nothing(walk: DeputyWalk) -> None:
    found = list(visits(walk))
    marks = marks_for(walk, found)
    faults: list[str] = []
    walkers = [Walker(walk, name) for name in sorted(EVERYBODY)]
    after = state_of_the_world()
    for walker in walkers:
        name, before = walker.name, after
        done: set[object] = set()
        for visit in found:
            # Who has no desk is refused at its door, whatever is behind it: one of each is tried.
            alike = visit.name if name not in DEPUTIES else (visit.url, str(visit.form))
            if alike in done or name in visit.by and visit.form is None:
                continue
            done.add(alike)
            if name not in visit.by | visit.owners:
                walker.look(visit)
            walker.send(visit, marks.get(visit.url, {}))
        after = state_of_the_world()
        changed = [table for table in after if after[table] != before[table]]
        faults += walker.faults + [f"{name} has changed {changed}"] * bool(changed)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("draft", ["", "?draft=1"])
def test_who_may_reads_their_own_and_nothing_of_others(walk: DeputyWalk, draft: str) -> None:
    found, faults = list(visits(walk)), []
    for name in sorted(EVERYBODY - {CLOSED}):
        walker = Walker(walk, name)
        urls = {visit.url: visit for visit in found if name in visit.by}
        for visit in urls.values():
            if not draft:
                walker.look(visit)
            elif visit.form is not None and visit.has_page:
                walker.ask("get", f"{visit.url}{draft}")
        faults += walker.faults
        if name == LEAD:
            # The walk would have seen a secret: it came upon the person's own.
            own = {token for token, readers in walk.tokens.items() if name in readers}
            assert draft or len(walker.found & own) >= len(own) - 6
    assert not faults, "\n".join(faults)


def test_each_of_those_forms_does_something_for_who_may(walk: DeputyWalk) -> None:
    # Else it would be no wonder that it does nothing for the others.
    for visit in visits(walk):
        if visit.name in ("desk:throw_away", "desk:detach", "desk:submit", "desk:attach"):
            continue
        for name in sorted(visit.sent_by)[:1]:
            before = state_of_the_world()
            marks = marks_for(walk, [visit]).get(visit.url, {})
            answer = client_of(walk, name).post(visit.url, fresh({**visit.form, **marks}))
            assert answer.status_code in (200, 302), visit.url
            assert state_of_the_world() != before, (name, visit.url)


def test_who_is_asked_does_not_learn_who_has_declined(walk: DeputyWalk) -> None:
    key = walk.drafts["signing"].key
    for page in ("", "co-sign/"):
        text = client_of(walk, ASKED).get(f"/desk/proposals/{key}/{page}").content.decode()
        assert "周建国" in text
        assert "郑不签" not in text
    page = client_of(walk, LEAD).get(f"/desk/proposals/{key}/co-sponsors/")
    assert "郑不签" in page.content.decode()


# Lists and numbers ---------------------------------------------------------------------


def lists(client: Client) -> dict[str, tuple[int, str]]:
    """What a deputy finds by looking for words that stand in somebody else's texts."""
    urls = ["/desk/", "/desk/write/", "/desk/messages/", "/desk/messages/?page=2"]
    urls += [f"/desk/?{query}" for query in ("as=co", "as=lead&page=2", "q=0123", "q=%E5%85%AC")]
    urls += [f"/desk/?state={name}" for name, _word, _states in GROUPS]
    urls += [f"/desk/?session={number}" for number in range(1, 4)]
    titles = ("关于改善学校周边公交出行的建议", "关于校车的建议")
    urls += [f"/desk/similar/?title={quote(title)}" for title in titles]
    urls += ["/", "/proposals/", "/proposals/?q=%E5%85%AC%E4%BA%A4", "/feeds/proposals.atom"]
    return {url: settled(client.get(url), url) for url in urls}


def test_a_desk_is_the_same_whatever_lies_on_those_of_others(tmp_path: Any, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    own = make_desk("自己的")
    world.make_proposal("0801", sponsor=own, title="关于公交的另一件建议")
    away = world.make_session(assembly=world.make_assembly("linshi"))
    client = signed_in(own)
    before = lists(client)
    found = make_handled(make_desk("林秀兰"))
    make_told(found)
    rate(found.reply, found.lead, "不满意", "理由")
    for number, state in enumerate(Proposal.State):
        session = away if number % 2 else world.make_session()
        facts = {"session": session, "title": "关于校车的建议", "kind": "suggestion"}
        if state == Proposal.State.MERGED:
            facts["merged_into"] = found.proposal
        Proposal.objects.create(state=state, number=f"09{number:02d}", **facts)
    assert lists(client) == before
