"""A proposal on its way in a browser, on a phone and by the keyboard alone: written, co-signed,
handed in, registered; and its number on every desk that it is for."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from access.rights import Role
from assemblies.models import Deputy
from proposals import registering, submitting
from proposals.models import Proposal
from tests import world
from tests.sitting import DESK, PHONE, Sit, click, fits, is_for_all, open_form, tab_to
from tests.test_submitting import TEXTS, make_draft, with_account
from tests.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

State = Proposal.State


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


def reach(page: Page, selector: str) -> None:
    """Go on by the Tab key until that element has the focus, and shows it."""
    tab_to(page, selector)
    expect(page.locator(":focus")).to_have_css("outline-style", "solid")


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
    # The last word of it, too: what was typed first may have been kept before.
    wait_until(Proposal.objects.filter(state=State.DRAFT, request=TEXTS["request"]).exists)
    expect(page.locator(".autosave")).not_to_be_empty()
    proposal = Proposal.objects.get(state=State.DRAFT)
    typed = ("title", "reason", "request")
    assert [getattr(proposal, name) for name in typed] == [TEXTS[name] for name in typed]
    press(page, 'button[value="cosigners"]')
    return proposal


def ask_both(page: Page, deputies: dict[str, Deputy]) -> None:
    for name in ("周建国", "吴敏"):
        reach(page, f'input[name="deputies"][value="{deputies[name].pk}"]')
        page.keyboard.press("Space")
    press(page, "section form .ending .button")


def test_from_the_first_word_to_the_number_on_every_desk(sit: Sit, deputies, client):
    lin, zhou, wu = deputies.values()
    lead = sit(lin.user, PHONE, at=reverse("desk:write"))
    proposal = write_it(lead)
    ask_both(lead, deputies)
    expect(lead.get_by_text("吴敏").first).to_be_visible()

    co_sponsor = sit(zhou.user, PHONE, at=at("cosign", proposal))
    press(co_sponsor, 'button[value="confirm"]')
    other = sit(wu.user, PHONE, at=at("cosign", proposal))
    reach(other, "#id_words")
    other.keyboard.insert_text("数据还不够")
    press(other, 'button[value="decline"]')

    lead.goto(at("submit", proposal))
    expect(lead.get_by_text(TEXTS["request"])).to_be_visible()
    press(lead, 'form:has(input[name="seen"]) .button')
    proposal.refresh_from_db()
    assert proposal.state == State.SUBMITTED

    office = sit(world.make_member(Role.DEPUTIES_OFFICE), at=reverse("admin:index"))
    press(office, f'a.button[href*="ids={proposal.pk}"]')
    office.locator('[name="number"]').fill("0301")
    with office.expect_navigation():
        office.locator('[name="number"]').press("Enter")
    proposal.refresh_from_db()
    assert (proposal.state, proposal.number) == (State.REGISTERED, "0301")

    for page in (lead, co_sponsor):
        page.goto(at("proposal", proposal))
        expect(page.locator("main")).to_contain_text("0301")
    lead.goto(reverse("desk:home"))
    expect(lead.locator("main")).to_contain_text("0301")
    office.goto(reverse("admin:proposals_proposal_changelist"))
    expect(office.locator("#result_list")).to_contain_text("0301")

    client.force_login(wu.user)
    for name in ("proposal", "cosign"):
        assert client.get(at(name, proposal)).status_code == 404
    assert "0301" not in client.get(reverse("desk:home")).content.decode()


def test_two_windows_of_one_draft_lose_nothing(sit: Sit, deputies):
    lin = deputies["林秀兰"]
    proposal = make_draft(lin)
    computer, phone = sit(lin.user), sit(lin.user, PHONE, forgiven="409")
    for page in (computer, phone):
        open_form(page, at("edit", proposal))
    for words in ("在电脑上写的", "在电脑上又写的"):
        computer.fill("#id_reason", words)
        # Its own keeping is no other's: nothing is said against the second.
        with computer.expect_response(lambda answer: answer.url.endswith("/keep/")) as kept:
            computer.clock.run_for(10_000)
        assert kept.value.status == 200
    phone.fill("#id_reason", "在手机上写的")
    phone.clock.run_for(10_000)
    phone.locator(".autosave.is-bad").wait_for()
    assert Proposal.objects.get(pk=proposal.pk).reason == "在电脑上又写的"
    click(phone, "form.sheetform .ending .button >> nth=0")
    expect(phone.locator("#id_reason")).to_have_value("在手机上写的")
    expect(phone.locator(".asks")).to_contain_text("在电脑上又写的")
    assert Proposal.objects.get(pk=proposal.pk).reason == "在电脑上又写的"


def test_everything_is_done_without_a_script(sit: Sit, deputies):
    lin, zhou = deputies["林秀兰"], deputies["周建国"]
    page = sit(lin.user, PHONE, at=reverse("desk:write"), java_script_enabled=False)
    click(page, "main form .button")
    for name, text in TEXTS.items():
        page.fill(f"#id_{name}", text)
    page.set_input_files("#id_file", {"name": "调查.txt", "mimeType": "x/y", "buffer": b"x"})
    click(page, '[formaction$="/attachments/"]')
    expect(page.get_by_text("调查.txt").first).to_be_visible()
    click(page, 'button[value="cosigners"]')
    page.fill("#q", "周建")
    click(page, ".search .button")
    page.locator(f'input[value="{zhou.pk}"]').check()
    click(page, "section form .ending .button")
    expect(page.get_by_text("周建国").first).to_be_visible()
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


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_nobody_is_shut_out_of_any_page(sit: Sit, pages, width):
    for deputy, path in pages.values():
        page = sit(deputy.user, width, at=path, bypass_csp=True)
        for fold in page.locator("details").all():
            fold.evaluate("element => element.open = true")
        is_for_all(page)
        page.context.close()


def test_no_page_is_wider_than_a_phone_and_every_control_is_large_enough(sit: Sit, pages):
    for name, (deputy, path) in pages.items():
        page = sit(deputy.user, PHONE, at=path)
        for large in (False, True):
            page.set_checked("#size-large", large)
            fits(page)
        small = page.evaluate(
            """() => [...document.querySelectorAll(
                    'main :is(button, a.button, .as-link, textarea, .choice, [type=text])')]
                .filter(e => e.checkVisibility() && !e.matches('.unseen'))
                .filter(e => e.getBoundingClientRect().height < 43.5)
                .map(e => e.outerHTML.slice(0, 120))"""
        )
        assert not small, f"{name}: {small}"
        page.context.close()
