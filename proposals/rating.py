"""What deputies say of a reply, and what follows from it (满意度测评): one journey.

The deputies' office enters paper forms here; a deputy's own desk calls the same functions.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from assemblies.models import Deputy, Rating, RatingScale
from proposals import closing, events
from proposals.guards import check
from proposals.models import (
    Assignment,
    Event,
    Feedback,
    FeedbackReason,
    Proposal,
    Reply,
    Sponsorship,
)
from proposals.models.proposal import lock_all

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.utils.functional import Promise

State = Proposal.State
UNSATISFIED = Rating.Meaning.UNSATISFIED
# A second letter that does not satisfy is no matter of the department alone any more.
ROUNDS = 2


def why_not_rate(reply: Reply) -> str | Promise:
    """Why the letter is not rated now, whoever the deputy is; empty: it is."""
    if not reply.is_locked:
        return _("A letter is rated after it was sent.")
    if reply.newer().exists():
        return _("A newer letter answers the proposal: that one is rated.")
    if all(proposal.state in Proposal.SETTLED for proposal in reply.answered):
        return _("The proposal is closed: nothing is rated any more.")
    return ""


def steps_of(reply: Reply, *, on: date) -> Any:
    """The steps of the scale by which the assembly rates on that day."""
    scales = RatingScale.objects.filter(assembly=reply.proposal.session.assembly_id)
    return Rating.objects.filter(scale=scales.valid(on=on).first())


@transaction.atomic
def rate(
    reply: Reply,
    *,
    deputy: Deputy,
    result: Rating,
    on: date,
    process: Rating | None = None,
    reason: str = "",
    on_paper: bool = False,
    scan: Any = None,
    address_class: str = "",
    seen: int | None = None,
    by: User | None = None,
) -> Feedback:
    """One deputy's word on one letter; until the period ends it may be changed.

    `seen` is the number of versions that the letter had when it was read.

    Unsatisfied: the proposal is handled again, or escalated. Otherwise, once nobody's word is
    awaited any more, its promises are tracked.
    """
    lock_all(reply.answered)
    check(why_not_rate(reply))
    feedback = _feedback_of(reply, deputy)
    check(why_not_changed(feedback, on=on))
    if seen is not None and seen != reply.versions.count():
        raise ValidationError(_("The letter was corrected meanwhile: read it, then rate it."))
    if reply.sent_on and on < reply.sent_on:
        raise ValidationError(_("A letter is rated after it was sent."))
    for rating in filter(None, (process, result)):
        if rating.scale.assembly_id != reply.proposal.session.assembly_id:
            raise ValidationError(_("This is a step of another assembly's scale."))
    if result.meaning == UNSATISFIED and not reason.strip():
        raise ValidationError(_("Say why the deputy is not satisfied."))
    feedback.state, feedback.rated_on = Feedback.State.RETURNED, on
    feedback.process_rating, feedback.result_rating = process, result
    feedback.on_paper, feedback.address_class, feedback.entered_by = on_paper, address_class, by
    if scan:
        feedback.scan = scan
    feedback.save()
    _write_reason(feedback, reason)
    for proposal in _answered(reply, deputy):
        details = {"deputy": deputy.name, "deputy_id": deputy.pk, "result": result.label}
        _record(Event.Kind.RATED, proposal, reply=reply, on=on, by=by, details=details)
        if result.meaning == UNSATISFIED:
            _refuse(handled_as(proposal), reply, on=on, by=by)
        else:
            closing.track(handled_as(proposal))
    return feedback


def why_not_give_up(reply: Reply) -> str | Promise:
    """Why no rating can be recorded as not returned now."""
    if not reply.feedback.filter(state=Feedback.State.AWAITED).exists():
        return _("No rating of this letter is awaited.")
    return ""


@transaction.atomic
def not_rated(reply: Reply, *, deputy: Deputy, on: date, by: User | None = None) -> Feedback:
    """The period is over and nothing came: not returned, which is never taken for satisfied."""
    lock_all(reply.answered)
    check(why_not_give_up(reply))
    feedback = _feedback_of(reply, deputy)
    if feedback.state != Feedback.State.AWAITED or feedback.pk is None:
        raise ValidationError(_("No rating of this deputy is awaited."))
    if feedback.due_on and on <= feedback.due_on:
        raise ValidationError(
            _("The deputy may rate the letter until %(date)s."),
            params={"date": date_format(feedback.due_on)},
        )
    feedback.state, feedback.entered_by = Feedback.State.NOT_RETURNED, by
    feedback.save()
    due = feedback.due_on.isoformat() if feedback.due_on else ""
    for proposal in _answered(reply, deputy):
        details = {"deputy": deputy.name, "deputy_id": deputy.pk, "due": due}
        _record(Event.Kind.NOT_RATED, proposal, reply=reply, on=on, by=by, details=details)
        closing.track(handled_as(proposal))
    return feedback


def _feedback_of(reply: Reply, deputy: Deputy) -> Feedback:
    """The deputy's row, locked; a new one for a deputy who is asked and has none yet."""
    rows = Feedback.objects.select_for_update(no_key=True, of=("self",))
    feedback = rows.filter(reply=reply, deputy=deputy).first()
    feedback = feedback or asked_anew(reply, deputy)
    if feedback is None:
        raise ValidationError(_("This deputy is not asked to rate the letter."))
    return feedback


