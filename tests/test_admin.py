"""Every page of the admin opens, stays fast, and lets nobody delete or spy."""

import re
from datetime import date

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assemblies.models import DeputyContact, Holiday, HolidayYear, Period, Session
from departments.models import Clerk, DepartmentAlias
from intake.models import LetterDraft, LetterFile
from intake.receiving import receive_text, take_in
from measures.models import Commitment, CommitmentFeedback
from proposals.models import (
    CoHandlingOpinion,
    Contact,
    ExtensionRequest,
    FeedbackReason,
    FollowUpCategory,
    Proposal,
    ReturnRequest,
)
from tests import world

pytestmark = pytest.mark.django_db

OWN_APPS = {"assemblies", "departments", "proposals", "measures", "intake"}
MODELS = [model for model in admin.site._registry if model._meta.app_label in OWN_APPS]
# Written by the application alone.
READ_ONLY = {"event", "replyversion", "disclosuredecision", "letterfile", "letterdraft", "clerk"}
# Written by moves alone.
READ_ONLY |= {"assignment", "returnrequest", "extensionrequest", "cohandlingopinion", "feedback"}
READ_ONLY |= {"commitmentfeedback"}
LETTER_TEXTS = {"text", "reply__text", "letter_file__text", "abstract", "versions__text"}


@pytest.fixture
def chief(client: Client) -> Client:
    client.force_login(world.make_user("chief", is_superuser=True))
    return client


@pytest.fixture
def everything() -> None:
    """One row of each kind at least."""
    reply = world.make_published_reply()
    world.make_measure(reply)
    promise = world.make_commitment(reply)
    world.make_figure(promise)
    promise.report(Commitment.State.IN_PROGRESS, on=date(2026, 9, 1), text="已建成12座。")
    CommitmentFeedback.objects.create(
        commitment=promise, deputy=world.make_deputy(), cause="due", asked_on=date(2026, 9, 2)
    )
    assignment = world.make_assignment()
    finance = world.make_assignment(
        department=world.make_department("云平市财政局"), role="co_handling"
    )
    day = {"asked_on": date(2026, 3, 2), "reason": "不属于职责范围"}
    ReturnRequest.objects.create(assignment=finance, **day)
    ExtensionRequest.objects.create(assignment=assignment, until=date(2026, 8, 1), **day)
    CoHandlingOpinion.objects.create(assignment=finance, requested_on=date(2026, 3, 2))
    Contact.objects.create(
        proposal=assignment.proposal,
        department=assignment.department,
        method=Contact.Method.VISIT,
        on=date(2026, 4, 8),
    )
    feedback = world.make_feedback(reply)
    FeedbackReason.objects.create(feedback=feedback, text="时限太长")
    FollowUpCategory.objects.create(
        reply=reply, category=world.make_category("A"), on=date(2026, 11, 1)
    )
    world.make_topic()
    world.make_rating()
    Period.objects.create(
        rules=world.make_rules(), step=Period.Step.REPLY, start="assigned", count=3, unit="month"
    )
    world.make_clerk()
    DepartmentAlias.objects.create(department=assignment.department, name="交通局")
    DeputyContact.objects.create(deputy=world.make_deputy(), phone="13800000000")
    Holiday.objects.create(day=date(2026, 10, 1), name="国庆节")
    HolidayYear.objects.create(year=2026, is_announced=True)
    take_in(receive_text(world.LETTER), department=assignment.department, by=world.make_user())


