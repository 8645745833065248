"""The dated line of a proposal's life, as far as the public may read it.

Told from rows, not from the audit trail: a returned assignment, a withheld letter leave no trace.
"""

from __future__ import annotations

from datetime import date

from proposals.models import Assignment, Event, Proposal, Reply
from public.approved import Approved
from public.letter_page import shown_promises


def life_of(source: Approved) -> list[dict[str, object]]:
    """What happened, in order."""
    kind = Event.Kind
    items = [
        _item(source.proposal.submitted_on, kind.SUBMITTED),
        _item(source.proposal.registered_on, kind.REGISTERED),
    ]
    for assignment in source.assignments:
        name = str(assignment.department)
        items.append(
            _item(assignment.assigned_on, kind.ASSIGNED, department=name, state=assignment.role)
        )
        if assignment.role in Assignment.ANSWERING:
            items.append(_item(assignment.acknowledged_on, kind.ACKNOWLEDGED, department=name))
    for reply in source.replies:
        items += _letter_items(source.proposal, reply)
    return sorted((item for item in items if item), key=lambda item: str(item["on"]))


def _letter_items(proposal: Proposal, reply: Reply) -> list[dict[str, object] | None]:
    kind = Event.Kind
    facts: dict[str, object] = {"department": str(reply.department), "reply": reply.key}
    items = [
        _item(reply.date or reply.sent_on, kind.REPLY_SENT, **facts),
        _item(reply.published_on, kind.REPLY_PUBLISHED, **facts),
    ]
    if proposal.assembly.publishes_ratings:
        items += [
            _item(f.rated_on, kind.RATED, state=f.result_rating.meaning, **facts)
            for f in reply.feedback.all()
            if f.result_rating
        ]
    items += [
        _item(f.on, kind.FOLLOW_UP, state=f.category.printed, **facts)
        for f in reply.follow_ups.all()
    ]
    for promise in shown_promises(reply):
        items += [
            _item(
                update.on,
                kind.PROMISE_UPDATED,
                reply=reply.key,
                department=str(promise.lead_department),
                commitment=promise.number,
                state=update.state,
            )
            for update in promise.updates.all()
        ]
    return items


def _item(on: date | None, kind: str, **facts: object) -> dict[str, object] | None:
    if on is None:
        return None
    return {
        "on": on.isoformat(),
        "kind": str(kind),
        "department": "",
        "reply": "",
        "commitment": None,
        "state": "",
        **facts,
    }
