"""Nothing that is not published and proactive ever shows, on any page a visitor can reach."""

from datetime import date

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.db.models import CharField, JSONField, Model, QuerySet, TextField
from django.test import Client

from accounts.models import RatingAlarm, SignIn
from assemblies.models import DeputyContact
from departments.models import DepartmentAlias
from intake.models import FieldCorrection, LetterDraft, LetterFile
from measures.models import Commitment, CommitmentFeedback, CommitmentUpdate
from notifications.models import Message
from proposals.models import (
    Assignment,
    Attachment,
    CoHandlingOpinion,
    Contact,
    ExtensionRequest,
    Feedback,
    FeedbackReason,
    FollowUpCategory,
    Proposal,
    Reply,
    ReturnRequest,
)
from public import publish
from tests.crawl import crawl
from tests.following_world import follow
from tests.world import (
    PUBLISHED_ON,
    SENT_ON,
    make_assembly,
    make_assignment,
    make_category,
    make_clerk,
    make_commitment,
    make_department,
    make_deputy,
    make_feedback,
    make_figure,
    make_measure,
    make_proposal,
    make_published_reply,
    make_rating,
    make_reply,
    make_rules,
    make_session,
    make_sponsorship,
    make_topic,
    make_user,
)

pytestmark = pytest.mark.django_db
TOKEN = "密语zq9"
ROOMS = ("assemblies", "departments", "proposals", "measures", "intake")

# What of a published row anyone may read. Everything else, now and in times to come, is secret.
PUBLIC_FIELDS = {
    "assembly": {"name", "short_name", "slug"},
    "topic": {"name"},
    "deputy": {"name", "delegation", "sector", "public_id"},
    "category": {"code", "label"},
    "rating": {"label"},
    "department": {"name", "short_name", "slug"},
    "departmentalias": {"name"},
    "proposal": {"number", "number_key", "title", "reason", "request"},
    "reply": {"document_number", "title", "text", "signatory"},
    "replyversion": {"text", "sha256"},
    "measure": {"text", "heading"},
    "commitment": {"text", "heading", "due_text", "printed_departments"},
    "commitmentupdate": {"text", "evidence_title", "evidence_url"},
    "figure": {"text", "unit"},
}


def public_fields(row: Model) -> set[str]:
    public = PUBLIC_FIELDS.get(row._meta.model_name, set())
    if isinstance(row, Reply) and row.form == Reply.Form.ABSTRACT:
        return public - {"text"} | {"abstract"}
    return public


def plant(row: Model, *, public: set[str] = frozenset()) -> None:
    """Write the token into every text of the row that is not public."""
    values = {}
    for field in row._meta.concrete_fields:
        if field.name in public or field.choices or field.primary_key or field.is_relation:
            continue
        if isinstance(field, JSONField):
            values[field.name] = [TOKEN]
        elif isinstance(field, CharField | TextField):
            values[field.name] = f"{TOKEN}{row.pk}"[: field.max_length or 99]
    if values:
        # Around the model: the audit trail refuses an update of its own.
        QuerySet(type(row)).filter(pk=row.pk).update(**values)


def make_public_world() -> Proposal:
    """One published proposal with everything around it, public and not."""
    assembly = make_assembly(publishes_ratings=True)
    proposal = make_proposal(topic=make_topic(), is_key=True)
    lead = make_assignment(proposal, rules=make_rules())
    helper = make_department("云平市财政局")
    DepartmentAlias.objects.create(department=helper, name="市财政")
    co_handling = make_assignment(proposal, department=helper, role=Assignment.Role.CO_HANDLING)
    make_sponsorship(proposal)
    reply = make_published_reply(proposal, category=make_category())
    reply.co_handlers.add(helper)
    make_measure(reply)
    promise = make_commitment(reply)
    make_figure(promise)
    promise.report("in_progress", on=SENT_ON, text="已选址8处", evidence_title="选址公告")
    FollowUpCategory.objects.create(reply=reply, category=make_category("A"), on=PUBLISHED_ON)
    make_feedback(
        reply, state="returned", rated_on=PUBLISHED_ON, result_rating=make_rating("基本满意")
    )
    _secret_rows(proposal, lead, co_handling, promise)
    assert assembly.publishes_ratings
    publish.rebuild()
    return proposal


