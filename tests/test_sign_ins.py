"""Sessions end when they are idle, old or ended from elsewhere; nobody lends another an address."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from access.rights import Role
from accounts.browsers import browser_of
from accounts.models import Session, SignIn
from accounts.networks import address_of, network_of
from accounts.sessions import BEGAN, SEEN, SIGN_IN, SessionStore, end_others
from departments.models import Clerk
from tests.world import make_member, make_user

pytestmark = pytest.mark.django_db

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile Safari/604.1"
PAGE = "/account/sign-ins/"


@pytest.fixture
def clerk():
    return make_member(Role.CLERK)


def signed_in(user, *, at: str = "203.0.113.7", browser: str = CHROME) -> Client:
    """A browser of that person, who has typed the password."""
    client = Client(REMOTE_ADDR=at, headers={"user-agent": browser})
    typed = {"username": user.username, "password": f"{user.username}-2026"}
    assert client.post(reverse("accounts:sign_in"), typed).status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get(PAGE).status_code == 200


def session_of(client: Client) -> SessionStore:
    return SessionStore(client.cookies[settings.SESSION_COOKIE_NAME].value)


def change(client: Client, **values: int) -> None:
    """As if time had passed: the numbers that the session carries are older."""
    session = session_of(client)
    session.update(values)
    session.save()


def ago(**span: float) -> int:
    return int((timezone.now() - timedelta(**span)).timestamp())


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


# From where ------------------------------------------------------------------------------


def request_from(remote: str, forwarded: str = "", **more):
    header = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    return RequestFactory().get("/", REMOTE_ADDR=remote, **header, **more)


@pytest.mark.parametrize(
    ("trusted", "forwarded", "address"),
    [
        (0, "6.6.6.6", "10.0.0.1"),
        (1, "198.51.100.4", "198.51.100.4"),
        (1, "6.6.6.6, 198.51.100.4", "198.51.100.4"),
        (2, "6.6.6.6, 198.51.100.4, 10.0.0.9", "198.51.100.4"),
        # Fewer than there are proxies: it did not come through them.
        (2, "6.6.6.6", "10.0.0.1"),
        (1, "nobody", "10.0.0.1"),
        (1, "", "10.0.0.1"),
    ],
)
def test_of_a_forged_header_only_what_own_proxies_wrote_is_believed(
    settings, trusted, forwarded, address
):
    settings.TRUSTED_PROXIES = trusted
    assert address_of(request_from("10.0.0.1", forwarded)) == address


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0"),
        ("::ffff:203.0.113.77", "203.0.113.0"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("", ""),
        ("unix:", ""),
    ],
)
def test_a_network_is_the_neighbourhood_of_an_address(address, network):
    assert network_of(request_from(address)) == network


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (CHROME, "Chrome, Windows"),
        (f"{CHROME} Edg/126.0", "Edge, Windows"),
        (PHONE, "Safari, iPhone"),
        (f"{PHONE} MicroMessenger/8.0", "微信, iPhone"),
        ("curl/8", "Unknown browser"),
    ],
)
def test_a_browser_is_named_in_words(agent, words):
    with override("en"):
        assert browser_of(agent) == words


# Signing in ------------------------------------------------------------------------------


def test_signing_in_is_written_down_with_address_network_and_browser(clerk):
    client = signed_in(clerk)
    sign_in = SignIn.objects.get()
    assert (sign_in.user, sign_in.address, sign_in.network) == (
        clerk,
        "203.0.113.7",
        "203.0.113.0",
    )
    assert sign_in.browser == CHROME
    assert sign_in.ended_at is None
    assert Session.objects.get(session_key=session_of(client).session_key).sign_in == sign_in


def test_a_wrong_password_leaves_no_signing_in(clerk):
    Client().post(reverse("accounts:sign_in"), {"username": clerk.username, "password": "no"})
    assert not SignIn.objects.exists()


def test_signing_out_ends_it(clerk):
    client = signed_in(clerk)
    client.post(reverse("accounts:sign_out"))
    assert SignIn.objects.get().ended_at is not None
    assert not is_in(client)


def test_another_account_in_the_same_browser_ends_the_first(clerk):
    client = signed_in(clerk)
    other = make_user("other")
    client.post(reverse("accounts:sign_in"), {"username": "other", "password": "other-2026"})
    assert SignIn.objects.get(user=clerk).ended_at is not None
    assert SignIn.objects.get(user=other).ended_at is None


def test_what_is_idle_too_long_is_over(clerk, settings):
    client = signed_in(clerk)
    row = Session.objects.get(session_key=session_of(client).session_key)
    life = row.expire_date - timezone.now()
    assert timedelta(seconds=settings.SESSION_COOKIE_AGE - 60) < life
    assert life <= timedelta(seconds=settings.SESSION_COOKIE_AGE)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert not is_in(client)
    assert SignIn.objects.get().ended_at is not None


def test_using_it_puts_off_its_end_and_says_when_it_was_seen_once_a_minute(clerk):
    client = signed_in(clerk)
    SignIn.objects.update(seen_at=timezone.now() - timedelta(minutes=30))
    assert is_in(client)
    assert SignIn.objects.get().seen_at < timezone.now() - timedelta(minutes=29)
    change(client, **{SEEN: ago(minutes=30)})
    soon = timezone.now() + timedelta(minutes=30)
    Session.objects.filter(session_key=session_of(client).session_key).update(expire_date=soon)
    assert is_in(client)
    assert SignIn.objects.get().seen_at > timezone.now() - timedelta(minutes=1)
    assert Session.objects.get(session_key=session_of(client).session_key).expire_date > soon


def test_after_its_whole_life_it_is_over_however_busy_it_was(clerk, settings):
    client = signed_in(clerk)
    nearly = settings.SESSION_LIFE_HOURS - 0.5
    change(client, **{BEGAN: ago(hours=nearly), SEEN: ago(minutes=5)})
    assert is_in(client)
    left = session_of(client).get_expiry_age()
    assert 29 * 60 < left <= 30 * 60
    change(client, **{BEGAN: ago(hours=settings.SESSION_LIFE_HOURS, seconds=1)})
    assert not is_in(client)
    assert SignIn.objects.get().ended_at is not None


def test_no_page_costs_a_query_more_than_with_djangos_own_sessions(clerk, settings):
    path = reverse("admin:drafts")
    ours = queries(signed_in(clerk), path)
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"
    settings.MIDDLEWARE = [
        name for name in settings.MIDDLEWARE if name != "accounts.sessions.note_seen"
    ]
    assert ours == queries(signed_in(clerk), path)


def test_a_visitor_of_public_pages_has_no_session(client):
    response = client.get(reverse("public:help"))
    assert settings.SESSION_COOKIE_NAME not in response.cookies
    assert not Session.objects.exists()


def test_a_role_that_is_removed_and_an_account_that_is_closed_are_refused_at_once(clerk):
    client = signed_in(clerk)
    desk = reverse("admin:index")
    assert client.get(desk).status_code == 200
    Clerk.objects.get().delete()
    assert client.get(desk).status_code != 200
    assert is_in(client)
    type(clerk).objects.filter(pk=clerk.pk).update(is_active=False)
    assert not is_in(client)


# The own page ----------------------------------------------------------------------------


def test_everybody_sees_their_own_and_ends_one_of_them(clerk):
    here = signed_in(clerk)
    phone = signed_in(clerk, at="198.51.100.9", browser=PHONE)
    other = make_user("other")
    theirs = signed_in(other, at="192.0.2.44")
    page = here.get(PAGE).content.decode()
    assert "iPhone" in page
    assert "198.51.100.9" in page
    assert "192.0.2.44" not in page
    on_phone = SignIn.objects.get(address="198.51.100.9")
    answer = here.post(PAGE, {"end": on_phone.pk})
    assert answer.url == PAGE
    assert is_in(here)
    assert not is_in(phone)
    on_phone.refresh_from_db()
    assert on_phone.ended_at is not None
    # Nobody ends another's.
    foreign = SignIn.objects.get(user=other)
    assert here.post(PAGE, {"end": foreign.pk}).status_code == 404
    for forged in ("0", "-1", "x", "9" * 30, ""):
        assert here.post(PAGE, {"end": forged}).status_code == 404
    assert is_in(theirs)


def test_all_others_are_ended_at_once_and_this_one_stays(clerk):
    here, there, elsewhere = (signed_in(clerk) for _each in range(3))
    here.post(PAGE, {"end": "others"})
    assert [is_in(client) for client in (here, there, elsewhere)] == [True, False, False]
    assert SignIn.objects.filter(ended_at=None).count() == 1


def test_ending_this_one_is_signing_out(clerk):
    client = signed_in(clerk)
    answer = client.post(PAGE, {"end": SignIn.objects.get().pk})
    assert answer.url == reverse("accounts:sign_in")
    assert not is_in(client)
    assert SignIn.objects.get().ended_at is not None


def test_who_is_not_signed_in_is_asked_to_and_no_store_keeps_the_page(clerk):
    answer = Client().get(PAGE)
    assert answer.url.startswith(reverse("accounts:sign_in"))
    assert "no-store" in signed_in(clerk).get(PAGE)["Cache-Control"]


def test_what_ran_out_while_nobody_looked_is_shown_as_over(clerk):
    here, _there = signed_in(clerk), signed_in(clerk, at="198.51.100.9")
    row = Session.objects.get(sign_in__address="198.51.100.9")
    Session.objects.filter(pk=row.pk).update(expire_date=timezone.now() - timedelta(minutes=1))
    page = here.get(PAGE)
    assert [each.address for each in page.context["open"]] == ["203.0.113.7"]
    assert [each.address for each in page.context["over"]] == ["198.51.100.9"]


def test_the_page_asks_as_often_for_twenty_as_for_ten(clerk):
    client = signed_in(clerk)
    for _each in range(10):
        signed_in(clerk)
    ten = queries(client, PAGE)
    for _each in range(10):
        signed_in(clerk)
    assert queries(client, PAGE) == ten


def test_a_function_ends_the_others_of_an_account(clerk):
    signed_in(clerk)
    request = RequestFactory().get("/")
    request.user = clerk
    request.session = import_module(settings.SESSION_ENGINE).SessionStore()
    own = SignIn.objects.create(user=clerk)
    request.session[SIGN_IN] = own.pk
    assert end_others(request) == 1
    assert list(SignIn.objects.filter(ended_at=None)) == [own]


# Forgetting ------------------------------------------------------------------------------


def test_after_half_a_year_and_more_they_are_forgotten(clerk):
    client = signed_in(clerk)
    old = timezone.now() - timedelta(days=191)
    newer = timezone.now() - timedelta(days=185)
    SignIn.objects.create(user=clerk, began_at=old, seen_at=old, ended_at=old)
    kept = SignIn.objects.create(user=clerk, began_at=newer, seen_at=newer)
    said = StringIO()
    call_command("tidy_accounts", stdout=said)
    assert "1" in said.getvalue()
    assert set(SignIn.objects.all()) == {kept, SignIn.objects.get(address="203.0.113.7")}
    kept.refresh_from_db()
    assert kept.ended_at is not None
    assert is_in(client)
