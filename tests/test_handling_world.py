"""One proposal's whole way, on the pages of the admin, each step by whose it is and no other.

Returned, assigned anew, given to another, extended; two opinions, one sent back; a reply that does
not satisfy, a second round that does. Before each step everybody else tries it: the answer is a
refusal, and no row of the world has changed.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.rights import Role
from assemblies.models import Period
from proposals.models import (
    Assignment,
    CoHandlingOpinion,
    Event,
    ExtensionRequest,
    Proposal,
    Reply,
    ReturnRequest,
)
from tests import world

pytestmark = pytest.mark.django_db

State = Proposal.State
PERIODS = {
    "assign": ("received", 10, "day"),
    "return": ("assigned", 10, "day"),
    "co_handling": ("assigned", 1, "month"),
    "opinion_redone": ("sent_back", 5, "day"),
    "reply": ("assigned", 3, "month"),
    "extension": ("assigned", 6, "month"),
    "feedback": ("replied", 15, "day"),
    "rehandling": ("rated", 1, "month"),
}
# Who first leads, who leads then, who helps, and who helps in the place of the second helper.
DEPARTMENTS = {"first": "交通运输", "lead": "教育", "helper": "财政", "left": "公安", "new": "住建"}
LETTER = "您提出的建议收悉。经会同有关部门研究，现答复如下：已调整线路。感谢您的关心和支持！"


def tables() -> dict[str, list[dict[str, Any]]]:
    """Every row of the room, so that a refused step is seen to have changed nothing."""
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values())
        for model in apps.get_app_config("proposals").get_models()
    }


class Story:
    """The people of the world, each with a browser, and the proposal that they handle."""

    def __init__(self) -> None:
        self.today: date = timezone.localdate()
        self.bureaus = {
            name: world.make_department(f"云平市{word}局") for name, word in DEPARTMENTS.items()
        }
        self.people = {
            "office": world.make_member(Role.DEPUTIES_OFFICE),
            "assigner": world.make_member(Role.ASSIGNING_OFFICE),
            "supervisor": world.make_member(Role.SUPERVISOR),
            "administrator": world.make_member(Role.ADMINISTRATOR),
            "newcomer": world.make_user("newcomer"),
        }
        places = {**self.bureaus, "stranger": world.make_department("云平市水利局")}
        for name, department in places.items():
            for word, role in (("clerk", Role.CLERK), ("reviewer", Role.REVIEWER)):
                user = world.make_member(role, f"{name}-{word}", department=department)
                self.people[f"{name}-{word}"] = user
        self.clients = {name: self._signed_in(user) for name, user in self.people.items()}
        self.clients["visitor"] = Client()
        rules = world.make_rules(office_audits=True, requires_contact=True)
        for step, (start, count, unit) in PERIODS.items():
            Period.objects.create(rules=rules, step=step, start=start, count=count, unit=unit)

    @staticmethod
    def _signed_in(user: Any) -> Client:
        client = Client()
        client.force_login(user)
        return client

    @property
    def proposal(self) -> Proposal:
        return Proposal.objects.get()

    def part(self, name: str) -> Assignment:
        return Assignment.objects.get(department=self.bureaus[name])

    def opinion(self, name: str) -> CoHandlingOpinion:
        return CoHandlingOpinion.objects.get(assignment__department=self.bureaus[name])

    def act(
        self, post: Callable[[Client], HttpResponse], by: str, also: set[str], becomes: list[str]
    ) -> None:
        """Everybody else is refused; then it is done by whose it is, and told by its events."""
        before = tables()
        for name, client in self.clients.items():
            if name not in {by, *also}:
                answer = post(client)
                # Who has no place here is not let in at all.
                to_sign_in = "/login/" in answer.headers.get("Location", "")
                assert answer.status_code in (403, 404) or to_sign_in, name
                assert not to_sign_in or name in ("visitor", "newcomer")
                assert tables() == before, name
        last = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        answer = post(self.clients[by])
        assert answer.status_code == 302, answer.context and answer.context["form"].errors
        written = Event.objects.filter(pk__gt=last).order_by("pk")
        assert [event.kind for event in written] == becomes
        assert {event.actor for event in written} == {self.people[by]}

    def step(
        self, row: Model, name: str, *, by: str, becomes: str, also: str = "", **data: Any
    ) -> None:
        """One move, by its button."""
        address = reverse(f"admin:proposals_{row._meta.model_name}_move", args=[name])
        sent = {"on": self.today.isoformat(), **data}
        self.act(
            lambda client: client.post(f"{address}?ids={row.pk}", sent),
            by,
            set(also.split()),
            becomes.split(),
        )

    def enter(self, model: type[Model], data: dict[str, Any], *, by: str, becomes: str) -> None:
        """One row, by its form."""
        address = reverse(f"admin:proposals_{model._meta.model_name}_add")
        page = self.clients[by].get(address)
        forms = [inline.formset.management_form for inline in page.context["inline_admin_formsets"]]
        given = {field.html_name: field.value() for form in forms for field in form}
        full = {k: v for k, v in {**given, **data}.items() if v is not None}
        # Others of the department draft, too; another department would draft for itself.
        mates = {name for name in self.clients if name.endswith(("-clerk", "-reviewer"))}
        also = mates if model is Reply else set()
        if model is Reply:
            self._forge(address, full, own=by.split("-")[0])
        self.act(lambda client: client.post(address, full), by, also, [becomes])

    def _forge(self, address: str, data: dict[str, Any], *, own: str) -> None:
        """Another department cannot write in this one's name."""
        before = tables()
        for name, client in self.clients.items():
            if name.endswith(("-clerk", "-reviewer")) and not name.startswith(own):
                assert client.post(address, data).status_code in (200, 403, 404), name
                assert tables() == before, name


