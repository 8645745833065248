"""The second factor: nobody is in before the code was right, and a lost phone is no dead end."""

from __future__ import annotations

import re
import time
from base64 import b32encode
from binascii import unhexlify
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import AbstractUser
from django.core.checks import run_checks
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from access.rights import Role
from accounts import second_factor
from accounts.changes import BACKUP_CODES, FACTOR_SET_UP, FACTOR_TAKEN_OFF
from accounts.sessions import BEGAN, FRESH_FOR
from accounts.signing_in import PENDING, PENDING_FOR
from clerkadmin import drafts, tokens
from clerkadmin.models import FormDraft
from notifications.models import Message
from tests import world
from tests.admin_pages import change_address

pytestmark = pytest.mark.django_db

PAGE, CODE, SET_UP = "/account/sign-in/", "/account/sign-in/code/", "/account/second-factor/"
CODES, REMOVE = "/account/second-factor/codes/", "/account/second-factor/remove/"
KEY = "3132333435363738393031323334353637383930"


def code_of(key: str = KEY, *, steps: int = 0) -> str:
    """What the app shows now, or so many half minutes later."""
    clock = TOTP(unhexlify(key))
    clock.time = time.time() + steps * 30
    return f"{clock.token():06d}"


def make_clerk(name: str = "wangmin") -> AbstractUser:
    return world.make_member(Role.CLERK, name)


def with_factor(user: AbstractUser) -> list[str]:
    """That account has an app, and backup codes."""
    TOTPDevice.objects.create(user=user, name="app", key=KEY, confirmed=True)
    return second_factor.new_backup_codes(user)


def first_step(client: Client, name: str = "wangmin", **more: str) -> HttpResponse:
    return client.post(PAGE, {"username": name, "password": f"{name}-2026", **more})


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def forget_throttle() -> None:
    """Time has passed since the last wrong code."""
    for device in TOTPDevice.objects.all():
        device.throttle_reset()


# Signing in ----------------------------------------------------------------------------


def test_the_password_alone_opens_nothing() -> None:
    with_factor(make_clerk())
    client = Client()
    page = first_step(client)
    assert page.status_code == 200
    assert page.templates[0].name == "accounts/code.html"
    assert not is_signed_in(client)
    assert client.get("/admin/").status_code == 302
    assert client.get("/account/").status_code == 302
    assert set(client.session.keys()) == {PENDING}


def test_the_code_of_the_app_opens_the_desk_and_works_once() -> None:
    with_factor(make_clerk())
    client, code = Client(), code_of()
    first_step(client)
    assert client.post(CODE, {"code": f" {code[:3]} {code[3:]} "}).url == "/admin/"
    assert is_signed_in(client)
    assert PENDING not in client.session
    again = Client()
    first_step(again)
    assert again.post(CODE, {"code": code}).status_code == 200
    assert not is_signed_in(again)


def test_a_backup_code_works_once() -> None:
    code, *_others = with_factor(make_clerk())
    for is_first in (True, False):
        client = Client()
        first_step(client)
        client.post(CODE, {"code": code.upper()})
        assert is_signed_in(client) is is_first
    assert second_factor.codes_left(make_clerk()) == 9


def test_who_reads_the_table_of_backup_codes_can_use_none() -> None:
    user = make_clerk()
    codes = with_factor(user)
    kept = list(StaticToken.objects.values_list("token", flat=True))
    assert len(set(kept)) == len(codes)
    assert not set(kept) & set(codes)
    assert second_factor.device_of_code(user, kept[0]) is None
    # Nor are they another's: the same code is kept otherwise for each account.
    StaticToken.objects.update(device=StaticDevice.objects.create(user=make_clerk("chenli")))
    assert second_factor.device_of_code(make_clerk("chenli"), codes[0]) is None


def test_a_code_without_the_first_step_opens_nothing() -> None:
    with_factor(make_clerk())
    client = Client()
    page = client.post(CODE, {"code": code_of()})
    assert page.templates[0].name == "accounts/sign_in.html"
    assert not is_signed_in(client)


def test_the_code_of_another_account_opens_nothing() -> None:
    with_factor(make_clerk())
    other = make_clerk("chenli")
    TOTPDevice.objects.create(user=other, name="app", key=KEY[::-1], confirmed=True)
    client = Client()
    first_step(client, "chenli")
    client.post(CODE, {"code": code_of()})
    assert not is_signed_in(client)


