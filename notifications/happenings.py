"""What the deputies learn of: the events that are told, and which of a journey's are one thing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from measures.models import Commitment
from notifications.models import Message
from proposals.models import Event, Proposal, Reply

Kind = Message.Kind
What = Event.Kind

KIND_OF: dict[str, Kind] = {
    What.COSIGNER_ASKED: Kind.COSIGNING,
    What.COSIGNED: Kind.COSIGNING,
    What.COSIGNING_DECLINED: Kind.COSIGNING,
    What.COSIGNING_ENDED: Kind.COSIGNING,
    What.SUBMITTED: Kind.SUBMITTED,
    What.REGISTERED: Kind.REGISTERED,
    What.SENT_BACK: Kind.NOT_TAKEN_ON,
    What.CONVERTED: Kind.NOT_TAKEN_ON,
    What.MERGED: Kind.NOT_TAKEN_ON,
    What.WITHDRAWN: Kind.NOT_TAKEN_ON,
    What.KEY_MARKED: Kind.KEY,
    What.ASSIGNED: Kind.ASSIGNED,
    What.REASSIGNED: Kind.REASSIGNED,
    What.EXTENSION_GRANTED: Kind.EXTENDED,
    What.REPLY_SENT: Kind.REPLIED,
    What.REPLY_CORRECTED: Kind.REPLIED,
    What.NOT_RATED: Kind.RATING_DUE,
    What.REHANDLING: Kind.HANDLED_AGAIN,
    What.ESCALATED: Kind.HANDLED_AGAIN,
    What.PROMISE_UPDATED: Kind.PROMISE_REPORTED,
    What.PROMISE_ASKED: Kind.PROMISE_DUE,
    What.PROMISE_UNANSWERED: Kind.PROMISE_DUE,
    What.CLOSED: Kind.CLOSED,
    What.PROPOSAL_PUBLISHED: Kind.PUBLISHED,
    What.REPLY_PUBLISHED: Kind.PUBLISHED,
}
# Their page is that of the letter, and is there for whom the letter is there.
OF_LETTERS = (
    What.REPLY_SENT,
    What.REPLY_CORRECTED,
    What.REPLY_PUBLISHED,
    What.NOT_RATED,
    What.PROMISE_UPDATED,
    What.PROMISE_ASKED,
    What.PROMISE_UNANSWERED,
)
# Steps of one way: where a journey takes several at once, only where it came to is told.
STEPS = (
    What.SUBMITTED,
    What.PROPOSAL_PUBLISHED,
    What.REGISTERED,
    What.ASSIGNED,
    What.REASSIGNED,
    What.REPLY_PUBLISHED,
    What.REPLY_SENT,
)
# What lies longer back is history that somebody enters, and news to nobody.
NEWS_FOR = timedelta(days=30)


@dataclass(frozen=True)
class Happening:
    """One thing that happened to one proposal, by one event or by several of a kind."""

    what: str
    events: tuple[Event, ...]

    @property
    def first(self) -> Event:
        return self.events[0]

    @property
    def proposal(self) -> Proposal:
        return self.first.proposal

    @property
    def reply(self) -> Reply | None:
        """The letter, where its page is what tells more."""
        return self.first.reply if self.what in OF_LETTERS else None

    @property
    def promise(self) -> int | None:
        """The number of the promise in the letter, where it is about one."""
        return self.first.details.get("commitment")

    @property
    def kind(self) -> Kind:
        if self.what == What.PROMISE_ASKED and self.first.details.get("cause") == "reported":
            return Kind.PROMISE_REPORTED
        return KIND_OF[self.what]

    @property
    def is_settling(self) -> bool:
        """A report that nothing is left to do: who is asked about it is told with the question."""
        state = self.first.details.get("state")
        return self.what == What.PROMISE_UPDATED and state in Commitment.SETTLED

    @property
    def is_farewell(self) -> bool:
        """Told to those who from now on see the proposal no more: it leads to no page of it."""
        return self.what == What.COSIGNING_ENDED

    def key(self) -> str:
        """The same for the same thing, told by whichever of its events."""
        if self.what == What.REPLY_SENT and self.reply:
            return f"replied {self.reply.pk}"
        return f"event {self.first.pk}"


def happenings(events: Sequence[Event]) -> list[Happening]:
    """What is told of these events, in their order."""
    news = [event for event in events if event.kind in KIND_OF and _is_news(event)]
    groups: dict[tuple[object, ...], list[Event]] = {}
    for event in _furthest(news):
        groups.setdefault(_same(event), []).append(event)
    return [Happening(group[0].kind, tuple(group)) for group in groups.values()]


def _is_news(event: Event) -> bool:
    """What the calendar brings is as old as the day that has passed (`due`)."""
    day = date.fromisoformat(event.details.get("due") or event.on.isoformat())
    return day > timezone.localdate() - NEWS_FOR


def _furthest(events: Iterable[Event]) -> list[Event]:
    """Of the steps that one journey took with a proposal, the last."""
    events = list(events)
    came_to: dict[int, int] = {}
    for event in events:
        if event.kind in STEPS:
            place = STEPS.index(event.kind)
            came_to[event.proposal_id] = max(came_to.get(event.proposal_id, 0), place)
    return [
        event
        for event in events
        if event.kind not in STEPS or STEPS.index(event.kind) == came_to[event.proposal_id]
    ]


def _same(event: Event) -> tuple[object, ...]:
    """Events of which these are equal are one thing: of several departments, or deputies."""
    return (
        event.kind,
        event.proposal_id,
        event.reply_id if event.kind in OF_LETTERS else None,
        event.details.get("commitment"),
        event.details.get("again"),
    )
