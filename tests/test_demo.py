"""The demo: an invented province to try everything with, and gone again without a trace."""

from io import StringIO
from unittest.mock import patch

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import TestCase
from django.utils import timezone

from assemblies.models import Assembly, Deputy, HolidayYear
from assemblies.thresholds import thresholds
from departments.models import Department
from desk.waiting import waiting_for
from intake.demo.accounts import PASSWORD, USERNAMES
from intake.demo.files import HERE, table
from intake.models import LetterFile
from letters import read
from measures.models import Commitment, CommitmentUpdate
from proposals.models import Assignment, CoHandlingOpinion, Event, Feedback, Proposal, Reply
from public.models import (
    PublicAssembly,
    PublicCommitment,
    PublicDepartment,
    PublicProposal,
    PublicReply,
)
from tests.world import (
    make_assembly,
    make_commitment,
    make_proposal,
    make_published_reply,
    make_session,
    make_user,
)

# The real assembly that the demo must leave alone; 云平市's usual address is the demo's.
REAL = "yunping-city"
TABLES = (Assembly, Department, Deputy, Proposal, Reply, Commitment, Event, LetterFile)
SNAPSHOT = (PublicAssembly, PublicProposal, PublicReply, PublicCommitment, PublicDepartment)
LETTERS = sorted((HERE / "letters").glob("*.txt"))


def run_demo(*arguments: str) -> str:
    out = StringIO()
    call_command("demo", *arguments, stdout=out, stderr=out)
    return out.getvalue()


def counts(*tables) -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in tables}


