"""Every date of the admin says how many days are left, and whether it is certain."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from access.rights import Role
from desk.waiting import waiting_for
from proposals.models import (
    Assignment,
    CoHandlingOpinion,
    Decision,
    ExtensionRequest,
    Feedback,
    ReturnRequest,
)
from tests.world import (
    SENT_ON,
    make_assignment,
    make_commitment,
    make_deputy,
    make_member,
    make_proposal,
    make_reply,
    make_rules,
)

pytestmark = pytest.mark.django_db


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def shown(client: Client, role: str, model: str) -> str:
    client.force_login(make_member(role))
    answer = client.get(reverse(f"admin:{model}_changelist"))
    assert answer.status_code == 200
    return answer.text


def page(client: Client, role: str, row) -> str:
    client.force_login(make_member(role))
    name = row._meta.label_lower.replace(".", "_")
    answer = client.get(reverse(f"admin:{name}_change", args=[row.pk]))
    assert answer.status_code == 200
    return answer.text


def test_a_reply_that_is_late_says_so_in_the_list_and_on_its_page(client):
    part = make_assignment(due_on=in_days(-2), assigned_on=in_days(-90))

    for text in (
        shown(client, Role.CLERK, "proposals_assignment"),
        page(client, Role.CLERK, part),
    ):
        assert "light-over" in text
        assert f'datetime="{in_days(-2).isoformat()}"' in text


def test_the_rules_of_the_assembly_say_when_a_date_is_red(client):
    make_rules(yellow_days=40, red_days=20)
    make_assignment(due_on=in_days(18), assigned_on=in_days(-50))

    assert "light-now" in shown(client, Role.CLERK, "proposals_assignment")


def test_what_is_answered_has_its_date_without_a_light(client):
    make_assignment(due_on=in_days(-2), assigned_on=in_days(-90))
    make_reply(state="sent", sent_on=in_days(-10))

    text = shown(client, Role.CLERK, "proposals_assignment")

    assert f'datetime="{in_days(-2).isoformat()}"' in text
    assert "light-over" not in text


def test_after_an_extension_the_later_date_has_the_light(client):
    part = make_assignment(due_on=in_days(-2), extended_to=in_days(4), assigned_on=in_days(-90))

    assert "light-over" not in shown(client, Role.CLERK, "proposals_assignment")
    assert "light-now" in page(client, Role.CLERK, part)


def test_a_time_for_returning_that_is_over_is_no_delay(client):
    part = make_assignment(return_by=in_days(-30), due_on=in_days(60), assigned_on=in_days(-40))

    assert "light-over" not in page(client, Role.CLERK, part)


def test_a_date_over_a_year_not_announced_says_so(client):
    part = make_assignment(
        return_by=in_days(6),
        due_on=in_days(60),
        assigned_on=in_days(-1),
        unannounced="return_by",
    )

    assert page(client, Role.CLERK, part).count("not-announced") == 1


def test_the_desk_says_so_too():
    make_assignment(
        return_by=in_days(6), due_on=in_days(60), assigned_on=in_days(-1), unannounced="return_by"
    )
    user = make_member(Role.CLERK)

    (row,) = waiting_for(user, on=timezone.localdate(), lights={}).rows

    assert not row.is_certain


@pytest.mark.parametrize("days", [3, -3])
def test_every_list_shows_its_dates_so(client, days):
    look = "light-now" if days > 0 else "light-over"
    due = in_days(days)
    part = make_assignment(
        role=Assignment.Role.CO_HANDLING, due_on=in_days(90), assigned_on=in_days(-30)
    )
    CoHandlingOpinion.objects.create(assignment=part, requested_on=in_days(-30), due_on=due)
    for kind, facts in ((ReturnRequest, {}), (ExtensionRequest, {"until": in_days(120)})):
        asked = {"asked_on": in_days(-20), "reason": "职责不符", "decision": Decision.PENDING}
        kind.objects.create(assignment=part, decide_by=due, **asked, **facts)
    reply = make_reply(make_proposal("0200"), state="sent", sent_on=SENT_ON, publish_by=due)
    Feedback.objects.create(reply=reply, deputy=make_deputy(), due_on=due)
    make_commitment(reply, due_on=due)

    for role, model in (
        (Role.CLERK, "proposals_cohandlingopinion"),
        (Role.DEPUTIES_OFFICE, "proposals_returnrequest"),
        (Role.DEPUTIES_OFFICE, "proposals_extensionrequest"),
        (Role.DEPUTIES_OFFICE, "proposals_reply"),
        (Role.DEPUTIES_OFFICE, "proposals_feedback"),
        (Role.CLERK, "measures_commitment"),
    ):
        assert look in shown(client, role, model), model


def test_a_sheet_holds_the_dates_as_dates(client):
    make_assignment(due_on=date(2026, 5, 27))
    client.force_login(make_member(Role.CLERK))

    answer = client.get(reverse("admin:proposals_assignment_export", args=["csv"]))

    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "2026-05-27" in text
    assert "<" not in text


def test_lists_ask_no_more_for_more_rows(client):
    client.force_login(make_member(Role.ASSIGNING_OFFICE))
    address = reverse("admin:proposals_assignment_changelist")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return len(captured)

    for number in range(3):
        make_assignment(make_proposal(f"{number:04}"))
    queries()
    few = queries()
    for number in range(3, 20):
        make_assignment(make_proposal(f"{number:04}"))

    assert queries() == few <= 12
