"""What follows from a day that has passed: silence is written down, and the deputies are asked.

Each row is a transaction of its own, fetched a few at a time by their keys: it may be stopped at
any moment and begun again, does nothing twice, and a row that fails keeps nobody else waiting.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.db.models import Exists, OuterRef, QuerySet

from measures import verdicts
from measures.models import Commitment, CommitmentFeedback
from proposals import rating
from proposals.models import Feedback

AT_ONCE = 200
# A promise that fell due longer ago is history that was brought in: nobody is asked about it.
ASKED_WITHIN = timedelta(days=366)


@dataclass
class Lapsed:
    """How much was written down, and what could not be, in words."""

    ratings: int = 0
    words: int = 0
    asked: int = 0
    failed: list[str] = field(default_factory=list)


def lapse(*, on: date) -> Lapsed:
    """Everything that follows from that day having come."""
    found = Lapsed()
    found.ratings = _each(ratings_over(on=on), lambda row: _not_rated(row, on), found)
    found.words = _each(words_over(on=on), lambda row: _not_answered(row, on), found)
    found.asked = _each(
        fallen_due(on=on), lambda promise: bool(verdicts.ask_as_due(promise, on=on)), found
    )
    return found


def ratings_over(*, on: date) -> QuerySet[Feedback]:
    """Ratings that have not come in their time."""
    rows = Feedback.objects.filter(state=Feedback.State.AWAITED, due_on__lt=on)
    return rows.select_related("reply__proposal", "reply__department", "deputy")


def words_over(*, on: date) -> QuerySet[CommitmentFeedback]:
    """Words on promises that have not come in their time."""
    rows = CommitmentFeedback.objects.awaited().filter(due_on__lt=on)
    return rows.select_related("commitment__reply__proposal", "deputy")


def fallen_due(*, on: date) -> QuerySet[Commitment]:
    """Open promises whose date has passed, and of which nobody was asked since."""
    asked = CommitmentFeedback.objects.filter(
        commitment=OuterRef("pk"), asked_on__gt=OuterRef("due_on")
    ).order_by()
    late = Commitment.objects.owed().overdue(on=on).filter(due_on__gte=on - ASKED_WITHIN)
    return late.filter(~Exists(asked)).select_related("reply__proposal", "lead_department")


def _not_rated(row: Feedback, on: date) -> bool:
    rating.not_rated(row.reply, deputy=row.deputy, on=on)
    return True


def _not_answered(row: CommitmentFeedback, on: date) -> bool:
    verdicts.not_answered(row, on=on)
    return True


def _each(rows: QuerySet[Any], do: Callable[[Any], bool], found: Lapsed) -> int:
    """Do it with every row; how many it was done with."""
    done = 0
    for row in _a_few_at_a_time(rows):
        try:
            done += do(row)
        except (ValidationError, DatabaseError) as error:
            said = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
            found.failed.append(f"{row._meta.verbose_name} {row.pk}: {said}")
    return done


def _a_few_at_a_time(rows: QuerySet[Any]) -> Iterator[Any]:
    """By their keys, so that no query stays open while rows are written."""
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        yield from batch
        last = batch[-1].pk
