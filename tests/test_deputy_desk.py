"""The desk of a deputy: what waits, what became of the own proposals, and for whom it is there."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice

from access.rights import Role
from assemblies.models import Deputy
from notifications.models import Message
from proposals import registering, submitting
from proposals.models import Assignment, Proposal, Reply, Sponsorship
from tests.deputy_world import ask_word, make_desk, make_handled, rate, signed_in
from tests.world import (
    ASSIGNED_ON,
    LETTER,
    SENT_ON,
    make_assignment,
    make_commitment,
    make_department,
    make_feedback,
    make_member,
    make_proposal,
    make_reply,
    make_rules,
    make_session,
    make_sponsorship,
)

pytestmark = pytest.mark.django_db
State = Proposal.State


@pytest.fixture
def lin() -> Deputy:
    return make_desk()


def text_of(client: Client, path: str = "/desk/") -> str:
    response = client.get(path, headers={"accept-language": "en"})
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def rows_of(client: Client, query: str = "") -> list[str]:
    """The titles of the list of own proposals, in its order."""
    page = client.get(f"/desk/{query}").context["page"]
    return [row.proposal.title for row in page.rows]


def waits_of(client: Client) -> list[tuple[str, str]]:
    """What waits: its kind, and the address of its button."""
    return [(task.kind, task.url) for task in client.get("/desk/").context["tasks"]]


# For whom it is there ------------------------------------------------------------------------


def test_a_visitor_is_asked_to_sign_in_and_comes_back(client):
    response = client.get("/desk/?as=co")
    assert response.status_code == 302
    assert "next=/desk/%3Fas%3Dco" in response["Location"]


@pytest.mark.parametrize("role", [Role.CLERK, Role.DEPUTIES_OFFICE, Role.ADMINISTRATOR])
def test_who_works_in_the_admin_is_led_there(client, role):
    client.force_login(make_member(role))
    response = client.get("/desk/")
    assert response.status_code == 302
    assert response["Location"] == "/admin/"


def test_who_is_neither_finds_nothing(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("nobody"))
    assert client.get("/desk/").status_code == 404


def test_a_clerk_who_is_a_deputy_too_has_both_desks(client, lin):
    user = make_member(Role.CLERK, "both")
    lin.user = user
    lin.save()
    client.force_login(user)
    assert client.get("/desk/").status_code == 200


def test_no_store_keeps_the_desk(lin):
    answer = signed_in(lin).get("/desk/")
    assert "no-store" in answer["Cache-Control"]


def test_the_public_site_leads_to_the_desk_with_the_same_bytes_for_everybody(client, lin):
    make_proposal(sponsor=lin)
    visitors, deputys = client.get("/").content, signed_in(lin).get("/").content
    assert b'href="/desk/"' in visitors
    assert visitors == deputys


# What waits -----------------------------------------------------------------------------------


def test_an_empty_desk_says_what_to_do(lin):
    text = text_of(signed_in(lin))
    assert "No proposal stands under your name yet." in text
    assert 'href="/desk/write/"' in text


def test_a_rating_waits_with_its_day_and_its_light(lin):
    make_assignment()
    reply = make_reply()
    reply.record_sent(on=SENT_ON)
    due = timezone.localdate() + timedelta(days=4)
    make_feedback(reply, deputy=lin, due_on=due)
    client = signed_in(lin)
    key = reply.proposal.key
    assert waits_of(client) == [("rate", f"/desk/proposals/{key}/replies/1/rate/")]
    text = text_of(client)
    assert "say until" in text
    assert "Urgent: 4 days left" in text


def test_a_rating_waits_no_more_once_given_outrun_or_settled(lin):
    make_assignment()
    first = make_reply()
    first.record_sent(on=SENT_ON)
    awaited = make_feedback(first, deputy=lin)
    client = signed_in(lin)
    assert [kind for kind, _url in waits_of(client)] == ["rate"]
    second = make_reply(first.proposal, round=2, document_number="云交函〔2026〕99号")
    second.record_sent(on=SENT_ON + timedelta(days=30))
    assert waits_of(client) == []
    make_feedback(second, deputy=lin)
    assert [kind for kind, _url in waits_of(client)] == ["rate"]
    Proposal.objects.update(state=State.CLOSED, closed_on=SENT_ON)
    assert waits_of(client) == []
    assert awaited.state == "awaited"


def test_another_deputys_rating_does_not_wait_here(lin):
    reply = make_reply()
    reply.record_sent(on=SENT_ON)
    make_feedback(reply, deputy=make_desk("周建国"))
    assert waits_of(signed_in(lin)) == []


def test_a_word_on_a_promise_waits_in_the_words_of_the_letter(lin):
    promise = make_commitment()
    promise.reply.record_sent(on=SENT_ON)
    ask_word(promise, lin, due_on=timezone.localdate() + timedelta(days=30))
    client = signed_in(lin)
    key = promise.reply.proposal.key
    assert waits_of(client) == [("word", f"/desk/proposals/{key}/replies/1/promises/1/")]
    assert "2026年12月底前建成学校周边公交候车亭20座。" in text_of(client)


def test_who_is_asked_to_co_sign_is_told_by_whom_until_they_answer(lin):
    zhou = make_desk("周建国")
    draft = make_proposal(sponsor=lin, state=State.COSIGNING, submitted_on=None, number="")
    asked = make_sponsorship(draft, zhou, asked_on=timezone.localdate())
    client = signed_in(zhou)
    assert waits_of(client) == [("cosign", f"/desk/proposals/{draft.key}/co-sign/")]
    assert "林秀兰 asked you" in text_of(client)
    assert rows_of(client) == []
    # The lead sees how many have not answered; and that it can be handed in once all have.
    assert waits_of(signed_in(lin)) == [("cosigning", f"/desk/proposals/{draft.key}/co-sponsors/")]
    asked.confirmed_on = timezone.localdate()
    asked.save()
    assert waits_of(client) == []
    assert waits_of(signed_in(lin)) == [("hand_in", f"/desk/proposals/{draft.key}/submit/")]


def test_a_draft_waits_for_its_lead_alone(lin):
    draft = make_proposal(sponsor=lin, state=State.DRAFT, submitted_on=None, number="")
    make_sponsorship(draft, make_desk("周建国"))
    assert waits_of(signed_in(lin)) == [("draft", f"/desk/proposals/{draft.key}/edit/")]
    assert waits_of(signed_in(make_desk("周建国"))) == []


def test_one_that_was_sent_back_waits_for_a_while(lin):
    today = timezone.localdate()
    row = make_proposal(sponsor=lin, state=State.SUBMITTED, submitted_on=today, number="")
    registering.send_back(row, ground="several_matters", reason="一事一案。", on=today)
    client = signed_in(lin)
    assert waits_of(client) == [("sent_back", f"/desk/proposals/{row.key}/")]
    Proposal.objects.filter(pk=row.pk).update(state=State.WITHDRAWN)
    assert waits_of(client) == []


def test_one_that_was_sent_back_waits_no_more_once_it_is_written_anew(lin):
    today = timezone.localdate()
    rows = [make_proposal(f"035{n}", sponsor=lin, state=State.SUBMITTED) for n in (1, 2)]
    for row in rows:
        registering.send_back(row, ground="several_matters", reason="一事一案。", on=today)
    client = signed_in(lin)
    draft = submitting.write_anew(rows[0], lin, by=lin.user)
    kinds = [kind for kind, _page in waits_of(client)]
    assert kinds == ["sent_back", "draft"]
    assert ("sent_back", f"/desk/proposals/{rows[1].key}/") in waits_of(client)
    submitting.throw_away(draft)
    assert [kind for kind, _page in waits_of(client)] == ["sent_back", "sent_back"]


def test_what_is_due_first_comes_first(lin):
    make_proposal("0200", sponsor=lin, state=State.DRAFT, submitted_on=None)
    today = timezone.localdate()
    for number, days in (("0201", 20), ("0202", -2), ("0203", 6)):
        reply = make_reply(make_proposal(number, sponsor=lin))
        reply.record_sent(on=SENT_ON)
        make_feedback(reply, deputy=lin, due_on=today + timedelta(days=days))
    page = signed_in(lin).get("/desk/")
    assert [task.number for task in page.context["tasks"]] == ["0202", "0203", "0201", "0200"]


# The own proposals ----------------------------------------------------------------------------


def test_the_list_says_who_owes_what_by_when(lin):
    due = timezone.localdate() + timedelta(days=40)
    make_assignment(make_proposal(sponsor=lin), due_on=due)
    text = text_of(signed_in(lin))
    assert "市交通运输局 leads; the reply is to be sent by" in text
    assert "40 days left" in text


def test_a_letter_that_has_not_come_in_time_is_said_to_be_late(lin):
    late = timezone.localdate() - timedelta(days=3)
    make_assignment(make_proposal(sponsor=lin), due_on=late, assigned_on=late)
    assert "has not come" in text_of(signed_in(lin))
    assert "3 days overdue" in text_of(signed_in(lin))


def test_a_wish_to_give_it_back_is_not_told(lin):
    proposal = make_proposal(sponsor=lin, state=State.RETURN_PENDING)
    make_assignment(proposal)
    text = text_of(signed_in(lin)) + text_of(signed_in(lin), f"/desk/proposals/{proposal.key}/")
    assert "Return asked" not in text
    assert "Assigned" in text


def test_promises_stand_as_squares_with_the_words_that_say_the_same(lin):
    promise = make_commitment(make_reply(make_proposal(sponsor=lin)))
    promise.reply.record_sent(on=SENT_ON)
    text = text_of(signed_in(lin))
    assert "Promises: 1" in text
    assert 'class="squares"' in text


def test_lead_and_co_sponsor_have_each_their_list(lin):
    make_proposal("0001", sponsor=lin, title="领衔的建议")
    other = make_proposal("0002", sponsor=make_desk("周建国"), title="附议的建议")
    make_sponsorship(other, lin)
    client = signed_in(lin)
    assert rows_of(client) == ["领衔的建议"]
    assert rows_of(client, "?as=co") == ["附议的建议"]
    text = text_of(client)
    assert 'As lead sponsor <span class="num">1</span>' in text
    assert 'As co-sponsor <span class="num">1</span>' in text


def test_who_only_co_signs_sees_those_first(lin):
    other = make_proposal("0002", sponsor=make_desk("周建国"), title="附议的建议")
    make_sponsorship(other, lin)
    assert rows_of(signed_in(lin)) == ["附议的建议"]


def test_it_is_found_by_words_number_session_and_state(lin):
    past = make_session(14, 2, opens_on=date(2025, 1, 12))
    make_proposal("0001", sponsor=lin, title="关于校园周边交通的建议")
    make_proposal("0002", sponsor=lin, title="关于养老服务的建议", state=State.CLOSED)
    make_proposal("0077", sponsor=lin, title="关于去年的建议", session=past)
    client = signed_in(lin)
    assert rows_of(client, "?q=养老") == ["关于养老服务的建议"]
    assert rows_of(client, "?q=0077") == ["关于去年的建议"]
    assert rows_of(client, f"?session={past.pk}") == ["关于去年的建议"]
    assert rows_of(client, "?state=closed") == ["关于养老服务的建议"]
    assert "None of your proposals meets these conditions." in text_of(client, "/desk/?q=没有")


@pytest.mark.parametrize(
    "query", ["?page=0", "?page=x", "?session=x", "?state=x", "?as=x", "?q=%00"]
)
def test_what_an_address_cannot_mean_is_left_out(lin, query):
    make_proposal(sponsor=lin)
    assert len(rows_of(signed_in(lin), query)) == 1


def test_another_deputys_session_does_not_filter(lin):
    foreign = make_session(9, 9)
    make_proposal("0001", session=foreign, sponsor=make_desk("周建国"))
    make_proposal("0002", sponsor=lin, title="自己的建议")
    client = signed_in(lin)
    assert rows_of(client, f"?session={foreign.pk}") == ["自己的建议"]
    assert str(foreign) not in text_of(client)


def test_a_page_has_twenty_and_the_next_the_rest(lin):
    for number in range(1, 24):
        make_proposal(f"{number:04}", sponsor=lin, title=f"第{number}件")
    client = signed_in(lin)
    first, second = rows_of(client), rows_of(client, "?page=2")
    assert (len(first), len(second)) == (20, 3)
    assert not set(first) & set(second)
    assert "1 to 20 of 23" in text_of(client)
    assert "21 to 23 of 23" in text_of(client, "/desk/?page=2")
    assert text_of(client, "/desk/?page=9")


def test_other_deputies_proposals_are_nowhere(lin):
    make_proposal("0001", sponsor=lin, title="自己的建议")
    other = make_proposal("0002", sponsor=make_desk("周建国"), title="别人的建议")
    make_sponsorship(other, lin, asked_on=SENT_ON, declined_on=SENT_ON)
    client = signed_in(lin)
    assert "别人的建议" not in text_of(client) + text_of(client, "/desk/?as=co")


def test_the_newest_messages_stand_there_and_how_many_there_are(lin):
    for number in range(5):
        Message.objects.create(
            recipient=lin.user, kind="replied", key=f"k{number}", subject=f"消息{number}", text="."
        )
    Message.objects.create(
        recipient=make_desk("周建国").user, kind="replied", key="k9", subject="别人的消息", text="."
    )
    text = text_of(signed_in(lin))
    assert "5 messages are not read yet." in text
    assert [n for n in range(5) if f"消息{n}" in text] == [2, 3, 4]
    assert "别人的消息" not in text


# How much it costs ----------------------------------------------------------------------------


def make_many(deputy: Deputy, count: int) -> None:
    """So many proposals, each handled, answered and rated; every fifth along with a co-sponsor."""
    today = timezone.localdate()
    bureau, partner = make_department(), make_desk("周建国")
    start = Proposal.objects.count()
    for number in range(start + 1, start + count + 1):
        is_lead = number % 5 != 0
        proposal = make_proposal(
            f"{number:04}", sponsor=deputy if is_lead else partner, state=State.REPLIED
        )
        if not is_lead:
            make_sponsorship(proposal, deputy)
        make_assignment(proposal, department=bureau)
        reply = make_reply(proposal, text=LETTER, state=Reply.State.SENT, sent_on=SENT_ON)
        promise = make_commitment(reply)
        if number % 4 == 0:
            make_feedback(reply, deputy=deputy, due_on=today + timedelta(days=number % 30))
            ask_word(promise, deputy, due_on=today + timedelta(days=number % 30))
        Message.objects.create(
            recipient=deputy.user, kind="replied", key=f"m{number}", subject="新消息", text="."
        )


def count_queries(client: Client, path: str = "/desk/") -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_two_hundred_proposals_cost_as_many_queries_as_ten_and_ten_at_most(lin):
    make_rules()
    client = signed_in(lin)
    counted = []
    for more in (10, 10, 180):
        make_many(lin, more)
        counted.append(count_queries(client))
    assert len(set(counted)) == 1
    assert counted[0] <= 10
    verify(client, lin)
    assert count_queries(client) <= 10


def verify(client: Client, deputy: Deputy) -> None:
    """The session has shown its second factor: the app is looked up with every page."""
    app = TOTPDevice.objects.create(user=deputy.user, name="app", confirmed=True)
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = app.persistent_id
    session.save()
    assert client.get("/desk/").wsgi_request.user.is_verified()


def test_a_filtered_list_costs_no_more(lin):
    client = signed_in(lin)
    make_many(lin, 10)
    few = count_queries(client, "/desk/?as=co&state=replied&q=公交")
    make_many(lin, 30)
    assert count_queries(client, "/desk/?as=co&state=replied&q=公交") == few <= 10


# The gate behind it ---------------------------------------------------------------------------


def test_what_waits_is_asked_for_by_the_right_to_do_it(lin):
    """Where the name stands decides, not that a row of one's own is left."""
    world = make_handled(lin)
    rate(world.reply, world.partner, "满意")
    make_feedback(world.reply, deputy=world.lead)
    client = signed_in(lin)
    assert [kind for kind, _url in waits_of(client)] == ["rate"]
    assert waits_of(signed_in(world.declined)) == waits_of(signed_in(world.silent)) == []
    assert Assignment.objects.present().filter(proposal=world.proposal).count() == 2
    assert Sponsorship.objects.standing().filter(proposal=world.proposal).count() == 2
    assert ASSIGNED_ON < SENT_ON