def registered(story: Story) -> None:
    earlier = story.today - timedelta(days=20)
    data = {
        "session": world.make_session().pk,
        "kind": "suggestion",
        "title": "关于改善学校周边公交出行的建议",
        "in_session": "on",
        "submitted_on": earlier.isoformat(),
        "sponsorships-TOTAL_FORMS": "1",
        "sponsorships-0-deputy": world.make_deputy().pk,
        "sponsorships-0-role": "lead",
        "sponsorships-0-order": "0",
    }
    story.enter(Proposal, data, by="office", becomes="submitted")
    assert story.proposal.state == State.SUBMITTED
    on = (story.today - timedelta(days=15)).isoformat()
    story.step(story.proposal, "register", by="office", becomes="registered", number="0123", on=on)
    assert story.proposal.state == State.REGISTERED


def returned(story: Story) -> None:
    parts = {
        "role": "lead",
        "answering_1_0": story.bureaus["first"].pk,
        "co_handling": [story.bureaus["helper"].pk, story.bureaus["left"].pk],
        "on": (story.today - timedelta(days=5)).isoformat(),
    }
    told = "assigned assigned opinion_requested assigned opinion_requested"
    story.step(story.proposal, "assign", by="assigner", becomes=told, **parts)
    assert story.proposal.state == State.ASSIGNED
    mate = {"by": "first-clerk", "also": "first-reviewer"}
    story.step(story.part("first"), "acknowledge", becomes="acknowledged", **mate)
    assert story.proposal.state == State.IN_HANDLING
    why = {"reason": "主管部门是教育局，我局没有职责。"}
    story.step(story.part("first"), "ask_return", becomes="return_asked", **mate, **why)
    assert story.proposal.state == State.RETURN_PENDING
    request = ReturnRequest.objects.get()
    story.step(request, "agree", by="office", becomes="return_agreed", reason="情况属实。")
    assert story.proposal.state == State.REGISTERED


def reassigned(story: Story) -> None:
    lead = {"role": "lead", "answering_1_0": story.bureaus["lead"].pk}
    story.step(story.proposal, "assign", by="assigner", becomes="assigned", **lead)
    mate = {"by": "lead-reviewer", "also": "lead-clerk"}
    story.step(story.part("lead"), "acknowledge", becomes="acknowledged", **mate)
    story.step(
        story.part("left"),
        "reassign",
        by="assigner",
        becomes="reassigned opinion_requested",
        department=story.bureaus["new"].pk,
        reason="职责已划转。",
    )
    assert story.part("left").ended_on == story.today
    assert story.proposal.state == State.IN_HANDLING