def test_the_first_step_is_forgotten_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    with_factor(make_clerk())
    client = Client()
    first_step(client)
    session = client.session
    session[PENDING] = {**session[PENDING], "until": session[PENDING]["until"] - PENDING_FOR - 1}
    session.save()
    client.post(CODE, {"code": code_of()})
    assert not is_signed_in(client)


def test_the_first_step_is_worth_nothing_once_the_password_or_the_account_is_closed() -> None:
    user = make_clerk()
    with_factor(user)
    client, other = Client(), Client()
    first_step(client)
    first_step(other)
    user.set_password("ein-anderes-2026")
    user.save()
    client.post(CODE, {"code": code_of()})
    assert not is_signed_in(client)
    user.is_active = False
    user.save()
    other.post(CODE, {"code": code_of()})
    assert not is_signed_in(other)


def test_whoever_guesses_codes_waits_longer_and_longer() -> None:
    with_factor(make_clerk())
    client = Client()
    first_step(client)
    wrong = "000000" if code_of() != "000000" else "111111"
    for _attempt in range(3):
        client.post(CODE, {"code": wrong})
        device = TOTPDevice.objects.get()
    assert not device.verify_is_allowed()[0]
    client.post(CODE, {"code": code_of()})
    assert not is_signed_in(client)
    forget_throttle()
    client.post(CODE, {"code": code_of()})
    assert is_signed_in(client)


def test_wrong_codes_lock_the_network_as_wrong_passwords_do() -> None:
    with_factor(make_clerk())
    client = Client()
    first_step(client)
    for _attempt in range(settings.AXES_FAILURE_LIMIT):
        answer = client.post(CODE, {"code": "abcd-2345"})
    assert answer.status_code == 429
    forget_throttle()
    assert client.post(CODE, {"code": code_of()}).status_code == 429
    assert not is_signed_in(client)


def test_what_was_typed_goes_through_both_steps() -> None:
    user = make_clerk()
    with_factor(user)
    address = change_address(world.make_reply())
    client = Client()
    page = client.post(address, {**tokens.form_marks(user), "text": "甲"})
    luggage = {"next": page.context["next"], "_held": page.context["held"]}
    second = first_step(client, **luggage)
    luggage = {"next": second.context["next"], "_held": second.context["held"]}
    wrong = client.post(CODE, {"code": "abcd2345", **luggage})
    assert wrong.context["held"] == page.context["held"]
    answer = client.post(CODE, {"code": code_of(), **luggage})
    assert answer.url == drafts.with_draft(address)
    assert FormDraft.objects.get().data["fields"]["text"] == ["甲"]


def test_the_page_that_was_asked_for_comes_after_both_steps() -> None:
    with_factor(make_clerk())
    client = Client()
    page = first_step(client, next="/admin/proposals/proposal/")
    answer = client.post(CODE, {"code": code_of(), "next": page.context["next"]})
    assert answer.url == "/admin/proposals/proposal/"


# Setting it up -------------------------------------------------------------------------


def set_up(client: Client, *, at: str = SET_UP, **more: str) -> HttpResponse:
    """As the page asks: read the key that it shows, type what the app then shows."""
    client.get(at)
    key = client.session["second_factor_key"]
    return client.post(at, {"code": code_of(key), **more})


def signed_in(user: AbstractUser) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_setting_it_up_shows_picture_and_key_and_ten_codes_once() -> None:
    user = make_clerk()
    client = signed_in(user)
    page = client.get(SET_UP).content.decode()
    shown = second_factor.key_in_words(client.session["second_factor_key"])
    assert shown in page
    assert "<svg" in page
    assert "style=" not in page
    assert not TOTPDevice.objects.exists()
    answer = set_up(client)
    assert answer.url == CODES
    codes = client.get(CODES).context["codes"]
    assert len(set(codes)) == 10
    assert codes[0] not in client.get(CODES).content.decode()
    assert second_factor.is_set_up(user)
    assert client.get("/admin/").status_code == 200


def test_an_app_on_the_same_device_is_opened_by_a_link() -> None:
    client = Client()
    client.force_login(make_clerk())
    page = client.get(SET_UP, {"next": "/desk/"}).content.decode()
    address = re.search(r'href="(otpauth://totp/[^"]+)"', page)
    assert address
    key = b32encode(unhexlify(client.session["second_factor_key"])).decode()
    assert f"secret={key}" in address[1]
    assert '<a class="more" href="/desk/">' in page


