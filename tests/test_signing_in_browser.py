"""Signing in as it stands in a browser: by keyboard alone, on a phone, without a barrier."""

from __future__ import annotations

import re
import time
from base64 import b32decode
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import Browser, Page, expect

from access.rights import Role
from tests import world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE, DESK = 375, 1280
PATIENCE = 30_000
FACTOR = "/account/second-factor/"
OUTSIDE = ["/account/sign-in/", "/account/password/reset/", "/account/password/reset/asked/"]
OUTSIDE += ["/account/password/reset/MQ/none/"]
INSIDE = ["/account/", "/account/password/", FACTOR]
WITH_FACTOR = [FACTOR, f"{FACTOR}codes/", f"{FACTOR}remove/"]
Open = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, live_server) -> Iterator[Open]:
    """Opens a page as somebody; an error in the browser's console fails the test."""
    contexts = []

    def open_page(path: str, user: object = None, width: int = PHONE, **facts) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 850}, base_url=live_server.url, **facts
        )
        contexts.append(context)
        if user is not None:
            client = Client()
            client.force_login(user)
            name = settings.SESSION_COOKIE_NAME
            cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}
            context.add_cookies([cookie])
        page = context.new_page()
        page.on("console", lambda m: said.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(path)
        return page

    said: list[str] = []
    yield open_page
    for context in contexts:
        context.close()
    assert not said


def app(key: str, *, after: TOTPDevice | None = None) -> str:
    """What the authenticator app shows now; or in the half minute after the last used code."""
    clock = TOTP(b32decode(key.replace(" ", "")))
    # Counted from that code, not from the clock: the half minute may end at any moment.
    clock.time = 30 * (after.last_t + 1) if after else time.time()
    return f"{clock.token():06d}"


def arrived(page: Page, path: str) -> None:
    """The page is there: a password takes a while to be hashed."""
    expect(page).to_have_url(re.compile(f"{path}$"), timeout=PATIENCE)


def tab_to(page: Page, selector: str) -> None:
    """As somebody without a mouse gets there."""
    for _step in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"{selector} is not reached by the keyboard")


def test_set_up_and_signed_in_by_the_keyboard_alone(open_page: Open) -> None:
    user = world.make_member(Role.CLERK, "wangmin")
    page = open_page("/account/sign-in/")

    def name_and_password() -> None:
        arrived(page, "/account/sign-in/")
        tab_to(page, "#id_username")
        page.keyboard.type("wangmin")
        tab_to(page, "#id_password")
        page.keyboard.type("wangmin-2026")
        page.keyboard.press("Enter")

    name_and_password()
    arrived(page, "/admin/")

    page.goto(FACTOR)
    key = page.text_content(".typed-key") or ""
    tab_to(page, "#id_code")
    page.keyboard.type(app(key))
    page.keyboard.press("Enter")
    expect(page.locator(".codes li")).to_have_count(10, timeout=PATIENCE)
    backup = page.locator(".codes li").first.text_content() or ""

    tab_to(page, ".ownbar button")
    page.keyboard.press("Enter")
    name_and_password()
    expect(page.locator("#id_code")).to_be_focused(timeout=PATIENCE)
    page.keyboard.type(app(key, after=TOTPDevice.objects.get()))
    page.keyboard.press("Enter")
    arrived(page, "/admin/")
    assert TOTPDevice.objects.get(user=user).confirmed

    page.goto("/account/")
    tab_to(page, ".ownbar button")
    page.keyboard.press("Enter")
    name_and_password()
    expect(page.locator("#id_code")).to_be_focused(timeout=PATIENCE)
    page.keyboard.type(backup)
    page.keyboard.press("Enter")
    arrived(page, "/admin/")


def test_the_picture_is_drawn_and_large_enough_to_be_read(open_page: Open) -> None:
    page = open_page(FACTOR, world.make_member(Role.CLERK, "wangmin"))
    box = page.locator(".scan svg").bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 200


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_no_page_has_a_barrier_or_is_wider_than_its_window(
    open_page: Open, settings, width: int, scheme: str
) -> None:
    settings.EMAIL_CONFIGURED = True
    user = world.make_member(Role.CLERK, "wangmin")
    other = world.make_member(Role.CLERK, "chenli")
    TOTPDevice.objects.create(user=other, name="app", confirmed=True)
    pages = [(path, None) for path in OUTSIDE] + [(path, user) for path in INSIDE]
    for path, who in [*pages, *((path, other) for path in WITH_FACTOR)]:
        page = open_page(path, who, width, color_scheme=scheme, bypass_csp=True)
        found = Axe().run(page)
        assert not found.violations_count, f"{path}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        page.context.close()


def test_the_second_step_has_no_barrier(open_page: Open) -> None:
    TOTPDevice.objects.create(user=world.make_user(), name="app", confirmed=True)
    page = open_page("/account/sign-in/", bypass_csp=True)
    page.fill("#id_username", "wangmin")
    page.fill("#id_password", "wrong")
    page.keyboard.press("Enter")
    expect(page.locator("[role=alert]")).to_be_visible(timeout=PATIENCE)
    assert not Axe().run(page).violations_count
    page.fill("#id_password", "wangmin-2026")
    page.keyboard.press("Enter")
    expect(page.locator("#id_code")).to_be_visible(timeout=PATIENCE)
    assert not Axe().run(page).violations_count


def test_what_a_finger_meets_is_large_enough(open_page: Open) -> None:
    page = open_page("/account/sign-in/")
    for name in ("#id_username", "#id_password", "form.sheetform button"):
        box = page.locator(name).bounding_box()
        assert box is not None
        assert box["height"] >= 44
