"""What a row of the desk says: one sentence, what is to be done and why."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from measures.models import Commitment
from proposals.models import CoHandlingOpinion


def day(on: date | None) -> str:
    """A day as a sentence says it: without the year where it is this year's."""
    if on is None:
        return "—"
    if on.year == timezone.localdate().year:
        # Translators: month and day, in Django's date format
        return date_format(on, pgettext("month and day", "j F"))
    return date_format(on, "DATE_FORMAT")


def acknowledge(row: Any) -> str:
    if row.due and row.since:
        said = _("Assigned on %(since)s: acknowledge it, or ask to return it by %(due)s.")
        return said % {"since": day(row.since), "due": day(row.due)}
    return _("It was assigned to the department: acknowledge it.")


def contact(row: Any) -> str:
    if row.due:
        said = _("Acknowledged; talk with the deputy by %(due)s and log it.")
        return said % {"due": day(row.due)}
    return _("Acknowledged; nobody has talked with the deputy yet.")


def answer(row: Any) -> str:
    if row.round and row.round > 1:
        said = _("The deputy is not satisfied: reply anew by %(due)s.")
    elif row.due:
        said = _("The reply is to be sent by %(due)s; nobody has begun it.")
    else:
        said = _("The reply has no date yet; nobody has begun it.")
    return said % {"due": day(row.due)}


def _letter(row: Any, stands: str) -> str:
    if row.due is None:
        return stands
    said = _("The reply is to be sent by %(due)s. %(stands)s")
    return said % {"due": day(row.due), "stands": stands}


def draft(row: Any) -> str:
    if row.state:
        return _letter(row, _("It was sent back: change it and hand it in again."))
    return _letter(row, _("It is still being drafted."))


def review(row: Any) -> str:
    return _letter(row, _("It waits for your review."))


def audit(row: Any) -> str:
    said = _("%(who)s has reviewed it; it waits for the audit.") % {"who": row.who}
    return _letter(row, said)


def sign(row: Any) -> str:
    return _letter(row, _("It was approved and waits for the signature."))


def send(row: Any) -> str:
    return _letter(row, _("It is signed and waits to be sent."))


def propose_disclosure(row: Any) -> str:
    said = _("The reply was sent on %(since)s: propose whether the public may read it.")
    return said % {"since": day(row.since)}


def disclose(row: Any) -> str:
    said = _("%(who)s sent the reply on %(since)s: decide whether the public may read it.")
    return said % {"who": row.who, "since": day(row.since)}


def opinion(row: Any) -> str:
    if row.state == CoHandlingOpinion.State.SENT_BACK:
        said = _("The opinion was sent back by %(who)s: write it anew by %(due)s.")
    else:
        said = _("The opinion is to be with %(who)s by %(due)s; it is not written yet.")
    return said % {"who": row.who or "—", "due": day(row.due)}


def accept(row: Any) -> str:
    said = _("%(who)s gave its opinion on %(since)s: accept it or send it back.")
    return said % {"who": row.who, "since": day(row.since)}


def report(row: Any) -> str:
    state = row.state
    if state == Commitment.State.DISPUTED:
        return _("The deputy disputes that the promise is kept: look into it and report.")
    if row.is_overdue:
        return _("The promise is due and neither kept nor put off.")
    if state == Commitment.State.RESCHEDULED:
        said = _("A promise that was put off, due on %(due)s.")
    elif state == Commitment.State.RECORDED:
        said = _("The promise is due on %(due)s; nothing was reported yet.")
    else:
        said = _("The promise is due on %(due)s: report how far it is.")
    return said % {"due": day(row.due)}


def letter(row: Any) -> str:
    return _("A letter was read in: check what was read, then accept it.")


def message(row: Any) -> str:
    return _("A message of %(since)s that you have not read yet.") % {"since": day(row.since)}


def register(row: Any) -> str:
    said = _("Submitted on %(since)s: register it, send it back or merge it.")
    return said % {"since": day(row.since)}


def assign(row: Any) -> str:
    if row.due:
        said = _("Registered on %(since)s; it is to be assigned by %(due)s.")
        return said % {"since": day(row.since), "due": day(row.due)}
    return _("It is registered: assign it to a department.")


def return_(row: Any) -> str:
    said = _("%(who)s asked on %(since)s to give it back: agree or refuse.")
    return said % {"who": row.who, "since": day(row.since)}


def extension(row: Any) -> str:
    said = _("%(who)s asks for more time, until %(since)s: agree or refuse.")
    return said % {"who": row.who, "since": day(row.since)}


def tell(row: Any) -> str:
    said = _("The reply of %(who)s was put off to %(since)s: the deputy is to be told.")
    return said % {"who": row.who, "since": day(row.since)}


def rate(row: Any) -> str:
    said = _("%(who)s has not rated the reply of %(since)s yet: enter what was said.")
    return said % {"who": row.who, "since": day(row.since)}


def word(row: Any) -> str:
    said = _("%(who)s was asked on %(since)s whether promise %(number)s is kept.")
    return said % {"who": row.who, "since": day(row.since), "number": row.round}


def escalated(row: Any) -> str:
    said = _("Escalated on %(since)s: have it handled again, or close it, saying how that ended.")
    return said % {"since": day(row.since)}


def close(row: Any) -> str:
    return _("It was rated and no promise is open: it can be closed.")


def key(row: Any) -> str:
    if row.due:
        said = _("A key proposal of your committee: %(who)s is to answer by %(due)s.")
        return said % {"who": row.who or "—", "due": day(row.due)}
    if row.who:
        said = _("A key proposal of your committee: %(who)s is to answer; no date is set.")
        return said % {"who": row.who}
    return _("A key proposal of your committee, not assigned yet.")


def alarm(row: Any) -> str:
    said = _("On %(since)s a rating of %(deputy)s came from an address of clerks: ask the deputy.")
    return said % {"since": day(row.since), "deputy": row.who}
