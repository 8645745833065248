"""Is a promise kept? The deputies are asked, each answers, and what it comes to is counted."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from access.rights import Role
from assemblies.models import Period
from measures import verdicts
from measures.models import Commitment, CommitmentFeedback, CommitmentUpdate
from proposals import closing, rating
from proposals.models import Event, Proposal
from tests import world
from tests.admin_pages import change_address, kinds, move
from tests.deputy_world import make_desk, signed_in

pytestmark = pytest.mark.django_db
REPORTED = date(2026, 9, 1)
ANSWERED = date(2026, 9, 10)
PAPER = b"%PDF-1.4 signed"
State = CommitmentFeedback.State


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def promise() -> Commitment:
    """Sent to two deputies who both rate; a word on a promise is due within 15 days."""
    rules = world.make_rules(every_deputy_rates=True)
    step = {"step": "commitment_feedback", "start": "reported", "count": 15, "unit": "day"}
    Period.objects.create(rules=rules, **step)
    world.make_sponsorship(world.make_proposal())
    return world.make_sent_promise()


def fulfilled(promise: Commitment, *, on: date = REPORTED) -> CommitmentUpdate:
    return promise.report("fulfilled", on=on, text="已建成20座")


def question(promise: Commitment, name: str = "林秀兰") -> CommitmentFeedback:
    return promise.feedback.filter(deputy__name=name).order_by("-pk")[0]


def say(promise: Commitment, kept: bool, name: str = "林秀兰", **facts) -> CommitmentUpdate:
    facts.setdefault("on", ANSWERED)
    facts.setdefault("reason", "" if kept else "东门一侧还没有建")
    return verdicts.answer(question(promise, name), kept=kept, **facts)


def standing(promise: Commitment) -> tuple[str, date | None]:
    row = Commitment.objects.get(pk=promise.pk)
    return row.state, row.kept_on


def test_a_promise_reported_as_settled_is_asked_about_by_a_date(promise) -> None:
    fulfilled(promise)
    asked = list(promise.feedback.order_by("deputy__name"))
    assert {each.deputy.name for each in asked} == {"林秀兰", "周建国"}
    assert {each.cause for each in asked} == {"reported"}
    assert {(each.asked_on, each.due_on) for each in asked} == {
        (REPORTED, REPORTED + timedelta(days=15))
    }
    assert kinds(promise.reply.proposal)[-2:] == ["promise_updated", "promise_asked"]


@pytest.mark.parametrize("state", ["impossible", "explained"])
def test_one_that_was_given_up_is_asked_about_and_progress_is_not(promise, state) -> None:
    promise.report("in_progress", on=REPORTED, text="已开工")
    assert not promise.feedback.exists()
    promise.report(state, on=REPORTED, text="地下管线不允许")
    assert promise.feedback.count() == 2


def test_without_a_period_in_the_rules_the_question_stays_open() -> None:
    promise = world.make_sent_promise()
    fulfilled(promise)
    assert question(promise).due_on is None
    say(promise, True, on=date(2026, 11, 1))
    assert standing(promise)[0] == "confirmed"


def test_where_the_lead_alone_rates_the_lead_alone_is_asked(promise) -> None:
    promise.reply.proposal.rules(on=world.SENT_ON).__class__.objects.update(
        every_deputy_rates=False
    )
    fulfilled(promise)
    assert [each.deputy.name for each in promise.feedback.all()] == ["林秀兰"]


def test_the_lead_says_kept_and_it_is_confirmed_from_the_reported_day(promise) -> None:
    fulfilled(promise)
    update = say(promise, True)
    assert standing(promise) == ("confirmed", REPORTED)
    assert (update.author, update.state) == ("deputy", "confirmed")
    assert kinds(promise.reply.proposal)[-1] == "promise_confirmed"


def test_a_co_sponsors_word_alone_confirms_nothing(promise) -> None:
    fulfilled(promise)
    say(promise, True, "周建国")
    assert standing(promise) == ("fulfilled", REPORTED)
    say(promise, True)
    assert standing(promise) == ("confirmed", REPORTED)


@pytest.mark.parametrize("first", ["林秀兰", "周建国"])
def test_one_who_was_asked_says_not_kept_and_it_is_disputed(promise, first) -> None:
    fulfilled(promise)
    second = ({"林秀兰", "周建国"} - {first}).pop()
    with pytest.raises(ValidationError):
        say(promise, False, first, reason=" ")
    update = say(promise, False, first)
    say(promise, True, second)
    assert standing(promise) == ("disputed", None)
    assert (update.author, update.text) == ("deputy", "东门一侧还没有建")
    assert "promise_disputed" in kinds(promise.reply.proposal)
    assert Commitment.objects.open().filter(pk=promise.pk).exists()


def test_an_answer_is_changed_until_its_time_is_over(promise) -> None:
    fulfilled(promise)
    say(promise, False)
    last = question(promise).due_on
    say(promise, True, on=last)
    assert standing(promise) == ("confirmed", REPORTED)
    assert question(promise).state == "confirmed"
    with pytest.raises(ValidationError):
        say(promise, False, on=last + timedelta(days=1))
    assert promise.updates.filter(author="deputy").count() == 2


def test_an_answer_stays_once_the_department_has_reported_again(promise) -> None:
    fulfilled(promise)
    before = say(promise, False)
    promise.refresh_from_db()
    fulfilled(promise, on=ANSWERED)
    old = CommitmentFeedback.objects.get(update=before)
    with pytest.raises(ValidationError):
        verdicts.answer(old, kept=True, on=ANSWERED)
    new = question(promise)
    assert (new.state, new.asked_on) == (State.AWAITED, ANSWERED)
    # What was said of the report before counts no more.
    say(promise, True)
    assert standing(promise) == ("confirmed", ANSWERED)


def test_a_report_gives_who_has_not_answered_the_whole_time_again(promise) -> None:
    fulfilled(promise)
    promise.report("impossible", on=ANSWERED, text="地下管线不允许")
    assert promise.feedback.count() == 2
    assert question(promise).due_on == ANSWERED + timedelta(days=15)


def test_who_accepts_that_it_was_given_up_has_not_made_it_kept(promise) -> None:
    promise.report("impossible", on=REPORTED, text="地下管线不允许")
    say(promise, True)
    assert standing(promise) == ("impossible", None)
    say(promise, False)
    assert standing(promise) == ("disputed", None)


def test_when_its_date_has_passed_without_a_report_it_is_asked_about_once(promise) -> None:
    late = promise.due_on + timedelta(days=1)
    assert verdicts.ask_as_due(promise, on=promise.due_on) == []
    assert len(verdicts.ask_as_due(promise, on=late)) == 2
    assert verdicts.ask_as_due(promise, on=late) == []
    assert kinds(promise.reply.proposal).count("promise_asked") == 1
    assert {each.cause for each in promise.feedback.all()} == {"due"}


def test_a_promise_that_fell_due_is_kept_from_the_day_the_deputy_says_so(promise) -> None:
    Commitment.objects.filter(pk=promise.pk).update(due_on=date(2026, 8, 31))
    promise.refresh_from_db()
    verdicts.ask_as_due(promise, on=REPORTED)
    say(promise, True)
    assert standing(promise) == ("confirmed", ANSWERED)


def test_who_is_asked_again_when_its_date_has_passed_can_think_otherwise(promise) -> None:
    Commitment.objects.update(due_on=ANSWERED + timedelta(days=1))
    fulfilled(promise)
    say(promise, False)
    first, day = question(promise), ANSWERED + timedelta(days=2)
    assert verdicts.ask_as_due(promise, on=day)
    assert standing(promise) == ("disputed", None)
    # What was said to the first question is overtaken, and is not changed any more.
    with pytest.raises(ValidationError):
        verdicts.answer(first, kept=True, on=day)
    say(promise, True, on=day)
    assert standing(promise) == ("confirmed", REPORTED)


def test_silence_is_written_down_and_never_taken_for_kept(promise) -> None:
    fulfilled(promise)
    asked = question(promise)
    with pytest.raises(ValidationError):
        verdicts.not_answered(asked, on=asked.due_on)
    verdicts.not_answered(asked, on=asked.due_on + timedelta(days=1))
    asked.refresh_from_db()
    assert asked.state == State.NOT_RETURNED
    assert standing(promise) == ("fulfilled", REPORTED)
    assert kinds(promise.reply.proposal)[-1] == "promise_unanswered"
    with pytest.raises(ValidationError):
        verdicts.not_answered(asked, on=asked.due_on + timedelta(days=2))


def test_nobody_answers_before_being_asked(promise) -> None:
    fulfilled(promise)
    with pytest.raises(ValidationError):
        say(promise, True, on=REPORTED - timedelta(days=1))


def test_a_proposal_is_not_closed_while_a_word_is_awaited_but_with_a_reason(promise) -> None:
    proposal = promise.reply.proposal
    fulfilled(promise)
    assert any("2" not in str(doubt) for doubt in closing.doubts_of_closing(proposal))
    with pytest.raises(ValidationError):
        closing.close(proposal, on=ANSWERED)
    say(promise, True)
    say(promise, True, "周建国")
    assert closing.doubts_of_closing(proposal) == []
    closing.close(proposal, on=ANSWERED)


def test_a_rated_proposal_waits_for_the_word_on_its_promise(promise) -> None:
    fulfilled(promise)
    for name in ("林秀兰", "周建国"):
        rating.rate(
            promise.reply,
            deputy=world.make_deputy(name),
            result=world.make_rating("满意"),
            on=ANSWERED,
        )
    assert Proposal.objects.get().state == Proposal.State.TRACKING


def test_the_office_enters_the_signed_form_with_its_scan(promise, client) -> None:
    fulfilled(promise, on=date(2026, 5, 25))
    client.force_login(world.make_member(Role.DEPUTIES_OFFICE))
    asked = question(promise)
    page = client.get(change_address(asked)).content.decode()
    assert "move/answer/" in page
    bare = {"word": "not_kept", "on_paper": "on"}
    assert move(client, asked, "answer", **bare).status_code == 200
    acting = {**bare, "reason": "没有建", "scan": SimpleUploadedFile("a.html", PAPER)}
    assert move(client, asked, "answer", **acting).status_code == 200
    facts = {**bare, "reason": "没有建", "scan": SimpleUploadedFile("签字.pdf", PAPER)}
    assert move(client, asked, "answer", **facts).status_code == 302
    asked.refresh_from_db()
    assert (asked.state, asked.on_paper, asked.update.text) == ("disputed", True, "没有建")
    assert asked.entered_by.username == Role.DEPUTIES_OFFICE
    assert asked.scan.read() == PAPER
    assert "签字" not in asked.scan.name


def test_nobody_else_enters_a_word(promise) -> None:
    fulfilled(promise)
    for role in (Role.CLERK, Role.REVIEWER, Role.ASSIGNING_OFFICE, Role.SUPERVISOR):
        other = Client()
        other.force_login(world.make_member(role))
        answer = move(other, question(promise), "answer", word="kept")
        assert answer.status_code == 404, role
    assert question(promise).state == State.AWAITED


def test_a_signed_form_is_for_the_offices_and_its_deputy_alone(promise) -> None:
    fulfilled(promise)
    lin, zhou = make_desk(), make_desk("周建国")
    say(promise, True, scan=SimpleUploadedFile("签字.pdf", PAPER), on_paper=True)
    feedback = world.make_feedback(promise.reply, deputy=lin)
    feedback.scan.save("签字.pdf", SimpleUploadedFile("签字.pdf", PAPER))
    clerk, supervisor, office = Client(), Client(), Client()
    clerk.force_login(world.make_member(Role.CLERK))
    supervisor.force_login(world.make_member(Role.SUPERVISOR))
    office.force_login(world.make_member(Role.DEPUTIES_OFFICE))
    for row in (question(promise), feedback):
        name = row.scan.name
        assert b"".join(office.get(f"/admin/files/{name}").streaming_content) == PAPER
        assert b"".join(signed_in(lin).get(f"/desk/files/{name}").streaming_content) == PAPER
        assert signed_in(zhou).get(f"/desk/files/{name}").status_code == 404
        for other in (clerk, supervisor):
            assert other.get(f"/admin/files/{name}").status_code == 404
            assert name not in other.get(change_address(row)).content.decode()
        assert name in office.get(change_address(row)).content.decode()


def test_an_event_tells_no_deputy_what_another_has_said_of_a_letter(promise) -> None:
    lin, zhou = make_desk(), make_desk("周建国")
    rating.rate(promise.reply, deputy=lin, result=world.make_rating("基本满意"), on=ANSWERED)
    seen = {
        deputy.name: list(
            Event.objects.visible_to(deputy.user).filter(kind="rated").values_list("details")
        )
        for deputy in (lin, zhou)
    }
    assert len(seen["林秀兰"]) == 1
    assert seen["周建国"] == []


def test_the_public_page_shows_the_state_and_ratings_only_where_the_assembly_publishes_them() -> (
    None
):
    reply = world.make_reply()
    promise = world.make_commitment(reply)
    world.make_published_reply()
    promise.refresh_from_db()
    fulfilled(promise)
    say(promise, False, reason="东门一侧还没有建")
    rating.rate(
        promise.reply,
        deputy=world.make_deputy(),
        process=world.make_rating("满意"),
        result=world.make_rating("基本满意"),
        on=ANSWERED,
    )
    name = f"/commitments/yunping.14-3.0123.1.c{promise.number}/"
    page = Client().get(name, headers={"accept-language": "en"}).content.decode()
    assert "The deputy: Disputed" in page
    # Why is for those who keep the promise, and for the offices.
    assert "东门" not in page
    address = "/proposals/yunping/14-3/0123/"
    assert "基本满意" not in Client().get(address).content.decode()
    assembly = world.make_assembly()
    assembly.publishes_ratings = True
    assembly.save()
    promise = Commitment.objects.get(pk=promise.pk)
    promise.report("in_progress", on=date(2026, 9, 11), text="继续建设")
    assert "基本满意" in Client().get(address).content.decode()
