"""Passwords: two sets of rules that contradict each other, changing, and a link by e-mail."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import settings as site
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model, password_validation
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from access.rights import Role
from accounts.models import UsedPassword
from config.password_rules import DAYS, PROFILES
from notifications.models import Message
from tests import world

pytestmark = pytest.mark.django_db

PAGE, RESET = "/account/password/", "/account/password/reset/"
LONG, OTHER = "mo-xiang-zhi-bi", "qin-qi-shu-hua"


@pytest.fixture
def profile(settings):
    """Chooses a profile as a site does."""

    def choose(name: str) -> None:
        settings.PASSWORD_PROFILE = name
        settings.AUTH_PASSWORD_VALIDATORS = PROFILES[name]
        settings.PASSWORD_DAYS = DAYS[name]

    return choose


def is_taken(password: str, user: AbstractUser | None = None) -> bool:
    try:
        password_validation.validate_password(password, user)
    except ValidationError:
        return False
    return True


def make_deputy_account(username: str = "linxiulan", **fields: object) -> AbstractUser:
    fields.setdefault("email", "lin@yunping.gov.cn")
    deputy = world.make_deputy()
    deputy.user = world.make_user(username, is_staff=False, **fields)
    deputy.save()
    return deputy.user


def signed_in(user: AbstractUser) -> Client:
    client = Client()
    client.force_login(user)
    return client


def change(client: Client, old: str, new: str, **more: str) -> HttpResponse:
    data = {"old_password": old, "new_password1": new, "new_password2": new}
    return client.post(PAGE, {**data, **more})


# The rules -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("password", "asvs", "dengbao"),
    [
        (LONG, True, False),  # long, but of two kinds
        ("Mo-xiang1", False, True),  # short, of four kinds
        ("Moxiang-", False, True),  # eight, of three kinds
        ("Moxian-", False, False),
        ("123456789012345", True, False),
    ],
)
def test_each_profile_has_its_own_rules(profile, password: str, asvs: bool, dengbao: bool) -> None:
    profile("asvs")
    assert is_taken(password) is asvs
    profile("dengbao")
    assert is_taken(password) is dengbao


@pytest.mark.parametrize("name", ["asvs", "dengbao"])
def test_a_common_password_and_the_own_name_are_refused(profile, name: str) -> None:
    profile(name)
    user = world.make_user("linxiulan1975A")
    assert not is_taken("q1W2e3r4t5y6")
    assert not is_taken("linxiulan1975A", user)


def test_dengbao_refuses_the_last_five_and_takes_the_sixth(profile) -> None:
    profile("dengbao")
    user = world.make_user()
    words = [f"Ziran-2026-{number}" for number in range(6)]
    for word in words:
        user.set_password(word)
        user.save()
    assert [is_taken(word, user) for word in words] == [True, False, False, False, False, False]
    assert UsedPassword.objects.filter(user=user).count() == 5


def test_dengbao_refuses_the_password_in_use_though_it_was_never_noted(profile) -> None:
    profile("dengbao")
    user = world.make_user("Wangmin")
    assert not UsedPassword.objects.exists()
    user.last_name = ""
    assert not is_taken("Wangmin-2026", user)


def test_asvs_notes_passwords_and_refuses_none_of_them(profile) -> None:
    profile("asvs")
    user = world.make_user()
    user.set_password(LONG)
    user.save()
    assert is_taken(LONG, user)
    assert UsedPassword.objects.get().encoded == user.password


def test_signing_in_is_no_change_of_the_password() -> None:
    """Django hashes an old hash anew when somebody signs in."""
    make_deputy_account()
    Client().post("/account/sign-in/", {"username": "linxiulan", "password": "linxiulan-2026"})
    assert not UsedPassword.objects.exists()


# After ninety days ---------------------------------------------------------------------


def aged(user: AbstractUser, days: int) -> None:
    UsedPassword.objects.all().delete()
    since = timezone.now() - timedelta(days=days)
    UsedPassword.objects.create(user=user, encoded=user.password, since=since)


def test_dengbao_asks_for_a_new_one_after_ninety_days_at_the_next_page(profile) -> None:
    user = make_deputy_account()
    client = signed_in(user)
    profile("dengbao")
    aged(user, 89)
    assert not client.get("/desk/messages/").headers.get("Location", "").startswith(PAGE)
    aged(user, 91)
    answer = client.get("/desk/messages/")
    assert answer.url == f"{PAGE}?next=%2Fdesk%2Fmessages%2F"
    done = change(client, "linxiulan-2026", "Mo-xiang1", next="/desk/messages/")
    assert done.url == "/desk/messages/"
    assert not client.get("/desk/messages/").headers.get("Location", "").startswith(PAGE)


def test_an_account_of_which_nothing_is_noted_counts_from_its_beginning(profile) -> None:
    profile("dengbao")
    user = make_deputy_account(date_joined=timezone.now() - timedelta(days=100))
    assert signed_in(user).get("/desk/").url.startswith(PAGE)


def test_asvs_never_asks(profile) -> None:
    profile("asvs")
    user = make_deputy_account()
    aged(user, 4000)
    assert not signed_in(user).get("/desk/").headers.get("Location", "").startswith(PAGE)


# Changing it ---------------------------------------------------------------------------


def test_changing_it_ends_the_other_sign_ins_and_keeps_this_one() -> None:
    user = make_deputy_account()
    client, elsewhere = signed_in(user), signed_in(user)
    assert change(client, "linxiulan-2026", LONG).url == "/account/"
    assert client.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302
    assert user.sign_ins.filter(ended_at=None).count() == 1
    user.refresh_from_db()
    assert user.check_password(LONG)
    # Whoever did not do it learns of it.
    assert (Message.objects.get().recipient, Message.objects.get().email) == (user, user.email)


@pytest.mark.parametrize(("old", "new"), [("wrong", LONG), ("linxiulan-2026", "kurz")])
def test_a_wrong_old_one_or_a_weak_new_one_changes_nothing(old: str, new: str) -> None:
    user = make_deputy_account()
    assert change(signed_in(user), old, new).status_code == 200
    user.refresh_from_db()
    assert user.check_password("linxiulan-2026")


def test_whoever_finds_an_open_desk_does_not_guess_the_password_there() -> None:
    client = signed_in(make_deputy_account())
    for _attempt in range(site.AXES_FAILURE_LIMIT):
        change(client, "wrong", LONG)
    assert change(client, "linxiulan-2026", LONG).status_code == 429


def test_the_admins_own_page_leads_to_the_one_page() -> None:
    client = signed_in(world.make_member("administrator", "admin"))
    assert client.get("/admin/password_change/").url == PAGE


# By e-mail -----------------------------------------------------------------------------


@pytest.fixture
def mail(settings):
    settings.EMAIL_CONFIGURED = True
    settings.SITE_URL = "https://luoshi.test"


def ask(email: str, *, at: str = "203.0.113.7") -> HttpResponse:
    return Client().post(RESET, {"email": email}, REMOTE_ADDR=at)


def link() -> str:
    """The path of the link in the last message."""
    text = Message.objects.latest("pk").text
    found = re.search(r"https://luoshi\.test(/\S+)", text)
    assert found
    return found[1]


def follow(path: str, new: str) -> HttpResponse:
    client = Client()
    page = client.get(path, follow=True)
    where = page.redirect_chain[-1][0] if page.redirect_chain else path
    return client.post(where, {"new_password1": new, "new_password2": new})


def test_a_link_comes_by_e_mail_and_works_once(mail) -> None:
    user = make_deputy_account()
    open_elsewhere = signed_in(user)
    assert ask("Lin@yunping.gov.cn").url == "/account/password/reset/asked/"
    message = Message.objects.get()
    assert (message.email, message.kind, message.recipient) == (user.email, "account", None)
    path = link()
    assert follow(path, LONG).url == "/account/sign-in/"
    user.refresh_from_db()
    assert user.check_password(LONG)
    assert open_elsewhere.get("/account/").status_code == 302
    assert not user.sign_ins.filter(ended_at=None).exists()
    assert Message.objects.get(recipient=user).email == user.email
    assert follow(path, OTHER).status_code == 200
    user.refresh_from_db()
    assert user.check_password(LONG)


def test_a_link_grows_old(mail, settings) -> None:
    user = make_deputy_account()
    ask(user.email)
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert follow(link(), LONG).status_code == 200
    user.refresh_from_db()
    assert not user.check_password(LONG)


def test_the_answer_is_the_same_whether_the_address_is_known_or_not(mail) -> None:
    make_deputy_account()
    known, unknown = ask("lin@yunping.gov.cn"), ask("niemand@yunping.gov.cn")
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert known.content == unknown.content
    assert Message.objects.count() == 1


def test_nobody_without_an_open_account_gets_a_link(mail) -> None:
    make_deputy_account(is_active=False)
    ask("lin@yunping.gov.cn")
    assert not Message.objects.exists()


def test_a_mailbox_is_not_flooded_from_many_networks(mail) -> None:
    make_deputy_account()
    for number in range(6):
        ask("lin@yunping.gov.cn", at=f"198.51.{number}.7")
    assert Message.objects.count() == 3


def test_a_network_cannot_ask_for_ever(mail) -> None:
    answers = [ask(f"a{n}@yunping.gov.cn") for n in range(site.AXES_FAILURE_LIMIT + 1)]
    assert [a.status_code for a in answers[:-1]] == [302] * site.AXES_FAILURE_LIMIT
    assert answers[-1].status_code == 429
    assert ask("b@yunping.gov.cn", at="198.51.100.7").status_code == 302


def test_a_new_password_by_e_mail_lifts_the_lock(mail) -> None:
    user = make_deputy_account()
    data = {"username": "linxiulan", "password": "wrong"}
    for _attempt in range(site.AXES_FAILURE_LIMIT):
        Client().post("/account/sign-in/", data)
    ask(user.email)
    follow(link(), LONG)
    answer = Client().post("/account/sign-in/", {**data, "password": LONG})
    assert answer.status_code == 302


def test_without_a_mail_server_the_page_says_whom_to_ask() -> None:
    page = Client().get("/account/sign-in/")
    assert RESET not in page.content.decode()
    assert Client().get(RESET).status_code == 404


def test_with_a_mail_server_the_page_leads_there(mail) -> None:
    assert RESET in Client().get("/account/sign-in/").content.decode()


# Given by an administrator ---------------------------------------------------------------


def give_link(client: Client, user: AbstractUser) -> HttpResponse:
    page = client.get(f"/admin/auth/user/{user.pk}/password/")
    marks = page.context["form_marks"] if page.status_code == 200 else {}
    return client.post(f"/admin/auth/user/{user.pk}/password/", marks)


def new_account(name: str = "xinren", **fields) -> AbstractUser:
    """As the administrator has opened it: without a password."""
    user = world.make_user(name, is_staff=False, **fields)
    user.set_unusable_password()
    user.save()
    return user


def test_who_gets_an_account_chooses_the_password_by_a_link(mail) -> None:
    user = new_account(email="xinren@yunping.gov.cn")
    administrator = signed_in(world.make_member(Role.ADMINISTRATOR, "admin"))
    assert Message.objects.count() == 0
    given = give_link(administrator, user)
    assert given.url == f"/admin/auth/user/{user.pk}/change/"
    assert Message.objects.get().email == user.email
    # Nothing of the link is shown to whoever gives it.
    assert link() not in administrator.get(given.url).content.decode()
    assert follow(link(), LONG).url == "/account/sign-in/"
    user.refresh_from_db()
    assert user.check_password(LONG)
    assert LogEntry.objects.filter(object_id=str(user.pk)).exists()


def test_who_read_the_first_link_too_late_asks_for_another(mail) -> None:
    user = new_account(email="xinren@yunping.gov.cn")
    ask(user.email)
    assert follow(link(), LONG).url == "/account/sign-in/"


def test_without_e_mail_the_link_is_shown_once(settings) -> None:
    settings.EMAIL_CONFIGURED, settings.SITE_URL = False, "https://luoshi.test"
    user = new_account(email="xinren@yunping.gov.cn")
    administrator = signed_in(world.make_member(Role.ADMINISTRATOR, "admin"))
    page = give_link(administrator, user)
    shown = page.context["link"]
    assert shown in page.content.decode()
    assert "<svg" in page.content.decode()
    assert not Message.objects.exists()
    again = administrator.get(f"/admin/auth/user/{user.pk}/password/")
    assert "link" not in again.context
    assert follow(shown.removeprefix("https://luoshi.test"), LONG).url == "/account/sign-in/"
    assert follow(shown.removeprefix("https://luoshi.test"), OTHER).status_code == 200


def test_nobody_but_an_administrator_gives_links_and_nobody_chooses_for_another() -> None:
    user = new_account()
    clerk = signed_in(world.make_member(Role.CLERK, "wangmin"))
    assert give_link(clerk, user).status_code in (403, 404)
    chief = world.make_member(Role.ADMINISTRATOR, "admin")
    administrator = signed_in(chief)
    own = administrator.get(f"/admin/auth/user/{chief.pk}/password/")
    assert own.url == "/account/password/"
    words = {"password1": LONG, "password2": LONG, "usable_password": "true"}
    marks = administrator.get(f"/admin/auth/user/{user.pk}/password/").context["form_marks"]
    administrator.post(f"/admin/auth/user/{user.pk}/password/", {**marks, **words})
    user.refresh_from_db()
    assert not user.has_usable_password()


def test_a_new_account_is_not_called_like_another_signs_in() -> None:
    world.make_user("lin", email="lin@yunping.gov.cn")
    administrator = signed_in(world.make_member(Role.ADMINISTRATOR, "admin"))
    page = administrator.get("/admin/auth/user/add/")
    assert "password1" not in page.content.decode()
    for name in ("LIN", "lin@yunping.gov.cn"):
        data = {"username": name, **page.context["form_marks"]}
        assert administrator.post("/admin/auth/user/add/", data).status_code == 200
    assert get_user_model().objects.count() == 2
