"""A letter's way: nothing goes on without what it needs, and each step is somebody's."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from access.rights import STAFF, Role
from assemblies.models import Period
from proposals.models import (
    Assignment,
    CoHandlingOpinion,
    Contact,
    DisclosureDecision,
    FollowUpCategory,
    Proposal,
    Reply,
)
from tests import world
from tests.admin_pages import change_address, kinds, move

pytestmark = pytest.mark.django_db
DAY = date(2026, 5, 21)
State = Reply.State


def send_all(reply: Reply, *, on: date = DAY) -> None:
    """Every step of its way that is left."""
    for step in ("submit", "review", "audit", "sign", "send"):
        if not getattr(reply, f"why_not_{step}")():
            getattr(reply, step)(on=on)


def rules_with(**fields):
    rules = world.make_rules(**fields)
    for step, start, count in (("disclosure", "replied", 20), ("feedback", "replied", 15)):
        Period.objects.create(rules=rules, step=step, start=start, count=count, unit="day")
    return rules


def test_a_letter_goes_through_review_audit_and_signature_to_the_deputy() -> None:
    world.make_assignment(rules=rules_with(office_audits=True))
    reply = world.make_reply()
    states = []
    for step in ("submit", "review", "audit", "sign", "send"):
        getattr(reply, step)(on=DAY)
        states.append(reply.state)
    assert states == ["in_review", "in_audit", "approved", "signed", "sent"]
    assert kinds(reply.proposal) == [
        "reply_submitted",
        "reply_reviewed",
        "reply_audited",
        "reply_signed",
        "reply_sent",
    ]
    reply.proposal.refresh_from_db()
    assert reply.proposal.state == Proposal.State.REPLIED
    assert reply.versions.get().text == reply.text


def test_without_an_audit_a_reviewed_letter_is_to_be_signed() -> None:
    reply = world.make_reply()
    reply.submit(on=DAY)
    reply.review(on=DAY)
    assert reply.state == State.APPROVED
    with pytest.raises(ValidationError):
        reply.audit(on=DAY)


@pytest.mark.parametrize("state", State)
def test_no_step_is_taken_out_of_turn(state) -> None:
    turn = {
        "submit": State.DRAFTING,
        "review": State.IN_REVIEW,
        "audit": State.IN_AUDIT,
        "sign": State.APPROVED,
        "send": State.SIGNED,
    }
    reply = world.make_reply(state=state, sent_on=DAY)
    for step, opens in turn.items():
        if opens != state:
            assert getattr(reply, f"why_not_{step}")()
            with pytest.raises(ValidationError):
                getattr(reply, step)(on=DAY)
    assert not reply.proposal.events.exists()


def test_sending_starts_the_clocks_of_publication_and_of_each_rating() -> None:
    world.make_assignment(rules=rules_with(every_deputy_rates=True))
    world.make_sponsorship(world.make_proposal(), world.make_deputy("周建国"))
    declined = world.make_deputy("吴梅")
    world.make_sponsorship(world.make_proposal(), declined, declined_on=DAY)
    reply = world.make_reply()
    send_all(reply)
    assert reply.publish_by == DAY + timedelta(days=20)
    awaited = reply.feedback.order_by("deputy__name")
    assert {row.deputy.name for row in awaited} == {"林秀兰", "周建国"}
    assert {(row.state, row.due_on) for row in awaited} == {("awaited", DAY + timedelta(days=15))}


def test_only_the_lead_sponsor_rates_unless_the_rules_say_otherwise() -> None:
    world.make_sponsorship(world.make_proposal(), world.make_deputy("周建国"))
    reply = world.make_reply()
    send_all(reply)
    assert reply.feedback.get().deputy.name == "林秀兰"


def test_a_letter_of_the_past_starts_no_clock() -> None:
    world.make_assignment(rules=rules_with())
    reply = world.make_reply()
    reply.record_sent(on=DAY)
    assert (reply.publish_by, reply.feedback.count(), reply.is_issued) == (None, 0, True)
    with pytest.raises(ValidationError):
        reply.record_sent(on=DAY)


def test_a_letter_issued_on_paper_is_sent_by_its_review_on_its_own_date() -> None:
    world.make_assignment(rules=rules_with(office_audits=True, requires_contact=True))
    reply = world.make_reply(is_issued=True)
    reply.submit(on=date(2026, 6, 1))
    reply.review(on=date(2026, 6, 2))
    assert (reply.state, reply.sent_on) == (State.SENT, world.WRITTEN_ON)
    assert reply.feedback.get().due_on == world.WRITTEN_ON + timedelta(days=15)
    assert kinds(reply.proposal) == ["reply_submitted", "reply_reviewed", "reply_sent"]


@pytest.mark.parametrize("field", ["document_number", "signatory", "date"])
def test_a_signed_letter_has_its_number_signatory_and_date(field) -> None:
    empty = None if field == "date" else ""
    issued = world.make_reply(is_issued=True, **{field: empty})
    with pytest.raises(ValidationError):
        issued.submit(on=DAY)
    ours = world.make_reply(world.make_proposal("0124"), **{field: empty})
    ours.submit(on=DAY)
    ours.review(on=DAY)
    with pytest.raises(ValidationError):
        ours.sign(on=DAY)
    ours.refresh_from_db()
    assert ours.state == State.APPROVED
    given = {"document_number": "云交函〔2026〕99号", "signatory": "陈志远", "date": DAY}
    ours.sign(on=DAY, **{field: given[field]})
    assert getattr(ours, field) == given[field]


def test_a_document_number_is_signed_once() -> None:
    world.make_reply(world.make_proposal("0124"), document_number="云交函〔2026〕99号")
    reply = world.make_reply(document_number="")
    reply.submit(on=DAY)
    reply.review(on=DAY)
    with pytest.raises(ValidationError):
        reply.sign(on=DAY, document_number="云交函〔2026〕99号")


def test_a_letter_waits_for_every_opinion_of_its_round() -> None:
    world.make_assignment()
    finance = world.make_department("云平市财政局")
    helper = world.make_assignment(department=finance, role="co_handling")
    opinion = CoHandlingOpinion.request(helper, on=world.ASSIGNED_ON)
    reply = world.make_reply()
    assert "市财政局" in str(reply.why_not_submit())
    with pytest.raises(ValidationError, match="市财政局"):
        reply.submit(on=DAY)
    opinion.submit("同意。", on=DAY)
    with pytest.raises(ValidationError):
        reply.submit(on=DAY)
    opinion.send_back(on=DAY, reason="没有资金安排")
    opinion.waive(on=DAY, reason="逾期未报")
    reply.submit(on=DAY)


def test_an_opinion_that_is_asked_for_later_keeps_the_letter_from_its_signature() -> None:
    world.make_assignment()
    reply = world.make_reply()
    reply.submit(on=DAY)
    reply.review(on=DAY)
    finance = world.make_department("云平市财政局")
    CoHandlingOpinion.request(world.make_assignment(department=finance, role="co_handling"), on=DAY)
    with pytest.raises(ValidationError, match="市财政局"):
        reply.sign(on=DAY)


def test_the_category_is_set_with_the_promise_that_it_asks_for() -> None:
    planned = world.make_category(needs_commitment=True, needs_due_date=True)
    reply = world.make_reply()
    with pytest.raises(ValidationError):
        reply.submit(on=DAY)
    reply.category = planned
    reply.save()
    with pytest.raises(ValidationError):
        reply.submit(on=DAY)
    promise = world.make_commitment(reply, due_on=None)
    with pytest.raises(ValidationError):
        reply.submit(on=DAY)
    promise.due_on = date(2026, 12, 31)
    promise.save()
    reply.submit(on=DAY)


def test_a_talk_with_the_deputy_comes_first_where_the_rules_want_it() -> None:
    assignment = world.make_assignment(rules=rules_with(requires_contact=True))
    reply = world.make_reply()
    with pytest.raises(ValidationError):
        reply.submit(on=DAY)
    Contact.log(assignment, method="visit", on=DAY)
    reply.submit(on=DAY)


def test_an_empty_letter_is_not_handed_in() -> None:
    with pytest.raises(ValidationError):
        world.make_reply(text=" \n").submit(on=DAY)


def test_the_audit_may_put_the_category_right() -> None:
    world.make_assignment(rules=rules_with(office_audits=True))
    reply = world.make_reply(category=world.make_category("B"))
    reply.submit(on=DAY)
    reply.review(on=DAY)
    foreign = world.make_category(assembly=world.make_assembly("zhenan"))
    with pytest.raises(ValidationError):
        reply.audit(on=DAY, category=foreign)
    reply.refresh_from_db()
    reply.audit(on=DAY, category=world.make_category("A"))
    reply.refresh_from_db()
    assert (reply.category.code, reply.state) == ("A", State.APPROVED)
    assert reply.events.last().details == {"category": "A类", "before": "B类"}


def test_a_letter_is_sent_back_with_a_reason_until_it_is_sent() -> None:
    reply = world.make_reply()
    with pytest.raises(ValidationError):
        reply.send_back(on=DAY, reason="x")
    reply.submit(on=DAY)
    with pytest.raises(ValidationError):
        reply.send_back(on=DAY, reason=" ")
    reply.send_back(on=DAY, reason="没有回应第二条建议")
    assert reply.state == State.DRAFTING
    assert reply.events.last().details["reason"] == "没有回应第二条建议"
    send_all(reply)
    with pytest.raises(ValidationError):
        reply.send_back(on=DAY, reason="x")


def test_a_proposal_is_replied_to_when_the_last_department_has_answered() -> None:
    world.make_assignment(role=Assignment.Role.SEPARATE)
    finance = world.make_department("云平市财政局")
    world.make_assignment(department=finance, role=Assignment.Role.SEPARATE)
    first = world.make_reply()
    second = world.make_reply(department=finance, sequence=2, document_number="云财函〔2026〕8号")
    send_all(first)
    proposal = Proposal.objects.get()
    assert proposal.state == Proposal.State.IN_HANDLING
    send_all(second)
    proposal.refresh_from_db()
    assert proposal.state == Proposal.State.REPLIED


def test_each_step_belongs_to_its_role() -> None:
    world.make_assignment(rules=rules_with(office_audits=True))
    reply = world.make_reply()
    who = {role: Client() for role in (*STAFF, "other")}
    for role, client in who.items():
        if role == "other":
            other = world.make_department("云平市教育局")
            client.force_login(world.make_member(Role.REVIEWER, "qian", department=other))
        else:
            client.force_login(world.make_member(role))
    allowed = {
        "submit": {Role.CLERK, Role.REVIEWER},
        "review": {Role.REVIEWER},
        "audit": {Role.ASSIGNING_OFFICE},
        "sign": {Role.REVIEWER},
        "send": {Role.REVIEWER},
    }
    for step, roles in allowed.items():
        for role, client in who.items():
            if role not in roles:
                assert move(client, reply, step).status_code == 404, (step, role)
        able = next(role for role in STAFF if role in roles)
        assert move(who[able], reply, step).status_code == 302, step
    reply.refresh_from_db()
    assert reply.state == State.SENT


def test_a_department_proposes_and_the_office_decides_the_disclosure() -> None:
    reply = world.make_reply()
    clerk, office = Client(), Client()
    clerk.force_login(world.make_member(Role.CLERK))
    office.force_login(world.make_member(Role.DEPUTIES_OFFICE))
    facts = {"mode": "proactive", "form": "abstract", "abstract": "答复摘要：已作研究。"}
    assert move(clerk, reply, "propose_disclosure", **facts).status_code == 302
    decision = DisclosureDecision.objects.get()
    assert (decision.is_pending, decision.form) == (True, "abstract")
    assert decision.proposed_by.username == Role.CLERK
    assert move(clerk, reply, "publish", reason="x").status_code == 404
    reply.record_sent(on=DAY)
    reply.proposal.publish(on=DAY)
    assert move(office, reply, "publish", reason="同意公开").status_code == 302
    decision.refresh_from_db()
    assert (decision.is_pending, decision.approver.username) == (False, Role.DEPUTIES_OFFICE)
    reply.refresh_from_db()
    assert (reply.is_published, reply.form) == (True, "abstract")


def test_not_to_publish_is_proposed_and_decided_with_a_reason() -> None:
    reply = world.make_reply()
    with pytest.raises(ValidationError):
        reply.propose_disclosure(mode="withheld", on=DAY)
    reply.propose_disclosure(mode="withheld", reason="涉及商业秘密", on=DAY)
    reply.propose_disclosure(mode="on_request", reason="涉及内部管理", on=DAY)
    reply.withhold("on_request", reason="同意", on=DAY)
    decision = DisclosureDecision.objects.get()
    assert (decision.mode, decision.reason, decision.is_pending) == ("on_request", "同意", False)
    assert "涉及内部管理" in {row.reason for row in decision.history.all()}


def test_the_office_may_publish_in_full_what_was_proposed_as_an_abstract() -> None:
    reply = world.make_reply()
    reply.propose_disclosure(mode="proactive", form="abstract", abstract="摘要。", on=DAY)
    reply.record_sent(on=DAY)
    reply.proposal.publish(on=DAY)
    reply.publish(on=DAY, reason="可公开", form="full")
    assert reply.form == Reply.Form.FULL
    with pytest.raises(ValidationError):
        reply.publish(on=DAY, reason="可公开")
    with pytest.raises(ValidationError):
        reply.propose_disclosure(mode="proactive", on=DAY)


def test_a_later_category_stands_beside_the_first() -> None:
    reply = world.make_reply(category=world.make_category("B"))
    solved = world.make_category("A")
    with pytest.raises(ValidationError):
        FollowUpCategory.follow_up(reply, category=solved, on=DAY)
    reply.record_sent(on=DAY)
    clerk = Client()
    clerk.force_login(world.make_member(Role.CLERK))
    assert move(clerk, reply, "follow_up", category=solved.pk, note="已建成").status_code == 302
    reply.refresh_from_db()
    assert (reply.category.code, reply.follow_ups.get().category) == ("B", solved)
    assert kinds(reply.proposal)[-1] == "follow_up"


def test_a_letter_that_was_handed_in_is_not_changed_in_its_form() -> None:
    reply = world.make_reply(state=State.IN_REVIEW)
    chief = Client()
    chief.force_login(world.make_user("chief", is_superuser=True))
    page = chief.get(f"/admin/proposals/reply/{reply.pk}/change/")
    fields = page.context["adminform"].form.fields
    assert not {"text", "category", "department", "state", "round", "form"} & set(fields)


def test_the_disclosure_is_proposed_before_the_letter_is_handed_in():
    reply = world.make_reply()
    reply.disclosure_decisions.all().delete()
    assert reply.why_not_submit()
    reply.propose_disclosure(mode="withheld", reason="涉密", on=DAY)
    assert reply.why_not_submit() == ""


def test_who_drafts_a_letter_reads_on_its_page_why_it_was_sent_back(client: Client) -> None:
    world.make_assignment()
    reply = world.make_reply()
    client.force_login(world.make_member(Role.CLERK))
    page = change_address(reply)
    assert client.get(page).context["sent_back"] is None
    reply.submit(on=DAY)
    reply.send_back(on=DAY, reason="请补充数据来源。")
    assert "请补充数据来源。" in client.get(page).content.decode()
    reply.submit(on=DAY)
    assert "请补充数据来源。" not in client.get(page).content.decode()
