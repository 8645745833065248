"""What is said of what happened: a subject and a short paragraph, in the language now active.

No reasons, no text of letters, no words of others: those stand on the page that it leads to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from measures.models import Commitment
from notifications.happenings import Happening, What
from proposals.models import Assignment, Proposal, Reply, Sponsorship


@dataclass(frozen=True)
class Words:
    subject: str
    text: str


@dataclass(frozen=True)
class Until:
    """The reader's own word is awaited: until that day, or whenever it comes."""

    day: date | None


Writer = Callable[[Happening, Until | None], tuple[str, str]]


def of(happening: Happening, *, until: Until | None = None) -> Words:
    """Said to somebody whose word is awaited, or to somebody who only learns of it."""
    head, text = _WRITERS[happening.what](happening, until)
    return Words(_("%(what)s: %(title)s") % {"what": head, "title": happening.proposal.title}, text)


def path_of(happening: Happening) -> str:
    """The page that tells more."""
    if happening.reply:
        return path_of_letter(happening.reply, promise=happening.promise)
    if happening.is_farewell:
        return reverse("desk:home")
    page = "desk:cosign" if happening.what == What.COSIGNER_ASKED else "desk:proposal"
    return reverse(page, args=[happening.proposal.key])


def path_of_letter(reply: Reply, *, promise: int | None = None, rate: bool = False) -> str:
    """The letter on the desk; a promise of it, or the form on which it is rated."""
    address: list[object] = [reply.proposal.key, reply.key]
    if promise is not None:
        return reverse("desk:promise", args=[*address, promise])
    return reverse("desk:rate" if rate else "desk:letter", args=address)


def _asked(happening: Happening, until: Until | None) -> tuple[str, str]:
    lead = Sponsorship.objects.filter(proposal=happening.proposal, role=Sponsorship.Role.LEAD)
    names = {"name": lead.values_list("deputy__name", flat=True).first() or ""}
    if happening.first.details.get("again"):
        return _("The text was changed"), _(
            "%(name)s has changed the text of the proposal after you had co-signed it. "
            "Please read it again and say whether your name stands under it."
        ) % names
    return _("Asked to co-sign"), _(
        "%(name)s asks you to co-sign this proposal. Please read it and say yes or no; "
        "until you do, your name does not stand under it."
    ) % names


def _cosigned(happening: Happening, until: Until | None) -> tuple[str, str]:
    names = {"names": _names(happening)}
    return _("Co-signed"), _("%(names)s has co-signed your proposal.") % names


def _declined(happening: Happening, until: Until | None) -> tuple[str, str]:
    names = {"names": _names(happening)}
    return _("Not co-signed"), _("%(names)s does not co-sign your proposal.") % names


def _not_asked_any_more(happening: Happening, until: Until | None) -> tuple[str, str]:
    said = {
        Proposal.State.SUBMITTED: _(
            "The proposal was handed in before you had answered: your name does not stand under it."
        ),
        Proposal.State.WITHDRAWN: _("The proposal was withdrawn: your answer is not needed."),
    }
    why = happening.first.details.get("why", "")
    taken_back = _("The lead sponsor goes on without your name: your answer is not needed.")
    return _("Not asked to co-sign any more"), said.get(why, taken_back)


def _submitted(happening: Happening, until: Until | None) -> tuple[str, str]:
    return _("Submitted"), _(
        "The proposal was handed in on %(day)s. The deputies' office now looks whether it is "
        "taken on."
    ) % _day(happening)


def _registered(happening: Happening, until: Until | None) -> tuple[str, str]:
    number = {"number": happening.first.details.get("number") or happening.proposal.number}
    return _("Registered as No. %(number)s") % number, _(
        "The proposal was taken on with the number %(number)s. Next, the departments are chosen "
        "that handle it."
    ) % number


def _sent_back(happening: Happening, until: Until | None) -> tuple[str, str]:
    return _("Sent back"), _(
        "The deputies' office has sent the proposal back. The page of the proposal says why; "
        "you can write it anew from there."
    )


