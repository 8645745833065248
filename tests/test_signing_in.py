"""One page to sign in for everybody: by name or e-mail, with a lock that shuts nobody else out."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from access.rights import Role
from clerkadmin import drafts, tokens
from clerkadmin.models import FormDraft
from tests import world

pytestmark = pytest.mark.django_db

PAGE = "/account/sign-in/"
HERE, NEXT_DOOR, ELSEWHERE = "203.0.113.7", "203.0.113.9", "198.51.100.7"


def make_deputy_account(username: str = "linxiulan", **fields: object) -> Client:
    """林秀兰 has an account; nobody is signed in yet."""
    fields.setdefault("is_staff", False)
    fields.setdefault("email", "lin@yunping.example.org")
    user = world.make_user(username, **fields)
    deputy = world.make_deputy()
    deputy.user = user
    deputy.save()
    return Client()


def sign_in(
    client: Client, name: str, password: str, *, at: str = HERE, **more: str
) -> HttpResponse:
    data = {"username": name, "password": password, **more}
    return client.post(PAGE, data, REMOTE_ADDR=at)


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


# Who one is ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["linxiulan", "lin@yunping.example.org", "LIN@yunping.Example.org"]
)
def test_a_deputy_signs_in_by_name_or_by_e_mail_and_lands_at_the_desk(name: str) -> None:
    client = make_deputy_account()
    answer = sign_in(client, name, "linxiulan-2026")
    assert (answer.status_code, answer.url) == (302, "/desk/")
    assert is_signed_in(client)


def test_a_clerk_lands_in_the_admin() -> None:
    world.make_member(Role.CLERK, "wangmin")
    assert sign_in(Client(), "wangmin", "wangmin-2026").url == "/admin/"


def test_who_has_no_desk_lands_at_the_own_account() -> None:
    world.make_user("nobody", is_staff=False)
    assert sign_in(Client(), "nobody", "nobody-2026").url == "/account/"


def test_an_e_mail_that_two_share_signs_nobody_in_and_a_closed_account_does_not_count() -> None:
    client = make_deputy_account()
    other = world.make_user("wangmin", email="lin@yunping.example.org")
    assert sign_in(client, "lin@yunping.example.org", "linxiulan-2026").status_code == 200
    assert not is_signed_in(client)
    other.is_active = False
    other.save()
    assert sign_in(client, "lin@yunping.example.org", "linxiulan-2026").status_code == 302
    assert sign_in(Client(), "wangmin", "wangmin-2026").status_code == 200


def test_a_user_name_that_looks_like_anothers_e_mail_opens_only_its_own_account() -> None:
    client = make_deputy_account()
    world.make_user("lin@yunping.example.org", is_staff=False)
    assert not sign_in(client, "lin@yunping.example.org", "linxiulan-2026").headers.get("Location")


def test_a_wrong_password_and_a_name_that_is_nobodys_get_the_same_words() -> None:
    client = make_deputy_account()
    pages = [sign_in(client, name, "wrong") for name in ("linxiulan", "niemand")]
    told = [list(page.context["form"].non_field_errors()) for page in pages]
    assert told[0] == told[1] != []


# Where one goes ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "goes"),
    [
        ("/desk/messages/?page=2", "/desk/messages/?page=2"),
        ("https://evil.example/desk/", "/desk/"),
        ("//evil.example/", "/desk/"),
        ("javascript:alert(1)", "/desk/"),
    ],
)
def test_signing_in_leads_on_within_the_own_site_alone(asked: str, goes: str) -> None:
    client = make_deputy_account()
    assert sign_in(client, "linxiulan", "linxiulan-2026", next=asked).url == goes


def test_the_admins_own_sign_in_page_leads_to_the_one_page() -> None:
    answer = Client().get("/admin/login/?next=/admin/proposals/proposal/")
    assert answer.url == f"{PAGE}?next=%2Fadmin%2Fproposals%2Fproposal%2F"
    page = Client().get(answer.url)
    assert page.context["next"] == "/admin/proposals/proposal/"


def test_a_page_that_is_not_for_the_account_ends_at_a_sentence_and_not_in_a_circle() -> None:
    client = make_deputy_account()
    sign_in(client, "linxiulan", "linxiulan-2026")
    page = client.get("/admin/", follow=True)
    assert page.status_code == 200
    assert page.context["own_desk"] == "/desk/"
    assert client.get(PAGE).url == "/desk/"


def test_signing_out_is_a_form_and_leaves_nothing_behind() -> None:
    client = make_deputy_account()
    sign_in(client, "linxiulan", "linxiulan-2026")
    assert client.get("/account/sign-out/").status_code == 405
    assert is_signed_in(client)
    assert client.post("/account/sign-out/").url == PAGE
    assert not is_signed_in(client)
    assert client.get("/account/").url == f"{PAGE}?next=/account/"


@pytest.mark.parametrize("path", [PAGE, "/account/", "/desk/", "/admin/login/"])
def test_no_store_keeps_a_page_of_signing_in(path: str) -> None:
    assert "no-store" in Client().get(path).headers["Cache-Control"]


def test_a_session_that_somebody_knew_before_is_not_the_one_that_is_signed_in() -> None:
    client = make_deputy_account()
    client.session.save()
    before = client.session.session_key
    sign_in(client, "linxiulan", "linxiulan-2026")
    assert client.session.session_key != before


# The lock ------------------------------------------------------------------------------


def lock(name: str, *, at: str = HERE) -> HttpResponse:
    for _attempt in range(settings.AXES_FAILURE_LIMIT):
        answer = sign_in(Client(), name, "wrong", at=at)
    return answer


def test_too_many_wrong_passwords_lock_the_account_for_that_network() -> None:
    make_deputy_account()
    assert lock("linxiulan").status_code == 429
    client = Client()
    answer = sign_in(client, "linxiulan", "linxiulan-2026", at=NEXT_DOOR)
    assert answer.status_code == 429
    assert not is_signed_in(client)


def test_nobody_locks_another_person_out_from_elsewhere() -> None:
    make_deputy_account()
    lock("linxiulan")
    assert sign_in(Client(), "linxiulan", "linxiulan-2026", at=ELSEWHERE).status_code == 302


def test_a_colleague_in_the_same_office_is_not_locked() -> None:
    make_deputy_account()
    world.make_member(Role.CLERK, "wangmin")
    lock("linxiulan")
    assert sign_in(Client(), "wangmin", "wangmin-2026").status_code == 302


def test_name_and_e_mail_are_counted_as_one() -> None:
    make_deputy_account()
    for number in range(settings.AXES_FAILURE_LIMIT):
        name = "linxiulan" if number % 2 else "lin@yunping.example.org"
        answer = sign_in(Client(), name, "wrong")
    assert answer.status_code == 429


def test_the_lock_does_not_tell_whether_the_account_exists() -> None:
    make_deputy_account()
    answers = [lock(name) for name in ("linxiulan", "niemand", "niemand@example.org")]
    told = [(a.status_code, a.context["form"].non_field_errors()) for a in answers]
    assert told[0] == told[1] == told[2]
    assert told[0][0] == 429


def test_who_is_right_in_the_end_begins_anew() -> None:
    make_deputy_account()
    for _round in range(2):
        for _attempt in range(settings.AXES_FAILURE_LIMIT - 1):
            sign_in(Client(), "linxiulan", "wrong")
        assert sign_in(Client(), "linxiulan", "linxiulan-2026").status_code == 302


def test_a_forged_header_makes_nobody_another_network() -> None:
    make_deputy_account()
    for number in range(settings.AXES_FAILURE_LIMIT):
        client = Client(headers={"x-forwarded-for": f"192.0.{number}.1"})
        answer = sign_in(client, "linxiulan", "wrong")
    assert answer.status_code == 429


def test_who_comes_from_nowhere_is_counted_too() -> None:
    make_deputy_account()
    assert lock("linxiulan", at="").status_code == 429


def test_wrong_attempts_are_forgotten_once_they_count_no_more(settings) -> None:
    sign_in(Client(), "wangmin", "wrong")
    call_command("tidy_accounts", verbosity=0)
    assert AccessAttempt.objects.count() == 1
    settings.AXES_COOLOFF_TIME = timedelta(0)
    call_command("tidy_accounts", verbosity=0)
    assert not AccessAttempt.objects.exists()


def test_what_is_written_down_of_an_attempt_holds_no_secret() -> None:
    make_deputy_account()
    sign_in(Client(), "linxiulan", "geheim-1", next="/desk/proposals/k9x/", _held="entwurf-1")
    attempt = AccessAttempt.objects.get()
    kept = f"{attempt.get_data} {attempt.post_data}"
    assert not [word for word in ("geheim-1", "k9x", "entwurf-1") if word in kept]


# What was typed before -----------------------------------------------------------------

FORM = "/desk/write/"


def posted_without_session(client: Client, user: object, **typed: str) -> HttpResponse:
    return client.post(FORM, {**tokens.form_marks(user), **typed})


def test_a_deputys_form_that_arrives_too_late_is_there_after_signing_in() -> None:
    client = make_deputy_account()
    user = world.make_user("linxiulan")
    page = posted_without_session(client, user, title="关于增设候车亭的建议")
    assert page.status_code == 403
    assert not FormDraft.objects.exists()
    data = {name: page.context[name] for name in ("next",)} | {"_held": page.context["held"]}
    wrong = sign_in(client, "linxiulan", "wrong", **data)
    assert wrong.context["held"] == page.context["held"]
    answer = sign_in(client, "linxiulan", "linxiulan-2026", **data)
    assert answer.url == drafts.with_draft(FORM)
    assert FormDraft.objects.get().data["fields"]["title"] == ["关于增设候车亭的建议"]


def test_what_one_deputy_has_typed_is_not_handed_to_another() -> None:
    client = make_deputy_account()
    other = world.make_user("zhoujianguo", is_staff=False)
    page = posted_without_session(client, other, title="机密")
    data = {"next": page.context["next"], "_held": page.context["held"]}
    assert sign_in(client, "linxiulan", "linxiulan-2026", **data).url == FORM
    assert not FormDraft.objects.exists()


def test_only_pages_of_the_desks_keep_what_was_typed() -> None:
    user = world.make_user()
    assert drafts.keep(user, "/account/password/", {"name": ["x"]}) is None
    assert drafts.keep(user, FORM, {"name": ["x"]}) is not None


# The page of the own account -----------------------------------------------------------


def test_the_account_page_leads_to_what_everybody_can_change() -> None:
    client = make_deputy_account()
    sign_in(client, "linxiulan", "linxiulan-2026")
    page = client.get("/account/").content.decode()
    names = (
        "accounts:password",
        "accounts:second_factor",
        "accounts:sign_ins",
        "accounts:notices",
    )
    assert all(f'href="{reverse(name)}"' in page for name in names)
    assert re.search(r'<form class="language" action="[^"]+" method="post"', page)
