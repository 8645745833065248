"""What waits for a deputy, most urgent first: one query, however much there is.

Each kind is a function that answers its rows through the gate, as narrow columns of one shape.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    Exists,
    F,
    Field,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assemblies.thresholds import Thresholds
from clerkadmin.lights import Light, light
from desk.sentences import day
from measures.models import CommitmentFeedback
from proposals.models import Event, Feedback, Proposal, Reply, Sponsorship
from public.promises import STATE_WORDS

# What was sent back so long ago is found in the list, and waits no more.
SENT_BACK_SHOWN_DAYS = 30
# So many characters of a promise are its title.
SUBJECT = 60
# So many rows of one kind are shown: a deputy of thirty years has not more to do than that.
SHOWN = 50

State = Proposal.State

# The columns of every kind, in the order of `Task`.
COLUMNS: dict[str, Field[Any, Any]] = {
    "kind": CharField(),
    "pk": IntegerField(),
    "due": DateField(),
    "since": DateField(),
    "key": CharField(),
    "number": CharField(),
    "title": CharField(),
    "who": CharField(),
    "said": TextField(),
    "cause": CharField(),
    "state": CharField(),
    "round": IntegerField(),
    "sequence": IntegerField(),
    "place": IntegerField(),
    "unannounced": CharField(),
}


@dataclass(frozen=True)
class Task:
    """One thing that waits for a deputy; `place` is the number of a promise, or how many."""

    kind: str
    pk: int
    due: date | None
    since: date | None
    key: str
    number: str
    title: str
    who: str
    said: str
    cause: str
    state: str
    round: int | None
    sequence: int | None
    place: int | None
    unannounced: str
    light: Light | None = None

    @property
    def is_certain(self) -> bool:
        """Whether its date may not move any more with the holidays of a year to come."""
        return "due_on" not in self.unannounced.split()

    @property
    def subject(self) -> str:
        """What it is about: a promise in its own words, else the proposal."""
        return Truncator(self.said).chars(SUBJECT) if self.said else self.title

    @property
    def reply(self) -> str:
        """The letter in addresses: `1`, `1-2`."""
        return str(self.round) if self.sequence in (None, 1) else f"{self.round}-{self.sequence}"

    @property
    def url(self) -> str:
        """The page on which it is done."""
        address, letter = f"desk:{_PAGE[self.kind]}", [self.key, self.reply]
        if self.kind == "word":
            return reverse(address, args=[*letter, self.place])
        return reverse(address, args=letter if self.kind == "rate" else [self.key])

    @property
    def subject_url(self) -> str:
        """The page that is read before it is done."""
        if self.kind in ("rate", "word"):
            page = reverse("desk:letter", args=[self.key, self.reply])
            return f"{page}#c{self.place}" if self.kind == "word" else page
        return reverse("desk:proposal", args=[self.key])

    @property
    def button(self) -> str:
        return {
            "cosign": _("Answer"),
            "draft": _("Go on writing"),
            "cosigning": _("See who signed"),
            "hand_in": _("Hand it in"),
            "sent_back": _("Read why"),
            "rate": _("Rate this reply"),
            "word": _("Is it kept?"),
        }[self.kind]

    @property
    def word(self) -> str:
        """What it is, where it has no date."""
        return str(_UNDATED[self.kind][0])

    @property
    def icon(self) -> str:
        return _UNDATED[self.kind][1]

    @property
    def sentence(self) -> str:
        """What is asked, and why."""
        return _SENTENCES[self.kind](self)

    @property
    def meta(self) -> list[str]:
        """Short facts: the number, the promise."""
        facts = [_("No. %(number)s") % {"number": self.number}] if self.number else []
        if self.kind == "word":
            facts.append(_("Promise %(number)s") % {"number": self.place})
        if self.kind in ("rate", "word") and self.who:
            facts.append(self.who)
        return facts


_UNDATED: dict[str, tuple[Any, str]] = {
    "cosign": (gettext_lazy("To co-sign"), "i-person"),
    "draft": (gettext_lazy("Draft"), "i-idle"),
    "cosigning": (gettext_lazy("Being co-signed"), "i-person"),
    "hand_in": (gettext_lazy("Being co-signed"), "i-kept"),
    "sent_back": (gettext_lazy("Sent back"), "i-back"),
    "rate": (gettext_lazy("No date"), "i-date"),
    "word": (gettext_lazy("No date"), "i-date"),
}

_PAGE = {
    "cosign": "cosign",
    "draft": "edit",
    "cosigning": "cosigners",
    "hand_in": "submit",
    "sent_back": "proposal",
    "rate": "rate",
    "word": "promise",
}


def waiting_for(user: Any, *, on: date, at: Thresholds) -> list[Task]:
    """Everything that waits for that deputy; `at` says when lights change."""
    found = [_narrow(kind, rows(user, on)) for kind, rows in _KINDS.items()]
    tasks = [_task(values) for values in found[0].union(*found[1:], all=True)]
    lit = [_lit(task, on=on, at=at) for task in tasks]
    return sorted(lit, key=lambda task: (task.due or date.max, _ORDER.index(task.kind), -task.pk))


def _narrow(kind: str, rows: QuerySet) -> QuerySet:
    """The columns of one kind; what it has not is empty."""
    first = rows.order_by("-pk").values("pk")[:SHOWN]
    # A part of a union cannot be cut off itself: what it is about is.
    wanted = rows.model._base_manager.filter(pk__in=first).order_by()
    columns = {"kind": Value(kind), "pk": F("pk"), **_FACTS[kind]}
    annotated = {
        f"desk_{name}": columns.get(name) or Cast(Value(None), field)
        for name, field in COLUMNS.items()
    }
    return wanted.annotate(**annotated).values_list(*annotated)


def _task(values: Any) -> Task:
    facts = dict(zip(COLUMNS, values, strict=True))
    for name, field in COLUMNS.items():
        if isinstance(field, CharField | TextField):
            facts[name] = facts[name] or ""
    task = Task(**facts)
    if task.kind == "cosigning" and not task.place:
        return replace(task, kind="hand_in")
    return task


def _lit(task: Task, *, on: date, at: Thresholds) -> Task:
    return replace(task, light=light(task.due, on, at.yellow, at.red)) if task.due else task


# Which rows ---------------------------------------------------------------------------------


def _asked_to_sign(user: Any, on: date) -> QuerySet:
    rows = Sponsorship.objects.editable_by(user, "confirm").unanswered()
    return rows.filter(proposal__state=State.COSIGNING)


def _drafts(user: Any, on: date) -> QuerySet:
    return Proposal.objects.editable_by(user, "change").filter(state=State.DRAFT)


def _being_signed(user: Any, on: date) -> QuerySet:
    return Proposal.objects.editable_by(user, "submit").filter(state=State.COSIGNING)


def _sent_back(user: Any, on: date) -> QuerySet:
    """What came back lately, until it is written anew."""
    rows = Proposal.objects.editable_by(user, "write_anew").filter(state=State.SENT_BACK)
    since = date.fromordinal(on.toordinal() - SENT_BACK_SHOWN_DAYS)
    lately = Event.objects.filter(
        proposal=OuterRef("pk"), kind=Event.Kind.SENT_BACK, on__gte=since
    ).order_by()
    begun = Event.objects.filter(kind=Event.Kind.DRAFTED, on__gte=since).order_by()
    anew = begun.annotate(of=KT("details__anew")).filter(of=OuterRef("key"))
    return rows.filter(Exists(lately), ~Exists(anew))


def _to_rate(user: Any, on: date) -> QuerySet:
    """Own ratings that are awaited: of a newest letter, whose proposals are not all settled."""
    own = Feedback.objects.visible_to(user).filter(state=Feedback.State.AWAITED)
    newer = Reply.objects.filter(
        proposal=OuterRef("reply__proposal"),
        department=OuterRef("reply__department"),
        round__gt=OuterRef("reply__round"),
        state=Reply.State.SENT,
    ).order_by()
    along = Proposal.objects.filter(answered_along=OuterRef("reply")).exclude(
        state__in=Proposal.SETTLED
    )
    is_open = ~Q(reply__proposal__state__in=Proposal.SETTLED) | Exists(along.order_by())
    return own.filter(is_open, ~Exists(newer), reply__state=Reply.State.SENT)


def _to_judge(user: Any, on: date) -> QuerySet:
    rows = CommitmentFeedback.objects.editable_by(user, "answer")
    return rows.filter(state=CommitmentFeedback.State.AWAITED)


_KINDS: dict[str, Callable[[Any, date], QuerySet]] = {
    "cosign": _asked_to_sign,
    "draft": _drafts,
    "cosigning": _being_signed,
    "sent_back": _sent_back,
    "rate": _to_rate,
    "word": _to_judge,
}
# Of what has no date: what others wait for comes first.
_ORDER = ("rate", "word", "cosign", "sent_back", "hand_in", "draft", "cosigning")


# With which columns --------------------------------------------------------------------------

_LEAD_NAME = Subquery(
    Sponsorship.objects.filter(proposal=OuterRef("proposal"), role=Sponsorship.Role.LEAD)
    .order_by()
    .values("deputy__name")[:1]
)
_UNSIGNED = Subquery(
    Sponsorship.objects.filter(
        proposal=OuterRef("pk"),
        asked_on__isnull=False,
        confirmed_on=None,
        declined_on=None,
    )
    .order_by()
    .values("proposal")
    .annotate(count=Count("pk"))
    .values("count")
)
_SENT_BACK_ON = Subquery(
    Event.objects.filter(proposal=OuterRef("pk"), kind=Event.Kind.SENT_BACK)
    .order_by("-pk")
    .values("on")[:1]
)


def _of(path: str) -> dict[str, Any]:
    return {"key": F(f"{path}key"), "number": F(f"{path}number"), "title": F(f"{path}title")}


def _name(path: str) -> Any:
    """What the department is called in lists."""
    has_short = ~Q(**{f"{path}short_name": ""})
    return Case(When(has_short, then=F(f"{path}short_name")), default=F(f"{path}name"))


def _of_letter(path: str) -> dict[str, Any]:
    return {
        **_of(f"{path}proposal__"),
        "who": _name(f"{path}department__"),
        "round": F(f"{path}round"),
        "sequence": F(f"{path}sequence"),
    }


_FACTS: dict[str, dict[str, Any]] = {
    "cosign": {**_of("proposal__"), "since": F("asked_on"), "who": _LEAD_NAME},
    "draft": _of(""),
    "cosigning": {**_of(""), "place": _UNSIGNED},
    "sent_back": {**_of(""), "since": _SENT_BACK_ON},
    "rate": {
        **_of_letter("reply__"),
        "due": F("due_on"),
        "since": F("reply__sent_on"),
        "unannounced": F("unannounced"),
    },
    "word": {
        **_of_letter("commitment__reply__"),
        "who": _name("commitment__lead_department__"),
        "state": F("commitment__state"),
        "due": F("due_on"),
        "since": F("asked_on"),
        "said": F("commitment__text"),
        "cause": F("cause"),
        "place": F("commitment__number"),
        "unannounced": F("unannounced"),
    },
}


# What is said --------------------------------------------------------------------------------


def _cosign(task: Task) -> str:
    said = _("%(name)s asked you on %(day)s to put your name under this proposal.")
    return said % {"name": task.who, "day": day(task.since)}


def _signing(task: Task) -> str:
    said = _("Deputies who were asked to co-sign and have not answered yet: %(count)s.")
    return said % {"count": task.place}


def _back(task: Task) -> str:
    said = _("The deputies' office sent it back on %(day)s. You can write it anew.")
    return said % {"day": day(task.since)}


def _rate(task: Task) -> str:
    facts = {"name": task.who, "since": day(task.since), "due": day(task.due)}
    if task.due:
        return _("%(name)s replied on %(since)s: say until %(due)s how you find it.") % facts
    return _("%(name)s replied on %(since)s: say how you find it.") % facts


def _word(task: Task) -> str:
    facts = {"name": task.who, "due": day(task.due), "state": STATE_WORDS.get(task.state, "")}
    if task.cause == CommitmentFeedback.Cause.REPORTED:
        if task.due:
            return _("%(name)s reported: %(state)s. Say until %(due)s whether you agree.") % facts
        return _("%(name)s reported: %(state)s. Say whether you agree.") % facts
    if task.due:
        return _("Its date has come, and no report: say until %(due)s whether it is kept.") % facts
    return _("Its date has come, and no report: say whether it is kept.")


_SENTENCES: dict[str, Callable[[Task], str]] = {
    "cosign": _cosign,
    "draft": lambda task: _("Your draft: nobody but you reads it yet."),
    "cosigning": _signing,
    "hand_in": lambda task: _("Nobody's answer is awaited any more: you can hand it in."),
    "sent_back": _back,
    "rate": _rate,
    "word": _word,
}
