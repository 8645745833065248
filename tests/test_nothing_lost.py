"""What a clerk types is not lost: to a colleague, a second click, an old session, a lost row."""

from __future__ import annotations

import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Model
from django.forms import BaseForm
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.rights import Role
from assemblies.models import Period
from clerkadmin import drafts, tokens
from clerkadmin.models import FormDraft, FormToken
from clerkadmin.recorded import StaleError
from clerkadmin.texts import compare
from proposals.models import Reply
from tests import world
from tests.admin_pages import change_address, filled_in

pytestmark = pytest.mark.django_db

MINE, THEIRS = "本局拟新增候车亭20座。", "本局拟新增候车亭30座。"
DRAFTS, SIGN_IN = "/admin/drafts/", "/account/sign-in/"


def signed_in(role: str, username: str = "") -> Client:
    client = Client()
    client.force_login(world.make_member(role, username))
    return client


@pytest.fixture
def first() -> Client:
    return signed_in(Role.CLERK, "first")


@pytest.fixture
def second() -> Client:
    return signed_in(Role.CLERK, "second")


@pytest.fixture
def chief() -> Client:
    client = Client()
    client.force_login(world.make_user("chief", is_superuser=True))
    return client


def form_of(client: Client, address: str, **changes: object) -> dict[str, object]:
    """All that the browser would send from that page, its marks included."""
    marks = client.get(address).context["form_marks"]
    return {**filled_in(client, address), **marks, **changes}


def sent(form: BaseForm) -> dict[str, object]:
    """What the browser would send of that form as it was answered."""
    values = {bound.html_name: bound.value() for bound in form}
    return {name: value for name, value in values.items() if value not in (None, False, [])}


def conflict(answer: HttpResponse) -> list[dict]:
    """What the notice of that answer tells, by field."""
    found = answer.context["adminform"].form.conflict
    assert found is not None
    return {one.name: one for one in found.differences}


def rules_page() -> tuple[str, list[Model]]:
    """The page of an assembly's rules, with two periods below it."""
    rules = world.make_rules()
    periods = [
        Period.objects.create(rules=rules, step=step, start="assigned", count=count, unit="month")
        for step, count in ((Period.Step.CONTACT, 1), (Period.Step.REPLY, 3))
    ]
    return change_address(rules), periods


# Two people on one row -----------------------------------------------------------------


def test_the_second_to_save_is_told_field_by_field_and_keeps_the_own_text(
    first: Client, second: Client
) -> None:
    reply = world.make_reply()
    address = change_address(reply)
    mine = form_of(second, address, text=MINE)
    theirs = form_of(first, address, text=THEIRS, contact_person="陈立")
    assert first.post(address, theirs).status_code == 302

    answer = second.post(address, mine)
    assert answer.status_code == 200
    reply.refresh_from_db()
    assert reply.text == THEIRS
    told = conflict(answer)
    assert set(told) == {"text", "contact_person"}
    assert told["text"].who == "first"
    assert told["text"].when is not None
    assert told["text"].mine == MINE
    page = answer.content.decode()
    assert "30" in "".join(piece.text for piece in told["text"].theirs)
    assert MINE in page
    # What the second had left alone now holds what the other wrote.
    form = answer.context["adminform"].form
    assert form["contact_person"].value() == "陈立"
    assert form["text"].value() == MINE


def test_saving_again_is_a_knowing_overwrite(first: Client, second: Client) -> None:
    reply = world.make_reply()
    address = change_address(reply)
    mine = form_of(second, address, text=MINE)
    first.post(address, form_of(first, address, text=THEIRS, contact_person="陈立"))
    form = second.post(address, mine).context["adminform"].form
    again = {**mine, **sent(form)}
    assert second.post(address, again).status_code == 302
    reply.refresh_from_db()
    assert (reply.text, reply.contact_person) == (MINE, "陈立")
    assert THEIRS in set(reply.history.values_list("text", flat=True))


