"""A rating from a clerk's address: the deputies' office learns of it, and no department does."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_network

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from access.rights import Role
from accounts.alarms import class_of
from accounts.models import RatingAlarm, SignIn
from accounts.networks import network_around
from measures.models import CommitmentFeedback
from notifications.models import Message
from proposals.models import AddressClass, Event, Feedback
from tests.admin_pages import kinds, move
from tests.deputy_world import ask_word, make_desk
from tests.world import (
    SENT_ON,
    make_assembly,
    make_assignment,
    make_commitment,
    make_department,
    make_member,
    make_proposal,
    make_rating,
    make_reply,
)

pytestmark = pytest.mark.django_db

BUREAU, HOME, CAFE = "203.0.113.7", "198.51.100.20", "192.0.2.80"
LIST = "/admin/accounts/ratingalarm/"
# What a department's clerk could read the alarm from.
TOKENS = ("ratingalarm", "警示", "RatingAlarm", BUREAU)


@pytest.fixture
def office():
    return make_member(Role.DEPUTIES_OFFICE)


@pytest.fixture
def clerk():
    return make_member(Role.CLERK)


@pytest.fixture
def letter(office):
    """A letter of the bureau that 林秀兰 may rate."""
    deputy = make_desk()
    make_assignment(make_proposal(sponsor=deputy))
    reply = make_reply()
    make_commitment(reply)
    reply.record_sent(on=SENT_ON)
    for label in ("满意", "基本满意", "不满意"):
        make_rating(label)
    return reply


def was_at(user, address: str, *, ago: timedelta = timedelta(days=2)) -> SignIn:
    at = timezone.now() - ago
    network = network_around(address)
    return SignIn.objects.create(
        user=user, address=address, network=network, began_at=at, seen_at=at
    )


def sits_at(user, address: str) -> Client:
    """The browser of somebody who signs in from that address, now."""
    client = Client(REMOTE_ADDR=address)
    typed = {"username": user.username, "password": f"{user.username}-2026"}
    assert client.post(reverse("accounts:sign_in"), typed).status_code == 302
    return client


def rated_from(address: str, letter, label: str = "满意") -> Feedback:
    """The deputy rates the letter on the own desk, from that address."""
    client = sits_at(make_desk().user, address)
    page = reverse("desk:rate", args=[letter.proposal.key, "1"])
    step = make_rating(label).pk
    answer = client.post(page, {"process": step, "result": step, "reason": "x"})
    assert answer.status_code == 302
    return Feedback.objects.get()


# The class of an address -----------------------------------------------------------------


def asked_from(address: str, user):
    request = RequestFactory().get("/", REMOTE_ADDR=address)
    request.user = user
    return request


def test_an_address_is_the_offices_the_own_or_another(clerk, settings):
    deputy = make_desk().user
    was_at(clerk, BUREAU)
    was_at(deputy, HOME)
    assert class_of(asked_from(BUREAU, deputy)) == "office"
    # Another of the own network, as a household has them.
    assert class_of(asked_from("198.51.100.99", deputy)) == "own"
    assert class_of(asked_from(CAFE, deputy)) == "other"
    assert class_of(asked_from("", deputy)) == "other"
    settings.OFFICE_NETWORKS = [ip_network("192.0.2.0/24"), ip_network("2001:db8::/32")]
    assert class_of(asked_from(CAFE, deputy)) == "office"
    assert class_of(asked_from("2001:db8::1", deputy)) == "office"
    assert class_of(asked_from(HOME, deputy)) == "own"


def test_a_network_that_was_first_used_today_is_not_the_own(clerk):
    deputy = make_desk().user
    was_at(deputy, CAFE, ago=timedelta(0))
    assert class_of(asked_from(CAFE, deputy)) == "other"


def test_a_clerk_who_was_there_a_month_ago_or_next_door_is_not_there_now(clerk):
    deputy = make_desk().user
    was_at(clerk, BUREAU, ago=timedelta(days=31))
    was_at(clerk, "203.0.113.8")
    assert class_of(asked_from(BUREAU, deputy)) == "other"


def test_another_deputy_at_the_same_address_is_no_clerk():
    was_at(make_desk("周建国").user, CAFE)
    assert class_of(asked_from(CAFE, make_desk().user)) == "other"


def test_a_forged_header_does_not_move_the_address(clerk):
    deputy = make_desk().user
    was_at(clerk, BUREAU)
    request = RequestFactory().get("/", REMOTE_ADDR=BUREAU, HTTP_X_FORWARDED_FOR=HOME)
    request.user = deputy
    assert class_of(request) == "office"


# The alarm -------------------------------------------------------------------------------


def test_a_rating_from_a_clerks_address_raises_an_alarm_for_the_deputies_office(
    letter, clerk, office
):
    sits_at(clerk, BUREAU)
    feedback = rated_from(BUREAU, letter)
    assert (feedback.address_class, feedback.entered_by) == ("office", make_desk().user)
    alarm = RatingAlarm.objects.get()
    assert (alarm.rating, alarm.account, alarm.clerk) == (feedback, make_desk().user, clerk)
    message = Message.objects.get(kind=Message.Kind.ALARM)
    assert message.recipient == office
    assert "林秀兰" in message.text
    assert message.path == f"{LIST}{alarm.pk}/change/"
    assert not any(BUREAU in text for text in (message.text, message.html, message.subject))


def test_the_rating_counts_and_nothing_of_the_alarm_is_in_the_trail(letter, clerk):
    sits_at(clerk, BUREAU)
    assert rated_from(BUREAU, letter).state == Feedback.State.RETURNED
    assert kinds(letter.proposal)[-1] == "rated"
    assert not Event.objects.filter(details__icontains="office").exists()


def test_a_rating_from_home_raises_none(letter, clerk):
    sits_at(clerk, BUREAU)
    was_at(make_desk().user, HOME)
    assert rated_from(HOME, letter).address_class == "own"
    assert not RatingAlarm.objects.exists()
    assert not Message.objects.filter(kind=Message.Kind.ALARM).exists()


def test_what_counts_is_from_where_it_is_rated_not_from_where_the_deputy_had_signed_in(
    letter, clerk
):
    sits_at(clerk, BUREAU)
    deputy = make_desk().user
    was_at(deputy, HOME)
    page = reverse("desk:rate", args=[letter.proposal.key, "1"])
    step = make_rating("满意").pk
    word = {"process": step, "result": step, "reason": "x"}

    from_office = sits_at(deputy, BUREAU)
    assert from_office.post(page, word, REMOTE_ADDR=HOME).status_code == 302
    assert Feedback.objects.get().address_class == "own"
    assert not RatingAlarm.objects.exists()

    from_home = sits_at(deputy, HOME)
    assert from_home.post(page, word, REMOTE_ADDR=BUREAU).status_code == 302
    assert Feedback.objects.get().address_class == "office"
    assert RatingAlarm.objects.get().clerk == clerk


def test_a_network_of_the_offices_is_enough(letter, settings):
    settings.OFFICE_NETWORKS = [ip_network("203.0.113.0/24")]
    rated_from(BUREAU, letter)
    assert RatingAlarm.objects.get().clerk is None


def test_a_rating_that_is_changed_has_one_alarm_until_it_is_settled(letter, clerk, office):
    sits_at(clerk, BUREAU)
    rated_from(BUREAU, letter)
    rated_from(BUREAU, letter, "基本满意")
    alarm = RatingAlarm.objects.get()
    alarm.settle(on=timezone.localdate(), outcome="代表本人所评", by=office)
    rated_from(BUREAU, letter)
    assert RatingAlarm.objects.count() == 2


def test_a_word_on_a_promise_is_watched_too(letter, clerk):
    sits_at(clerk, BUREAU)
    promise = letter.commitments.get()
    ask_word(promise, make_desk())
    client = sits_at(make_desk().user, BUREAU)
    page = reverse("desk:promise", args=[letter.proposal.key, "1", promise.number])
    assert client.post(page, {"word": "kept"}).status_code == 302
    alarm = RatingAlarm.objects.get()
    assert alarm.rating == CommitmentFeedback.objects.get()
    assert alarm.proposal == letter.proposal


# Who sees it -----------------------------------------------------------------------------


@pytest.fixture
def alarm(letter, clerk):
    sits_at(clerk, BUREAU)
    rated_from(BUREAU, letter)
    return RatingAlarm.objects.get()


def alarms_on_desk(client: Client) -> list[str]:
    sections = client.get(reverse("admin:index")).context["sections"]
    lines = [line for section in sections for line in section.lines]
    return [line.url for line in lines if line.row.kind.name == "alarm"]


def test_the_office_settles_it_with_what_came_of_it(client, alarm, office):
    client.force_login(office)
    page = f"{LIST}{alarm.pk}/change/"
    assert alarms_on_desk(client) == [page]
    assert f"{LIST}move/settle/?ids={alarm.pk}" in client.get(page).content.decode()
    assert client.get(LIST, {"settled": "no"}).context["cl"].result_count == 1
    assert move(client, alarm, "settle", outcome="").status_code == 200
    today = timezone.localdate().isoformat()
    assert move(client, alarm, "settle", on=today, outcome="已核实，系本人评价").status_code == 302
    alarm.refresh_from_db()
    assert (alarm.settled_by, alarm.outcome) == (office, "已核实，系本人评价")
    assert alarms_on_desk(client) == []
    assert client.get(LIST, {"settled": "no"}).context["cl"].result_count == 0
    # Settled once.
    assert move(client, alarm, "settle", on=today, outcome="y").status_code == 200
    alarm.refresh_from_db()
    assert alarm.outcome == "已核实，系本人评价"


def test_no_page_names_the_address(client, alarm, office):
    client.force_login(office)
    pages = (LIST, f"{LIST}{alarm.pk}/change/", f"{LIST}{alarm.pk}/history/")
    for page in (*pages, reverse("admin:index")):
        answer = client.get(page)
        assert answer.status_code == 200
        assert BUREAU not in answer.content.decode()


def test_the_supervisor_looks_at_it_and_leaves_it(client, alarm):
    client.force_login(make_member(Role.SUPERVISOR))
    assert client.get(f"{LIST}{alarm.pk}/change/").status_code == 200
    assert move(client, alarm, "settle", outcome="x").status_code == 404


@pytest.mark.parametrize(
    "role", [Role.CLERK, Role.REVIEWER, Role.ASSIGNING_OFFICE, Role.ADMINISTRATOR]
)
def test_nobody_else_finds_any_trace_of_it(client, alarm, role):
    user = make_member(role, "other")
    client.force_login(user)
    assert client.get(LIST).status_code in (403, 404)
    # The same as of one that is not there.
    assert client.get(f"{LIST}{alarm.pk}/change/").status_code == 403
    assert client.get(f"{LIST}99999/change/").status_code == 403
    assert move(client, alarm, "settle", outcome="x").status_code == 404
    pages = [
        reverse("admin:index"),
        f"/admin/proposals/feedback/{alarm.feedback_id}/change/",
        f"/admin/proposals/feedback/{alarm.feedback_id}/history/",
        f"/admin/proposals/reply/{alarm.feedback.reply_id}/change/",
        f"/admin/proposals/proposal/{alarm.proposal.pk}/timeline/",
        "/admin/proposals/event/",
    ]
    for page in pages:
        shown = client.get(page).content.decode()
        assert not [token for token in TOKENS if token in shown], page
    assert not Message.objects.filter(recipient=user).exists()


def test_another_assemblys_office_learns_nothing(client, letter, clerk):
    away = make_department("邻市人大代工委", kind="deputies")
    make_assembly("linshi").offices.add(away)
    user = make_member(Role.DEPUTIES_OFFICE, "away", department=away)
    sits_at(clerk, BUREAU)
    rated_from(BUREAU, letter)
    client.force_login(user)
    assert client.get(LIST).context["cl"].result_count == 0
    assert client.get(f"{LIST}{RatingAlarm.objects.get().pk}/change/").status_code == 404
    assert not Message.objects.filter(recipient=user).exists()


def test_the_deputys_own_desk_does_not_tell_of_it(alarm):
    client = sits_at(make_desk().user, HOME)
    for page in ("desk:home", "desk:messages"):
        shown = client.get(reverse(page)).content.decode()
        assert not [token for token in TOKENS if token in shown]


def test_a_rating_says_to_those_who_look_into_it_which_account_gave_it_from_where(client, letter):
    was_at(make_desk().user, HOME)
    rated = rated_from(HOME, letter)
    page = f"/admin/proposals/feedback/{rated.pk}/change/"
    for role in (Role.DEPUTIES_OFFICE, Role.SUPERVISOR):
        client.force_login(make_member(role))
        shown = client.get(page).content.decode()
        assert make_desk().user.username in shown
        assert str(AddressClass.OWN.label) in shown
        assert HOME not in shown
    for role in (Role.CLERK, Role.REVIEWER, Role.ASSIGNING_OFFICE):
        client.force_login(make_member(role))
        for each in (page, page.replace("change", "history")):
            shown = client.get(each).content.decode()
            assert not [
                word for word in ("来源网络", str(AddressClass.OWN.label), HOME) if word in shown
            ]


def test_the_list_asks_as_often_for_twenty_as_for_ten(client, alarm, office):
    client.force_login(office)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(LIST)
        return len(captured)

    queries()
    counts = []
    for start in (0, 10):
        for number in range(start, start + 10):
            reply = make_reply(make_proposal(f"7{number:03}"))
            feedback = Feedback.objects.create(reply=reply, deputy=make_desk(f"评价{number}"))
            RatingAlarm.objects.create(
                feedback=feedback, account=make_desk(f"评价{number}").user, clerk=alarm.clerk
            )
        counts.append(queries())
    assert counts[0] == counts[1]
