"""Signing in as it stands in a browser: by keyboard alone, on a phone, without a barrier."""

from __future__ import annotations

import pytest
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import expect

from access.rights import Role
from tests import world
from tests.sitting import DESK, PHONE, Sit, app, arrived, fits, is_for_all, press, tab_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FACTOR = "/account/second-factor/"
OUTSIDE = ["/account/sign-in/", "/account/password/reset/", "/account/password/reset/asked/"]
OUTSIDE += ["/account/password/reset/MQ/none/"]
INSIDE = ["/account/", "/account/password/", "/account/email/", FACTOR]
WITH_FACTOR = [FACTOR, f"{FACTOR}codes/", f"{FACTOR}remove/"]


def test_set_up_and_signed_in_by_the_keyboard_alone(sit: Sit) -> None:
    user = world.make_member(Role.CLERK, "wangmin")
    page = sit(None, PHONE, at="/account/sign-in/")

    def name_and_password() -> None:
        arrived(page, "/account/sign-in/")
        tab_to(page, "#id_username")
        page.keyboard.type("wangmin")
        tab_to(page, "#id_password")
        page.keyboard.type("wangmin-2026")
        press(page, "#id_password")

    name_and_password()
    arrived(page, "/admin/")

    page.goto(FACTOR)
    key = page.locator(".typed-key").inner_text()
    tab_to(page, "#id_code")
    page.keyboard.type(app(key))
    press(page, "#id_code")
    expect(page.locator(".codes li")).to_have_count(10)
    backup = page.locator(".codes li").first.inner_text()

    press(page, "form[action='/account/sign-out/'] button")
    name_and_password()
    expect(page.locator("#id_code")).to_be_focused()
    page.keyboard.type(app(key, after=TOTPDevice.objects.get()))
    press(page, "#id_code")
    arrived(page, "/admin/")
    assert TOTPDevice.objects.get(user=user).confirmed

    page.goto("/account/")
    press(page, "form[action='/account/sign-out/'] button")
    name_and_password()
    expect(page.locator("#id_code")).to_be_focused()
    page.keyboard.type(backup)
    press(page, "#id_code")
    arrived(page, "/admin/")


def test_the_picture_is_drawn_and_large_enough_to_be_read(sit: Sit) -> None:
    page = sit(world.make_member(Role.CLERK, "wangmin"), PHONE, at=FACTOR)
    box = page.locator(".scan svg").bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 200


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_no_page_has_a_barrier_or_is_wider_than_its_window(sit: Sit, settings, width: int) -> None:
    settings.EMAIL_CONFIGURED = True
    user = world.make_member(Role.CLERK, "wangmin")
    other = world.make_member(Role.CLERK, "chenli")
    TOTPDevice.objects.create(user=other, name="app", confirmed=True)
    pages = [(path, None) for path in OUTSIDE] + [(path, user) for path in INSIDE]
    for path, who in [*pages, *((path, other) for path in WITH_FACTOR)]:
        page = sit(who, width, at=path, bypass_csp=True)
        is_for_all(page)
        fits(page)
        page.context.close()


def test_the_second_step_has_no_barrier(sit: Sit) -> None:
    TOTPDevice.objects.create(user=world.make_user(), name="app", confirmed=True)
    page = sit(None, PHONE, at="/account/sign-in/", bypass_csp=True)
    page.fill("#id_username", "wangmin")
    page.fill("#id_password", "wrong")
    press(page, "#id_password")
    expect(page.locator("[role=alert]")).to_be_visible()
    is_for_all(page)
    page.fill("#id_password", "wangmin-2026")
    press(page, "#id_password")
    expect(page.locator("#id_code")).to_be_visible()
    is_for_all(page)


def test_what_a_finger_meets_is_large_enough(sit: Sit) -> None:
    page = sit(None, PHONE, at="/account/sign-in/")
    for name in ("#id_username", "#id_password", "form.sheetform button"):
        box = page.locator(name).bounding_box()
        assert box is not None
        assert box["height"] >= 44
