"""`manage.py keep_dates`: silence is written down, and promises fallen due are asked about."""

from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from measures import lapsing
from measures.models import Commitment
from proposals import events, rating
from proposals.models import Feedback
from tests import world
from tests.admin_pages import kinds

pytestmark = pytest.mark.django_db
DUE = world.SENT_ON + timedelta(days=15)
LATE = DUE + timedelta(days=1)


def keep_dates(on: date) -> str:
    out = StringIO()
    call_command("keep_dates", on=on, stdout=out, stderr=out)
    return out.getvalue()


def late_ratings(count: int) -> list[Feedback]:
    """So many ratings that were due and have not come."""
    found = []
    for number in range(count):
        proposal = world.make_proposal(f"{500 + number}")
        reply = world.make_reply(proposal)
        reply.record_sent(on=world.SENT_ON)
        found.append(world.make_feedback(reply, due_on=DUE))
    return found


def test_what_was_not_returned_in_time_is_written_down_once() -> None:
    feedback = late_ratings(1)[0]
    keep_dates(DUE)
    feedback.refresh_from_db()
    assert feedback.state == Feedback.State.AWAITED
    assert "1" in keep_dates(LATE)
    keep_dates(LATE)
    feedback.refresh_from_db()
    assert (feedback.state, feedback.entered_by) == (Feedback.State.NOT_RETURNED, None)
    assert kinds(feedback.reply.proposal).count("not_rated") == 1


def test_who_has_rated_is_left_alone() -> None:
    feedback = late_ratings(1)[0]
    rating.rate(
        feedback.reply, deputy=feedback.deputy, result=world.make_rating(), on=world.SENT_ON
    )
    keep_dates(LATE)
    feedback.refresh_from_db()
    assert feedback.state == Feedback.State.RETURNED


def test_words_on_promises_are_asked_for_and_given_up_in_their_time() -> None:
    promise = world.make_sent_promise(due_on=world.SENT_ON)
    keep_dates(world.SENT_ON)
    assert not promise.feedback.exists()
    keep_dates(world.SENT_ON + timedelta(days=1))
    keep_dates(world.SENT_ON + timedelta(days=2))
    asked = promise.feedback.get()
    assert (asked.cause, asked.state) == ("due", "awaited")
    asked.due_on = DUE
    asked.save()
    keep_dates(LATE)
    keep_dates(LATE)
    asked.refresh_from_db()
    assert asked.state == "not_returned"
    assert kinds(promise.reply.proposal).count("promise_unanswered") == 1
    assert Commitment.objects.get().state == "recorded"


def test_a_new_date_brings_a_new_question_when_it_has_passed() -> None:
    promise = world.make_sent_promise(due_on=world.SENT_ON)
    keep_dates(world.SENT_ON + timedelta(days=1))
    until = world.SENT_ON + timedelta(days=60)
    promise.refresh_from_db()
    promise.report("rescheduled", on=world.SENT_ON + timedelta(days=3), text="雨季", due_on=until)
    keep_dates(until)
    assert kinds(promise.reply.proposal).count("promise_asked") == 1
    keep_dates(until + timedelta(days=1))
    assert kinds(promise.reply.proposal).count("promise_asked") == 2


def test_history_that_was_brought_in_asks_nobody() -> None:
    promise = world.make_sent_promise(due_on=date(2024, 12, 31))
    keep_dates(LATE)
    assert not promise.feedback.exists()


@pytest.fixture
def subscribed(monkeypatch) -> Callable[[Callable], None]:
    """What another room does when something happens, in the same transaction."""

    def subscribe(subscriber: Callable) -> None:
        monkeypatch.setattr(events, "_subscribers", [*events._subscribers, subscriber])

    return subscribe


def test_one_row_that_fails_does_not_stop_the_rest_and_is_named(subscribed, monkeypatch) -> None:
    _first, second, _third = late_ratings(3)

    def refuse(told) -> None:
        if told[0].reply_id == second.reply_id:
            raise ValidationError("这一行写不进去")

    subscribed(refuse)
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("keep_dates", on=LATE, stdout=out, stderr=out)
    assert str(second.pk) in out.getvalue()
    assert "这一行写不进去" in out.getvalue()
    states = list(Feedback.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["not_returned", "awaited", "not_returned"]
    monkeypatch.undo()
    keep_dates(LATE)
    second.refresh_from_db()
    assert second.state == "not_returned"


def test_what_was_done_before_it_was_stopped_stays_done(subscribed, monkeypatch) -> None:
    first, second = late_ratings(2)

    def stop(told) -> None:
        if told[0].reply_id == second.reply_id:
            raise KeyboardInterrupt

    subscribed(stop)
    with pytest.raises(KeyboardInterrupt):
        keep_dates(LATE)
    first.refresh_from_db()
    assert first.state == "not_returned"
    monkeypatch.undo()
    keep_dates(LATE)
    for feedback in (first, second):
        assert kinds(feedback.reply.proposal).count("not_rated") == 1


def test_rows_are_fetched_a_few_at_a_time(monkeypatch) -> None:
    late_ratings(5)
    monkeypatch.setattr(lapsing, "AT_ONCE", 2)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        rows = list(lapsing._a_few_at_a_time(lapsing.ratings_over(on=LATE)))
    assert [row.pk for row in rows] == sorted(row.pk for row in rows)
    assert (len(rows), len(asked)) == (5, 4)
