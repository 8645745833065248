"""The gate in the admin: what is not one's own is not there, whatever a form or an address says."""

from datetime import date

import pytest
from django.contrib import admin
from django.db.models import ForeignKey
from django.test import Client
from django.urls import reverse

from access.rights import STAFF, Role, Where, where
from access.sight import Sighted, SightedQuerySet
from clerkadmin.gate import GatedPages
from intake.models import LetterDraft, LetterFile
from measures.models import Commitment
from proposals.models import Assignment, Contact, Proposal, Reply, Sponsorship
from tests import world
from tests.admin_pages import change_address, filled_in

pytestmark = pytest.mark.django_db


def finance() -> object:
    return world.make_department("云平市财政局")


@pytest.fixture
def clerk(client: Client) -> Client:
    """王敏 of the transport bureau, which leads proposal 0123."""
    world.make_assignment()
    client.force_login(world.make_member(Role.CLERK, "wangmin"))
    return client


@pytest.fixture
def strangers_draft() -> Reply:
    """A reply that the finance bureau is drafting, to a proposal of its own."""
    proposal = world.make_proposal("0200", title="关于财政的建议")
    world.make_assignment(proposal, department=finance())
    return world.make_reply(
        proposal, department=finance(), document_number="云财函〔2026〕1号", id=876543
    )


def sent(reply: Reply) -> None:
    reply.state, reply.sent_on = Reply.State.SENT, world.SENT_ON
    reply.save()


def add_page(model: str) -> str:
    return reverse(f"admin:{model.replace('.', '_')}_add")


# Not yours and not there: the same answer ----------------------------------------------------


@pytest.mark.parametrize("page", ["change", "history", "delete"])
def test_anothers_row_answers_as_one_that_does_not_exist(clerk, strangers_draft, page):
    def asked(key: int):
        return clerk.get(reverse(f"admin:proposals_reply_{page}", args=[key]))

    hidden, absent = asked(strangers_draft.pk), asked(987654)
    assert hidden.status_code == absent.status_code
    assert hidden.status_code in (403, 404)
    assert _settled(hidden, strangers_draft.pk) == _settled(absent, 987654)


def _settled(answer, key: int) -> str:
    """The page without its own address and the token of its forms."""
    lines = answer.content.decode().replace(str(key), "…").splitlines()
    return "\n".join(line for line in lines if "csrf" not in line.lower())


def test_a_move_with_anothers_row_answers_as_one_with_none(clerk, strangers_draft):
    address = reverse("admin:proposals_reply_move", args=["submit"])
    assert clerk.get(f"{address}?ids={strangers_draft.pk}").status_code == 404
    assert clerk.get(f"{address}?ids=987654").status_code == 404


def test_no_address_tells_by_an_id_whether_a_row_exists(clerk, strangers_draft):
    assert clerk.get(f"/admin/r/20/{strangers_draft.pk}/").status_code == 404
    for page in admin.site._registry.values():
        assert page.view_on_site is False


def test_lists_searches_and_counts_leave_out_what_is_anothers(clerk, strangers_draft):
    own = world.make_reply()
    page = clerk.get(reverse("admin:proposals_reply_changelist"), {"q": "云财函〔2026〕1号"})
    assert page.context["cl"].result_count == 0
    page = clerk.get(reverse("admin:proposals_reply_changelist"))
    assert [row.pk for row in page.context["cl"].result_list] == [own.pk]
    assert page.context["cl"].result_count == 1


def test_every_page_of_the_admin_goes_through_the_gate():
    for model, page in admin.site._registry.items():
        assert isinstance(page, GatedPages), model
        if model._meta.app_label != "auth":
            assert issubclass(model, Sighted), model
            assert isinstance(model._default_manager.all(), SightedQuerySet), model
        for inline in page.inlines:
            assert issubclass(inline.model, Sighted), inline


def test_a_filter_of_a_list_offers_only_rows_that_everybody_may_see():
    for model, page in admin.site._registry.items():
        for name in page.list_filter:
            field = model._meta.get_field(name) if isinstance(name, str) else None
            if isinstance(field, ForeignKey):
                kind = field.related_model._meta.label_lower
                readers = [role for role in STAFF if where(role, model._meta.label_lower, "view")]
                assert all(Where.ALL in where(role, kind, "view") for role in readers), name


# What a form may choose ----------------------------------------------------------------------


