"""A letter's whole way by the keyboard alone: read in, reviewed, signed off, published.

And the two pages of intake as they stand in a browser: for all, on a desk and on a phone.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from demo.accounts import PASSWORD
from intake.models import FieldCorrection, LetterDraft
from proposals.models import Proposal, Reply

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LETTER = (Path(__file__).parent / "letters" / "texts" / "seed.txt").read_text("utf-8")
TITLE = "关于加大对“专精特新”中小企业研发支持力度的建议"
SPLIT_AT = "引导人才就近前往人才服务窗口"
FURTHEST = 600
PHONE, DESK = 375, 1280


@pytest.fixture
def demo() -> None:
    call_command("demo", verbosity=0, stdout=open("/dev/null", "w"))  # noqa: SIM115


@pytest.fixture
def sit_down(browser: Browser, live_server):
    """A browser of somebody's own, signed in by the keyboard, at the desk."""
    contexts = []

    def sit_down(username: str, width: int = DESK) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, base_url=live_server.url, locale="zh-CN"
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(reverse("admin:index"))
        tab_to(page, "#id_username")
        page.keyboard.type(username)
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        return page

    yield sit_down
    for context in contexts:
        context.close()


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is there: what cannot be reached fails the test."""
    for _each in range(FURTHEST):
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"The keyboard does not reach {selector}.")


def press(page: Page, selector: str) -> None:
    """Go there and press Enter; the next page is awaited."""
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def move(page: Page, row: Proposal | Reply, name: str, **typed: str) -> None:
    """One of the moves of a row's page, with what its form asks for."""
    page.goto(reverse(f"admin:proposals_{row._meta.model_name}_change", args=[row.pk]))
    press(page, f'a[href*="/move/{name}/"]')
    for field, text in typed.items():
        tab_to(page, f"#id_{field}")
        page.keyboard.insert_text(text)
    press(page, '.submit-row input[type="submit"]')


def test_a_letter_is_read_in_and_published_by_the_keyboard_alone(demo, sit_down) -> None:
    page = sit_down("clerk")
    press(page, f'a[href="{reverse("admin:intake_letterdraft_read")}"]')
    tab_to(page, "#f-text")
    page.keyboard.insert_text(LETTER)
    press(page, "form.reading button.button")

    # One field is corrected.
    tab_to(page, "#f-proposal-0-title")
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(TITLE)
    # One commitment is split.
    entry = page.locator("#promises ~ ul > li", has_text=SPLIT_AT)
    at = entry.get_attribute("id").removeprefix("e-")
    tab_to(page, f"#e-{at} .adjust > summary")
    page.keyboard.press("Enter")
    tab_to(page, f"#e-{at}-cut")
    places = page.locator(f"#e-{at}-cut option").all_inner_texts()
    for _each in range(next(n for n, words in enumerate(places) if f"┃ {SPLIT_AT[:8]}" in words)):
        page.keyboard.press("ArrowDown")
    press(page, f'button[value="split:{at}"]')
    press(page, 'button[value="accept"]')

    reply = Reply.objects.select_related("proposal__session__assembly").latest("pk")
    assert page.url.endswith(reverse("admin:proposals_reply_change", args=[reply.pk]))
    assert reply.proposal.title == TITLE
    fields = FieldCorrection.objects.filter(draft__reply=reply).values_list("field", flat=True)
    assert {"proposal_title", "item_split"} <= set(fields)

    move(sit_down("reviewer"), reply, "review")
    reply.refresh_from_db()
    assert reply.state == Reply.State.SENT

    office = sit_down("congress")
    move(office, reply.proposal, "publish")
    move(office, reply, "publish", reason="内容涉及公众利益，可以公开。")

    reply.refresh_from_db()
    assert reply.is_published
    session = reply.proposal.session
    answer = office.goto(
        reverse(
            "public:reply",
            args=[session.assembly.slug, session.key, reply.proposal.number, reply.key],
        )
    )
    assert answer is not None and answer.ok
    assert TITLE in office.locator("main").inner_text().replace("\n", "")
    first, second = reply.commitments.filter(text__contains="驿站").order_by("number")
    assert second.text.startswith(SPLIT_AT)
    for half in (first, second):
        assert office.locator(f"#c{half.number}").count() == 1


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_both_pages_are_for_all_and_no_wider_than_the_screen(demo, sit_down, width) -> None:
    page = sit_down("clerk", width)
    page.goto(reverse("admin:intake_letterdraft_read"))
    fits_and_is_for_all(page, width)
    tab_to(page, "#f-text")
    page.keyboard.insert_text(LETTER)
    press(page, "form.reading button.button")
    fits_and_is_for_all(page, width)