def address(model: type, page: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_chief_clerk_opens_every_page(chief: Client, everything: None, model: type) -> None:
    row = model._default_manager.first()
    for page in (
        address(model, "changelist"),
        address(model, "change", row.pk),
        address(model, "history", row.pk),
    ):
        # A letter read in has a page of its own: the change page leads there.
        assert chief.get(page, follow=True).status_code == 200, page
    is_read_only = model._meta.model_name in READ_ONLY
    assert chief.get(address(model, "add")).status_code == (403 if is_read_only else 200)


def _autocompletes() -> list[tuple[str, str, str]]:
    """Each field that is filled in while typing: of pages and of the rows below them."""
    found = set()
    for model, page in admin.site._registry.items():
        for declared in (page, *page.inlines):
            owner = getattr(declared, "model", model) if declared is not page else model
            for field in declared.autocomplete_fields:
                found.add((owner._meta.app_label, owner._meta.model_name, field))
    return sorted(found)


@pytest.mark.parametrize("field", _autocompletes(), ids=".".join)
def test_choices_are_found_while_typing(chief: Client, everything: None, field: tuple) -> None:
    app_label, model_name, field_name = field
    asked = {"app_label": app_label, "model_name": model_name, "field_name": field_name}
    for term in ("", "交通", "0123"):
        answer = chief.get(reverse("admin:autocomplete"), asked | {"term": term})
        assert answer.status_code == 200
        assert "results" in answer.json()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_nothing_is_deleted(chief: Client, everything: None, model: type) -> None:
    row = model._default_manager.first()
    assert chief.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert model._default_manager.filter(pk=row.pk).exists()
    assert "delete_selected" not in chief.get(address(model, "changelist")).content.decode()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_lists_can_be_searched_but_not_by_letter_texts(
    chief: Client, everything: None, model: type
) -> None:
    page = admin.site._registry[model]
    searched = {field.lstrip("=^@") for field in page.search_fields}
    is_letter = model._meta.model_name in {"reply", "replyversion", "letterfile"}
    assert not searched & (LETTER_TEXTS if is_letter else LETTER_TEXTS - {"text"})
    assert chief.get(address(model, "changelist"), {"q": "交通 2026"}).status_code == 200
    assert page.list_editable == ()
    assert page.date_hierarchy is None


def _found(chief: Client, model: type, words: str) -> set[str]:
    rows = chief.get(address(model, "changelist"), {"q": words}).context["cl"].result_list
    return {str(row.pk) for row in rows}


@pytest.mark.parametrize("words", ["0400", "400", "第0400号", "第400号 交通", "４００"])
def test_what_belongs_to_a_proposal_is_found_by_its_number(chief: Client, words: str) -> None:
    world.make_assignment(world.make_proposal("0401"))
    proposal = world.make_proposal("0400", title="关于公共交通的建议")
    reply = world.make_reply(proposal, title="关于交通的答复")
    promise = world.make_commitment(reply, text=world.MEASURE)
    rows = [proposal, world.make_assignment(proposal), reply]
    if " " not in words:
        rows += [promise, world.make_measure(reply), world.make_feedback(reply)]
    for row in rows:
        assert _found(chief, type(row), words) == {str(row.pk)}, row._meta.label


@pytest.mark.parametrize(
    "words",
    [
        "十四届 四次",
        "四次会议",
        "省人大十四届四次会议",
        "省第十四届人大第四次会议",
        "14届4次",
        "四次",
    ],
)
def test_a_session_is_found_as_it_is_printed(chief: Client, words: str) -> None:
    province = world.make_assembly("zhenan", short_name="省人大")
    wanted = world.make_session(14, 4, assembly=province)
    world.make_session(14, 3, assembly=province)
    world.make_session(13, 3)
    assert _found(chief, Session, words) == {str(wanted.pk)}
    asked = {"app_label": "proposals", "model_name": "proposal", "field_name": "session"}
    answer = chief.get(reverse("admin:autocomplete"), asked | {"term": words})
    assert [row["id"] for row in answer.json()["results"]] == [str(wanted.pk)]


def test_sessions_of_other_assemblies_are_not_meant(chief: Client) -> None:
    world.make_session(14, 4)
    assert _found(chief, Session, "省人大十四届四次会议") == set()
    assert _found(chief, Session, '"市人大"') != set()


@pytest.mark.parametrize(
    ("model_name", "lookup"),
    [
        ("proposals_proposal", "reason__startswith"),
        ("proposals_reply", "text__contains"),
        ("proposals_reply", "disclosure_decisions__reason__startswith"),
        ("proposals_returnrequest", "reason__startswith"),
        ("proposals_cohandlingopinion", "text__startswith"),
        ("proposals_feedback", "reason__text__startswith"),
        ("assemblies_deputy", "contact__phone__startswith"),
        ("assemblies_deputy", "user__password__startswith"),
        ("auth_user", "password__startswith"),
        ("auth_user", "email__startswith"),
    ],
)
def test_an_address_tells_no_text_letter_by_letter(
    chief: Client, everything: None, model_name: str, lookup: str
) -> None:
    answer = chief.get(reverse(f"admin:{model_name}_changelist"), {lookup: "不"})
    assert answer.status_code == 400


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_filter_that_a_list_offers_works(
    chief: Client, everything: None, model: type
) -> None:
    page = chief.get(address(model, "changelist"))
    offered = [
        choice["query_string"].replace("&amp;", "&")
        for spec in page.context["cl"].filter_specs
        for choice in spec.choices(page.context["cl"])
    ]
    assert bool(offered) == page.context["cl"].has_filters
    for query in offered:
        assert chief.get(address(model, "changelist") + query).status_code == 200, query


def _lists_with_many_rows(start: int, stop: int) -> None:
    """Proposals with all that hangs on them, numbered from start to stop."""
    topic = world.make_topic()
    for number in range(start, stop):
        department = world.make_department(f"云平市第{number}局")
        proposal = world.make_proposal(
            f"{number:04}", sponsor=world.make_deputy(f"代表{number}"), topic=topic
        )
        assignment = world.make_assignment(proposal, department=department)
        reply = world.make_reply(
            proposal, department=department, title="", category=world.make_category()
        )
        world.make_measure(reply)
        world.make_figure(world.make_commitment(reply))
        world.make_feedback(reply, deputy=world.make_deputy(f"代表{number}"))
        reply.record_sent(on=world.SENT_ON)
        proposal.publish(on=world.PUBLISHED_ON)
        reply.publish(on=world.PUBLISHED_ON, reason="可公开", by=world.make_user(f"user{number}"))
        asked = {"asked_on": date(2026, 3, 2), "reason": "不属于职责范围"}
        ReturnRequest.objects.create(
            assignment=assignment, suggested_department=department, **asked
        )
        ExtensionRequest.objects.create(assignment=assignment, until=date(2026, 8, 1), **asked)
        CoHandlingOpinion.objects.create(assignment=assignment, requested_on=date(2026, 3, 2))
        Contact.objects.create(
            proposal=proposal, department=department, method="visit", on=date(2026, 4, 8)
        )
        Clerk.objects.create(user=world.make_user(f"user{number}"), department=department)
        letter = LetterFile.objects.create(
            name=f"{number}.docx", sha256=f"{number:064}", text=world.LETTER
        )
        LetterDraft.objects.create(letter_file=letter, reply=reply)
        world.make_session(number=number)


def test_lists_ask_the_database_no_more_often_for_more_rows(chief: Client) -> None:
    asked: dict[str, list[int]] = {}
    chief.get(address(Proposal, "changelist"))
    for start, stop in ((4, 14), (14, 24)):
        _lists_with_many_rows(start, stop)
        for model in MODELS:
            with CaptureQueriesContext(connection) as queries:
                chief.get(address(model, "changelist"))
            asked.setdefault(model._meta.label, []).append(len(queries))
    assert {label: counts for label, counts in asked.items() if counts[0] != counts[1]} == {}
    assert max(counts[1] for counts in asked.values()) <= 10


def test_a_clerk_without_rights_sees_no_list(client: Client, everything: None) -> None:
    client.force_login(world.make_user("newcomer"))
    for model in MODELS:
        assert "/login/" in client.get(address(model, "changelist")).url
    assert "/login/" in client.get(reverse("admin:proposals_reply_move", args=["send"])).url


def test_the_public_snapshot_is_not_in_the_admin() -> None:
    assert not [model for model in admin.site._registry if model._meta.app_label == "public"]


def test_the_index_begins_with_what_is_worked_on_daily(chief: Client) -> None:
    rooms = chief.get(reverse("admin:index")).context["available_apps"]
    assert [room["app_label"] for room in rooms] == [
        "proposals",
        "measures",
        "intake",
        "accounts",
        "departments",
        "assemblies",
        "notifications",
        "auth",
    ]
    assert [row["object_name"] for row in rooms[0]["models"]][:2] == ["Proposal", "Reply"]


def test_pages_are_in_chinese(chief: Client, everything: None) -> None:
    page = chief.get(address(Proposal, "changelist")).content.decode()
    heads = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', page, re.S)
    assert "编号" in " ".join(heads)
    assert "代表建议办理公开" in page
