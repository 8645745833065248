"""Whether a proposal is taken on (立案): registered, sent back, made a letter, merged, withdrawn.

Moves of the deputies' office, up to the day on which departments are assigned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from assemblies.models import Topic
from proposals import events
from proposals.guards import check
from proposals.models import Assignment, Event, Proposal, Sponsorship, number_key
from proposals.models.proposal import lock_all

if TYPE_CHECKING:
    from django.contrib.auth.models import User

State = Proposal.State
# Into such a one nothing is merged: it is no proposal any more, or not yet.
NO_TARGET = (*Proposal.NEVER_PUBLIC, State.MERGED)


class Ground(models.TextChoices):
    """Why a proposal is not taken on (不予立案的情形), as the rules of most assemblies list it."""

    SEVERAL_MATTERS = "several_matters", _("More than one matter in one proposal")
    NO_CONTENT = "no_content", _("No reason or no concrete request")
    OWN_INTEREST = "own_interest", _("Own, family or single firm's interest")
    OPEN_CASE = "open_case", _("Open case of a court, procuratorate or arbitration")
    COMPLAINT = "complaint", _("Complaint, appeal or accusation of a person")
    FORWARDED = "forwarded", _("Letter of others, passed on")
    PROMOTION = "promotion", _("Academic discussion or promotion of a product")
    TENDER = "tender", _("Result of a tender or of an appointment")
    OUTSIDE_POWERS = "outside_powers", _("Outside the powers of this assembly's side")
    OTHER = "other", _("Another reason")


@transaction.atomic
def submit(proposal: Proposal, *, on: date, by: User | None = None) -> None:
    """Hand in a new proposal: the clock of its assignment starts. It is saved here."""
    proposal.state, proposal.submitted_on = State.SUBMITTED, on
    proposal.count_dates()
    proposal.save()
    events.record(Event.Kind.SUBMITTED, proposal, on=on, actor=by)


def why_not_register(proposal: Proposal) -> str:
    return proposal.only_in(State.SUBMITTED)


@transaction.atomic
def register(
    proposal: Proposal,
    *,
    number: str,
    on: date,
    topic: Topic | None = None,
    by: User | None = None,
) -> None:
    """Take it on, with the number that it keeps in its session."""
    proposal.lock()
    check(why_not_register(proposal))
    _not_before_submitted(proposal, on)
    if not number_key(number):
        raise ValidationError(_("Give the proposal its number."))
    proposal.number = number.strip()
    proposal.topic = topic or proposal.topic
    proposal.state, proposal.registered_on = State.REGISTERED, on
    # The number is free, and can stand in an address: in words, before the database refuses it.
    proposal.full_clean(exclude=["merged_into", "supervised_by"], validate_constraints=False)
    proposal.save(update_fields=["number", "number_key", "topic", "state", "registered_on"])
    details = {"number": proposal.number}
    events.record(Event.Kind.REGISTERED, proposal, on=on, actor=by, details=details)


def why_not_send_back(proposal: Proposal) -> str:
    return proposal.only_in(State.SUBMITTED)


@transaction.atomic
def send_back(
    proposal: Proposal, *, ground: str, reason: str, on: date, by: User | None = None
) -> None:
    """Give it back to who put it: a ground from the list, and in words what is missing."""
    facts = {"ground": ground, "reason": reason}
    _end(proposal, State.SENT_BACK, why_not_send_back, on=on, by=by, facts=facts)


def why_not_convert(proposal: Proposal) -> str:
    return proposal.only_in(State.SUBMITTED)


@transaction.atomic
def convert(proposal: Proposal, *, reason: str, on: date, by: User | None = None) -> None:
    """Treat it as a letter of the deputy (代表来信), not as a proposal."""
    _end(proposal, State.CONVERTED, why_not_convert, on=on, by=by, facts={"reason": reason})


def why_not_withdraw(proposal: Proposal) -> str:
    if proposal.state in Proposal.HANDLED:
        return str(_("It is assigned already: a proposal is withdrawn before that."))
    return proposal.only_in(State.COSIGNING, *Proposal.UNASSIGNED)


@events.together()
def withdraw(proposal: Proposal, *, reason: str, on: date, by: User | None = None) -> None:
    """End it, as those who put it wish in writing (撤回): it leaves the public pages, too.

    While it is co-signed its lead sponsor alone can: no office has seen it, and none will.
    """
    proposal.lock()
    if proposal.state == State.COSIGNING:
        unanswered = proposal.sponsorships.unanswered().select_related("deputy")
        ask_no_more(proposal, unanswered, why=State.WITHDRAWN, on=on, by=by)
    _end(proposal, State.WITHDRAWN, why_not_withdraw, on=on, by=by, facts={"reason": reason})
    _end_parts(proposal, on=on)


def ask_no_more(
    proposal: Proposal,
    names: Iterable[Sponsorship],
    *,
    why: str,
    on: date,
    by: User | None = None,
) -> None:
    """Nobody waits any more for the answers of those who were asked to co-sign: they are told."""
    for name in names:
        facts = {"deputy": name.deputy.name, "deputy_id": name.deputy_id, "why": why}
        events.record(Event.Kind.COSIGNING_ENDED, proposal, on=on, actor=by, details=facts)


def why_not_merge(proposal: Proposal) -> str:
    if proposal.merged.exists():
        return str(_("Others were merged into this one: merge those that are left into it."))
    return proposal.only_in(*Proposal.UNASSIGNED)


@transaction.atomic
def merge(proposal: Proposal, *, into: Proposal, on: date, by: User | None = None) -> None:
    """Handle it together with another of the session (并案); each keeps its own reply."""
    lock_all({proposal, into})
    check(why_not_merge(proposal))
    _not_before_submitted(proposal, on)
    if into.pk == proposal.pk:
        raise ValidationError(_("A proposal cannot be merged into itself."))
    if into.session_id != proposal.session_id:
        raise ValidationError(_("Only proposals of the same session are merged."))
    if into.state in NO_TARGET:
        raise ValidationError(
            _("Nothing can be merged into it: it is now %(state)s.")
            % {"state": into.get_state_display()}
        )
    proposal.state, proposal.merged_into = State.MERGED, into
    proposal.save(update_fields=["state", "merged_into"])
    _end_parts(proposal, on=on)
    details = {"into": into.number, "into_title": into.title}
    events.record(Event.Kind.MERGED, proposal, on=on, actor=by, details=details)


def _end(
    proposal: Proposal,
    state: str,
    guard: Callable[[Proposal], str],
    *,
    on: date,
    by: User | None,
    facts: dict[str, str],
) -> None:
    """One of the ends without a reply, each with its reason in words."""
    proposal.lock()
    check(guard(proposal))
    _not_before_submitted(proposal, on)
    if not facts["reason"].strip():
        raise ValidationError(_("Say why, in words that the deputy can be told."))
    proposal.state = state
    if proposal.is_published:
        proposal.disclosure, proposal.published_on = Proposal.Disclosure.WITHHELD, None
    proposal.save(update_fields=["state", "disclosure", "published_on"])
    events.record(_KINDS[state], proposal, on=on, actor=by, details=facts)


_KINDS: dict[str, str] = {
    State.SENT_BACK: Event.Kind.SENT_BACK,
    State.CONVERTED: Event.Kind.CONVERTED,
    State.WITHDRAWN: Event.Kind.WITHDRAWN,
}


def _end_parts(proposal: Proposal, *, on: date) -> None:
    """After a return, co-handling departments may still have a part in it: it ends, too."""
    for assignment in Assignment.objects.filter(proposal=proposal).present():
        assignment.ended_on = on
        assignment.save(update_fields=["ended_on"])


def _not_before_submitted(proposal: Proposal, on: date) -> None:
    if proposal.submitted_on and on < proposal.submitted_on:
        raise ValidationError(_("This day is before the proposal was submitted."))
