"""What departments ask of the deputies' office: to return a part, to have more time."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from access.rights import STAFF, Role
from proposals import assigning
from proposals.assigning import Part
from proposals.models import (
    Assignment,
    Event,
    ExtensionRequest,
    Proposal,
    ReturnRequest,
)
from tests import world
from tests.admin_pages import kinds, move
from tests.handling import (
    DAY,
    Handles,
    State,
    ask_extension,
    ask_return,
    assigned,
    bureau,
    in_handling,
    registered,
    ruled,
    state_of,
)

pytestmark = pytest.mark.django_db


def test_a_return_is_asked_for_within_the_period_and_refused_by_the_rule_when_late() -> None:
    part = assigned()
    with pytest.raises(ValidationError, match="2026年3月12日"):
        ask_return(part, on=date(2026, 3, 13))
    assert "2026年3月12日" in ReturnRequest.why_not_ask(part)
    assert state_of(part) == State.ASSIGNED
    with pytest.raises(ValidationError):
        ask_return(part, reason=" ")
    request = ask_return(part, on=date(2026, 3, 12))
    assert request.decide_by == date(2026, 3, 22)
    assert state_of(part) == State.RETURN_PENDING
    with pytest.raises(ValidationError):
        ask_return(part)


def test_a_department_cannot_choose_an_earlier_day_for_its_wish(client: Client) -> None:
    part = assigned()
    client.force_login(world.make_member(Role.CLERK))
    answer = move(client, part, "ask_return", on="2026-03-03", reason="不属于职责。")
    assert "2026年3月12日" in answer.content.decode()
    assert not ReturnRequest.objects.exists()


def test_a_return_that_is_agreed_waits_to_be_assigned_anew_and_the_old_part_is_kept() -> None:
    part = assigned()
    request = ask_return(part, suggested_department=bureau("教育"))
    assigning.agree_return(request, on=DAY + timedelta(days=4), reason="同意。")
    part.refresh_from_db()
    assert (part.ended_on, state_of(part)) == (DAY + timedelta(days=4), State.REGISTERED)
    proposal = Proposal.objects.get()
    new = assigning.assign(
        proposal, parts=[Part(bureau("教育"), Handles.SOLE)], on=DAY + timedelta(days=8)
    )[0]
    assert new.due_on == date(2026, 6, 10)
    assert proposal.assignments.count() == 2
    assert kinds(proposal) == ["assigned", "return_asked", "return_agreed", "assigned"]


def test_a_return_can_go_to_the_other_department_at_once() -> None:
    request = ask_return(assigned("财政"), reason="另有主管。")
    assigning.agree_return(request, on=DAY + timedelta(days=4), department=bureau("教育"))
    new = Assignment.objects.present().get(department=bureau("教育"))
    assert (new.role, new.assigned_on) == (Handles.LEAD, DAY + timedelta(days=4))
    assert state_of(new) == State.ASSIGNED
    event = new.proposal.events.get(kind=Event.Kind.REASSIGNED)
    # What the first department wrote is not told to the next.
    assert "另有主管" not in str(event.details)


def test_a_return_that_is_refused_must_be_handled_and_is_not_asked_again() -> None:
    request = ask_return(assigned())
    with pytest.raises(ValidationError):
        request.refuse(reason=" ", on=DAY + timedelta(days=4))
    request.refuse(reason="属于你局职责。", on=DAY + timedelta(days=4))
    part = request.assignment
    assert state_of(part) == State.IN_HANDLING
    assert ReturnRequest.why_not_ask(part, on=DAY + timedelta(days=5))
    with pytest.raises(ValidationError):
        request.refuse(reason="再次。", on=DAY + timedelta(days=5))
    with pytest.raises(ValidationError):
        assigning.agree_return(request, on=DAY + timedelta(days=5))


def test_a_helper_returns_its_part_and_the_handling_goes_on() -> None:
    lead = assigned("财政")
    lead.acknowledge(on=DAY)
    helper = Assignment.objects.get(role=Handles.CO_HANDLING)
    request = ask_return(helper)
    assert state_of(lead) == State.IN_HANDLING
    assigning.agree_return(request, on=DAY + timedelta(days=4))
    helper.refresh_from_db()
    assert helper.ended_on
    assert state_of(lead) == State.IN_HANDLING


def test_one_of_two_who_answer_returns_its_part_and_the_other_goes_on() -> None:
    ruled()
    parts = [Part(bureau(), Handles.SEPARATE), Part(bureau("教育"), Handles.SEPARATE)]
    first, second = assigning.assign(registered(), parts=parts, on=DAY)
    second.acknowledge(on=DAY)
    request = ask_return(first)
    assert state_of(first) == State.RETURN_PENDING
    assigning.agree_return(request, on=DAY + timedelta(days=4))
    assert state_of(first) == State.IN_HANDLING


def test_an_extension_never_goes_beyond_the_rules() -> None:
    part = in_handling()
    for until in (date(2026, 9, 3), date(2026, 6, 2), date(2026, 5, 20)):
        with pytest.raises(ValidationError):
            ask_extension(part, until)
    request = ask_extension(part, date(2026, 9, 2))
    with pytest.raises(ValidationError):
        ask_extension(part, date(2026, 8, 1))
    request.agree(on=date(2026, 5, 22))
    part.refresh_from_db()
    assert (part.extended_to, part.reply_due_on) == (date(2026, 9, 2), date(2026, 9, 2))
    # The whole time that the rules allow is used up.
    assert "2026年9月2日" in ExtensionRequest.why_not_ask(part)
    assert kinds(part.proposal)[-2:] == ["extension_asked", "extension_granted"]


def test_the_deputy_is_told_of_the_later_date_and_the_day_is_kept() -> None:
    request = ask_extension(in_handling(), date(2026, 8, 1))
    assert request.why_not_tell_deputy()
    with pytest.raises(ValidationError):
        request.tell_deputy(on=date(2026, 5, 21))
    request.agree(on=date(2026, 5, 22))
    with pytest.raises(ValidationError):
        request.tell_deputy(on=date(2026, 5, 21))
    request.tell_deputy(on=date(2026, 5, 23))
    assert request.deputy_told_on == date(2026, 5, 23)
    assert request.why_not_tell_deputy()
    assert kinds(request.assignment.proposal)[-1] == "deputy_told"


def test_a_refused_extension_leaves_the_date_and_can_be_asked_again() -> None:
    part = in_handling()
    ask_extension(part, date(2026, 8, 1)).refuse(reason="按期答复。", on=date(2026, 5, 22))
    part.refresh_from_db()
    assert (part.extended_to, part.reply_due_on) == (None, date(2026, 6, 2))
    assert not ExtensionRequest.why_not_ask(part)


def test_more_time_is_for_who_answers_and_has_begun() -> None:
    lead = assigned("财政")
    helper = Assignment.objects.get(role=Handles.CO_HANDLING)
    assert ExtensionRequest.why_not_ask(lead)
    with pytest.raises(ValidationError):
        ask_extension(lead, date(2026, 8, 1))
    lead.acknowledge(on=DAY)
    assert ExtensionRequest.why_not_ask(helper)
    assert not ExtensionRequest.why_not_ask(lead)


@pytest.mark.parametrize("name", ["agree", "refuse"])
@pytest.mark.parametrize("role", STAFF)
def test_requests_are_decided_by_the_deputies_office_alone(
    client: Client, role: str, name: str
) -> None:
    part = in_handling()
    extension = ask_extension(part, date(2026, 8, 1))
    for request in (extension, ask_return(part)):
        client.force_login(world.make_member(role))
        answer = move(client, request, name, reason="已阅。")
        request.refresh_from_db()
        allowed = role == Role.DEPUTIES_OFFICE
        assert answer.status_code == (302 if allowed else 404)
        assert (request.decision == "pending") != allowed
