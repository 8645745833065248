"""The only writer of the snapshot tables: copies what was approved for the public, nothing else.

Every room below records an Event; the ones that can change a public page write the proposal's
rows anew, in the same transaction. Withdrawing deletes them: gone at the next request.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import Prefetch, QuerySet

from measures.models import Commitment, CommitmentUpdate
from proposals.models import Assignment, Event, Feedback, Proposal, Reply, Sponsorship
from public import letter_page
from public.life import life_of
from public.models import (
    OPEN_STATES,
    PublicAssembly,
    PublicCommitment,
    PublicDepartment,
    PublicDeputy,
    PublicHandling,
    PublicProposal,
    PublicReply,
    PublicSession,
    PublicSponsor,
)
from public.names import commitment_name, proposal_path

# What happens before or beside publication changes no public page.
SILENT = {
    Event.Kind.RETURN_ASKED,
    Event.Kind.RETURN_REFUSED,
    Event.Kind.EXTENSION_ASKED,
    Event.Kind.EXTENSION_REFUSED,
    Event.Kind.OPINION_SUBMITTED,
    Event.Kind.OPINION_ACCEPTED,
    Event.Kind.OPINION_SENT_BACK,
    Event.Kind.CONTACTED,
    Event.Kind.REPLY_ENTERED,
}


def on_event(event: Event) -> None:
    """Write the public rows of the event's proposal anew, and of those its letters answer along."""
    if event.kind in SILENT:
        return
    refresh(event.proposal_id)
    along = Proposal.objects.filter(answered_along__proposal_id=event.proposal_id).distinct()
    for other in along.values_list("pk", flat=True):
        refresh(other)


@transaction.atomic
def refresh(proposal_id: int) -> None:
    """Make the public rows of one proposal what they must be now; none where it is not public."""
    proposal = _with_everything(Proposal.objects.filter(pk=proposal_id)).get()
    before = PublicProposal.objects.filter(path=proposal_path(proposal))
    if not (proposal.is_published or before.exists()):
        return
    names = _names_on(before)
    before.delete()
    if proposal.is_published:
        _write(proposal)
    _drop_unused(names)


@transaction.atomic
def rebuild() -> int:
    """Write all public rows anew from the working tables; answers how many proposals are public."""
    for table in (PublicAssembly, PublicDepartment):
        table.objects.all().delete()
    ids = list(Proposal.objects.published().order_by("pk").values_list("pk", flat=True))
    for proposal_id in ids:
        refresh(proposal_id)
    return len(ids)


def _with_everything(proposals: QuerySet[Proposal]) -> QuerySet[Proposal]:
    replies = (
        Reply.objects.published()
        .select_related("department", "category", "proposal__session__assembly")
        .prefetch_related(
            "versions",
            "co_handlers",
            "measures",
            "also_answers__session__assembly",
            "follow_ups__category",
            Prefetch(
                "commitments",
                Commitment.objects.select_related("lead_department").prefetch_related(
                    "supporting_departments", "updates"
                ),
            ),
            "figures",
            Prefetch(
                "feedback",
                Feedback.objects.filter(state=Feedback.State.RETURNED).select_related(
                    "deputy", "process_rating", "result_rating"
                ),
            ),
        )
    )
    return proposals.select_related("session__assembly", "topic").prefetch_related(
        Prefetch("replies", replies, to_attr="public_replies"),
        Prefetch(
            "assignments",
            Assignment.objects.filter(ended_on=None).select_related("department"),
            to_attr="public_assignments",
        ),
        Prefetch(
            "sponsorships",
            Sponsorship.objects.filter(declined_on=None).select_related("deputy"),
            to_attr="public_sponsorships",
        ),
        Prefetch("merged", Proposal.objects.published().select_related("session__assembly")),
        Prefetch(
            "answered_along",
            Reply.objects.published()
            .filter(proposal__in=Proposal.objects.published())
            .select_related("proposal__session__assembly"),
        ),
    )


