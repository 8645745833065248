"""A proposal on its way in a browser, on a phone and by the keyboard alone: written, co-signed,
handed in, registered; and its number on every desk that it is for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as site
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from access.rights import Role
from assemblies.models import Deputy
from proposals import registering, submitting
from proposals.models import Proposal
from tests import world
from tests.test_submitting import TEXTS, make_draft, with_account

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE, DESK = 375, 1280
State = Proposal.State
# So far the key that goes on is pressed at most.
FARTHEST = 120
Open = Callable[..., Page]


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def deputies() -> dict[str, Deputy]:
    """Three deputies with accounts; in the second session somebody put something similar."""
    earlier = world.make_session(14, 2, opens_on=world.OPENED_ON.replace(year=2025), closes_on=None)
    world.make_session()
    old = world.make_proposal(
        "0077", session=earlier, title="关于增设公交候车亭的建议", sponsor=world.make_deputy("何静")
    )
    world.make_published_reply(old, department=world.make_department())
    return {name: with_account(name) for name in ("林秀兰", "周建国", "吴敏")}


@pytest.fixture
def open_page(browser, live_server) -> Open:
    """Opens a page as that account; what a browser complains of fails the test."""
    contexts = []

    def open_page(user, path: str, width: int = PHONE, **facts) -> Page:
        given = {"viewport": {"width": width, "height": 800}, "locale": "zh-CN", **facts}
        context = browser.new_context(**given)
        contexts.append(context)
        client = Client()
        client.force_login(user)
        name = site.SESSION_COOKIE_NAME
        cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}
        context.add_cookies([cookie])
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda m: said.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        assert page.goto(f"{live_server.url}{path}").status == 200
        assert not said
        return page

    yield open_page
    for context in contexts:
        context.close()


def reach(page: Page, selector: str) -> None:
    """Go on by the Tab key until that element has the focus, and shows it."""
    for _each in range(FARTHEST):
        page.keyboard.press("Tab")
        if page.evaluate("sought => document.activeElement.matches(sought)", selector):
            outline = "getComputedStyle(document.activeElement).outlineStyle"
            assert page.evaluate(outline) == "solid", selector
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


def press(page: Page, selector: str) -> None:
    reach(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def at(name: str, proposal: Proposal, *more) -> str:
    return reverse(f"desk:{name}", args=[proposal.key, *more])


def write_it(page: Page) -> Proposal:
    """From the desk to the co-sponsors, as the lead sponsor types it."""
    press(page, f'.nav a[href="{reverse("desk:write")}"]')
    press(page, "main form .button")
    reach(page, "#id_title")
    page.keyboard.type(TEXTS["title"])
    page.get_by_text("关于增设公交候车亭的建议").wait_for()
    reach(page, "#id_reason")
    page.keyboard.insert_text(TEXTS["reason"])
    reach(page, "#id_request")
    page.keyboard.insert_text(TEXTS["request"])
    page.locator(".autosave:not(:empty)").wait_for()
    proposal = Proposal.objects.get(state=State.DRAFT)
    assert (proposal.title, proposal.request) == (TEXTS["title"], TEXTS["request"])
    press(page, 'button[value="cosigners"]')
    return proposal


def ask_both(page: Page, deputies: dict[str, Deputy]) -> None:
    for name in ("周建国", "吴敏"):
        reach(page, f'input[name="deputies"][value="{deputies[name].pk}"]')
        page.keyboard.press("Space")
    press(page, "section form .ending .button")


def test_from_the_first_word_to_the_number_on_every_desk(open_page, deputies, client):
    lin, zhou, wu = deputies.values()
    lead = open_page(lin.user, reverse("desk:write"))
    proposal = write_it(lead)
    ask_both(lead, deputies)
    assert lead.get_by_text("吴敏").first.is_visible()

    co_sponsor = open_page(zhou.user, at("cosign", proposal))
    press(co_sponsor, 'button[value="confirm"]')
    other = open_page(wu.user, at("cosign", proposal))
    reach(other, "#id_words")
    other.keyboard.insert_text("数据还不够")
    with other.expect_navigation():
        reach(other, 'button[value="decline"]')
        other.keyboard.press("Enter")

    lead.goto(lead.url.split("/co-sponsors/")[0] + "/submit/")
    assert lead.get_by_text(TEXTS["request"]).is_visible()
    press(lead, 'form:has(input[name="seen"]) .button')
    proposal.refresh_from_db()
    assert proposal.state == State.SUBMITTED

    office = open_page(world.make_member(Role.DEPUTIES_OFFICE), reverse("admin:index"), DESK)
    press(office, f'a.button[href*="ids={proposal.pk}"]')
    office.locator('[name="number"]').fill("0301")
    with office.expect_navigation():
        office.locator('[name="number"]').press("Enter")
    proposal.refresh_from_db()
    assert (proposal.state, proposal.number) == (State.REGISTERED, "0301")

    for page in (lead, co_sponsor):
        page.goto(page.url.split("/desk/")[0] + at("proposal", proposal))
        assert "0301" in page.locator("main").inner_text()
    lead.goto(lead.url.split("/desk/")[0] + reverse("desk:home"))
    assert "0301" in lead.locator("main").inner_text()
    office.goto(office.url.split("/admin/")[0] + reverse("admin:proposals_proposal_changelist"))
    assert "0301" in office.locator("#result_list").inner_text()

    client.force_login(wu.user)
    for name in ("proposal", "cosign"):
        assert client.get(at(name, proposal)).status_code == 404
    assert "0301" not in client.get(reverse("desk:home")).content.decode()


def test_two_windows_of_one_draft_lose_nothing(open_page, deputies):
    lin = deputies["林秀兰"]
    proposal = make_draft(lin)
    computer = open_page(lin.user, at("edit", proposal), DESK)
    phone = open_page(lin.user, at("edit", proposal))
    for words in ("在电脑上写的", "在电脑上又写的"):
        computer.fill("#id_reason", words)
        # Its own keeping is no other's: nothing is said against the second.
        with computer.expect_response(lambda answer: answer.url.endswith("/keep/")) as kept:
            pass
        assert kept.value.status == 200
    phone.fill("#id_reason", "在手机上写的")
    phone.locator(".autosave.is-bad").wait_for()
    assert Proposal.objects.get(pk=proposal.pk).reason == "在电脑上又写的"
    with phone.expect_navigation():
        phone.locator("form.sheetform .ending .button").first.click()
    assert phone.locator("#id_reason").input_value() == "在手机上写的"
    assert "在电脑上又写的" in phone.locator(".asks").inner_text()
    assert Proposal.objects.get(pk=proposal.pk).reason == "在电脑上又写的"


def test_everything_is_done_without_a_script(open_page, deputies):
    lin, zhou = deputies["林秀兰"], deputies["周建国"]
    page = open_page(lin.user, reverse("desk:write"), java_script_enabled=False)
    page.locator("main form .button").click()
    for name, text in TEXTS.items():
        page.fill(f"#id_{name}", text)
    page.set_input_files("#id_file", {"name": "调查.txt", "mimeType": "x/y", "buffer": b"x"})
    page.locator('[formaction$="/attachments/"]').click()
    assert page.get_by_text("调查.txt").first.is_visible()
    page.locator('button[value="cosigners"]').click()
    page.fill("#q", "周建")
    page.locator(".search .button").click()
    page.locator(f'input[value="{zhou.pk}"]').check()
    page.locator("section form .ending .button").click()
    proposal = Proposal.objects.get(state=State.COSIGNING)
    assert proposal.attachments.get().name == "调查.txt"
    assert proposal.sponsorships.filter(deputy=zhou, confirmed_on=None).exists()


@pytest.fixture
def pages(deputies) -> dict[str, tuple[Deputy, str]]:
    """Every page of the room, and whose it is."""
    lin, zhou, wu = deputies.values()
    proposal, empty, out, back = (make_draft(lin) for _each in range(4))
    submitting.attach(proposal, SimpleUploadedFile("城关中学门口候车情况调查.pdf", b"x"))
    submitting.ask(proposal, [zhou, wu])
    confirmed = make_draft(lin, title="改善公交和治理河道污染")
    submitting.ask(confirmed, [zhou, wu])
    submitting.confirm(confirmed.sponsorships.get(deputy=zhou))
    submitting.decline(confirmed.sponsorships.get(deputy=wu), words="数据还不够")
    submitting.submit(out)
    submitting.submit(back)
    today = timezone.localdate()
    registering.send_back(back, ground="several_matters", reason="请一事一案。", on=today)
    return {
        "write": (lin, reverse("desk:write")),
        "edit": (lin, at("edit", proposal)),
        "edit-closed": (lin, at("edit", confirmed)),
        "cosigners": (lin, at("cosigners", confirmed)),
        "found": (lin, f"{at('cosigners', empty)}?q=城关"),
        "check": (lin, at("submit", confirmed)),
        "cosign": (zhou, at("cosign", proposal)),
        "confirmed": (zhou, at("cosign", confirmed)),
        "withdraw": (lin, at("withdraw", out)),
        "write-anew": (lin, at("write_anew", back)),
        "throw-away": (lin, at("throw_away", empty)),
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_nobody_is_shut_out_of_any_page(open_page, pages, width, scheme):
    for name, (deputy, path) in pages.items():
        page = open_page(deputy.user, path, width, color_scheme=scheme)
        for fold in page.locator("details").all():
            fold.evaluate("element => element.open = true")
        found = Axe().run(page)
        assert not found.violations_count, f"{name}: {found.generate_report()}"
        page.context.close()


def test_no_page_is_wider_than_a_phone_and_every_control_is_large_enough(open_page, pages):
    for name, (deputy, path) in pages.items():
        page = open_page(deputy.user, path)
        for large in (False, True):
            page.set_checked("#size-large", large)
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE, name
        small = page.evaluate(
            """() => [...document.querySelectorAll(
                    'main :is(button, a.button, .as-link, textarea, .choice, [type=text])')]
                .filter(e => e.checkVisibility() && !e.matches('.unseen'))
                .filter(e => e.getBoundingClientRect().height < 43.5)
                .map(e => e.outerHTML.slice(0, 120))"""
        )
        assert not small, f"{name}: {small}"
        page.context.close()
