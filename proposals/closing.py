"""How a proposal ends after its reply (办结): promises tracked, escalated, closed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from departments.models import Department
from proposals import events
from proposals.guards import check
from proposals.models import Assignment, Event, Feedback, Proposal, Reply
from proposals.models.assignment import AssignmentQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.utils.functional import Promise

State = Proposal.State


def track(proposal: Proposal) -> None:
    """No rating is awaited any more: while a promise is open, the promises are tracked.

    One that the department calls settled is open, too, until the deputy has said whether it is.
    """
    proposal.lock()
    if proposal.state != State.REPLIED or awaited(proposal).exists():
        return
    if open_promises(proposal) or awaited_words(proposal):
        proposal.state = State.TRACKING
        proposal.save(update_fields=["state"])


def awaited(proposal: Proposal) -> Any:
    """Whose rating of the last letters has neither come nor been given up.

    Those whose proposal was merged into this one are asked about its letters, too.
    """
    last: dict[int, int] = {}
    letters = Reply.objects.filter(proposal=proposal, state=Reply.State.SENT).order_by("round")
    for department, reply in letters.values_list("department", "pk"):
        last[department] = reply
    along = Reply.objects.filter(also_answers=proposal, state=Reply.State.SENT).values_list("pk")
    keys = [*last.values(), *(key for (key,) in along)]
    merged = Proposal.objects.filter(Q(pk=proposal.pk) | Q(merged_into=proposal)).order_by()
    return Feedback.objects.filter(
        reply__in=keys, state=Feedback.State.AWAITED, deputy__sponsorships__proposal__in=merged
    )


def open_promises(proposal: Proposal) -> int:
    """How many promises of its letters nobody has reported as kept or given up."""
    return sum(reply.commitments.open().count() for reply in _letters(proposal))


def awaited_words(proposal: Proposal) -> int:
    """Of how many promises a deputy has not said yet whether they are kept."""
    return sum(
        reply.commitments.filter(feedback__state="awaited").distinct().count()
        for reply in _letters(proposal)
    )


def _letters(proposal: Proposal) -> Any:
    """The letters that answer it, without their texts."""
    letters = Reply.objects.filter(proposal=proposal, state=Reply.State.SENT)
    letters |= Reply.objects.filter(also_answers=proposal, state=Reply.State.SENT)
    return letters.distinct().only("pk")


def why_not_close(proposal: Proposal) -> str | Promise:
    closed = proposal.only_in(State.REPLIED, State.TRACKING, State.ESCALATED)
    if closed:
        return closed
    names = sorted(
        {str(feedback.deputy) for feedback in awaited(proposal).select_related("deputy")}
    )
    if names:
        return _("Ratings are awaited: %(deputies)s. Enter each, or that it was not returned.") % {
            "deputies": "、".join(names)
        }
    return ""


def doubts_of_closing(proposal: Proposal) -> list[str | Promise]:
    """What is still open, so that closing needs its reason in words."""
    open_, words = open_promises(proposal), awaited_words(proposal)
    said: list[str | Promise] = [_still_open(open_)] if open_ else []
    return [*said, _still_awaited(words)] if words else said


@transaction.atomic
def close(proposal: Proposal, *, on: date, reason: str = "", by: User | None = None) -> None:
    """End its handling; with a promise still open, a word awaited, or escalated: with a reason."""
    proposal.lock()
    check(why_not_close(proposal))
    doubts = doubts_of_closing(proposal)
    if doubts and not reason.strip():
        raise ValidationError([str(doubt) for doubt in doubts])
    if proposal.state == State.ESCALATED and not reason.strip():
        raise ValidationError(_("It was escalated: say how that ended."))
    proposal.state, proposal.closed_on = State.CLOSED, on
    proposal.save(update_fields=["state", "closed_on"])
    details = {"reason": reason} if reason.strip() else {}
    events.record(Event.Kind.CLOSED, proposal, on=on, actor=by, details=details)


def why_not_escalate(proposal: Proposal) -> str | Promise:
    return proposal.only_in(State.REPLIED, State.REHANDLING, State.TRACKING)


@transaction.atomic
def escalate(proposal: Proposal, *, on: date, reason: str, by: User | None = None) -> None:
    """Bring it before the assembly's committee (专题督办): a meeting, an evaluation."""
    proposal.lock()
    check(why_not_escalate(proposal))
    if not reason.strip():
        raise ValidationError(_("Say why the proposal is escalated."))
    proposal.state = State.ESCALATED
    proposal.save(update_fields=["state"])
    events.record(Event.Kind.ESCALATED, proposal, on=on, actor=by, details={"reason": reason})


def why_not_handle_again(proposal: Proposal) -> str | Promise:
    closed = proposal.only_in(State.ESCALATED)
    if closed:
        return closed
    if not answering(proposal).exists():
        return _("No department has to answer it: close the proposal, saying how that ended.")
    return ""


def answering(proposal: Proposal) -> AssignmentQuerySet:
    """The parts of those who answer it now."""
    return Assignment.objects.filter(proposal=proposal).present().answering()


@events.together()
def handle_again(
    proposal: Proposal,
    *,
    departments: Iterable[Department],
    reason: str,
    on: date,
    redo_by: date | None = None,
    by: User | None = None,
) -> None:
    """What the escalation came to: these departments answer once more, in a round of their own.

    By that day where one was agreed, else as the rules count it. One event for each department.
    """
    proposal.lock()
    check(why_not_handle_again(proposal))
    if not reason.strip():
        raise ValidationError(_("Say what was decided, so that the department knows what to do."))
    if redo_by and redo_by <= on:
        raise ValidationError(_("The new reply is due after this day."))
    parts = list(answering(proposal).filter(department__in=list(departments)))
    if not parts:
        raise ValidationError(_("Choose at least one department that answers it."))
    proposal.state = State.REHANDLING
    proposal.save(update_fields=["state"])
    round_ = max(part.round for part in parts) + 1
    for part in parts:
        part.handle_again(round_, on=on, redo_by=redo_by)
        until = part.redo_by.isoformat() if part.redo_by else ""
        facts = {"reason": reason, "round": str(round_), "until": until}
        part.record(Event.Kind.REHANDLING, on=on, by=by, **facts)


def _still_open(count: int) -> str:
    return str(
        _("Promises still open: %(count)s. Say why the proposal is closed nevertheless.")
        % {"count": count}
    )


def _still_awaited(count: int) -> str:
    return str(
        _(
            "Promises of which a deputy is still asked whether they are kept: %(count)s. "
            "Say why the proposal is closed nevertheless."
        )
        % {"count": count}
    )
