"""The pages on which a proposal is written, co-signed, handed in and taken back."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.rights import Role
from clerkadmin import drafts
from desk.deputies.writing import attempted
from proposals import registering, submitting
from proposals.models import Assignment, Proposal
from tests import world
from tests.admin_pages import change_address, kinds, move, said
from tests.test_submitting import TEXTS, lead, make_draft, with_account  # noqa: F401

pytestmark = pytest.mark.django_db
State = Proposal.State
PAGES = ("edit", "cosigners", "submit", "withdraw", "write_anew", "throw_away")


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def at(name: str, proposal: Proposal, *more) -> str:
    return reverse(f"desk:{name}", args=[proposal.key, *more])


def signed_in(deputy) -> Client:
    client = Client()
    client.force_login(deputy.user)
    return client


@pytest.fixture
def desk(lead) -> Client:  # noqa: F811
    return signed_in(lead)


def marks(client: Client, address: str) -> dict[str, str]:
    """What a browser finds in the hidden fields of the page's last form with marks."""
    html = client.get(address).content.decode()
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html)
    version = re.findall(r'name="version" value="(\d+)"', html)
    return {**dict(hidden), **({"version": version[0]} if version else {})}


def post(client: Client, address: str, page: str = "", **data):
    """Fill in the form of that page and send it."""
    return client.post(address, {**marks(client, page or address), **data})


def fresh(proposal: Proposal) -> Proposal:
    return Proposal.objects.get(pk=proposal.pk)


def test_a_deputy_begins_writes_and_hands_in(desk, lead):  # noqa: F811
    answer = post(desk, reverse("desk:write"))
    proposal = Proposal.objects.get()
    assert answer.url == at("edit", proposal)
    answer = post(desk, at("edit", proposal), **TEXTS)
    assert answer.url == at("submit", proposal)
    assert {name: getattr(fresh(proposal), name) for name in TEXTS} == TEXTS
    page = desk.get(answer.url).content.decode()
    for text in TEXTS.values():
        assert text in page
    answer = post(desk, at("submit", proposal))
    assert answer.url == at("proposal", proposal)
    assert fresh(proposal).state == State.SUBMITTED
    assert proposal.events.last().actor == lead.user


def test_the_page_says_why_a_proposal_is_not_begun(desk, lead):  # noqa: F811
    lead.is_serving = False
    lead.save()
    why = submitting.why_not_begin(lead)
    assert why in desk.get(reverse("desk:write")).content.decode()
    assert why in said(desk.post(reverse("desk:write")))
    assert not Proposal.objects.exists()


def test_a_form_sent_twice_does_it_once(desk, lead):  # noqa: F811
    form = marks(desk, reverse("desk:write"))
    first, second = (desk.post(reverse("desk:write"), form) for _each in range(2))
    assert first.url == second.url
    proposal = make_draft(lead)
    form = marks(desk, at("submit", proposal))
    for _each in range(2):
        assert desk.post(at("submit", proposal), form).url == at("proposal", proposal)
    assert Proposal.objects.count() == 2
    assert kinds(proposal) == ["drafted", "submitted"]


def test_a_draft_may_have_gaps_and_handing_in_asks_for_them(desk, lead):  # noqa: F811
    proposal = make_draft(lead)
    post(desk, at("edit", proposal), title="", reason="", request="", wished_handler="")
    assert not submitting.has_title(fresh(proposal))
    page = desk.get(at("submit", proposal)).content.decode()
    assert submitting.why_not_submit(fresh(proposal)) in page
    assert 'name="seen"' not in page
    answer = desk.post(at("submit", proposal), {"seen": fresh(proposal).version})
    assert submitting.why_not_submit(fresh(proposal)) in said(answer)
    assert fresh(proposal).state == State.DRAFT
    # The name that the site gave it is not offered as the deputy's.
    assert 'name="title" value' not in desk.get(at("edit", proposal)).content.decode()


def test_doubts_are_advice_and_no_bar(desk, lead):  # noqa: F811
    proposal = make_draft(lead, title="改善公交和治理河道污染")
    page = desk.get(at("submit", proposal))
    assert page.context["doubts"]
    for doubt in page.context["doubts"]:
        assert str(doubt) in page.content.decode()
    post(desk, at("submit", proposal))
    assert fresh(proposal).state == State.SUBMITTED