def test_links_to_many_are_compared_too(first: Client, second: Client) -> None:
    reply = world.make_reply()
    finance = world.make_department("云平市财政局")
    address = change_address(reply)
    mine = form_of(second, address, title="另一标题")
    assert first.post(address, form_of(first, address, co_handlers=[finance.pk])).status_code == 302
    answer = second.post(address, mine)
    assert [piece.text for piece in conflict(answer)["co_handlers"].theirs if piece.kind == "in"]
    assert [int(key) for key in answer.context["adminform"].form["co_handlers"].value()] == [
        finance.pk
    ]


def test_a_move_made_meanwhile_is_a_change_too_and_a_locked_text_is_kept_to_be_copied(
    second: Client,
) -> None:
    reply = world.make_reply()
    address = change_address(reply)
    mine = form_of(second, address, text=MINE)
    # As a move would: the letter is handed in, its text is locked.
    reply.state = Reply.State.IN_REVIEW
    reply.save()
    answer = second.post(address, mine)
    assert answer.status_code == 200
    told = {one.name: one for one in answer.context["adminform"].form.conflict.differences}
    assert "state" in told
    reply.refresh_from_db()
    assert reply.text == world.LETTER


def test_who_has_changed_nothing_is_not_stopped_and_takes_nothing_back(
    first: Client, second: Client
) -> None:
    reply = world.make_reply()
    address = change_address(reply)
    untouched = form_of(second, address)
    first.post(address, form_of(first, address, text=THEIRS))
    assert second.post(address, untouched).status_code == 302
    reply.refresh_from_db()
    assert reply.text == THEIRS


def test_saving_without_a_change_is_no_new_version(first: Client) -> None:
    reply = world.make_reply()
    address = change_address(reply)
    assert first.post(address, form_of(first, address)).status_code == 302
    reply.refresh_from_db()
    assert reply.version == 1
    assert reply.history.count() == 1


def test_a_form_without_its_version_overwrites_nothing(first: Client) -> None:
    reply = world.make_reply()
    address = change_address(reply)
    data = form_of(first, address, text=MINE)
    del data["version"]
    assert first.post(address, data).status_code == 200
    reply.refresh_from_db()
    assert reply.text == world.LETTER


def test_the_write_itself_asks_for_the_version() -> None:
    reply = world.make_reply()
    mine, theirs = Reply.objects.get(pk=reply.pk), Reply.objects.get(pk=reply.pk)
    theirs.save()
    mine.only_over, mine.text = mine.version, MINE
    with pytest.raises(StaleError), transaction.atomic():
        mine.save()
    reply.refresh_from_db()
    assert reply.text == world.LETTER


def test_a_row_below_that_another_has_changed_is_a_conflict_of_that_row(chief: Client) -> None:
    address, periods = rules_page()
    mine = form_of(chief, address, **{"periods-0-count": "4"})
    periods[0].count = 6
    periods[0].save()
    answer = chief.post(address, mine)
    assert answer.status_code == 200
    below = answer.context["inline_admin_formsets"][0].formset.forms
    told = [one.name for form in below if form.conflict for one in form.conflict.differences]
    assert told == ["count"]
    periods[0].refresh_from_db()
    assert periods[0].count == 6
    again = {**mine, "periods-0-version": below[0]["version"].value()}
    assert chief.post(address, again).status_code == 302
    periods[0].refresh_from_db()
    assert periods[0].count == 4


def test_a_row_below_that_was_left_alone_keeps_what_the_other_wrote(chief: Client) -> None:
    address, periods = rules_page()
    mine = form_of(chief, address, **{"periods-0-count": "4"})
    periods[1].count = 6
    periods[1].save()
    assert chief.post(address, mine).status_code == 302
    assert list(Period.objects.order_by("pk").values_list("count", flat=True)) == [4, 6]


def test_a_row_below_that_another_has_deleted_is_offered_as_a_new_one(chief: Client) -> None:
    address, periods = rules_page()
    mine = form_of(chief, address, **{"periods-0-count": "4", "periods-1-count": "9"})
    periods[0].delete()
    answer = chief.post(address, mine)
    assert answer.status_code == 200
    formset = answer.context["inline_admin_formsets"][0].formset
    assert formset.non_form_errors()
    assert [form["count"].value() for form in formset.forms] == ["9", "4"]
    again = {**form_of(chief, address)}
    again |= {"periods-TOTAL_FORMS": formset.total_form_count()}
    for form in formset.forms:
        again |= sent(form)
    assert chief.post(address, again).status_code == 302
    assert sorted(Period.objects.values_list("count", flat=True)) == [4, 9]


