"""A new e-mail address is used once the account's owner has opened the link that came there."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client

from access.rights import Role
from accounts import own_address
from accounts.changes import ADDRESS
from accounts.inviting import accept, invite
from accounts.names import TAKEN_EMAIL
from notifications.models import Message, NoticeSettings
from tests import world
from tests.admin_pages import filled_in
from tests.deputy_world import make_desk, signed_in

pytestmark = pytest.mark.django_db

OLD, NEW = "lin@example.org", "linxiulan@example.org"
PASSWORD = "城关林间有三棵老槐树和两口井"
LINK = re.compile(r"http://localhost(/account/email/\S+)")


@pytest.fixture
def lin(settings):
    """林秀兰 at her desk, whose mails come to `OLD`."""
    settings.EMAIL_CONFIGURED = True
    user = make_desk().user
    user.email = OLD
    user.save()
    return user


@pytest.fixture
def desk(lin) -> Client:
    client = Client()
    client.force_login(lin)
    return client


def ask(client: Client, user, email: str = NEW, password: str = ""):
    typed = {"email": email, "password": password or f"{user.username}-2026"}
    return client.post("/account/email/", typed)


def link_in(email: str = NEW) -> str:
    mail = Message.objects.filter(email=email).latest("pk")
    return LINK.search(mail.text)[1]


def address_of(user) -> str:
    user.refresh_from_db()
    return user.email


def test_mails_go_to_the_old_address_until_the_link_in_the_new_one_was_confirmed(lin, desk):
    assert ask(desk, lin).status_code == 302
    assert address_of(lin) == OLD

    link = link_in()
    assert NEW in desk.get(link).text
    assert address_of(lin) == OLD
    assert desk.post(link).status_code == 302
    assert address_of(lin) == NEW


def test_the_old_address_is_told_of_the_change(lin, desk):
    ask(desk, lin)
    desk.post(link_in())

    told = Message.objects.get(recipient=lin, kind=Message.Kind.ACCOUNT)
    assert told.email == OLD
    assert told.subject == str(ADDRESS)


def test_the_old_address_is_told_when_an_administrator_changes_it(lin):
    administrator = Client()
    administrator.force_login(world.make_member(Role.ADMINISTRATOR))
    page = f"/admin/auth/user/{lin.pk}/change/"
    administrator.post(page, filled_in(administrator, page, last_name="林秀兰"))
    assert not Message.objects.exists()

    administrator.post(page, filled_in(administrator, page, email=NEW))
    assert address_of(lin) == NEW
    told = Message.objects.get()
    assert (told.recipient, told.email, told.subject) == (lin, OLD, str(ADDRESS))


def test_a_link_works_once(lin, desk):
    ask(desk, lin)
    link = link_in()
    desk.post(link)
    ask(desk, lin, "third@example.org")
    desk.post(link_in("third@example.org"))

    answer = desk.post(link)
    assert answer.status_code == 410
    assert address_of(lin) == "third@example.org"


def test_who_reads_the_mail_and_is_somebody_else_changes_nothing(lin, desk):
    """The address was typed wrongly: it is a stranger's, who has an account of their own."""
    ask(desk, lin)
    link = link_in()
    stranger = world.make_user("stranger")
    client = Client()
    client.force_login(stranger)

    assert client.get(link).text.count(NEW) == 0
    assert client.post(link).status_code == 410
    assert Client().post(link).status_code == 302
    assert address_of(lin) == OLD
    assert address_of(stranger) == ""


def test_the_mail_does_not_tell_the_address_until_now(lin, desk):
    """What is signed is not sealed: everybody can read what the link carries."""
    ask(desk, lin)
    carried = signing.b64_decode(link_in().split("/")[3].split(":")[0].encode()).decode()

    assert NEW in carried
    assert OLD not in carried
    assert OLD not in Message.objects.get(email=NEW).text


def test_the_mail_is_in_the_language_of_the_account(lin, desk):
    NoticeSettings.objects.create(user=lin, language="en")
    ask(desk, lin)

    mail = Message.objects.get(email=NEW)
    assert mail.language == "en"
    assert mail.subject == "Please confirm your e-mail address"


def test_a_link_does_not_work_for_ever(lin, desk, monkeypatch):
    ask(desk, lin)
    link = link_in()
    late = signing.time.time() + timedelta(days=own_address.DAYS, minutes=1).total_seconds()
    monkeypatch.setattr(signing.time, "time", lambda: late)

    assert own_address.meant(lin, link.split("/")[3]) == ""


def test_the_password_is_asked_for(lin, desk):
    answer = ask(desk, lin, password="wrong")

    assert answer.status_code == 200
    assert not Message.objects.filter(email=NEW).exists()


def test_whether_an_address_is_anothers_is_told_to_nobody_but_who_reads_its_mail(lin, desk):
    world.make_user("other", email=NEW)

    assert ask(desk, lin).status_code == 302
    answer = desk.post(link_in())
    assert answer.context["error"] == TAKEN_EMAIL
    assert address_of(lin) == OLD


def test_nobody_floods_an_address_with_links(lin, desk):
    for _each in range(own_address.LINKS + 2):
        ask(desk, lin)

    assert Message.objects.filter(email=NEW).count() == own_address.LINKS


def test_where_no_mail_is_sent_there_is_no_such_page(lin, desk, settings):
    settings.EMAIL_CONFIGURED = False

    assert "/account/email/" not in desk.get("/account/").text
    assert desk.get("/account/email/").status_code == 404


def test_an_invited_deputy_has_the_address_to_which_the_invitation_came(settings):
    settings.EMAIL_CONFIGURED = True
    made = invite(world.make_deputy(), NEW, by=world.make_user("office"))
    accept(made.link.split("/")[-2], username="linxiulan", email=NEW, password=PASSWORD)

    assert world.make_deputy().user.email == NEW


def test_another_address_that_an_invited_deputy_types_is_asked_first(settings):
    settings.EMAIL_CONFIGURED = True
    made = invite(world.make_deputy(), OLD, by=world.make_user("office"))
    page = Client().post(
        made.link.removeprefix("http://localhost"),
        {"username": "linxiulan", "email": NEW, "password1": PASSWORD, "password2": PASSWORD},
        follow=True,
    )
    user = world.make_deputy().user

    assert user.email == ""
    assert NEW in page.text
    client = signed_in(world.make_deputy())
    client.post(link_in())
    assert address_of(user) == NEW
