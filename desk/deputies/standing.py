"""How far a proposal is, in words that a deputy would use: what is done, who owes what by when.

A department's wish to give it back is weighed inside: to its deputies it is assigned until then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assemblies.thresholds import Thresholds
from clerkadmin.lights import Light, light
from desk.sentences import day
from proposals.models import Assignment, Proposal
from public.words import joined

State = Proposal.State

# The word, and the look of its icon and colour.
_WORDS: dict[str, tuple[str | Promise, str, str]] = {
    State.DRAFT: (gettext_lazy("Draft"), "idle", "i-idle"),
    State.COSIGNING: (gettext_lazy("Being co-signed"), "idle", "i-person"),
    State.SUBMITTED: (gettext_lazy("Submitted"), "idle", "i-letter"),
    State.SENT_BACK: (gettext_lazy("Sent back"), "changed", "i-back"),
    State.CONVERTED: (gettext_lazy("Turned into a letter"), "idle", "i-letter"),
    State.MERGED: (gettext_lazy("Merged"), "idle", "i-changed"),
    State.WITHDRAWN: (gettext_lazy("Withdrawn"), "idle", "i-given"),
    State.REGISTERED: (gettext_lazy("Registered"), "idle", "i-letter"),
    State.ASSIGNED: (gettext_lazy("Assigned"), "moving", "i-house"),
    State.RETURN_PENDING: (gettext_lazy("Assigned"), "moving", "i-house"),
    State.IN_HANDLING: (gettext_lazy("In handling"), "moving", "i-moving"),
    State.REPLIED: (gettext_lazy("Replied"), "kept", "i-letter"),
    State.REHANDLING: (gettext_lazy("Handled again"), "changed", "i-changed"),
    State.ESCALATED: (gettext_lazy("Escalated"), "disputed", "i-flag"),
    State.TRACKING: (gettext_lazy("Promises tracked"), "moving", "i-moving"),
    State.CLOSED: (gettext_lazy("Closed"), "confirmed", "i-confirmed"),
}

# The states as a deputy looks for them: name, word, states.
GROUPS: tuple[tuple[str, str | Promise, tuple[str, ...]], ...] = (
    ("writing", gettext_lazy("Not handed in yet"), Proposal.UNSUBMITTED),
    ("waiting", gettext_lazy("Not assigned yet"), Proposal.UNASSIGNED),
    ("handling", gettext_lazy("In handling"), (*Proposal.HANDLED, State.ESCALATED)),
    ("replied", gettext_lazy("Replied"), (State.REPLIED,)),
    ("tracking", gettext_lazy("Promises tracked"), (State.TRACKING,)),
    ("closed", gettext_lazy("Closed"), (State.CLOSED,)),
    (
        "ended",
        gettext_lazy("Ended without a reply"),
        (State.SENT_BACK, State.CONVERTED, State.MERGED, State.WITHDRAWN),
    ),
)


@dataclass(frozen=True)
class Standing:
    """A word with its icon and colour, a sentence, and the light of what is due."""

    word: str
    look: str
    icon: str
    sentence: str
    light: Light | None = None

    # What `public/_state.html` asks for; a proposal has no second word.
    also = ""


def standing_of(
    proposal: Proposal,
    parts: Sequence[Assignment],
    *,
    replied_on: date | None,
    on: date,
    at: Thresholds,
) -> Standing:
    """Where it stands on that day; `parts` are the present ones of those who handle it."""
    word, look, icon = _WORDS[proposal.state]
    due = _due(proposal, parts)
    lamp = light(due, on, at.yellow, at.red) if due else None
    said = _sentence(proposal, parts, due=due, replied_on=replied_on, is_late=_is_late(lamp))
    return Standing(str(word), look, icon, said, lamp)


def _is_late(lamp: Light | None) -> bool:
    return lamp is not None and lamp.is_overdue


def _due(proposal: Proposal, parts: Sequence[Assignment]) -> date | None:
    """The first day on which somebody owes something that has not come."""
    if proposal.state == State.REGISTERED:
        return proposal.assign_by
    if proposal.state not in Proposal.HANDLED:
        return None
    dues = [part.reply_due_on for part in parts if part.answers and owes(part)]
    return min((due for due in dues if due), default=None)


def owes(part: Any) -> bool:
    """Whether its letter of this round is still awaited: as the query that fetched it has found."""
    return not getattr(part, "is_answered", False)


def _sentence(
    proposal: Proposal,
    parts: Sequence[Assignment],
    *,
    due: date | None,
    replied_on: date | None,
    is_late: bool,
) -> str:
    facts = {
        "names": joined(str(part.department) for part in parts if part.answers),
        "due": day(due),
        "replied": day(replied_on),
        "submitted": day(proposal.submitted_on),
        "registered": day(proposal.registered_on),
        "closed": day(proposal.closed_on),
    }
    if proposal.state in Proposal.HANDLED:
        return _handled(proposal, is_dated=due is not None, is_late=is_late) % facts
    if proposal.state in (State.REPLIED, State.TRACKING) and replied_on is None:
        return _("It was replied to.")
    if proposal.state == State.REGISTERED and due:
        return _("Registered on %(registered)s; to be assigned by %(due)s.") % facts
    return _STANDS[proposal.state] % facts


def _handled(proposal: Proposal, *, is_dated: bool, is_late: bool) -> str:
    if proposal.state == State.REHANDLING:
        if is_late:
            return _("%(names)s: the new reply was to be sent by %(due)s and has not come.")
        if is_dated:
            return _("%(names)s handles it again; the new reply is to be sent by %(due)s.")
        return _("%(names)s handles it again.")
    if is_late:
        return _("%(names)s: the reply was to be sent by %(due)s and has not come.")
    if is_dated:
        return _("%(names)s leads; the reply is to be sent by %(due)s.")
    return _("%(names)s leads; the reply has no date yet.")


_STANDS: dict[str, Any] = {
    State.DRAFT: gettext_lazy("Only you read it: it is not handed in yet."),
    State.COSIGNING: gettext_lazy("It waits for co-sponsors, and is not handed in yet."),
    State.SUBMITTED: gettext_lazy(
        "Handed in on %(submitted)s; the deputies' office has not registered it yet."
    ),
    State.SENT_BACK: gettext_lazy("The deputies' office sent it back; it can be written anew."),
    State.CONVERTED: gettext_lazy("The deputies' office treats it as a letter to it."),
    State.MERGED: gettext_lazy("It is handled together with another proposal."),
    State.WITHDRAWN: gettext_lazy("It was withdrawn, and nobody handles it."),
    State.REGISTERED: gettext_lazy("Registered on %(registered)s; not assigned yet."),
    State.REPLIED: gettext_lazy("%(names)s replied on %(replied)s."),
    State.ESCALATED: gettext_lazy("It was brought before the committee of the assembly."),
    State.TRACKING: gettext_lazy("%(names)s replied on %(replied)s; its promises are followed."),
    State.CLOSED: gettext_lazy("Handling ended on %(closed)s."),
}