def _write(proposal: Proposal) -> None:
    session = _write_session(proposal)
    replies: list[Reply] = proposal.public_replies
    promises = [promise for reply in replies for promise in reply.commitments.all()]
    latest = replies[-1] if replies else None
    along = proposal.answered_along.first()
    life = life_of(proposal)
    answering = [a for a in proposal.public_assignments if a.role in Assignment.ANSWERING]
    lead = next((s for s in proposal.public_sponsorships if s.role == "lead"), None)
    dues = [a.reply_due_on for a in answering if a.reply_due_on]
    row = PublicProposal.objects.create(
        path=proposal_path(proposal),
        assembly_id=session.assembly_id,
        session=session,
        number=proposal.number,
        kind=proposal.kind,
        title=proposal.title,
        topic=proposal.topic.name if proposal.topic else "",
        status=_status(answering, replies, promises, along),
        **letter_page.category_columns(latest),
        lead="、".join(str(a.department) for a in answering),
        sponsor=str(lead.deputy) if lead else "",
        submitted_on=proposal.submitted_on,
        due_on=max(dues, default=None),
        replied_on=max((r.date for r in replies if r.date), default=None),
        changed_on=_changed_on(proposal, life),
        reply_count=len(replies),
        measure_count=sum(len(reply.measures.all()) for reply in replies),
        commitment_count=len(promises),
        promises=[[p.state, _iso(p.due_on)] for p in promises],
        document=_document(proposal, life, along),
    )
    _write_people(proposal, row)
    for reply in replies:
        _write_reply(reply, row)


def _status(
    answering: list[Assignment],
    replies: list[Reply],
    promises: list[Commitment],
    along: Reply | None,
) -> str:
    """How far the proposal is, told from published facts alone."""
    if any(promise.state in OPEN_STATES for promise in promises):
        return PublicProposal.Status.TRACKING
    if promises:
        return PublicProposal.Status.CLOSED
    if replies or along:
        return PublicProposal.Status.REPLIED
    return PublicProposal.Status.IN_HANDLING if answering else PublicProposal.Status.REGISTERED


def _changed_on(proposal: Proposal, life: list[dict[str, object]]) -> date:
    """The day of the last thing that the public can read of it."""
    days = [date.fromisoformat(str(item["on"])) for item in life]
    return max([*days, proposal.published_on])


def _document(
    proposal: Proposal, life: list[dict[str, object]], along: Reply | None
) -> dict[str, object]:
    return {
        "reason": proposal.reason,
        "request": proposal.request,
        "in_session": proposal.in_session,
        "is_key": proposal.is_key,
        "merged": [_link(other) for other in proposal.merged.all()],
        "deputies": [
            {
                "public_id": s.deputy.public_id,
                "name": s.deputy.name,
                "group": s.deputy.group,
                "role": s.role,
            }
            for s in proposal.public_sponsorships
        ],
        "departments": [
            {
                "slug": a.department.slug,
                "name": str(a.department),
                "role": a.role,
                "assigned_on": _iso(a.assigned_on),
                # What a co-handler owes is owed to the lead, not to the public.
                "due_on": _iso(a.reply_due_on) if a.role in Assignment.ANSWERING else None,
            }
            for a in proposal.public_assignments
        ],
        "life": life,
        "ratings": _ratings(proposal),
        "answered_along": (
            {
                "url": f"/proposals/{proposal_path(along.proposal)}/replies/{along.key}/",
                "number": along.proposal.number,
            }
            if along
            else None
        ),
    }


def _ratings(proposal: Proposal) -> list[dict[str, object]]:
    if not proposal.assembly.publishes_ratings:
        return []
    return [
        {
            "reply": reply.key,
            "deputy": feedback.deputy.name,
            "process": feedback.process_rating.label if feedback.process_rating else "",
            "result": feedback.result_rating.label,
            "meaning": feedback.result_rating.meaning,
            "on": _iso(feedback.rated_on),
        }
        for reply in proposal.public_replies
        for feedback in reply.feedback.all()
    ]


def _write_session(proposal: Proposal) -> PublicSession:
    session = proposal.session
    source = session.assembly
    assembly, _created = PublicAssembly.objects.update_or_create(
        slug=source.slug,
        defaults={
            "name": source.name,
            "short_name": source.short_name or source.name,
            "kind": source.kind,
            "is_demo": source.is_demo,
        },
    )
    row, _created = PublicSession.objects.update_or_create(
        assembly=assembly,
        key=session.key,
        defaults={"label": str(session), "opens_on": session.opens_on},
    )
    return row


def _write_people(proposal: Proposal, row: PublicProposal) -> None:
    for assignment in proposal.public_assignments:
        department = _write_department(assignment.department)
        PublicHandling.objects.create(proposal=row, department=department, role=assignment.role)
    for sponsorship in proposal.public_sponsorships:
        deputy, _created = PublicDeputy.objects.update_or_create(
            public_id=sponsorship.deputy.public_id,
            defaults={
                "assembly_id": row.assembly_id,
                "name": sponsorship.deputy.name,
                "group": sponsorship.deputy.group,
            },
        )
        PublicSponsor.objects.create(proposal=row, deputy=deputy, role=sponsorship.role)


