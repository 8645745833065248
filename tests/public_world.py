"""A small published world, made row by row: what the public pages are tested on."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from public.folding import folded
from public.models import (
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
from public.ordering import sort_key

_numbers = count(1)


def make_assembly(slug: str = "yunping", **facts: Any) -> PublicAssembly:
    facts = {"name": "云屏省人民代表大会", "short_name": "省人大", "kind": "congress", **facts}
    return PublicAssembly.objects.get_or_create(slug=slug, defaults=facts)[0]


def make_session(key: str = "14-3", **facts: Any) -> PublicSession:
    assembly = facts.pop("assembly", None) or make_assembly()
    term, number = (int(part) for part in key.split("-"))
    facts = {
        "label": "省人大十四届三次会议",
        "term": term,
        "number": number,
        "opens_on": date(2025, 1, 14),
        **facts,
    }
    return PublicSession.objects.get_or_create(assembly=assembly, key=key, defaults=facts)[0]


def make_department(slug: str = "education", name: str = "云屏省教育厅", **facts: Any):
    facts = {"name": name, "short_name": name.removeprefix("云屏"), **facts}
    facts.setdefault("sort_key", sort_key(name))
    return PublicDepartment.objects.get_or_create(slug=slug, defaults=facts)[0]


def make_deputy(public_id: str = "d1", name: str = "祝怀瑾", **facts: Any) -> PublicDeputy:
    facts = {"name": name, "group": "澄州市代表团", **facts}
    facts.setdefault("assembly", make_assembly())
    facts.setdefault("sort_key", sort_key(facts["group"], name))
    return PublicDeputy.objects.get_or_create(public_id=public_id, defaults=facts)[0]


def make_proposal(number: str = "", **facts: Any) -> PublicProposal:
    """A published proposal, in the hands of the education department."""
    number = number or f"{next(_numbers):04d}"
    session = facts.pop("session", None) or make_session()
    department = facts.pop("department", None) or make_department()
    deputy = facts.pop("deputy", None) or make_deputy()
    role = facts.pop("role", "lead")
    document = {
        "reason": "校企合作不深。",
        "request": "建立产业导师制度。",
        "in_session": True,
        "is_key": False,
        "merged": [],
        "deputies": [
            {
                "public_id": deputy.public_id,
                "name": deputy.name,
                "group": deputy.group,
                "role": "lead",
            }
        ],
        "departments": [
            {
                "slug": department.slug,
                "name": department.short_name,
                "role": role,
                "assigned_on": "2025-02-10",
                "due_on": "2025-05-10",
            }
        ],
        "life": [
            make_moment("2025-01-16", "submitted"),
            make_moment("2025-02-10", "assigned", department=department.short_name, state=role),
        ],
        "ratings": [],
        "answered_along": None,
        **facts.pop("document", {}),
    }
    facts = {
        "kind": "suggestion",
        "title": f"关于深化职业教育产教融合的建议（{number}）",
        "topic": "教育",
        "status": PublicProposal.Status.IN_HANDLING,
        "lead": department.short_name,
        "sponsor": deputy.name,
        "submitted_on": date(2025, 1, 16),
        "due_on": date(2025, 5, 10),
        "changed_on": date(2025, 2, 10),
        **facts,
    }
    facts.setdefault("folded_title", folded(facts["title"]))
    row = PublicProposal.objects.create(
        path=f"{session.assembly_id}/{session.key}/{number}",
        assembly=session.assembly,
        session=session,
        number=number,
        document=document,
        **facts,
    )
    PublicHandling.objects.create(proposal=row, department=department, role=role)
    PublicSponsor.objects.create(proposal=row, deputy=deputy, role="lead")
    return row


def make_moment(on: str, kind: str, **facts: Any) -> dict[str, Any]:
    empty = {"department": "", "reply": "", "commitment": None, "state": ""}
    return {"on": on, "kind": kind, **empty, **facts}


def make_run(text: str, mark: str | None = None, number: int = 0, **facts: bool) -> dict[str, Any]:
    first = mark is not None
    return {"text": text, "mark": mark, "number": number, "first": first, "sub": False, **facts}


def make_block(kind: str, *runs: dict[str, Any] | str) -> dict[str, Any]:
    made = [make_run(run) if isinstance(run, str) else run for run in runs]
    return {"kind": kind, "runs": made}


def make_reply(proposal: PublicProposal, *, promises: int = 0, **facts: Any) -> PublicReply:
    """A published reply with one measure and so many promises in one paragraph."""
    department = facts.pop("department", None) or make_department()
    key = str(facts.pop("key", "1"))
    said = [
        make_run(f"{n}是2026年底前完成第{n}批建设。", "commitment", n)
        for n in range(1, promises + 1)
    ]
    document = {
        "issuer": department.name,
        "document_number": f"云教建议〔2025〕{proposal.number}号",
        "title": f"关于第{proposal.number}号建议的答复",
        "signatory": "",
        "category_label": "已经解决或基本解决",
        "co_handlers": [],
        "also_answers": [],
        "form": "full",
        "blocks": [
            make_block("issuer", department.name),
            make_block("line", f"云教建议〔2025〕{proposal.number}号"),
            make_block("line", "答复类别：A类"),
            make_block("title", f"关于第{proposal.number}号建议的答复"),
            make_block("salutation", "祝怀瑾代表："),
            make_block("heading", "一、进展"),
            make_block("paragraph", make_run("建成实践中心32个。", "measure", 1)),
            make_block("heading", "二、下一步"),
            make_block("paragraph", make_run("（一）做强平台。", sub=True), *said),
            make_block("sign", "云屏省教育厅"),
            make_block("sign", "2025年4月28日"),
            make_block("copies", "抄送：省人大常委会代表工作委员会。"),
        ],
        "measures": [{"number": 1, "text": "建成实践中心32个。", "heading": "一、进展"}],
        "figures": [
            {
                "text": "32个",
                "value": "32",
                "unit": "个",
                "rank": "",
                "where": "m1",
                "sentence": "建成实践中心32个。",
            }
        ],
        "follow_up": None,
        **facts.pop("document", {}),
    }
    states = facts.pop("states", {})
    facts = {
        "round": 1,
        "version": 1,
        "is_current": True,
        "date": date(2025, 4, 28),
        "published_on": date(2025, 5, 8),
        "locked_on": date(2025, 4, 28),
        "category": "A类",
        "sha256": "9f2c41d0" * 8,
        "text": "建成实践中心32个。",
        "measure_count": 1,
        "commitment_count": promises,
        **facts,
    }
    row = PublicReply.objects.create(
        proposal=proposal, key=key, department=department, document=document, **facts
    )
    for number in range(1, promises + 1):
        make_commitment(row, number, **states.get(number, {}))
    if row.is_current:
        _count_in(row, promises)
    return row


def make_commitment(reply: PublicReply, number: int, **facts: Any) -> PublicCommitment:
    """A promise of the reply; `supporting` are the departments that help."""
    path = reply.proposal.path.replace("/", "-")
    supporting = facts.pop("supporting", [])
    document = {
        "heading": "二、下一步",
        "supporting": [{"slug": each.slug, "name": each.short_name} for each in supporting],
        "printed_departments": [],
        "unknown_departments": [],
        "updates": [],
        **facts.pop("document", {}),
    }
    facts = {
        "text": f"{number}是2026年底前完成第{number}批建设。",
        "department": reply.department,
        "due_text": "2026年底前",
        "due_on": date(2026, 12, 31),
        "strength": "firm",
        "state": "in_progress",
        "changed_on": date(2025, 5, 8),
        **facts,
    }
    row = PublicCommitment.objects.create(
        name=f"{path}-{reply.key}-c{number}",
        reply=reply,
        number=number,
        document=document,
        **facts,
    )
    for department in supporting:
        PublicSupport.objects.create(commitment=row, department=department)
    return row


def make_update(on: str, state: str, **facts: Any) -> dict[str, Any]:
    return {
        "on": on,
        "author": "department",
        "state": state,
        "text": "",
        "due_on": None,
        "evidence_title": "",
        "evidence_url": "",
        **facts,
    }


def _count_in(reply: PublicReply, promises: int) -> None:
    proposal = reply.proposal
    proposal.reply_count += 1
    proposal.commitment_count += promises
    proposal.measure_count += reply.measure_count
    proposal.promises += [
        [promise.state, promise.due_on.isoformat() if promise.due_on else None]
        for promise in reply.commitments.all()
    ]
    proposal.replied_on, proposal.changed_on = reply.date, reply.published_on
    proposal.category = reply.category
    status = PublicProposal.Status.TRACKING if promises else PublicProposal.Status.REPLIED
    proposal.status = status
    proposal.document["life"] += [
        make_moment(
            reply.date.isoformat(),
            "reply_sent",
            department=reply.department.short_name,
            reply=reply.key,
        )
    ]
    proposal.save()
