"""What a deputy says of a letter, and what follows: again, higher up, or the promises tracked."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from access.rights import Role
from assemblies.models import Period
from measures import verdicts
from proposals import closing, rating
from proposals.models import Assignment, Feedback, Proposal, Reply
from tests import world
from tests.admin_pages import kinds, move

pytestmark = pytest.mark.django_db
SENT = world.SENT_ON
DUE = SENT + timedelta(days=15)
RATED = date(2026, 6, 1)
State = Proposal.State


@pytest.fixture
def reply() -> Reply:
    """Sent, with the lead sponsor's rating awaited; handled again within 30 days."""
    rules = world.make_rules()
    for step, start, count in (("feedback", "replied", 15), ("rehandling", "rated", 30)):
        Period.objects.create(rules=rules, step=step, start=start, count=count, unit="day")
    world.make_assignment(rules=rules)
    return sent(world.make_reply())


def sent(reply: Reply, *, on: date = SENT) -> Reply:
    for step in ("submit", "review", "sign", "send"):
        getattr(reply, step)(on=on)
    return reply


def rate(
    reply: Reply, label: str, *, on: date = RATED, deputy: str = "林秀兰", **facts
) -> Feedback:
    deputy = world.make_deputy(deputy)
    if label == "不满意":
        facts.setdefault("reason", "没有回应增开班次")
    facts["deputy"] = world.make_deputy(deputy)
    return rating.rate(reply, result=world.make_rating(label), on=on, **facts)


def state_of(reply: Reply) -> str:
    return Proposal.objects.get(pk=reply.proposal_id).state


def test_a_form_on_paper_is_entered_with_process_and_result_apart(reply) -> None:
    office = Client()
    office.force_login(world.make_member(Role.DEPUTIES_OFFICE))
    facts = {
        "deputy": world.make_deputy().pk,
        "process": world.make_rating("满意").pk,
        "result": world.make_rating("基本满意").pk,
        "on_paper": "on",
    }
    assert move(office, reply, "rate", **facts).status_code == 302
    feedback = reply.feedback.get()
    assert (feedback.state, feedback.on_paper, feedback.rated_on) == ("returned", True, RATED)
    assert (feedback.process_rating.label, feedback.result_rating.label) == ("满意", "基本满意")
    assert feedback.entered_by.username == Role.DEPUTIES_OFFICE
    assert kinds(reply.proposal)[-1] == "rated"


def test_nobody_else_enters_a_rating(reply) -> None:
    result = world.make_rating("满意").pk
    for role in (Role.CLERK, Role.REVIEWER, Role.ASSIGNING_OFFICE, Role.SUPERVISOR):
        client = Client()
        client.force_login(world.make_member(role))
        facts = {"deputy": world.make_deputy().pk, "result": result}
        assert move(client, reply, "rate", **facts).status_code == 404
    assert reply.feedback.get().state == "awaited"


def test_satisfied_with_promises_open_they_are_tracked_and_then_it_is_closed(reply) -> None:
    promise = world.make_commitment(reply)
    rate(reply, "满意")
    assert state_of(reply) == State.TRACKING
    proposal = Proposal.objects.get()
    with pytest.raises(ValidationError):
        closing.close(proposal, on=RATED)
    promise.report("fulfilled", on=date(2026, 9, 1), text="已建成20座")
    with pytest.raises(ValidationError):
        closing.close(proposal, on=date(2026, 9, 2))
    verdicts.answer(promise.feedback.get(), kept=True, on=date(2026, 9, 2))
    closing.close(proposal, on=date(2026, 9, 2))
    assert (state_of(reply), proposal.closed_on) == (State.CLOSED, date(2026, 9, 2))
    assert kinds(proposal)[-1] == "closed"


def test_an_open_promise_is_left_behind_only_with_a_reason(reply) -> None:
    world.make_commitment(reply)
    rate(reply, "满意")
    proposal = Proposal.objects.get()
    assert closing.doubts_of_closing(proposal)
    closing.close(proposal, on=RATED, reason="转入下一年度跟踪")
    assert proposal.events.last().details == {"reason": "转入下一年度跟踪"}