class TheLoadedDemo(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.said = run_demo()

    def test_the_clerk_finds_proposals_and_letters_to_work_with(self):
        assert self.client.login(username="clerk", password=PASSWORD)
        for page in ("proposals/proposal", "proposals/reply", "measures/commitment"):
            assert self.client.get(f"/admin/{page}/").status_code == 200
        # Accounts are the administrator's.
        assert self.client.get("/admin/auth/user/").status_code == 403

    def test_there_is_enough_of_everything(self):
        assert Assembly.objects.count() == 2
        assert Department.objects.count() >= 15
        assert Deputy.objects.count() >= 20
        assert Proposal.objects.count() >= 60
        assert Reply.objects.count() >= 12
        assert LetterFile.objects.count() == len(LETTERS)

    def test_every_state_of_a_proposal_occurs(self):
        states = set(Proposal.objects.values_list("state", flat=True))
        assert states == set(Proposal.State.values)

    def test_promises_are_kept_confirmed_disputed_put_off_given_up_and_overdue(self):
        reported = set(CommitmentUpdate.objects.values_list("state", flat=True))
        states = Commitment.State
        assert reported >= {
            states.IN_PROGRESS,
            states.FULFILLED,
            states.CONFIRMED,
            states.DISPUTED,
            states.RESCHEDULED,
            states.CARRIED_OVER,
            states.IMPOSSIBLE,
        }
        last = CommitmentUpdate.objects.latest("on").on
        assert Commitment.objects.overdue(on=last).exists()
        assert Commitment.objects.open().filter(due_on__year__gte=2027).exists()

    def test_loading_again_says_so_and_doubles_nothing(self):
        before = counts(*TABLES, *SNAPSHOT)
        said = run_demo()
        assert "已" in said or "already" in said
        assert counts(*TABLES, *SNAPSHOT) == before

    def test_a_letter_that_says_it_is_not_public_is_on_no_public_page(self):
        for disclosure in ("withheld", "on_request"):
            replies = Reply.objects.filter(disclosure=disclosure)
            assert replies
            for reply in replies:
                assert not reply.is_published
                assert not PublicReply.objects.filter(
                    department__slug=reply.department.slug, proposal__number=reply.proposal.number
                ).exists()
                assert not PublicCommitment.objects.filter(
                    text__in=reply.commitments.values_list("text", flat=True)
                ).exists()

    def test_a_proposal_that_is_not_to_be_public_is_not(self):
        assert not PublicProposal.objects.filter(number="0131").exists()
        assert not PublicProposal.objects.filter(title__contains="供水设施").exists()

    def test_the_other_letters_are_public_with_their_promises(self):
        current = PublicReply.objects.filter(is_current=True)
        assert current.count() == Reply.objects.published().count() >= 12
        assert PublicCommitment.objects.count() >= 60

    def test_one_proposal_was_answered_again_after_an_unsatisfied_rating(self):
        proposal = Proposal.objects.get(number="20250087")
        first, second = proposal.replies.order_by("round")
        rating = Feedback.objects.get(reply=first).result_rating
        assert rating.meaning == "unsatisfied"
        assert second.date > first.date

    def test_one_proposal_was_answered_by_two_departments_apart(self):
        proposal = Proposal.objects.get(number="0208")
        assert {a.role for a in proposal.assignments.all()} == {Assignment.Role.SEPARATE}
        assert proposal.replies.filter(round=1).count() == 2

    def test_one_letter_answered_two_proposals(self):
        reply = Reply.objects.get(proposal__number="0301")
        assert [p.number for p in reply.also_answers.all()] == ["0317"]

    def test_one_letter_was_corrected_and_its_promises_still_stand_where_they_were_read(self):
        reply = Reply.objects.get(document_number="云建建议〔2025〕26号")
        first, second = reply.versions.order_by("number")
        assert first.text != second.text == reply.text
        for promise in reply.commitments.all():
            assert reply.text[promise.start : promise.end] == promise.text

    def test_one_co_handling_opinion_came_as_a_letter(self):
        opinion = CoHandlingOpinion.objects.get(document_number="云财提函〔2026〕45号")
        assert opinion.state == CoHandlingOpinion.State.ACCEPTED

    def test_the_accounts_sign_in_with_the_password_that_was_printed(self):
        assert PASSWORD in self.said
        for name in USERNAMES:
            assert self.client.login(username=name, password=PASSWORD)

    def test_each_desk_has_something_late_something_soon_and_something_that_can_wait(self):
        today = timezone.localdate()
        for username in ("clerk", "reviewer", "office", "congress", "supervisor"):
            user = get_user_model().objects.get(username=username)
            waiting = waiting_for(user, on=today, lights=thresholds(on=today))
            assert waiting.overdue, username
            assert {"now", "soon", "later"} <= {row.section for row in waiting.rows}, username

    def test_wiping_leaves_nothing_of_it(self):
        run_demo("--wipe")
        assert set(counts(*TABLES, *SNAPSHOT).values()) == {0}
        assert not get_user_model().objects.exists()

    def test_wiping_leaves_no_history_of_it(self):
        assert Reply.history.exists()
        run_demo("--wipe")
        tables = [model for model in apps.get_models() if model.__name__.startswith("Historical")]
        assert len(tables) > 20
        left = {model.__name__ for model in tables if model.objects.exists()}
        # Holidays are no demo: they are true of every site.
        assert left == {"HistoricalHoliday", "HistoricalHolidayYear"}

    def test_its_dates_are_counted_with_the_holidays_of_its_years(self):
        years = HolidayYear.objects.filter(is_announced=True).values_list("year", flat=True)
        assert {2024, 2025, 2026} <= set(years)


class TheDemoBesideRealRows(TestCase):
    @classmethod
    def setUpTestData(cls):
        city = make_assembly(REAL, name="云平市人民代表大会")
        proposal = make_proposal(session=make_session(assembly=city))
        cls.reply = make_published_reply(proposal)
        make_commitment(cls.reply)
        cls.admin = make_user("admin")
        cls.before = counts(*TABLES, *SNAPSHOT)
        run_demo()

    def test_wiping_deletes_the_demo_and_nothing_else(self):
        run_demo("--wipe")
        assert counts(*TABLES, *SNAPSHOT) == self.before
        assert Reply.objects.get().pk == self.reply.pk
        assert PublicReply.objects.exists()
        assert set(Reply.history.values_list("id", flat=True)) == {self.reply.pk}

    def test_an_account_of_the_same_name_is_left_alone(self):
        run_demo("--wipe")
        self.admin.refresh_from_db()
        assert not self.admin.check_password(PASSWORD)


@pytest.mark.django_db
def test_a_failure_half_way_leaves_nothing():
    with (
        patch("intake.demo.loading.answers.take_in", side_effect=LookupError("no such promise")),
        pytest.raises(LookupError),
    ):
        run_demo()
    assert set(counts(*TABLES).values()) == {0}


@pytest.mark.django_db
def test_names_that_are_taken_are_told_before_anything_is_written():
    make_assembly("yunping")
    with pytest.raises(CommandError, match="云平市人民代表大会"):
        run_demo()
    assert Assembly.objects.count() == 1


@pytest.mark.django_db
def test_wiping_without_a_demo_says_so():
    assert run_demo("--wipe").strip()


@pytest.mark.parametrize("path", LETTERS, ids=lambda path: path.stem)
def test_each_letter_is_read_whole(path):
    letter = read(path.read_text("utf-8"))
    assert letter.warnings == []
    assert letter.document_number and letter.date and letter.issuer
    assert letter.letter_type == "co_handling_opinion" or letter.signatory
    assert len(letter.commitments) >= 3


@pytest.mark.parametrize("item", table("replies"), ids=lambda item: item["file"])
def test_each_reported_promise_is_one_that_was_read(item):
    letter = read((HERE / "letters" / item["file"]).read_text("utf-8"))
    for phrase, _updates in item["promises"]:
        assert sum(phrase in promise.text for promise in letter.commitments) == 1, phrase
