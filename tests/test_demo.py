"""The demo: an invented province to try everything with, and gone again without a trace."""

import re
from io import StringIO
from unittest.mock import patch

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import Client, TestCase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from access.rights import STAFF
from accounts import inviting
from accounts.models import Invitation, RatingAlarm
from assemblies.models import Assembly, Deputy, HolidayYear, Rating
from assemblies.thresholds import thresholds
from demo.accounts import CLERKS, DEPUTIES, PASSWORD, USERNAMES
from demo.files import HERE, table
from departments.models import Department
from desk.deputies import waiting
from desk.waiting import waiting_for
from following import targets
from following.asking import ask, confirm
from following.models import Follow
from intake.models import LetterFile
from intake.receiving import receive_text, take_in
from letters import read
from measures.models import Commitment, CommitmentFeedback, CommitmentUpdate
from notifications.models import Message, NoticeSettings
from proposals import rating, supervising
from proposals.models import (
    Assignment,
    Attachment,
    CoHandlingOpinion,
    Event,
    ExtensionRequest,
    Feedback,
    Proposal,
    Reply,
    ReturnRequest,
)
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
# Holidays are no demo: they are true of every site, and stay.
HOLIDAYS = {"Holiday", "HolidayYear", "HistoricalHoliday", "HistoricalHolidayYear"}
# Who can try what, in the demo as it was loaded.
TO_TRY = {
    "clerk": {
        Assignment: "acknowledge ask_return ask_extension log_contact",
        CoHandlingOpinion: "submit accept",
        Reply: "submit propose_disclosure",
        Commitment: "report",
    },
    "reviewer": {Reply: "review send_back sign send"},
    "finance": {CoHandlingOpinion: "submit"},
    "education": {Assignment: "acknowledge log_contact", Commitment: "report"},
    "office": {Proposal: "assign nudge", Assignment: "reassign nudge", Reply: "audit"},
    "congress": {
        Proposal: "register send_back merge make_key publish withhold escalate close",
        ReturnRequest: "agree refuse",
        ExtensionRequest: "agree refuse tell_deputy",
        Reply: "publish withhold withdraw rate not_rated",
    },
    "supervisor": {Proposal: "nudge"},
}
OURS = [
    model
    for model in apps.get_models()
    if model._meta.app_label not in ("auth", "contenttypes", "sessions")
]
LETTERS = sorted((HERE / "letters").glob("*.txt"))


def run_demo(*arguments: str) -> str:
    out = StringIO()
    call_command("demo", *arguments, stdout=out, stderr=out)
    return out.getvalue()


def counts(*tables) -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in tables}


def sign_in(client: Client, username: str) -> None:
    """With the password that the demo names, on the page that everybody signs in on."""
    answer = client.post("/account/sign-in/", {"username": username, "password": PASSWORD})
    assert answer.status_code == 302


