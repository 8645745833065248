"""The desk: what waits for somebody, most urgent first, and nothing that is another's."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta

import pytest
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from access.rights import STAFF, Role
from assemblies.thresholds import thresholds
from clerkadmin import paging
from demo.accounts import CLERKS
from desk.kinds import KINDS
from desk.lateness import lateness, sees_departments
from desk.page import action_url, desk_of, headline, list_url, move_url
from desk.urging import late_of
from desk.waiting import COUNTED, SHOWN, Waiting, waiting_for
from intake.models import LetterDraft, LetterFile
from measures.models import Commitment, CommitmentFeedback
from notifications.models import Message
from proposals import closing
from proposals.models import (
    Assignment,
    CoHandlingOpinion,
    Contact,
    ExtensionRequest,
    Feedback,
    Proposal,
    Reply,
    ReturnRequest,
)
from tests.world import (
    make_assembly,
    make_assignment,
    make_commitment,
    make_department,
    make_deputy,
    make_feedback,
    make_member,
    make_office,
    make_proposal,
    make_reply,
    make_rules,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 1)


def waits(user) -> Waiting:
    return waiting_for(user, on=TODAY, lights=thresholds(on=TODAY))


def kinds(user) -> list[str]:
    return [row.kind.name for row in waits(user).rows]


def days(count: int) -> date:
    return TODAY + timedelta(days=count)


@pytest.fixture
def clerk():
    return make_member(Role.CLERK)


@pytest.fixture
def reviewer():
    return make_member(Role.REVIEWER)


@pytest.fixture
def office():
    return make_member(Role.ASSIGNING_OFFICE)


@pytest.fixture
def congress():
    return make_member(Role.DEPUTIES_OFFICE)


# What waits for a department --------------------------------------------------------------


def test_an_assignment_is_to_be_acknowledged_then_the_deputy_contacted_then_the_reply_written(
    clerk,
):
    part = make_assignment(due_on=days(30), return_by=days(3), contact_by=days(10))
    assert kinds(clerk) == ["acknowledge"]
    part.acknowledge(on=TODAY)
    assert kinds(clerk) == ["contact", "answer"]
    Contact.objects.create(
        proposal=part.proposal, department=part.department, method="phone", on=TODAY
    )
    assert kinds(clerk) == ["answer"]
    make_reply(part.proposal)
    assert kinds(clerk) == ["draft"]


def test_what_asks_to_be_returned_waits_for_the_office_and_not_for_the_department(clerk, congress):
    part = make_assignment()
    ReturnRequest.objects.create(assignment=part, asked_on=TODAY, reason="不属本局职责")
    assert kinds(clerk) == []
    assert kinds(congress) == ["return"]


def test_a_reply_goes_from_desk_to_desk(clerk, reviewer, office, congress):
    make_rules(office_audits=True)
    make_assignment(acknowledged_on=days(-50))
    reply = make_reply()
    seen = {
        Reply.State.DRAFTING: (["draft"], ["draft"], []),
        Reply.State.IN_REVIEW: ([], ["review"], []),
        Reply.State.IN_AUDIT: ([], [], ["audit"]),
        Reply.State.APPROVED: ([], ["sign"], []),
        Reply.State.SIGNED: ([], ["send"], []),
    }
    for state, desks in seen.items():
        Reply.objects.filter(pk=reply.pk).update(state=state)
        assert (kinds(clerk), kinds(reviewer), kinds(office)) == desks, state
    Reply.objects.filter(pk=reply.pk).update(state=Reply.State.SENT, sent_on=TODAY)
    assert (kinds(clerk), kinds(congress)) == ([], ["disclose"])
    # A letter of the past, for which nothing was proposed.
    reply.disclosure_decisions.all().delete()
    assert (kinds(clerk), kinds(congress)) == (["propose_disclosure"], ["disclose"])


def test_a_letter_on_its_way_is_due_when_its_assignment_is(clerk):
    make_assignment(acknowledged_on=days(-50), due_on=days(2))
    make_reply()
    assert waits(clerk).rows[0].due == days(2)


def test_in_a_second_round_the_new_date_counts(clerk):
    make_assignment(acknowledged_on=days(-50), round=2, redo_by=days(9), due_on=days(-9))
    row = waits(clerk).rows[0]
    assert (row.kind.name, row.due, row.round) == ("answer", days(9), 2)


def test_a_letter_that_answers_another_proposal_along_leaves_nothing_to_write(clerk):
    make_assignment(acknowledged_on=days(-50))
    along = make_proposal("0124")
    make_assignment(along, acknowledged_on=days(-50))
    reply = make_reply()
    reply.also_answers.add(along)
    assert sorted(kinds(clerk)) == ["answer", "draft"]
    Reply.objects.filter(pk=reply.pk).update(state=Reply.State.SENT, sent_on=TODAY)
    assert kinds(clerk) == []


def test_a_draft_that_was_sent_back_says_so_on_the_desk(clerk):
    make_assignment(acknowledged_on=days(-5), due_on=days(30))
    reply = make_reply()
    assert not waits(clerk).rows[0].state
    reply.submit(on=TODAY)
    reply.send_back(on=TODAY, reason="请补充数据来源。")
    row = waits(clerk).rows[0]
    assert (row.kind.name, row.state) == ("draft", "sent_back")


def test_opinions_are_written_by_one_department_and_accepted_by_the_other(clerk):
    make_assignment(acknowledged_on=days(-50), due_on=days(20))
    make_reply()
    finance = make_department("云平市财政局")
    helper = make_member(Role.CLERK, "helper", department=finance)
    part = make_assignment(department=finance, role="co_handling", acknowledged_on=days(-50))
    opinion = CoHandlingOpinion.objects.create(
        assignment=part, requested_on=days(-20), due_on=days(-2)
    )
    row = waits(helper).rows[0]
    assert (row.kind.name, row.who, row.is_overdue) == ("opinion", "市交通运输局", True)
    assert kinds(clerk) == ["draft"]
    CoHandlingOpinion.objects.filter(pk=opinion.pk).update(
        state="submitted", text="同意", submitted_on=TODAY
    )
    assert kinds(helper) == []
    assert sorted(kinds(clerk)) == ["accept", "draft"]


def test_a_promise_waits_when_its_date_is_near_past_or_disputed_and_not_before(clerk):
    reply = make_reply()
    Reply.objects.filter(pk=reply.pk).update(
        state=Reply.State.SENT, sent_on=TODAY, disclosure="withheld"
    )
    promise = make_commitment(reply, due_on=days(-3))
    assert waits(clerk).overdue == 1
    for due, state, wanted in (
        (days(30), Commitment.State.IN_PROGRESS, ["report"]),
        (days(300), Commitment.State.IN_PROGRESS, []),
        (days(300), Commitment.State.DISPUTED, ["report"]),
        (days(-3), Commitment.State.IMPOSSIBLE, []),
    ):
        Commitment.objects.filter(pk=promise.pk).update(due_on=due, state=state)
        assert kinds(clerk) == wanted, state


def test_a_promise_is_named_by_its_number_on_the_desk_of_who_enters_the_word(congress):
    reply = make_reply()
    Reply.objects.filter(pk=reply.pk).update(state=Reply.State.SENT, sent_on=TODAY)
    promise = make_commitment(reply, number=3)
    CommitmentFeedback.objects.create(
        commitment=promise, deputy=make_deputy(), cause="reported", asked_on=TODAY
    )
    assert ["承诺3"] in [row.meta for row in waits(congress).rows if row.kind.name == "word"]


def test_a_letter_that_was_read_in_waits_in_its_own_department_alone(clerk):
    letter = LetterFile.objects.create(name="letter.txt", sha256="a" * 64, text="函")
    LetterDraft.objects.create(letter_file=letter, name="letter.txt", department=make_department())
    finance = make_department("云平市财政局")
    other = make_member(Role.CLERK, "other", department=finance)
    assert kinds(clerk) == ["letter"]
    assert kinds(other) == []


def test_another_departments_work_is_on_nobody_elses_desk(clerk):
    finance = make_department("云平市财政局")
    make_assignment(department=finance)
    make_reply(department=finance)
    make_commitment(Reply.objects.get())
    assert kinds(clerk) == []


def test_a_message_waits_until_it_is_read_and_for_its_reader_alone(clerk, reviewer):
    Message.objects.create(recipient=clerk, kind="nudge", key="1", subject="请抓紧", text="…")
    assert kinds(clerk) == ["message"]
    assert kinds(reviewer) == []


# What waits for the offices ---------------------------------------------------------------


def test_the_offices_register_assign_decide_tell_rate_and_close(congress, office):
    proposal = make_proposal(state=Proposal.State.SUBMITTED, number="")
    assert (kinds(congress), kinds(office)) == (["register"], [])
    Proposal.objects.filter(pk=proposal.pk).update(state=Proposal.State.REGISTERED)
    assert (kinds(congress), kinds(office)) == ([], ["assign"])
    Proposal.objects.filter(pk=proposal.pk).update(state=Proposal.State.IN_HANDLING)
    part = make_assignment(proposal, due_on=days(4))
    asked = ExtensionRequest.objects.create(
        assignment=part, asked_on=TODAY, until=days(60), reason="需要调研"
    )
    assert kinds(congress) == ["extension"]
    ExtensionRequest.objects.filter(pk=asked.pk).update(decision="agreed", decided_on=TODAY)
    assert kinds(congress) == ["tell"]
    ExtensionRequest.objects.filter(pk=asked.pk).update(deputy_told_on=TODAY)
    reply = make_reply(proposal)
    Reply.objects.filter(pk=reply.pk).update(
        state=Reply.State.SENT, sent_on=TODAY, disclosure="withheld"
    )
    Proposal.objects.filter(pk=proposal.pk).update(state=Proposal.State.REPLIED)
    feedback = make_feedback(reply, due_on=days(14))
    row = waits(congress).rows[0]
    assert (row.kind.name, row.who, row.target) == ("rate", "林秀兰", reply.pk)
    Feedback.objects.filter(pk=feedback.pk).update(state=Feedback.State.NOT_RETURNED)
    assert kinds(congress) == ["close"]


def test_what_was_escalated_waits_for_the_office_until_it_is_handled_again_or_closed(congress):
    proposal = make_proposal(state=Proposal.State.REPLIED)
    make_assignment(proposal, due_on=days(-9))
    closing.escalate(proposal, reason="两次答复均不满意", on=days(-2), by=congress)
    row = waits(congress).rows[0]
    assert (row.kind.name, row.proposal, row.since) == ("escalated", proposal.pk, days(-2))
    again = {"departments": [make_department()], "reason": "面商后重办", "on": TODAY}
    closing.handle_again(proposal, **again, by=congress)
    assert kinds(congress) == []
    closing.escalate(proposal, reason="仍不满意", on=TODAY, by=congress)
    assert kinds(congress) == ["escalated"]
    closing.close(proposal, reason="已当面说明", on=TODAY, by=congress)
    assert kinds(congress) == []


def test_the_supervisor_finds_the_key_proposals_of_the_own_committee(office):
    supervisor = make_member(Role.SUPERVISOR)
    proposal = make_proposal(is_key=True, supervised_by=make_office(Role.SUPERVISOR))
    make_proposal("0124", is_key=True)
    make_assignment(proposal, due_on=days(3))
    rows = waits(supervisor).rows
    assert [(row.kind.name, row.proposal, row.due) for row in rows] == [
        ("key", proposal.pk, days(3))
    ]
    assert kinds(office) == []


def test_an_office_of_another_assembly_has_nothing_of_this_one():
    other = make_assembly("other")
    foreign = make_department("外市政府办", kind="assigning")
    other.offices.add(foreign)
    user = make_member(Role.ASSIGNING_OFFICE, "foreign", department=foreign)
    make_proposal(state=Proposal.State.REGISTERED)
    make_assignment(due_on=days(-5))
    assert kinds(user) == []
    assert lateness(user, on=TODAY) == []


def test_nothing_that_is_over_waits_for_anybody(clerk, reviewer, congress, office):
    """A part that ended, a proposal that was withdrawn, merged, closed or is not to be public."""
    ended = make_assignment(make_proposal("0701"), ended_on=days(-1))
    # Of a request that nobody decided before the part was over.
    ReturnRequest.objects.create(assignment=ended, asked_on=days(-3), reason="不属本局职责")
    ExtensionRequest.objects.create(
        assignment=ended, asked_on=days(-3), until=days(30), reason="需要调研"
    )
    for state in (Reply.State.DRAFTING, Reply.State.IN_REVIEW, Reply.State.APPROVED):
        make_reply(ended.proposal)
        Reply.objects.update(state=state)
        assert (kinds(clerk), kinds(reviewer)) == ([], []), state
    assert (kinds(congress), kinds(office)) == ([], [])
    for number, state in enumerate(Proposal.SETTLED):
        into = make_proposal() if state == Proposal.State.MERGED else None
        proposal = make_proposal(f"08{number:02}", state=state, merged_into=into)
        make_assignment(proposal)
        make_reply(proposal)
        sent = {"round": 2, "state": "sent", "sent_on": TODAY, "document_number": ""}
        make_feedback(make_reply(proposal, **sent))
    hidden = make_proposal("0900", state="replied", disclosure="withheld")
    letter = make_reply(hidden, state="sent", sent_on=TODAY, disclosure="undecided")
    withdrawn = make_proposal("0901", state=Proposal.State.WITHDRAWN)
    promised = make_reply(withdrawn, state="sent", sent_on=TODAY)
    make_commitment(promised, due_on=days(-1))
    Reply.objects.exclude(pk=letter.pk).update(disclosure="undecided")
    found = [(row.kind.name, row.number) for row in waits(congress).rows + waits(clerk).rows]
    over = {"0800", "0801", "0802", "0900", "0901"}
    assert [each for each in found if each[1] in over and each[0] not in DISCLOSED] == []
    assert [each for each in found if each[1] in ("0900", "0901")] == []


# What is closed or merged may still be shown to the public: that is still to be decided.
DISCLOSED = ("disclose", "propose_disclosure")


# Order, lights, counts --------------------------------------------------------------------


def test_the_most_urgent_comes_first_under_the_lights_of_the_rules_in_force(clerk):
    make_rules(yellow_days=20, red_days=7)
    for number, left in (("0001", 40), ("0002", 7), ("0003", 20), ("0004", -1)):
        make_assignment(make_proposal(number), due_on=days(left), acknowledged_on=days(-50))
    found = waits(clerk)
    assert [(row.number, row.section) for row in found.rows] == [
        ("0004", "now"),
        ("0002", "now"),
        ("0003", "soon"),
        ("0001", "later"),
    ]
    assert (found.count, found.overdue, found.soon) == (4, 1, 0)
    sections = desk_of(clerk, on=TODAY)["sections"]
    assert [section.name for section in sections] == ["now", "soon", "later"]


def test_beyond_what_is_shown_it_is_counted_and_beyond_that_no_more(clerk):
    make_many(SHOWN + 3, due_on=days(5))
    found = waits(clerk)
    assert len(found.rows) == SHOWN
    assert [(more.count, more.is_capped) for more in found.more] == [(SHOWN + 3, False)]
    assert found.count == SHOWN + 3
    make_many(COUNTED, start=1000, due_on=days(6))
    found = waits(clerk)
    assert [(more.count, more.is_capped) for more in found.more] == [(COUNTED, True)]
    assert f"{COUNTED}+" in headline(found)


def test_of_what_has_no_date_the_newest_is_shown_however_much_waits(congress):
    for number in range(COUNTED + 2):
        newest = make_proposal(f"{number:04}", state=Proposal.State.ESCALATED)
    found = waits(congress)
    assert found.is_capped and found.rows[0].proposal == newest.pk


def test_both_ways_of_cutting_off_a_list_give_the_same(clerk, office, monkeypatch):
    """One database cuts off the parts of a union, the other only what they are about."""
    make_many(COUNTED + 5, due_on=days(5))
    make_many(3, start=1000, due_on=days(-2))
    make_many(3, start=2000, due_on=None)
    make_commitment(make_reply(state="sent", sent_on=days(-9)), due_on=days(1))
    found = [waits(user) for user in (clerk, office)]
    assert found[0].is_capped and found[0].overdue == 3

    monkeypatch.setattr(connection.features, "supports_slicing_ordering_in_compound", False)

    assert [waits(user) for user in (clerk, office)] == found


def make_many(count: int, *, start: int = 1, **fields: object) -> None:
    session = make_proposal().session
    proposals = Proposal.objects.bulk_create(
        Proposal(
            session=session,
            number=f"{number:05}",
            number_key=str(number),
            kind="suggestion",
            title=f"关于第{number}件事的建议",
            state=Proposal.State.IN_HANDLING,
        )
        for number in range(start, start + count)
    )
    Assignment.objects.bulk_create(
        Assignment(
            proposal=proposal,
            department=make_department(),
            role="lead",
            assigned_on=days(-80),
            acknowledged_on=days(-70),
            **fields,
        )
        for proposal in proposals
    )


def test_nothing_to_do_is_said(client, clerk):
    client.force_login(clerk)
    response = client.get(reverse("admin:index"))
    assert response.context["headline"] == headline(Waiting((), (), 0, 0, 0, False))


def test_what_a_person_did_last_is_told_to_that_person_alone(client, clerk, reviewer):
    make_assignment()
    LogEntry.objects.log_actions(clerk.pk, Assignment.objects.all(), CHANGE, "签收了它")
    for user, told in ((clerk, True), (reviewer, False)):
        client.force_login(user)
        assert ("签收了它" in client.get(reverse("admin:index")).content.decode()) is told


# Departments and their lateness -----------------------------------------------------------


def test_the_office_sees_departments_with_what_is_late_and_what_was_kept(office, clerk):
    make_assignment(due_on=days(-5), acknowledged_on=days(-50))
    make_assignment(make_proposal("0124"), due_on=days(9), acknowledged_on=days(-50))
    sent = make_proposal("0125")
    make_assignment(sent, due_on=days(-9), acknowledged_on=days(-50))
    Reply.objects.filter(pk=make_reply(sent).pk).update(state=Reply.State.SENT, sent_on=days(-10))
    finance = make_department("云平市财政局")
    helper = make_assignment(department=finance, role="co_handling")
    CoHandlingOpinion.objects.create(assignment=helper, requested_on=days(-20), due_on=days(-2))
    make_commitment(Reply.objects.get(), due_on=days(-1))
    rows = {row.name: row for row in lateness(office, on=TODAY)}
    own = rows["市交通运输局"]
    assert (own.open, own.replies, own.promises, own.next_due) == (2, 1, 1, days(9))
    assert (own.on_time, own.answered, own.share) == (1, 1, 100)
    assert (rows["市财政局"].opinions, rows["市财政局"].open) == (1, 0)
    assert not sees_departments(clerk)


def test_urging_is_one_click_for_who_may(client, office, clerk):
    late = timezone.localdate() - timedelta(days=5)
    part = make_assignment(due_on=late, acknowledged_on=days(-50))
    client.force_login(office)
    (department,) = client.get(reverse("admin:index")).context["departments"]
    answer = client.get(department["urge"], follow=True)
    assert answer.status_code == 200
    assert answer.redirect_chain == [(move_url(Assignment, "nudge", [part.pk]), 302)]
    client.force_login(clerk)
    assert client.get(department["urge"]).status_code == 404


def test_who_is_late_with_an_opinion_or_a_promise_is_urged_too(office):
    proposal = make_proposal(state=Proposal.State.TRACKING)
    lead = make_assignment(proposal, due_on=days(-40))
    promise = make_commitment(make_reply(proposal), due_on=days(-1))
    finance = make_department("云平市财政局")
    helper = make_assignment(make_proposal("0124"), department=finance, role="co_handling")
    CoHandlingOpinion.objects.create(assignment=helper, requested_on=days(-20), due_on=days(-2))
    assert list(late_of(finance.pk, office, on=TODAY)) == [helper]
    assert list(late_of(lead.department_id, office, on=TODAY)) == []
    Reply.objects.filter(pk=promise.reply_id).update(state=Reply.State.SENT, sent_on=TODAY)
    assert list(late_of(lead.department_id, office, on=TODAY)) == [lead]


def test_a_department_late_with_what_it_has_no_part_in_leads_to_its_promises(client, office):
    promise = make_commitment(due_on=timezone.localdate() - timedelta(days=1))
    Reply.objects.filter(pk=promise.reply_id).update(state=Reply.State.SENT, sent_on=TODAY)
    client.force_login(office)
    (department,) = client.get(reverse("admin:index")).context["departments"]
    assert client.get(department["urge"]).url == department["urls"]["promises"]


def test_each_number_of_a_department_leads_to_exactly_its_rows(client, office):
    today = timezone.localdate()
    make_world_of_lateness(today)
    client.force_login(office)
    departments = client.get(reverse("admin:index")).context["departments"]
    assert len(departments) == 2
    sums: Counter[str] = Counter()
    for department in departments:
        row, urls = department["row"], department["urls"]
        numbers = {
            "open": row.open,
            "replies": row.replies,
            "opinions": row.opinions,
            "promises": row.promises,
            "answered": row.answered,
            "in_time": row.on_time,
        }
        for name, count in numbers.items():
            listed = client.get(urls[name]).context["cl"]
            assert listed.result_count == count, (row.name, name)
            of = {"opinions": "assignment__department_id", "promises": "lead_department_id"}
            keys = set(listed.queryset.values_list(of.get(name, "department_id"), flat=True))
            assert keys <= {row.department}, (row.name, name)
        sums.update(numbers)
    assert sums == {
        "open": 4, "replies": 2, "opinions": 1, "promises": 1, "answered": 2, "in_time": 1
    }  # fmt: skip


def make_world_of_lateness(today: date) -> None:
    """Two departments with one of everything, and beside it what must not be counted."""

    def at(left: int) -> date:
        return today + timedelta(days=left)

    finance = make_department("云平市财政局")
    for number, facts in enumerate(
        (
            {"due_on": at(-5)},
            {"due_on": at(9)},
            {"due_on": at(-9), "department": finance},
            {"due_on": at(3), "department": finance, "extended_to": at(20)},
            # Ended, or of a proposal that is over.
            {"due_on": at(-9), "ended_on": at(-1)},
        )
    ):
        make_assignment(make_proposal(f"02{number:02}"), assigned_on=at(-100), **facts)
    for number, state in enumerate(("withdrawn", "merged", "closed")):
        into = make_proposal() if state == "merged" else None
        over = make_proposal(f"03{number:02}", state=state, merged_into=into)
        make_assignment(over, assigned_on=at(-100), due_on=at(-5))
    for number, sent in (("0401", -10), ("0402", -1)):
        proposal = make_proposal(number)
        make_assignment(proposal, assigned_on=at(-100), due_on=at(-5))
        Reply.objects.filter(pk=make_reply(proposal).pk).update(state="sent", sent_on=at(sent))
    letter = Reply.objects.get(proposal__number="0401")
    make_commitment(letter, due_on=at(-1))
    make_commitment(letter, due_on=at(1))
    make_commitment(letter, due_on=at(-1), state="explained")
    # A promise of a letter that nobody has sent.
    make_commitment(make_reply(make_proposal("0500"), state="approved"), due_on=at(-1))
    for number, facts in (("0601", {}), ("0602", {"ended_on": at(-1)})):
        part = make_assignment(
            make_proposal(number), department=finance, role="co_handling", **facts
        )
        CoHandlingOpinion.objects.create(assignment=part, requested_on=at(-9), due_on=at(-2))


# The administrator ------------------------------------------------------------------------


def test_the_administrator_is_told_of_missing_holidays_rules_clerks_and_places(client):
    administrator = make_member(Role.ADMINISTRATOR)
    make_department()
    cares = desk_of(administrator, on=date(2026, 11, 22))["cares"]
    urls = [care.url for care in cares]
    for name in ("assemblies_holidayyear", "assemblies_handlingrules", "departments_clerk"):
        assert reverse(f"admin:{name}_changelist") in urls
    client.force_login(administrator)
    for url in urls:
        assert client.get(url).status_code == 200
    assert desk_of(make_member(Role.CLERK), on=TODAY)["cares"] == []


# Each button leads somewhere, in so many queries ------------------------------------------


@pytest.fixture
def demo():
    call_command("demo", verbosity=0)


def test_every_button_and_link_of_the_demos_desks_leads_to_its_page(
    demo, client, django_user_model
):
    seen = set()
    for username in CLERKS:
        user = django_user_model.objects.get(username=username)
        client.force_login(user)
        response = client.get(reverse("admin:index"))
        for section in response.context["sections"]:
            for line in section.lines:
                kind = line.row.kind.name
                if (username, kind) in seen:
                    continue
                seen.add((username, kind))
                answer = client.get(action_url(line.row))
                assert answer.status_code == 200, (username, kind)
                # Where the button leads to a move, it is open for this row.
                if line.row.kind.does:
                    assert not [why for _row, why, *_doubts in answer.context["rows"] if why], kind
                assert client.get(line.subject_url).status_code == 200, (username, kind)
        for url in re.findall(r'href="(/admin/[^"#]*)', response.content.decode()):
            answer = client.get(url.replace("&amp;", "&"), follow=True)
            assert answer.status_code == 200, (username, url)
            assert "e=1" not in answer.request["QUERY_STRING"], url


def test_each_list_of_a_kind_takes_its_filter(client, django_user_model):
    """Django answers a filter that it does not know with a redirect."""
    user = django_user_model.objects.create_superuser("root", password="x")
    client.force_login(user)
    for kind in KINDS:
        assert client.get(list_url(kind)).status_code == 200, kind.name


@pytest.mark.parametrize("role", STAFF)
def test_the_desk_asks_as_often_for_thirty_rows_as_for_ten_and_at_most_twelve_times(role):
    user = make_member(role)
    client = Client()
    client.force_login(user)
    counts = []
    for start in (1, 100, 200):
        fill(start)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("admin:index")).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] == counts[2] <= 12, counts


def fill(start: int) -> None:
    """Ten proposals in every stage, with what hangs on them."""
    states = Proposal.State
    make_many(10, start=start, due_on=timezone.localdate() + timedelta(days=3))
    newest = Proposal.objects.order_by("-pk")[:10]
    for number, proposal in enumerate(newest):
        if number % 3 == 0:
            reply = make_reply(proposal, state=list(Reply.State)[number % 5])
            make_commitment(reply)
            make_feedback(reply)
        else:
            proposal.state = (states.SUBMITTED, states.REGISTERED)[number % 2]
            proposal.save()


@pytest.mark.parametrize("role", STAFF)
def test_every_list_opens_in_at_most_twelve_queries_however_long(role):
    client = Client()
    client.force_login(make_member(role))
    fill(1)
    before = queries_of_lists(client)
    fill(100)
    assert queries_of_lists(client) == before
    assert max(before.values()) <= 12, before


def queries_of_lists(client: Client) -> dict[str, int]:
    """How often each list asks, of those that are the person's."""
    counts = {}
    for model in admin.site._registry:
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        address = reverse(f"admin:{name}_changelist")
        with CaptureQueriesContext(connection) as captured:
            response = client.get(address)
        if response.status_code == 200:
            counts[name] = len(captured)
    return counts


def test_a_list_counts_no_further_than_a_thousand(client, office, monkeypatch):
    monkeypatch.setattr(paging, "COUNTED", 20)
    make_many(21)
    client.force_login(office)
    page = client.get(reverse("admin:proposals_assignment_changelist")).content.decode()
    assert re.search(r"<span>20\+ ", page)
