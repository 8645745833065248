"""Whether a proposal is taken on: every move, its guard, its event, and who may not do it."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from access.rights import STAFF, Role
from assemblies.models import Period
from proposals import registering, supervising
from proposals.models import Event, Proposal
from tests import world
from tests.admin_pages import change_address, filled_in, kinds, move

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 2)
State = Proposal.State


def submitted(number: str = "", **fields) -> Proposal:
    """A proposal as the deputies' office has just received it."""
    fields.setdefault("title", "关于增设路灯的建议")
    proposal = Proposal(
        session=world.make_session(), kind=Proposal.Kind.SUGGESTION, number=number, **fields
    )
    registering.submit(proposal, on=world.OPENED_ON)
    return proposal


@pytest.fixture
def office(client: Client) -> Client:
    client.force_login(world.make_member(Role.DEPUTIES_OFFICE))
    return client


def last_details(proposal: Proposal) -> dict:
    return proposal.events.order_by("-pk").first().details


def test_a_proposal_that_is_entered_has_been_submitted_and_waits_for_its_number(office) -> None:
    rules = world.make_rules()
    Period.objects.create(rules=rules, step="assign", start="received", count=10, unit="day")
    add = reverse("admin:proposals_proposal_add")
    data = {"session": world.make_session().pk, "kind": "suggestion", "title": "关于路灯的建议"}
    data |= {"submitted_on": "2026-03-02", "number": "0200", "state": "closed"}
    assert office.post(add, filled_in(office, add, **data)).status_code == 302
    proposal = Proposal.objects.get()
    assert (proposal.state, proposal.number) == (State.SUBMITTED, "")
    assert proposal.assign_by == date(2026, 3, 12)
    assert kinds(proposal) == ["submitted"]


def test_a_proposal_is_registered_under_the_number_that_it_keeps(office) -> None:
    world.make_proposal("0199")
    proposal, topic = submitted(), world.make_topic()
    page = office.get(
        reverse("admin:proposals_proposal_move", args=["register"]), {"ids": proposal.pk}
    )
    assert page.context["form"].fields["number"].initial == "0200"
    move(office, proposal, "register", number="0200", topic=str(topic.pk))
    proposal.refresh_from_db()
    assert (proposal.state, proposal.number, proposal.topic) == (State.REGISTERED, "0200", topic)
    assert proposal.registered_on == date(2026, 6, 1)
    assert kinds(proposal) == ["submitted", "registered"]


def test_a_topic_is_asked_for_where_the_assembly_has_some(office) -> None:
    proposal = submitted()
    world.make_topic()
    foreign = world.make_topic("农业", assembly=world.make_assembly("zhenan"))
    for topic in ("", str(foreign.pk)):
        answer = move(office, proposal, "register", number="0200", topic=topic)
        assert "topic" in answer.context["form"].errors
    proposal.refresh_from_db()
    assert proposal.state == State.SUBMITTED


@pytest.mark.parametrize("number", ["0123", "123", "第123号", "１２３"])
def test_a_number_is_given_once_in_a_session_however_it_is_printed(number: str) -> None:
    world.make_proposal("0123")
    proposal = submitted()
    with pytest.raises(ValidationError, match="这个编号已被使用"):
        registering.register(proposal, number=number, on=TODAY)
    proposal.refresh_from_db()
    assert (proposal.state, kinds(proposal)) == (State.SUBMITTED, ["submitted"])
    other = world.make_session(14, 4)
    elsewhere = submitted()
    Proposal.objects.filter(pk=elsewhere.pk).update(session=other)
    registering.register(Proposal.objects.get(pk=elsewhere.pk), number=number, on=TODAY)


@pytest.mark.parametrize("number", ["12/34", "..", "0200 号", "A?1", "第号"])
def test_a_number_that_no_address_can_hold_is_refused(number: str) -> None:
    proposal = submitted()
    with pytest.raises(ValidationError):
        registering.register(proposal, number=number, on=TODAY)


def test_a_proposal_is_sent_back_with_a_ground_and_words(office) -> None:
    proposal = submitted()
    assert move(office, proposal, "send_back", ground="no_content", reason=" ").status_code == 200
    assert move(office, proposal, "send_back", ground="x", reason="无").status_code == 200
    proposal.refresh_from_db()
    assert proposal.state == State.SUBMITTED
    move(office, proposal, "send_back", ground="no_content", reason="没有具体建议。")
    proposal.refresh_from_db()
    assert proposal.state == State.SENT_BACK
    assert last_details(proposal) == {"ground": "no_content", "reason": "没有具体建议。"}


