"""What somebody does at a browser, and waits for: nothing is looked at before it is there."""

from __future__ import annotations

import re
import time
from base64 import b32decode
from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import Page, expect

PHONE, DESK = 375, 1280
# So often the key that goes on is pressed at most.
FARTHEST = 600
# The fixture of `conftest.py`.
Sit = Callable[..., Page]


def arrived(page: Page, path: str) -> None:
    """The address ends so, and the page is there with all that belongs to it."""
    expect(page).to_have_url(re.compile(f"{re.escape(path)}$"))
    page.wait_for_load_state()


def open_form(page: Page, path: str) -> None:
    """A form that keeps what is typed, from the moment on when it does; `page.clock` is ours."""
    page.clock.install()
    page.goto(path)
    page.clock.run_for(1_000)


def tab_to(page: Page, selector: str) -> None:
    """Go on by the Tab key until the focus is there: what cannot be reached fails the test."""
    for _each in range(FARTHEST):
        if page.evaluate("sought => document.activeElement.matches(sought)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"The keyboard does not reach {selector}.")


def press(page: Page, selector: str) -> None:
    """Go there by the keyboard and press Enter; the next page is awaited."""
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def click(page: Page, selector: str) -> None:
    """Click what leads to another page, which is awaited."""
    with page.expect_navigation():
        page.click(selector)


def fits(page: Page) -> None:
    """Nothing stands out over the edge of the screen."""
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= page.viewport_size["width"], page.url


def is_for_all(page: Page, **options) -> None:
    """The page as it stands has no barrier, in light nor in the dark, where its colours differ.

    Opened with `bypass_csp`, since axe sets styles.
    """
    # It would fetch the styles anew, from wrong addresses.
    options = {"preload": False, "resultTypes": ["violations"], **options}
    for scheme, more in (("dark", {"runOnly": ["color-contrast"]}), ("light", {})):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page, options={**options, **more})
        assert not found.violations_count, f"{page.url}: {found.generate_report()}"


def app(key: str, *, after: TOTPDevice | None = None) -> str:
    """What the authenticator app shows now; `after` a code was used, the first that is another."""
    clock = TOTP(b32decode(key.replace(" ", "")))
    # The next half minute may have begun since that code, or not yet.
    clock.time = max(time.time(), 30 * (after.last_t + 1) if after else 0)
    return f"{clock.token():06d}"
