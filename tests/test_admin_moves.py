"""What clerks do in the admin: moves go through the models, changes become events."""

from datetime import date

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from access.rights import Role
from measures.models import Commitment
from proposals.models import Event, FollowUpCategory, Proposal, Reply, Sponsorship
from public.models import PublicProposal
from tests import world
from tests.admin_pages import change_address, filled_in, kinds, move, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(client: Client) -> Client:
    client.force_login(world.make_user("chief", is_superuser=True))
    return client


def test_a_letter_is_sent_published_and_withdrawn_by_buttons(clerk: Client) -> None:
    reply = world.make_reply()
    for step in ("submit", "review", "sign", "send"):
        move(clerk, reply, step)
    move(clerk, reply.proposal, "publish")
    move(clerk, reply, "publish", reason="可公开")
    reply.refresh_from_db()
    assert reply.is_published
    move(clerk, reply, "withdraw", on="2026-06-02", reason="含个人信息")
    reply.refresh_from_db()
    assert not reply.is_published
    assert reply.disclosure_decisions.first().reason == "含个人信息"
    assert kinds(reply.proposal) == [
        "reply_submitted",
        "reply_reviewed",
        "reply_signed",
        "reply_sent",
        "proposal_published",
        "reply_published",
        "reply_withdrawn",
    ]


def test_a_letter_that_is_not_published_is_decided_with_its_reason(clerk: Client) -> None:
    reply = world.make_reply()
    move(clerk, reply, "withhold", choice="on_request", reason="涉及内部管理")
    reply.refresh_from_db()
    assert reply.disclosure == Proposal.Disclosure.ON_REQUEST


def test_the_page_of_a_move_asks_first_and_wants_a_reason(clerk: Client) -> None:
    reply = world.make_reply()
    reply.record_sent(on=world.SENT_ON)
    address = reverse("admin:proposals_reply_move", args=["publish"])
    assert "csrfmiddlewaretoken" in clerk.get(f"{address}?ids={reply.pk}").content.decode()
    assert move(clerk, reply, "publish", reason=" ").status_code == 200
    reply.refresh_from_db()
    assert not reply.is_published


def test_the_page_of_a_move_names_the_proposal_that_a_part_belongs_to(clerk: Client) -> None:
    part = world.make_assignment()
    address = reverse("admin:proposals_assignment_move", args=["acknowledge"])
    assert str(part.proposal) in clerk.get(f"{address}?ids={part.pk}").content.decode()


def test_the_page_of_a_move_leads_to_what_is_to_be_read_first(clerk: Client) -> None:
    part = world.make_assignment()
    address = reverse("admin:proposals_assignment_move", args=["acknowledge"])
    page = clerk.get(f"{address}?ids={part.pk}").content.decode()
    for row in (part, part.proposal):
        assert f'href="{change_address(row)}"' in page


def test_who_comes_from_the_desk_is_led_back_to_it_and_others_to_the_row(clerk: Client) -> None:
    part = world.make_assignment()
    address = reverse("admin:proposals_assignment_move", args=["acknowledge"])
    address, desk = f"{address}?ids={part.pk}", reverse("admin:index")
    assert clerk.get(address).context["back"] == change_address(part)
    from_desk = f"{address}&from=desk"
    assert clerk.get(from_desk).context["back"] == desk
    answer = clerk.post(from_desk, {"on": "2026-06-01"})
    assert (answer.status_code, answer["Location"]) == (302, desk)


def test_no_ground_is_chosen_for_sending_back_before_somebody_chooses(clerk: Client) -> None:
    proposal = world.make_proposal(state="submitted")
    assert move(clerk, proposal, "send_back", reason="缺页").status_code == 200
    proposal.refresh_from_db()
    assert proposal.state == Proposal.State.SUBMITTED


def test_what_a_letter_lacks_is_said_before_it_is_sent_and_published(clerk: Client) -> None:
    reply = world.make_reply(document_number="", date=None, state=Reply.State.SIGNED)
    for name in ("send", "publish"):
        address = reverse("admin:proposals_reply_move", args=[name])
        page = clerk.get(f"{address}?ids={reply.pk}").content.decode()
        for words in ("没有文号", "没有日期", "没有答复类别", "没有交给答复单位办理"):
            assert words in page
    move(clerk, reply, "send")
    reply.refresh_from_db()
    assert reply.is_locked


