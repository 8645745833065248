"""Following by e-mail: an address is asked first, ends it with one click, and is then forgotten."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.signing import Signer
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from following import asking
from following.forgetting import forget
from following.models import Asking, Follow, Follower
from notifications.models import Message
from tests import world
from tests.crawl import crawl
from tests.following_world import EMAIL, ask, follow, follows, links, mails
from tests.public_world import make_department, make_proposal

pytestmark = pytest.mark.django_db
PROPOSAL = "yunping/14-3/0123"


@pytest.fixture(autouse=True)
def mail(settings):
    settings.EMAIL_CONFIGURED = True


@pytest.fixture
def proposal():
    return make_proposal("0123", title="关于深化产教融合的建议")


# Asking and confirming ----------------------------------------------------------------


def test_a_visitor_sees_what_would_be_followed_and_what_becomes_of_the_address(proposal, client):
    page = client.get(f"/follow/?proposal={PROPOSAL}").text

    assert proposal.title in page
    assert 'type="email"' in page
    assert "/help/#follow" in page


def test_where_no_mail_is_sent_nobody_is_asked_for_an_address(proposal, client, settings):
    settings.EMAIL_CONFIGURED = False
    page = client.get(f"/follow/?proposal={PROPOSAL}").text

    assert 'type="email"' not in page
    assert "本站现在不发邮件" in page
    assert "/feeds/" in page


def test_nothing_is_followed_before_the_link_in_the_mail_is_confirmed(proposal):
    answer = ask(f"proposal={PROPOSAL}")

    assert answer.status_code == 302
    assert follows() == []
    (mail,) = mails()
    assert proposal.title in mail.text and proposal.title in mail.html
    Client().post(links(mail)[0])
    assert follows() == [PROPOSAL]


def test_the_mail_that_an_address_did_not_ask_for_carries_no_words_of_a_stranger(proposal):
    ask("search=q%3D%E4%BA%A7%E6%95%99%20evil.example%26topic%3D%E6%95%99%E8%82%B2")
    (mail,) = mails()
    for part in (mail.subject, mail.text, mail.html):
        assert "产教" not in part and "evil.example" not in part
    assert "教育" in mail.subject and "教育" in mail.text
    # Behind the link stands what it is, and after that the mails say it.
    assert "evil.example" in Client().get(links(mail)[0]).text
    Client().post(links(mail)[0])
    ask("search=q%3D%E4%BA%A7%E6%95%99%20evil.example%26topic%3D%E6%95%99%E8%82%B2")
    assert "evil.example" in mails()[-1].text


def test_a_scanner_that_opens_every_link_of_a_mail_confirms_and_ends_nothing(proposal):
    ask(f"proposal={PROPOSAL}")
    (mail,) = mails()
    page = Client().get(links(mail)[0])
    assert page.status_code == 200 and proposal.title in page.text
    Client().head(links(mail)[0])
    assert follows() == []

    manage = follow(f"proposal={PROPOSAL}")
    for address in (manage, f"{manage}end/"):
        Client().get(address)
        Client().head(address)
    assert follows() == [PROPOSAL]


def test_confirming_needs_the_token_of_the_form(proposal):
    ask(f"proposal={PROPOSAL}")
    strict = Client(enforce_csrf_checks=True)

    assert strict.post(links(mails()[0])[0]).status_code == 403
    assert strict.post(f"/follow/?proposal={PROPOSAL}", {"email": EMAIL}).status_code == 403
    assert follows() == []


def test_confirming_twice_is_confirming_once(proposal):
    follow(f"proposal={PROPOSAL}")
    since = Follow.objects.get().confirmed_at

    Client().post(links(mails()[0])[0])

    assert Follow.objects.get().confirmed_at == since


def test_each_thing_is_confirmed_by_itself(proposal):
    make_department("health", "云屏省卫生健康委员会")
    follow(f"proposal={PROPOSAL}")

    ask("department=health")

    assert follows() == [PROPOSAL]


@pytest.mark.parametrize(
    ("what", "kept"),
    [
        ("department=education", "education"),
        ("search=", ""),
        ("search=q%3D%E4%BA%A7%E6%95%99%26page%3D3%26sort%3Dnumber", "q=%E4%BA%A7%E6%95%99"),
        ("search=topic%3D%E6%95%99%E8%82%B2%26q%3D1", "q=1&topic=%E6%95%99%E8%82%B2"),
    ],
)
def test_departments_and_searches_are_followed_too(proposal, what, kept):
    follow(what)
    assert follows() == [kept]


@pytest.mark.parametrize(
    "what",
    [
        "proposal=yunping/14-3/0999",
        "proposal=%00",
        "department=nowhere",
        "search=department%3Dnowhere",
        "search=q%3D%2500",
        f"search=q%3D{'a' * 101}",
        f"search={'a' * 3000}",
        "unknown=1",
        "",
        "proposal=yunping/14-3/0123&department=education",
    ],
)
def test_what_is_not_there_cannot_be_followed(proposal, what):
    assert Client().get(f"/follow/?{what}").status_code == 404
    assert ask(what).status_code == 404
    assert not Follower.objects.exists()


@pytest.mark.parametrize(
    "email", ["", "nobody", "a@b", f"{'a' * 250}@example.org", "a@b.org\nX: y"]
)
def test_what_is_no_address_is_said_at_its_field(proposal, email):
    answer = ask(f"proposal={PROPOSAL}", email)

    assert answer.status_code == 200
    assert 'id="id_email_error"' in answer.text
    assert not Message.objects.exists()


def test_the_same_address_in_another_spelling_is_the_same_follower(proposal):
    follow(f"proposal={PROPOSAL}", "Reader@Example.org")
    ask(f"proposal={PROPOSAL}", "reader@example.org")

    assert Follower.objects.get().email == "Reader@Example.org"
    # To the address as it was confirmed, and with the way to end it.
    assert "/end/" not in mails("Reader@Example.org")[-1].text
    assert Client().get(links(mails("Reader@Example.org")[-1])[0]).status_code == 200


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_mail_is_in_the_language_of_the_page(proposal, language, settings):
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language

    ask(f"proposal={PROPOSAL}", client=client)

    assert f'<html lang="{language}">'.lower() in mails()[0].html.lower()
    assert Follower.objects.get().language == language


# Nobody learns who follows what --------------------------------------------------------


def test_whoever_asks_is_answered_alike_whether_the_address_is_known_or_not(proposal):
    follow(f"proposal={PROPOSAL}")
    answers = []
    for email in (EMAIL, "stranger@example.org"):
        with CaptureQueriesContext(connection) as queries:
            answer = ask(f"proposal={PROPOSAL}", email)
        page = Client().get(answer.headers["Location"])
        # The work done is the same, and so is the time that it takes.
        answers.append((answer.status_code, answer.headers["Location"], page.text, len(queries)))

    assert answers[0] == answers[1]
    assert "@" not in answers[0][2].split("<main")[1]


def test_a_link_that_this_site_has_not_written_leads_nowhere(proposal):
    manage = follow(f"proposal={PROPOSAL}")
    row = Follow.objects.get()
    token = manage.split("/")[2]
    foreign = [
        "x",
        row.follower.key,
        f"{row.follower.key}.{token.split('.')[1][::-1]}",
        Signer(sep=".", salt="other").sign(row.follower.key),
    ]
    for each in foreign:
        for address in (f"/follow/{each}/", f"/follow/{each}/end/", f"/follow/confirm/{each}/"):
            assert Client().post(address).status_code == 404, address
    # A link that manages does not confirm.
    assert Client().get(f"/follow/confirm/{token}/").status_code == 404
    assert follows() == [PROPOSAL]


def test_the_key_of_another_s_follow_ends_nothing(proposal):
    follow(f"proposal={PROPOSAL}")
    other = follow(f"proposal={PROPOSAL}", "other@example.org")
    row = Follow.objects.get(follower__email=EMAIL)

    assert Client().post(other, {"stop": row.key}).status_code == 404
    assert follows() == [PROPOSAL]


def test_no_store_and_no_search_engine_keeps_these_pages(proposal):
    manage = follow(f"proposal={PROPOSAL}")
    for address in (f"/follow/?proposal={PROPOSAL}", "/follow/asked/", manage, f"{manage}end/"):
        answer = Client().get(address)
        assert "no-store" in answer.headers["Cache-Control"]
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert answer.headers["Referrer-Policy"] == "same-origin"


def test_no_page_of_the_site_names_an_address_or_a_link_of_its_mails(proposal):
    manage = follow(f"proposal={PROPOSAL}")
    visit = crawl(Client(), "/", f"/follow/?proposal={PROPOSAL}")

    assert visit.broken == []
    assert visit.holding(EMAIL) == visit.holding(manage) == []


def test_what_was_withdrawn_is_not_named_to_those_who_follow_it():
    reply = world.make_published_reply()
    proposal = reply.proposal
    path = "yunping/14-3/0123"
    ask(f"proposal={path}")
    waiting = links(mails()[0])[0]
    manage = follow(f"proposal={path}")
    assert proposal.title in Client().get(manage).text

    proposal.withhold(on=world.PUBLISHED_ON, reason="含个人信息")

    page = Client().get(manage).text
    assert proposal.title not in page and "0123" not in page.split("<main")[1].split("token=")[0]
    assert 'name="stop"' in page
    gone, absent = Client().get(f"/follow/?proposal={path}"), Client().get("/follow/?proposal=x")
    assert gone.status_code == absent.status_code == 404
    assert gone.content == absent.content.replace(b"proposal=x", f"proposal={path}".encode())
    assert Client().get(waiting).status_code == Client().post(waiting).status_code == 404


# Ending --------------------------------------------------------------------------------


def test_one_thing_is_ended_and_the_others_stay(proposal):
    follow("department=education")
    manage = follow(f"proposal={PROPOSAL}")
    row = Follow.objects.get(kind=Follow.Kind.PROPOSAL)

    assert Client().post(manage, {"stop": row.key}).status_code == 302

    assert follows() == ["education"]


def test_with_the_last_thing_the_address_is_forgotten(proposal):
    manage = follow(f"proposal={PROPOSAL}")

    Client().post(manage, {"stop": Follow.objects.get().key})

    assert not Follower.objects.exists()
    assert not Message.objects.exists()
    page = Client().get(manage)
    assert page.status_code == 200 and EMAIL not in page.text


def test_a_mail_program_ends_everything_with_one_post_without_cookie_or_token(proposal):
    follow("department=education")
    manage = follow(f"proposal={PROPOSAL}")
    program = Client(enforce_csrf_checks=True)

    answer = program.post(f"{manage}end/", {"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    assert not program.cookies
    assert not Follower.objects.exists() and not Message.objects.exists()
    # A second click finds nothing to end, and says so.
    assert program.post(f"{manage}end/").status_code == 200


def test_stopping_one_needs_the_token_of_the_form(proposal):
    manage = follow(f"proposal={PROPOSAL}")
    strict = Client(enforce_csrf_checks=True)

    assert strict.post(manage, {"stop": Follow.objects.get().key}).status_code == 403
    assert follows() == [PROPOSAL]


def test_a_mail_that_is_just_being_sent_is_left_to_its_sender(proposal):
    manage = follow(f"proposal={PROPOSAL}")
    message = mails()[0]
    message.begin(at=timezone.now())

    Client().post(f"{manage}end/")

    message.succeed()
    forget(at=timezone.now() + timedelta(days=8))
    assert not Message.objects.exists()


# Forgetting ----------------------------------------------------------------------------


def test_an_address_that_nobody_confirms_is_forgotten_after_seven_days(proposal):
    ask(f"proposal={PROPOSAL}")
    follow(f"proposal={PROPOSAL}", "other@example.org")

    forget(at=timezone.now() + timedelta(days=6))
    assert Follower.objects.count() == 2
    forget(at=timezone.now() + timedelta(days=8))

    assert Follower.objects.get().email == "other@example.org"
    assert not Asking.objects.exists()
    assert not mails() and not mails("other@example.org")


def test_the_messages_of_people_with_an_account_are_not_forgotten(proposal):
    message = world.make_user("wangmin", email="wangmin@gov.cn").notifications.create(
        kind=Message.Kind.FOLLOWED, key="own", subject="x", text="x"
    )

    forget(at=timezone.now() + timedelta(days=30))

    assert Message.objects.get() == message


def test_the_daily_command_forgets_and_says_how_many_follow(proposal):
    follow(f"proposal={PROPOSAL}")
    ask(f"proposal={PROPOSAL}", "silent@example.org")
    Follow.objects.filter(confirmed_at=None).update(asked_at=timezone.now() - timedelta(days=8))
    Asking.objects.update(at=timezone.now() - timedelta(days=8))
    out = StringIO()

    call_command("send_followings", stdout=out)

    assert Follower.objects.get().email == EMAIL
    assert "1" in out.getvalue() and EMAIL not in out.getvalue()


# Abuse ---------------------------------------------------------------------------------


def test_one_address_gets_a_few_of_these_mails_a_day_and_the_asker_does_not_see_it(proposal):
    answers = [ask(f"proposal={PROPOSAL}").status_code for _each in range(5)]

    assert answers == [302] * 5
    assert len(mails()) == asking.MAILS_A_DAY
    Asking.objects.update(at=timezone.now() - timedelta(hours=25))
    ask(f"proposal={PROPOSAL}")
    assert len(mails()) == asking.MAILS_A_DAY + 1


def test_one_network_asks_for_a_few_mails_an_hour(proposal):
    for number in range(asking.ASKED_AN_HOUR):
        assert ask(f"proposal={PROPOSAL}", f"a{number}@example.org").status_code == 302

    # Another machine of the same network, and then another network.
    answers = [
        Client(REMOTE_ADDR=address).post(f"/follow/?proposal={PROPOSAL}", {"email": EMAIL})
        for address in ("127.0.0.9", "192.0.2.1")
    ]
    assert [answer.status_code for answer in answers] == [429, 302]
    assert 'role="alert"' in answers[0].text
    Asking.objects.update(at=timezone.now() - timedelta(minutes=61))
    assert ask(f"proposal={PROPOSAL}", "b@example.org").status_code == 302


def test_one_address_follows_no_more_than_fifty_things(proposal):
    manage = follow(f"proposal={PROPOSAL}")
    follower = Follower.objects.get()
    Follow.objects.bulk_create(
        Follow(follower=follower, kind="search", target=f"q={number}")
        for number in range(asking.FOLLOWS_AT_MOST - 1)
    )

    ask("department=education")

    assert Follow.objects.count() == asking.FOLLOWS_AT_MOST
    assert links(mails()[-1]) == [manage]
    # What it follows already is answered as ever.
    ask(f"proposal={PROPOSAL}")
    assert proposal.title in mails()[-1].text


def test_the_page_of_an_address_asks_a_bounded_number_of_questions(proposal):
    manage = follow(f"proposal={PROPOSAL}")
    numbers = []
    for start in (1, 11):
        for number in range(start, start + 10):
            row = make_proposal(f"{number:04d}", title=f"{number}")
            Follow.objects.create(
                follower=Follower.objects.get(),
                kind="proposal",
                target=row.path,
                confirmed_at=timezone.now(),
                told_until=timezone.localdate(),
            )
        with CaptureQueriesContext(connection) as queries:
            assert Client().get(manage).status_code == 200
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]