def test_without_a_promise_it_can_be_closed_at_once(reply) -> None:
    rate(reply, "满意")
    assert state_of(reply) == State.REPLIED
    closing.close(Proposal.objects.get(), on=RATED)


def test_it_is_not_closed_while_a_rating_is_awaited_or_it_is_handled(reply) -> None:
    assert "林秀兰" in str(closing.why_not_close(reply.proposal))
    with pytest.raises(ValidationError):
        closing.close(reply.proposal, on=RATED)
    handled = world.make_proposal("0124")
    with pytest.raises(ValidationError):
        closing.close(handled, on=RATED)


def test_unsatisfied_it_is_handled_again_by_a_new_date(reply) -> None:
    with pytest.raises(ValidationError):
        rate(reply, "不满意", reason=" ")
    feedback = rate(reply, "不满意")
    assert feedback.reason.text == "没有回应增开班次"
    assert state_of(reply) == State.REHANDLING
    assignment = Assignment.objects.get()
    assert (assignment.round, assignment.redo_on) == (2, RATED)
    assert assignment.reply_due_on == RATED + timedelta(days=30)
    assert kinds(reply.proposal)[-2:] == ["rated", "rehandling"]
    # Why is in the deputy's own row, not in the trail that others read.
    assert "班次" not in str([event.details for event in reply.proposal.events.all()])


def test_a_second_letter_that_satisfies_ends_it(reply) -> None:
    rate(reply, "不满意")
    second = sent(world.make_reply(round=2, document_number="云交函〔2026〕88号"), on=RATED)
    assert state_of(reply) == State.REPLIED
    with pytest.raises(ValidationError):
        rate(reply, "满意")
    rate(second, "满意", on=date(2026, 6, 10))
    closing.close(Proposal.objects.get(), on=date(2026, 6, 11))
    assert reply.versions.exists()


def test_a_second_letter_that_does_not_satisfy_goes_up(reply) -> None:
    rate(reply, "不满意")
    second = sent(world.make_reply(round=2, document_number="云交函〔2026〕88号"), on=RATED)
    rate(second, "不满意", on=date(2026, 6, 10))
    assert state_of(reply) == State.ESCALATED
    assert kinds(reply.proposal)[-2:] == ["rated", "escalated"]
    with pytest.raises(ValidationError):
        closing.close(Proposal.objects.get(), on=date(2026, 6, 11))
    closing.close(Proposal.objects.get(), on=date(2026, 6, 11), reason="专题会议已研究")


def test_of_departments_that_answer_apart_the_one_that_failed_answers_again(reply) -> None:
    Assignment.objects.get().delete()
    bureau = world.make_assignment(role="separate")
    finance = world.make_assignment(
        department=world.make_department("云平市财政局"), role="separate"
    )
    rate(reply, "不满意")
    bureau.refresh_from_db()
    finance.refresh_from_db()
    assert (bureau.round, finance.round) == (2, 1)


def test_a_rating_that_never_came_is_never_satisfied(reply) -> None:
    deputy = world.make_deputy()
    with pytest.raises(ValidationError):
        rating.not_rated(reply, deputy=deputy, on=DUE)
    feedback = rating.not_rated(reply, deputy=deputy, on=DUE + timedelta(days=1))
    assert (feedback.state, feedback.result_rating) == ("not_returned", None)
    assert kinds(reply.proposal)[-1] == "not_rated"
    assert closing.why_not_close(Proposal.objects.get()) == ""
    with pytest.raises(ValidationError):
        rating.not_rated(reply, deputy=deputy, on=DUE + timedelta(days=1))


def test_a_form_that_comes_late_counts_after_all(reply) -> None:
    rating.not_rated(reply, deputy=world.make_deputy(), on=DUE + timedelta(days=1))
    rate(reply, "满意", on=DUE + timedelta(days=3))
    assert reply.feedback.get().state == "returned"