def _secret_rows(
    proposal: Proposal, lead: Assignment, co_handling: Assignment, promise: Commitment
) -> None:
    """Everything that a visitor must not learn of."""
    day = date(2026, 3, 2)
    DeputyContact.objects.create(deputy=make_deputy())
    make_clerk()
    ReturnRequest.objects.create(assignment=lead, asked_on=day, reason="x")
    ExtensionRequest.objects.create(
        assignment=lead, asked_on=day, until=date(2026, 8, 1), reason="x"
    )
    CoHandlingOpinion.objects.create(assignment=co_handling, requested_on=day)
    Contact.objects.create(proposal=proposal, department=lead.department, method="visit", on=day)
    unsatisfied = make_feedback(
        deputy=make_deputy("周建国"),
        reply=promise.reply,
        state="returned",
        rated_on=day,
        result_rating=make_rating("不满意"),
    )
    FeedbackReason.objects.create(feedback=unsatisfied, text="x")
    CommitmentUpdate.objects.create(
        commitment=promise, author="deputy", state="disputed", on=day, text=f"{TOKEN}反驳"
    )
    file = LetterFile.objects.create(name="x", sha256="0" * 64, text="x")
    draft = LetterDraft.objects.create(letter_file=file)
    FieldCorrection.objects.create(draft=draft, field="x")


def make_hidden_rows() -> list[Model]:
    """Whole proposals and letters that are not public: drafts, withheld, on request, withdrawn."""
    day = date(2026, 4, 1)
    rows: list[Model] = []
    for number, state in (("", "draft"), ("0900", "registered"), ("0901", "replied")):
        hidden = Proposal.objects.create(
            session=make_session(), number=number, kind="suggestion", title=TOKEN, state=state
        )
        rows.append(hidden)
    secret_department = make_department(f"{TOKEN}局")
    rows.append(secret_department)
    for number, mode in (("0902", "withheld"), ("0903", "on_request"), ("0904", "undecided")):
        proposal = make_proposal(number, title=f"公开的标题{number}")
        reply = make_reply(
            proposal, department=secret_department, document_number=f"{TOKEN}{number}"
        )
        rows += [reply, make_commitment(reply), make_measure(reply)]
        reply.record_sent(on=day)
        if mode != "undecided":
            reply.withhold(mode, on=day, reason=TOKEN)
        proposal.publish(on=day)
    withdrawn = make_published_reply(make_proposal("0905"), department=secret_department)
    rows += [withdrawn, make_commitment(withdrawn)]
    withdrawn.withdraw(on=PUBLISHED_ON, reason=TOKEN)
    _hide_behind_an_abstract()
    unpublished = make_published_reply(make_proposal("0906", title=TOKEN))
    rows.append(unpublished)
    unpublished.proposal.withhold(on=PUBLISHED_ON, reason=TOKEN)
    return rows


def _hide_behind_an_abstract() -> None:
    """A letter of which only the abstract is public: its sentences, and how many, are not."""
    reply = make_reply(
        make_proposal("0907"),
        form="abstract",
        abstract="答复摘要：已作研究。",
        text=f"{TOKEN}之一。{TOKEN}之二。{TOKEN}之三。",
        document_number="云交函〔2026〕907号",
    )
    promise = make_commitment(reply, text=f"{TOKEN}之一。", heading="")
    make_measure(reply, text=f"{TOKEN}之二。", heading="")
    make_published_reply(reply.proposal)
    promise.report("in_progress", on=PUBLISHED_ON, text=TOKEN)


def plant_everywhere() -> None:
    hidden = {(type(row), row.pk) for row in make_hidden_rows()}
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models():
            for row in model._base_manager.all():
                plant(row, public=set() if (model, row.pk) in hidden else public_fields(row))


def test_no_secret_field_shows_on_any_page_that_a_visitor_can_reach():
    make_public_world()
    plant_everywhere()
    publish.rebuild()
    visit = crawl(Client())
    assert any(url.startswith("/follow/?proposal=") for url in visit.answers)
    assert any(url.startswith("/follow/?search=") for url in visit.answers)
    assert any("/replies/1/" in url for url in visit.answers)
    assert any(url.startswith("/commitments/") and url.count("/") == 3 for url in visit.answers)
    assert any(".csv" in url for url in visit.answers)
    feeds = {url.partition("?")[0] for url in visit.answers if ".atom" in url}
    assert {"/feeds/proposals.atom", "/feeds/commitments.atom"} < feeds
    assert any(url.startswith("/feeds/departments/") for url in feeds)
    assert "/feeds/proposals/yunping/14-3/0123.atom" in feeds
    assert visit.broken == []
    assert visit.holding(TOKEN) == []


def test_the_crawl_would_find_a_secret_that_shows():
    # The same crawl, with the token in a field that is public: if it is not found, nothing is.
    proposal = make_public_world()
    Proposal.objects.filter(pk=proposal.pk).update(reason=f"{TOKEN}理由")
    publish.rebuild()
    assert crawl(Client()).holding(TOKEN)