def asked_anew(reply: Reply, deputy: Deputy) -> Feedback | None:
    """The row, not saved yet, of a deputy who is asked and has none; None for one who is not."""
    if not reply.raters().filter(pk=deputy.pk).exists():
        return None
    feedback = Feedback(reply=reply, deputy=deputy)
    feedback.count_dates()
    return feedback


def why_not_changed(feedback: Feedback, *, on: date) -> str | Promise:
    """A rating that was given stands when the period is over, or has had its consequence."""
    reply = feedback.reply
    if feedback.state != Feedback.State.RETURNED:
        return ""
    before = feedback.result_rating
    if before is not None and before.meaning == UNSATISFIED:
        again = (State.REHANDLING, State.ESCALATED)
        if any(handled_as(each).state in again for each in _answered(reply, feedback.deputy)):
            return _("The proposal is handled again because of this rating: it stays.")
    if feedback.due_on and on > feedback.due_on:
        return _("The deputy has rated the letter, and could change that until %(date)s.") % {
            "date": date_format(feedback.due_on)
        }
    return ""


def _write_reason(feedback: Feedback, text: str) -> None:
    reason = FeedbackReason.objects.filter(feedback=feedback).first()
    if reason is None and not text.strip():
        return
    reason = reason or FeedbackReason(feedback=feedback)
    reason.text = text
    reason.save()


def _answered(reply: Reply, deputy: Deputy) -> list[Proposal]:
    """Of the proposals that the letter answers, those of that deputy."""
    names = Sponsorship.objects.standing().filter(deputy=deputy, proposal__in=reply.answered)
    own = set(names.order_by().values_list("proposal", flat=True))
    return [each for each in reply.answered if each.pk in own] or [reply.proposal]


def handled_as(proposal: Proposal) -> Proposal:
    """One that was merged goes the way of the one that it was merged into."""
    return proposal.merged_into or proposal


@dataclass(frozen=True)
class Consequence:
    """What an unsatisfied rating brings: another round of these parts, or it goes up."""

    kind: str
    round: int
    again: list[Assignment]

    def until(self, *, on: date) -> date | None:
        """By when it is answered anew if it is rated on that day, where the rules say so."""
        days: list[date | None] = []
        for part in self.again:
            part.redo_on, part.redo_by = on, None
            part.count_dates()
            days.append(part.redo_by)
        return max((day for day in days if day), default=None)


def consequence(reply: Reply, deputy: Deputy) -> Consequence | None:
    """What follows if that deputy is not satisfied; None: it is on its way again, or settled."""
    return _consequence(handled_as(_answered(reply, deputy)[0]), reply)


def _consequence(proposal: Proposal, reply: Reply) -> Consequence | None:
    """The first time who answered handles it again; after that it goes up."""
    if proposal.state in (*Proposal.SETTLED, State.ESCALATED):
        return None
    again = _to_answer_again(proposal, reply)
    own_round = reply.round if reply.proposal_id == proposal.pk else 1
    asked = again.aggregate(last=Max("round"))["last"] or 1
    if proposal.state == State.REHANDLING and (asked > own_round or not again):
        # It is asked already, by another deputy's word; who answers apart is asked for itself.
        return None
    round_ = max(asked, own_round)
    if round_ >= ROUNDS:
        return Consequence(Event.Kind.ESCALATED, round_, [])
    return Consequence(Event.Kind.REHANDLING, round_ + 1, list(again))


def _refuse(proposal: Proposal, reply: Reply, *, on: date, by: User | None) -> None:
    proposal.lock()
    found = _consequence(proposal, reply)
    if found is None:
        return
    is_escalated = found.kind == Event.Kind.ESCALATED
    proposal.state = State.ESCALATED if is_escalated else State.REHANDLING
    for assignment in found.again:
        assignment.handle_again(found.round, on=on)
    proposal.save(update_fields=["state"])
    _record(found.kind, proposal, reply=reply, on=on, by=by, details={"round": found.round})


def _to_answer_again(proposal: Proposal, reply: Reply) -> Any:
    """Who answered apart answers for itself; those who answered together answer together."""
    answering = Assignment.objects.filter(proposal=proposal).present().answering()
    apart = Q(role=Assignment.Role.SEPARATE)
    alone = answering.filter(apart, department=reply.department_id)
    return alone if alone.exists() else answering.exclude(apart)


def _record(
    kind: str,
    proposal: Proposal,
    *,
    reply: Reply,
    on: date,
    by: User | None,
    details: dict[str, Any],
) -> None:
    facts = {"actor": by, "department": reply.department, "reply": reply, "details": details}
    events.record(kind, proposal, on=on, **facts)
