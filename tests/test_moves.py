"""Each change of state is one move: checked, written, in the trail; and nothing goes around it."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from measures.models import Commitment
from proposals.models import (
    Assignment,
    Event,
    Proposal,
    Reply,
    ReplyVersion,
    Sponsorship,
    number_key,
)
from tests.world import (
    PUBLISHED_ON,
    SENT_ON,
    make_assignment,
    make_department,
    make_deputy,
    make_proposal,
    make_published_reply,
    make_reply,
    make_sent_promise,
    make_session,
    make_sponsorship,
    make_user,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


@pytest.mark.parametrize("printed", ["759", "0759", "第0759号", "００７５９", " 0759 "])
def test_a_number_is_the_same_however_it_is_printed(printed):
    assert number_key(printed) == "759"


def test_a_number_is_given_once_in_a_session():
    make_proposal("0123")
    twin = Proposal(session=make_session(), number="123", kind="suggestion", title="另一件")
    with pytest.raises(ValidationError):
        twin.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


def test_drafts_need_no_number():
    for _ in range(2):
        Proposal.objects.create(session=make_session(), kind="suggestion", title="草稿")
    assert Proposal.objects.filter(number="").count() == 2


def test_a_proposal_has_one_lead_sponsor():
    proposal = make_proposal()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_sponsorship(proposal, make_deputy("周建国"), role=Sponsorship.Role.LEAD)


def test_a_department_handles_a_proposal_once_but_may_come_back_after_a_return():
    first = make_assignment()
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.create(
            proposal=first.proposal, department=first.department, role="separate"
        )
    first.ended_on = date(2026, 3, 5)
    first.save()
    Assignment.objects.create(proposal=first.proposal, department=first.department, role="lead")


def test_only_what_is_proactive_can_be_published_even_around_the_moves():
    reply = make_reply()
    with pytest.raises(IntegrityError), transaction.atomic():
        Reply.objects.filter(pk=reply.pk).update(published_on=PUBLISHED_ON)
    proposal = reply.proposal
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(published_on=PUBLISHED_ON)


def test_sending_locks_the_text_once_with_its_hash():
    reply = make_reply()
    reply.record_sent(on=SENT_ON)
    assert reply.versions.get().text == reply.text
    with pytest.raises(ValidationError):
        reply.record_sent(on=SENT_ON)


def test_a_version_of_a_letter_is_never_changed():
    reply = make_reply()
    reply.record_sent(on=SENT_ON)
    version = ReplyVersion.objects.get()
    version.text = "改"
    with pytest.raises(TypeError):
        version.save()
    with pytest.raises(TypeError):
        version.delete()
    with pytest.raises(TypeError):
        ReplyVersion.objects.update(text="改")


def test_a_move_sees_what_another_clerk_has_just_done():
    mine = make_reply()
    Reply.objects.get(pk=mine.pk).record_sent(on=SENT_ON)
    with pytest.raises(ValidationError):
        mine.record_sent(on=SENT_ON)
    assert mine.versions.count() == 1


def test_the_proposals_of_a_session_stand_in_the_order_of_their_numbers():
    for number in ("1000", "0123", "23"):
        make_proposal(number)
    assert [p.number for p in Proposal.objects.all()] == ["23", "0123", "1000"]


def test_withholding_a_proposal_needs_a_reason():
    proposal = make_published_reply().proposal
    with pytest.raises(ValidationError):
        proposal.withhold(on=TODAY, reason="")


def test_the_trail_is_append_only():
    make_reply().record_sent(on=SENT_ON)
    event = Event.objects.get()
    with pytest.raises(TypeError):
        event.save()
    with pytest.raises(TypeError):
        event.delete()
    with pytest.raises(TypeError):
        Event.objects.update(on=TODAY)
    with pytest.raises(TypeError):
        Event.objects.all().delete()


def test_every_move_leaves_who_and_when_in_the_trail():
    user = make_user()
    reply = make_published_reply(by=user)
    reply.withdraw(on=TODAY, reason="含个人信息", by=user)
    trail = [(event.kind, event.on, event.actor) for event in Event.objects.order_by("pk")]
    assert trail == [
        ("reply_sent", SENT_ON, user),
        ("proposal_published", PUBLISHED_ON, user),
        ("reply_published", PUBLISHED_ON, user),
        ("reply_withdrawn", TODAY, user),
    ]


def test_withdrawing_needs_a_reason():
    reply = make_published_reply()
    with pytest.raises(ValidationError):
        reply.withdraw(on=TODAY, reason=" ")


@pytest.mark.parametrize("mode", ["withheld", "on_request"])
def test_not_publishing_needs_a_reason(mode):
    reply = make_reply()
    with pytest.raises(ValidationError):
        reply.withhold(mode, on=TODAY, reason=" ")


def test_a_withdrawn_letter_can_be_withheld_for_good():
    reply = make_published_reply()
    reply.withdraw(on=TODAY, reason="含个人信息")
    reply.withhold("withheld", on=TODAY, reason="涉及商业秘密")
    assert reply.disclosure == "withheld"
    assert reply.published_on is None


def test_a_letter_is_not_withdrawn_before_it_was_published():
    reply = make_published_reply()
    with pytest.raises(ValidationError):
        reply.withdraw(on=date(2026, 1, 1), reason="含个人信息")


def test_an_empty_abstract_is_not_published():
    reply = make_reply(form=Reply.Form.ABSTRACT)
    reply.record_sent(on=SENT_ON)
    reply.proposal.publish(on=PUBLISHED_ON)
    with pytest.raises(ValidationError):
        reply.publish(on=PUBLISHED_ON, reason="可公开")


@pytest.mark.parametrize("state", Proposal.NEVER_PUBLIC)
def test_what_was_not_taken_on_as_a_proposal_is_not_published(state):
    proposal = make_proposal(state=state)
    with pytest.raises(ValidationError):
        proposal.publish(on=PUBLISHED_ON)


def test_a_bill_and_a_suggestion_of_a_session_share_one_series_of_numbers():
    make_proposal("0123")
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.create(session=make_session(), number="123", kind="bill", title="议案")


def test_a_letter_that_comes_late_reopens_nothing():
    proposal = make_proposal(state=Proposal.State.CLOSED)
    make_reply(proposal).record_sent(on=SENT_ON)
    proposal.refresh_from_db()
    assert proposal.state == Proposal.State.CLOSED


def test_sending_a_letter_answers_every_proposal_that_it_names():
    reply = make_reply()
    along = make_proposal("0124")
    reply.also_answers.add(along)
    reply.record_sent(on=SENT_ON)
    for proposal in (reply.proposal, along):
        proposal.refresh_from_db()
        assert proposal.state == Proposal.State.REPLIED
        assert proposal.events.get().kind == "reply_sent"


def test_what_was_sent_cannot_be_deleted():
    reply = make_published_reply()
    with pytest.raises(ProtectedError):
        reply.delete()
    with pytest.raises(ProtectedError):
        reply.proposal.delete()
    with pytest.raises(ProtectedError):
        reply.department.delete()


def test_a_promise_is_overdue_only_after_its_day_and_only_while_open():
    promise = make_sent_promise(due_on=TODAY)
    assert not promise.is_overdue(on=TODAY)
    assert promise.is_overdue(on=date(2026, 11, 23))
    assert list(Commitment.objects.overdue(on=date(2026, 11, 23))) == [promise]
    promise.report("fulfilled", on=TODAY, text="已建成")
    assert not promise.is_overdue(on=date(2026, 11, 23))
    assert not Commitment.objects.overdue(on=date(2026, 11, 23)).exists()


def test_promises_that_fall_due_soon_are_found():
    promise = make_sent_promise(due_on=date(2026, 11, 30))
    assert list(Commitment.objects.due_within(8, on=TODAY)) == [promise]
    assert not Commitment.objects.due_within(7, on=TODAY).exists()


def test_a_promise_is_fulfilled_with_evidence_and_confirmed_after_that():
    promise = make_sent_promise()
    with pytest.raises(ValidationError):
        promise.report("confirmed", on=TODAY)
    with pytest.raises(ValidationError):
        promise.report("fulfilled", on=TODAY)
    promise.report("fulfilled", on=TODAY, evidence_title="竣工验收表")
    promise.report("confirmed", on=TODAY, author="deputy")
    promise.refresh_from_db()
    assert (promise.state, promise.kept_on) == ("confirmed", TODAY)
    assert list(Event.objects.values_list("kind", flat=True)) == [
        "reply_sent",
        "promise_updated",
        "promise_asked",
        "promise_confirmed",
    ]


@pytest.mark.parametrize("state", ["disputed", "carried_over", "impossible", "explained"])
def test_putting_off_or_giving_up_a_promise_needs_a_written_reason(state):
    promise = make_sent_promise()
    with pytest.raises(ValidationError):
        promise.report(state, on=TODAY)
    promise.report(state, on=TODAY, text="规划调整，待新方案批复。")
    promise.refresh_from_db()
    assert promise.state == state


def test_a_rescheduled_promise_has_a_new_date_and_keeps_the_printed_one():
    promise = make_sent_promise()
    with pytest.raises(ValidationError):
        promise.report("rescheduled", on=TODAY, text="雨季停工")
    promise.report("rescheduled", on=TODAY, text="雨季停工", due_on=date(2027, 6, 30))
    promise.refresh_from_db()
    assert promise.due_on == date(2027, 6, 30)
    assert promise.due_text == "2026年12月底前"


def test_a_promises_date_does_not_move_without_a_word():
    promise = make_sent_promise()
    with pytest.raises(ValidationError):
        promise.report("in_progress", on=TODAY, text="推进中", due_on=date(2030, 1, 1))


def test_reports_on_a_promise_follow_each_other():
    promise = make_sent_promise()
    promise.report("fulfilled", on=TODAY, text="已建成")
    with pytest.raises(ValidationError):
        promise.report("in_progress", on=date(2026, 7, 1), text="补报")
    promise.refresh_from_db()
    assert promise.state == "fulfilled"


def test_a_department_cannot_succeed_itself():
    department = make_department()
    department.successor = department
    with pytest.raises(IntegrityError), transaction.atomic():
        department.save()
