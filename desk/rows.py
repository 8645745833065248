"""Which rows wait for somebody: each function answers those of one kind, through the gate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value, When

from access.sight import Person
from accounts.models import RatingAlarm
from intake.models import LetterDraft
from measures.models import Commitment, CommitmentFeedback
from notifications.models import Message
from proposals.models import (
    Assignment,
    CoHandlingOpinion,
    Contact,
    Decision,
    DisclosureDecision,
    Event,
    ExtensionRequest,
    Feedback,
    Proposal,
    Reply,
    ReturnRequest,
)
from proposals.owing import HANDLED, letters_of, reply_due, unanswered

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

# A promise is on the desk so many days before its date.
PROMISE_DAYS = 120

State = Proposal.State


@dataclass(frozen=True)
class Asked:
    """Whose desk it is, and on which day."""

    user: AbstractBaseUser
    person: Person
    on: date


def due_of_reply() -> Any:
    """When a letter on its way is due: by the assignment of its department."""
    own = Assignment.objects.filter(
        proposal=OuterRef("proposal"), department=OuterRef("department"), ended_on=None
    )
    return Subquery(own.order_by().values(due=reply_due())[:1])


def sent_back() -> Any:
    """Whether a draft came back to who writes it; empty: nobody has read it yet."""
    back = Event.objects.filter(reply=OuterRef("pk"), kind=Event.Kind.REPLY_SENT_BACK)
    known = When(Exists(back), then=Value("sent_back"))
    return Case(known, default=Value(""), output_field=CharField())


def _assignments(asked: Asked, right: str) -> QuerySet:
    rows = Assignment.objects.editable_by(asked.user, right)
    return rows.filter(ended_on=None, proposal__state__in=HANDLED)


def to_acknowledge(asked: Asked) -> QuerySet:
    rows = _assignments(asked, "acknowledge").filter(
        acknowledged_on=None, proposal__state__in=Proposal.HANDLED
    )
    # What asks to be returned waits for the office; what was answered needs no word any more.
    asks = ReturnRequest.objects.filter(assignment=OuterRef("pk"), decision=Decision.PENDING)
    return rows.filter(~Exists(asks), ~Exists(letters_of()))


def to_contact(asked: Asked) -> QuerySet:
    rows = unanswered(_assignments(asked, "log_contact").exclude(acknowledged_on=None))
    talks = Contact.objects.filter(
        proposal=OuterRef("proposal"), department=OuterRef("department")
    ).order_by()
    return rows.filter(
        Q(contact_by__isnull=False) | Q(rules__requires_contact=True), ~Exists(talks)
    )


def to_answer(asked: Asked) -> QuerySet:
    rows = unanswered(_assignments(asked, "acknowledge").exclude(acknowledged_on=None))
    return rows.filter(~Exists(letters_of()))


def letters(right: str, *states: str) -> Callable[[Asked], QuerySet]:
    def rows(asked: Asked) -> QuerySet:
        rows = Reply.objects.editable_by(asked.user, right).filter(state__in=states)
        return rows.exclude(proposal__state__in=Proposal.SETTLED).exclude(_is_no_more_theirs())

    return rows


def _is_no_more_theirs() -> Q:
    """A draft of a department that has given its part back, or lost it, goes no further."""
    parts = Assignment.objects.filter(
        proposal=OuterRef("proposal"), department=OuterRef("department")
    ).order_by()
    return Q(Exists(parts), ~Exists(parts.present().answering()), is_issued=False)


# What is not to be public at all asks nobody whether its letter is.
_UNPUBLISHED = Q(proposal__state__in=Proposal.NEVER_PUBLIC) | Q(
    proposal__disclosure__in=(Proposal.Disclosure.ON_REQUEST, Proposal.Disclosure.WITHHELD)
)


def _undecided(asked: Asked, right: str) -> QuerySet:
    rows = Reply.objects.editable_by(asked.user, right).exclude(_UNPUBLISHED)
    return rows.filter(state=Reply.State.SENT, disclosure=Proposal.Disclosure.UNDECIDED)


def to_disclose(asked: Asked) -> QuerySet:
    return _undecided(asked, "publish")


def to_propose_disclosure(asked: Asked) -> QuerySet:
    proposed = DisclosureDecision.objects.filter(reply=OuterRef("pk")).order_by()
    return _undecided(asked, "propose_disclosure").filter(~Exists(proposed))


def opinions(right: str, *states: str) -> Callable[[Asked], QuerySet]:
    def rows(asked: Asked) -> QuerySet:
        opinions = CoHandlingOpinion.objects.editable_by(asked.user, right)
        return opinions.filter(
            state__in=states,
            assignment__ended_on=None,
            assignment__proposal__state__in=HANDLED,
        )

    return rows


def due_of_lead() -> Any:
    """An opinion that is there is needed for the letter of who asked for it."""
    lead = Assignment.objects.filter(
        proposal=OuterRef("assignment__proposal"),
        role__in=Assignment.ANSWERING,
        ended_on=None,
    )
    return Subquery(lead.order_by("pk").values(due=reply_due())[:1])


def to_report(asked: Asked) -> QuerySet:
    rows = Commitment.objects.editable_by(asked.user, "report").owed()
    soon = asked.on + timedelta(days=PROMISE_DAYS)
    return rows.filter(Q(due_on__lte=soon) | Q(state=Commitment.State.DISPUTED))


def pending(model: type[Any]) -> Callable[[Asked], QuerySet]:
    def rows(asked: Asked) -> QuerySet:
        rows = model.objects.editable_by(asked.user, "agree").filter(decision=Decision.PENDING)
        return rows.filter(assignment__ended_on=None)

    return rows


def to_tell(asked: Asked) -> QuerySet:
    rows = ExtensionRequest.objects.editable_by(asked.user, "tell_deputy")
    return rows.filter(
        decision=Decision.AGREED,
        deputy_told_on=None,
        assignment__ended_on=None,
        assignment__proposal__state__in=HANDLED,
    )


def to_rate(asked: Asked) -> QuerySet:
    replies = Reply.objects.editable_by(asked.user, "rate").order_by()
    newer = Reply.objects.filter(
        proposal=OuterRef("reply__proposal"),
        department=OuterRef("reply__department"),
        round__gt=OuterRef("reply__round"),
        state=Reply.State.SENT,
    ).order_by()
    rows = Feedback.objects.filter(state=Feedback.State.AWAITED, reply__in=replies)
    return rows.filter(~Exists(newer)).exclude(reply__proposal__state__in=Proposal.SETTLED)


def to_answer_for(asked: Asked) -> QuerySet:
    """Questions about promises, for those deputies who answer on paper."""
    return CommitmentFeedback.objects.editable_by(asked.user, "answer").awaited()


def to_close(asked: Asked) -> QuerySet:
    """Rated by everybody, satisfied, with no promise open and no word on one awaited."""
    rows = Proposal.objects.editable_by(asked.user, "close").filter(
        state__in=(State.REPLIED, State.TRACKING)
    )
    ratings = Feedback.objects.filter(reply__proposal=OuterRef("pk")).order_by()
    promises = Commitment.objects.open().filter(reply__proposal=OuterRef("pk")).order_by()
    words = CommitmentFeedback.objects.awaited().filter(commitment__reply__proposal=OuterRef("pk"))
    return rows.filter(
        Exists(ratings.exclude(state=Feedback.State.AWAITED)),
        ~Exists(ratings.filter(state=Feedback.State.AWAITED)),
        ~Exists(promises),
        ~Exists(words.order_by()),
    )


def proposals(right: str, state: str) -> Callable[[Asked], QuerySet]:
    def rows(asked: Asked) -> QuerySet:
        return Proposal.objects.editable_by(asked.user, right).filter(state=state)

    return rows


def escalated_on() -> Any:
    """When it went up, the last time."""
    went_up = Event.objects.filter(proposal=OuterRef("pk"), kind=Event.Kind.ESCALATED)
    return Subquery(went_up.order_by("-pk").values("on")[:1])


def followed(asked: Asked) -> QuerySet:
    """Key proposals that the person's own committee follows, until they are answered."""
    rows = Proposal.objects.editable_by(asked.user, "nudge").filter(state__in=HANDLED, is_key=True)
    return rows.filter(supervised_by__in=asked.person.departments)


def due_of_followed() -> Any:
    parts = Assignment.objects.filter(
        proposal=OuterRef("pk"), role__in=Assignment.ANSWERING, ended_on=None
    )
    return Subquery(parts.order_by("due_on").values(due=reply_due())[:1])


def open_alarms(asked: Asked) -> QuerySet:
    return RatingAlarm.objects.editable_by(asked.user, "settle").filter(settled_on=None)


def unread_letters(asked: Asked) -> QuerySet:
    rows = LetterDraft.objects.editable_by(asked.user, "review")
    return rows.filter(state=LetterDraft.State.OPEN)


def unread_messages(asked: Asked) -> QuerySet:
    return Message.objects.for_desk(asked.user)


# Who asked for an opinion.
LEAD_NAME = Subquery(
    Assignment.objects.filter(
        proposal=OuterRef("assignment__proposal"), role__in=Assignment.ANSWERING, ended_on=None
    )
    .order_by("pk")
    .values("department__short_name")[:1]
)
# Who answers a proposal, the first to be due.
ANSWERING_NAME = Subquery(
    Assignment.objects.filter(proposal=OuterRef("pk"), role__in=Assignment.ANSWERING, ended_on=None)
    .order_by("due_on")
    .values("department__short_name")[:1]
)
