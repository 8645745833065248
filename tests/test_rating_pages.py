"""The deputy's own pages of rating: a letter, and its promises."""

from __future__ import annotations

import re
from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from django.http import HttpResponse, QueryDict
from django.test import Client
from django.utils import timezone

from access.rights import Role
from assemblies.models import Period
from clerkadmin import drafts
from measures.models import Commitment
from proposals import rating
from proposals.models import Assignment, Feedback, FeedbackReason, Proposal, Reply
from tests import world
from tests.admin_pages import kinds
from tests.deputy_world import make_desk, signed_in

pytestmark = pytest.mark.django_db
State = Proposal.State
EN = {"accept-language": "en"}
REASON = "没有回应增开班次"


@pytest.fixture
def lin() -> SimpleNamespace:
    """林秀兰, asked to rate a letter of five days ago within 15 days; 周建国 co-signed."""
    today = timezone.localdate()
    sent_on = today - timedelta(days=5)
    rules = world.make_rules()
    steps = (
        ("feedback", "replied", 15),
        ("rehandling", "rated", 30),
        ("commitment_feedback", "reported", 10),
    )
    for step, start, count in steps:
        Period.objects.create(rules=rules, step=step, start=start, count=count, unit="day")
    deputy, partner = make_desk(), make_desk("周建国")
    proposal = world.make_proposal(sponsor=deputy)
    world.make_sponsorship(proposal, partner)
    world.make_assignment(proposal, rules=rules)
    for label in ("满意", "基本满意", "不满意"):
        world.make_rating(label)
    reply = world.make_reply(proposal, date=sent_on)
    promise = world.make_commitment(reply, due_on=today - timedelta(days=1))
    for step in ("submit", "review", "sign", "send"):
        getattr(reply, step)(on=sent_on)
    proposal.refresh_from_db()
    return SimpleNamespace(
        today=today,
        deputy=deputy,
        partner=partner,
        proposal=proposal,
        reply=reply,
        promise=promise,
        client=signed_in(deputy),
        due=sent_on + timedelta(days=15),
    )


def rate_url(reply: Reply) -> str:
    return f"/desk/proposals/{reply.proposal.key}/replies/{reply.key}/rate/"


def promise_url(promise: Commitment) -> str:
    return f"{rate_url(promise.reply).removesuffix('rate/')}promises/{promise.number}/"


def typed(client: Client, url: str, **fields: object) -> dict[str, object]:
    """What the browser sends from that page: its marks, what was read, and these fields."""
    page = client.get(url)
    seen = re.search(rb'name="seen" value="(\d+)"', page.content)
    return {**page.context["form_marks"], "seen": seen[1].decode() if seen else "", **fields}


def rate(lin: SimpleNamespace, result: str, *, reply: Reply | None = None, **fields: object):
    url = rate_url(reply or lin.reply)
    fields.setdefault("process", world.make_rating("满意").pk)
    fields.setdefault("reason", REASON if result == "不满意" else "")
    return lin.client.post(
        url, typed(lin.client, url, result=world.make_rating(result).pk, **fields), headers=EN
    )


def led_to(answer: HttpResponse) -> str:
    """The words at which the page opens: those of the first element that takes the focus."""
    found = re.search(r"<p [^>]*\bautofocus[^>]*>([^<]+)", answer.content.decode())
    return found[1] if found else ""


def text_of(client: Client, url: str) -> str:
    response = client.get(url, headers=EN)
    assert response.status_code == 200
    return response.content.decode()


def test_process_and_result_are_rated_apart_and_who_did_it_is_kept(lin) -> None:
    answer = rate(lin, "基本满意")
    assert (answer.status_code, answer.url) == (302, rate_url(lin.reply))
    feedback = lin.reply.feedback.get()
    assert (feedback.state, feedback.rated_on) == ("returned", lin.today)
    assert (feedback.process_rating.label, feedback.result_rating.label) == ("满意", "基本满意")
    assert (feedback.entered_by, feedback.on_paper) == (lin.deputy.user, False)
    assert feedback.address_class in ("own", "other", "office")
    page = text_of(lin.client, rate_url(lin.reply))
    assert "基本满意" in page
    # What comes next, in words.
    assert "you are asked whether it is kept" in page


