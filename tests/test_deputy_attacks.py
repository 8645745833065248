"""What an attacker sends to the deputies' desk and to accounts, and what becomes of it."""

from __future__ import annotations

import logging
import re
from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import urls as account_urls
from desk.deputies import urls as desk_urls
from notifications.models import Message
from proposals.models import Attachment, Feedback, Proposal
from tests import world
from tests.deputy_world import make_desk, make_handled, signed_in
from tests.test_second_factor import with_factor
from tests.test_writing_pages import marks

pytestmark = pytest.mark.django_db
SIGN_IN, RESET = "/account/sign-in/", "/account/password/reset/"
ADDRESSES = ("/desk/", "/desk/write/", "/desk/similar/", "/desk/messages/")


@pytest.fixture(autouse=True)
def quiet(settings: Any, tmp_path: Any, caplog: Any) -> None:
    caplog.set_level(logging.ERROR, logger="django")
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def lead() -> Any:
    return make_desk("林秀兰", "linxiulan")


def draft_of(lead: Any) -> tuple[Client, Proposal]:
    client = signed_in(lead)
    world.make_session()
    client.post("/desk/write/", marks(client, "/desk/write/"))
    return client, Proposal.objects.latest("pk")


def sign_in(**data: str) -> Any:
    return Client().post(SIGN_IN, {"username": "linxiulan", "password": "linxiulan-2026", **data})


# Ways out of the site, and of the page -------------------------------------------------


@pytest.mark.parametrize(
    "asked",
    [
        "//evil.example",
        "///evil.example",
        "https:evil.example",
        "https:///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "%2f%2fevil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "http://testserver@evil.example/",
        "/desk/\r\nSet-Cookie: a=b",
        "\x00//evil.example",
        "nowhere",
        "admin",
        "",
        "x" * 5000,
    ],
)
def test_signing_in_leads_to_no_other_site_and_never_fails(lead: Any, asked: str) -> None:
    answer = sign_in(next=asked)
    assert answer.status_code == 302
    assert answer.url.startswith("/") and not answer.url.startswith(("//", "/\\"))
    assert "Set-Cookie: a" not in repr(answer.headers)
    assert SESSION_KEY in answer.client.session


@pytest.mark.parametrize("asked", ["nowhere", "//evil.example", "javascript:alert(1)"])
def test_a_new_password_leads_to_no_other_site_and_never_fails(lead: Any, asked: str) -> None:
    old, new = "linxiulan-2026", "zwei Schwaene im Nebel 7"
    data = {"old_password": old, "new_password1": new, "new_password2": new, "next": asked}
    answer = signed_in(lead).post("/account/password/", data)
    assert (answer.status_code, answer.url) == (302, "/account/")


@pytest.mark.parametrize(
    "held",
    [
        "[" * 200_000,
        '{"path": "https://evil.example/desk/", "of": "", "fields": {}}',
        '{"path": ["/desk/"], "of": 1, "fields": {"a": 1}}',
        '{"path": "/desk/", "of": "\\u0000", "fields": {"a": ["\\ud800"]}}',
    ],
)
def test_what_a_forged_sign_in_page_carries_leads_nowhere(lead: Any, held: str) -> None:
    answer = sign_in(_held=held)
    assert (answer.status_code, answer.url) == (302, "/desk/")


# Addresses and fields that nobody types ------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "page=" + "9" * 5000,
        "page=-1",
        "page=%00",
        "q=%00",
        "q=" + "%27" * 50,
        "session=" + "9" * 50,
        "state=%00",
        "as=%00",
        "title=%00%E5%85%AC%E4%BA%A4",
        "title=%ED%A0%80",
        "not=%00&title=a",
        "draft=1&ids=%00",
    ],
)
def test_no_query_breaks_a_page(lead: Any, query: str) -> None:
    client = signed_in(lead)
    for address in ADDRESSES:
        assert client.get(f"{address}?{query}").status_code == 200, address


@pytest.mark.parametrize(
    "path",
    [
        "proposals/{}/".format("x" * 3000),
        "proposals/%00/",
        "proposals/{key}/replies/" + "9" * 400 + "/",
        "proposals/{key}/replies/999999999/",
        "proposals/{key}/replies/1-99999999/",
        "proposals/{key}/replies/1/promises/" + "9" * 30 + "/",
        "proposals/{key}/replies/1/promises/" + "9" * 4000 + "/",
        "proposals/{key}/attachments/" + "9" * 30 + "/",
        "messages/00000000-0000-0000-0000-00000000000g/",
        "files/%00",
        "files/../../etc/passwd",
        "files/%2e%2e/%2e%2e/luoshi.sqlite3",
        "files//etc/passwd",
        "files/" + "x" * 3000,
    ],
)
def test_no_address_breaks_the_desk(lead: Any, path: str) -> None:
    found = make_handled(lead)
    client, url = signed_in(lead), "/desk/" + path.replace("{key}", found.proposal.key)
    for method in (client.get, client.post):
        answer = method(url)
        # 200: the form of a draft that is no draft any more, with why it was not saved; 302: where
        # that form stands, for who opens the address that it is sent to.
        leads_to_form = answer.headers.get("Location", "").endswith("/edit/")
        assert answer.status_code in (200, 404, 405) or leads_to_form, answer.status_code
        assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("token", ["\x00", "x" * 100_000, "'", "\ud83d"])