def _write_department(department) -> PublicDepartment:
    row, _created = PublicDepartment.objects.update_or_create(
        slug=department.slug,
        defaults={
            "name": department.name,
            "short_name": department.short_name or department.name,
            "document": {
                "aliases": [alias.name for alias in department.aliases.all()],
                "successor": _department_link(department.successor),
                "predecessors": [_department_link(d) for d in department.predecessors.all()],
                "valid_to": _iso(department.valid_to),
            },
        },
    )
    return row


def _write_reply(reply: Reply, row: PublicProposal) -> None:
    department = _write_department(reply.department)
    versions = list(reply.versions.all())
    for version in versions:
        is_current = version is versions[-1]
        page = letter_page.page_of(reply, version, is_current=is_current)
        if page is None:
            continue
        public_reply = PublicReply.objects.create(
            proposal=row,
            key=reply.key,
            round=reply.round,
            version=version.number,
            is_current=is_current,
            department=department,
            date=reply.date,
            published_on=reply.published_on,
            locked_on=version.locked_on,
            category=letter_page.category_columns(reply)["category"],
            sha256=page.sha256,
            measure_count=len(page.document["measures"]),
            commitment_count=len(page.commitments),
            document=page.document,
        )
        _write_commitments(page.commitments, reply, public_reply)


def _write_commitments(
    commitments: Iterable[Commitment], reply: Reply, public_reply: PublicReply
) -> None:
    rows = []
    for promise in commitments:
        updates = list(promise.updates.all())
        row = PublicCommitment(
            name=commitment_name(reply, promise.number),
            reply=public_reply,
            number=promise.number,
            text=promise.text,
            department=_write_department(promise.lead_department),
            due_text=promise.due_text,
            due_on=promise.due_on,
            strength=promise.strength,
            state=promise.state,
            kept_on=promise.kept_on,
            changed_on=max([reply.published_on, *(update.on for update in updates)]),
            document={
                "heading": promise.heading,
                "supporting": [_department_link(d) for d in promise.supporting_departments.all()],
                "printed_departments": promise.printed_departments,
                "updates": [_update(update) for update in updates],
            },
        )
        rows.append(row)
    PublicCommitment.objects.bulk_create(rows)


def _update(update: CommitmentUpdate) -> dict[str, object]:
    # A deputy's reason for disputing is told to those who keep the promise, not to everybody.
    text = update.text if update.author != CommitmentUpdate.Author.DEPUTY else ""
    return {
        "on": _iso(update.on),
        "author": update.author,
        "state": update.state,
        "text": text,
        "due_on": _iso(update.due_on),
        "evidence_title": update.evidence_title,
        "evidence_url": update.evidence_url,
    }


def _names_on(proposals: QuerySet[PublicProposal]) -> dict[str, list[object]]:
    """Whoever is named on these proposals' pages: they may have to go with them."""
    return {
        "departments": [
            *PublicHandling.objects.filter(proposal__in=proposals).values_list(
                "department", flat=True
            ),
            *PublicReply.objects.filter(proposal__in=proposals).values_list(
                "department", flat=True
            ),
            *PublicCommitment.objects.filter(reply__proposal__in=proposals).values_list(
                "department", flat=True
            ),
        ],
        "deputies": list(
            PublicSponsor.objects.filter(proposal__in=proposals).values_list("deputy", flat=True)
        ),
        "sessions": list(proposals.values_list("session", flat=True)),
        "assemblies": list(proposals.values_list("assembly", flat=True)),
    }


def _drop_unused(names: dict[str, list[object]]) -> None:
    """Of these names, drop those that stand on no public page any more."""
    PublicDepartment.objects.filter(
        handlings=None, replies=None, commitments=None, pk__in=names["departments"]
    ).delete()
    PublicDeputy.objects.filter(sponsorings=None, pk__in=names["deputies"]).delete()
    PublicSession.objects.filter(proposals=None, pk__in=names["sessions"]).delete()
    PublicAssembly.objects.filter(sessions=None, pk__in=names["assemblies"]).delete()


def _link(proposal: Proposal) -> dict[str, str]:
    path = proposal_path(proposal)
    return {"url": f"/proposals/{path}/", "number": proposal.number, "title": proposal.title}


def _department_link(department) -> dict[str, str] | None:
    if department is None:
        return None
    return {"slug": department.slug, "name": str(department)}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
