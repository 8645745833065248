"""A world for the walk through the deputies' desk: everybody who could try its doors.

One proposal in handling, one of each on its way in, another deputy's and one of elsewhere; a token
in every text that is somebody's own, so that a page tells by itself what it shows.
"""

from __future__ import annotations

from itertools import count
from types import SimpleNamespace
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from access.rights import Role
from accounts.inviting import invite
from accounts.models import RatingAlarm, SignIn
from assemblies.models import Deputy, DeputyContact
from clerkadmin.models import FormDraft
from departments.models import Department
from measures.models import Commitment, CommitmentFeedback, CommitmentUpdate
from notifications.models import Message
from proposals import events
from proposals.models import Attachment, Event, Feedback, Proposal, Reply, Sponsorship
from tests import world
from tests.deputy_world import ask_word, make_handled, make_told, rate
from tests.following_world import follow
from tests.walk_world import WalkWorld

State = Proposal.State

# Deputies: 林秀兰 leads; who stands under it, who was asked, who said no, who never answered.
LEAD, PARTNER, ASKED, DECLINED, LAPSED = "lead", "partner", "asked", "declined", "lapsed"
OTHER, AWAY, CLOSED, UNLINKED = "other", "away", "closed", "unlinked"
# Who work here: 交通 leads, 财政 helps, 教育 has no part.
CLERK, REVIEWER, HELPER, STRANGER = "clerk", "reviewer", "helper", "stranger"
OFFICE, OTHER_OFFICE = "office", "other_office"
ASSIGNING, SUPERVISOR, ADMINISTRATOR = "assigning", "supervisor", "administrator"
NOTHING, VISITOR = "nothing", "visitor"

DEPUTIES = frozenset({LEAD, PARTNER, ASKED, DECLINED, LAPSED, OTHER, AWAY})
STAFF = frozenset(
    {CLERK, REVIEWER, HELPER, STRANGER, OFFICE, OTHER_OFFICE, ASSIGNING, SUPERVISOR, ADMINISTRATOR}
)
# An open account; the link of UNLINKED to the deputy was taken off, NOTHING never had one.
SIGNED_IN = DEPUTIES | STAFF | {NOTHING, UNLINKED}
OUT = frozenset({CLOSED, VISITOR})
EVERYBODY = SIGNED_IN | OUT
NAMES = {LEAD: "林秀兰", PARTNER: "周建国", DECLINED: "郑不签", LAPSED: "吴未答"}


class DeputyWalk(WalkWorld):
    """Who there is, with everything that they have written down."""

    deputies: dict[str, Deputy]
    handled: SimpleNamespace
    drafts: dict[str, Proposal]
    papers: dict[str, Attachment]
    messages: dict[str, Message]
    sign_ins: dict[str, SignIn]
    invitation: str
    manage: str

    def secret(self, *readers: str) -> str:
        """A word that only these may come upon."""
        token = f"密{len(self.tokens):03d}锁"
        self.tokens[token] = set(readers)
        return token


def build() -> DeputyWalk:
    walk = DeputyWalk()
    walk.drafts, walk.papers, walk.messages, walk.sign_ins = {}, {}, {}, {}
    _deputies(walk)
    _staff(walk)
    _handled(walk)
    _on_the_way(walk)
    _what_each_keeps(walk)
    _without_account(walk)
    _in_public(walk)
    return walk


def _deputies(walk: DeputyWalk) -> None:
    linshi = world.make_assembly("linshi", region="邻市")
    walk.deputies = {}
    for name in (*sorted(DEPUTIES), CLOSED, UNLINKED):
        assembly = linshi if name == AWAY else world.make_assembly()
        deputy = world.make_deputy(NAMES.get(name, f"代表{name}"), assembly=assembly)
        deputy.user = _account(walk, name, is_staff=False)
        deputy.save()
        walk.deputies[name] = deputy
        DeputyContact.objects.create(deputy=deputy, phone=walk.secret(), address=walk.secret())
    walk.people[NOTHING] = _account(walk, NOTHING, is_staff=False)
    walk.people[VISITOR] = None


