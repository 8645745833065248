"""A world for the walk through the admin: who works where, and who may read which row.

A department that leads, one that helps, a third with a proposal of its own, the offices of two
assemblies, and a token in every text of every row, so that a page tells by itself what it shows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.core.files.base import ContentFile
from django.db.models import CharField, Model, QuerySet, TextField
from django.utils import timezone

from access.rights import Role
from accounts.models import Invitation, RatingAlarm
from assemblies.models import DeputyContact, Holiday, HolidayYear, Period
from clerkadmin.models import FormDraft
from clerkadmin.recorded import Recorded
from departments.models import Clerk, Department, DepartmentAlias
from intake.models import FieldCorrection
from intake.receiving import receive_text, take_in
from measures.models import CommitmentFeedback, CommitmentUpdate
from notifications.models import Message
from proposals import events
from proposals.models import (
    Assignment,
    Attachment,
    CoHandlingOpinion,
    Contact,
    DisclosureDecision,
    Event,
    ExtensionRequest,
    FeedbackReason,
    FollowUpCategory,
    Proposal,
    Redaction,
    Reply,
    ReturnRequest,
)
from proposals.models.version import ReplyVersion
from tests import world

DAY = date(2026, 3, 2)

# Everybody who walks. 交通 leads 0123, 财政 helps with it, 教育 leads 0200; 邻市 is elsewhere.
CLERK, REVIEWER, HELPER, STRANGER = "clerk", "reviewer", "helper", "stranger"
OFFICE, ASSIGNING, SUPERVISOR, ADMINISTRATOR = "office", "assigning", "supervisor", "administrator"
OTHER_OFFICE, OTHER_CLERK = "other_office", "other_clerk"
DEPUTY, LEFT, VISITOR = "deputy", "left", "visitor"
WORKING = (
    *(CLERK, REVIEWER, HELPER, STRANGER, OFFICE, ASSIGNING, SUPERVISOR, ADMINISTRATOR),
    *(OTHER_OFFICE, OTHER_CLERK),
)
OUTSIDE = (DEPUTY, LEFT, VISITOR)

LEAD = {CLERK, REVIEWER}
OFFICES = {OFFICE, ASSIGNING, SUPERVISOR}
PARTS = LEAD | {HELPER} | OFFICES
ELSEWHERE = {OTHER_OFFICE, OTHER_CLERK}
EVERYBODY = set(WORKING)

ROLE_OF = {
    CLERK: Role.CLERK,
    REVIEWER: Role.REVIEWER,
    HELPER: Role.REVIEWER,
    STRANGER: Role.CLERK,
    OFFICE: Role.DEPUTIES_OFFICE,
    ASSIGNING: Role.ASSIGNING_OFFICE,
    SUPERVISOR: Role.SUPERVISOR,
    ADMINISTRATOR: Role.ADMINISTRATOR,
    OTHER_OFFICE: Role.DEPUTIES_OFFICE,
    OTHER_CLERK: Role.CLERK,
}


@dataclass
class WalkWorld:
    people: dict[str, AbstractUser | None] = field(default_factory=dict)
    # Who may open the page of a row, and who works on it in the name of its department.
    readers: dict[tuple[type[Model], Any], set[str]] = field(default_factory=dict)
    owners: dict[tuple[type[Model], Any], set[str]] = field(default_factory=dict)
    tokens: dict[str, set[str]] = field(default_factory=dict)
    files: dict[str, set[str]] = field(default_factory=dict)

    def add(self, row: Model, readers: set[str], *, owners: set[str] | None = None) -> Any:
        """Keep who may read that row, and write a token into each of its texts."""
        key = (type(row), row.pk)
        self.readers[key] = readers
        self.owners[key] = (owners or set()) & readers
        if readers != EVERYBODY:
            self._plant(row, readers)
        return row

    def _plant(self, row: Model, readers: set[str]) -> None:
        values = {}
        for column in row._meta.concrete_fields:
            is_text = isinstance(column, CharField | TextField)
            if not is_text or column.choices or column.name in ADDRESSES:
                continue
            token = f"密{len(self.tokens):03d}锁"
            if len(token) <= (column.max_length or 99):
                self.tokens[token] = readers
                values[column.name] = token
        if values:
            # Around the model: the trail and the versions refuse an update of their own.
            QuerySet(type(row)).filter(pk=row.pk).update(**values)
        if isinstance(row, Recorded):
            row.refresh_from_db()
            row.save()  # its history holds the tokens too


# Texts that the pages' addresses or other fields are made of.
ADDRESSES = {"number", "number_key", "sha256", "slug", "key", "file", "evidence_file", "public_id"}


def build() -> WalkWorld:
    """The world, with every kind of row that the admin has a page for."""
    walk = WalkWorld()
    transport = world.make_department()
    finance = world.make_department("云平市财政局")
    school = world.make_department("云平市教育局")
    away = world.make_department("邻市交通局")
    linshi = world.make_assembly("linshi", region="邻市")
    away_office = world.make_department("邻市人大代工委", kind=Department.Kind.DEPUTIES)
    linshi.offices.add(away_office)
    _hire(walk, transport, finance, school, away, away_office)
    _frame(walk)

    led = world.make_proposal("0123")
    walk.add(led, PARTS, owners=LEAD)
    _handed_in(walk, led, PARTS)
    lead = walk.add(world.make_assignment(led), PARTS, owners=LEAD)
    helping = world.make_assignment(led, department=finance, role=Assignment.Role.CO_HANDLING)
    walk.add(helping, PARTS, owners={HELPER})
    _papers(walk, lead, LEAD)
    _papers(walk, helping, {HELPER})
    _opinions(walk, helping)
    sent = _letter(walk, led, transport, PARTS, LEAD, state=Reply.State.SENT, sent_on=world.SENT_ON)
    _after_sending(walk, sent)
    _letter(walk, led, transport, LEAD, LEAD, round=2)

    strange = walk.add(world.make_proposal("0200"), {STRANGER} | OFFICES, owners={STRANGER})
    _handed_in(walk, strange, {STRANGER} | OFFICES)
    theirs = world.make_assignment(strange, department=school)
    walk.add(theirs, {STRANGER} | OFFICES, owners={STRANGER})
    _papers(walk, theirs, {STRANGER})
    # Its promise names the transport bureau, which learns of it when the letter is sent.
    _letter(walk, strange, school, {STRANGER}, {STRANGER}, lead_department=transport)

    elsewhere = world.make_proposal("0300", session=world.make_session(assembly=linshi))
    walk.add(elsewhere, ELSEWHERE, owners={OTHER_CLERK})
    walk.add(world.make_assignment(elsewhere, department=away), ELSEWHERE, owners={OTHER_CLERK})
    _letter(walk, elsewhere, away, {OTHER_CLERK}, {OTHER_CLERK})

    unsubmitted = Proposal.objects.create(
        session=world.make_session(), kind="suggestion", title="x", state=Proposal.State.DRAFT
    )
    walk.add(unsubmitted, set())
    _message(walk)
    _incoming(walk, transport, LEAD)
    _incoming(walk, school, {STRANGER})
    _incoming(walk, world.make_office(Role.DEPUTIES_OFFICE), {OFFICE})
    return walk


def _handed_in(walk: WalkWorld, proposal: Proposal, readers: set[str]) -> None:
    """A paper of the deputy: for the offices, and for who has a part in the proposal."""
    paper = Attachment(proposal=proposal, name="x", size=1, added_on=DAY)
    paper.file.save("x.pdf", ContentFile(b"x"))
    walk.add(paper, readers)
    walk.files[paper.file.url] = readers


def _hire(walk: WalkWorld, *departments: Department) -> None:
    transport, finance, school, away, away_office = departments
    places = {
        CLERK: transport,
        REVIEWER: transport,
        HELPER: finance,
        STRANGER: school,
        OTHER_OFFICE: away_office,
        OTHER_CLERK: away,
    }
    for name, role in ROLE_OF.items():
        # Nobody's e-mail address but the own one is another clerk's business.
        user = world.make_member(role, name, department=places.get(name))
        walk.people[name] = user
        walk.tokens[f"{name}@secret.example"] = {ADMINISTRATOR}
        type(user).objects.filter(pk=user.pk).update(email=f"{name}@secret.example")
    walk.people[LEFT] = world.make_member(Role.CLERK, LEFT, department=transport)
    Clerk.objects.get(user=walk.people[LEFT]).delete()
    deputy = world.make_deputy()
    deputy.user = world.make_user(DEPUTY, is_staff=False)
    deputy.save()
    walk.people[DEPUTY], walk.people[VISITOR] = deputy.user, None
    for user in type(deputy.user).objects.all():
        walk.readers[type(user), user.pk] = {ADMINISTRATOR}
        walk.owners[type(user), user.pk] = set()
    for clerk in Clerk.objects.all():
        walk.readers[Clerk, clerk.pk] = {ADMINISTRATOR}
        walk.owners[Clerk, clerk.pk] = set()
    typed = "密稿锁"
    FormDraft.objects.create(
        user=walk.people[STRANGER], path="/admin/proposals/reply/add/", data={"title": [typed]}
    )
    walk.tokens[typed] = {STRANGER}


def _message(walk: WalkWorld) -> None:
    """What was told to one person; the administrator sees that it went out, not what it says."""
    message = Message.objects.create(
        recipient=walk.people[STRANGER],
        email="x@x.example",
        kind="nudge",
        key="x",
        subject="密信锁",
        text="密信锁",
        last_error="x",
    )
    walk.readers[Message, message.pk] = {ADMINISTRATOR}
    walk.owners[Message, message.pk] = {STRANGER}
    walk.tokens["密信锁"] = {STRANGER}


def _frame(walk: WalkWorld) -> None:
    """What everybody who works here reads; with the deputies' contact data, which they do not."""
    world.make_topic()
    world.make_rating()
    world.make_category()
    rules = world.make_rules()
    Period.objects.create(rules=rules, step="reply", start="assigned", count=3, unit="month")
    Holiday.objects.create(day=date(2026, 10, 1), name="国庆节")
    HolidayYear.objects.create(year=2026, is_announced=True)
    DepartmentAlias.objects.create(department=world.make_department(), name="交通局")
    contact = DeputyContact.objects.create(deputy=world.make_deputy(), phone="13800000000")
    walk.add(contact, {OFFICE})
    invitation = Invitation.objects.create(
        deputy=world.make_deputy("受邀人"),
        email="x@deputies.cn",
        digest="x",
        invited_by=walk.people[OFFICE],
        expires_at=timezone.now() + timedelta(days=9),
    )
    walk.add(invitation, {OFFICE})