def test_a_rating_changes_until_its_time_is_over_and_what_it_was_is_kept(reply) -> None:
    rate(reply, "基本满意")
    rate(reply, "满意", on=DUE)
    with pytest.raises(ValidationError):
        rate(reply, "基本满意", on=DUE + timedelta(days=1))
    feedback = reply.feedback.get()
    assert feedback.result_rating.label == "满意"
    before = [row.result_rating.label for row in feedback.history.all() if row.result_rating]
    assert set(before) == {"满意", "基本满意"}


def test_a_rating_that_had_its_consequence_stays(reply) -> None:
    rate(reply, "不满意")
    with pytest.raises(ValidationError):
        rate(reply, "满意", on=DUE)
    assert state_of(reply) == State.REHANDLING


def test_every_deputy_rates_where_the_rules_say_so(reply) -> None:
    with pytest.raises(ValidationError):
        rate(reply, "满意", deputy="周建国")
    rules = Assignment.objects.get().rules
    rules.every_deputy_rates = True
    rules.save()
    proposal = world.make_proposal("0124")
    world.make_assignment(proposal, rules=rules)
    world.make_sponsorship(proposal, world.make_deputy("周建国"))
    world.make_commitment(world.make_reply(proposal))
    other = sent(world.make_reply(proposal))
    rate(other, "满意")
    assert state_of(other) == State.REPLIED
    rate(other, "基本满意", deputy="周建国")
    assert state_of(other) == State.TRACKING


def test_what_is_not_sent_is_not_rated_and_no_other_assemblys_words_are_taken(reply) -> None:
    draft = world.make_reply(world.make_proposal("0124"))
    with pytest.raises(ValidationError):
        rate(draft, "满意")
    foreign = world.make_rating("满意", assembly=world.make_assembly("zhenan"))
    with pytest.raises(ValidationError):
        rating.rate(reply, deputy=world.make_deputy(), result=foreign, on=RATED)
    with pytest.raises(ValidationError):
        rate(reply, "满意", on=SENT - timedelta(days=1))


def test_the_office_escalates_with_a_reason(reply) -> None:
    proposal = reply.proposal
    with pytest.raises(ValidationError):
        closing.escalate(proposal, on=RATED, reason=" ")
    closing.escalate(proposal, on=RATED, reason="多次提出未解决")
    assert (proposal.state, kinds(proposal)[-1]) == (State.ESCALATED, "escalated")
    with pytest.raises(ValidationError):
        closing.escalate(proposal, on=RATED, reason="x")


def test_a_letter_to_two_proposals_is_rated_by_the_deputies_of_both() -> None:
    other = world.make_proposal("0124", sponsor=world.make_deputy("吴梅"))
    world.make_assignment()
    world.make_assignment(other)
    reply = world.make_reply()
    reply.also_answers.add(other)
    sent(reply)
    assert {row.deputy.name for row in reply.feedback.all()} == {"林秀兰", "吴梅"}
    rate(reply, "不满意", deputy="吴梅")
    other.refresh_from_db()
    assert other.state == State.REHANDLING
    assert state_of(reply) == State.REPLIED


def test_a_new_letter_ends_the_waiting_for_words_on_the_one_before(reply) -> None:
    """Where the rules set no day, the old question would stay open for ever."""
    deputy = world.make_deputy("周建国")
    world.make_sponsorship(reply.proposal, deputy)
    world.make_feedback(reply, deputy=deputy, due_on=None)
    rate(reply, "不满意")
    second = sent(world.make_reply(round=2, document_number="云交函〔2026〕88号"), on=RATED)
    assert reply.feedback.get(deputy=deputy).state == "not_returned"
    assert reply.proposal.events.get(kind="not_rated").details["deputy"] == "周建国"
    assert {row.state for row in second.feedback.all()} == {"awaited"}
    with pytest.raises(ValidationError):
        rate(reply, "不满意", deputy="周建国")


def test_a_letter_of_who_handles_it_no_more_is_not_refused_after_the_new_one(reply) -> None:
    deputy = world.make_deputy("周建国")
    world.make_sponsorship(reply.proposal, deputy)
    world.make_feedback(reply, deputy=deputy)
    rate(reply, "不满意")
    Assignment.objects.update(ended_on=RATED)
    finance = world.make_department("云平市财政局")
    world.make_assignment(department=finance, round=2, redo_on=RATED)
    sent(world.make_reply(round=2, department=finance, document_number="财函1号"), on=RATED)
    with pytest.raises(ValidationError):
        rate(reply, "不满意", deputy="周建国")
    assert state_of(reply) == State.REPLIED
    assert reply.feedback.get(deputy=deputy).state == "not_returned"