def _account(walk: DeputyWalk, name: str, **fields: Any) -> Any:
    user = world.make_user(name, email=f"{name}@secret.example", **fields)
    walk.tokens[user.email] = {name}
    walk.people[name] = user
    return user


def _staff(walk: DeputyWalk) -> None:
    places = {
        CLERK: (Role.CLERK, world.make_department()),
        REVIEWER: (Role.REVIEWER, world.make_department()),
        HELPER: (Role.REVIEWER, world.make_department("云平市财政局")),
        STRANGER: (Role.CLERK, world.make_department("云平市教育局")),
        OFFICE: (Role.DEPUTIES_OFFICE, None),
        ASSIGNING: (Role.ASSIGNING_OFFICE, None),
        SUPERVISOR: (Role.SUPERVISOR, None),
        ADMINISTRATOR: (Role.ADMINISTRATOR, None),
    }
    for name, (role, department) in places.items():
        _account(walk, name)
        world.make_member(role, name, department=department)
    away = world.make_department("邻市人大代工委", kind=Department.Kind.DEPUTIES)
    world.make_assembly("linshi").offices.add(away)
    world.make_clerk(_account(walk, OTHER_OFFICE), department=away)


def _handled(walk: DeputyWalk) -> None:
    """The one that the transport bureau has answered; PARTNER has said what they think of it."""
    walk.handled = found = make_handled(walk.deputies[LEAD])
    make_told(found)
    for name in (CLOSED, UNLINKED):
        day = {"asked_on": world.ASSIGNED_ON, "confirmed_on": world.ASSIGNED_ON}
        world.make_sponsorship(found.proposal, walk.deputies[name], order=5, **day)
    reads = LEAD, PARTNER
    texts = {name: walk.secret(*reads) for name in ("title", "reason", "request")}
    _write(found.proposal, **texts)
    text = f"{found.reply.text}\n{walk.secret(*reads)}"
    _write(found.reply, text=text, title=walk.secret(*reads))
    _write(found.promise, due_text=walk.secret(*reads))
    walk.papers["handled"] = found.proposal.attachments.get()
    _write(walk.papers["handled"], name=f"{walk.secret(*reads)}.pdf")
    feedback = rate(found.reply, walk.deputies[PARTNER], "不满意", walk.secret(PARTNER))
    _sign(walk, feedback, found.promise)
    alarm = {"account": walk.people[PARTNER], "clerk": walk.people[CLERK]}
    RatingAlarm.objects.create(feedback=feedback, outcome=walk.secret(), **alarm)
    ask_word(found.promise, walk.deputies[LEAD])


def _sign(walk: DeputyWalk, feedback: Feedback, promise: Commitment) -> None:
    """What PARTNER has signed on paper, and said of the promise."""
    feedback.scan.save("x.jpg", ContentFile(walk.secret(PARTNER).encode()))
    said = CommitmentUpdate.objects.create(
        commitment=promise,
        author=CommitmentUpdate.Author.DEPUTY,
        state=Commitment.State.DISPUTED,
        on=timezone.localdate(),
        text=walk.secret(PARTNER),
    )
    word = ask_word(promise, walk.deputies[PARTNER], update=said, answered_on=said.on)
    word.state = CommitmentFeedback.State.DISPUTED
    word.scan.save("x.jpg", ContentFile(walk.secret(PARTNER).encode()))


