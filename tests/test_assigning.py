"""Who handles a proposal: its parts and their dates, each move with its guard and its event."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.rights import STAFF, Role
from assemblies.models import Period
from proposals import assigning
from proposals.assigning import Part
from proposals.models import (
    Assignment,
    CoHandlingOpinion,
    Event,
    ExtensionRequest,
    Proposal,
    Reply,
    ReturnRequest,
)
from tests import world
from tests.admin_pages import kinds, move
from tests.handling import (
    DAY,
    Handles,
    State,
    ask_return,
    assigned,
    bureau,
    registered,
    ruled,
    state_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def assigner(client: Client) -> Client:
    client.force_login(world.make_member(Role.ASSIGNING_OFFICE))
    return client


def test_the_lead_and_its_helpers_get_their_parts_with_the_rules_and_dates_of_that_day(
    assigner: Client,
) -> None:
    old = ruled(valid_to=date(2026, 5, 31), name="旧办法")
    rules = world.make_rules(valid_from=date(2026, 6, 1))
    Period.objects.create(rules=rules, step="reply", start="assigned", count=2, unit="month")
    proposal = registered()
    data = {"role": "lead", "answering_1_0": bureau().pk, "co_handling": [bureau("财政").pk]}
    move(assigner, proposal, "assign", **data)
    lead, helper = Assignment.objects.order_by("pk")
    assert (lead.role, helper.role) == (Handles.LEAD, Handles.CO_HANDLING)
    assert (lead.rules, lead.due_on) == (rules, date(2026, 8, 1))
    assert old != rules
    assert state_of(proposal) == State.ASSIGNED
    assert kinds(proposal) == ["assigned", "assigned", "opinion_requested"]


def test_every_date_of_a_part_is_counted_once_and_kept() -> None:
    lead = assigned("财政")
    assert (lead.due_on, lead.return_by) == (date(2026, 6, 2), date(2026, 3, 12))
    assert lead.contact_by == date(2026, 3, 22)
    opinion = CoHandlingOpinion.objects.get()
    assert (opinion.requested_on, opinion.due_on) == (DAY, date(2026, 4, 2))
    Period.objects.filter(step="reply").update(count=1)
    lead.acknowledge(on=DAY + timedelta(days=1))
    assert lead.due_on == date(2026, 6, 2)


def test_dates_that_run_from_the_receipt_are_counted_when_it_is_acknowledged() -> None:
    rules = world.make_rules()
    Period.objects.create(rules=rules, step="reply", start="acknowledged", count=30, unit="day")
    parts = [Part(bureau(), Handles.SOLE)]
    part = assigning.assign(registered(), parts=parts, on=DAY)[0]
    part.acknowledge(on=DAY + timedelta(days=5))
    part.refresh_from_db()
    assert part.due_on == DAY + timedelta(days=35)


def test_several_proposals_are_assigned_at_once_from_the_list(assigner: Client) -> None:
    proposals = [registered("0123"), registered("0124")]
    asked = assigner.post(
        reverse("admin:proposals_proposal_changelist"),
        {"action": "assign", "_selected_action": [row.pk for row in proposals]},
    )
    assigner.post(asked.url, {"on": "2026-06-01", "role": "sole", "answering_1_0": bureau().pk})
    assert [state_of(row) for row in proposals] == [State.ASSIGNED, State.ASSIGNED]
    assert Assignment.objects.count() == 2


def test_two_leads_say_which_part_each_handles(assigner: Client) -> None:
    proposal = registered()
    two = {"role": "lead", "answering_1_0": bureau().pk, "answering_2_0": bureau("教育").pk}
    answer = move(assigner, proposal, "assign", **two, answering_1_1="线路")
    assert answer.status_code == 200
    assert not Assignment.objects.exists()
    move(assigner, proposal, "assign", **two, answering_1_1="线路", answering_2_1="学校周边")
    assert set(Assignment.objects.values_list("part", flat=True)) == {"线路", "学校周边"}


FORBIDDEN = {
    "nobody": [],
    "only who helps": [("财政", "co_handling")],
    "one separately": [("交通运输", "separate")],
    "two alone": [("交通运输", "sole"), ("财政", "sole")],
    "two ways": [("交通运输", "lead"), ("财政", "separate")],
    "alone with a helper": [("交通运输", "sole"), ("财政", "co_handling")],
    "the same twice": [("交通运输", "lead"), ("交通运输", "co_handling")],
}


@pytest.mark.parametrize("parts", FORBIDDEN.values(), ids=FORBIDDEN)
def test_parts_that_do_not_fit_together_are_refused(parts: list[tuple[str, str]]) -> None:
    proposal = registered()
    with pytest.raises(ValidationError):
        assigning.assign(proposal, parts=[Part(bureau(n), r) for n, r in parts], on=DAY)
    assert state_of(proposal) == State.REGISTERED
    assert not Assignment.objects.exists()
    assert not proposal.events.exists()


def test_departments_that_answer_separately_are_two_or_more() -> None:
    parts = [Part(bureau(), Handles.SEPARATE), Part(bureau("教育"), Handles.SEPARATE)]
    proposal = registered()
    assert len(assigning.assign(proposal, parts=parts, on=DAY)) == 2


def test_a_helper_is_added_later_and_who_handled_it_alone_then_leads() -> None:
    alone = assigned()
    alone.acknowledge(on=DAY)
    helper = [Part(bureau("财政"), Handles.CO_HANDLING)]
    proposal = Proposal.objects.get()
    assigning.assign(proposal, parts=helper, on=DAY + timedelta(days=9))
    alone.refresh_from_db()
    assert alone.role == Handles.LEAD
    assert state_of(alone) == State.IN_HANDLING
    with pytest.raises(ValidationError, match=str(bureau("财政"))):
        assigning.assign(proposal, parts=helper, on=DAY + timedelta(days=9))


@pytest.mark.parametrize("state", sorted(set(State) - {State.REGISTERED, *Proposal.HANDLED}))
def test_nothing_is_assigned_in_other_states(state: str) -> None:
    into = registered("0900") if state == State.MERGED else None
    proposal = world.make_proposal(state=state, merged_into=into)
    assert assigning.why_not_assign(proposal)
    with pytest.raises(ValidationError):
        assigning.assign(proposal, parts=[Part(bureau(), Handles.SOLE)], on=DAY)


def test_only_departments_that_handle_and_still_exist_are_offered(assigner: Client) -> None:
    gone = world.make_department("云平市旧局", valid_to=date(2020, 1, 1))
    for department in (gone, world.make_office(Role.DEPUTIES_OFFICE)):
        data = {"role": "sole", "answering_1_0": str(department.pk)}
        assert move(assigner, registered(), "assign", **data).status_code == 200
    assert not Assignment.objects.exists()


def test_what_the_deputies_wish_is_said_before_it_is_assigned(assigner: Client) -> None:
    proposal = registered(wished_handler="市交通运输局")
    address = reverse("admin:proposals_proposal_move", args=["assign"])
    assert "市交通运输局" in assigner.get(address, {"ids": proposal.pk}).content.decode()


def test_handling_begins_when_who_answers_acknowledges() -> None:
    lead = assigned("财政")
    helper = Assignment.objects.get(role=Handles.CO_HANDLING)
    helper.acknowledge(on=DAY)
    assert state_of(lead) == State.ASSIGNED
    with pytest.raises(ValidationError):
        lead.acknowledge(on=DAY - timedelta(days=1))
    lead.acknowledge(on=DAY)
    assert state_of(lead) == State.IN_HANDLING
    assert lead.why_not_acknowledge()
    with pytest.raises(ValidationError):
        lead.acknowledge(on=DAY)
    assert kinds(lead.proposal).count("acknowledged") == 2


def test_the_office_gives_a_part_to_another_with_its_own_clock(assigner: Client) -> None:
    old = assigned()
    old.acknowledge(on=DAY)
    education = bureau("教育")
    data = {"department": str(education.pk), "reason": "职能已调整。", "on": "2026-04-01"}
    assert move(assigner, old, "reassign", **{**data, "reason": " "}).status_code == 200
    move(assigner, old, "reassign", **data)
    old.refresh_from_db()
    new = Assignment.objects.present().get()
    assert (old.ended_on, old.acknowledged_on) == (date(2026, 4, 1), DAY)
    assert (new.department, new.due_on) == (education, date(2026, 7, 1))
    assert state_of(new) == State.ASSIGNED
    event = new.proposal.events.get(kind=Event.Kind.REASSIGNED)
    assert (event.department, event.details["reason"]) == (education, "职能已调整。")


def test_nothing_is_given_to_another_while_a_return_waits_or_after_the_reply() -> None:
    part = assigned()
    request = ask_return(part)
    assert assigning.why_not_reassign(part)
    request.refuse(reason="属于你局职责。", on=DAY + timedelta(days=4))
    part.refresh_from_db()
    assert not assigning.why_not_reassign(part)
    with pytest.raises(ValidationError):
        assigning.reassign(part, department=part.department, reason="改办", on=DAY)
    world.make_reply(state="sent", sent_on=world.SENT_ON)
    assert assigning.why_not_reassign(part)
    with pytest.raises(ValidationError):
        assigning.reassign(part, department=bureau("教育"), reason="改办", on=DAY)
    part.refresh_from_db()
    assert part.ended_on is None


def test_a_part_that_only_a_letter_tells_of_has_its_event_and_no_clock() -> None:
    ruled()
    proposal = world.make_proposal()
    finance = bureau("财政")
    part = assigning.take_part(proposal, finance, role="co_handling", on=world.WRITTEN_ON)
    assert (part.assigned_on, part.due_on, kinds(proposal)) == (None, None, ["assigned"])
    again = assigning.take_part(proposal, finance, role="co_handling", on=world.WRITTEN_ON)
    assert (again, proposal.events.count()) == (part, 1)
    assigning.take_part(proposal, finance, role="lead", on=world.WRITTEN_ON)
    part.refresh_from_db()
    assert part.role == Handles.LEAD
    assert part.history.count() == 2


OF_A_PART = {
    "acknowledge": {Role.CLERK, Role.REVIEWER},
    "ask_return": {Role.CLERK, Role.REVIEWER},
    "ask_extension": {Role.CLERK, Role.REVIEWER},
    "reassign": {Role.ASSIGNING_OFFICE},
    "nudge": {Role.ASSIGNING_OFFICE},
}


@pytest.mark.parametrize("name", OF_A_PART)
@pytest.mark.parametrize("role", STAFF)
def test_each_move_of_a_part_is_for_its_role_alone(client: Client, role: str, name: str) -> None:
    part = assigned(on=timezone.localdate())
    client.force_login(world.make_member(role))
    address = reverse("admin:proposals_assignment_move", args=[name])
    allowed = role in OF_A_PART[name]
    assert client.get(address, {"ids": part.pk}).status_code == (200 if allowed else 404)
    if not allowed:
        assert move(client, part, name, reason="无", message="无").status_code == 404
        assert kinds(part.proposal) == ["assigned"]


@pytest.mark.parametrize("name", ["acknowledge", "ask_return", "ask_extension"])
def test_another_department_makes_no_move_of_this_one(client: Client, name: str) -> None:
    part = assigned("财政", on=timezone.localdate())
    for department in (bureau("财政"), bureau("水利")):
        user = world.make_member(Role.REVIEWER, f"at{department.pk}", department=department)
        client.force_login(user)
        assert move(client, part, name, reason="无", until="2026-12-31").status_code == 404
    assert state_of(part) == State.ASSIGNED


def test_a_closed_move_is_named_with_its_reason_on_the_page(client: Client) -> None:
    part = assigned()
    client.force_login(world.make_member(Role.CLERK))
    page = client.get(reverse("admin:proposals_assignment_change", args=[part.pk]))
    closed = {str(row["why"]) for row in page.context["closed_moves"]}
    assert ReturnRequest.why_not_ask(part) in closed
    assert ExtensionRequest.why_not_ask(part) in closed


def test_a_co_handling_department_becomes_the_one_that_answers():
    lead = assigned("财政")
    lead.acknowledge(on=DAY)
    request = ask_return(lead)
    assigning.agree_return(request, on=DAY + timedelta(days=3), department=bureau("财政"))
    (now,) = Assignment.objects.filter(proposal=lead.proposal).present()
    assert (now.department, now.role) == (bureau("财政"), Handles.LEAD)
    assert Assignment.objects.filter(department=bureau("财政")).count() == 2


def test_the_draft_of_a_department_that_lost_its_part_goes_no_further():
    lead = assigned()
    lead.acknowledge(on=DAY)
    draft = world.make_reply(lead.proposal, department=lead.department)
    assigning.reassign(lead, department=bureau("财政"), reason="职责调整", on=DAY)
    with pytest.raises(ValidationError):
        draft.submit(on=DAY)


def test_who_takes_a_part_in_the_second_round_writes_a_letter_of_that_round():
    lead = assigned()
    lead.acknowledge(on=DAY)
    lead.handle_again(2, on=DAY)
    new = assigning.reassign(lead, department=bureau("财政"), reason="职责调整", on=DAY)
    assert Reply.objects.next_round(new.proposal, new.department) == 2