def test_no_forged_mark_breaks_a_form(lead: Any, token: str) -> None:
    client, draft = draft_of(lead)
    token = token.encode("utf-8", "ignore").decode()
    forged = {"_form_token": token, "_form_of": token, "version": "9" * 400, "seen": token}
    for name in ("keep", "edit", "attach", "cosigners", "submit", "withdraw", "throw_away"):
        answer = client.post(reverse(f"desk:{name}", args=[draft.key]), {**forged, "title": "x"})
        assert answer.status_code < 500, name


@pytest.mark.parametrize("value", ["\x00", "9" * 400, "-1", "x", "1\x00"])
def test_no_forged_choice_breaks_a_form(lead: Any, value: str) -> None:
    found = make_handled(lead)
    client = signed_in(lead)
    letter = reverse("desk:rate", args=[found.proposal.key, found.reply.key])
    assert client.post(letter, {"process": value, "result": value}).status_code == 200
    assert client.post("/account/sign-ins/", {"end": value}).status_code == 404
    _client, draft = draft_of(lead)
    names = reverse("desk:cosigners", args=[draft.key])
    assert client.post(names, {"deputies": value}).status_code == 302
    assert client.post(names, {"take_back": value}).status_code < 500
    for name in ("username", "password"):
        assert (
            Client().post(SIGN_IN, {"username": "x", "password": "x", name: value}).status_code
            == 200
        )


# What a form does not ask for ----------------------------------------------------------


def test_a_form_writes_nothing_but_its_fields(lead: Any) -> None:
    client, draft = draft_of(lead)
    edit = reverse("desk:edit", args=[draft.key])
    other = world.make_deputy("周建国")
    extra = {
        "state": "registered",
        "number": "0001",
        "number_key": "1",
        "key": "x",
        "session": "999",
        "is_key": "on",
        "disclosure": "proactive",
        "published_on": "2026-03-01",
        "submitted_on": "2026-03-01",
        "deputy": str(other.pk),
        "lead": str(other.pk),
        "merged_into": str(draft.pk),
    }
    texts = {"title": "关于校车的建议", "reason": "远", "request": "开通"}
    before = Proposal.objects.filter(pk=draft.pk).values().get()
    client.post(edit, {**marks(client, edit), **texts, **extra})
    after = Proposal.objects.filter(pk=draft.pk).values().get()
    changed = {name for name in after if after[name] != before[name]}
    assert changed <= {*texts, "version", "changed_at", "updated_at"} and set(texts) <= changed
    assert [row.deputy for row in draft.sponsorships.all()] == [lead]


def test_a_title_is_one_line_and_reads_as_it_was_typed(lead: Any) -> None:
    client, draft = draft_of(lead)
    edit = reverse("desk:edit", args=[draft.key])
    title = "关于\u202e校车\u2066的\r\nBcc: a@evil.example\u2028 建议"
    client.post(edit, {**marks(client, edit), "title": title})
    draft.refresh_from_db()
    assert draft.title == "关于校车的 Bcc: a@evil.example 建议"


def test_a_step_of_another_assemblys_scale_is_no_rating(lead: Any) -> None:
    found = make_handled(lead)
    own = world.make_rating("满意")
    other = world.make_rating("满意", assembly=world.make_assembly("linshi"))
    client = signed_in(lead)
    url = reverse("desk:rate", args=[found.proposal.key, found.reply.key])
    for steps in ({"process": own.pk, "result": other.pk}, {"process": other.pk, "result": own.pk}):
        client.post(url, {**marks(client, url), **steps})
    assert not Feedback.objects.filter(state="returned").exists()
    both = {"process": own.pk, "result": own.pk, "deputy": found.partner.pk, "state": "closed"}
    client.post(url, {**marks(client, url), **both})
    assert [row.deputy for row in Feedback.objects.filter(state="returned")] == [lead]