def test_two_sites_that_differ_only_in_secrets_look_the_same_to_the_last_byte():
    make_public_world()
    publish.rebuild()
    before = crawl(Client()).settled
    secret = make_department(f"{TOKEN}局")
    make_user("newcomer")
    # Who follows what is nobody's business either.
    follow("search=")
    follow("proposal=yunping/14-3/0123")
    draft = make_proposal("0777", title=TOKEN)
    make_assignment(draft, department=secret)
    make_commitment(make_reply(draft, department=secret))
    for model in (DeputyContact, ReturnRequest, CoHandlingOpinion, FeedbackReason, LetterFile):
        for row in model._base_manager.all():
            plant(row)
    Feedback.objects.create(reply=make_reply(draft, department=secret), deputy=make_deputy())
    publish.rebuild()
    assert crawl(Client()).settled == before


def test_what_deputies_do_at_their_desks_changes_no_byte_of_the_public_site(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    proposal = make_public_world()
    assembly = proposal.session.assembly
    assembly.publishes_ratings = False
    assembly.save()
    publish.rebuild()
    before = crawl(Client()).settled
    _at_their_desks(proposal, Commitment.objects.get(reply__proposal=proposal))
    publish.rebuild()
    assert crawl(Client()).settled == before


def _at_their_desks(proposal: Proposal, promise: Commitment) -> None:
    """What is theirs alone: drafts, names asked for, ratings, questions, alarms, messages."""
    day, user = date(2026, 3, 2), make_user("deputy", email="x@secret.example")
    for state in ("draft", "cosigning", "submitted"):
        draft = Proposal.objects.create(
            session=make_session(), kind="suggestion", title=f"{TOKEN}{state}", state=state
        )
        make_sponsorship(draft, make_deputy(), role="lead")
        make_sponsorship(draft, make_deputy("周建国"), asked_on=day, declined_on=day)
        paper = Attachment(proposal=draft, name=f"{TOKEN}.pdf", size=1, added_on=day)
        paper.file.save("x.pdf", ContentFile(b"x"))
    # Of those who are there already: a new deputy would stand in the list of choices.
    other = make_deputy("周建国")
    for reason in FeedbackReason.objects.all():
        reason.text = f"{TOKEN}别的理由"
        reason.save()
    for rated in Feedback.objects.filter(reply=promise.reply):
        rated.result_rating = make_rating("不满意")
        rated.save()
    CommitmentFeedback.objects.create(
        commitment=promise, deputy=other, cause="due", asked_on=SENT_ON, state="not_returned"
    )
    RatingAlarm.objects.create(feedback=rated, account=user, clerk=make_user(), outcome=TOKEN)
    SignIn.objects.create(user=user, browser=TOKEN)
    Message.objects.create(recipient=user, kind="replied", key=TOKEN, subject=TOKEN, text=TOKEN)


@pytest.mark.parametrize("mode", ["withheld", "on_request"])
def test_a_letter_that_is_not_public_leaves_no_trace_of_itself(mode):
    proposal = make_proposal()
    make_assignment(proposal)
    proposal.publish(on=PUBLISHED_ON)
    without = crawl(Client()).settled
    reply = make_reply(proposal)
    make_commitment(reply)
    reply.record_sent(on=SENT_ON)
    reply.withhold(mode, on=SENT_ON, reason="涉及商业秘密")
    assert crawl(Client()).settled == without
    page = f"/proposals/yunping/14-3/0123/replies/{reply.key}/"
    assert Client().get(page).status_code == 404


def test_what_is_withdrawn_is_gone_at_the_next_request():
    reply = make_published_reply()
    make_commitment(reply)
    publish.rebuild()
    pages = [url for url in crawl(Client()).answers if "/replies/" in url or ".c1" in url]
    assert len(pages) >= 2
    reply.withdraw(on=PUBLISHED_ON, reason="含个人信息")
    assert {Client().get(page).status_code for page in pages} == {404}
    assert reply.document_number not in "".join(t for _s, t in crawl(Client()).answers.values())


def test_what_does_not_exist_and_what_is_not_public_answer_alike():
    make_proposal("0888")
    make_published_reply()
    hidden = Client().get("/proposals/yunping/14-3/0888/")
    absent = Client().get("/proposals/yunping/14-3/0889/")
    assert hidden.status_code == absent.status_code == 404
    assert hidden.content == absent.content.replace(b"0889", b"0888")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_public_pages_only_answer_questions(method):
    make_published_reply()
    for page in ("/", "/proposals/", "/proposals/yunping/14-3/0123/replies/1/", "/commitments/"):
        assert getattr(Client(), method)(page).status_code == 405