def _on_the_way(walk: DeputyWalk) -> None:
    """Drafts, one that is co-signed, one handed in, one sent back; and those of others."""
    day = timezone.localdate()
    confirmed = {"asked_on": day, "confirmed_on": day}
    _draft(walk, "own", LEAD)
    signing = _draft(walk, "signing", LEAD, PARTNER, ASKED, state=State.COSIGNING)
    world.make_sponsorship(signing, walk.deputies[PARTNER], order=1, **confirmed)
    world.make_sponsorship(signing, walk.deputies[ASKED], order=2, asked_on=day)
    declined = {"asked_on": day, "declined_on": day}
    no = world.make_sponsorship(signing, walk.deputies[DECLINED], order=3, **declined)
    events.record(
        Event.Kind.COSIGNING_DECLINED,
        signing,
        on=day,
        details={"deputy": no.deputy.name, "deputy_id": no.deputy_id, "words": walk.secret(LEAD)},
    )
    submitted = _draft(walk, "submitted", LEAD, PARTNER, state=State.SUBMITTED, submitted_on=day)
    world.make_sponsorship(submitted, walk.deputies[PARTNER], order=1, **confirmed)
    world.make_sponsorship(submitted, walk.deputies[LAPSED], order=2, asked_on=day)
    _draft(walk, "back", LEAD, state=State.SENT_BACK, submitted_on=day)
    _draft(walk, "others", OTHER)
    away = world.make_session(assembly=world.make_assembly("linshi"))
    _draft(walk, "away", AWAY, session=away)


def _draft(walk: DeputyWalk, name: str, lead: str, *readers: str, **fields: Any) -> Proposal:
    reads = lead, *readers
    texts = ("title", "reason", "request", "wished_handler")
    fields = {"kind": Proposal.Kind.SUGGESTION, "session": world.make_session(), **fields}
    row = Proposal.objects.create(**{text: walk.secret(*reads) for text in texts}, **fields)
    world.make_sponsorship(row, walk.deputies[lead], role=Sponsorship.Role.LEAD)
    walk.drafts[name] = row
    walk.papers[name] = Attachment.objects.create(
        proposal=row,
        name=f"{walk.secret(*reads)}.pdf",
        file=ContentFile(walk.secret(*reads).encode(), name="x.pdf"),
        size=9,
        added_on=world.ASSIGNED_ON,
    )
    return row


def _what_each_keeps(walk: DeputyWalk) -> None:
    """Messages, signings in and half-filled forms."""
    for number, name in zip(count(1), (*sorted(DEPUTIES), UNLINKED, NOTHING), strict=False):
        user = walk.people[name]
        walk.messages[name] = Message.objects.create(
            recipient=user,
            kind=Message.Kind.REPLIED,
            key=f"walk {name}",
            subject=walk.secret(name),
            text=walk.secret(name),
            path="/desk/messages/",
        )
        address = f"203.0.113.{number}"
        walk.sign_ins[name] = SignIn.objects.create(user=user, address=address, browser="x")
        path = f"/desk/proposals/{walk.drafts['own'].key}/edit/"
        fields = {"title": [walk.secret(name)], "reason": ["x"]}
        FormDraft.objects.create(user=user, path=path, data={"fields": fields})


def _without_account(walk: DeputyWalk) -> None:
    """Whose account was closed, whose link was taken off, and who is just invited."""
    invited = world.make_deputy("受邀人")
    email = "invited@secret.example"
    walk.tokens[email] = {"who has the link"}
    walk.invitation = invite(invited, email, by=walk.people[OFFICE]).link.split("/")[-2]
    walk.deputies[UNLINKED].user = None
    walk.deputies[UNLINKED].save()


def close(walk: DeputyWalk) -> None:
    """The account of CLOSED, once they have signed in."""
    type(walk.people[CLOSED]).objects.filter(pk=walk.people[CLOSED].pk).update(is_active=False)


def _in_public(walk: DeputyWalk) -> None:
    """One that everybody reads, and somebody who follows it."""
    proposal = world.make_proposal("0800", sponsor=walk.deputies[OTHER], title="关于公开渠道的建议")
    world.make_assignment(proposal)
    world.make_published_reply(proposal)
    walk.manage = follow("proposal=yunping/14-3/0800", "reader@secret.example").split("/")[-2]
    walk.tokens["reader@secret.example"] = {"who has the link"}


def _write(row: Reply | Proposal | Commitment | Attachment, **texts: str) -> None:
    """Around the guards: a sent letter's text is not changed by its methods."""
    type(row).objects.filter(pk=row.pk).update(**texts)
    row.refresh_from_db()