def test_what_a_proposal_lacks_is_said_before_it_is_published(clerk: Client) -> None:
    proposal = world.make_proposal()
    proposal.sponsorships.all().delete()
    address = reverse("admin:proposals_proposal_move", args=["publish"])
    page = clerk.get(f"{address}?ids={proposal.pk}").content.decode()
    for words in ("没有提出人", "没有案由", "没有具体建议", "没有交办单位"):
        assert words in page


def test_what_is_not_registered_is_not_offered_to_the_public(clerk: Client) -> None:
    page = clerk.get(change_address(world.make_proposal(state="submitted")))
    reasons = [str(move["why"]) for move in page.context["closed_moves"]]
    assert str(Proposal(state="submitted").why_not_publish()) in reasons
    assert "/move/publish/" not in page.content.decode()


def test_nothing_is_said_of_what_is_complete(clerk: Client) -> None:
    proposal = world.make_proposal(reason="班次少。", request="增开班次。")
    world.make_assignment(proposal)
    signed = Reply.State.SIGNED
    reply = world.make_reply(proposal, category=world.make_category(), state=signed)
    for row, name in ((proposal, "publish"), (reply, "send")):
        address = reverse(f"admin:proposals_{row._meta.model_name}_move", args=[name])
        assert "messagelist" not in clerk.get(f"{address}?ids={row.pk}").content.decode()


def test_a_move_is_refused_without_the_token_of_its_form() -> None:
    reply = world.make_reply()
    stranger = Client(enforce_csrf_checks=True)
    stranger.force_login(world.make_user("chief", is_superuser=True))
    assert move(stranger, reply, "send").status_code == 403


def test_no_day_to_come_is_accepted(clerk: Client) -> None:
    reply = world.make_reply()
    assert move(clerk, reply, "send", on="2099-01-01").status_code == 200
    reply.refresh_from_db()
    assert not reply.is_locked


def test_what_the_model_refuses_is_said(clerk: Client) -> None:
    reply = world.make_reply()
    assert "发出后" in move(clerk, reply, "publish", reason="可公开").content.decode()
    reply.refresh_from_db()
    assert reply.published_on is None


def test_letters_are_sent_together_from_the_list(clerk: Client) -> None:
    replies = [
        world.make_reply(world.make_proposal(number), state=Reply.State.SIGNED)
        for number in ("0123", "0124")
    ]
    asked = clerk.post(
        reverse("admin:proposals_reply_changelist"),
        {"action": "send", "_selected_action": [reply.pk for reply in replies]},
    )
    clerk.post(asked.url, {"on": "2026-06-01"})
    assert Reply.objects.filter(state=Reply.State.SENT).count() == 2


def test_who_chooses_more_than_are_done_at_once_is_told(clerk: Client, monkeypatch) -> None:
    monkeypatch.setattr(admin.site.get_model_admin(Reply), "list_per_page", 1)
    for number in ("0123", "0124"):
        world.make_reply(world.make_proposal(number), state=Reply.State.SIGNED)
    chosen = [str(key) for key in Reply.objects.values_list("pk", flat=True)]
    form = {"action": "send", "_selected_action": chosen[:1], "select_across": "1"}
    page = clerk.post(reverse("admin:proposals_reply_changelist"), form, follow=True)
    assert "一次最多1件" in page.text
    assert len(page.context["rows"]) == 1


def test_a_clerk_who_may_only_look_cannot_move(client: Client) -> None:
    reply = world.make_reply()
    reply.record_sent(on=world.SENT_ON)
    client.force_login(world.make_member(Role.SUPERVISOR))
    assert client.get(change_address(reply)).status_code == 200
    assert move(client, reply, "publish", reason="可公开").status_code == 404
    reply.refresh_from_db()
    assert reply.published_on is None


def test_state_and_publication_cannot_be_posted_into_a_form(clerk: Client) -> None:
    reply = world.make_reply()
    address = change_address(reply)
    forged = {"state": "sent", "disclosure": "proactive", "published_on": "2026-06-01"}
    assert clerk.post(address, filled_in(clerk, address, **forged)).status_code == 302
    reply.refresh_from_db()
    assert (reply.state, reply.disclosure, reply.published_on) == ("drafting", "undecided", None)