def _papers(walk: WalkWorld, assignment: Assignment, own: set[str]) -> None:
    """What a department asks its office for, and its talks with the deputy."""
    readers, proposal = own | OFFICES, assignment.proposal
    asked = {"assignment": assignment, "asked_on": DAY, "reason": "x"}
    walk.add(ReturnRequest.objects.create(**asked), readers, owners=own)
    walk.add(ExtensionRequest.objects.create(until=date(2026, 8, 1), **asked), readers, owners=own)
    contact = Contact.objects.create(
        proposal=proposal, department=assignment.department, method="visit", on=DAY
    )
    walk.add(contact, readers, owners=own)
    _event(walk, Event.Kind.RETURN_ASKED, assignment, readers)


def _event(walk: WalkWorld, kind: str, assignment: Assignment, readers: set[str]) -> None:
    token = f"密{len(walk.tokens):03d}锁"
    walk.tokens[token] = readers
    event = events.record(
        kind,
        assignment.proposal,
        on=DAY,
        department=assignment.department,
        details={"reason": token},
    )
    walk.readers[Event, event.pk], walk.owners[Event, event.pk] = readers, set()


def _opinions(walk: WalkWorld, helping: Assignment) -> None:
    readers = LEAD | {HELPER, ASSIGNING, SUPERVISOR}
    _event(walk, Event.Kind.OPINION_SUBMITTED, helping, LEAD | {HELPER} | OFFICES)
    _event(walk, Event.Kind.ASSIGNED, helping, PARTS)
    for number, state in enumerate(("submitted", "requested"), start=1):
        opinion = CoHandlingOpinion.objects.create(
            assignment=helping,
            round=number,
            state=state,
            requested_on=DAY,
            submitted_on=DAY if state == "submitted" else None,
            text="x",
        )
        walk.add(opinion, readers, owners=LEAD | {HELPER})