def test_who_put_one_that_was_merged_can_have_the_other_handled_again(reply) -> None:
    merged = world.make_proposal("0124", sponsor=world.make_deputy("吴梅"))
    merged.merged_into, merged.state = reply.proposal, State.MERGED
    merged.save()
    reply.also_answers.add(merged)
    world.make_feedback(reply, deputy=world.make_deputy("吴梅"), due_on=DUE)
    rate(reply, "满意")
    with pytest.raises(ValidationError, match="吴梅"):
        closing.close(Proposal.objects.get(pk=reply.proposal_id), on=RATED)
    found = rating.consequence(reply, world.make_deputy("吴梅"))
    assert (found.kind, found.round) == ("rehandling", 2)
    rate(reply, "不满意", deputy="吴梅")
    merged.refresh_from_db()
    assert (state_of(reply), merged.state) == (State.REHANDLING, State.MERGED)
    assert Assignment.objects.get(proposal=reply.proposal).round == 2
    assert kinds(merged)[-1] == "rated"
    with pytest.raises(ValidationError):
        rate(reply, "满意", deputy="吴梅", on=DUE)


def test_what_was_escalated_is_handled_again_by_a_day_that_was_agreed(reply) -> None:
    proposal = reply.proposal
    bureau = [world.make_department()]
    with pytest.raises(ValidationError):
        closing.handle_again(proposal, departments=bureau, reason="x", on=RATED)
    closing.escalate(proposal, on=RATED, reason="多次提出未解决")
    facts = {"departments": bureau, "on": RATED, "redo_by": date(2026, 8, 1)}
    for wrong in ({"reason": " "}, {"reason": "会", "departments": []}, {"redo_by": RATED}):
        with pytest.raises(ValidationError):
            closing.handle_again(proposal, **{"reason": "会商", **facts, **wrong})
    closing.handle_again(proposal, reason="专题会议要求增开班次", **facts)
    part = Assignment.objects.get()
    assert (part.round, part.reply_due_on) == (2, date(2026, 8, 1))
    assert (state_of(reply), kinds(proposal)[-1]) == (State.REHANDLING, "rehandling")
    second = sent(world.make_reply(round=2, document_number="云交函〔2026〕88号"), on=RATED)
    assert state_of(second) == State.REPLIED


def test_a_third_round_follows_where_the_office_orders_it_from_its_page(reply) -> None:
    rate(reply, "不满意")
    second = sent(world.make_reply(round=2, document_number="云交函〔2026〕88号"), on=RATED)
    rate(second, "不满意")
    for role in (Role.ASSIGNING_OFFICE, Role.REVIEWER, Role.SUPERVISOR):
        client = Client()
        client.force_login(world.make_member(role))
        assert move(client, reply.proposal, "handle_again").status_code == 404
    office = Client()
    office.force_login(world.make_member(Role.DEPUTIES_OFFICE))
    facts = {"departments": [world.make_department().pk], "reason": "专题会议要求增开班次"}
    assert move(office, reply.proposal, "handle_again", **facts).status_code == 302
    part = Assignment.objects.get()
    # No day was agreed: the rules count it.
    assert (part.round, part.redo_by) == (3, RATED + timedelta(days=30))
    assert Reply.objects.next_round(reply.proposal, world.make_department()) == 3


def test_each_that_answers_apart_is_asked_for_itself(reply) -> None:
    Assignment.objects.get().delete()
    world.make_assignment(role="separate")
    finance = world.make_department("云平市财政局")
    world.make_assignment(department=finance, role="separate")
    other = sent(world.make_reply(department=finance, sequence=2))
    rate(reply, "不满意")
    rate(other, "不满意")
    assert {part.round for part in Assignment.objects.all()} == {2}
    assert kinds(reply.proposal).count("rehandling") == 2