# Sent twice ----------------------------------------------------------------------------


def test_a_form_sent_twice_is_saved_once(chief: Client) -> None:
    add = reverse("admin:departments_department_add")
    data = form_of(chief, add, name="云平市水利局", slug="水利局")
    one, two = chief.post(add, data), chief.post(add, data)
    assert (one.status_code, two.status_code) == (302, 302)
    assert two.url == one.url
    assert FormToken.objects.count() == 1


def test_a_form_that_was_refused_can_be_sent_again(first: Client) -> None:
    reply = world.make_reply()
    address = change_address(reply)
    data = form_of(first, address, text="")
    assert first.post(address, data).status_code == 200
    assert first.post(address, {**data, "text": MINE}).status_code == 302
    reply.refresh_from_db()
    assert reply.text == MINE


def test_old_tokens_are_forgotten(first: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "EVERY", 1)
    user = world.make_user("first")
    long_ago = timezone.now() - tokens.KEPT_FOR - timedelta(days=1)
    FormToken.objects.create(token="x" * 43, user=user, path="/", used_at=long_ago)
    address = change_address(world.make_reply())
    first.post(address, form_of(first, address, text=MINE))
    assert FormToken.objects.count() == 1


def test_an_account_is_opened_once_and_its_form_kept_without_the_password() -> None:
    administrator = signed_in(Role.ADMINISTRATOR)
    add = reverse("admin:auth_user_add")
    words = "chang-wan-2026-jiu"
    data = {"username": "chenli", "password1": words, "password2": words}
    data |= administrator.get(add).context["form_marks"]
    administrator.logout()
    answer = sign_in(administrator, administrator.post(add, data), Role.ADMINISTRATOR.value)
    assert answer.url == drafts.with_draft(add)
    page = administrator.get(answer.url)
    assert page.context["adminform"].form["username"].value() == "chenli"
    assert words not in page.content.decode()
    assert words not in str(FormDraft.objects.get().data)
    assert not get_user_model().objects.filter(username="chenli").exists()
    one, two = administrator.post(add, data), administrator.post(add, data)
    assert (one.status_code, two.url) == (302, one.url)
    assert not FormDraft.objects.exists()


# Drafts --------------------------------------------------------------------------------


def kept(client: Client, path: str, **fields: object) -> HttpResponse:
    return client.post(DRAFTS, {"_draft_of": path, **fields})


def test_what_was_typed_is_kept_offered_taken_up_and_forgotten_once_saved(first: Client) -> None:
    reply = world.make_reply()
    address = change_address(reply)
    typed = form_of(first, address, text=MINE)
    assert kept(first, address, **typed).json()["said"]
    assert FormDraft.objects.get().data["fields"]["text"] == [MINE]

    assert first.get(address).context["draft"] is not None
    page = first.get(drafts.with_draft(address))
    assert page.context["adminform"].form["text"].value() == MINE
    assert not page.context["errors"]
    reply.refresh_from_db()
    assert reply.text == world.LETTER

    data = sent(page.context["adminform"].form)
    saved = first.post(drafts.with_draft(address), form_of(first, address, **data))
    assert saved.status_code == 302
    reply.refresh_from_db()
    assert reply.text == MINE
    assert not FormDraft.objects.exists()


def test_a_draft_is_nobody_elses(first: Client, second: Client) -> None:
    address = change_address(world.make_reply())
    kept(first, address, text=MINE)
    assert second.get(address).context["draft"] is None
    page = second.get(drafts.with_draft(address)).content.decode()
    assert MINE not in page
    assert MINE not in second.get(DRAFTS).content.decode()


def test_a_draft_of_a_page_that_was_added_to_is_offered_with_its_rows(chief: Client) -> None:
    address, _periods = rules_page()
    typed = form_of(chief, address, **{"periods-TOTAL_FORMS": "3", "periods-2-count": "7"})
    kept(chief, address, **typed)
    page = chief.get(drafts.with_draft(address))
    below = page.context["inline_admin_formsets"][0].formset.forms
    assert [str(form["count"].value()) for form in below] == ["1", "3", "7"]
    assert Period.objects.count() == 2


