"""Co-handling opinions: asked for, handed in, sent back, accepted or waived, in that order."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from access.rights import Role
from assemblies.models import Period
from proposals.models import Assignment, CoHandlingOpinion, Contact
from tests import world
from tests.admin_pages import kinds, move

pytestmark = pytest.mark.django_db
ASKED = world.ASSIGNED_ON
State = CoHandlingOpinion.State


@pytest.fixture
def asked() -> CoHandlingOpinion:
    """The transport bureau leads; the finance bureau is asked for its opinion."""
    world.make_assignment()
    return CoHandlingOpinion.request(helper(), on=ASKED)


def helper(**fields) -> Assignment:
    finance = world.make_department("云平市财政局")
    return world.make_assignment(department=finance, role="co_handling", **fields)


def test_an_opinion_goes_its_way_with_an_event_for_each_step(asked) -> None:
    asked.acknowledge(on=date(2026, 3, 2))
    asked.submit("同意。", document_number="云财提函〔2026〕3号", on=date(2026, 3, 10))
    asked.send_back(on=date(2026, 3, 12), reason="没有资金安排")
    asked.submit("同意，资金由本局安排。", on=date(2026, 3, 16))
    asked.accept(on=date(2026, 3, 17))
    asked.refresh_from_db()
    assert (asked.state, asked.submitted_on) == (State.ACCEPTED, date(2026, 3, 16))
    assert kinds(asked.assignment.proposal) == [
        "opinion_requested",
        "opinion_seen",
        "opinion_submitted",
        "opinion_sent_back",
        "opinion_submitted",
        "opinion_accepted",
    ]
    event = asked.assignment.proposal.events.get(kind="opinion_sent_back")
    assert (event.department.short_name, event.details) == ("市财政局", {"reason": "没有资金安排"})
    # Nothing of what was there before is lost.
    assert [row.text for row in asked.history.order_by("history_id")][-3:-1] == [
        "同意。",
        "同意，资金由本局安排。",
    ]


def test_an_opinion_sent_back_has_a_clock_of_its_own(asked) -> None:
    rules = world.make_rules()
    Period.objects.create(
        rules=rules, step="opinion_redone", start="sent_back", count=5, unit="day"
    )
    asked.assignment.rules = rules
    asked.submit("同意。", on=date(2026, 3, 10))
    asked.send_back(on=date(2026, 3, 12), reason="没有资金安排")
    assert asked.due_on == date(2026, 3, 17)


def test_where_the_rules_say_nothing_the_date_stays(asked) -> None:
    before = asked.due_on
    assert before == helper().due_on
    asked.submit("同意。", on=date(2026, 3, 10))
    asked.send_back(on=date(2026, 3, 12), reason="没有资金安排")
    assert asked.due_on == before


@pytest.mark.parametrize(
    ("state", "closed"),
    [
        (State.REQUESTED, ["accept", "send_back"]),
        (State.ACKNOWLEDGED, ["acknowledge", "accept", "send_back"]),
        (State.SUBMITTED, ["acknowledge", "submit", "waive"]),
        (State.SENT_BACK, ["acknowledge", "accept", "send_back"]),
        (State.ACCEPTED, ["acknowledge", "submit", "accept", "send_back", "waive"]),
        (State.WAIVED, ["acknowledge", "submit", "accept", "send_back", "waive"]),
    ],
)
def test_no_step_is_taken_before_or_after_its_time(asked, state, closed) -> None:
    asked.state, asked.text, asked.remark = state, "同意。", "x"
    asked.submitted_on = ASKED
    asked.save()
    facts = {
        "acknowledge": {},
        "submit": {"text": "同意。"},
        "accept": {},
        "send_back": {"reason": "x"},
        "waive": {"reason": "x"},
    }
    for name in closed:
        with pytest.raises(ValidationError):
            getattr(asked, name)(on=date(2026, 3, 20), **facts[name])
    asked.refresh_from_db()
    assert asked.state == state


def test_sending_back_and_waiving_need_a_reason_and_handing_in_a_text(asked) -> None:
    for name, facts in (("waive", {"reason": " "}), ("submit", {"text": " \n"})):
        with pytest.raises(ValidationError):
            getattr(asked, name)(on=ASKED, **facts)
    asked.submit("同意。", on=ASKED)
    with pytest.raises(ValidationError):
        asked.send_back(on=ASKED, reason=" ")


def test_an_opinion_is_asked_for_once_in_a_round_of_co_handling_departments(asked) -> None:
    with pytest.raises(ValidationError):
        CoHandlingOpinion.request(asked.assignment, on=ASKED)
    lead = Assignment.objects.get(role="lead")
    with pytest.raises(ValidationError):
        CoHandlingOpinion.request(lead, on=ASKED)
    lead.handle_again(2, on=date(2026, 6, 1))
    again = CoHandlingOpinion.request(asked.assignment, on=date(2026, 6, 2))
    assert again.round == 2


def test_a_department_that_gave_its_part_back_is_asked_nothing() -> None:
    ended = helper(ended_on=None)
    ended.ended_on = date(2026, 3, 5)
    ended.save()
    with pytest.raises(ValidationError):
        CoHandlingOpinion.request(ended, on=date(2026, 3, 6))


def test_the_two_departments_see_their_own_buttons_and_others_nothing(asked) -> None:
    finance, lead, other = Client(), Client(), Client()
    finance.force_login(
        world.make_member(Role.CLERK, "zhou", department=asked.assignment.department)
    )
    lead.force_login(world.make_member(Role.CLERK, "wangmin"))
    other.force_login(
        world.make_member(Role.CLERK, "qian", department=world.make_department("云平市教育局"))
    )
    assert move(other, asked, "submit", text="同意。").status_code == 404
    assert move(lead, asked, "submit", text="同意。").status_code == 404
    assert move(finance, asked, "submit", text="同意。").status_code == 302
    assert move(finance, asked, "accept").status_code == 404
    assert move(lead, asked, "accept").status_code == 302
    asked.refresh_from_db()
    assert asked.state == State.ACCEPTED
    assert asked.assignment.proposal.events.last().actor.username == "wangmin"


def test_nothing_of_an_opinion_is_changed_in_a_form(asked) -> None:
    chief = Client()
    chief.force_login(world.make_user("chief", is_superuser=True))
    address = reverse("admin:proposals_cohandlingopinion_change", args=[asked.pk])
    chief.post(address, {"state": "accepted", "text": "x", "submitted_on": "2026-03-01"})
    asked.refresh_from_db()
    assert asked.state == State.REQUESTED


def test_a_talk_with_the_deputy_is_logged_with_who_and_what() -> None:
    assignment = world.make_assignment()
    clerk = Client()
    clerk.force_login(world.make_member(Role.CLERK))
    facts = {"method": "visit", "present": "林秀兰代表", "agreed": "增开早班车"}
    assert move(clerk, assignment, "log_contact", on="2026-03-20", **facts).status_code == 302
    contact = Contact.objects.get()
    assert (contact.on, contact.department) == (date(2026, 3, 20), assignment.department)
    assert kinds(assignment.proposal) == ["contacted"]