def test_a_wrong_code_sets_nothing_up() -> None:
    client = signed_in(make_clerk())
    client.get(SET_UP)
    assert client.post(SET_UP, {"code": "abcdef"}).status_code == 200
    assert not TOTPDevice.objects.exists()


def test_whoever_finds_a_desk_open_sets_nothing_up_without_the_password() -> None:
    client = signed_in(make_clerk())
    session = client.session
    session[BEGAN] -= FRESH_FOR
    session.save()
    assert 'name="password"' in client.get(SET_UP).content.decode()
    code = code_of(client.session["second_factor_key"])
    for password in ({}, {"password": "wrong"}):
        assert client.post(SET_UP, {"code": code, **password}).status_code == 200
        assert not TOTPDevice.objects.exists()
    assert client.post(SET_UP, {"code": code, "password": "wangmin-2026"}).url == CODES


def test_the_code_that_set_it_up_does_not_sign_in() -> None:
    client = signed_in(make_clerk())
    client.get(SET_UP)
    code = code_of(client.session["second_factor_key"])
    client.post(SET_UP, {"code": code})
    thief = Client()
    first_step(thief)
    thief.post(CODE, {"code": code})
    assert not is_signed_in(thief)


def test_setting_it_up_ends_the_other_sign_ins() -> None:
    user = make_clerk()
    client, elsewhere = signed_in(user), signed_in(user)
    assert elsewhere.get("/admin/").status_code == 200
    set_up(client)
    assert elsewhere.get("/admin/").status_code == 302


def test_new_backup_codes_need_the_password_and_end_the_old_ones() -> None:
    user = make_clerk()
    old, *_others = with_factor(user)
    client = signed_in(user)
    assert client.post(CODES, {"password": "wrong"}).status_code == 200
    assert client.post(CODES, {"password": "wangmin-2026"}).url == CODES
    assert old not in client.get(CODES).context["codes"]
    assert second_factor.device_of_code(user, old) is None


@pytest.mark.parametrize("is_right", [(True, False), (False, True), (True, True)])
def test_taking_it_off_needs_the_password_and_a_code(is_right: tuple[bool, bool]) -> None:
    user = make_clerk()
    with_factor(user)
    client = signed_in(user)
    password, code = is_right
    data = {"password": "wangmin-2026" if password else "wrong"}
    client.post(REMOVE, {**data, "code": code_of() if code else "abcd2345"})
    assert second_factor.is_set_up(user) is not (password and code)
    assert second_factor.codes_left(user) == (0 if password and code else 10)


def test_its_owner_is_told_of_each_change_by_e_mail_too(client: Client) -> None:
    user = make_clerk()
    user.email = "wang@bureau.cn"
    user.save()
    client.force_login(user)
    set_up(client)
    client.get(CODES)
    client.post(CODES, {"password": "wangmin-2026"})
    codes = client.get(CODES).context["codes"]
    client.post(REMOVE, {"password": "wangmin-2026", "code": codes[0]})
    assert not second_factor.is_set_up(user)
    told = Message.objects.filter(recipient=user, email=user.email).order_by("pk")
    with translation.override(settings.LANGUAGE_CODE):
        changes = (FACTOR_SET_UP, BACKUP_CODES, FACTOR_TAKEN_OFF)
        assert [message.subject for message in told] == [str(change) for change in changes]
    assert not any(code in message.text for message in told for code in codes)


# Where it is required ------------------------------------------------------------------


def test_where_it_is_required_every_page_leads_to_setting_it_up(settings) -> None:
    user = make_clerk()
    client = signed_in(user)
    assert client.get("/admin/").status_code == 200
    settings.SECOND_FACTOR = "staff"
    answer = client.get("/admin/proposals/proposal/?q=x")
    assert answer.url == f"{SET_UP}?next=%2Fadmin%2Fproposals%2Fproposal%2F%3Fq%3Dx"
    set_up(client, next="/admin/proposals/proposal/?q=x")
    assert client.get(CODES).context["go_on"] == "/admin/proposals/proposal/?q=x"
    assert client.get("/admin/proposals/proposal/?q=x").status_code == 200


def test_a_form_that_was_under_way_is_kept(settings) -> None:
    user = make_clerk()
    client = signed_in(user)
    address = change_address(world.make_reply())
    settings.SECOND_FACTOR = "staff"
    answer = client.post(address, {**tokens.form_marks(user), "text": "甲"})
    assert "draft%3D1" in answer.url
    assert FormDraft.objects.get().data["fields"]["text"] == ["甲"]


