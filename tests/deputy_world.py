"""A desk with everything on it: a proposal, its letter, and one of each that must not show.

Everything that somebody else wrote for themselves holds `TOKEN`.
"""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from assemblies.models import Deputy, DeputyContact
from measures.models import Commitment, CommitmentFeedback
from proposals.models import (
    Assignment,
    Attachment,
    CoHandlingOpinion,
    Contact,
    Event,
    ExtensionRequest,
    Feedback,
    FeedbackReason,
    Reply,
    ReturnRequest,
)
from tests.world import (
    ASSIGNED_ON,
    LETTER,
    SENT_ON,
    make_assignment,
    make_category,
    make_commitment,
    make_department,
    make_deputy,
    make_feedback,
    make_figure,
    make_measure,
    make_proposal,
    make_rating,
    make_reply,
    make_sponsorship,
    make_user,
)

TOKEN = "密语zq9"


def make_desk(name: str = "林秀兰", username: str = "") -> Deputy:
    """A deputy with an account, and so with a desk."""
    deputy = make_deputy(name)
    if deputy.user is None:
        deputy.user = make_user(username or f"deputy-{name}", is_staff=False)
        deputy.save()
    return deputy


def signed_in(deputy: Deputy) -> Client:
    client = Client()
    client.force_login(deputy.user)
    return client


def make_handled(sponsor: Deputy) -> SimpleNamespace:
    """林秀兰's proposal 0123 with a letter, a co-sponsor, a co-handler, and secrets all around.

    The lead and the co-sponsor have each rated the letter, each with a reason; a draft of a second
    letter lies at the bureau.
    """
    today = timezone.localdate()
    partner = make_desk("周建国")
    proposal = make_proposal(
        sponsor=sponsor,
        reason="早晚高峰学校门口拥堵。",
        request="建议增设公交线路。",
        wished_handler="市交通运输局",
    )
    make_sponsorship(proposal, partner, order=1, asked_on=ASSIGNED_ON, confirmed_on=ASSIGNED_ON)
    declined = make_desk("郑不签")
    make_sponsorship(proposal, declined, order=2, asked_on=ASSIGNED_ON, declined_on=ASSIGNED_ON)
    silent = make_desk("吴未答")
    make_sponsorship(proposal, silent, order=3, asked_on=ASSIGNED_ON)
    part = make_assignment(proposal, acknowledged_on=ASSIGNED_ON + timedelta(days=2))
    helper = make_assignment(
        proposal, department=make_department("云平市财政局"), role=Assignment.Role.CO_HANDLING
    )
    reply = make_reply(proposal, category=make_category())
    reply.co_handlers.add(helper.department)
    measure = make_measure(reply)
    promise = make_commitment(reply)
    make_figure(promise)
    reply.record_sent(on=SENT_ON)
    _hide_beside(part, helper, reply)
    proposal.refresh_from_db()
    return SimpleNamespace(
        proposal=proposal,
        lead=sponsor,
        partner=partner,
        declined=declined,
        silent=silent,
        part=part,
        helper=helper,
        reply=reply,
        measure=measure,
        promise=promise,
        today=today,
    )


def make_told(world: SimpleNamespace) -> None:
    """What its deputies read beside the letter: a talk, a later date, a paper, a report."""
    Contact.log(
        world.part, method="visit", on=ASSIGNED_ON, present="林秀兰、王敏", agreed="先行踏勘学校。"
    )
    ExtensionRequest.objects.create(
        assignment=world.part,
        asked_on=ASSIGNED_ON,
        until=date(2026, 8, 1),
        reason="需要实地调研。",
        decision="agreed",
        decided_on=ASSIGNED_ON + timedelta(days=3),
        decision_reason=f"内部意见{TOKEN}",
    )
    Attachment.objects.create(
        proposal=world.proposal,
        name="照片.pdf",
        file=ContentFile(b"%PDF-1.4 photo", name="photo.pdf"),
        size=14,
        added_on=ASSIGNED_ON,
    )
    world.promise.report(
        Commitment.State.IN_PROGRESS,
        on=SENT_ON + timedelta(days=30),
        text="已建成八座。",
        evidence_title="验收单",
        evidence_file=ContentFile(b"evidence", name="proof.pdf"),
    )


def _hide_beside(part: Assignment, helper: Assignment, reply: Reply) -> None:
    """Rows that hang on the same proposal and are nobody's on the deputies' side."""
    CoHandlingOpinion.objects.create(
        assignment=helper,
        requested_on=ASSIGNED_ON,
        state=CoHandlingOpinion.State.SUBMITTED,
        submitted_on=ASSIGNED_ON,
        text=f"会办意见{TOKEN}",
    )
    ReturnRequest.objects.create(
        assignment=helper,
        asked_on=ASSIGNED_ON,
        reason=f"退办理由{TOKEN}",
        decision="refused",
        decided_on=ASSIGNED_ON,
        decision_reason=f"不予退办{TOKEN}",
    )
    ExtensionRequest.objects.create(
        assignment=helper, asked_on=ASSIGNED_ON, until=date(2026, 9, 9), reason=f"申请{TOKEN}"
    )
    reply.disclosure_decisions.update(reason=f"公开理由{TOKEN}")
    reply.redactions.create(text="王敏", reason=f"遮盖{TOKEN}", decided_on=SENT_ON)
    make_reply(
        reply.proposal,
        round=2,
        sequence=1,
        text=f"{LETTER}\n第二封草稿{TOKEN}",
        title=f"草稿{TOKEN}",
        document_number="",
    )
    for kind in Event.Kind.values:
        if kind not in (Event.Kind.SENT_BACK, Event.Kind.CONVERTED):
            details = {"reason": f"{kind}{TOKEN}", "message": TOKEN, "words": TOKEN}
            if "sign" not in kind:
                details |= {"deputy": TOKEN, "result": TOKEN}
            Event.objects.create(proposal=reply.proposal, kind=kind, on=SENT_ON, details=details)
    DeputyContact.objects.get_or_create(
        deputy=make_desk("周建国"), defaults={"phone": f"139{TOKEN}", "address": TOKEN}
    )


def rate(reply: Reply, deputy: Deputy, label: str, reason: str = "") -> Feedback:
    """A deputy's word on a letter, on the day after it was sent."""
    make_rating("满意")
    feedback = make_feedback(
        reply,
        deputy=deputy,
        state=Feedback.State.RETURNED,
        rated_on=SENT_ON + timedelta(days=1),
        result_rating=make_rating(label),
    )
    if reason:
        FeedbackReason.objects.create(feedback=feedback, text=reason)
    return feedback


def ask_word(promise: Commitment, deputy: Deputy, **fields) -> CommitmentFeedback:
    """The deputy is asked whether the promise is kept."""
    fields.setdefault("cause", CommitmentFeedback.Cause.DUE)
    fields.setdefault("asked_on", timezone.localdate())
    return CommitmentFeedback.objects.create(commitment=promise, deputy=deputy, **fields)
