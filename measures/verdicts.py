"""Whether promises are kept, as the deputies say it (承诺事项再评价): one journey.

A question is opened by the report that calls a promise settled (`Commitment.report`), or by its
date when it passes without one (`ask_as_due`). Whoever rates the letter is asked. Each answers for
themselves, and what the answers come to together is counted anew with each of them:

- one who was asked says that it is not kept: the promise is disputed, whatever the others say;
- a lead sponsor agrees and nobody disputes: it is confirmed. A promise that the department has
  given up, and the deputy agrees, stays given up: nothing was kept;
- otherwise it stays what the department has reported. A co-sponsor's word alone settles nothing,
  and silence is never taken for a word.

Of each deputy the last word counts, until the department reports again: then the same deputies
are asked anew.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from measures.models import Commitment, CommitmentFeedback, CommitmentUpdate
from proposals import closing, events
from proposals.guards import check
from proposals.models import Event, Sponsorship
from proposals.models.proposal import lock_all

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.utils.functional import Promise

State = CommitmentFeedback.State
ANSWERED = (State.CONFIRMED, State.DISPUTED)


@transaction.atomic
def ask_as_due(promise: Commitment, *, on: date) -> list[CommitmentFeedback]:
    """Its date has passed and nobody has reported it as settled: ask whether it is kept."""
    _hold(promise)
    asked = promise.feedback.filter(asked_on__gt=promise.due_on) if promise.due_on else None
    if not promise.is_overdue(on=on) or (asked is not None and asked.exists()):
        return []
    return CommitmentFeedback.objects.ask(promise, cause=CommitmentFeedback.Cause.DUE, on=on)


def why_not_answer(feedback: CommitmentFeedback, *, on: date) -> str | Promise:
    """Why this question is not answered, or its answer not changed, on that day; empty: it is."""
    is_answered = feedback.state in ANSWERED
    if is_answered and _reported_since(feedback):
        return _("The department has reported on the promise since: what was said before stays.")
    newer = CommitmentFeedback.objects.filter(
        commitment=feedback.commitment_id, deputy=feedback.deputy_id, pk__gt=feedback.pk
    )
    if newer.exists():
        return _("The deputy was asked anew since: that question is answered.")
    if is_answered and feedback.due_on and on > feedback.due_on:
        return _("The deputy has answered, and could change that until %(date)s.") % {
            "date": date_format(feedback.due_on)
        }
    return ""


@transaction.atomic
def answer(
    feedback: CommitmentFeedback,
    *,
    kept: bool,
    on: date,
    reason: str = "",
    on_paper: bool = False,
    scan: Any = None,
    address_class: str = "",
    seen: int | None = None,
    by: User | None = None,
) -> CommitmentUpdate:
    """One deputy's word: kept, or not kept and why. Until the time is over it may be changed.

    On a promise that was given up `kept` says that the deputy accepts the reasons. Said of what
    was read: of the promise as it was at version `seen`.
    """
    promise = feedback.commitment
    _hold(promise)
    feedback.refresh_from_db(
        from_queryset=CommitmentFeedback.objects.select_for_update(no_key=True, of=("self",))
    )
    check(why_not_answer(feedback, on=on))
    if seen is not None and seen != promise.version:
        raise ValidationError(_("Something was reported meanwhile: read it, then answer."))
    if on < feedback.asked_on:
        raise ValidationError(_("A question is answered on the day it was asked, or later."))
    if not kept and not reason.strip():
        raise ValidationError(_("Say why the promise is not kept."))
    update = CommitmentUpdate(
        commitment=promise,
        author=CommitmentUpdate.Author.DEPUTY,
        state=Commitment.State.CONFIRMED if kept else Commitment.State.DISPUTED,
        on=on,
        text=reason.strip(),
        entered_by=by,
    )
    update.full_clean()
    update.save()
    feedback.state = State.CONFIRMED if kept else State.DISPUTED
    feedback.answered_on, feedback.update, feedback.entered_by = on, update, by
    feedback.on_paper, feedback.address_class = on_paper, address_class
    if scan:
        feedback.scan = scan
    feedback.save()
    promise.state, promise.kept_on = _standing(promise)
    promise.save(update_fields=["state", "kept_on"])
    promise.tell(update, by=by)
    for proposal in promise.reply.answered:
        closing.track(proposal)
    return update


@transaction.atomic
def not_answered(feedback: CommitmentFeedback, *, on: date, by: User | None = None) -> None:
    """The time is over and nobody said a word: not returned, which is never taken for kept."""
    _hold(feedback.commitment)
    feedback.refresh_from_db(
        from_queryset=CommitmentFeedback.objects.select_for_update(no_key=True, of=("self",))
    )
    if feedback.state != State.AWAITED:
        raise ValidationError(_("No word of this deputy is awaited."))
    if feedback.due_on is None or on <= feedback.due_on:
        raise ValidationError(_("The deputy may still answer."))
    feedback.state, feedback.entered_by = State.NOT_RETURNED, by
    feedback.save()
    promise, deputy = feedback.commitment, feedback.deputy
    details = {
        "commitment": promise.number,
        "deputy": deputy.name,
        "deputy_id": deputy.pk,
        "due": feedback.due_on.isoformat(),
    }
    events.record(
        Event.Kind.PROMISE_UNANSWERED,
        promise.reply.proposal,
        on=on,
        actor=by,
        department=promise.lead_department,
        reply=promise.reply,
        details=details,
    )


def _hold(promise: Commitment) -> None:
    """The proposals first, as every move does; then the promise, as others have left it."""
    lock_all(promise.reply.answered)
    promise.refresh_from_db(from_queryset=Commitment.objects.select_for_update(no_key=True))


def _standing(promise: Commitment) -> tuple[str, date | None]:
    """What the promise is, and since when it is kept, by what was said since the last report."""
    state, reported_on = reported(promise)
    words = _words(promise)
    if any(word.state == State.DISPUTED for word in words):
        return Commitment.State.DISPUTED, None
    leads = set(
        Sponsorship.objects.standing()
        .filter(proposal__in=promise.reply.answered, role=Sponsorship.Role.LEAD)
        .values_list("deputy", flat=True)
    )
    agreed = [word for word in words if word.deputy_id in leads]
    is_given_up = state in (Commitment.State.IMPOSSIBLE, Commitment.State.EXPLAINED)
    if agreed and not is_given_up:
        return Commitment.State.CONFIRMED, reported_on or agreed[0].answered_on
    return state, reported_on


def _words(promise: Commitment) -> list[CommitmentFeedback]:
    """What each deputy has said last, of what was said since the department last reported."""
    last = _last_report(promise)
    words = CommitmentFeedback.objects.filter(commitment=promise, state__in=ANSWERED)
    since = words.filter(update__gt=last.pk if last else 0).order_by("update")
    return list({word.deputy_id: word for word in since}.values())


def reported(promise: Commitment) -> tuple[str, date | None]:
    """What the department has said last, and the day if that was that it is kept."""
    last = _last_report(promise)
    if last is None:
        said_by_deputies = (Commitment.State.CONFIRMED, Commitment.State.DISPUTED)
        is_theirs = promise.state in said_by_deputies
        return (Commitment.State.RECORDED if is_theirs else promise.state), None
    return last.state, last.on if last.state == Commitment.State.FULFILLED else None


def _last_report(promise: Commitment) -> CommitmentUpdate | None:
    reports = promise.updates.exclude(author=CommitmentUpdate.Author.DEPUTY)
    return reports.order_by("pk").last()


def _reported_since(feedback: CommitmentFeedback) -> bool:
    last = _last_report(feedback.commitment)
    return last is not None and last.pk > (feedback.update_id or 0)
