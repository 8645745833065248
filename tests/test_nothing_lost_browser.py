"""Two browsers on one letter; what is typed is kept while it is typed; a phone is enough."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import AbstractUser
from playwright.sync_api import expect

from access.rights import Role
from clerkadmin.models import FormDraft
from tests import world
from tests.admin_pages import change_address
from tests.sitting import PHONE, Sit, click, fits, open_form
from tests.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def clerk(name: str = "first") -> AbstractUser:
    return world.make_member(Role.CLERK, name)


def test_two_browsers_edit_one_letter_and_nothing_is_lost(sit: Sit) -> None:
    reply = world.make_reply()
    first, second = sit(clerk("first")), sit(clerk("second"))
    for page, words in ((first, "甲方修改"), (second, "乙方修改")):
        page.goto(change_address(reply))
        page.locator("#id_text").fill(f"{words}：{world.LETTER}")
    click(first, "[name=_save]")
    expect(first.locator(".messagelist .success")).to_be_visible()
    reply.refresh_from_db()
    assert reply.text.startswith("甲方修改")

    click(second, "[name=_save]")
    told = second.locator(".conflict")
    expect(told).to_contain_text("甲方修改")
    expect(told).to_contain_text("乙方修改")
    expect(told).to_contain_text("first")
    expect(second.locator("#id_text")).to_have_value(re.compile("^乙方修改"))
    reply.refresh_from_db()
    assert reply.text.startswith("甲方修改")

    click(second, "[name=_save]")
    expect(second.locator(".messagelist .success")).to_be_visible()
    reply.refresh_from_db()
    assert reply.text.startswith("乙方修改")
    assert reply.history.filter(text__startswith="甲方修改").exists()


def test_what_is_typed_is_kept_while_it_is_typed_and_taken_up_again(sit: Sit) -> None:
    reply = world.make_reply()
    page = sit(clerk())
    open_form(page, change_address(reply))
    signatory = page.locator("#id_signatory")
    signatory.fill("陈立")
    page.clock.run_for(10_000)
    expect(page.locator(".autosave")).not_to_be_empty()
    assert FormDraft.objects.get().data["fields"]["signatory"] == ["陈立"]

    page.goto(change_address(reply))
    expect(signatory).to_have_value("陈志远")
    click(page, ".kept-notice a.button")
    expect(signatory).to_have_value("陈立")
    click(page, "[name=_save]")
    expect(page.locator(".messagelist .success")).to_be_visible()
    reply.refresh_from_db()
    assert reply.signatory == "陈立"
    assert not FormDraft.objects.exists()


def test_what_was_typed_a_moment_before_the_page_is_left_is_kept(sit: Sit) -> None:
    reply = world.make_reply()
    page = sit(clerk())
    open_form(page, change_address(reply))
    page.locator("#id_signatory").fill("陈立")
    page.goto("/admin/")
    wait_until(FormDraft.objects.exists)
    page.goto(change_address(reply))
    expect(page.locator(".kept-notice")).to_be_visible()


def test_an_untouched_page_keeps_nothing(sit: Sit) -> None:
    untouched, touched = world.make_reply(), world.make_reply(world.make_proposal("0124"))
    page = sit(clerk())
    open_form(page, change_address(untouched))
    page.clock.run_for(60_000)
    # Left as the next is, and before it: what that one keeps is all that is kept.
    page.goto(change_address(touched))
    page.clock.run_for(1_000)
    page.locator("#id_signatory").fill("陈立")
    page.goto("/admin/")
    wait_until(FormDraft.objects.exists)
    assert FormDraft.objects.get().data["fields"]["signatory"] == ["陈立"]


def test_forms_conflicts_and_history_fit_a_phone(sit: Sit) -> None:
    reply = world.make_reply()
    phone = sit(clerk(), PHONE)
    address = change_address(reply)
    pages = [address, f"{address}../history/", "/admin/proposals/reply/", "/admin/drafts/"]
    for place in pages:
        phone.goto(place)
        fits(phone)
    phone.goto(address)
    phone.locator("#id_text").fill("乙方修改：" + world.LETTER)
    reply.text = "甲方修改：" + reply.text
    reply.save()
    click(phone, "[name=_save]")
    expect(phone.locator(".conflict")).to_be_visible()
    fits(phone)
