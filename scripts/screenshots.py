#!/usr/bin/env python3
"""Make the pictures of the README from the demo: `make shots`.

Loads the demo into a temporary folder, serves it on a free port, saves docs/images/PAGE-WIDTH.png.
Needs a Chromium (the variable CHROMIUM, or `chromium` on the PATH) and Chinese fonts.
"""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, FloatRect, Page, ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
LETTER = ROOT / "tests" / "letters" / "texts" / "seed.txt"
# Printed by `manage.py demo` (demo/accounts.py).
DEMO_PASSWORD = "luoshi-demo"  # nosec B105
# Page -> (address, first line shown, height): what a reader of the README should see of it.
PAGES = {
    "home": ("/", 0, 1400),
    "list": ("/proposals/?promises=open", 0, 1400),
    "proposal": ("/proposals/yunping/14-2/0045/", 0, 1400),
    "reply": ("/proposals/yunping/14-2/0045/replies/1/", 0, 2900),
    "department": ("/departments/yunping-jiaotong/", 0, 1400),
}
# The same of pages behind the sign-in, with the demo's account that opens them.
DESK_PAGES = {
    "desk": ("reviewer", "/admin/", 0, 1800),
    "desk-office": ("office", "/admin/", 0, 2600),
}


# A deputy's way: the desk, and from there to a proposal, its letter and the page that rates it.
DEPUTY, RATED = "deputy", "现代产业学院"


def main() -> None:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not chromium:
        sys.exit("A Chromium is needed: apt-get install chromium")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="luoshi-shots-") as folder, sync_playwright() as play:
        server, base = serve_demo(Path(folder))
        try:
            options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
            browser = play.chromium.launch(executable_path=chromium, args=options)
            for width in (1280, 375):
                take(browser, base, width)
        finally:
            server.terminate()
            server.wait()


def serve_demo(folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    """The demo's server and its address, once it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/demo.sqlite3",
        "HTTPS": "false",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "SECOND_FACTOR": "optional",
    }
    for command in (["migrate", "-v0"], ["collectstatic", "--noinput", "-v0"], ["demo"]):
        subprocess.run(
            [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True
        )
    gunicorn = Path(sys.executable).with_name("gunicorn")
    server = subprocess.Popen(
        [str(gunicorn), "config.wsgi", "--bind", f"127.0.0.1:{port}", "--log-level", "error"],
        cwd=ROOT,
        env=environment,
    )
    base = f"http://127.0.0.1:{port}"
    for _attempt in range(100):
        try:
            urllib.request.urlopen(f"{base}/healthz")  # noqa: S310
            return server, base
        except OSError:
            time.sleep(0.1)
    server.terminate()
    sys.exit("The demo did not start.")


def take(browser: Browser, base: str, width: int) -> None:
    size: ViewportSize = {"width": width, "height": 900}
    context = browser.new_context(viewport=size, locale="zh-CN")
    page = context.new_page()
    for name, (address, top, height) in PAGES.items():
        take_page(page, base + address, name, top=top, height=height)
    context.close()
    for name, (username, address, top, height) in DESK_PAGES.items():
        context = browser.new_context(viewport=size, locale="zh-CN")
        page = context.new_page()
        sign_in(page, base, username)
        take_page(page, base + address, name, top=top, height=height)
        context.close()
    take_deputy(browser, base, width)
    take_review(browser, base, width)


def take_deputy(browser: Browser, base: str, width: int) -> None:
    """The addresses of proposals are random: the desk's own links lead to them."""
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN")
    page = context.new_page()
    sign_in(page, base, DEPUTY)
    take_page(page, f"{base}/desk/", "deputy-desk", top=0, height=1500)
    rate = page.locator("a[href$='/rate/']").filter(has_text=RATED).get_attribute("href")
    assert rate is not None  # the demo's deputy has that letter to rate
    letter = rate.removesuffix("rate/")
    proposal, _slash, _reply = letter.partition("replies/")
    take_page(page, base + proposal, "deputy-proposal", top=0, height=1600)
    take_page(page, base + letter, "deputy-letter", top=0, height=1900)
    take_page(page, base + rate, "deputy-rate", top=0, height=1400)
    context.close()


def take_review(browser: Browser, base: str, width: int) -> None:
    """A letter read in by the demo's clerk, with the place of one field shown in it."""
    context = browser.new_context(viewport={"width": width, "height": 1400}, locale="zh-CN")
    page = context.new_page()
    sign_in(page, base, "clerk")
    page.goto(f"{base}/admin/intake/letterdraft/read/")
    page.fill("#f-text", LETTER.read_text("utf-8"))
    with page.expect_navigation():
        page.click("form.reading button.button")
    # The second width finds the letter there already: it is led to its draft.
    if page.locator("#review").count() == 0:
        with page.expect_navigation():
            page.click("#outcomes ~ .rows a")
    page.focus("#f-category")
    page.evaluate("scrollTo({top: 0, behavior: 'instant'})")
    page.screenshot(path=IMAGES / f"review-{width}.png")
    context.close()


def sign_in(page: Page, base: str, username: str) -> None:
    page.goto(f"{base}/account/sign-in/")
    page.fill("#id_username", username)
    page.fill("#id_password", DEMO_PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def take_page(page: Page, address: str, name: str, *, top: int, height: int) -> None:
    answer = page.goto(address)
    if answer is None or not answer.ok:
        sys.exit(f"{address} did not answer.")
    size = page.viewport_size
    assert size is not None  # every context here has one
    whole = page.evaluate("document.documentElement.scrollHeight")
    clip: FloatRect = {
        "x": 0,
        "y": top,
        "width": size["width"],
        "height": min(height, whole - top),
    }
    page.screenshot(path=IMAGES / f"{name}-{size['width']}.png", full_page=True, clip=clip)


if __name__ == "__main__":
    main()