def test_too_long_a_title_is_said_at_its_field_with_what_was_typed(desk, lead):  # noqa: F811
    proposal = make_draft(lead)
    answer = post(desk, at("edit", proposal), **(TEXTS | {"title": "长" * 201, "reason": "新理由"}))
    page = answer.content.decode()
    assert answer.context["form"].errors["title"]
    assert "长" * 201 in page and "新理由" in page
    assert fresh(proposal).title == TEXTS["title"]


def test_a_draft_keeps_itself(desk, lead):  # noqa: F811
    proposal = make_draft(lead)
    form = {**marks(desk, at("edit", proposal)), **TEXTS}
    for words in ("第一次", "第二次", "第三次"):
        # One window, which is not told the version that its own keeping has made.
        answer = desk.post(at("keep", proposal), {**form, "reason": words})
        assert (answer.status_code, list(answer.json())) == (200, ["said"])
        assert fresh(proposal).reason == words
    answer = desk.post(at("edit", proposal), {**form, "reason": "最后一次"})
    assert (answer.status_code, fresh(proposal).reason) == (302, "最后一次")
    # On its way while the form itself was saved.
    late = desk.post(at("keep", proposal), {**form, "reason": "迟到"})
    assert late.json() == {"said": ""}
    assert fresh(proposal).reason == "最后一次"