def test_a_report_on_a_promise_moves_its_state(clerk: Client) -> None:
    promise = world.make_sent_promise()
    facts = {"on": "2026-09-01", "state": "fulfilled"}
    answer = move(clerk, promise, "report", **facts)
    assert "须附依据" in answer.content.decode()
    move(clerk, promise, "report", **facts, evidence_title="竣工验收报告")
    promise.refresh_from_db()
    assert promise.state == Commitment.State.FULFILLED
    assert promise.kept_on == date(2026, 9, 1)
    # The deputy is asked whether it is kept.
    assert kinds(promise.reply.proposal)[-2:] == ["promise_updated", "promise_asked"]


def test_no_report_is_dated_on_a_day_to_come(clerk: Client) -> None:
    promise = world.make_sent_promise()
    answer = move(clerk, promise, "report", on="2099-01-01", state="in_progress")
    assert answer.status_code == 200
    assert not promise.updates.exists()


@pytest.mark.parametrize(
    ("fields", "text", "day"),
    [
        ({}, "2026年12月底前", date(2026, 12, 31)),
        ({"due_text": "2027年6月底前"}, "2027年6月底前", date(2027, 6, 30)),
        ({"due_text": "资金到位后"}, "资金到位后", None),
        ({"due_on": "2026-10-01"}, "", date(2026, 10, 1)),
    ],
)
def test_a_promise_marked_by_hand_is_due_when_its_sentence_says(
    clerk: Client, fields: dict[str, str], text: str, day: date | None
) -> None:
    reply = world.make_reply()
    add = reverse("admin:measures_commitment_add")
    data = {"reply": reply.pk, "lead_department": reply.department_id, "text": world.COMMITMENT}
    assert clerk.post(add, filled_in(clerk, add, **data, **fields)).status_code == 302
    promise = Commitment.objects.get()
    assert (promise.due_text, promise.due_on) == (text, day)


def test_a_date_that_a_clerk_has_emptied_stays_empty(clerk: Client) -> None:
    promise = world.make_commitment()
    address = change_address(promise)
    for _save in range(2):
        clerk.post(address, filled_in(clerk, address, due_text="", due_on=""))
    promise.refresh_from_db()
    assert (promise.due_text, promise.due_on) == ("", None)


def test_a_report_stays_as_it_was_written(clerk: Client) -> None:
    promise = world.make_sent_promise()
    update = promise.report("in_progress", on=date(2026, 9, 1), text="已建成12座。")
    address = change_address(promise)
    forged = {"updates-INITIAL_FORMS": "1", "updates-0-id": update.pk, "updates-0-text": "改"}
    clerk.post(address, filled_in(clerk, address, **forged))
    update.refresh_from_db()
    assert update.text == "已建成12座。"


def test_a_second_letter_of_a_round_gets_the_next_number(clerk: Client) -> None:
    first = world.make_reply()
    finance = world.make_department("云平市财政局")
    address = reverse("admin:proposals_reply_add")
    data = {"proposal": first.proposal_id, "department": finance.pk, "text": "答复如下。"}
    assert clerk.post(address, filled_in(clerk, address, **data)).status_code == 302
    assert Reply.objects.get(department=finance).key == "1-2"


def test_doubles_are_said_at_the_form(clerk: Client) -> None:
    proposal = world.make_proposal("0123")
    address = change_address(world.make_proposal("0200"))
    answer = clerk.post(address, filled_in(clerk, address, number="第123号"))
    assert "编号" in str(answer.context["adminform"].form.errors["number"])

    reply = world.make_reply(proposal)
    other = world.make_proposal("0124")
    add = reverse("admin:proposals_reply_add")
    data = {"proposal": other.pk, "department": reply.department_id, "text": "答复如下。"}
    data["document_number"] = reply.document_number
    answer = clerk.post(add, filled_in(clerk, add, **data))
    assert "文号" in str(answer.context["adminform"].form.errors)


@pytest.mark.parametrize("saved_first", [True, False])
def test_two_lead_sponsors_are_refused(clerk: Client, saved_first: bool) -> None:
    proposal = world.make_proposal()
    if not saved_first:
        proposal.sponsorships.all().delete()
    first, second = world.make_deputy("周建国"), world.make_deputy("吴梅")
    address = change_address(proposal)
    data = filled_in(clerk, address)
    start = int(str(data["sponsorships-INITIAL_FORMS"]))
    data["sponsorships-TOTAL_FORMS"] = start + 2
    for number, deputy in ((start, first), (start + 1, second)):
        data |= {
            f"sponsorships-{number}-deputy": deputy.pk,
            f"sponsorships-{number}-role": "lead",
            f"sponsorships-{number}-order": "0",
        }
    answer = clerk.post(address, data)
    assert answer.status_code == 200
    assert "领衔" in answer.content.decode()
    assert Sponsorship.objects.filter(role="lead").count() == int(saved_first)