def extended(story: Story) -> None:
    part = story.part("lead")
    until = part.due_on + timedelta(days=30)
    wish = {"until": until.isoformat(), "reason": "需要实地调研。"}
    mate = {"by": "lead-clerk", "also": "lead-reviewer"}
    story.step(part, "ask_extension", becomes="extension_asked", **mate, **wish)
    request = ExtensionRequest.objects.get()
    story.step(request, "agree", by="office", becomes="extension_granted", reason="同意。")
    assert story.part("lead").reply_due_on == until
    told = {"by": "lead-clerk", "also": "lead-reviewer office"}
    story.step(request, "tell_deputy", becomes="deputy_told", **told)


def heard(story: Story) -> None:
    answering = {"by": "lead-clerk", "also": "lead-reviewer"}
    for name in ("helper", "new"):
        mate = {"by": f"{name}-clerk", "also": f"{name}-reviewer"}
        opinion = story.opinion(name)
        story.step(opinion, "acknowledge", becomes="opinion_seen", **mate)
        story.step(opinion, "submit", becomes="opinion_submitted", text="同意。", **mate)
        if name == "new":
            why = {"reason": "请写明资金来源。"}
            story.step(opinion, "send_back", becomes="opinion_sent_back", **answering, **why)
            assert story.opinion(name).due_on == story.today + timedelta(days=5)
            better = {"text": "同意，所需资金列入年度预算。"}
            story.step(opinion, "submit", becomes="opinion_submitted", **mate, **better)
        story.step(opinion, "accept", becomes="opinion_accepted", **answering)


def answered(story: Story, round_: int) -> Reply:
    mate = {"by": "lead-clerk", "also": "lead-reviewer"}
    talk = {"method": "visit", "present": "林秀兰代表", "agreed": "先调整线路。"}
    story.step(story.part("lead"), "log_contact", becomes="contacted", **mate, **talk)
    letter = {
        "proposal": story.proposal.pk,
        "department": story.bureaus["lead"].pk,
        "title": f"关于第0123号建议的答复（第{round_}次）",
        "text": LETTER,
    }
    story.enter(Reply, letter, by="lead-clerk", becomes="reply_entered")
    reply = Reply.objects.get(round=round_)
    wish = {"mode": "proactive", "form": "full"}
    story.step(reply, "propose_disclosure", becomes="disclosure_proposed", **mate, **wish)
    story.step(reply, "submit", becomes="reply_submitted", **mate)
    story.step(reply, "review", by="lead-reviewer", becomes="reply_reviewed")
    story.step(reply, "audit", by="assigner", becomes="reply_audited")
    marks = {
        "document_number": f"云教函〔2026〕{round_}号",
        "signatory": "陈志远",
        "date": story.today.isoformat(),
    }
    story.step(reply, "sign", by="lead-reviewer", becomes="reply_signed", **marks)
    story.step(reply, "send", by="lead-reviewer", becomes="reply_sent")
    assert story.proposal.state == State.REPLIED
    return reply


def rated(story: Story, reply: Reply, label: str, becomes: str) -> None:
    rating = {"deputy": world.make_deputy().pk, "result": world.make_rating(label).pk}
    reason = "没有说明何时见效。" if label == "不满意" else ""
    story.step(reply, "rate", by="office", becomes=becomes, reason=reason, **rating)


@pytest.fixture
def story() -> Story:
    return Story()


def test_a_proposal_is_returned_extended_answered_twice_and_ends_satisfied(story: Story) -> None:
    world.make_rating("满意")
    registered(story)
    returned(story)
    reassigned(story)
    extended(story)
    heard(story)
    rated(story, answered(story, 1), "不满意", "rated rehandling")
    assert story.proposal.state == State.REHANDLING
    assert story.part("lead").round == 2
    rated(story, answered(story, 2), "满意", "rated")
    assert story.proposal.state not in (State.REHANDLING, State.ESCALATED)
    the_timeline_shows_it_all(story)
    each_reads_what_is_theirs(story)