def test_a_deputy_of_another_assembly_cannot_be_asked_by_a_forged_choice(lead: Any) -> None:
    client, draft = draft_of(lead)
    edit = reverse("desk:edit", args=[draft.key])
    client.post(edit, {**marks(client, edit), "title": "校车", "reason": "远", "request": "开通"})
    away = world.make_deputy("外地代表", assembly=world.make_assembly("linshi"))
    url = reverse("desk:cosigners", args=[draft.key])
    client.post(url, {**marks(client, url), "deputies": away.pk})
    assert draft.sponsorships.count() == 1


def test_a_form_that_another_has_handed_in_does_nothing(lead: Any) -> None:
    other = make_desk("周建国")
    client, theirs = signed_in(lead), signed_in(other)
    world.make_session()
    found = marks(client, "/desk/write/")
    client.post("/desk/write/", found)
    assert theirs.post("/desk/write/", found).status_code == 400
    assert not Proposal.objects.filter(sponsorships__deputy=other).exists()
    assert Proposal.objects.filter(sponsorships__deputy=lead).count() == 1


# Files ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "is_taken"),
    [
        ("x.svg", False),
        ("x.html", False),
        ("x.zip", False),
        ("x.pdf.exe", False),
        ("x.pdf\x00.html", False),
        ("x.htm", False),
        (".pdf", False),
        ("../../../etc/cron.pdf", True),
        ("..\\..\\win.pdf", True),
        ("\u202efdp.exe.pdf", True),
        ("x\r\nSet-Cookie: a=b.pdf", False),
        ('x";filename="y.html.pdf', True),
        ("x" * 400 + ".pdf", True),
    ],
)
def test_papers_are_taken_by_their_kind_and_kept_under_a_name_of_ours(
    lead: Any, name: str, is_taken: bool
) -> None:
    client, draft = draft_of(lead)
    edit = reverse("desk:edit", args=[draft.key])
    file = SimpleUploadedFile("x.pdf", b"<script>alert(1)</script>")
    file._name = name  # as a forged request has it: its maker cleans the name
    found = marks(client, edit)
    client.post(reverse("desk:attach", args=[draft.key]), {**found, "title": "校车", "file": file})
    papers = Attachment.objects.filter(proposal=draft)
    assert papers.count() == is_taken
    for paper in papers:
        assert re.fullmatch(r"[a-z-]+/\d{4}/[\w-]{22}\.pdf", str(paper.file.name))
        assert "/" not in paper.name and "\\" not in paper.name
        answer = client.get(reverse("desk:file", args=[paper.file.name]))
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "\u202e" not in str(answer.headers) and "%E2%80%AE" not in str(answer.headers)
        assert "Set-Cookie" not in answer.headers
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in answer.headers["Cache-Control"]


# Headers and methods -------------------------------------------------------------------


def test_no_store_keeps_anything_of_the_desk_and_of_accounts(lead: Any) -> None:
    found = make_handled(lead)
    client = signed_in(lead)
    letter = reverse("desk:letter", args=[found.proposal.key, found.reply.key])
    urls = [*ADDRESSES, letter, "/desk/nowhere/", "/desk/files/x", "/account/", "/account/nowhere/"]
    urls += [SIGN_IN, f"{SIGN_IN}code/", "/account/sign-ins/", "/account/invitation/x/"]
    for one in (client, Client()):
        for url in urls:
            for method in (one.get, one.head, one.post, one.put, one.options):
                answer = method(url)
                assert "no-store" in answer.headers["Cache-Control"], (method, url)
                assert "Cookie" in answer.headers["Vary"], (method, url)
        client.force_login(lead.user)


def test_after_signing_out_the_page_before_is_asked_for_anew(lead: Any) -> None:
    client = signed_in(lead)
    assert client.get("/desk/").status_code == 200
    client.post("/account/sign-out/")
    assert client.get("/desk/").url == f"{SIGN_IN}?next=/desk/"


def test_every_form_wants_the_token_against_forged_requests(lead: Any) -> None:
    found = make_handled(lead)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(lead.user)
    keys = {"key": found.proposal.key, "reply": found.reply.key, "number": 1, "attachment": 1}
    before = state()
    for path in every_path(keys):
        for headers in ({}, {"X-HTTP-Method-Override": "GET"}, {"Origin": "https://evil.example"}):
            answer = strict.post(path, {"_form_token": "x" * 43, "_method": "GET"}, headers=headers)
            assert answer.status_code in (403, 404), (path, answer.status_code)
    assert state() == before


def every_path(keys: dict[str, Any]) -> list[str]:
    found = []
    values = {**keys, "message": "00000000-0000-0000-0000-000000000000", "name": "x"}
    values |= {"uidb64": "x", "token": "x-x"}
    for room, patterns in (("desk", desk_urls.urlpatterns), ("accounts", account_urls.urlpatterns)):
        for each in patterns:
            names = each.pattern.converters
            found.append(reverse(f"{room}:{each.name}", kwargs={n: values[n] for n in names}))
    return found