def reply_form(**fields: object) -> dict[str, object]:
    empty = {
        f"{prefix}-{end}": 0 for prefix in PREFIXES for end in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    return {
        "proposal": world.make_proposal().pk,
        "department": world.make_department().pk,
        "round": 1,
        "title": "答复",
        "text": world.LETTER,
        "form": "full",
        **empty,
        **fields,
    }


PREFIXES = ("follow_ups", "versions", "disclosure_decisions", "commitments", "measures", "figures")


def test_a_clerk_enters_a_reply_of_the_own_department(clerk):
    page = clerk.get(add_page("proposals.reply"))
    assert page.status_code == 200
    answer = clerk.post(
        add_page("proposals.reply"), filled_in(clerk, add_page("proposals.reply")) | reply_form()
    )
    assert answer.status_code == 302, answer.context["errors"]
    assert Reply.objects.get().department == world.make_department()


def test_a_clerk_enters_no_reply_in_the_name_of_another_department(clerk):
    forged = reply_form(department=finance().pk)
    answer = clerk.post(
        add_page("proposals.reply"), filled_in(clerk, add_page("proposals.reply")) | forged
    )
    assert "department" in answer.context["adminform"].form.errors
    assert not Reply.objects.exists()


def test_a_clerk_enters_no_reply_to_a_proposal_of_others(clerk):
    others = world.make_proposal("0200")
    helped = world.make_proposal("0300")
    world.make_assignment(helped, role=Assignment.Role.CO_HANDLING)
    for proposal in (others, helped):
        forged = reply_form(proposal=proposal.pk)
        answer = clerk.post(
            add_page("proposals.reply"), filled_in(clerk, add_page("proposals.reply")) | forged
        )
        assert "proposal" in answer.context["adminform"].form.errors
    assert not Reply.objects.exists()


def test_no_promise_is_put_into_anothers_letter(clerk, strangers_draft):
    world.make_assignment(strangers_draft.proposal, role=Assignment.Role.CO_HANDLING)
    sent(strangers_draft)
    assert clerk.get(change_address(strangers_draft)).status_code == 200
    own = world.make_department()
    form = {"reply": strangers_draft.pk, "text": world.COMMITMENT, "lead_department": own.pk}
    answer = clerk.post(add_page("measures.commitment"), {"strength": "firm", **form})
    assert "reply" in answer.context["adminform"].form.errors
    assert not Commitment.objects.exists()


def test_the_words_of_a_promise_stay_its_authors_where_another_keeps_it(clerk, strangers_draft):
    world.make_assignment(strangers_draft.proposal, role=Assignment.Role.CO_HANDLING)
    promise = world.make_commitment(strangers_draft, lead_department=world.make_department())
    sent(strangers_draft)
    assert clerk.get(change_address(promise)).status_code == 200
    assert clerk.post(change_address(promise), {"due_text": "2030年"}).status_code == 403
    assert Commitment.objects.editable_by(world.make_user(), "report").get() == promise


def test_an_office_registers_only_for_its_own_assembly(client):
    client.force_login(world.make_member(Role.DEPUTIES_OFFICE))
    elsewhere = world.make_session(assembly=world.make_assembly("linshi"))
    page = add_page("proposals.proposal")
    form = filled_in(client, page) | {"session": elsewhere.pk, "kind": "suggestion", "title": "x"}
    assert "session" in client.post(page, form).context["adminform"].form.errors
    assert not Proposal.objects.filter(session=elsewhere).exists()


def test_a_row_that_left_ones_reach_undoes_the_whole_save(clerk, monkeypatch):
    # The last guard, shown alone: the fields offer everything, the check refuses.
    monkeypatch.setattr(
        "clerkadmin.gate.may_choose",
        lambda user, field: field.remote_field.model._default_manager.all(),
    )
    page = add_page("proposals.reply")
    data = filled_in(clerk, page)
    assert clerk.post(page, data | reply_form(department=finance().pk)).status_code == 404
    assert not Reply.objects.exists()
    assert clerk.post(page, data | reply_form()).status_code == 302


# Forged forms --------------------------------------------------------------------------------


def test_a_forged_inline_of_another_parent_changes_nothing(client):
    client.force_login(world.make_member(Role.DEPUTIES_OFFICE))
    here, there = world.make_proposal("0123"), world.make_proposal("0200")
    strange = there.sponsorships.get()
    page = change_address(here)
    form = filled_in(client, page) | {
        "sponsorships-0-id": strange.pk,
        "sponsorships-0-proposal": there.pk,
        "sponsorships-0-role": Sponsorship.Role.CO_SPONSOR,
    }
    assert client.post(page, form).status_code in (200, 302, 404)
    strange.refresh_from_db()
    assert (strange.proposal, strange.role) == (there, Sponsorship.Role.LEAD)


def test_state_department_and_disclosure_cannot_be_posted_into_a_form(clerk):
    reply = world.make_reply()
    page = change_address(reply)
    forged = {
        "state": "sent",
        "sent_on": "2026-06-01",
        "disclosure": "proactive",
        "published_on": "2026-06-01",
        "proposal": world.make_proposal("0200").pk,
        "version": 99,
        "sequence": 7,
    }
    clerk.post(page, filled_in(clerk, page) | forged)
    found = Reply.objects.get()
    assert (found.state, found.disclosure, found.published_on) == (reply.state, "undecided", None)
    assert (found.proposal, found.sequence, found.sent_on) == (reply.proposal, 1, None)
    clerk.post(page, filled_in(clerk, page) | {"department": finance().pk})
    assert Reply.objects.get().department == world.make_department()


def test_ids_forged_into_an_action_of_a_list_are_left_out(client, strangers_draft):
    world.make_assignment()
    client.force_login(world.make_member(Role.CLERK, "wangmin"))
    own = world.make_reply()
    asked = client.post(
        reverse("admin:proposals_reply_changelist"),
        {"action": "submit", "_selected_action": [own.pk, strangers_draft.pk]},
    )
    assert asked.status_code in (200, 302)
    if asked.status_code == 302:
        assert str(strangers_draft.pk) not in asked.url.partition("ids=")[2].split("%2C")


# Choices while typing ------------------------------------------------------------------------


def typed(client: Client, model: str, field: str, term: str = "") -> object:
    app_label, model_name = model.split(".")
    asked = {"app_label": app_label, "model_name": model_name, "field_name": field, "term": term}
    return client.get(reverse("admin:autocomplete"), asked)


def test_choices_while_typing_hold_only_what_the_form_accepts(clerk, strangers_draft):
    own = world.make_reply()
    found = typed(clerk, "measures.commitment", "reply").json()["results"]
    assert [row["id"] for row in found] == [str(own.pk)]
    found = typed(clerk, "proposals.reply", "department").json()["results"]
    assert [row["text"] for row in found] == ["市交通运输局"]
    found = typed(clerk, "proposals.reply", "proposal").json()["results"]
    assert [row["id"] for row in found] == [str(world.make_proposal().pk)]


@pytest.mark.parametrize(
    ("model", "field"),
    [
        ("proposals.proposal", "replies"),
        ("proposals.reply", "reading"),
        ("proposals.reply", "nothing"),
        ("assemblies.deputycontact", "deputy_id__phone"),
        ("assemblies.deputy", "contact"),
        ("departments.clerk", "user"),
        ("admin.logentry", "user"),
    ],
)
def test_choices_while_typing_follow_no_other_road(clerk, model, field):
    assert typed(clerk, model, field).status_code in (403, 404)


def test_a_term_that_the_database_refuses_finds_nothing(clerk):
    assert typed(clerk, "proposals.reply", "proposal", "a\0b").json()["results"] == []


# Letters on their way in ---------------------------------------------------------------------


def test_a_letter_on_its_way_in_is_there_for_its_own_department_alone(clerk):
    letter = LetterFile.objects.create(name="密.docx", sha256="a" * 64, text="密")
    draft = LetterDraft.objects.create(letter_file=letter, department=finance())
    assert clerk.get(change_address(draft)).status_code == 404
    assert clerk.get(change_address(letter)).status_code == 404
    draft.department = world.make_department()
    draft.save()
    assert clerk.get(change_address(draft)).url == f"/admin/intake/letterdraft/review/{draft.key}/"
    assert clerk.get(change_address(letter)).status_code == 200


def test_a_contact_is_logged_in_the_name_of_the_own_department(clerk):
    day = date(2026, 4, 8)
    world.make_assignment(department=finance(), role=Assignment.Role.CO_HANDLING)
    proposal = world.make_proposal()
    Contact.objects.create(proposal=proposal, department=finance(), method="visit", on=day)
    page = clerk.get(reverse("admin:proposals_contact_changelist"))
    assert page.context["cl"].result_count == 0


# Nothing is kept -----------------------------------------------------------------------------


def test_no_page_of_the_desk_is_kept_by_a_browser_or_a_store(clerk, strangers_draft):
    pages = [
        "/admin/",
        "/admin/login/",
        "/admin/jsi18n/",
        "/admin/password_change/",
        "/admin/nowhere/",
        change_address(strangers_draft),
        reverse("admin:proposals_reply_changelist"),
        reverse("admin:auth_user_changelist"),
    ]
    for page in pages:
        assert "no-store" in clerk.get(page)["Cache-Control"], page
    assert "no-store" in clerk.post("/admin/logout/")["Cache-Control"]
    assert "no-store" in clerk.get(pages[0])["Cache-Control"]
