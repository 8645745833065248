"""Which rows wait for somebody: each function answers those of one kind, through the gate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from access.sight import Person
from intake.models import LetterDraft
from measures.models import Commitment
from notifications.models import Message
from proposals.models import (
    Assignment,
    CoHandlingOpinion,
    Contact,
    Decision,
    DisclosureDecision,
    ExtensionRequest,
    Feedback,
    Proposal,
    Reply,
    ReturnRequest,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

# A promise is on the desk so many days before its date.
PROMISE_DAYS = 120

State = Proposal.State
# While departments still owe a letter or an opinion.
HANDLED = (*Proposal.HANDLED, State.REPLIED, State.ESCALATED)


@dataclass(frozen=True)
class Asked:
    """Whose desk it is, and on which day."""

    user: AbstractBaseUser
    person: Person
    on: date


def reply_due(path: str = "") -> Any:
    """When an assignment's reply is due: of the new round, or extended, or the first."""
    return Case(
        When(Q(**{f"{path}round__gt": 1}), then=F(f"{path}redo_by")),
        default=Coalesce(F(f"{path}extended_to"), F(f"{path}due_on")),
    )


def due_of_reply() -> Any:
    """When a letter on its way is due: by the assignment of its department."""
    own = Assignment.objects.filter(
        proposal=OuterRef("proposal"), department=OuterRef("department"), ended_on=None
    )
    return Subquery(own.order_by().values(due=reply_due())[:1])


def _assignments(asked: Asked, right: str) -> QuerySet:
    rows = Assignment.objects.editable_by(asked.user, right)
    return rows.filter(ended_on=None, proposal__state__in=HANDLED)


def _letters_of(assignment: str = "") -> QuerySet:
    """The letters with which the department of an assignment answers, in its round or later."""
    return Reply.objects.filter(
        proposal=OuterRef(f"{assignment}proposal"),
        department=OuterRef(f"{assignment}department"),
        round__gte=OuterRef(f"{assignment}round"),
    ).order_by()


def sent_along() -> QuerySet:
    """A letter to another proposal that answers this one along."""
    through = Reply.also_answers.through.objects
    return through.filter(
        proposal=OuterRef("proposal"),
        reply__department=OuterRef("department"),
        reply__state=Reply.State.SENT,
    )


def unanswered(assignments: QuerySet) -> QuerySet:
    """Those whose department has sent no letter in its round."""
    sent = _letters_of().filter(state=Reply.State.SENT)
    return assignments.filter(~Exists(sent), ~Exists(sent_along()), role__in=Assignment.ANSWERING)


def to_acknowledge(asked: Asked) -> QuerySet:
    rows = _assignments(asked, "acknowledge").filter(acknowledged_on=None)
    # What asks to be returned waits for the office; what was answered needs no word any more.
    asks = ReturnRequest.objects.filter(assignment=OuterRef("pk"), decision=Decision.PENDING)
    return rows.filter(~Exists(asks), ~Exists(_letters_of()))


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
    return rows.filter(~Exists(_letters_of()))


def letters(right: str, *states: str) -> Callable[[Asked], QuerySet]:
    def rows(asked: Asked) -> QuerySet:
        return Reply.objects.editable_by(asked.user, right).filter(state__in=states)

    return rows


def to_disclose(asked: Asked) -> QuerySet:
    rows = Reply.objects.editable_by(asked.user, "publish")
    return rows.filter(state=Reply.State.SENT, disclosure=Proposal.Disclosure.UNDECIDED)


def to_propose_disclosure(asked: Asked) -> QuerySet:
    rows = Reply.objects.editable_by(asked.user, "propose_disclosure")
    proposed = DisclosureDecision.objects.filter(reply=OuterRef("pk")).order_by()
    return rows.filter(
        ~Exists(proposed), state=Reply.State.SENT, disclosure=Proposal.Disclosure.UNDECIDED
    )


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
    rows = Commitment.objects.editable_by(asked.user, "report").open()
    soon = asked.on + timedelta(days=PROMISE_DAYS)
    return rows.filter(
        Q(due_on__lte=soon) | Q(state=Commitment.State.DISPUTED), reply__state=Reply.State.SENT
    )


def pending(model: type[Any]) -> Callable[[Asked], QuerySet]:
    def rows(asked: Asked) -> QuerySet:
        return model.objects.editable_by(asked.user, "agree").filter(decision=Decision.PENDING)

    return rows


def to_tell(asked: Asked) -> QuerySet:
    rows = ExtensionRequest.objects.editable_by(asked.user, "tell_deputy")
    return rows.filter(
        decision=Decision.AGREED, deputy_told_on=None, assignment__proposal__state__in=HANDLED
    )


def to_rate(asked: Asked) -> QuerySet:
    replies = Reply.objects.editable_by(asked.user, "rate").order_by()
    return Feedback.objects.filter(state=Feedback.State.AWAITED, reply__in=replies)


def to_close(asked: Asked) -> QuerySet:
    """Rated by everybody, satisfied, and with no promise open."""
    rows = Proposal.objects.editable_by(asked.user, "close").filter(
        state__in=(State.REPLIED, State.TRACKING)
    )
    ratings = Feedback.objects.filter(reply__proposal=OuterRef("pk")).order_by()
    promises = Commitment.objects.open().filter(reply__proposal=OuterRef("pk")).order_by()
    return rows.filter(
        Exists(ratings.exclude(state=Feedback.State.AWAITED)),
        ~Exists(ratings.filter(state=Feedback.State.AWAITED)),
        ~Exists(promises),
    )


def proposals(right: str, state: str) -> Callable[[Asked], QuerySet]:
    def rows(asked: Asked) -> QuerySet:
        return Proposal.objects.editable_by(asked.user, right).filter(state=state)

    return rows


def followed(asked: Asked) -> QuerySet:
    """Key proposals that the person's own committee follows, until they are answered."""
    rows = Proposal.objects.editable_by(asked.user, "nudge").filter(state__in=HANDLED, is_key=True)
    return rows.filter(supervised_by__in=asked.person.departments)


def due_of_followed() -> Any:
    parts = Assignment.objects.filter(
        proposal=OuterRef("pk"), role__in=Assignment.ANSWERING, ended_on=None
    )
    return Subquery(parts.order_by("due_on").values(due=reply_due())[:1])


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