def test_the_letter_stands_above_the_form_and_nothing_is_chosen_for_the_deputy(lin) -> None:
    page = text_of(lin.client, rate_url(lin.reply))
    for said in (lin.reply.title, "市交通运输局", "Promises in it", "Read the letter"):
        assert said in page
    assert not re.search(r'name="(process|result)"[^>]*checked', page)
    assert "never public" in page


def test_a_part_left_out_is_asked_for_and_nothing_is_written(lin) -> None:
    answer = rate(lin, "满意", process="")
    assert (answer.status_code, led_to(answer)) == (200, "Choose one.")
    answer = rate(lin, "不满意", reason="  ")
    assert answer.status_code == 200
    assert "say why" in led_to(answer)
    assert lin.reply.feedback.get().state == "awaited"


def test_a_step_of_another_assembly_is_none(lin) -> None:
    other = world.make_assembly("linshi", region="邻市")
    strange = world.make_rating("满意", assembly=other)
    url = rate_url(lin.reply)
    data = typed(lin.client, url, process=strange.pk, result=strange.pk)
    assert lin.client.post(url, data).status_code == 200
    assert lin.reply.feedback.get().state == "awaited"


def test_unsatisfied_says_what_follows_before_it_is_sent_and_after(lin) -> None:
    until = lin.today + timedelta(days=30)
    from_page = text_of(lin.client, rate_url(lin.reply))
    assert "answers you anew by" in from_page
    rate(lin, "不满意")
    assert Proposal.objects.get(pk=lin.proposal.pk).state == State.REHANDLING
    assert Assignment.objects.get().redo_by == until
    page = text_of(lin.client, rate_url(lin.reply))
    assert "a new reply is due by" in page
    assert REASON in page
    # It has had its consequence: it stays.
    assert '<form method="post" class="sheetform"' not in page
    assert rate(lin, "满意").status_code == 200
    assert lin.reply.feedback.get().result_rating.label == "不满意"


def test_the_second_time_it_goes_up_and_the_page_says_so(lin) -> None:
    rate(lin, "不满意")
    second = world.make_reply(
        Proposal.objects.get(pk=lin.proposal.pk), round=2, document_number="云交函〔2026〕88号"
    )
    for step in ("submit", "review", "sign", "send"):
        getattr(second, step)(on=lin.today)
    assert "escalated to the assembly" in text_of(lin.client, rate_url(second))
    assert "A newer letter" in text_of(lin.client, rate_url(lin.reply)) or "it stays" in text_of(
        lin.client, rate_url(lin.reply)
    )
    rate(lin, "不满意", reply=second)
    assert Proposal.objects.get(pk=lin.proposal.pk).state == State.ESCALATED


def test_a_rating_is_changed_until_the_period_ends_and_not_after(lin) -> None:
    rate(lin, "满意")
    rate(lin, "基本满意")
    feedback = lin.reply.feedback.get()
    assert feedback.result_rating.label == "基本满意"
    assert kinds(lin.proposal).count("rated") == 2
    feedback.due_on = lin.today - timedelta(days=1)
    feedback.save()
    page = text_of(lin.client, rate_url(lin.reply))
    assert "could change that until" in page
    assert '<form method="post" class="sheetform"' not in page
    rate(lin, "满意")
    feedback.refresh_from_db()
    assert feedback.result_rating.label == "基本满意"


def test_on_the_last_day_it_is_rated_and_on_the_next_it_is_not(lin) -> None:
    feedback = lin.reply.feedback.get()
    feedback.due_on = lin.today - timedelta(days=1)
    feedback.save()
    assert "The time to rate the letter was over on" in text_of(lin.client, rate_url(lin.reply))
    rate(lin, "满意")
    feedback.refresh_from_db()
    assert feedback.state == Feedback.State.AWAITED
    feedback.due_on = lin.today
    feedback.save()
    rate(lin, "满意")
    feedback.refresh_from_db()
    assert feedback.state == Feedback.State.RETURNED


def test_a_letter_that_was_corrected_meanwhile_is_read_before_it_is_rated(lin) -> None:
    url = rate_url(lin.reply)
    facts = {"process": world.make_rating("满意").pk, "result": world.make_rating("满意").pk}
    sent = typed(lin.client, url, **facts)
    lin.reply.correct(f"{lin.reply.text}。", reason="更正", on=lin.today)
    assert "corrected meanwhile" in lin.client.post(url, sent, headers=EN).content.decode()
    assert lin.reply.feedback.get().state == "awaited"
    assert lin.client.post(url, typed(lin.client, url, **facts)).status_code == 302