def test_a_proposal_is_turned_into_a_letter_with_its_reason(office) -> None:
    proposal = submitted()
    move(office, proposal, "convert", reason="反映个人问题，按代表来信办理。")
    proposal.refresh_from_db()
    assert proposal.state == State.CONVERTED
    assert kinds(proposal)[-1] == "converted"


@pytest.mark.parametrize("state", [State.SUBMITTED, State.REGISTERED])
def test_a_proposal_is_withdrawn_before_it_is_assigned(office, state: str) -> None:
    proposal = submitted()
    Proposal.objects.filter(pk=proposal.pk).update(state=state)
    move(office, proposal, "withdraw", reason="代表书面要求撤回。")
    proposal.refresh_from_db()
    assert proposal.state == State.WITHDRAWN
    assert last_details(proposal)["reason"] == "代表书面要求撤回。"


def test_a_proposal_is_merged_into_another_of_its_session(office) -> None:
    target = world.make_proposal("0100", state=State.REGISTERED)
    proposal = submitted()
    answer = move(office, proposal, "merge", number="0999")
    assert answer.context["form"].errors["number"]
    move(office, proposal, "merge", number="100")
    proposal.refresh_from_db()
    assert (proposal.state, proposal.merged_into) == (State.MERGED, target)
    assert last_details(proposal)["into"] == "0100"


def test_nothing_is_merged_into_itself_into_a_merged_one_or_into_another_session() -> None:
    target = world.make_proposal("0100", state=State.REGISTERED)
    merged, proposal = submitted(), submitted()
    registering.merge(merged, into=target, on=TODAY)
    elsewhere = world.make_proposal("0101", session=world.make_session(14, 4))
    for into in (proposal, merged, elsewhere, submitted()):
        with pytest.raises(ValidationError):
            registering.merge(proposal, into=into, on=TODAY)
    with pytest.raises(ValidationError):
        registering.merge(target, into=world.make_proposal("0102"), on=TODAY)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.merged_into) == (State.SUBMITTED, None)


BEFORE = [
    (registering.register, {"number": "0200"}, [State.SUBMITTED]),
    (registering.send_back, {"ground": "other", "reason": "无"}, [State.SUBMITTED]),
    (registering.convert, {"reason": "无"}, [State.SUBMITTED]),
    (
        registering.withdraw,
        {"reason": "无"},
        [State.COSIGNING, State.SUBMITTED, State.REGISTERED],
    ),
]


@pytest.mark.parametrize(
    ("make", "facts", "open_in"), BEFORE, ids=lambda x: getattr(x, "__name__", "")
)
def test_each_move_is_closed_in_every_other_state(make, facts, open_in) -> None:
    into = world.make_proposal("0100", state=State.REGISTERED)
    for state in set(State) - set(open_in):
        proposal = submitted()
        merged = into if state == State.MERGED else None
        Proposal.objects.filter(pk=proposal.pk).update(state=state, merged_into=merged)
        guard = getattr(registering, f"why_not_{make.__name__}")
        assert guard(Proposal.objects.get(pk=proposal.pk)), state
        # Even by somebody whose page is old: the row is read again under its lock.
        with pytest.raises(ValidationError):
            make(proposal, on=TODAY, **facts)
        assert kinds(proposal) == ["submitted"]


def test_a_day_before_it_was_submitted_is_refused() -> None:
    proposal = submitted()
    with pytest.raises(ValidationError):
        registering.register(proposal, number="0200", on=world.OPENED_ON - timedelta(days=1))


def test_a_key_proposal_has_its_committee_and_its_person(office) -> None:
    proposal = world.make_proposal()
    committee = world.make_office(Role.SUPERVISOR)
    move(office, proposal, "make_key", supervised_by=str(committee.pk), supervisor="李副主任")
    proposal.refresh_from_db()
    assert (proposal.is_key, proposal.supervised_by) == (True, committee)
    assert supervising.why_not_make_key(proposal)
    move(office, proposal, "unmake_key", reason="已办结。")
    proposal.refresh_from_db()
    assert (proposal.is_key, proposal.supervised_by, proposal.supervisor) == (False, None, "")
    assert kinds(proposal) == ["key_marked", "key_unmarked"]


def test_only_a_committee_of_the_assembly_can_be_named(office) -> None:
    proposal = world.make_proposal()
    bureau = world.make_department()
    answer = move(office, proposal, "make_key", supervised_by=str(bureau.pk))
    assert "supervised_by" in answer.context["form"].errors
    proposal.refresh_from_db()
    assert not proposal.is_key