def _converted(happening: Happening, until: Until | None) -> tuple[str, str]:
    return _("Handled as a letter"), _(
        "The proposal is not taken on as one, but handled as a letter of yours. "
        "The page of the proposal says why."
    )


def _merged(happening: Happening, until: Until | None) -> tuple[str, str]:
    number = {"number": happening.first.details.get("into", "")}
    return _("Merged"), _(
        "The proposal is handled together with No. %(number)s. You still get a reply of your own."
    ) % number


def _withdrawn(happening: Happening, until: Until | None) -> tuple[str, str]:
    return _("Withdrawn"), _(
        "The proposal was withdrawn on %(day)s: nobody handles it any more."
    ) % (_day(happening))


def _assigned(happening: Happening, until: Until | None) -> tuple[str, str]:
    parts = _parts(happening)
    answering = [part for part in parts if part.answers]
    helping = _departments([part for part in parts if not part.answers])
    said = []
    if answering:
        names = {"departments": _departments(answering)}
        said.append(_("The proposal is handled by %(departments)s.") % names)
        said.extend(_due(part) for part in answering[:1] if part.reply_due_on)
    if helping:
        said.append(_("%(departments)s helps with it.") % {"departments": helping})
    return _("Assigned"), _in_a_row(said)


def _reassigned(happening: Happening, until: Until | None) -> tuple[str, str]:
    parts = _parts(happening)
    names = {"departments": _departments(parts)}
    said = [_("The proposal was given to another department: %(departments)s.") % names]
    said.extend(_due(part) for part in parts[:1] if part.answers and part.reply_due_on)
    return _("Given to another department"), _in_a_row(said)


def _extended(happening: Happening, until: Until | None) -> tuple[str, str]:
    facts = {"department": _department(happening), "day": _written(happening, "until")}
    return _("More time granted"), _(
        "%(department)s was given more time: its reply is now due on %(day)s."
    ) % facts


def _replied(happening: Happening, until: Until | None) -> tuple[str, str]:
    facts = {"department": _department(happening)}
    said = [_("The reply of %(department)s is there.") % facts]
    if until and until.day:
        said.append(_("Please rate it until %(day)s.") % {"day": date_format(until.day)})
    elif until:
        said.append(_("Please rate it when you have read it."))
    return _("Replied"), _in_a_row(said)


def _corrected(happening: Happening, until: Until | None) -> tuple[str, str]:
    return _("Reply corrected"), _(
        "%(department)s has corrected its reply. The page of the letter shows it as it is now, "
        "and as it was."
    ) % {"department": _department(happening)}


def _not_rated(happening: Happening, until: Until | None) -> tuple[str, str]:
    return _("Not rated"), _(
        "The time to rate the reply is over. As nothing came from you, your rating is recorded "
        "as not returned; that does not count as satisfied."
    )


def _key_marked(happening: Happening, until: Until | None) -> tuple[str, str]:
    committee = {"committee": happening.first.details.get("committee", "")}
    return _("Key proposal"), _(
        "The proposal was made a key proposal: %(committee)s supervises how it is handled."
    ) % committee


def _again(happening: Happening, until: Until | None) -> tuple[str, str]:
    said = [_("The proposal is handled again.")]
    by_day: dict[date, list[Assignment]] = {}
    for part in _parts(happening):
        if part.answers and part.redo_by:
            by_day.setdefault(part.redo_by, []).append(part)
    for day, parts in by_day.items():
        facts = {"department": _departments(parts), "day": date_format(day)}
        said.append(_("%(department)s has to write a new reply until %(day)s.") % facts)
    return _("Handled again"), _in_a_row(said)


def _escalated(happening: Happening, until: Until | None) -> tuple[str, str]:
    return _("Escalated"), _(
        "The proposal now goes to a committee of the assembly, which takes the matter up with "
        "the departments."
    )


def _reported(happening: Happening, until: Until | None) -> tuple[str, str]:
    return _("A promise was reported on"), _report(happening)


def _promise_asked(happening: Happening, until: Until | None) -> tuple[str, str]:
    if happening.first.details.get("cause") == "reported":
        said = [_report(happening)]
    else:
        facts = {"department": _department(happening), "number": happening.promise}
        said = [_("Promise %(number)s of %(department)s has fallen due.") % facts]
    said.append(_say_whether_kept(until))
    return _("Is the promise kept?"), _in_a_row(said)