def _letter(
    walk: WalkWorld,
    proposal: Proposal,
    department: Department,
    readers: set[str],
    own: set[str],
    *,
    lead_department: Department | None = None,
    **fields: Any,
) -> Reply:
    """A reply with what stands in it."""
    number = f"密{len(walk.tokens):03d}号"
    walk.tokens[number] = readers
    reply = world.make_reply(proposal, department=department, document_number=number, **fields)
    measure = world.make_measure(reply)
    promise = world.make_commitment(reply, lead_department=lead_department or department)
    figure = world.make_figure(promise)
    for row in (reply, measure, promise, figure):
        walk.add(row, readers, owners=own)
    for decision in reply.disclosure_decisions.all():
        walk.add(decision, readers & (own | OFFICES))
    return reply


def _after_sending(walk: WalkWorld, reply: Reply) -> None:
    own = LEAD | OFFICES
    version = ReplyVersion.objects.create(
        reply=reply, number=1, text="x", sha256="b" * 64, locked_on=DAY
    )
    walk.add(version, PARTS)
    decision = DisclosureDecision.objects.create(
        reply=reply, mode="withheld", form="full", reason="x", approved_on=DAY
    )
    walk.add(decision, own)
    feedback = world.make_feedback(reply)
    asked = CommitmentFeedback(
        commitment=reply.commitments.get(), deputy=world.make_deputy(), cause="due", asked_on=DAY
    )
    for form in (feedback, asked):
        form.scan.save("x.jpg", ContentFile(b"x"))
        walk.add(form, own)
        # What the deputy has signed is no paper of the department's.
        walk.files[form.scan.url] = {OFFICE, ASSIGNING}
    walk.add(FeedbackReason.objects.create(feedback=feedback, text="x"), own)
    people = {"account": walk.people[DEPUTY], "clerk": walk.people[CLERK]}
    alarm = RatingAlarm.objects.create(feedback=feedback, **people)
    walk.add(alarm, {OFFICE, SUPERVISOR})
    follow_up = FollowUpCategory.objects.create(
        reply=reply, category=world.make_category("A"), on=DAY
    )
    walk.add(follow_up, PARTS)
    redaction = Redaction.objects.create(reply=reply, text="王敏", reason="x", decided_on=DAY)
    walk.add(redaction, LEAD | {OFFICE})
    update = CommitmentUpdate(
        commitment=reply.commitments.get(), state="in_progress", on=DAY, text="x"
    )
    update.evidence_file.save("x.jpg", ContentFile(b"x"))
    walk.add(update, PARTS)
    walk.files[update.evidence_file.url] = PARTS


def _incoming(walk: WalkWorld, department: Department, own: set[str]) -> None:
    """A letter that the department has received and not accepted yet."""
    token = f"密{len(walk.tokens):03d}锁"
    walk.tokens[token] = own
    letter = world.LETTER.replace("收悉。", f"收悉。{token}。")
    by = next(iter(department.clerks.all())).user
    draft = take_in(receive_text(letter), department=department, by=by).draft
    file = draft.letter_file
    file.file.save("x.docx", ContentFile(b"x"))
    for row in (file, draft):
        walk.readers[type(row), row.pk] = walk.owners[type(row), row.pk] = own
    walk.files[file.file.url] = own
    walk.add(FieldCorrection.objects.create(draft=draft, field="title"), own)
