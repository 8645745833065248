"""Where ratings end: the last day, who is asked late, who has left, what changed meanwhile."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from types import SimpleNamespace

import pytest
from django.db import connection
from django.utils import timezone

from measures.models import Commitment
from proposals import rating
from proposals.models import Assignment, Feedback, Proposal
from tests import world
from tests.admin_pages import kinds
from tests.deputy_world import make_desk, signed_in
from tests.test_rating_pages import (
    REASON,
    lin,  # noqa: F401
    promise_url,
    rate_url,
    text_of,
    typed,
)

pytestmark = pytest.mark.django_db
State = Proposal.State


def let_all_rate(lin: SimpleNamespace) -> None:  # noqa: F811
    part = Assignment.objects.select_related("rules").get(proposal=lin.proposal)
    part.rules.every_deputy_rates = True
    part.rules.save()


def test_after_the_last_day_the_letter_offers_no_rating_any_more(lin) -> None:  # noqa: F811
    """Also before the night's run has written down that nothing was returned."""
    page = rate_url(lin.reply).removesuffix("rate/")
    assert f'href="{rate_url(lin.reply)}"' in text_of(lin.client, page)
    Feedback.objects.update(due_on=lin.today - timedelta(days=1))
    verdict = text_of(lin.client, page).partition('id="verdict"')[2]
    assert "The time to rate the letter was over on" in verdict
    assert rate_url(lin.reply) not in verdict


def test_a_period_that_ends_while_the_form_is_open_loses_no_word(lin) -> None:  # noqa: F811
    facts = {"process": world.make_rating("满意").pk, "result": world.make_rating("不满意").pk}
    form = typed(lin.client, rate_url(lin.reply), **facts, reason=REASON)
    Feedback.objects.update(due_on=lin.today - timedelta(days=1))
    answer = lin.client.post(rate_url(lin.reply), form)
    assert answer.status_code == 200
    assert answer.context["form"].data["reason"] == REASON
    assert Feedback.objects.get().state == Feedback.State.AWAITED


def test_who_is_asked_later_has_the_same_last_day(lin) -> None:  # noqa: F811
    let_all_rate(lin)
    client, url = signed_in(lin.partner), rate_url(lin.reply)
    facts = {name: world.make_rating("满意").pk for name in ("process", "result")}
    assert client.get(url).context["asked"].due_on == lin.due
    form = typed(client, url, **facts)
    type(lin.reply).objects.filter(pk=lin.reply.pk).update(sent_on=lin.today - timedelta(days=16))
    assert "The time to rate the letter was over on" in text_of(client, url)
    assert client.post(url, form).status_code == 200
    assert not lin.reply.feedback.filter(deputy=lin.partner).exists()


def test_who_has_left_office_still_rates_the_answer_to_their_proposal(lin) -> None:  # noqa: F811
    lin.deputy.is_serving = False
    lin.deputy.save()
    facts = {name: world.make_rating("满意").pk for name in ("process", "result")}
    form = typed(lin.client, rate_url(lin.reply), **facts)
    assert lin.client.post(rate_url(lin.reply), form).status_code == 302
    assert lin.reply.feedback.get().state == Feedback.State.RETURNED


def test_who_put_one_that_was_merged_rates_the_letter_on_its_own_page(lin) -> None:  # noqa: F811
    other = make_desk("吴梅")
    merged = world.make_proposal(
        "0124", sponsor=other, state=State.MERGED, merged_into=lin.proposal
    )
    lin.reply.also_answers.add(merged)
    client, url = signed_in(other), rate_url(lin.reply)
    page = client.get(url.removesuffix("rate/"))
    assert (page.context["proposal"], page.context["is_along"]) == (merged, True)
    facts = {name: world.make_rating("不满意").pk for name in ("process", "result")}
    assert client.post(url, typed(client, url, **facts, reason=REASON)).status_code == 302
    assert kinds(merged)[-1] == "rated"
    lin.proposal.refresh_from_db()
    assert lin.proposal.state == State.REHANDLING
    own = client.get(f"/desk/proposals/{merged.key}/")
    assert "不满意" in [line.title[-3:] for line in own.context["moments"]]


def test_a_promise_that_got_a_new_date_meanwhile_is_read_before_it_is_judged(lin) -> None:  # noqa: F811
    promise, url = lin.promise, promise_url(lin.promise)
    promise.report(Commitment.State.FULFILLED, on=lin.today, text="已建成。")
    form = typed(lin.client, url, word="kept")
    later = lin.today + timedelta(days=60)
    promise.report(Commitment.State.RESCHEDULED, on=lin.today, text="延期。", due_on=later)
    assert lin.client.post(url, form).status_code == 200
    assert promise.feedback.get().state == "awaited"
    promise.refresh_from_db()
    assert (promise.state, promise.due_on) == (Commitment.State.RESCHEDULED, later)
    assert lin.client.post(url, typed(lin.client, url, word="kept")).status_code == 302


def test_one_disputes_and_another_confirms_and_each_reads_their_own_word(lin) -> None:  # noqa: F811
    let_all_rate(lin)
    promise, url = lin.promise, promise_url(lin.promise)
    promise.report(Commitment.State.FULFILLED, on=lin.today, text="已建成。")
    partner = signed_in(lin.partner)
    facts = {"word": "not_kept", "reason": "还差五座候车亭"}
    assert partner.post(url, typed(partner, url, **facts)).status_code == 302
    assert lin.client.post(url, typed(lin.client, url, word="kept")).status_code == 302
    promise.refresh_from_db()
    assert promise.state == Commitment.State.DISPUTED
    for page in (url, rate_url(lin.reply).removesuffix("rate/")):
        assert "还差五座候车亭" in text_of(partner, page)
        assert "还差五座候车亭" not in text_of(lin.client, page)
    assert partner.post(url, typed(partner, url, word="kept")).status_code == 302
    promise.refresh_from_db()
    assert promise.state == Commitment.State.CONFIRMED


@pytest.mark.django_db(transaction=True)
def test_two_who_are_not_satisfied_at_once_have_it_handled_again_once(lin) -> None:  # noqa: F811
    let_all_rate(lin)
    result, start = world.make_rating("不满意"), Barrier(2)

    def refuse(deputy) -> None:
        try:
            start.wait()
            reply = type(lin.reply).objects.get(pk=lin.reply.pk)
            rating.rate(reply, deputy=deputy, result=result, on=timezone.localdate(), reason=REASON)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(refuse, each) for each in (lin.deputy, lin.partner)]:
            done.result()
    assert Assignment.objects.get().round == 2
    assert kinds(lin.proposal).count("rehandling") == 1
    assert lin.reply.feedback.filter(state=Feedback.State.RETURNED).count() == 2