def _unanswered(happening: Happening, until: Until | None) -> tuple[str, str]:
    return _("Nothing said on a promise"), _(
        "The time to say whether promise %(number)s is kept is over. As nothing came from you, "
        "your word is recorded as not returned; that does not count as kept."
    ) % {"number": happening.promise}


def _closed(happening: Happening, until: Until | None) -> tuple[str, str]:
    return _("Closed"), _(
        "The handling of the proposal ended on %(day)s. Its page keeps every reply and promise."
    ) % _day(happening)


def _published(happening: Happening, until: Until | None) -> tuple[str, str]:
    if happening.reply:
        facts = {"department": _department(happening)}
        return _("Reply published"), _(
            "Everybody can now read the reply of %(department)s on the public pages."
        ) % facts
    return _("Published"), _("Everybody can now read the proposal on the public pages.")


_WRITERS: dict[str, Writer] = {
    What.COSIGNER_ASKED: _asked,
    What.COSIGNED: _cosigned,
    What.COSIGNING_DECLINED: _declined,
    What.COSIGNING_ENDED: _not_asked_any_more,
    What.SUBMITTED: _submitted,
    What.REGISTERED: _registered,
    What.SENT_BACK: _sent_back,
    What.CONVERTED: _converted,
    What.MERGED: _merged,
    What.WITHDRAWN: _withdrawn,
    What.KEY_MARKED: _key_marked,
    What.ASSIGNED: _assigned,
    What.REASSIGNED: _reassigned,
    What.EXTENSION_GRANTED: _extended,
    What.REPLY_SENT: _replied,
    What.REPLY_CORRECTED: _corrected,
    What.NOT_RATED: _not_rated,
    What.REHANDLING: _again,
    What.ESCALATED: _escalated,
    What.PROMISE_UPDATED: _reported,
    What.PROMISE_ASKED: _promise_asked,
    What.PROMISE_UNANSWERED: _unanswered,
    What.CLOSED: _closed,
    What.PROPOSAL_PUBLISHED: _published,
    What.REPLY_PUBLISHED: _published,
}


def _say_whether_kept(until: Until | None) -> str:
    if until and until.day:
        return _("Please say until %(day)s whether it is kept.") % {"day": date_format(until.day)}
    return _("Please say whether it is kept.")


def _report(happening: Happening) -> str:
    promises = Commitment.objects.filter(reply=happening.reply, number=happening.promise or 0)
    promise = promises.first()
    facts = {
        "department": _department(happening),
        "number": happening.promise,
        "state": promise.get_state_display() if promise else "",
    }
    return _("%(department)s says of promise %(number)s: %(state)s.") % facts


def _day(happening: Happening) -> dict[str, str]:
    return {"day": date_format(happening.first.on)}


def _written(happening: Happening, name: str) -> str:
    """A day that the event has written down."""
    return date_format(date.fromisoformat(happening.first.details[name]))


def _in_a_row(sentences: list[str]) -> str:
    """One after the other: with a blank between them, in Chinese with none."""
    return ("" if (get_language() or "").startswith("zh") else " ").join(sentences)


def _names(happening: Happening) -> str:
    return "、".join(event.details.get("deputy", "") for event in happening.events)


def _department(happening: Happening) -> str:
    return str(happening.first.department or "")


def _departments(parts: list[Assignment]) -> str:
    return "、".join(str(part.department) for part in parts)


def _parts(happening: Happening) -> list[Assignment]:
    """The parts in it that these events gave, who answers first."""
    departments = [event.department_id for event in happening.events]
    present = Assignment.objects.filter(proposal=happening.proposal).present()
    parts = present.filter(department__in=departments).select_related("department")
    return sorted(parts, key=lambda part: not part.answers)


def _due(part: Assignment) -> str:
    day = date_format(part.reply_due_on) if part.reply_due_on else ""
    return _("The reply is due on %(day)s.") % {"day": day}
