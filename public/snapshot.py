"""The rows of one proposal's public pages, made from what was approved for them."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

from django.db.models import Model

from departments.models import Department
from departments.naming import POSSESSIVES, spellings
from measures.models import Commitment, CommitmentUpdate
from proposals.models import Assignment, Reply
from public import letter_page
from public.approved import Approved
from public.folding import folded
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
    PublicSupport,
)
from public.names import commitment_name, proposal_path
from public.ordering import sort_key

Row = TypeVar("Row", bound=Model)


class Snapshot:
    """Writes the rows of one proposal from what was approved; each department once."""

    def __init__(self, source: Approved) -> None:
        self.source = source
        self.proposal = source.proposal
        self.replies = source.replies
        self.assignments = source.assignments
        self.promises = [p for reply in self.replies for p in letter_page.shown_promises(reply)]
        self.along = source.answered_along
        self.life = life_of(source)
        self._departments: dict[str, PublicDepartment] = {}

    def write(self) -> PublicProposal:
        session = self._write_session()
        self._departments = self._write_departments()
        row = PublicProposal.objects.create(
            # The same key as the working row: found again when its number changes.
            id=self.proposal.pk,
            path=proposal_path(self.proposal),
            assembly_id=session.assembly_id,
            session=session,
            **self._columns(),
            document=self._document(),
        )
        self._write_people(row)
        for reply in self.replies:
            self._write_reply(reply, row)
        return row

    def _columns(self) -> dict[str, object]:
        proposal, replies = self.proposal, self.replies
        answering = [a for a in self.assignments if a.role in Assignment.ANSWERING]
        lead = next((s for s in self.source.sponsorships if s.role == "lead"), None)
        # A further round is not a published fact, and the first letter is measured by its own date.
        dues = [a.first_due_on for a in answering if a.first_due_on]
        return {
            "number": proposal.number,
            "kind": proposal.kind,
            "title": proposal.title,
            "folded_title": folded(proposal.title),
            "topic": proposal.topic.name if proposal.topic else "",
            "status": self._status(answering),
            **letter_page.category_columns(replies[-1] if replies else None),
            "lead": "、".join(str(a.department) for a in answering),
            "sponsor": str(lead.deputy) if lead else "",
            "submitted_on": proposal.submitted_on,
            "due_on": max(dues, default=None),
            "replied_on": max((r.date for r in replies if r.date), default=None),
            "changed_on": self._changed_on(),
            "reply_count": len(replies),
            "measure_count": sum(len(letter_page.shown_measures(r)) for r in replies),
            "commitment_count": len(self.promises),
            "promises": [[p.state, _iso(p.due_on)] for p in self.promises],
        }

    def _status(self, answering: list[Assignment]) -> str:
        """How far the proposal is, told from published facts alone."""
        status = PublicProposal.Status
        if any(promise.state in OPEN_STATES for promise in self.promises):
            return status.TRACKING
        if self.promises:
            return status.CLOSED
        if self.replies or self.along:
            return status.REPLIED
        return status.IN_HANDLING if answering else status.REGISTERED

    def _changed_on(self) -> date:
        """The day of the last thing that the public can read of it."""
        days = [date.fromisoformat(str(item["on"])) for item in self.life]
        return max([*days, self.source.published_on])

    def _document(self) -> dict[str, object]:
        proposal, along = self.proposal, self.along
        return {
            "reason": proposal.reason,
            "request": proposal.request,
            "in_session": proposal.in_session,
            "is_key": proposal.is_key,
            "merged": [letter_page.link_to(other) for other in self.source.merged],
            "deputies": [
                {
                    "public_id": s.deputy.public_id,
                    "name": s.deputy.name,
                    "group": s.deputy.group,
                    "role": s.role,
                }
                for s in self.source.sponsorships
            ],
            "departments": [_handling(assignment) for assignment in self.assignments],
            "life": self.life,
            "ratings": self._ratings(),
            "answered_along": (
                {
                    "url": f"/proposals/{proposal_path(along.proposal)}/replies/{along.key}/",
                    "number": along.proposal.number,
                }
                if along
                else None
            ),
        }

    def _ratings(self) -> list[dict[str, object]]:
        if not self.proposal.assembly.publishes_ratings:
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
            for reply in self.replies
            for feedback in reply.feedback.all()
            if feedback.result_rating
        ]

    def _write_session(self) -> PublicSession:
        session = self.proposal.session
        source = session.assembly
        values = {
            "name": source.name,
            "short_name": source.short_name or source.name,
            "kind": source.kind,
            "is_demo": source.is_demo,
        }
        assembly = _kept(PublicAssembly, {source.slug: values})[source.slug]
        row, _created = PublicSession.objects.update_or_create(
            assembly=assembly,
            key=session.key,
            defaults={
                "label": str(session),
                "term": session.term,
                "number": session.number,
                "opens_on": session.opens_on,
            },
        )
        return row

    def _write_people(self, row: PublicProposal) -> None:
        PublicHandling.objects.bulk_create(
            PublicHandling(proposal=row, department=self._department(a.department), role=a.role)
            for a in self.assignments
        )
        deputies = _kept(
            PublicDeputy,
            {
                s.deputy.public_id: {
                    "assembly_id": row.assembly_id,
                    "name": s.deputy.name,
                    "group": s.deputy.group,
                    "sort_key": sort_key(s.deputy.group, s.deputy.name),
                }
                for s in self.source.sponsorships
            },
        )
        PublicSponsor.objects.bulk_create(
            PublicSponsor(proposal=row, deputy=deputies[s.deputy.public_id], role=s.role)
            for s in self.source.sponsorships
        )

    def _write_departments(self) -> dict[str, PublicDepartment]:
        named = [a.department for a in self.assignments]
        named += [reply.department for reply in self.replies]
        for promise in self.promises:
            named += [promise.lead_department, *promise.supporting_departments.all()]
        return _kept(PublicDepartment, {d.slug: _department_values(d) for d in named})

    def _department(self, department: Department) -> PublicDepartment:
        return self._departments[department.slug]

    def _write_reply(self, reply: Reply, row: PublicProposal) -> None:
        versions = list(reply.versions.all())
        for version in versions:
            is_current = version is versions[-1]
            why = self.source.redacted[reply.pk].get(version.number, [])
            page = letter_page.page_of(reply, version, is_current=is_current, redacted=why)
            if page is None:
                continue
            public_reply = PublicReply.objects.create(
                proposal=row,
                key=reply.key,
                round=reply.round,
                version=version.number,
                is_current=is_current,
                department=self._department(reply.department),
                date=reply.date,
                published_on=page.published_on,
                locked_on=version.locked_on,
                category=letter_page.category_columns(reply)["category"],
                sha256=page.sha256,
                text=page.text,
                measure_count=page.measure_count,
                commitment_count=len(page.commitments),
                document=page.document,
            )
            self._write_commitments(page, reply, public_reply)

    def _write_commitments(
        self, page: letter_page.Page, reply: Reply, public_reply: PublicReply
    ) -> None:
        rows = PublicCommitment.objects.bulk_create(
            PublicCommitment(
                name=commitment_name(reply, promise.number),
                reply=public_reply,
                number=promise.number,
                text=promise.text,
                department=self._department(promise.lead_department),
                due_text=promise.due_text,
                due_on=promise.due_on,
                strength=promise.strength,
                state=promise.state,
                kept_on=promise.kept_on,
                changed_on=max([page.published_on, *(u.on for u in promise.updates.all())]),
                document={
                    "heading": promise.heading,
                    "supporting": [_named(d) for d in promise.supporting_departments.all()],
                    "printed_departments": promise.printed_departments,
                    "unknown_departments": _unknown(promise),
                    "updates": [_update(update) for update in promise.updates.all()],
                },
            )
            for promise in page.commitments
        )
        PublicSupport.objects.bulk_create(
            PublicSupport(commitment=row, department=self._department(department))
            for row, promise in zip(rows, page.commitments, strict=True)
            for department in promise.supporting_departments.all()
        )


def _kept(model: type[Row], values: dict[str, dict[str, Any]]) -> dict[str, Row]:
    """The rows with these keys and values: what is there and the same is left alone."""
    rows = model._default_manager.in_bulk(values)
    for key, fields in values.items():
        row = rows.get(key)
        if row is None:
            rows[key] = model._default_manager.create(pk=key, **fields)
        elif any(getattr(row, name) != value for name, value in fields.items()):
            for name, value in fields.items():
                setattr(row, name, value)
            row.save()
    return rows


def _department_values(department: Department) -> dict[str, Any]:
    return {
        "name": department.name,
        "short_name": department.short_name or department.name,
        "sort_key": sort_key(department.name),
        "document": {
            "aliases": [alias.name for alias in department.aliases.all()],
            "successor": _named(department.successor) if department.successor else None,
            "predecessors": [_named(d) for d in department.predecessors.all()],
            "valid_to": _iso(department.valid_to),
        },
    }


def _handling(assignment: Assignment) -> dict[str, object]:
    # What a co-handler owes is owed to the lead, not to the public.
    due_on = assignment.first_due_on if assignment.role in Assignment.ANSWERING else None
    return {
        **_named(assignment.department),
        "role": assignment.role,
        "assigned_on": _iso(assignment.assigned_on),
        "due_on": _iso(due_on),
    }


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


def _unknown(promise: Commitment) -> list[str]:
    """The names printed in the promise that are none of the departments it was assigned to."""
    known: set[str] = set()
    for department in (promise.lead_department, *promise.supporting_departments.all()):
        aliases = [alias.name for alias in department.aliases.all()]
        known.update((department.name, department.short_name, *aliases))
    region = promise.lead_department.region
    return [
        name
        for name in promise.printed_departments
        # 我厅 and 本局 are the department that writes.
        if not name.startswith(POSSESSIVES) and known.isdisjoint(spellings(name, region))
    ]


def _named(department: Department) -> dict[str, str]:
    return {"slug": department.slug, "name": str(department)}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
