"""Every address of the deputies' desk, of accounts and of following, and who may open it.

Who may stands here in words of its own, not taken from the table of rights.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assemblies.models import Rating
from proposals.models import Proposal
from tests.deputy_walk_world import (
    ASKED,
    AWAY,
    DEPUTIES,
    EVERYBODY,
    LEAD,
    OTHER,
    PARTNER,
    SIGNED_IN,
    DeputyWalk,
)
from tests.world import make_rating

TEXTS = {"title": "改了", "reason": "改了", "request": "改了", "wished_handler": "改了"}
# Who reads which proposal of the walk.
READERS = {
    "handled": {LEAD, PARTNER},
    "signing": {LEAD, PARTNER, ASKED},
    "own": {LEAD},
    "submitted": {LEAD, PARTNER},
    "back": {LEAD},
    "others": {OTHER},
    "away": {AWAY},
}
LEADS = {"others": OTHER, "away": AWAY}
# Those that are still written.
UNSUBMITTED = ("own", "signing", "others", "away")


@dataclass(frozen=True)
class Visit:
    """One address; `absent` is one like it of what does not exist."""

    name: str
    url: str
    by: frozenset[str]
    absent: str = ""
    # A form of that page, and who may send it; `form_at` is where it stands, if elsewhere.
    form: dict[str, Any] | None = None
    sent_by: frozenset[str] = frozenset()
    form_at: str = ""
    has_page: bool = True
    # Whose it is: their form is refused in words where the state closes it.
    owners: frozenset[str] = frozenset()
    # What the form holds in the place of a row that does not exist.
    told: dict[str, Any] = field(default_factory=dict)


def visits(walk: DeputyWalk) -> Iterator[Visit]:
    yield from _lists(walk)
    for name, proposal in {"handled": walk.handled.proposal, **walk.drafts}.items():
        yield from _of_proposal(walk, name, proposal)
    yield from _of_letter(walk)
    yield from _files(walk)
    yield from _accounts(walk)
    yield from _following(walk)


def _lists(walk: DeputyWalk) -> Iterator[Visit]:
    every = frozenset(DEPUTIES)
    for name in ("home", "write", "similar", "messages"):
        yield Visit(f"desk:{name}", reverse(f"desk:{name}"), every)
    yield Visit("desk:write", reverse("desk:write"), every, form={}, sent_by=every)
    absent = reverse("desk:message", args=["00000000-0000-4000-8000-000000000000"])
    for name, message in walk.messages.items():
        url = reverse("desk:message", args=[message.message_id])
        yield Visit("desk:message", url, frozenset({name}) & every, absent)


def _of_proposal(walk: DeputyWalk, name: str, row: Proposal) -> Iterator[Visit]:
    """The pages of one proposal, as far as its state opens them; the others open for nobody."""
    readers, lead = READERS[name], {LEADS.get(name, LEAD)}
    is_written = name in UNSUBMITTED
    edit = reverse("desk:edit", args=[row.key]) + "?change=1"
    texts = {**TEXTS, "then": "later"}
    paper = walk.papers[name].pk

    def visit(page: str, by: set[str], form: dict[str, Any] | None = None, **facts: Any) -> Visit:
        args = facts.pop("args", [])
        url = reverse(f"desk:{page}", args=[row.key, *args])
        absent = url.replace(row.key, "x" * len(row.key))
        sent_by = frozenset(facts.pop("sent_by", by if form is not None else ()))
        owners = frozenset(lead)
        return Visit(
            f"desk:{page}", url, frozenset(by), absent, form, sent_by, owners=owners, **facts
        )

    yield visit("proposal", readers)
    yield visit("edit", lead, texts, sent_by=lead if is_written else set(), form_at=edit)
    beside: dict[str, Any] = {"form_at": edit, "has_page": False, "sent_by": lead}
    if is_written:
        file = {"file": SimpleUploadedFile("x.pdf", b"x")}
        yield visit("keep", set(), TEXTS, **beside)
        yield visit("attach", set(), {**TEXTS, **file}, **beside)
        yield visit("detach", set(), TEXTS, args=[paper], **beside)
    choice = {"deputies": str(walk.deputies[OTHER if name != "others" else LEAD].pk)}
    yield visit("cosigners", lead, choice, sent_by=lead if is_written else set())
    asked = {"signing": {ASKED, PARTNER}, "submitted": {PARTNER}}.get(name, set())
    opened = asked | ({PARTNER} if name == "handled" else set())
    answer = {"answer": "decline", "words": "不"}
    yield visit("cosign", opened, answer, sent_by=asked if name == "signing" else set())
    yield visit("submit", lead, {}, sent_by=lead if is_written else set())
    # A draft that nobody else has read is thrown away; what is co-signed or handed in is withdrawn.
    withdrawn = lead if name == "signing" or not is_written else set()
    may_withdraw = lead if name in ("signing", "submitted") else set()
    yield visit("withdraw", withdrawn, {"reason": "不提了"}, sent_by=may_withdraw)
    back = lead if name == "back" else set()
    yield visit("write_anew", back, {}, sent_by=back)
    thrown = lead if name in ("own", "others", "away") else set()
    yield visit("throw_away", thrown, {}, sent_by=thrown)


def _of_letter(walk: DeputyWalk) -> Iterator[Visit]:
    world, both = walk.handled, frozenset({LEAD, PARTNER})
    step = make_rating("满意").pk
    assert Rating.objects.filter(pk=step).exists()
    rating = {"process": step, "result": step, "reason": "好"}
    word = {"word": "not_kept", "reason": "没有"}
    args = [world.proposal.key, world.reply.key]
    hidden = "x" * len(world.proposal.key)

    def visit(page: str, *more: int, form: dict[str, Any] | None = None) -> Visit:
        url = reverse(f"desk:{page}", args=[*args, *more])
        absent = url.replace(world.proposal.key, hidden)
        return Visit(f"desk:{page}", url, both, absent, form, both if form else frozenset())

    yield visit("letter")
    yield visit("rate", form=rating)
    yield visit("paper")
    yield visit("promise", world.promise.number, form=word)
    # A letter that was not sent, and a promise that was not made, are there for nobody.
    for url in (
        reverse("desk:letter", args=[args[0], "2"]),
        reverse("desk:promise", args=[*args, 99]),
    ):
        absent = url.replace(world.proposal.key, hidden)
        yield Visit("desk:letter", url, frozenset(), absent)


def _files(walk: DeputyWalk) -> Iterator[Visit]:
    rated = walk.handled.reply.feedback.get(deputy=walk.deputies[PARTNER])
    said = walk.handled.promise.feedback.get(deputy=walk.deputies[PARTNER])
    report = walk.handled.promise.updates.exclude(evidence_file="").get()
    files = {str(walk.papers[name].file.name): READERS[name] for name in walk.papers} | {
        str(report.evidence_file.name): READERS["handled"],
        str(rated.scan.name): {PARTNER},
        str(said.scan.name): {PARTNER},
    }
    for name, readers in files.items():
        folder, _slash, last = name.rpartition("/")
        absent = reverse("desk:file", args=[f"{folder}/{'x' * len(last)}"])
        url = reverse("desk:file", args=[name])
        yield Visit("desk:file", url, frozenset(readers), absent)


def _accounts(walk: DeputyWalk) -> Iterator[Visit]:
    """What everybody keeps of their own, and what is open to whoever comes."""
    own = "account", "password", "email", "notices", "sign_ins", "second_factor"
    for name in (*own, "backup_codes", "second_factor_remove"):
        yield Visit(f"accounts:{name}", reverse(f"accounts:{name}"), frozenset(SIGNED_IN))
    for name in ("sign_in", "code", "reset", "reset_asked"):
        yield Visit(f"accounts:{name}", reverse(f"accounts:{name}"), frozenset(EVERYBODY))
    # Signing in as somebody whose code is awaited in another browser, and signing out by a link.
    everybody = frozenset(EVERYBODY)
    yield Visit("accounts:sign_out", reverse("accounts:sign_out"), everybody, has_page=False)
    for name, sign_in in walk.sign_ins.items():
        url = reverse("accounts:sign_ins")
        by = frozenset({name})
        form = {"end": str(sign_in.pk)}
        absent = {"told": {"end": "999999"}}
        yield Visit("accounts:sign_ins", url, frozenset(SIGNED_IN), url, form, by, **absent)
    wrong = reverse("accounts:reset_confirm", args=["MQ", "x-y"])
    yield Visit("accounts:reset_confirm", wrong, everybody)
    wrong = reverse("accounts:email_confirm", args=["x:y:z"])
    yield Visit("accounts:email_confirm", wrong, frozenset(SIGNED_IN))
    yield Visit("accounts:invitation", reverse("accounts:invitation", args=["x" * 43]), everybody)


def _following(walk: DeputyWalk) -> Iterator[Visit]:
    everybody = frozenset(EVERYBODY)
    url = reverse("following:follow")
    yield Visit("following:follow", f"{url}?proposal=yunping/14-3/0800", everybody)
    number = walk.handled.proposal.number
    hidden = f"{url}?proposal=yunping/14-3/{number}"
    yield Visit("following:follow", hidden, frozenset(), hidden.replace(number, "0999"))
    yield Visit("following:asked", reverse("following:asked"), everybody)
    # A link of one kind opens nothing of another, and a key without its signature nothing at all.
    key, _dot, sign = walk.manage.partition(".")
    for name in ("confirm", "manage", "end"):
        tokens = {key, f"{key}.{'x' * len(sign)}", *([walk.manage] if name == "confirm" else [])}
        for token in sorted(tokens):
            forged = reverse(f"following:{name}", args=[token])
            absent = reverse(f"following:{name}", args=["x" * len(token)])
            yield Visit(f"following:{name}", forged, frozenset(), absent, {}, frozenset())