def state() -> list[Any]:
    return [
        sorted(map(repr, model.objects.values_list()))
        for model in (Proposal, Feedback, Attachment, Message)
    ]


# Who is there --------------------------------------------------------------------------


def queries(do: Any) -> int:
    """How much is asked of the database: where something is undone, that costs no question."""
    with CaptureQueriesContext(connection) as asked:
        do()
    return sum("SAVEPOINT" not in query["sql"] for query in asked)


@pytest.mark.parametrize("names", [("linxiulan", "niemand"), ("lin@x.cn", "niemand@x.cn")])
def test_signing_in_asks_as_much_of_a_name_that_is_nobodys(lead: Any, names: Any) -> None:
    type(lead.user).objects.filter(pk=lead.user.pk).update(email="lin@x.cn")
    asked = [
        queries(lambda name=name: Client().post(SIGN_IN, {"username": name, "password": "wrong"}))
        for name in names
    ]
    assert asked[0] == asked[1]


def test_a_reset_does_as_much_for_an_address_that_is_nobodys(lead: Any, settings: Any) -> None:
    settings.EMAIL_CONFIGURED = True
    type(lead.user).objects.filter(pk=lead.user.pk).update(email="lin@x.cn")
    asked = []
    for number, email in enumerate(["lin@x.cn", "niemand@x.cn"] * 5):
        data, at = {"email": email}, f"198.51.{number}.7"
        asked.append(queries(lambda d=data, a=at: Client().post(RESET, d, REMOTE_ADDR=a)))
    assert len(set(asked)) == 1, asked
    assert Message.objects.filter(email="niemand@x.cn").count() == 0
    assert Message.objects.filter(email="lin@x.cn").count() == 3


def test_links_in_mails_lead_to_this_site_whatever_the_request_says(
    lead: Any, settings: Any
) -> None:
    settings.EMAIL_CONFIGURED, settings.ALLOWED_HOSTS = True, ["*"]
    type(lead.user).objects.filter(pk=lead.user.pk).update(email="lin@x.cn")
    world.make_published_reply(world.make_proposal("0800"))
    forged = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    Client().post(RESET, {"email": "lin@x.cn"}, headers=forged)
    Client().post("/follow/?proposal=yunping/14-3/0800", {"email": "reader@x.cn"}, headers=forged)
    mails = Message.objects.filter(recipient=None)
    assert mails.count() == 2
    for mail in mails:
        assert "evil.example" not in mail.text + mail.html + mail.subject


def test_a_title_with_line_breaks_ends_no_heading_of_a_mail(lead: Any, settings: Any) -> None:
    settings.EMAIL_CONFIGURED = True
    title = "关于校车\r\nBcc: all@x.cn\r\n\r\n的建议"
    proposal = world.make_proposal("0800", title=title)
    world.make_published_reply(proposal)
    Client().post("/follow/?proposal=yunping/14-3/0800", {"email": "reader@x.cn"})
    mail = Message.objects.filter(email="reader@x.cn").get()
    assert "\n" not in mail.subject and "\r" not in mail.subject


# Sessions ------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["closed", "unlinked", "turned clerk"])
def test_who_is_no_deputy_any_more_is_refused_at_the_next_request(lead: Any, how: str) -> None:
    found = make_handled(lead)
    client = signed_in(lead)
    url = reverse("desk:proposal", args=[found.proposal.key])
    assert client.get(url).status_code == 200
    if how == "closed":
        lead.user.is_active = False
        lead.user.save()
    else:
        user, lead.user = lead.user, None
        lead.save()
        if how == "turned clerk":
            world.make_clerk(user)
    for address in (url, "/desk/messages/", reverse("desk:file", args=["x"])):
        answer = client.get(address)
        if how == "closed":
            assert answer.url.startswith(f"{SIGN_IN}?next=")
        else:
            assert answer.status_code == 404
    letter = reverse("desk:rate", args=[found.proposal.key, found.reply.key])
    before = state()
    step = world.make_rating("满意").pk
    answer = client.post(letter, {"process": step, "result": step})
    assert answer.status_code in (302, 404) and state() == before


def test_before_the_code_was_right_no_page_is_open(lead: Any) -> None:
    found = make_handled(lead)
    with_factor(lead.user)
    answer = sign_in()
    client = answer.client
    keys = {"key": found.proposal.key, "reply": found.reply.key, "number": 1, "attachment": 1}
    open_to_all = ("/account/sign-in/", "/account/password/reset/", "/account/invitation/")
    for path in every_path(keys):
        if not path.startswith((*open_to_all, "/account/sign-out/")):
            assert client.get(path).status_code in (302, 405), path
            assert client.post(path).status_code in (302, 405), path
    assert SESSION_KEY not in client.session