def test_departments_are_urged_in_words_each_with_its_event(client: Client) -> None:
    proposal = world.make_proposal()
    parts = [
        world.make_assignment(proposal),
        world.make_assignment(
            proposal, department=world.make_department("云平市财政局"), role="co_handling"
        ),
    ]
    stranger = world.make_department("云平市水利局")
    client.force_login(world.make_member(Role.SUPERVISOR))
    answer = move(client, proposal, "nudge", departments=[str(stranger.pk)], message="请抓紧")
    assert answer.status_code == 200
    keys = [str(part.department_id) for part in parts]
    move(client, proposal, "nudge", departments=keys, message="请于月底前答复。")
    urged = proposal.events.filter(kind=Event.Kind.NUDGED)
    assert {event.department for event in urged} == {part.department for part in parts}
    assert {event.details["message"] for event in urged} == {"请于月底前答复。"}


def test_nobody_is_urged_about_what_is_closed_or_about_nothing(client: Client) -> None:
    part = world.make_assignment()
    client.force_login(world.make_member(Role.ASSIGNING_OFFICE))
    assert move(client, part, "nudge", message=" ").status_code == 200
    move(client, part, "nudge", message="请签收。")
    assert kinds(part.proposal) == ["nudged"]
    Proposal.objects.filter(pk=part.proposal_id).update(state=State.CLOSED)
    part.refresh_from_db()
    assert supervising.why_not_nudge_part(part)
    with pytest.raises(ValidationError):
        supervising.nudge_part(part, message="请签收。", on=TODAY)


MOVES = [
    ("register", {"number": "0200"}),
    ("send_back", {"ground": "other", "reason": "无"}),
    ("convert", {"reason": "无"}),
    ("merge", {"number": "0100"}),
    ("withdraw", {"reason": "无"}),
    ("make_key", {"supervised_by": "1"}),
    ("unmake_key", {"reason": "无"}),
]


@pytest.mark.parametrize(("name", "data"), MOVES, ids=[name for name, _data in MOVES])
@pytest.mark.parametrize("role", [role for role in STAFF if role != Role.DEPUTIES_OFFICE])
def test_nobody_but_the_deputies_office_decides_what_is_taken_on(
    client: Client, role: str, name: str, data: dict[str, str]
) -> None:
    proposal = world.make_proposal("0123", state=State.REGISTERED, is_key=name == "unmake_key")
    world.make_assignment(proposal)
    before = Proposal.objects.values().get(pk=proposal.pk)
    client.force_login(world.make_member(role))
    assert move(client, proposal, name, **data).status_code == 404
    assert Proposal.objects.values().get(pk=proposal.pk) == before
    assert not proposal.events.exists()


def test_the_office_of_another_assembly_is_refused(client: Client) -> None:
    proposal = submitted()
    other = world.make_department("临江市人大常委会代表工委", kind="deputies")
    world.make_assembly("linjiang").offices.add(other)
    client.force_login(world.make_member(Role.DEPUTIES_OFFICE, "stranger", department=other))
    assert move(client, proposal, "register", number="0200").status_code == 404
    assert client.get(change_address(proposal)).status_code in (302, 404)


def test_no_form_changes_what_moves_decide(client: Client) -> None:
    client.force_login(world.make_user("chief", is_superuser=True))
    proposal = world.make_proposal(state=State.REGISTERED)
    address = change_address(proposal)
    forged = {
        "state": "closed",
        "registered_on": "2020-01-01",
        "assign_by": "2020-01-01",
        "closed_on": "2020-01-01",
        "submitted_on": "2020-01-01",
        "is_key": "on",
        "supervisor": "某人",
        "merged_into": world.make_proposal("0124").pk,
        "disclosure": "proactive",
        "published_on": "2020-01-01",
    }
    before = Proposal.objects.values().get(pk=proposal.pk)
    client.post(address, filled_in(client, address, **forged, title="改了的标题"))
    after = Proposal.objects.values().get(pk=proposal.pk)
    changed = {name for name in before if before[name] != after[name]} - {"version"}
    assert changed == {"title"}


def test_a_withdrawn_proposal_leaves_the_public_at_once():
    proposal = world.make_proposal(state=State.REGISTERED)
    proposal.publish(on=world.PUBLISHED_ON)
    assert Client().get("/proposals/yunping/14-3/0123/").status_code == 200
    registering.withdraw(proposal, reason="代表书面撤回", on=world.PUBLISHED_ON)
    assert Client().get("/proposals/yunping/14-3/0123/").status_code == 404


def test_a_suggestion_is_not_entered_in_a_session_of_the_cppcc() -> None:
    cppcc = world.make_assembly("yunping-cppcc", kind="cppcc")
    proposal = Proposal(
        session=world.make_session(assembly=cppcc), kind=Proposal.Kind.SUGGESTION, title="建议"
    )
    with pytest.raises(ValidationError) as refused:
        proposal.full_clean()
    assert set(refused.value.message_dict) == {"kind"}
    proposal.kind = Proposal.Kind.CPPCC_PROPOSAL
    proposal.full_clean()