def test_sent_twice_it_is_recorded_once(lin) -> None:
    url = rate_url(lin.reply)
    step = world.make_rating("满意").pk
    data = typed(lin.client, url, process=step, result=step)
    assert [lin.client.post(url, data).status_code for _time in range(2)] == [302, 302]
    assert kinds(lin.proposal).count("rated") == 1


def test_a_co_sponsor_who_is_not_asked_reads_who_is_and_rates_nothing(lin) -> None:
    client, url = signed_in(lin.partner), rate_url(lin.reply)
    page = text_of(client, url)
    assert "You are not asked to rate this letter" in page
    assert "林秀兰" in page
    step = world.make_rating("满意").pk
    data = typed(client, url, process=step, result=step)
    assert client.post(url, data).status_code == 404
    assert client.get(url.replace("/rate/", "/form/")).status_code == 404
    assert lin.reply.feedback.get().state == "awaited"


def test_where_every_deputy_rates_each_rates_for_themselves_and_reads_their_own(lin) -> None:
    lin.proposal.rules(on=lin.today).__class__.objects.update(every_deputy_rates=True)
    rate(lin, "不满意")
    client, url = signed_in(lin.partner), rate_url(lin.reply)
    page = text_of(client, url)
    assert REASON not in page
    assert "Your rating of" not in page
    step = world.make_rating("满意").pk
    assert client.post(url, typed(client, url, process=step, result=step)).status_code == 302
    labels = dict(lin.reply.feedback.values_list("deputy__name", "result_rating__label"))
    assert labels == {"林秀兰": "不满意", "周建国": "满意"}
    assert FeedbackReason.objects.count() == 1


def test_for_others_the_pages_are_not_there(lin) -> None:
    stranger = make_desk("吴晓明")
    world.make_member(Role.DEPUTIES_OFFICE)
    clerk = Client()
    clerk.force_login(world.make_member(Role.CLERK))
    office = Client()
    office.force_login(world.make_member(Role.DEPUTIES_OFFICE))
    base = rate_url(lin.reply).removesuffix("rate/")
    pages = [rate_url(lin.reply), f"{base}form/", promise_url(lin.promise)]
    for url in pages:
        for other in (signed_in(stranger), clerk, office):
            assert other.get(url).status_code == 404, url
            if url != pages[1]:
                assert other.post(url, {"word": "kept"}).status_code == 404, url
        answer = Client().get(url)
        assert (answer.status_code, answer.url.endswith(f"next={url}")) == (302, True)
        assert "no-store" in lin.client.get(url)["Cache-Control"]
    for odd in ("9", "1-2", "x", "0", "1-0"):
        assert lin.client.get(f"{base.removesuffix('1/')}{odd}/rate/").status_code == 404
    assert lin.client.get(f"{base}promises/9/").status_code == 404


def test_a_letter_that_is_not_sent_is_not_rated(lin) -> None:
    draft = world.make_reply(lin.proposal, round=2, document_number="")
    assert lin.client.get(rate_url(draft)).status_code == 404


def test_a_rating_that_arrives_signed_out_is_not_lost(lin) -> None:
    url = rate_url(lin.reply)
    step = world.make_rating("不满意").pk
    data = typed(lin.client, url, process=step, result=step, reason=REASON)
    lin.client.logout()
    answer = lin.client.post(url, data)
    assert answer.status_code == 403
    assert lin.reply.feedback.get().state == "awaited"
    lin.client.force_login(lin.deputy.user)
    # The sign-in page carried it; once signed in it is a draft of the deputy's.
    drafts.keep(lin.deputy.user, url, drafts.typed_in(QueryDict(urlencode(data))))
    assert REASON in text_of(lin.client, f"{url}?draft=1")


def asked(lin: SimpleNamespace, **report: object) -> Commitment:
    """The promise, reported as kept yesterday."""
    facts = {"state": "fulfilled", "text": "已建成20座", **report}
    state = facts.pop("state")
    lin.promise.report(state, on=lin.today - timedelta(days=1), **facts)
    return lin.promise


def say(lin: SimpleNamespace, word: str, reason: str = ""):
    url = promise_url(lin.promise)
    return lin.client.post(url, typed(lin.client, url, word=word, reason=reason), headers=EN)


