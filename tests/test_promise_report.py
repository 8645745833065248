"""Reporting on a promise: one button, by the department that keeps it, with evidence."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from access.rights import Role
from tests import world
from tests.admin_pages import change_address, kinds, move

pytestmark = pytest.mark.django_db
PAPER = b"%PDF-1.4 a paper"


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def clerk() -> Client:
    client = Client()
    client.force_login(world.make_member(Role.CLERK))
    return client


def test_a_promise_is_reported_kept_with_a_paper(clerk, tmp_path) -> None:
    promise = world.make_sent_promise()
    facts = {"state": "fulfilled", "evidence_file": SimpleUploadedFile("验收.pdf", PAPER)}
    assert move(clerk, promise, "report", **facts).status_code == 302
    update = promise.updates.get()
    assert (update.author, update.entered_by.username) == ("department", Role.CLERK)
    assert (tmp_path / update.evidence_file.name).read_bytes() == PAPER
    # Nobody guesses where it is, nor reads there what it is called.
    assert "验收" not in update.evidence_file.name
    promise.refresh_from_db()
    assert (promise.state, promise.kept_on) == ("fulfilled", date(2026, 6, 1))
    assert kinds(promise.reply.proposal)[-2:] == ["promise_updated", "promise_asked"]


def test_the_page_names_who_reported_and_leads_to_nothing_that_is_closed(clerk) -> None:
    promise = world.make_sent_promise()
    facts = {"state": "fulfilled", "evidence_file": SimpleUploadedFile("验收.pdf", PAPER)}
    move(clerk, promise, "report", **facts)
    update = promise.updates.get()
    page = clerk.get(change_address(promise)).content.decode()
    assert reverse("admin:auth_user_change", args=[update.entered_by.pk]) not in page
    assert f'<a href="{update.evidence_file.url}">' in page
    assert f">{update.evidence_file.name}<" not in page


@pytest.mark.parametrize("name", ["a.html", "a.svg", "a.exe", "a.pdf.js", "noending"])
def test_files_that_act_are_not_taken(clerk, name) -> None:
    promise = world.make_sent_promise()
    file = SimpleUploadedFile(name, PAPER)
    assert move(clerk, promise, "report", state="fulfilled", evidence_file=file).status_code == 200
    assert not promise.updates.exists()


def test_files_have_the_limit_of_letters(clerk, settings) -> None:
    settings.LETTER_MAX_BYTES = len(PAPER) - 1
    promise = world.make_sent_promise()
    file = SimpleUploadedFile("a.pdf", PAPER)
    assert move(clerk, promise, "report", state="fulfilled", evidence_file=file).status_code == 200
    assert not promise.updates.exists()


@pytest.mark.parametrize(
    ("state", "facts"),
    [
        ("rescheduled", {"text": "雨季停工"}),
        ("rescheduled", {"due_on": "2027-06-30"}),
        ("carried_over", {}),
        ("impossible", {}),
        ("fulfilled", {}),
        ("in_progress", {"due_on": "2030-01-01", "text": "推进中"}),
        ("confirmed", {"text": "已建成"}),
        ("disputed", {"text": "没有建成"}),
    ],
)
def test_what_a_report_needs_is_asked_and_what_is_the_deputys_is_refused(
    clerk, state, facts
) -> None:
    promise = world.make_sent_promise()
    assert move(clerk, promise, "report", state=state, **facts).status_code == 200
    promise.refresh_from_db()
    assert (promise.state, promise.updates.count()) == ("recorded", 0)


def test_a_promise_is_put_off_with_its_reason_and_new_date(clerk) -> None:
    promise = world.make_sent_promise()
    facts = {"text": "雨季停工", "due_on": "2027-06-30"}
    assert move(clerk, promise, "report", state="rescheduled", **facts).status_code == 302
    promise.refresh_from_db()
    assert (promise.state, promise.due_on) == ("rescheduled", date(2027, 6, 30))


def test_a_promise_of_a_letter_that_is_not_sent_is_not_reported_on() -> None:
    promise = world.make_commitment()
    assert promise.why_not_report()
    with pytest.raises(ValidationError):
        promise.report("in_progress", on=world.SENT_ON, text="x")


def test_after_the_deputy_has_confirmed_nothing_is_left_to_report() -> None:
    promise = world.make_sent_promise()
    promise.report("fulfilled", on=world.SENT_ON, text="已建成")
    promise.report("confirmed", on=world.SENT_ON, author="deputy")
    with pytest.raises(ValidationError):
        promise.report("in_progress", on=world.SENT_ON, text="x")


def test_only_the_department_that_keeps_it_reports() -> None:
    finance = world.make_department("云平市财政局")
    promise = world.make_sent_promise(lead_department=finance)
    keeper, other, office = Client(), Client(), Client()
    keeper.force_login(world.make_member(Role.CLERK, "zhou", department=finance))
    school = world.make_department("云平市教育局")
    other.force_login(world.make_member(Role.CLERK, "qian", department=school))
    office.force_login(world.make_member(Role.DEPUTIES_OFFICE))
    facts = {"state": "in_progress", "text": "已安排资金"}
    for stranger in (other, office):
        assert move(stranger, promise, "report", **facts).status_code == 404
    assert move(keeper, promise, "report", **facts).status_code == 302
    page = keeper.get(change_address(promise)).content.decode()
    assert reverse("admin:measures_commitment_move", args=["report"]) in page
