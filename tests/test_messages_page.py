"""What was told, read on the desk: the newest first, one's own alone."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from access.rights import Role
from notifications.models import Message
from notifications.outbox import tell
from tests.world import make_deputy, make_member, make_user

pytestmark = pytest.mark.django_db

PAGE = "/desk/messages/"


def account(name: str = "林秀兰"):
    user = make_user(f"user-{name}", is_staff=False)
    make_deputy(name, user=user)
    return user


def told(user, number: int = 1, **facts) -> Message:
    key = f"{user.pk} {number}"
    facts = {"subject": f"第{number}条消息", "text": "由市交通运输局办理。", **facts}
    tell(user, Message.Kind.ASSIGNED, key=key, **facts)
    return Message.objects.get(key=key)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_newest_stands_first_and_unread_ones_are_marked():
    user = account()
    old, new = told(user, 1), told(user, 2)
    old.read()

    page = signed_in(user).get(PAGE)

    assert page.text.index(new.subject) < page.text.index(old.subject)
    assert page.text.count('class="fresh"') == 1
    assert page.context["unread"] == 1


def test_a_message_opens_its_page_and_is_read():
    user = account()
    message = told(user, path="/desk/proposals/abc/")
    client = signed_in(user)

    answer = client.get(reverse("desk:message", args=[message.message_id]))

    assert answer.url == "/desk/proposals/abc/"
    assert not Message.objects.for_desk(user).exists()
    assert 'class="fresh"' not in client.get(PAGE).text


def test_one_without_a_page_is_read_in_the_list():
    user = account()
    message = told(user)

    answer = signed_in(user).get(reverse("desk:message", args=[message.message_id]))

    assert answer.url == PAGE


def test_looking_ahead_reads_nothing():
    user = account()
    message = told(user)

    signed_in(user).head(reverse("desk:message", args=[message.message_id]))

    assert Message.objects.for_desk(user).exists()


def test_all_are_marked_as_read_at_once_and_only_the_own():
    user, other = account(), account("周建国")
    told(user, 1), told(user, 2), told(other, 1)
    client = signed_in(user)

    answer = client.post(PAGE, client.get(PAGE).context["marks"])

    assert answer.url == PAGE
    assert not Message.objects.for_desk(user).exists()
    assert Message.objects.for_desk(other).count() == 1


def test_another_s_message_is_not_there():
    user, other = account(), account("周建国")
    message = told(user, path="/desk/proposals/abc/")
    client = signed_in(other)

    assert message.subject not in client.get(PAGE).text
    assert client.get(reverse("desk:message", args=[message.message_id])).status_code == 404
    assert Message.objects.for_desk(user).exists()


def test_clerks_have_theirs_in_the_admin_and_visitors_sign_in():
    message = told(account())
    address = reverse("desk:message", args=[message.message_id])
    for page in (PAGE, address):
        assert signed_in(make_member(Role.CLERK)).get(page).status_code == 404
        assert Client().get(page).status_code == 302


def test_twenty_messages_cost_as_many_queries_as_ten():
    user = account()
    client = signed_in(user)
    costs = []
    for numbers in (range(10), range(10, 20)):
        for number in numbers:
            told(user, number)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(PAGE).text.count("第") >= len(numbers)
        costs.append(len(asked))

    assert costs[0] == costs[1]


def test_a_long_list_is_paged():
    user = account()
    for number in range(25):
        told(user, number)
    client = signed_in(user)

    assert len(client.get(PAGE).context["page"].rows) == 20
    assert len(client.get(PAGE, {"page": "2"}).context["page"].rows) == 5


def test_no_store_keeps_the_page():
    assert "no-store" in signed_in(account()).get(PAGE)["Cache-Control"]