def test_rules_hold_also_for_what_the_form_does_not_show(clerk: Client) -> None:
    world.make_reply()
    finance = world.make_department("云平市财政局")
    other = world.make_reply(department=finance, sequence=2, document_number="云财函〔2026〕8号")
    address = change_address(other)
    same = {"department": world.make_department().pk}
    answer = clerk.post(address, filled_in(clerk, address, **same))
    assert "本轮答复已经存在" in str(answer.context["adminform"].form.errors)


def test_who_enters_the_same_a_moment_later_is_told(
    clerk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposal, other = world.make_proposal(), world.make_proposal("0200")
    # As if the first were saved between the check and the writing of the second.
    monkeypatch.setattr(Proposal, "clean", lambda self: None)
    monkeypatch.setattr(Proposal, "validate_constraints", lambda self, exclude=None: None)
    address = change_address(other)
    answer = clerk.post(address, filled_in(clerk, address, number=proposal.number))
    assert "相同的内容" in said(answer)
    other.refresh_from_db()
    assert other.number == "0200"


def test_a_public_title_or_name_that_changes_is_an_event(clerk: Client) -> None:
    reply = world.make_published_reply()
    proposal, deputy = reply.proposal, world.make_deputy()
    address = change_address(proposal)
    clerk.post(address, filled_in(clerk, address, title="关于优化公交线路的建议"))
    address = change_address(deputy)
    clerk.post(address, filled_in(clerk, address, name="林秀蓝"))
    changed = Event.objects.filter(kind=Event.Kind.CHANGED).order_by("pk")
    assert [event.details["changed"] for event in changed] == [
        ["proposal.title"],
        ["deputy.name"],
    ]
    assert {event.proposal for event in changed} == {proposal}
    assert changed[0].actor.username == "chief"


def test_the_public_page_follows_what_a_clerk_changes(clerk: Client) -> None:
    reply = world.make_published_reply()
    world.make_assignment()
    changes = (
        (reply.proposal, {"title": "关于优化公交线路的建议"}),
        (world.make_deputy(), {"name": "林秀蓝"}),
        (world.make_department(), {"short_name": "市交通局"}),
    )
    for row, fields in changes:
        address = change_address(row)
        assert clerk.post(address, filled_in(clerk, address, **fields)).status_code == 302
    public = PublicProposal.objects.get()
    assert (public.title, public.sponsor) == ("关于优化公交线路的建议", "林秀蓝")
    assert public.document["departments"][0]["name"] == "市交通局"
    clerk.post(change_address(reply), filled_in(clerk, change_address(reply), title="更正后的标题"))
    assert public.replies.get(is_current=True).document["title"] == "更正后的标题"


def test_saving_without_a_change_is_no_event(clerk: Client) -> None:
    reply = world.make_published_reply()
    before = kinds(reply.proposal)
    for row in (reply.proposal, reply, world.make_commitment(reply)):
        address = change_address(row)
        assert clerk.post(address, filled_in(clerk, address)).status_code == 302
    assert kinds(reply.proposal) == before


@pytest.mark.parametrize("number", ["0200", "２００", "第0200号", "闭-12", "A1.2"])
def test_a_number_of_any_script_has_its_public_page(clerk: Client, number: str) -> None:
    add = reverse("admin:proposals_proposal_add")
    data = {"session": world.make_session().pk, "kind": "suggestion", "title": "关于路灯的建议"}
    clerk.post(add, filled_in(clerk, add, **data, submitted_on="2026-03-02"))
    move(clerk, Proposal.objects.get(), "register", number=number)
    move(clerk, Proposal.objects.get(), "publish")
    address = f"/proposals/yunping/14-3/{number}/"
    assert clerk.get(address, follow=True).status_code == 200


def test_a_letter_gets_no_category_of_another_assembly(clerk: Client) -> None:
    foreign = world.make_category(assembly=world.make_assembly("zhenan"))
    proposal = world.make_proposal()
    add = reverse("admin:proposals_reply_add")
    data = {"proposal": proposal.pk, "department": world.make_department().pk, "text": "答复。"}
    answer = clerk.post(add, filled_in(clerk, add, **data, category=foreign.pk))
    assert "这是其他人大或政协的答复类别" in answer.content.decode()
    assert not Reply.objects.exists()
    own = world.make_category()
    clerk.post(add, filled_in(clerk, add, **data, category=own.pk))
    assert Reply.objects.get().category == own


def test_categories_are_offered_with_scheme_and_assembly(clerk: Client) -> None:
    world.make_category(assembly=world.make_assembly("zhenan"))
    own = world.make_category()
    reply = world.make_reply()
    everywhere = clerk.get(reverse("admin:proposals_reply_add")).content.decode()
    assert "B类 正在解决 · 答复类别 · zhenan" in everywhere
    reply.record_sent(on=world.SENT_ON)
    later = reverse("admin:proposals_reply_move", args=["follow_up"])
    below = clerk.get(f"{later}?ids={reply.pk}").context["form"]
    reply = world.make_reply(world.make_proposal("0124"))
    page = clerk.get(change_address(reply)).context
    for form in (page["adminform"].form, below):
        choices = [str(label) for key, label in form.fields["category"].choices if key]
        assert choices == [f"{own} · 答复类别 · 市人大"]


def test_a_later_category_of_another_assembly_is_refused(clerk: Client) -> None:
    foreign = world.make_category(assembly=world.make_assembly("zhenan"))
    later = FollowUpCategory(reply=world.make_reply(), category=foreign, on=world.SENT_ON)
    with pytest.raises(ValidationError, match="其他人大或政协"):
        later.full_clean()


def test_a_published_abstract_is_not_turned_into_the_letter_by_saving_the_page(clerk):
    reply = world.make_reply(form=Reply.Form.ABSTRACT, abstract="答复摘要：已作研究。")
    world.make_published_reply(reply.proposal)
    page = change_address(reply)
    clerk.post(page, filled_in(clerk, page) | {"form": "full", "abstract": "改"})
    reply.refresh_from_db()
    assert (reply.form, reply.abstract) == (Reply.Form.ABSTRACT, "答复摘要：已作研究。")


def test_who_asks_for_a_return_is_who_enters_it(clerk):
    assignment = world.make_assignment(acknowledged_on=world.ASSIGNED_ON)
    move(clerk, assignment, "ask_return", reason="不属于本单位职责")
    assert assignment.return_requests.get().asked_by.username == "chief"


def test_the_sessions_of_an_assembly_keep_their_numbers(clerk):
    session = world.make_session()
    page = change_address(session.assembly)
    clerk.post(page, filled_in(clerk, page) | {"sessions-0-term": "88"})
    session.refresh_from_db()
    assert session.term == 14


@pytest.mark.parametrize("ids", ["9" * 30, "9" * 5000, "-1", "x", ""])
def test_an_address_with_an_impossible_key_is_not_found(clerk, ids):
    address = reverse("admin:proposals_reply_move", args=["send"])
    assert clerk.get(f"{address}?ids={ids}").status_code == 404
    assert clerk.get(f"/admin/proposals/proposal/?session={ids}").status_code == 200


def test_groups_are_not_deleted(clerk):
    group = Group.objects.create(name="审核")
    assert clerk.post(f"/admin/auth/group/{group.pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_sent_letter_is_corrected_as_a_new_version_by_a_button(clerk):
    reply = world.make_reply()
    promise = world.make_commitment(reply)
    world.make_published_reply(reply.proposal)
    text = world.LETTER.replace("现答复如下：", "现将办理情况答复如下：").replace("\n", "\r\n")
    move(clerk, reply, "correct", text=text, reason="漏字")
    reply.refresh_from_db()
    promise.refresh_from_db()
    assert [version.number for version in reply.versions.all()] == [1, 2]
    assert "\r" not in reply.text
    assert reply.text[promise.start : promise.end] == promise.text


def test_a_refused_correction_keeps_what_was_typed(clerk):
    reply = world.make_reply()
    promise = world.make_commitment(reply)
    world.make_published_reply(reply.proposal)
    answer = move(clerk, reply, "correct", text="只剩一句，改了很久。", reason="删节")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "只剩一句，改了很久。" in page
    assert promise.text[:20] in page
    assert reply.versions.count() == 1


def test_the_page_of_a_department_names_the_one_that_it_took_over(clerk):
    reply = world.make_reply()
    world.make_assignment(reply.proposal)
    world.make_published_reply(reply.proposal)
    old = world.make_department("云平市交通局")
    page = change_address(old)
    clerk.post(page, filled_in(clerk, page) | {"successor": reply.department.pk})
    public = clerk.get(f"/departments/{reply.department.slug}/").content.decode()
    assert "市交通局" in public
