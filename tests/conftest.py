"""What tests share that look at pages: one browser, and whoever sits down at it."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.sitting import DESK, Sit

# A browser of the system: none is downloaded. What it would fetch by itself is switched off.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
]
# So long a page may take, in milliseconds: a slow machine is no fault.
PATIENCE = 30_000


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix) -> None:
    """SQLite in a file, as on a site: in memory, who reads while another writes fails."""
    if connection.vendor == "sqlite":
        facts = connection.settings_dict
        facts["TEST"]["NAME"] = os.path.join(os.environ["DATA_DIR"], "tests.sqlite3")
        # Nothing in it is worth keeping: no waiting for the disk.
        facts["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"


@pytest.fixture(autouse=True)
def _quick_passwords(settings) -> None:
    """Hashing is slow by intent, and no test is about that."""
    quick = "django.contrib.auth.hashers.MD5PasswordHasher"
    settings.PASSWORD_HASHERS = [quick, *settings.PASSWORD_HASHERS]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # Playwright runs a loop in this thread, and Django would refuse to ask the database there.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=PATIENCE)
    path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        chromium.close()


def served() -> None:
    """What the server still has in hand is done: each answer is written by a thread of its own."""
    for thread in threading.enumerate():
        if thread.name.endswith("(process_request_thread)"):
            thread.join(PATIENCE / 1000)


@pytest.fixture
def sit(browser: Browser, live_server) -> Iterator[Sit]:
    """Each call is a browser of somebody's own: signed in as `user`, or a visitor's; `at` a page.

    What the browser complains of (an error, a warning, an answer that is no success) fails the
    test when it ends, unless the complaint has the words `forgiven` in it.
    """
    complaints: list[str] = []

    def sit(
        user: AbstractUser | None = None,
        width: int = DESK,
        *,
        at: str = "",
        forgiven: str = "",
        **facts,
    ) -> Page:
        def hear(words: str) -> None:
            if not (forgiven and forgiven in words) and "INTERNET_DISCONNECTED" not in words:
                complaints.append(words)

        def read(message: ConsoleMessage) -> None:
            if message.type in ("error", "warning"):
                hear(message.text)

        viewport = {"width": width, "height": 900}
        given = {"viewport": viewport, "base_url": live_server.url, "locale": "zh-CN", **facts}
        context = browser.new_context(**given)
        context.set_default_timeout(PATIENCE)
        context.on("console", read)
        context.on("weberror", lambda failure: hear(str(failure.error)))
        if user is not None:
            client = Client()
            client.force_login(user)
            name = settings.SESSION_COOKIE_NAME
            cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}
            context.add_cookies([cookie])
        page = context.new_page()
        if at:
            page.goto(at)
        return page

    yield sit
    for context in browser.contexts:
        # A page that is left keeps what was typed: not in the next test's database.
        context.set_offline(True)
        context.close()
    served()
    assert not complaints