def test_a_promise_is_confirmed_on_its_page(lin) -> None:
    promise = asked(lin)
    page = text_of(lin.client, promise_url(promise))
    for said in (world.COMMITMENT, "已建成20座", "Is this promise kept?", "市交通运输局"):
        assert said in page
    assert say(lin, "kept").status_code == 302
    promise.refresh_from_db()
    assert promise.state == "confirmed"
    feedback = promise.feedback.get()
    assert (feedback.entered_by, feedback.answered_on) == (lin.deputy.user, lin.today)
    assert feedback.address_class in ("own", "other", "office")


def test_a_promise_is_disputed_with_a_reason_and_its_department_reports_again(lin) -> None:
    promise = asked(lin)
    assert say(lin, "not_kept").status_code == 200
    assert say(lin, "not_kept", "东门一侧没有建").status_code == 302
    promise.refresh_from_db()
    assert promise.state == "disputed"
    assert "东门一侧没有建" in text_of(lin.client, promise_url(promise))
    clerk = Client()
    clerk.force_login(world.make_member(Role.CLERK))
    desk = clerk.get("/admin/").content.decode()
    report = f"/admin/measures/commitment/move/report/?ids={promise.pk}"
    assert report in desk
    assert "东门一侧没有建" in clerk.get(report).content.decode()


def test_a_word_on_what_was_reported_before_is_not_taken_for_one_on_the_new_report(lin) -> None:
    promise = asked(lin)
    url = promise_url(promise)
    sent = typed(lin.client, url, word="kept", reason="")
    promise.report("in_progress", on=lin.today, text="还差两座")
    answer = lin.client.post(url, sent, headers=EN)
    assert "Something was reported meanwhile" in answer.content.decode()
    assert promise.feedback.get().state == "awaited"
    assert say(lin, "kept").status_code == 302


def test_a_word_is_changed_until_the_period_ends_and_not_given_after(lin) -> None:
    promise = asked(lin)
    say(lin, "not_kept", "东门一侧没有建")
    say(lin, "kept")
    promise.refresh_from_db()
    assert promise.state == "confirmed"
    feedback = promise.feedback.get()
    feedback.due_on = lin.today - timedelta(days=1)
    feedback.save()
    say(lin, "not_kept", "东门一侧没有建")
    promise.refresh_from_db()
    assert promise.state == "confirmed"
    assert "could change that until" in text_of(lin.client, promise_url(promise))


def test_a_word_that_comes_too_late_is_not_taken_here(lin) -> None:
    promise = asked(lin)
    feedback = promise.feedback.get()
    feedback.due_on = lin.today - timedelta(days=1)
    feedback.save()
    say(lin, "kept")
    promise.refresh_from_db()
    assert promise.state == "fulfilled"
    assert "The time to answer was over on" in text_of(lin.client, promise_url(promise))


def test_one_that_was_given_up_is_asked_about_in_its_own_words(lin) -> None:
    promise = asked(lin, state="impossible", text="地下管线不允许")
    assert "Do you accept that?" in text_of(lin.client, promise_url(promise))
    say(lin, "kept")
    promise.refresh_from_db()
    assert promise.state == "impossible"


def test_who_is_not_asked_about_a_promise_reads_it_and_says_nothing(lin) -> None:
    promise = asked(lin)
    client, url = signed_in(lin.partner), promise_url(promise)
    page = text_of(client, url)
    assert "You are not asked about this promise" in page
    assert "林秀兰" in page
    assert client.post(url, typed(client, url, word="kept")).status_code == 404


def test_before_anybody_is_asked_the_page_says_when(lin) -> None:
    url = promise_url(lin.promise)
    assert "Nobody is asked about it now" in text_of(lin.client, url)
    assert lin.client.post(url, typed(lin.client, url, word="kept")).status_code == 404


def test_the_office_rates_for_those_on_paper_after_the_period_too(lin) -> None:
    feedback = lin.reply.feedback.get()
    feedback.due_on = lin.today - timedelta(days=1)
    feedback.save()
    rating.rate(
        lin.reply,
        deputy=lin.deputy,
        result=world.make_rating("满意"),
        on=lin.today - timedelta(days=2),
        on_paper=True,
    )
    feedback.refresh_from_db()
    assert feedback.state == "returned"