def fits_and_is_for_all(page: Page, width: int) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_what_is_typed_is_kept_without_any_button(demo, sit_down) -> None:
    page = sit_down("clerk")
    page.goto(reverse("admin:intake_letterdraft_read"))
    tab_to(page, "#f-text")
    page.keyboard.insert_text(LETTER)
    press(page, "form.reading button.button")
    tab_to(page, "#f-signatory")
    page.keyboard.press("Control+A")
    page.keyboard.insert_text("翁玉瑶")
    page.locator("#kept:not(:empty)").wait_for(timeout=15000)
    draft = LetterDraft.objects.latest("pk")
    assert draft.entry["values"]["signatory"] == "翁玉瑶"


def opened(page: Page) -> LetterDraft:
    """The letter pasted, its review on the screen, and another signatory typed."""
    page.goto(reverse("admin:intake_letterdraft_read"))
    tab_to(page, "#f-text")
    page.keyboard.insert_text(LETTER)
    press(page, "form.reading button.button")
    page.locator("#f-signatory").fill("翁玉瑶")
    return LetterDraft.objects.latest("pk")


def test_what_was_typed_a_moment_before_the_page_is_left_is_kept(demo, sit_down) -> None:
    page = sit_down("clerk")
    draft = opened(page)
    page.goto(reverse("admin:index"))
    for _each in range(20):
        page.wait_for_timeout(250)
        draft.refresh_from_db()
        if draft.entry:
            break
    assert draft.entry["values"]["signatory"] == "翁玉瑶"
    assert [item["start"] for item in draft.entry["items"]]


def test_a_button_pressed_while_typing_is_being_kept_conflicts_with_nobody(demo, sit_down) -> None:
    page = sit_down("clerk")
    draft = opened(page)
    page.evaluate(
        """() => {
            const send = fetch;
            window.fetch = async (...all) => {
                const answer = await send(...all);
                document.body.dataset.underway = "yes";
                await new Promise((done) => setTimeout(done, 1500));
                return answer;
            };
        }"""
    )
    page.locator("body[data-underway]").wait_for(timeout=15000)
    with page.expect_navigation():
        page.locator("button[name=do][value=later]").click()
    assert page.url.endswith(reverse("admin:intake_letterdraft_changelist"))
    draft.refresh_from_db()
    assert draft.entry["values"]["signatory"] == "翁玉瑶"


def test_a_field_shows_where_it_was_read_and_a_selection_becomes_an_entry(demo, sit_down) -> None:
    page = sit_down("clerk")
    page.goto(reverse("admin:intake_letterdraft_read"))
    tab_to(page, "#f-text")
    page.keyboard.insert_text(LETTER)
    press(page, "form.reading button.button")
    tab_to(page, "#f-signatory")
    assert page.locator("#letter .shown").inner_text() == "翁玉耀"
    page.locator("#letter .promise-said").first.click()
    assert page.evaluate("document.activeElement.classList.contains('item')")
    page.evaluate(
        """() => {
            const run = document.querySelector('#letter .letter-closing span');
            getSelection().selectAllChildren(run.parentElement);
        }"""
    )
    expect(page.locator("#f-added")).not_to_have_value("")