def timeline(story: Story, name: str, **asked: str) -> HttpResponse:
    address = reverse("admin:proposals_proposal_timeline", args=[story.proposal.pk])
    return story.clients[name].get(address, asked)


def the_timeline_shows_it_all(story: Story) -> None:
    page = timeline(story, "assigner", order="oldest")
    shown = [entry.event.pk for entry in page.context["entries"]]
    happened = Event.objects.order_by("on", "pk").values_list("pk", flat=True)
    assert shown == list(happened)
    newest = timeline(story, "assigner")
    assert [entry.event.pk for entry in newest.context["entries"]] == shown[::-1]
    words = page.content.decode()
    for told in ("我局没有职责", "职责已划转", "请写明资金来源", "office", "lead-reviewer"):
        assert told in words, told
    for row in (story.part("lead"), Reply.objects.first()):
        address = reverse(f"admin:proposals_{row._meta.model_name}_change", args=[row.pk])
        assert address in words


def each_reads_what_is_theirs(story: Story) -> None:
    for name in ("stranger-clerk", "first-clerk", "left-reviewer", "newcomer", "administrator"):
        assert timeline(story, name).status_code in (302, 403, 404), name
    lead = timeline(story, "lead-clerk").content.decode()
    assert "我局没有职责" not in lead
    assert "请写明资金来源" in lead
    helper = timeline(story, "helper-clerk").content.decode()
    for secret in ("我局没有职责", "职责已划转", "请写明资金来源", "需要实地调研"):
        assert secret not in helper, secret
    assert "需要实地调研" in timeline(story, "supervisor").content.decode()


def test_the_pages_of_a_proposal_a_part_and_a_reply_lead_to_the_timeline(story: Story) -> None:
    proposal = world.make_proposal()
    part = world.make_assignment(proposal, department=story.bureaus["lead"])
    reply = world.make_reply(proposal, department=story.bureaus["lead"])
    address = reverse("admin:proposals_proposal_timeline", args=[proposal.pk])
    for row in (proposal, part, reply):
        page = reverse(f"admin:proposals_{row._meta.model_name}_change", args=[row.pk])
        assert address in story.clients["lead-clerk"].get(page).content.decode()


@pytest.mark.parametrize("key", ["9" * 30, "x", "0"])
def test_the_timeline_of_nothing_is_not_found(story: Story, key: str) -> None:
    address = reverse("admin:proposals_proposal_timeline", args=[1]).replace("/1/", f"/{key}/")
    assert story.clients["office"].get(address).status_code == 404


def test_a_long_life_takes_no_more_questions_than_a_short_one(
    story: Story, django_assert_max_num_queries: Any
) -> None:
    proposal = world.make_proposal()
    part = world.make_assignment(proposal)
    for _day in range(130):
        part.record(Event.Kind.NUDGED, on=story.today, by=story.people["assigner"], message="催办")
    timeline(story, "assigner")
    with django_assert_max_num_queries(12):
        first = timeline(story, "assigner")
    assert (len(first.context["entries"]), first.context["has_more"]) == (100, True)
    with django_assert_max_num_queries(12):
        second = timeline(story, "assigner", page="2")
    assert (len(second.context["entries"]), second.context["has_more"]) == (30, False)


def test_an_event_tells_its_words_to_whom_they_concern_alone(story: Story) -> None:
    proposal = world.make_proposal()
    lead = world.make_assignment(proposal, department=story.bureaus["lead"])
    world.make_assignment(proposal, department=story.bureaus["helper"], role="co_handling")
    lead.record(Event.Kind.REASSIGNED, on=story.today, by=None, reason="职责已划转。")
    page = reverse("admin:proposals_event_change", args=[Event.objects.get().pk])
    for name, reads in (("lead-clerk", True), ("office", True), ("helper-clerk", False)):
        answer = story.clients[name].get(page)
        assert answer.status_code == 200
        assert ("职责已划转" in answer.content.decode()) == reads, name
