"""The own account stands in the frame of the desk from which its owner comes."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from access.rights import Role
from notifications.models import Message
from notifications.outbox import tell
from tests.deputy_world import make_desk, signed_in
from tests.world import make_member, make_user

pytestmark = pytest.mark.django_db

PAGES = (
    "/account/",
    "/account/password/",
    "/account/second-factor/",
    "/account/sign-ins/",
    "/account/notices/",
)


def browser_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("path", PAGES)
def test_a_deputy_keeps_the_way_around_the_own_desk(path):
    deputy = make_desk()
    tell(deputy.user, Message.Kind.REPLIED, key="x", subject="答复已发出", text="x", path="/desk/")
    page = signed_in(deputy).get(path).content.decode()
    for link in ("/desk/", "/desk/write/", "/desk/messages/"):
        assert f'href="{link}"' in page
    assert '<b class="count">1<' in page
    assert 'href="/admin/"' not in page


@pytest.mark.parametrize("path", PAGES)
def test_a_clerk_keeps_the_bar_of_the_admin(path):
    client = browser_of(make_member(Role.CLERK))
    page = client.get(path).content.decode()
    bar = client.get("/admin/").context["lists"]
    assert bar
    for link in ("/admin/", *(each["url"] for each in bar)):
        assert f'href="{link}"' in page
    assert 'href="/desk/messages/"' not in page


def test_who_works_at_both_desks_goes_from_either_to_the_other():
    user = make_member(Role.DEPUTIES_OFFICE)
    deputy = make_desk()
    deputy.user = user
    deputy.save()
    client = browser_of(user)
    for path in ("/admin/", "/account/"):
        page = client.get(path).content.decode()
        assert 'href="/desk/"' in page
        assert 'href="/admin/"' in page


def test_who_works_nowhere_is_led_to_no_desk_and_can_sign_out():
    page = browser_of(make_user("nobody", is_staff=False)).get("/account/").content.decode()
    assert 'href="/admin/"' not in page
    assert 'href="/desk/messages/"' not in page
    assert 'action="/account/sign-out/"' in page


def test_the_frame_asks_as_often_for_twenty_messages_as_for_ten():
    deputy = make_desk()
    client = signed_in(deputy)
    client.get("/account/")
    counts = []
    for start in (0, 10):
        for number in range(start, start + 10):
            tell(
                deputy.user,
                Message.Kind.REPLIED,
                key=f"{number}",
                subject="x",
                text="x",
                path="/desk/",
            )
        with CaptureQueriesContext(connection) as captured:
            client.get("/account/")
        counts.append(len(captured))
    assert counts[0] == counts[1]