def test_a_second_window_overwrites_nothing_and_is_told(desk, lead):  # noqa: F811
    proposal, phone = make_draft(lead), signed_in(lead)
    one, other = ({**marks(c, at("edit", proposal)), **TEXTS} for c in (desk, phone))
    third = {**marks(desk, at("edit", proposal)), **TEXTS}
    desk.post(at("keep", proposal), {**one, "reason": "在电脑上写的"})
    for client, form in ((phone, other), (desk, third)):
        kept = client.post(at("keep", proposal), {**form, "reason": "在手机上写的"})
        assert kept.status_code == 409 and kept.json()["said"]
        assert fresh(proposal).reason == "在电脑上写的"
    answer = phone.post(at("edit", proposal), {**other, "reason": "在手机上写的"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "在电脑上写的" in re.sub("<.*?>", "", page) and "在手机上写的" in page
    assert fresh(proposal).reason == "在电脑上写的"
    # Told of it, the deputy may put the own text over the other.
    hidden = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page)
    told = {**dict(hidden), **TEXTS}
    phone.post(at("edit", proposal), {**told, "reason": "在手机上写的"})
    assert fresh(proposal).reason == "在手机上写的"


def test_what_is_handed_in_is_kept_no_more(desk, lead):  # noqa: F811
    proposal = make_draft(lead)
    form = {**marks(desk, at("edit", proposal)), **TEXTS, "reason": "来不及了"}
    submitting.submit(fresh(proposal))
    assert desk.post(at("keep", proposal), form).status_code == 400
    answer = desk.post(at("edit", proposal), form)
    assert answer.status_code == 200 and "来不及了" in answer.content.decode()
    assert fresh(proposal).reason == TEXTS["reason"]


def test_a_confirmed_text_is_changed_knowingly(desk, lead):  # noqa: F811
    proposal, zhou = make_draft(lead), with_account("周建国")
    submitting.ask(proposal, [zhou])
    submitting.confirm(proposal.sponsorships.get(deputy=zhou))
    closed = desk.get(at("edit", proposal)).content.decode()
    assert "<textarea" not in closed and "?change=1" in closed
    opened = f"{at('edit', proposal)}?change=1"
    answer = post(desk, at("edit", proposal), opened, **(TEXTS | {"request": "请增设三座。"}))
    assert said(answer)
    assert proposal.sponsorships.get(deputy=zhou).confirmed_on is None


def test_papers_are_added_and_removed_beside_the_text(desk, lead):  # noqa: F811
    proposal = make_draft(lead)
    file = SimpleUploadedFile("调查.pdf", b"%PDF")
    form = TEXTS | {"reason": "一并保存"}
    answer = post(desk, at("attach", proposal), at("edit", proposal), file=file, **form)
    assert answer.url.startswith(at("edit", proposal))
    paper = proposal.attachments.get()
    assert (paper.name, fresh(proposal).reason) == ("调查.pdf", "一并保存")
    assert "调查.pdf" in desk.get(at("submit", proposal)).content.decode()
    for wrong in (SimpleUploadedFile("调查.exe", b"x"), ""):
        answer = post(desk, at("attach", proposal), at("edit", proposal), file=wrong, **form)
        assert answer.status_code == 200
        for error in answer.context["paper_errors"]:
            assert error in answer.content.decode()
    # The refusal leaves its address in the browser: opened again, it leads back to the draft.
    assert desk.get(at("attach", proposal)).url == at("edit", proposal)
    assert desk.get(at("detach", proposal, paper.pk)).url == at("edit", proposal)
    assert proposal.attachments.get() == paper
    other = submitting.attach(make_draft(lead), SimpleUploadedFile("别的.pdf", b"%PDF"))
    answer = post(desk, at("detach", proposal, other.pk), at("edit", proposal), **form)
    assert answer.status_code == 404
    post(desk, at("detach", proposal, paper.pk), at("edit", proposal), **form)
    assert not proposal.attachments.exists()
    assert other.proposal.attachments.exists()


def test_a_paper_is_downloaded_by_who_reads_the_proposal_alone(desk, lead):  # noqa: F811
    proposal, zhou, wu = make_draft(lead), with_account("周建国"), with_account("吴敏")
    paper = submitting.attach(proposal, SimpleUploadedFile("调查.pdf", b"%PDF-secret"))
    submitting.ask(proposal, [zhou])
    own = reverse("desk:file", args=[paper.file.name])
    for client in (desk, signed_in(zhou)):
        answer = client.get(own)
        assert b"".join(answer.streaming_content) == b"%PDF-secret"
        assert "attachment" in answer["Content-Disposition"]
    assert signed_in(wu).get(own).status_code == 404
    office = Client()
    office.force_login(world.make_member(Role.DEPUTIES_OFFICE))
    theirs = reverse("admin:file", args=[paper.file.name])
    assert office.get(theirs).status_code == 404
    submitting.submit(proposal)
    assert b"".join(office.get(theirs).streaming_content) == b"%PDF-secret"
    page = office.get(change_address(proposal)).content.decode()
    assert "调查.pdf" in page and theirs in page
    clerk = Client()
    clerk.force_login(world.make_member(Role.CLERK))
    assert clerk.get(theirs).status_code == 404
    Assignment.objects.create(proposal=proposal, department=world.make_department(), role="lead")
    assert clerk.get(theirs).status_code == 200
    # Who was asked and did not confirm reads it no more.
    assert signed_in(zhou).get(own).status_code == 404


def test_co_sponsors_are_found_by_name_or_delegation(desk, lead):  # noqa: F811
    proposal = make_draft(lead)
    for name, delegation in (
        ("周建国", "城关代表团"),
        ("吴敏", "清溪代表团"),
        ("孙梅", "清溪代表团"),
    ):
        world.make_deputy(name, delegation=delegation)
    world.make_deputy("郑立", is_serving=False)
    world.make_deputy("外地代表", assembly=world.make_assembly("linshi"))

    def found(sought: str = "") -> list[str]:
        page = desk.get(at("cosigners", proposal), {"q": sought})
        return sorted(deputy.name for deputy in page.context["found"])

    assert found() == ["周建国"]
    assert found("清溪") == ["吴敏", "孙梅"]
    assert found("清溪 孙") == ["孙梅"]
    for nobody in ("郑立", "外地", "林秀兰"):
        assert found(nobody) == []


def test_who_is_asked_answers_and_who_declined_finds_nothing(desk, lead):  # noqa: F811
    proposal, zhou, wu = make_draft(lead), with_account("周建国"), with_account("吴敏")
    post(desk, at("cosigners", proposal), deputies=[zhou.pk, wu.pk])
    assert fresh(proposal).state == State.COSIGNING
    page = signed_in(zhou).get(at("cosign", proposal)).content.decode()
    assert TEXTS["request"] in page and "吴敏" in page
    answer = post(signed_in(zhou), at("cosign", proposal), answer="confirm")
    assert answer.status_code == 302
    post(signed_in(wu), at("cosign", proposal), answer="decline", words="数据还不够")
    names = {s.deputy.name: s for s in submitting.co_sponsors(proposal)}
    assert names["周建国"].confirmed_on and names["吴敏"].declined_on
    assert signed_in(wu).get(at("cosign", proposal)).status_code == 404
    assert "数据还不够" in desk.get(at("cosigners", proposal)).content.decode()
    # The words are the lead sponsor's alone.
    assert "数据还不够" not in signed_in(zhou).get(at("cosign", proposal)).content.decode()


def test_a_text_that_changed_while_it_was_read_is_read_again(desk, lead):  # noqa: F811
    proposal, zhou = make_draft(lead), with_account("周建国")
    submitting.ask(proposal, [zhou])
    client = signed_in(zhou)
    form = marks(client, at("cosign", proposal))
    submitting.change(fresh(proposal), request="请增设候车亭二十座。")
    answer = client.post(at("cosign", proposal), {**form, "answer": "confirm"})
    assert answer.url == at("cosign", proposal) and said(answer)
    assert "二十座" in client.get(answer.url).content.decode()
    assert not proposal.sponsorships.filter(deputy=zhou, confirmed_on__isnull=False).exists()


def test_who_has_not_answered_is_named_before_it_is_handed_in(desk, lead):  # noqa: F811
    proposal, zhou, wu = make_draft(lead), with_account("周建国"), with_account("吴敏")
    submitting.ask(proposal, [zhou, wu])
    submitting.confirm(proposal.sponsorships.get(deputy=zhou))
    page = desk.get(at("submit", proposal))
    assert [name.deputy.name for name in page.context["unanswered"]] == ["吴敏"]
    under = proposal.sponsorships.get(deputy=wu)
    post(desk, at("cosigners", proposal), take_back=under.pk)
    assert not desk.get(at("submit", proposal)).context["unanswered"]
    post(desk, at("cosigners", proposal), take_back=proposal.sponsorships.get(deputy=zhou).pk)
    assert proposal.sponsorships.filter(deputy=zhou).exists()


@pytest.mark.parametrize("name", [*PAGES, "cosign", "keep", "attach"])
def test_another_finds_nothing(lead, name):  # noqa: F811
    proposal, zhou = make_draft(lead), with_account("周建国")
    submitting.ask(proposal, [zhou])
    address = at(name, proposal)
    clerk = Client()
    clerk.force_login(world.make_member(Role.DEPUTIES_OFFICE))
    strangers = [signed_in(with_account("吴敏")), clerk]
    if name != "cosign":
        strangers.append(signed_in(zhou))  # a co-sponsor reads, and answers, and no more
    else:
        strangers.append(signed_in(lead))
    for client in strangers:
        if name not in ("keep", "attach"):
            assert client.get(address).status_code == 404
        assert client.post(address, {**TEXTS, "answer": "confirm"}).status_code == 404
    assert Client().get(address).status_code in (302, 405)
    assert fresh(proposal).state == State.COSIGNING
    assert kinds(proposal) == ["drafted", "cosigner_asked"]


def test_a_proposal_is_withdrawn_with_a_reason_until_it_is_assigned(desk, lead):  # noqa: F811
    proposal = make_draft(lead)
    assert desk.get(at("withdraw", proposal)).status_code == 404
    submitting.submit(proposal)
    answer = post(desk, at("withdraw", proposal), reason=" ")
    assert answer.context["form"].errors["reason"]
    post(desk, at("withdraw", proposal), reason="已另行解决")
    assert fresh(proposal).state == State.WITHDRAWN
    assigned = world.make_proposal("0200", sponsor=lead)
    why = registering.why_not_withdraw(assigned)
    assert why in desk.get(at("withdraw", assigned)).content.decode()
    assert why in said(desk.post(at("withdraw", assigned), {"reason": "已另行解决"}))
    assert fresh(assigned).state == State.IN_HANDLING


def test_a_name_that_is_taken_back_while_it_is_confirmed_is_not_there(rf, lead):  # noqa: F811
    proposal, zhou = make_draft(lead), with_account("周建国")
    submitting.ask(proposal, [zhou], by=lead.user)
    found, taken_back = (proposal.sponsorships.get(deputy=zhou) for _each in range(2))
    submitting.take_back(taken_back)
    request = rf.post(at("cosign", proposal))
    request.user = zhou.user
    with pytest.raises(Http404):
        attempted(request, lambda: submitting.confirm(found), lambda: None)


def test_one_that_is_being_co_signed_can_be_withdrawn_from_its_page(desk, lead):  # noqa: F811
    proposal = make_draft(lead)
    submitting.ask(proposal, [with_account("周建国")], by=lead.user)
    assert at("withdraw", proposal) in desk.get(at("submit", proposal)).content.decode()
    page = desk.get(at("withdraw", proposal), headers={"accept-language": "en"})
    assert "no office learns of it" in page.content.decode()
    answer = post(desk, at("withdraw", proposal), reason="情况已变")
    assert answer.status_code == 302
    assert fresh(proposal).state == State.WITHDRAWN


def test_the_office_has_it_with_names_and_its_reason_comes_back(desk, lead):  # noqa: F811
    office = Client()
    office.force_login(world.make_member(Role.DEPUTIES_OFFICE))
    proposal, zhou, wu = make_draft(lead), with_account("周建国"), with_account("吴敏")
    submitting.ask(proposal, [zhou, wu])
    submitting.confirm(proposal.sponsorships.get(deputy=zhou))
    assert TEXTS["title"] not in office.get(reverse("admin:index")).content.decode()
    assert office.get(change_address(proposal)).status_code == 404
    post(desk, at("submit", proposal))
    assert TEXTS["title"] in office.get(reverse("admin:index")).content.decode()
    page = office.get(change_address(proposal)).content.decode()
    assert "林秀兰" in page and "周建国" in page
    assert "吴敏" not in page
    today = timezone.localdate().isoformat()
    move(office, proposal, "send_back", on=today, ground="several_matters", reason="请一事一案。")
    assert fresh(proposal).state == State.SENT_BACK
    back = desk.get(at("write_anew", proposal)).content.decode()
    ground = str(registering.Ground.SEVERAL_MATTERS.label)
    assert "请一事一案。" in back and ground in back
    answer = post(desk, at("write_anew", proposal))
    draft = Proposal.objects.get(state=State.DRAFT)
    assert answer.url == at("edit", draft)
    assert draft.title == TEXTS["title"]


@pytest.mark.parametrize("name", ["register", "convert", "merge", "withdraw"])
def test_the_offices_moves_are_made_with_what_a_deputy_handed_in(lead, name):  # noqa: F811
    office = Client()
    office.force_login(world.make_member(Role.DEPUTIES_OFFICE))
    proposal = make_draft(lead)
    into = world.make_proposal("0123")
    submitting.submit(proposal)
    facts = {"register": {"number": "0301"}, "merge": {"number": into.number}}
    given = facts.get(name, {"reason": "按代表来信办理"})
    move(office, proposal, name, on=timezone.localdate().isoformat(), **given)
    reached = {"register": "registered", "convert": "converted", "merge": "merged"}
    assert fresh(proposal).state == reached.get(name, "withdrawn")


def test_a_draft_is_thrown_away_after_asking(desk, lead):  # noqa: F811
    proposal, asked = make_draft(lead), make_draft(lead)
    submitting.ask(asked, [with_account("周建国")])
    assert desk.get(at("throw_away", proposal)).status_code == 200
    assert Proposal.objects.filter(pk=proposal.pk).exists()
    post(desk, at("throw_away", proposal))
    assert not Proposal.objects.filter(pk=proposal.pk).exists()
    assert desk.get(at("throw_away", asked)).status_code == 404
    desk.post(at("throw_away", asked))
    assert Proposal.objects.filter(pk=asked.pk).exists()


@pytest.mark.parametrize("name", ["cosigners", "submit", "edit"])
def test_more_names_ask_the_database_no_more(
    desk,
    lead,  # noqa: F811
    name,
    django_assert_num_queries,
    django_assert_max_num_queries,
):
    proposal = make_draft(lead)
    submitting.ask(proposal, [world.make_deputy(f"代表{each}") for each in range(10)])
    address = at(name, proposal)
    with django_assert_max_num_queries(40) as first:
        desk.get(address)
    submitting.ask(proposal, [world.make_deputy(f"代表{each}") for each in range(10, 20)])
    for each in range(10):
        submitting.attach(proposal, SimpleUploadedFile(f"{each}.pdf", b"x"))
    with django_assert_num_queries(len(first)):
        desk.get(address)


def test_what_was_typed_when_the_session_had_ended_fills_the_form(desk, lead):  # noqa: F811
    proposal = make_draft(lead)
    typed = {name: [text] for name, text in (TEXTS | {"reason": "还没保存的话"}).items()}
    drafts.keep(lead.user, at("edit", proposal), typed)
    page = desk.get(drafts.with_draft(at("edit", proposal))).content.decode()
    assert "还没保存的话" in page
    assert fresh(proposal).reason == TEXTS["reason"]
    assert "还没保存的话" not in desk.get(at("edit", proposal)).content.decode()
