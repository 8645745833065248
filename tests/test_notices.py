"""What deputies are told: each thing once, those whom it concerns and nobody else, no secret."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import override

from access.crowd import who_sees
from access.rights import Role
from assemblies.models import Period
from desk.reminders import remind
from measures.models import CommitmentFeedback
from notifications.happenings import KIND_OF
from notifications.models import Message, NoticeSettings, ReminderDay
from proposals import (
    assigning,
    closing,
    events,
    rating,
    registering,
    submitting,
    supervising,
)
from proposals.assigning import Part
from proposals.models import (
    Assignment,
    CoHandlingOpinion,
    Event,
    ExtensionRequest,
    Feedback,
    Proposal,
    Reply,
    ReturnRequest,
    Sponsorship,
)
from tests.world import (
    make_assignment,
    make_commitment,
    make_department,
    make_deputy,
    make_feedback,
    make_member,
    make_proposal,
    make_published_reply,
    make_rating,
    make_reply,
    make_rules,
    make_session,
    make_sponsorship,
    make_user,
)

pytestmark = pytest.mark.django_db

Kind = Message.Kind
State = Proposal.State
SECRET = "绝密字样七八九"


def account(name: str = "林秀兰", **fields):
    """A deputy with an account; the user."""
    user = make_user(f"user-{name}", email="daibiao@rd.cn", is_staff=False)
    make_deputy(name, user=user, **fields)
    return user


def deputy_of(user):
    return make_deputy(user.username.removeprefix("user-"))


def proposed(*, state: str = State.SUBMITTED, co_sponsors=(), **fields) -> Proposal:
    """A proposal of this month by 林秀兰, with these co-sponsors, whose names stand."""
    fields = {"submitted_on": localdate() - timedelta(days=9), "registered_on": None, **fields}
    proposal = make_proposal(state=state, sponsor=make_deputy(), **fields)
    for user in co_sponsors:
        make_sponsorship(proposal, deputy_of(user))
    return proposal


def told(user) -> list[str]:
    return list(
        Message.objects.filter(recipient=user).order_by("pk").values_list("kind", flat=True)
    )


def date_in(language: str, day: date) -> str:
    with override(language):
        return date_format(day)


def sent_reply(proposal: Proposal, *, rated: bool = True, **fields) -> Reply:
    """A letter on its way, signed and sent today."""
    if rated:
        rules = make_rules()
        Period.objects.get_or_create(
            rules=rules, step=Period.Step.FEEDBACK, start="replied", count=15, unit="day"
        )
    make_assignment(proposal)
    reply = make_reply(proposal, state=Reply.State.SIGNED, date=localdate(), **fields)
    reply.send(on=localdate())
    return reply


# Which things, to whom ------------------------------------------------------------------


def test_everything_that_is_told_may_be_known_to_deputies():
    assert set(KIND_OF) <= set(Event.OPEN_TO_DEPUTIES)


def test_the_lead_and_the_co_sponsors_learn_of_a_number_each_once():
    lead, other = account(), account("周建国")
    proposal = proposed(co_sponsors=[other])

    registering.register(proposal, number="0123", on=localdate())

    for user in (lead, other):
        (message,) = Message.objects.filter(recipient=user)
        assert message.kind == Kind.REGISTERED
        assert "0123" in message.subject
        assert proposal.title in message.subject
        assert message.path == f"/desk/proposals/{proposal.key}/"


def test_who_did_it_is_not_told():
    lead, other = account(), account("周建国")
    proposal = proposed(state=State.DRAFT, co_sponsors=[other])

    registering.submit(proposal, on=localdate(), by=lead)

    assert told(lead) == []
    assert told(other) == [Kind.SUBMITTED]


def test_who_is_asked_to_co_sign_is_told_with_the_first_asking_and_the_others_are_not():
    make_session(
        opens_on=localdate() - timedelta(days=30), closes_on=localdate() - timedelta(days=20)
    )
    lead, asked, stranger = account(), account("周建国"), account("王五")
    proposal = submitting.begin(
        deputy_of(lead), by=lead, title="关于公交的建议", reason="理由", request="请求"
    )

    submitting.ask(proposal, [deputy_of(asked)], by=lead)

    (message,) = Message.objects.filter(recipient=asked)
    assert message.kind == Kind.COSIGNING
    assert "林秀兰" in message.text
    assert message.path == f"/desk/proposals/{proposal.key}/co-sign/"
    assert told(lead) == told(stranger) == []

    submitting.confirm(Sponsorship.objects.get(deputy=deputy_of(asked)), by=asked)
    assert told(lead) == [Kind.COSIGNING]
    proposal.refresh_from_db()
    submitting.change(proposal, by=lead, reason="改了的理由")
    assert told(asked) == [Kind.COSIGNING] * 2
    # Having declined, they hear of it no more.
    submitting.decline(Sponsorship.objects.get(deputy=deputy_of(asked)), words=SECRET, by=asked)
    assert told(lead) == [Kind.COSIGNING] * 2
    submitting.submit(proposal, by=lead)
    registering.register(proposal, number="7", on=localdate())
    assert told(asked) == [Kind.COSIGNING] * 2
    assert not Message.objects.filter(text__contains=SECRET).exists()


@pytest.mark.parametrize("answer", ["declined", "silent"])
def test_whose_name_does_not_stand_is_told_nothing(answer: str):
    account()
    other = account("周建国")
    proposal = proposed()
    declined_on = localdate() if answer == "declined" else None
    make_sponsorship(proposal, deputy_of(other), asked_on=localdate(), declined_on=declined_on)

    registering.register(proposal, number="0123", on=localdate())

    assert told(other) == []


def test_others_are_told_nothing():
    account()
    stranger = account("王五")
    clerk = make_member(Role.CLERK, "other", department=make_department("云平市体育局"))
    proposal = proposed()

    registering.register(proposal, number="0123", on=localdate())

    assert told(stranger) == told(clerk) == []


def test_a_deputy_whose_account_is_closed_is_told_nothing():
    user = account()
    user.is_active = False
    user.save()

    registering.register(proposed(), number="0123", on=localdate())

    assert not Message.objects.exists()


@pytest.mark.parametrize("move", ["send_back", "convert", "withdraw", "merge"])
def test_what_is_not_taken_on_is_told_without_its_reason(move: str):
    user = account()
    proposal = proposed()
    facts = {"on": localdate()}
    if move == "merge":
        facts["into"] = make_proposal("0200", sponsor=make_deputy("王五"), title=SECRET)
    else:
        facts["reason"] = SECRET
    if move == "send_back":
        facts["ground"] = registering.Ground.OTHER

    getattr(registering, move)(proposal, **facts)

    (message,) = Message.objects.filter(recipient=user)
    assert message.kind == Kind.NOT_TAKEN_ON
    assert SECRET not in message.subject + message.text


def test_who_handles_it_and_until_when_is_one_message_however_many_departments():
    user = account()
    make_rules().periods.get_or_create(
        step=Period.Step.REPLY, start="assigned", count=3, unit="month"
    )
    proposal = proposed(state=State.REGISTERED)
    finance = make_department("云平市财政局")

    (part, _helps) = assigning.assign(
        proposal,
        parts=[
            Part(make_department(), Assignment.Role.LEAD),
            Part(finance, Assignment.Role.CO_HANDLING),
        ],
        on=localdate(),
    )

    (message,) = Message.objects.filter(recipient=user)
    assert message.kind == Kind.ASSIGNED
    assert "市交通运输局" in message.text
    assert "市财政局" in message.text
    assert date_in("zh-hans", part.due_on) in message.text


def test_another_department_and_more_time_are_told():
    user = account()
    proposal = proposed(state=State.IN_HANDLING)
    part = make_assignment(
        proposal, assigned_on=localdate(), due_on=localdate() + timedelta(days=30)
    )
    until = localdate() + timedelta(days=60)
    request = ExtensionRequest.ask(part, until=until, reason=SECRET, on=localdate())
    assert told(user) == []

    request.agree(on=localdate(), reason=SECRET)
    assigning.reassign(
        part, department=make_department("云平市体育局"), reason=SECRET, on=localdate()
    )

    assert told(user) == [Kind.EXTENDED, Kind.REASSIGNED]
    assert not Message.objects.filter(text__contains=SECRET).exists()
    assert date_in("zh-hans", until) in Message.objects.get(kind=Kind.EXTENDED).text


def test_what_is_weighed_inside_is_told_to_no_deputy():
    """Wishes to return it, opinions, drafts of the letter: nobody hears of them by mail."""
    user = account()
    proposal = proposed(state=State.IN_HANDLING)
    later = localdate() + timedelta(days=9)
    part = make_assignment(proposal, assigned_on=localdate(), return_by=later, due_on=later)
    helper = make_assignment(
        proposal,
        department=make_department("云平市财政局"),
        role=Assignment.Role.CO_HANDLING,
        assigned_on=localdate(),
        acknowledged_on=localdate(),
        due_on=later,
    )
    request = ReturnRequest.ask(part, reason=SECRET, on=localdate())
    request.refuse(on=localdate(), reason=SECRET)
    opinion = CoHandlingOpinion.request(helper, on=localdate())
    opinion.submit(SECRET, on=localdate())
    make_reply(proposal, text=SECRET, state=Reply.State.IN_REVIEW).send_back(
        on=localdate(), reason=SECRET
    )

    assert told(user) == []
    assert Event.objects.filter(proposal=proposal).count() > 4


def test_the_letter_is_told_with_the_day_until_which_it_is_rated():
    lead, other = account(), account("周建国")
    proposal = proposed(state=State.IN_HANDLING, co_sponsors=[other])

    reply = sent_reply(proposal)

    last = date_in("zh-hans", Feedback.objects.get(reply=reply).due_on)
    asked = Message.objects.get(recipient=lead)
    assert asked.kind == Kind.REPLIED
    assert last in asked.text
    assert asked.path == f"/desk/proposals/{proposal.key}/replies/1/"
    # A co-sponsor who is not asked learns that it is there.
    assert last not in Message.objects.get(recipient=other).text


def test_its_link_leads_to_the_page_after_signing_in(client):
    lead = account()
    sent_reply(proposed(state=State.IN_HANDLING))
    path = Message.objects.get(recipient=lead).path
    sign_in = client.get(path)["Location"]
    typed = {"username": lead.username, "password": f"{lead.username}-2026"}
    opened = client.post(sign_in, typed, follow=True)
    assert (opened.redirect_chain, opened.status_code) == ([(path, 302)], 200)


def test_a_letter_to_two_proposals_of_one_deputy_is_told_once():
    lead, other = account(), account("周建国")
    proposal = proposed(state=State.IN_HANDLING)
    second = proposed(state=State.IN_HANDLING, number="0200")
    make_sponsorship(second, deputy_of(other))
    make_assignment(proposal)
    reply = make_reply(proposal, state=Reply.State.SIGNED, date=localdate())
    reply.also_answers.add(second)

    reply.send(on=localdate())

    assert told(lead) == [Kind.REPLIED]
    # Who stands under the other one alone reads the letter, too, and is told of it.
    assert told(other) == [Kind.REPLIED]
    assert Message.objects.get(recipient=other).is_still_seen_by(other)


def test_a_refused_letter_is_handled_again_and_a_second_goes_up():
    lead, other = account(), account("周建国")
    proposal = proposed(state=State.IN_HANDLING, co_sponsors=[other])
    reply = sent_reply(proposal)
    Message.objects.all().delete()

    rating.rate(
        reply,
        deputy=deputy_of(lead),
        result=make_rating("不满意"),
        reason=SECRET,
        on=localdate(),
        by=lead,
    )
    # Who has rated knows it; the co-sponsor learns of the new round, and not why.
    assert told(lead) == []
    assert told(other) == [Kind.HANDLED_AGAIN]
    assert not Message.objects.filter(text__contains=SECRET).exists()

    proposal.refresh_from_db()
    closing.escalate(proposal, on=localdate(), reason=SECRET)
    assert told(other) == [Kind.HANDLED_AGAIN] * 2
    assert not Message.objects.filter(text__contains=SECRET).exists()


def test_all_departments_that_answer_anew_are_named_in_one_message():
    user = account()
    proposal = proposed(state=State.IN_HANDLING)
    bureaus = [make_department(), make_department("云平市财政局")]
    for bureau in bureaus:
        make_assignment(proposal, department=bureau, role=Assignment.Role.SEPARATE)
    Proposal.objects.filter(pk=proposal.pk).update(state=State.ESCALATED)
    proposal.refresh_from_db()
    until = localdate() + timedelta(days=20)

    closing.handle_again(
        proposal, departments=bureaus, reason=SECRET, on=localdate(), redo_by=until
    )

    (message,) = Message.objects.filter(recipient=user)
    assert message.kind == Kind.HANDLED_AGAIN
    assert "市交通运输局" in message.text
    assert "市财政局" in message.text
    assert message.text.count(date_in("zh-hans", until)) == 1
    assert SECRET not in message.text


def test_each_department_that_is_asked_anew_later_on_the_day_is_told():
    """Who answers apart is refused apart: the second refusal is news of its own."""
    lead, other = account(), account("周建国")
    proposal = proposed(state=State.IN_HANDLING, co_sponsors=[other])
    letters = []
    for sequence, name in enumerate(["云平市交通运输局", "云平市财政局"], start=1):
        bureau = make_department(name)
        make_assignment(proposal, department=bureau, role=Assignment.Role.SEPARATE)
        letter = make_reply(proposal, department=bureau, sequence=sequence, date=localdate())
        letter.record_sent(on=localdate())
        letters.append(letter)
    Message.objects.all().delete()

    for letter in letters:
        rating.rate(
            letter,
            deputy=deputy_of(lead),
            result=make_rating("不满意"),
            reason=SECRET,
            on=localdate(),
            by=lead,
        )

    assert told(other) == [Kind.HANDLED_AGAIN] * 2


def test_that_it_is_supervised_and_that_it_ended_is_told_without_reasons():
    user = account()
    proposal = proposed(state=State.REPLIED)
    committee = make_department("云平市人大常委会城建环资工委")

    supervising.make_key(proposal, supervised_by=committee, on=localdate())
    closing.close(proposal, on=localdate(), reason=SECRET)

    assert told(user) == [Kind.KEY, Kind.CLOSED]
    assert str(committee) in Message.objects.get(kind=Kind.KEY).text
    assert date_in("zh-hans", localdate()) in Message.objects.get(kind=Kind.CLOSED).text
    assert not Message.objects.filter(text__contains=SECRET).exists()


@pytest.mark.parametrize(("days", "is_told"), [(3, True), (200, False)])
def test_what_the_calendar_finds_of_long_ago_floods_nobody(days: int, is_told: bool):
    """On its first day it meets every old letter that was brought in: the desk has them."""
    user = account()
    sent_on = localdate() - timedelta(days=days + 20)
    due_on = localdate() - timedelta(days=days)
    for number in ("0301", "0302"):
        proposal = proposed(number=number, state=State.IN_HANDLING, submitted_on=sent_on)
        make_assignment(proposal)
        reply = make_reply(proposal, date=sent_on)
        promise = make_commitment(reply, due_on=due_on)
        reply.record_sent(on=sent_on)
        make_feedback(reply, due_on=due_on)
    Message.objects.all().delete()

    call_command("keep_dates", on=localdate())

    assert promise.feedback.filter(state="awaited").exists()
    assert Feedback.objects.filter(state="not_returned").count() == 2
    expected = [Kind.RATING_DUE, Kind.RATING_DUE, Kind.PROMISE_DUE, Kind.PROMISE_DUE]
    assert told(user) == (expected if is_told else [])


def test_a_rating_that_never_came_is_told_to_that_deputy_alone():
    lead, other = account(), account("周建国")
    proposal = proposed(state=State.IN_HANDLING, co_sponsors=[other])
    reply = sent_reply(proposal)
    Message.objects.all().delete()
    Feedback.objects.update(due_on=localdate() - timedelta(days=1))

    rating.not_rated(reply, deputy=deputy_of(lead), on=localdate())

    assert told(lead) == [Kind.RATING_DUE]
    assert told(other) == []


def test_a_report_on_a_promise_is_one_message_for_who_is_asked_and_for_who_is_not():
    lead, other = account(), account("周建国")
    proposal = proposed(state=State.IN_HANDLING, co_sponsors=[other])
    reply = make_reply(proposal, date=localdate())
    promise = make_commitment(reply)
    reply.record_sent(on=localdate())
    Message.objects.all().delete()

    promise.report("in_progress", on=localdate(), text=SECRET)
    assert told(lead) == told(other) == [Kind.PROMISE_REPORTED]
    promise.report("fulfilled", on=localdate(), text=SECRET)

    assert told(lead) == told(other) == [Kind.PROMISE_REPORTED] * 2
    assert not Message.objects.filter(text__contains=SECRET).exists()
    last = Message.objects.filter(recipient=lead).latest("pk")
    assert last.path == f"/desk/proposals/{proposal.key}/replies/1/promises/1/"


def test_what_the_public_may_read_is_told():
    user = account()
    proposal = proposed(state=State.IN_HANDLING)

    make_published_reply(proposal)

    # The letter of this test is an old one: that it was sent is no news, nor its publication then.
    assert told(user) == []
    reply = proposal.replies.get()
    reply.withdraw(on=localdate(), reason="更正")
    reply.publish(on=localdate(), reason="可公开")
    assert told(user) == [Kind.PUBLISHED]


def test_history_that_somebody_enters_is_news_to_nobody():
    user = account()
    proposal = proposed(submitted_on=localdate() - timedelta(days=400))

    registering.register(proposal, number="0123", on=localdate() - timedelta(days=399))

    assert told(user) == []


def test_a_journey_of_several_steps_is_told_by_where_it_came_to():
    user = account()
    proposal = proposed()

    with events.together():
        registering.register(proposal, number="0123", on=localdate())
        part = Part(make_department(), Assignment.Role.SOLE)
        assigning.assign(proposal, parts=[part], on=localdate())

    assert told(user) == [Kind.ASSIGNED]


def test_if_what_happened_is_undone_nobody_was_told():
    user = account()
    proposal = proposed()

    with pytest.raises(RuntimeError), events.together():
        registering.register(proposal, number="0123", on=localdate())
        raise RuntimeError

    assert told(user) == []


# What it costs --------------------------------------------------------------------------


def test_thirty_co_sponsors_cost_as_many_queries_as_three():
    costs = []
    for number, count in (("1", 3), ("2", 30)):
        people = [account(f"代表{number}之{place}") for place in range(count)]
        proposal = proposed(number=number, co_sponsors=people)
        event = Event.objects.create(kind=Event.Kind.SUBMITTED, proposal=proposal, on=localdate())
        with CaptureQueriesContext(connection) as asked:
            events._tell([event])
        assert Message.objects.filter(key__startswith=f"event {event.pk} ").count() == count
        costs.append(len(asked))

    assert costs[0] == costs[1]


def test_the_gate_is_asked_once_for_all_and_answers_as_for_each():
    lead, other, stranger = account(), account("周建国"), account("王五")
    clerk = make_member(Role.CLERK)
    proposal = proposed(co_sponsors=[other])
    make_assignment(proposal)
    people = [lead, other, stranger, clerk]

    seen = who_sees(Proposal.objects.filter(pk=proposal.pk), people)

    assert seen == [
        user
        for user in people
        if Proposal.objects.visible_to(type(user).objects.get(pk=user.pk)).exists()
    ]
    assert seen == [lead, other, clerk]


# Languages ------------------------------------------------------------------------------


def test_each_is_told_in_the_own_language():
    lead, other = account(), account("周建国")
    NoticeSettings.objects.create(user=other, language="en")
    proposal = proposed(state=State.DRAFT, co_sponsors=[other])

    registering.submit(proposal, on=localdate())

    assert date_in("zh-hans", localdate()) in Message.objects.get(recipient=lead).text
    english = Message.objects.get(recipient=other)
    assert date_in("en", localdate()) in english.text
    assert english.subject.startswith("Submitted: ")
    assert (Message.objects.get(recipient=lead).language, english.language) == ("zh-hans", "en")


# By the calendar ------------------------------------------------------------------------


def test_a_rating_is_reminded_of_some_days_before_and_on_the_last_day_each_once():
    user = account()
    proposal = proposed(state=State.IN_HANDLING)
    reply = sent_reply(proposal)
    due_on = Feedback.objects.get(reply=reply).due_on
    Message.objects.all().delete()

    for left in (9, 5, 4, 0, 0, -1):
        remind(on=due_on - timedelta(days=left))

    assert told(user) == [Kind.RATING_DUE] * 2
    assert Message.objects.first().path == f"/desk/proposals/{proposal.key}/replies/1/rate/"


def test_a_pause_of_the_timer_skips_no_reminder():
    user = account()
    reply = sent_reply(proposed(state=State.IN_HANDLING))
    due_on = Feedback.objects.get(reply=reply).due_on
    Message.objects.all().delete()

    remind(on=due_on - timedelta(days=2))

    assert told(user) == [Kind.RATING_DUE]


def test_what_is_rated_is_not_reminded_of_and_others_never_are():
    lead, stranger = account(), account("王五")
    reply = sent_reply(proposed(state=State.IN_HANDLING))
    due_on = Feedback.objects.get(reply=reply).due_on
    rating.rate(reply, deputy=deputy_of(lead), result=make_rating(), on=localdate(), by=lead)
    Message.objects.all().delete()

    remind(on=due_on)

    assert told(lead) == told(stranger) == []


def test_who_left_the_proposal_is_reminded_of_nothing():
    user = account()
    proposal = proposed(state=State.IN_HANDLING)
    reply = sent_reply(proposal)
    proposal.sponsorships.all().delete()
    Message.objects.all().delete()

    remind(on=Feedback.objects.get(reply=reply).due_on)

    assert told(user) == []


def test_a_promise_is_told_on_its_day_and_a_word_on_it_before_its_last():
    user = account()
    proposal = proposed(state=State.IN_HANDLING)
    reply = make_reply(proposal, date=localdate())
    promise = make_commitment(reply, due_on=localdate())
    reply.record_sent(on=localdate())
    Message.objects.all().delete()
    make_word(promise, deputy_of(user))

    remind(on=localdate())
    assert told(user) == [Kind.PROMISE_DUE]
    remind(on=localdate() + timedelta(days=17))

    assert told(user) == [Kind.PROMISE_DUE] * 2
    assert not Message.objects.filter(text__contains=promise.text).exists()


def test_a_promise_that_fell_due_while_the_timer_stood_still_is_told_to_who_is_not_asked_of_it():
    asked, co_sponsor = account(), account("周建国")
    proposal = proposed(state=State.IN_HANDLING)
    make_sponsorship(proposal, deputy_of(co_sponsor))
    reply = make_reply(proposal, date=localdate())
    promise = make_commitment(reply, due_on=localdate())
    reply.record_sent(on=localdate())
    make_word(promise, deputy_of(asked))
    Message.objects.all().delete()
    ReminderDay.objects.create(on=localdate() - timedelta(days=1))

    for _each in range(2):
        remind(on=localdate() + timedelta(days=7))

    assert told(co_sponsor) == [Kind.PROMISE_DUE]
    assert told(asked) == []


def make_word(promise, deputy) -> CommitmentFeedback:
    """Asked of that deputy as the promise falls due."""
    return CommitmentFeedback.objects.create(
        commitment=promise,
        deputy=deputy,
        cause="due",
        asked_on=localdate(),
        due_on=localdate() + timedelta(days=20),
    )


def test_who_is_silent_on_co_signing_is_reminded_twice():
    account()
    asked = account("周建国")
    proposal = proposed(state=State.COSIGNING)
    make_sponsorship(proposal, deputy_of(asked), asked_on=localdate())

    for day in range(20):
        remind(on=localdate() + timedelta(days=day))

    assert told(asked) == [Kind.COSIGNING] * 2


def test_the_daily_command_reminds_deputies_and_run_again_does_nothing():
    user = account()
    reply = sent_reply(proposed(state=State.IN_HANDLING))
    Message.objects.all().delete()
    day = Feedback.objects.get(reply=reply).due_on.isoformat()

    for _each in range(2):
        call_command("send_reminders", "--on", day)

    assert told(user) == [Kind.RATING_DUE]