def test_the_list_of_drafts_says_what_each_was_typed_on(first: Client) -> None:
    reply = world.make_reply()
    kept(first, change_address(reply), text=MINE)
    kept(first, reverse("admin:proposals_reply_add"), text=MINE)
    page = first.get(DRAFTS).content.decode()
    assert f"· {reply}</h2>" in page
    assert page.count("<h2>") == 2


def test_what_is_discarded_is_gone(first: Client) -> None:
    address = change_address(world.make_reply())
    kept(first, address, text=MINE)
    assert first.post(DRAFTS, {"_discard": address}).url == address
    assert first.get(address).context["draft"] is None


def test_passwords_and_tokens_are_not_kept(first: Client) -> None:
    address = change_address(world.make_reply())
    kept(first, address, text=MINE, password1="geheim", csrfmiddlewaretoken="t", _form_of="x")
    assert set(FormDraft.objects.get().data["fields"]) == {"text"}


def test_drafts_are_bounded(first: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    address = change_address(world.make_reply())
    assert kept(first, address, text="长" * drafts.LARGEST).status_code == 413
    assert kept(first, "/somewhere/else/", text=MINE).status_code == 413
    assert kept(first, "https://evil.example/admin/", text=MINE).status_code == 413
    monkeypatch.setattr(drafts, "MOST", 2)
    for number in range(1, 5):
        kept(first, f"/admin/proposals/reply/{number}/change/", text=MINE)
    assert FormDraft.objects.count() == 2


def test_drafts_are_forgotten_after_a_month(first: Client) -> None:
    address = change_address(world.make_reply())
    kept(first, "/admin/proposals/reply/add/", text=MINE)
    FormDraft.objects.update(saved_at=timezone.now() - drafts.KEPT_FOR - timedelta(days=1))
    kept(first, address, text=MINE)
    assert FormDraft.objects.get().path == address


def test_a_draft_that_arrives_after_its_form_was_saved_is_not_kept(first: Client) -> None:
    address = change_address(world.make_reply())
    data = form_of(first, address, text=MINE)
    assert first.post(address, data).status_code == 302
    assert kept(first, address, **data).json() == {"said": ""}
    assert not FormDraft.objects.exists()


def test_what_belongs_to_a_page_that_is_closed_now_can_be_read_and_copied(first: Client) -> None:
    reply = world.make_reply()
    address = change_address(reply)
    data = form_of(first, address, text=MINE)
    clerk = world.make_user("first")
    clerk.clerkships.update(department=world.make_department("云平市财政局"))
    answer = first.post(address, data)
    assert (answer.status_code, answer.url) == (302, DRAFTS)
    assert MINE in first.get(DRAFTS).content.decode()
    reply.refresh_from_db()
    assert reply.text == world.LETTER


# Sessions and tokens that have grown old -----------------------------------------------


def sign_in(client: Client, page: HttpResponse, username: str) -> HttpResponse:
    """Fill in the sign-in page as it was answered."""
    context = page.context
    data = {
        "username": username,
        "password": f"{username}-2026",
        "next": context["next"],
        "_held": context["held"],
    }
    return client.post(SIGN_IN, data)


def test_who_signs_in_again_finds_the_filled_form(first: Client) -> None:
    reply = world.make_reply()
    address = change_address(reply)
    data = form_of(first, address, text=MINE)
    first.logout()
    page = first.post(address, data)
    assert page.status_code == 403
    assert not FormDraft.objects.exists()

    wrong = first.post(
        SIGN_IN,
        {"username": "first", "password": "no", "_held": page.context["held"]},
    )
    assert wrong.context["held"] == page.context["held"]

    answer = sign_in(first, page, "first")
    assert answer.url == drafts.with_draft(address)
    assert first.get(answer.url).context["adminform"].form["text"].value() == MINE
    reply.refresh_from_db()
    assert reply.text == world.LETTER


def test_what_one_account_has_typed_is_not_handed_to_another(first: Client) -> None:
    world.make_member(Role.CLERK, "second")
    address = change_address(world.make_reply())
    data = form_of(first, address, text=MINE)
    first.logout()
    answer = sign_in(first, first.post(address, data), "second")
    assert answer.url == address
    assert not FormDraft.objects.exists()


# What is no list of texts.
HALF = '{"path": "/admin/", "of": "1", "fields": {"text": 3}}'


@pytest.mark.parametrize("held", ["{", "[]", '{"path": "//evil.example"}', '{"fields": 3}', HALF])
def test_a_forged_sign_in_page_signs_in_and_keeps_nothing(held: str) -> None:
    world.make_member(Role.CLERK, "first")
    client = Client()
    data = {"username": "first", "password": "first-2026", "_held": held, "next": "/admin/"}
    assert client.post(SIGN_IN, data).url == "/admin/"
    assert not FormDraft.objects.exists()


def with_old_token(client: Client, address: str, data: dict, **headers: str) -> HttpResponse:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    return strict.post(address, {**data, "csrfmiddlewaretoken": "o" * 64}, headers=headers)


def test_a_rotated_csrf_token_leads_back_to_the_filled_form(first: Client) -> None:
    address = change_address(world.make_reply())
    data = form_of(first, address, text=MINE)
    answer = with_old_token(first, address, data, sec_fetch_site="same-origin")
    assert answer.status_code == 302
    assert answer.url == drafts.with_draft(address)
    assert first.get(answer.url).context["adminform"].form["text"].value() == MINE


@pytest.mark.parametrize(
    "headers",
    [{"sec_fetch_site": "cross-site"}, {"sec_fetch_site": "same-site"}, {"origin": "null"}, {}],
)
def test_another_site_gets_the_plain_refusal_and_leaves_no_draft(
    first: Client, headers: dict[str, str]
) -> None:
    address = change_address(world.make_reply())
    data = form_of(first, address, text=MINE)
    assert with_old_token(first, address, data, **headers).status_code == 403
    assert not FormDraft.objects.exists()


def test_a_form_that_was_not_this_accounts_is_refused(first: Client, second: Client) -> None:
    address = change_address(world.make_reply())
    data = form_of(first, address, text=MINE)
    answer = with_old_token(second, address, data, sec_fetch_site="same-origin")
    assert answer.status_code == 403
    assert not FormDraft.objects.exists()


def test_signing_in_elsewhere_meanwhile_loses_nothing(first: Client) -> None:
    address = change_address(world.make_reply())
    data = form_of(first, address, text=MINE)
    anonymous = Client()
    page = anonymous.post(address, data)
    login = {"username": "first", "password": "first-2026", "_held": page.context["held"]}
    answer = with_old_token(first, SIGN_IN, login, sec_fetch_site="same-origin")
    assert answer.url == drafts.with_draft(address)


def test_signing_in_and_out_again_elsewhere_loses_nothing(first: Client) -> None:
    """The token is another by then, and nobody is signed in."""
    address = change_address(world.make_reply())
    data = form_of(first, address, text=MINE)
    first.logout()
    page = with_old_token(first, address, data, sec_fetch_site="same-origin")
    assert page.status_code == 403
    login = {"username": "first", "password": "first-2026", "_held": page.context["held"]}
    again = with_old_token(first, SIGN_IN, login, sec_fetch_site="same-origin")
    assert again.context["held"] == page.context["held"]
    assert sign_in(first, again, "first").url == drafts.with_draft(address)
    assert with_old_token(Client(), address, data, sec_fetch_site="cross-site").status_code == 403


def test_the_largest_draft_is_carried_by_the_sign_in_page(first: Client) -> None:
    address = change_address(world.make_reply())
    longest = "字" * (drafts.LARGEST - 5_000)
    data = form_of(first, address, text=longest)
    first.logout()
    page = first.post(address, data)
    held = page.context["held"]
    login = {"username": "first", "password": "first-2026", "_held": held, "next": address}
    first.post(SIGN_IN, urlencode(login), content_type="application/x-www-form-urlencoded")
    assert FormDraft.objects.get().data["fields"]["text"] == [longest]


def test_signs_that_a_database_refuses_are_left_out_and_harm_nothing(first: Client) -> None:
    address = change_address(world.make_reply())
    data = form_of(first, address, text="上\0下", _draft_of=address)
    assert first.post("/admin/drafts/", data).status_code == 200
    assert FormDraft.objects.get().data["fields"]["text"] == ["上下"]
    assert first.post("/admin/drafts/", {**data, "_draft_of": f"{address}\0"}).status_code == 413
    assert first.post("/admin/drafts/", {"_discard": "/admin/\0"}).status_code == 302
    assert first.get(address.replace("/change", "%00/change")).status_code == 404


# Moves ---------------------------------------------------------------------------------


def move_page(row: Model, name: str) -> str:
    kind = f"admin:{row._meta.app_label}_{row._meta.model_name}_move"
    return f"{reverse(kind, args=[name])}?ids={row.pk}"


def move_form(client: Client, address: str, **changes: object) -> dict[str, object]:
    context = client.get(address).context
    data = {bound.html_name: bound.value() for bound in context["form"]}
    return {name: value for name, value in data.items() if value is not None} | {
        **context["form_marks"],
        **changes,
    }


def test_a_move_sent_twice_is_made_once() -> None:
    office = signed_in(Role.DEPUTIES_OFFICE)
    reply = world.make_published_reply()
    address = move_page(reply, "withdraw")
    data = move_form(office, address, reason="涉密")
    one, two = office.post(address, data), office.post(address, data)
    assert (one.status_code, two.status_code, two.url) == (302, 302, one.url)
    assert reply.proposal.events.filter(kind="reply_withdrawn").count() == 1


def test_a_decision_about_what_has_changed_meanwhile_is_not_carried_out_unseen() -> None:
    office = signed_in(Role.DEPUTIES_OFFICE)
    reply = world.make_published_reply()
    address = move_page(reply, "withdraw")
    data = move_form(office, address, reason="涉密")
    reply.contact_person = "陈立"
    reply.save()
    answer = office.post(address, data)
    assert answer.status_code == 200
    assert [one.name for one in answer.context["form"].conflict.differences] == ["contact_person"]
    reply.refresh_from_db()
    assert reply.is_published
    again = {**data, "version": answer.context["form"]["version"].value()}
    assert office.post(address, again).status_code == 302
    reply.refresh_from_db()
    assert not reply.is_published


def test_a_text_corrected_by_another_meanwhile_is_told_beside_the_own() -> None:
    reviewer = signed_in(Role.REVIEWER)
    reply = world.make_published_reply()
    address = move_page(reply, "correct")
    data = move_form(reviewer, address, text=reply.text + "附：甲", reason="补附件")
    reply.correct(reply.text + "附：乙", reason="补附件", on=world.PUBLISHED_ON)
    answer = reviewer.post(address, data)
    assert answer.status_code == 200
    told = {one.name: one for one in answer.context["form"].conflict.differences}
    assert told["text"].mine.endswith("附：甲")
    assert answer.context["form"]["text"].value().endswith("附：甲")
    reply.refresh_from_db()
    assert reply.text.endswith("附：乙")


def test_what_was_typed_on_the_page_of_a_move_is_kept() -> None:
    office = signed_in(Role.DEPUTIES_OFFICE)
    reply = world.make_published_reply()
    address = move_page(reply, "withdraw")
    data = move_form(office, address, reason="涉及个人信息")
    assert kept(office, address, **data).status_code == 200
    assert office.get(address).context["draft"] is not None
    page = office.get(drafts.with_draft(address))
    assert page.context["form"]["reason"].value() == "涉及个人信息"
    reply.refresh_from_db()
    assert reply.is_published


# Reading a difference ------------------------------------------------------------------


def test_a_difference_shows_the_letters_and_a_little_around_them() -> None:
    before = "一、已开展的工作\n" + "甲" * 200 + "新增20座。\n二、下一步\n" + "乙" * 200
    pieces = compare(before, before.replace("20", "30"))
    assert [piece.text for piece in pieces if piece.kind == "out"] == ["2"]
    assert [piece.text for piece in pieces if piece.kind == "in"] == ["3"]
    assert sum(len(piece.text) for piece in pieces) < 200


def test_drafts_are_plain_data() -> None:
    user = world.make_user()
    draft = drafts.keep(user, "/admin/proposals/reply/add/", {"title": ["甲"]})
    assert draft is not None
    assert json.loads(json.dumps(draft.data)) == {"fields": {"title": ["甲"]}}
