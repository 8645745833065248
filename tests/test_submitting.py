"""A proposal before it is handed in: whose it is, what it needs, and who sees it."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from access.rights import Role
from assemblies.models import Assembly, Deputy, Period
from notifications.models import Message
from proposals import registering, submitting
from proposals.models import Attachment, Event, Proposal, Sponsorship
from tests import world
from tests.admin_pages import kinds

pytestmark = pytest.mark.django_db
State = Proposal.State
TEXTS = {
    "title": "关于增设候车亭的建议",
    "reason": "城关中学门口早晚高峰候车学生超过两千人，没有候车亭。",
    "request": "请在2026年底前在城关中学门口增设候车亭两座。",
    "wished_handler": "市交通运输局",
}


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def lead() -> Deputy:
    """林秀兰, with an account, in an assembly whose third session has opened."""
    world.make_session()
    return with_account("林秀兰")


def with_account(name: str, **fields) -> Deputy:
    deputy = world.make_deputy(name, **fields)
    deputy.user = world.make_user(f"deputy-{deputy.pk}", is_staff=False)
    deputy.save()
    return deputy


def make_draft(lead: Deputy, **texts) -> Proposal:
    return submitting.begin(lead, by=lead.user, **(TEXTS | texts))


def paper(name: str = "现场照片.jpg", content: bytes = b"x") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def sees(deputy: Deputy, proposal: Proposal) -> bool:
    user = type(deputy.user).objects.get(pk=deputy.user_id)
    return Proposal.objects.visible_to(user).filter(pk=proposal.pk).exists()


def test_a_draft_is_its_deputys_alone(lead):
    others = [
        world.make_member(role)
        for role in (Role.DEPUTIES_OFFICE, Role.ASSIGNING_OFFICE, Role.SUPERVISOR, Role.CLERK)
    ]
    proposal = make_draft(lead)
    assert (proposal.state, kinds(proposal)) == (State.DRAFT, ["drafted"])
    sponsorship = proposal.sponsorships.get()
    assert (sponsorship.deputy, sponsorship.role) == (lead, Sponsorship.Role.LEAD)
    assert sponsorship.confirmed_on == timezone.localdate()
    assert sees(lead, proposal)
    assert not sees(with_account("周建国"), proposal)
    for user in others:
        assert not Proposal.objects.visible_to(user).filter(pk=proposal.pk).exists()


def test_a_draft_counts_to_the_session_that_has_opened_last(lead):
    today = timezone.localdate()
    world.make_session(14, 2, opens_on=date(2025, 1, 10), closes_on=date(2025, 1, 14))
    world.make_session(14, 5, opens_on=today + timedelta(days=9), closes_on=None)
    proposal = make_draft(lead)
    assert (proposal.session.number, proposal.in_session) == (3, False)
    opened = world.make_session(14, 4, opens_on=today, closes_on=today)
    second = make_draft(lead)
    assert (second.session, second.in_session) == (opened, True)
    # The first is handed in now, too: it counts to the session of this day.
    submitting.submit(proposal, by=lead.user)
    proposal.refresh_from_db()
    assert (proposal.session, proposal.in_session) == (opened, True)


def test_a_member_of_the_cppcc_puts_a_proposal_of_its_kind():
    cppcc = world.make_assembly("zhengxie", kind=Assembly.Kind.CPPCC)
    world.make_session(assembly=cppcc)
    proposal = submitting.begin(world.make_deputy("何静", assembly=cppcc))
    assert proposal.kind == Proposal.Kind.CPPCC_PROPOSAL
    assert proposal.title.endswith("提案")
    proposal.check_kind()


def test_begun_again_before_a_word_is_typed_it_is_the_same_draft(lead, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    empty = submitting.begin(lead, by=lead.user)
    assert submitting.begin(lead, by=lead.user) == empty
    assert kinds(empty) == ["drafted"]
    other = submitting.begin(with_account("周建国"))
    assert other != empty
    drafts = {other, empty}
    for name in TEXTS:
        submitting.change(empty, **{name: "候车亭"})
        empty = submitting.begin(lead, by=lead.user)
        drafts.add(empty)
    submitting.attach(empty, paper())
    drafts.add(submitting.begin(lead, by=lead.user))
    assert len(drafts) == Proposal.objects.count() == 2 + len(TEXTS) + 1


def test_nobody_begins_who_does_not_serve_or_has_no_session(lead):
    lead.is_serving = False
    with pytest.raises(ValidationError):
        submitting.begin(lead)
    stranger = world.make_deputy("外地代表", assembly=world.make_assembly("linshi"))
    with pytest.raises(ValidationError, match="会议|opened"):
        submitting.begin(stranger)
    assert not Proposal.objects.exists()


@pytest.mark.parametrize("missing", ["title", "reason", "request"])
def test_it_is_handed_in_once_it_is_whole(lead, missing):
    proposal = make_draft(lead, **{missing: ""})
    assert submitting.why_not_submit(proposal)
    with pytest.raises(ValidationError):
        submitting.submit(proposal, by=lead.user)
    submitting.change(proposal, **{missing: "  "})
    assert submitting.why_not_submit(proposal)
    submitting.change(proposal, **TEXTS)
    assert not submitting.why_not_submit(proposal)


def test_who_serves_no_more_hands_nothing_in(lead):
    proposal = make_draft(lead)
    Deputy.objects.filter(pk=lead.pk).update(is_serving=False)
    with pytest.raises(ValidationError):
        submitting.submit(proposal, by=lead.user)
    proposal.refresh_from_db()
    assert proposal.state == State.DRAFT


def test_handing_in_starts_the_clock_and_the_office_has_it(lead):
    office = world.make_member(Role.DEPUTIES_OFFICE)
    rules = world.make_rules()
    Period.objects.create(rules=rules, step="assign", start="received", count=10, unit="day")
    proposal = make_draft(lead)
    submitting.submit(proposal, by=lead.user)
    proposal.refresh_from_db()
    today = timezone.localdate()
    assert (proposal.state, proposal.submitted_on) == (State.SUBMITTED, today)
    assert proposal.assign_by == today + timedelta(days=10)
    assert kinds(proposal) == ["drafted", "submitted"]
    assert proposal.events.last().actor == lead.user
    assert Proposal.objects.editable_by(office, "register").get() == proposal


def test_what_was_handed_in_is_changed_and_handed_in_no_more(lead):
    proposal = make_draft(lead)
    submitting.submit(proposal, by=lead.user)
    for move in (
        lambda: submitting.change(proposal, title="关于别的建议"),
        lambda: submitting.submit(proposal),
        lambda: submitting.ask(proposal, [with_account("周建国")]),
        lambda: submitting.attach(proposal, paper()),
        lambda: submitting.throw_away(proposal),
    ):
        with pytest.raises(ValidationError):
            move()
    proposal.refresh_from_db()
    assert proposal.title == TEXTS["title"]
    assert kinds(proposal) == ["drafted", "submitted"]


def test_nobody_hands_in_other_words_than_were_shown(lead):
    proposal = make_draft(lead)
    shown = proposal.version
    submitting.change(Proposal.objects.get(), request="请增设候车亭二十座。")
    with pytest.raises(ValidationError):
        submitting.submit(proposal, seen=shown)
    proposal.refresh_from_db()
    assert proposal.state == State.DRAFT
    submitting.submit(proposal, seen=proposal.version)
    assert Proposal.objects.get().request == "请增设候车亭二十座。"


def test_the_same_text_again_is_no_change(lead):
    proposal = make_draft(lead)
    version = proposal.version
    submitting.change(proposal, **TEXTS)
    assert proposal.version == version
    submitting.change(proposal, wished_handler="市城管局")
    proposal.refresh_from_db()
    assert (proposal.version, proposal.wished_handler) == (version + 1, "市城管局")


def test_a_proposal_is_withdrawn_by_its_deputy_until_it_is_assigned(lead):
    proposal = make_draft(lead)
    assert registering.why_not_withdraw(proposal)
    submitting.submit(proposal, by=lead.user)
    registering.withdraw(proposal, reason="已另行解决", on=timezone.localdate(), by=lead.user)
    assert Proposal.objects.get().state == State.WITHDRAWN
    assert kinds(proposal)[-1] == "withdrawn"


def test_one_that_is_being_co_signed_is_withdrawn_and_never_was_the_offices(lead):
    proposal = make_draft(lead)
    signed, silent = with_account("周建国"), with_account("吴敏")
    with pytest.raises(ValidationError):
        registering.withdraw(proposal, reason="自己", on=timezone.localdate(), by=lead.user)
    submitting.ask(proposal, [signed, silent], by=lead.user)
    submitting.confirm(proposal.sponsorships.get(deputy=signed), by=signed.user)
    with pytest.raises(ValidationError):
        registering.withdraw(proposal, reason=" ", on=timezone.localdate(), by=lead.user)
    registering.withdraw(proposal, reason="情况已变", on=timezone.localdate(), by=lead.user)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.submitted_on) == (State.WITHDRAWN, None)
    for role in (Role.DEPUTIES_OFFICE, Role.ASSIGNING_OFFICE, Role.SUPERVISOR, Role.CLERK):
        user = world.make_member(role)
        assert not Proposal.objects.visible_to(user).filter(pk=proposal.pk).exists()
        assert not Event.objects.visible_to(user).filter(proposal=proposal).exists()
    # Who had signed it reads on what became of it, and was told; who had not is asked no more.
    assert sees(lead, proposal)
    assert sees(signed, proposal)
    assert not sees(silent, proposal)
    told = Message.objects.filter(kind=Message.Kind.NOT_TAKEN_ON)
    assert [message.recipient for message in told] == [signed.user]
    assert submitting.write_anew(proposal, lead, by=lead.user).title == TEXTS["title"]


def test_what_was_handed_in_and_withdrawn_stays_the_offices(lead):
    office = world.make_member(Role.DEPUTIES_OFFICE)
    handed_in = make_draft(lead)
    submitting.submit(handed_in, by=lead.user)
    old = world.make_proposal("0301", state=State.REGISTERED, submitted_on=None)
    for proposal in (handed_in, old):
        registering.withdraw(proposal, reason="重复", on=timezone.localdate(), by=office)
        assert Proposal.objects.visible_to(office).filter(pk=proposal.pk).exists()


def test_one_that_came_back_is_written_anew_and_stays_as_it_was(lead):
    proposal = make_draft(lead)
    submitting.attach(proposal, paper(content="密件".encode()))
    submitting.submit(proposal, by=lead.user)
    with pytest.raises(ValidationError):
        submitting.write_anew(proposal, lead)
    registering.send_back(
        proposal, ground="several_matters", reason="请分开提出", on=timezone.localdate()
    )
    draft = submitting.write_anew(proposal, lead, by=lead.user)
    assert (draft.state, draft.title, draft.request) == (
        State.DRAFT,
        TEXTS["title"],
        TEXTS["request"],
    )
    assert draft.key != proposal.key
    assert draft.sponsorships.get().deputy == lead
    old, new = proposal.attachments.get(), draft.attachments.get()
    assert (new.name, new.size) == (old.name, old.size)
    assert new.file.name != old.file.name
    submitting.detach(new)
    assert old.file.open().read() == "密件".encode()
    proposal.refresh_from_db()
    assert proposal.state == State.SENT_BACK


def test_a_draft_that_nobody_else_was_shown_can_be_thrown_away(
    lead, folder, django_capture_on_commit_callbacks
):
    proposal, other = make_draft(lead), make_draft(lead)
    submitting.attach(proposal, paper())
    with django_capture_on_commit_callbacks(execute=True):
        submitting.throw_away(proposal)
    assert list(Proposal.objects.all()) == [other]
    assert list(Event.objects.values_list("proposal", flat=True)) == [other.pk]
    assert not Attachment.objects.exists()
    assert not [each for each in folder.rglob("*") if each.is_file()]


def test_a_draft_that_others_were_asked_to_sign_stays(lead):
    proposal = make_draft(lead)
    submitting.ask(proposal, [with_account("周建国")])
    with pytest.raises(ValidationError):
        submitting.throw_away(proposal)
    assert Proposal.objects.exists()


def test_a_paper_is_kept_under_a_name_that_nobody_guesses(lead):
    proposal = make_draft(lead)
    kept = submitting.attach(proposal, paper("../关于候车亭的调查.PDF", b"12345"))
    assert (kept.name, kept.size) == ("关于候车亭的调查.PDF", 5)
    assert kept.file.name.startswith("attachments/")
    assert "关于" not in kept.file.name


@pytest.mark.parametrize("name", ["run.exe", "page.html", "script.svg", "noending", "a.pdf.js"])
def test_a_paper_that_could_act_is_refused(lead, name):
    proposal = make_draft(lead)
    with pytest.raises(ValidationError):
        submitting.attach(proposal, paper(name))
    assert not Attachment.objects.exists()


def test_papers_have_the_limits_of_letters(lead, settings):
    settings.LETTER_MAX_BYTES = 10
    proposal = make_draft(lead)
    submitting.attach(proposal, paper(content=b"x" * 10))
    with pytest.raises(ValidationError):
        submitting.attach(proposal, paper(content=b"x" * 11))
    for _each in range(9):
        submitting.attach(proposal, paper())
    with pytest.raises(ValidationError):
        submitting.attach(proposal, paper())
    assert proposal.attachments.count() == 10


def test_a_paper_is_taken_out_with_its_file(lead, folder, django_capture_on_commit_callbacks):
    proposal = make_draft(lead)
    kept, stays = submitting.attach(proposal, paper()), submitting.attach(proposal, paper())
    with django_capture_on_commit_callbacks(execute=True):
        submitting.detach(kept)
    assert proposal.attachments.get() == stays
    assert [each.name for each in folder.rglob("*.jpg")] == [stays.file.name.split("/")[-1]]
    submitting.submit(proposal)
    with pytest.raises(ValidationError):
        submitting.detach(stays)
    assert proposal.attachments.exists()
