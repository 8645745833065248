"""A deputy's whole way on a phone: invited, signed in, not satisfied, answered again, and asked
whether the promises are kept; and what the clerks' desk and the public page show of it."""

from __future__ import annotations

import re
from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import Page, expect

from access.rights import Role
from assemblies.models import Period
from measures.models import Commitment
from proposals.models import Assignment, Proposal, Reply
from tests import world
from tests.sitting import PHONE, Sit, app, arrived, click, fits, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "城关林间有三棵老槐树和两口井"
REASON = "没有回应增开班次的请求"
NOT_DONE = "学校门口的那一座还没有开工"
KEPT, DISPUTED = "2026年6月底前增开早晚班次各四班。", "2026年9月底前在学校门口建成候车亭。"
SECOND_LETTER = f"""云平市交通运输局
关于市十四届人大三次会议第0123号建议的再次答复
林秀兰代表：
您对答复的意见收悉，现再次答复如下：
二、下一步工作
{KEPT}
{DISPUTED}
云平市交通运输局
"""


@pytest.fixture
def first_letter() -> SimpleNamespace:
    """林秀兰's proposal was answered five days ago, in public; she has no account yet."""
    today = timezone.localdate()
    sent_on = today - timedelta(days=5)
    rules = world.make_rules(assembly=world.make_assembly(publishes_ratings=True))
    steps = (
        ("feedback", "replied", 15),
        ("rehandling", "rated", 30),
        ("commitment_feedback", "reported", 10),
    )
    for step, start, count in steps:
        Period.objects.create(rules=rules, step=step, start=start, count=count, unit="day")
    for label in ("满意", "基本满意", "不满意"):
        world.make_rating(label)
    proposal = world.make_proposal()
    world.make_assignment(proposal, rules=rules, acknowledged_on=world.ASSIGNED_ON)
    people = SimpleNamespace(
        office=world.make_member(Role.DEPUTIES_OFFICE),
        clerk=world.make_member(Role.CLERK),
        reviewer=world.make_member(Role.REVIEWER),
    )
    reply = world.make_reply(proposal, date=sent_on)
    world.make_commitment(reply)
    _send(reply, people, sent_on)
    proposal.refresh_from_db()
    proposal.publish(on=sent_on, by=people.office)
    reply.publish(on=sent_on, reason="可公开", by=people.office)
    return SimpleNamespace(today=today, proposal=proposal, people=people)


def _send(reply: Reply, people: SimpleNamespace, day) -> None:
    reply.submit(on=day, by=people.clerk)
    for step in ("review", "sign", "send"):
        getattr(reply, step)(on=day, by=people.reviewer)


def second_letter(letter: SimpleNamespace) -> Reply:
    """The bureau answers again today, with two promises, and it is published."""
    part = Assignment.objects.get(proposal=letter.proposal)
    reply = world.make_reply(
        letter.proposal,
        round=part.round,
        text=SECOND_LETTER,
        document_number="云交函〔2026〕99号",
        date=letter.today,
    )
    for text in (KEPT, DISPUTED):
        world.make_commitment(reply, text=text, due_text="", due_on=letter.today)
    _send(reply, letter.people, letter.today)
    reply.publish(on=letter.today, reason="可公开", by=letter.people.office)
    return reply


def send(page: Page) -> None:
    click(page, ".ending button[type=submit]")


def pick(page: Page, name: str, label: str) -> None:
    """The answer of that name, touched as a thumb does: anywhere on its line."""
    page.locator(f"label:has(input[name={name}])", has_text=re.compile(f"^\\s*{label}$")).click()


def invited(page: Page) -> str:
    """The office invites the one deputy who has no account: the link that it hands over."""
    page.goto(reverse("admin:accounts_invitation_add"))
    page.locator("table.invitees input[type=checkbox]").check()
    click(page, ".submit-row input[type=submit]")
    return urlsplit(page.locator(".invitation-sheet .link").inner_text()).path