def test_who_signed_in_before_with_the_password_alone_signs_in_anew(settings) -> None:
    user = make_clerk()
    client = signed_in(user)
    with_factor(user)
    settings.SECOND_FACTOR = "staff"
    assert client.get("/admin/").url == f"{PAGE}?next=/admin/"
    assert not is_signed_in(client)


@pytest.mark.parametrize(("rule", "is_led"), [("staff", False), ("everybody", True)])
def test_deputies_need_it_only_where_everybody_does(settings, rule: str, is_led: bool) -> None:
    deputy = world.make_deputy()
    deputy.user = world.make_user("linxiulan", is_staff=False)
    deputy.save()
    settings.SECOND_FACTOR = rule
    answer = signed_in(deputy.user).get("/desk/messages/")
    assert answer.headers.get("Location", "").startswith(SET_UP) is is_led


def test_who_owes_something_can_still_sign_out_and_change_the_password(settings) -> None:
    settings.SECOND_FACTOR = "everybody"
    client = signed_in(make_clerk())
    assert client.get("/account/password/").status_code == 200
    assert client.post("/account/sign-out/").url == PAGE


def test_the_deploy_check_warns_where_it_is_optional(settings) -> None:
    def warned() -> bool:
        found = run_checks(include_deployment_checks=True, tags=["security"])
        return "luoshi.W002" in {message.id for message in found}

    settings.DEBUG = False
    settings.SECOND_FACTOR = "optional"
    assert warned()
    settings.SECOND_FACTOR = "staff"
    assert not warned()
    settings.DEBUG, settings.SECOND_FACTOR = True, "optional"
    assert not warned()


# A lost phone --------------------------------------------------------------------------


def take_off(client: Client, user: AbstractUser, **data: str) -> HttpResponse:
    address = reverse("admin:auth_user_move", args=["take_off_second_factor"]) + f"?ids={user.pk}"
    page = client.get(address)
    marks = page.context["form_marks"] if page.status_code == 200 else {}
    return client.post(address, {**marks, **data})


def test_an_administrator_takes_it_off_with_a_reason_and_the_log_tells() -> None:
    administrator = world.make_member(Role.ADMINISTRATOR, "admin")
    user = make_clerk()
    with_factor(user)
    open_elsewhere, client = signed_in(user), signed_in(administrator)
    assert take_off(client, user, reason="").status_code == 200
    assert second_factor.is_set_up(user)
    assert take_off(client, user, reason="手机丢失，已电话核实").status_code == 302
    assert not second_factor.is_set_up(user)
    assert open_elsewhere.get("/admin/").status_code == 302
    assert Message.objects.get().recipient == user
    entry = LogEntry.objects.get(object_id=str(user.pk))
    assert entry.user == administrator
    assert "手机丢失，已电话核实" in entry.change_message


def test_nobody_takes_off_the_own_and_no_clerk_anybodys() -> None:
    administrator = world.make_member(Role.ADMINISTRATOR, "admin")
    with_factor(administrator)
    assert take_off(signed_in(administrator), administrator, reason="x").status_code == 404
    clerk = make_clerk()
    assert take_off(signed_in(clerk), administrator, reason="x").status_code in (403, 404)
    assert second_factor.is_set_up(administrator)


def test_a_superuser_is_out_of_the_administrators_reach() -> None:
    chief = world.make_user("chief", is_superuser=True)
    with_factor(chief)
    administrator = world.make_member(Role.ADMINISTRATOR, "admin")
    assert take_off(signed_in(administrator), chief, reason="x").status_code == 404
    assert second_factor.is_set_up(chief)


def test_keys_and_codes_have_no_page_in_the_admin() -> None:
    client = signed_in(world.make_user("chief", is_superuser=True))
    for kind in ("otp_totp/totpdevice", "otp_static/staticdevice"):
        assert client.get(f"/admin/{kind}/").status_code == 404


def test_an_old_code_is_not_taken() -> None:
    user = make_clerk()
    with_factor(user)
    assert second_factor.device_of_code(user, code_of(steps=-4)) is None
    forget_throttle()
    assert second_factor.device_of_code(user, code_of()) is not None
    assert timedelta(seconds=PENDING_FOR) <= timedelta(minutes=10)
