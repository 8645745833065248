"""Who of the deputies is told of what happened, once each (告知代表).

Asked are those under whose proposal it happened and who have an account. Who did it knows it. Whom
the gate does not show it, is not told: of two persons with the same name under a proposal only the
one who still stands there. Who was asked to co-sign, and is not any more, is told just that.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.utils.translation import override

from access.crowd import who_sees
from access.sight import SightedQuerySet
from measures.models import CommitmentFeedback
from notifications import wording
from notifications.happenings import Happening, What, happenings
from notifications.models import NoticeSettings
from notifications.outbox import Notice, tell_all
from proposals.models import Event, Feedback, Proposal, Reply, Sponsorship


def on_events(events: Sequence[Event]) -> None:
    """Tell the deputies, in the same transaction as what happened."""
    for happening in happenings(events):
        people = list(_concerned(happening))
        if people and not happening.is_farewell:
            people = who_sees(_shown(happening), people)
        if people:
            tell_all(_notices(happening, people))


def _concerned(happening: Happening) -> QuerySet[Any]:
    """The accounts of the deputies whom it concerns, each with the deputy."""
    accounts = get_user_model().objects.filter(is_active=True, deputy__isnull=False)
    users = accounts.filter(deputy__in=_deputies(happening)).select_related("deputy")
    return users.exclude(pk=happening.first.actor_id or 0).order_by("pk")


def _deputies(happening: Happening) -> Any:
    """Their ids, as a query or a list."""
    what, facts = happening.what, happening.first.details
    if what in (*Event.OF_ONE_DEPUTY, What.COSIGNER_ASKED, What.COSIGNING_ENDED):
        return [event.details.get("deputy_id") for event in happening.events]
    if what == What.PROMISE_ASKED:
        asked = CommitmentFeedback.objects.awaited().filter(
            commitment__reply=happening.reply, commitment__number=facts.get("commitment")
        )
        return asked.values("deputy")
    under = Sponsorship.objects.standing().filter(_under(happening))
    if what in (What.COSIGNED, What.COSIGNING_DECLINED):
        under = under.filter(role=Sponsorship.Role.LEAD)
    if happening.is_settling and happening.reply:
        under = under.exclude(deputy__in=happening.reply.raters())
    return under.order_by().values("deputy")


def _under(happening: Happening) -> Q:
    """A letter is for the deputies of every proposal that it answers."""
    if happening.reply:
        return Q(proposal__in=[proposal.pk for proposal in happening.reply.answered])
    return Q(proposal=happening.proposal)


def _shown(happening: Happening) -> SightedQuerySet:
    """The row that the reader must see: the letter, or the event itself.

    Of several who are asked to co-sign each has an event of their own: they all see the proposal.
    """
    if happening.reply:
        return Reply.objects.filter(pk=happening.reply.pk)
    if happening.what == What.COSIGNER_ASKED:
        return Proposal.objects.filter(pk=happening.proposal.pk)
    return Event.objects.filter(pk=happening.first.pk)


def _notices(happening: Happening, people: Sequence[Any]) -> list[Notice]:
    """One for each, in each one's language: each sentence is put together once."""
    wishes, until = NoticeSettings.of_all(people), _until(happening)
    path = wording.path_of(happening)
    said: dict[tuple[str, wording.Until | None], wording.Words] = {}
    notices = []
    for user in people:
        asked = (wishes[user.pk].spoken, until.get(user.deputy.pk))
        if asked not in said:
            with override(asked[0]):
                said[asked] = wording.of(happening, until=asked[1])
        words = said[asked]
        notices.append(
            Notice(
                recipient=user,
                kind=happening.kind,
                key=f"{happening.key()} {user.pk}",
                subject=words.subject,
                text=words.text,
                path=path,
                proposal=None if happening.is_farewell else happening.proposal,
                reply=happening.reply,
            )
        )
    return notices


def _until(happening: Happening) -> dict[int, wording.Until]:
    """Of whom a word is awaited, and until when: the day, or None where the rules say nothing."""
    rows: QuerySet[Any]
    if happening.what in (What.REPLY_SENT, What.REPLY_CORRECTED):
        rows = Feedback.objects.filter(reply=happening.reply, state=Feedback.State.AWAITED)
    elif happening.what == What.PROMISE_ASKED:
        rows = CommitmentFeedback.objects.awaited().filter(
            commitment__reply=happening.reply, commitment__number=happening.promise
        )
    else:
        return {}
    return {deputy: wording.Until(day) for deputy, day in rows.values_list("deputy", "due_on")}