def first_signed_in(page: Page, link: str) -> None:
    """The account is opened and its second factor set up; then she signs in with both."""
    page.goto(link)
    page.fill("#id_username", "linxiulan")
    page.fill("#id_password1", PASSWORD)
    page.fill("#id_password2", PASSWORD)
    send(page)
    key = page.locator(".typed-key").inner_text()
    page.fill("#id_code", app(key))
    send(page)
    expect(page.locator(".codes li")).to_have_count(10)
    click(page, "main a.button")
    arrived(page, "/desk/")

    click(page, "form[action='/account/sign-out/'] button")
    page.goto("/desk/")
    expect(page).to_have_url(re.compile("/account/sign-in/"))
    page.fill("#id_username", "linxiulan")
    page.fill("#id_password", PASSWORD)
    press(page, "#id_password")
    page.fill("#id_code", app(key, after=TOTPDevice.objects.get()))
    press(page, "#id_code")
    arrived(page, "/desk/")


def rate(page: Page, proposal: Proposal, reply: Reply, *, result: str, reason: str = "") -> None:
    """From the desk to the letter, read, and to its rating."""
    page.goto("/desk/")
    rating = f"/desk/proposals/{proposal.key}/replies/{reply.key}/rate/"
    expect(page.locator(f"a.button[href='{rating}']")).to_be_visible()
    page.goto(rating.removesuffix("rate/"))
    expect(page.locator("article.letter")).to_contain_text("云平市交通运输局")
    click(page, f"a[href='{rating}'] >> nth=0")
    pick(page, "process", "满意")
    pick(page, "result", result)
    page.fill("#id_reason", reason)
    send(page)
    expect(page.locator("#given")).to_be_visible()


def say(page: Page, promise: Commitment, word: int, reason: str = "") -> None:
    """From the desk to the promise, and a word on it: the first answer is yes."""
    page.goto("/desk/")
    reply = promise.reply
    address = f"/desk/proposals/{reply.proposal.key}/replies/{reply.key}/promises/{promise.number}/"
    click(page, f"a.button[href='{address}']")
    expect(page.locator("h1")).to_contain_text(promise.text)
    page.locator("label:has(input[name=word])").nth(word).click()
    page.fill("#id_reason", reason)
    send(page)


def test_from_the_invitation_to_the_word_on_each_promise(first_letter, sit: Sit, settings) -> None:
    proposal, people, today = first_letter.proposal, first_letter.people, first_letter.today
    link = invited(sit(people.office))
    page = sit(None, PHONE)
    # Asked of everybody while she signs in; of the clerks it is no matter here.
    settings.SECOND_FACTOR = "everybody"
    first_signed_in(page, link)
    settings.SECOND_FACTOR = "optional"
    fits(page)

    rate(page, proposal, Reply.objects.get(), result="不满意", reason=REASON)
    fits(page)
    proposal.refresh_from_db()
    assert proposal.state == Proposal.State.REHANDLING
    due = today + timedelta(days=30)
    desk = sit(people.clerk, at=reverse("admin:index"))
    row = desk.locator(".waits li", has_text=proposal.title)
    expect(row).to_contain_text("代表评价不满意")
    expect(row).to_contain_text(date_format(due))

    reply = second_letter(first_letter)
    rate(page, proposal, reply, result="满意")
    kept, disputed = reply.commitments.order_by("number")
    for promise in (kept, disputed):
        promise.report(Commitment.State.FULFILLED, on=today, text="已完成。", by=people.clerk)
    say(page, kept, 0)
    say(page, disputed, 1, NOT_DONE)
    fits(page)
    kept.refresh_from_db()
    disputed.refresh_from_db()
    assert (kept.state, disputed.state) == ("confirmed", "disputed")

    public = sit(None, PHONE, at=f"/proposals/yunping/14-3/{proposal.number}/")
    rated = public.locator("section[aria-labelledby=rated] tbody tr")
    expect(rated).to_have_count(2)
    expect(rated.nth(0)).to_contain_text("不满意")
    expect(rated.nth(1).locator("td").nth(2)).to_have_text("满意")
    public.goto(f"/proposals/yunping/14-3/{proposal.number}/replies/{reply.key}/")
    expect(public.locator(".state-confirmed").first).to_be_visible()
    expect(public.locator(".state-disputed").first).to_be_visible()
    # What she wrote for the department and the offices stays with them.
    assert REASON not in public.content() and NOT_DONE not in public.content()
