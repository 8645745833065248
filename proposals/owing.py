"""What departments owe: which parts await a letter, which are late, which were answered in time.

The desk counts with these, and the lists that its numbers lead to filter with them.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from proposals.models import Assignment, CoHandlingOpinion, Proposal, Reply

# While departments still owe a letter or an opinion.
HANDLED = (*Proposal.HANDLED, Proposal.State.ESCALATED)
# How far back what was answered is counted.
COUNTED_DAYS = 730


def reply_due(path: str = "") -> Any:
    """When an assignment's reply is due: of the new round, or extended, or the first."""
    return Case(
        When(Q(**{f"{path}round__gt": 1}), then=F(f"{path}redo_by")),
        default=Coalesce(F(f"{path}extended_to"), F(f"{path}due_on")),
    )


def letters_of() -> QuerySet:
    """The letters with which the department of an assignment answers, in its round or later."""
    return Reply.objects.filter(
        proposal=OuterRef("proposal"),
        department=OuterRef("department"),
        round__gte=OuterRef("round"),
    ).order_by()


def sent_along() -> QuerySet:
    """A letter to another proposal that answers this one along, since it is handled again."""
    # One in the other: a database that knows nothing of its tables would begin with all letters.
    letter = Reply.objects.filter(
        pk=OuterRef("reply"),
        department=OuterRef(OuterRef("department")),
        state=Reply.State.SENT,
        sent_on__gte=Coalesce(OuterRef(OuterRef("redo_on")), Value(date.min)),
    ).order_by()
    through = Reply.also_answers.through.objects
    return through.filter(Exists(letter), proposal=OuterRef("proposal"))


def unanswered(parts: QuerySet) -> QuerySet:
    """Those whose department has sent no letter in its round."""
    sent = letters_of().filter(state=Reply.State.SENT)
    return parts.filter(~Exists(sent), ~Exists(sent_along()), role__in=Assignment.ANSWERING)


def open_parts(parts: QuerySet) -> QuerySet:
    """Present parts whose letter is not sent yet, with the day on which it is due (`owed_on`)."""
    present = parts.filter(ended_on=None, proposal__state__in=HANDLED)
    return unanswered(present).annotate(owed_on=reply_due())


def late_parts(parts: QuerySet, *, on: date) -> QuerySet:
    """Those whose letter should have been sent before that day."""
    return open_parts(parts).filter(owed_on__lt=on)


def answered_parts(parts: QuerySet, *, on: date) -> QuerySet:
    """Dated parts of the last two years that were answered, with their letter (`letter`)."""
    letter = FilteredRelation(
        "proposal__replies",
        condition=Q(
            proposal__replies__department=F("department"),
            proposal__replies__round=F("round"),
            proposal__replies__state=Reply.State.SENT,
        ),
    )
    since = on - timedelta(days=COUNTED_DAYS)
    present = parts.filter(ended_on=None, role__in=Assignment.ANSWERING, assigned_on__gte=since)
    dated = present.exclude(proposal__state__in=Proposal.NEVER_PUBLIC).annotate(owed_on=reply_due())
    return dated.annotate(letter=letter).filter(letter__isnull=False, owed_on__isnull=False)


def in_time() -> Q:
    """Of answered parts: the letter was sent by its day."""
    return Q(letter__sent_on__lte=F("owed_on"))


def late_opinions(opinions: QuerySet, *, on: date) -> QuerySet:
    """Opinions that should have been given before that day, and still are wanted."""
    return opinions.filter(
        state__in=CoHandlingOpinion.AWAITED,
        due_on__lt=on,
        assignment__ended_on=None,
        assignment__proposal__state__in=HANDLED,
    )