class TheLoadedDemo(TestCase):
    @classmethod
    def setUpTestData(cls):
        with override(settings.LANGUAGE_CODE):
            cls.said = run_demo()

    def test_the_clerk_finds_proposals_and_letters_to_work_with(self):
        sign_in(self.client, "clerk")
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
            sign_in(self.client, name)

    def test_each_desk_has_something_late_something_soon_and_something_that_can_wait(self):
        today = timezone.localdate()
        for username in ("clerk", "reviewer", "office", "congress", "supervisor"):
            user = get_user_model().objects.get(username=username)
            waiting = waiting_for(user, on=today, lights=thresholds(on=today))
            assert waiting.overdue, username
            assert {"now", "soon", "later"} <= {row.section for row in waiting.rows}, username

    def test_a_letter_that_a_deputy_refuses_leads_to_a_desk_on_which_it_is_written_anew(self):
        deputy = get_user_model().objects.get(username="deputy")
        reply = Reply.objects.editable_by(deputy, "rate").get(proposal__number="0400")
        today, unsatisfied = (
            timezone.localdate(),
            Rating.objects.get(meaning="unsatisfied", scale__assembly__slug="yunping"),
        )
        facts = {"deputy": deputy.deputy, "result": unsatisfied, "reason": "没有说明期限。"}
        rating.rate(reply, on=today, by=deputy, **facts)

        user = get_user_model().objects.get(username="education")
        rows = waiting_for(user, on=today, lights=thresholds(on=today)).rows
        assert "0400" in [row.number for row in rows]

    def test_wiping_leaves_nothing_of_it(self):
        run_demo("--wipe")
        assert set(counts(*TABLES, *SNAPSHOT).values()) == {0}
        assert not get_user_model().objects.exists()

    def test_every_role_finds_its_moves_open_in_the_demo(self):
        for username, tried in TO_TRY.items():
            sign_in(self.client, username)
            user = get_user_model().objects.get(username=username)
            for model, names in tried.items():
                for name in names.split():
                    with self.subTest(user=username, model=model.__name__, move=name):
                        self.walk_through(user, model, name)

    def walk_through(self, user, model, name):
        """The row's page offers the move, and the move's page asks for what it needs."""
        pages = admin.site._registry[model]
        move = next(move for move in pages.moves if move.name == name)
        rows = model.objects.editable_by(user, name)
        row = next(row for row in rows if move.is_shown(row) and not move.guard(row))
        label = model._meta.label_lower.replace(".", "_")
        page = self.client.get(reverse(f"admin:{label}_change", args=[row.pk]))
        address = pages.move_url(move, [row.pk])
        assert address in [each["url"] for each in page.context["moves"]]
        assert self.client.get(address).context["form"].rows == [row]

    def test_the_clerk_can_read_a_letter_in(self):
        sign_in(self.client, "clerk")
        page = self.client.get(reverse("admin:intake_letterdraft_read"))
        assert page.status_code == 200

    def test_who_did_it_is_on_the_timeline(self):
        handled = Event.objects.filter(proposal__number="0506").values_list(
            "kind", "actor__username"
        )
        assert {
            ("registered", "congress"),
            ("assigned", "office"),
            ("acknowledged", "clerk"),
            ("reply_reviewed", "reviewer"),
            ("reply_audited", "office"),
            ("reply_sent", "reviewer"),
            ("rated", "congress"),
        } <= set(handled)

    def test_every_date_was_counted_by_the_rules(self):
        submitted = Proposal.objects.exclude(submitted_on=None)
        congress = submitted.filter(session__assembly__slug="yunping")
        assert not congress.filter(assign_by=None).exists()
        given = Assignment.objects.exclude(assigned_on=None)
        assert given.count() > 100
        assert not given.filter(due_on=None).exists()
        assert not given.filter(return_by=None).exists()
        assert not given.answering().filter(contact_by=None).exists()
        assert not Reply.objects.filter(state="sent", publish_by=None).exists()
        assert not Feedback.objects.filter(due_on=None).exists()

    def test_what_is_handled_again_is_in_its_second_round_with_a_date(self):
        again = Proposal.objects.filter(state=Proposal.State.REHANDLING)
        assert again
        for part in Assignment.objects.filter(proposal__in=again).answering():
            assert part.round == 2
            assert part.redo_by > part.redo_on

    def test_each_account_is_told_with_its_role_and_its_department(self):
        # A line each, whatever stands between name, role and department in the site's language.
        told = {re.match(r"\w*", line.strip())[0]: line for line in self.said.splitlines()}
        for name, (_name, departments, _reviews) in CLERKS.items():
            # In the language that it was said in, whatever a page was asked for in before.
            with override(settings.LANGUAGE_CODE):
                assert any(str(role.label) in told[name] for role in STAFF)
            assert all(department in told[name] for department in departments)
        for name, (slug, _deputy) in DEPUTIES.items():
            assert Assembly.objects.get(slug=slug).name in told[name]

    def test_it_says_where_deputies_have_their_desk(self):
        assert "/desk/" in self.said and "/admin/" in self.said

    def test_a_deputy_finds_one_of_each_thing_that_waits_with_its_date_still_to_come(self):
        tasks = self.waiting("deputy")
        assert {task.kind for task in tasks} == {
            "rate",
            "word",
            "cosign",
            "sent_back",
            "draft",
            "cosigning",
        }
        assert {task.cause for task in tasks if task.kind == "word"} == {"reported", "due"}
        today = timezone.localdate()
        assert all(task.due > today for task in tasks if task.kind == "word")
        assert any(task.due > today for task in tasks if task.kind == "rate")

    def waiting(self, username):
        """What a desk shows to that account, each with its page open."""
        sign_in(self.client, username)
        page = self.client.get("/desk/")
        user = get_user_model().objects.get(username=username)
        today = timezone.localdate()
        lights = thresholds(on=today)[user.deputy.assembly_id]
        tasks = waiting.waiting_for(user, on=today, at=lights)
        for task in tasks:
            assert f'href="{task.url}"' in page.content.decode(), task
            assert self.client.get(task.url).status_code == 200, task
            assert self.client.get(task.subject_url).status_code == 200, task
        return tasks

    def test_the_second_deputy_and_the_member_have_their_own(self):
        assert {"rate", "cosigning"} <= {task.kind for task in self.waiting("deputy2")}
        assert {"word", "cosign", "draft"} <= {task.kind for task in self.waiting("member")}

    def test_what_a_deputy_has_put_is_in_every_state_to_be_tried(self):
        states = Proposal.State
        own = Proposal.objects.filter(
            sponsorships__deputy__user__username="deputy", sponsorships__role="lead"
        )
        assert set(own.values_list("state", flat=True)) >= {
            states.DRAFT,
            states.COSIGNING,
            states.SUBMITTED,
            states.SENT_BACK,
            states.IN_HANDLING,
            states.REPLIED,
            states.REHANDLING,
            states.TRACKING,
        }
        today = timezone.localdate()
        again = Assignment.objects.filter(proposal__in=own, round=2)
        assert again.get().redo_by > today
        later = ExtensionRequest.objects.filter(assignment__proposal__in=own, decision="agreed")
        assert later.get().until > today
        asked = own.get(state=states.COSIGNING).sponsorships.filter(role="co_sponsor")
        answers = {(bool(one.confirmed_on), bool(one.declined_on)) for one in asked}
        assert answers == {(True, False), (False, True), (False, False)}
        words = CommitmentFeedback.objects.filter(deputy__user__username="deputy")
        assert set(words.values_list("state", flat=True)) >= {"awaited", "confirmed", "disputed"}

    def test_a_deputy_reads_what_the_public_does_not(self):
        sign_in(self.client, "deputy")
        user = get_user_model().objects.get(username="deputy")
        letters = Reply.objects.visible_to(user)
        letter = letters.get(disclosure="on_request", proposal__state="tracking")
        address = f"/desk/proposals/{letter.proposal.key}/replies/1/"
        assert self.client.get(address).status_code == 200
        number = letter.proposal.number
        assert Client().get(f"/proposals/yunping/14-4/{number}/").status_code == 404

    def test_a_deputy_opens_the_papers_and_reads_of_the_talk(self):
        sign_in(self.client, "deputy")
        user = get_user_model().objects.get(username="deputy")
        proposals = Proposal.objects.visible_to(user).filter(
            attachments__isnull=False, contacts__isnull=False
        )
        proposal = proposals.distinct().first()
        page = self.client.get(f"/desk/proposals/{proposal.key}/").content.decode()
        assert proposal.contacts.get().agreed in page
        for name in proposal.attachments.values_list("file", flat=True):
            assert self.client.get(f"/desk/files/{name}").status_code == 200

    def test_a_deputy_has_a_few_unread_messages_and_read_ones(self):
        for name in DEPUTIES:
            user = get_user_model().objects.get(username=name)
            told = Message.objects.told(user)
            assert 1 <= told.filter(read_at=None).count() <= 10, name
            old = told.exclude(read_at=None)
            assert old.exists()
            assert all(one.created_at.date() < timezone.localdate() for one in old)

    def test_the_deputies_office_finds_an_invitation_and_an_alarm(self):
        sign_in(self.client, "congress")
        deputy = Invitation.objects.open(at=timezone.now()).get().deputy
        invited = self.client.get(reverse("admin:accounts_invitation_changelist"))
        assert deputy.name in invited.content.decode()
        alarm = RatingAlarm.objects.get(settled_on=None)
        assert alarm.clerk.get_username() == "clerk"
        page = reverse("admin:accounts_ratingalarm_change", args=[alarm.pk])
        assert self.client.get(page).status_code == 200
        assert page in self.client.get("/admin/").content.decode()

    def test_wiping_leaves_no_history_of_it(self):
        assert Reply.history.exists()
        self.try_it_out()
        run_demo("--wipe")
        tables = [model for model in apps.get_models() if model.__name__.startswith("Historical")]
        assert len(tables) > 20
        left = {model.__name__ for model in tables if model.objects.exists()}
        assert left == {"HistoricalHoliday", "HistoricalHolidayYear"}

    def test_wiping_leaves_nothing_of_what_was_tried_out(self):
        self.try_it_out()
        assert Message.objects.exists()
        with self.captureOnCommitCallbacks(execute=True):
            run_demo("--wipe")
        assert {name for name, count in counts(*OURS).items() if count} <= HOLIDAYS
        assert not get_user_model().objects.exists()

    def try_it_out(self):
        """What people do with it, and what of that no row of the demo's assemblies leads to."""
        self.follow_and_sign_in()
        clerk = get_user_model().objects.get(username="clerk")
        department = clerk.clerkships.get().department
        take_in(receive_text("关于第1号建议的答复\n您好。\n"), department=department, by=clerk)
        supervising.nudge(
            Proposal.objects.get(number="0503"),
            departments=[department],
            message="请抓紧答复。",
            on=timezone.localdate(),
            by=get_user_model().objects.get(username="supervisor"),
        )

    def follow_and_sign_in(self):
        """A visitor follows, a deputy signs in, another opens an account by an invitation."""
        path = PublicProposal.objects.order_by("pk").first().path
        for kind, value in (("proposal", path), ("department", "yunping-jiaoyu")):
            target = targets.find(kind, value)
            ask("someone@example.org", target, network="")
            confirm(Follow.objects.get(kind=kind), target)
        sign_in(Client(), "deputy")
        NoticeSettings.objects.create(user=get_user_model().objects.get(username="deputy"))
        office = get_user_model().objects.get(username="congress")
        invitation = Invitation.objects.open(at=timezone.now()).get()
        with self.settings(EMAIL_CONFIGURED=True):
            invited = inviting.renew(invitation, "someone@example.org", by=office)
        assert invited.is_mailed
        inviting.accept(
            invited.link.rstrip("/").rpartition("/")[2],
            username="wenlingyi",
            email="someone@example.org",
            password="Yunping-2026-deputy",
        )

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

    def test_wiping_takes_the_files_away(self):
        files = [(paper.file.storage, paper.file.name) for paper in Attachment.objects.all()]
        assert files and all(storage.exists(name) for storage, name in files)
        with self.captureOnCommitCallbacks(execute=True):
            run_demo("--wipe")
        assert [name for storage, name in files if storage.exists(name)] == []

    def test_an_account_of_the_same_name_is_left_alone(self):
        run_demo("--wipe")
        self.admin.refresh_from_db()
        assert not self.admin.check_password(PASSWORD)


@pytest.mark.django_db
def test_a_failure_half_way_leaves_nothing():
    with (
        patch("demo.loading.answers.take_in", side_effect=LookupError("no such promise")),
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
