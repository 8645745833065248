"""What a deputy is reminded of by the calendar: a word that is awaited, a promise that falls due.

Some days before the last one and on the last day itself, each once: the key is that of the row,
its day and which of the two it is, so a timer that stood still makes up for what it missed. Who was
asked to co-sign and is silent is reminded after some days, and once more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from measures.models import Commitment, CommitmentFeedback
from notifications.models import Message, NoticeSettings
from notifications.outbox import Notice, tell_all
from notifications.wording import path_of_letter
from proposals.models import Feedback, Proposal, Reply, Sponsorship

Kind = Message.Kind

# From so many days before the last one it is pressing.
SOON = timedelta(days=5)
# Silent for so long; what was asked longer ago than the third of them is let be.
SILENT, LONG_SILENT, LET_BE = timedelta(days=3), timedelta(days=7), timedelta(days=14)


def remind_deputies(*, on: date, missed: Collection[date] = ()) -> int:
    """Write what is to be said on that day, deputy by deputy; how many messages are new.

    missed: the days before it on which nobody was reminded.
    """
    accounts = get_user_model().objects.filter(is_active=True, deputy__isnull=False)
    return sum(_remind(user, on=on, missed=missed) for user in accounts.order_by("pk").iterator())


def _remind(user: Any, *, on: date, missed: Collection[date]) -> int:
    """Only what the gate shows today to that person."""
    with override(NoticeSettings.of(user).spoken):
        notices = [
            *_ratings(user, on=on),
            *_words(user, on=on),
            *_promises(user, on=on, missed=missed),
            *_silence(user, on=on),
        ]
    return tell_all(notices)


def _ratings(user: Any, *, on: date) -> Iterator[Notice]:
    rows = Feedback.objects.visible_to(user).filter(
        state=Feedback.State.AWAITED,
        due_on__range=(on, on + SOON),
        reply__in=Reply.objects.editable_by(user, "rate"),
    )
    for feedback in _of_letters(rows, "reply"):
        reply = feedback.reply
        text = _("The reply of %(department)s waits for your rating, until %(day)s.") % {
            "department": reply.department,
            "day": date_format(feedback.due_on),
        }
        yield _notice(
            user,
            Kind.RATING_DUE,
            key=f"rate {feedback.pk} {_occasion(feedback.due_on, on=on)}",
            said=(_("Please rate the reply"), text),
            path=path_of_letter(reply, rate=True),
            proposal=reply.proposal,
            reply=reply,
        )


def _words(user: Any, *, on: date) -> Iterator[Notice]:
    rows = (
        CommitmentFeedback.objects.visible_to(user)
        .awaited()
        .filter(
            due_on__range=(on, on + SOON),
            commitment__in=Commitment.objects.visible_to(user),
        )
    )
    for word in _of_letters(rows, "commitment__reply"):
        promise = word.commitment
        text = _("Please say until %(day)s whether promise %(number)s of the reply is kept.") % {
            "number": promise.number,
            "day": date_format(word.due_on),
        }
        yield _of_promise(
            user,
            promise,
            key=f"word {word.pk} {_occasion(word.due_on, on=on)}",
            said=(_("Is the promise kept?"), text),
        )


def _promises(user: Any, *, on: date, missed: Collection[date]) -> Iterator[Notice]:
    """Those that fall due on that day: tomorrow the deputies are asked whether they are kept.

    Of a missed day those of which this deputy is not asked: the question says that they fell due.
    """
    asked = CommitmentFeedback.objects.filter(commitment=OuterRef("pk"), deputy__user=user)
    rows = Commitment.objects.visible_to(user).owed()
    rows = rows.filter(Q(due_on=on) | Q(~Exists(asked.order_by()), due_on__in=missed))
    for promise in _of_letters(rows.select_related("lead_department"), "reply"):
        text = _("Promise %(number)s of %(department)s falls due on %(day)s: %(state)s.") % {
            "day": date_format(promise.due_on),
            "number": promise.number,
            "department": promise.lead_department,
            "state": promise.get_state_display(),
        }
        yield _of_promise(
            user,
            promise,
            key=f"due {promise.pk} {promise.due_on}",
            said=(_("A promise falls due"), text),
        )


def _silence(user: Any, *, on: date) -> Iterator[Notice]:
    rows = Sponsorship.objects.editable_by(user, "confirm").unanswered()
    asked = rows.filter(
        asked_on__range=(on - LET_BE, on - SILENT), proposal__state=Proposal.State.COSIGNING
    )
    for name in asked.select_related("proposal"):
        is_long = name.asked_on is not None and name.asked_on <= on - LONG_SILENT
        text = _("You were asked on %(day)s to co-sign it, and have not answered yet.") % {
            "day": date_format(name.asked_on)
        }
        yield _notice(
            user,
            Kind.COSIGNING,
            key=f"silent {name.pk} {name.asked_on} {'again' if is_long else 'once'}",
            said=(_("Do you co-sign it?"), text),
            path=reverse("desk:cosign", args=[name.proposal.key]),
            proposal=name.proposal,
        )


def _of_letters(rows: QuerySet[Any], reply: str) -> QuerySet[Any]:
    """With the letter and its proposal, but for what is long."""
    long = [f"{reply}__{field}" for field in ("text", "abstract", "reading")]
    long += [f"{reply}__proposal__{field}" for field in ("reason", "request")]
    return rows.select_related(f"{reply}__proposal", f"{reply}__department").defer(*long)


def _occasion(due_on: date, *, on: date) -> str:
    return f"{due_on.isoformat()} {'last day' if due_on == on else 'soon'}"


def _of_promise(user: Any, promise: Commitment, *, key: str, said: tuple[str, str]) -> Notice:
    reply = promise.reply
    path = path_of_letter(reply, promise=promise.number)
    facts: dict[str, Any] = {"path": path, "proposal": reply.proposal, "reply": reply}
    return _notice(user, Kind.PROMISE_DUE, key=key, said=said, **facts)


def _notice(
    user: Any, kind: Kind, *, key: str, said: tuple[str, str], proposal: Proposal, **facts: Any
) -> Notice:
    head, text = said
    return Notice(
        recipient=user,
        kind=kind,
        key=f"{key} {user.pk}",
        subject=_("%(what)s: %(title)s") % {"what": head, "title": proposal.title},
        text=text,
        proposal=proposal,
        **facts,
    )
