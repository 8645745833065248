"""What the desk and the lists of the admin cost: queries and milliseconds, with many proposals.

    .venv/bin/python benchmarks/desk.py [COUNT]

Builds COUNT proposals (default 10,000) with what hangs on them in a new database: in a temporary
folder, or an empty one named by DATABASE_URL. Each page is asked for as somebody of each role,
three times; the best time is told, middleware and template included. SLOW=1 shows the slowest
query. It exits 1 when a desk takes 150 ms or a list 100.
"""

import logging
import os
import sys
import time
from datetime import date, timedelta

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from new_site import analyse, make

from access.rights import STAFF
from assemblies.models import Session
from measures.models import Commitment
from proposals.models import (
    Assignment,
    CoHandlingOpinion,
    Feedback,
    Proposal,
    Reply,
)
from tests.world import (
    make_assembly,
    make_department,
    make_deputy,
    make_member,
    make_rules,
)

COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
DEPARTMENTS = 40
REPEATS = 3
# Milliseconds.
GOAL_OF_DESK, GOAL_OF_LISTS = 150, 100
TEXT = "关于建议的答复。" * 300
STATES = (
    "in_handling",
    "in_handling",
    "replied",
    "tracking",
    "registered",
    "submitted",
    "assigned",
)
LETTER_STATES = ("sent", "sent", "drafting", "in_review", "in_audit", "approved", "signed", "sent")


def main() -> None:
    # Pages that are not for somebody answer 403, and that is no news here.
    logging.getLogger("django.request").setLevel(logging.CRITICAL)
    make()
    users = build(COUNT)
    analyse()
    sys.exit(1 if measure(users) else 0)


def build(count: int) -> list[str]:
    """So many proposals with what hangs on them; answers the accounts, one for each role."""
    today = timezone.localdate()
    make_rules()
    users = [make_member(role).username for role in STAFF]
    parts = build_parts(build_proposals(count, today), today)
    build_opinions([part for part in parts if part.role != "lead"], today)
    replies = build_replies([part for part in parts if part.role == "lead"], today)
    sent = [reply for reply in replies if reply.state == "sent"]
    build_promises(sent, today)
    build_feedback(sent, today)
    return users


def build_proposals(count: int, today: date) -> list[Proposal]:
    session = Session.objects.create(
        assembly=make_assembly(), term=14, number=3, opens_on=date(today.year, 1, 12)
    )
    rows = (
        Proposal(
            session=session,
            number=f"{number:05}",
            number_key=str(number),
            kind=Proposal.Kind.SUGGESTION,
            title=f"关于第{number}件事的建议",
            reason="理由。" * 200,
            state=STATES[number % len(STATES)],
            submitted_on=today - timedelta(days=200),
            registered_on=today - timedelta(days=190),
            assign_by=today + timedelta(days=number % 40 - 20),
            is_key=number % 50 == 0,
        )
        for number in range(1, count + 1)
    )
    return Proposal.objects.bulk_create(rows, batch_size=1000)


def build_parts(proposals: list[Proposal], today: date) -> list[Assignment]:
    """Of each proposal that is handled one lead and one helper."""
    departments = [make_department()] + [
        make_department(f"云平市第{number}局") for number in range(1, DEPARTMENTS)
    ]
    handled = [row for row in proposals if row.state not in ("submitted", "registered")]
    rows = (
        Assignment(
            proposal=proposal,
            department=departments[(number + step) % DEPARTMENTS],
            role=role,
            assigned_on=today - timedelta(days=150),
            acknowledged_on=(None if number % 7 == 0 else today - timedelta(days=140)),
            return_by=today + timedelta(days=number % 20),
            contact_by=today + timedelta(days=number % 30),
            due_on=today + timedelta(days=number % 120 - 60),
        )
        for number, proposal in enumerate(handled)
        for step, role in enumerate(("lead", "co_handling"))
    )
    return Assignment.objects.bulk_create(rows, batch_size=1000)


def build_opinions(helping: list[Assignment], today: date) -> None:
    rows = (
        CoHandlingOpinion(
            assignment=part,
            requested_on=today - timedelta(days=100),
            due_on=part.due_on,
            state="requested" if number % 3 else "submitted",
            submitted_on=None if number % 3 else today,
            text="" if number % 3 else "意见",
        )
        for number, part in enumerate(helping)
    )
    CoHandlingOpinion.objects.bulk_create(rows, batch_size=1000)


def build_replies(leads: list[Assignment], today: date) -> list[Reply]:
    """Letters of three leads in four, in every state."""
    rows = (
        Reply(
            proposal=part.proposal,
            department=part.department,
            text=TEXT,
            title=f"关于{part.proposal}的答复",
            state=LETTER_STATES[number % len(LETTER_STATES)],
            sent_on=today if LETTER_STATES[number % len(LETTER_STATES)] == "sent" else None,
            publish_by=today + timedelta(days=number % 30),
        )
        for number, part in enumerate(leads)
        if number % 4
    )
    return Reply.objects.bulk_create(rows, batch_size=500)


def build_promises(sent: list[Reply], today: date) -> None:
    rows = (
        Commitment(
            reply=reply,
            number=number,
            text=f"年底前完成第{number}项工作。",
            start=number,
            end=number + 8,
            lead_department=reply.department,
            due_on=today + timedelta(days=reply.pk % 300 - 150),
            state="in_progress" if number % 2 else "fulfilled",
            kept_on=None if number % 2 else today,
        )
        for reply in sent
        for number in (1, 2, 3)
    )
    Commitment.objects.bulk_create(rows, batch_size=1000)


def build_feedback(sent: list[Reply], today: date) -> None:
    deputy = make_deputy()
    rows = (Feedback(reply=reply, deputy=deputy, due_on=today) for reply in sent)
    Feedback.objects.bulk_create(rows, batch_size=1000)


def measure(users: list[str]) -> bool:
    """Whether any page is slower than it should be."""
    is_slow = False
    lists = [
        f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        for model in admin.site._registry
    ]
    print(f"{'who':20} {'page':46} {'queries':>7} {'ms':>6} {'SQL ms':>6}")
    for username in users:
        client = Client()
        client.force_login(get_user_model().objects.get(username=username))
        for name in ["admin:index", *lists]:
            told, spent = ask(client, reverse(name))
            if name == "admin:index" and not told:
                sys.exit(f"{username} has no desk: nothing was measured")
            if told:
                goal = GOAL_OF_DESK if name == "admin:index" else GOAL_OF_LISTS
                is_slow = is_slow or spent >= goal
                mark = f"  over {goal}" if spent >= goal else ""
                print(f"{username:20} {name:46} {told}{mark}")
    return is_slow


def ask(client, address: str) -> tuple[str, float]:
    """Queries and milliseconds of one page; nothing for a page that is not the person's."""

    best, queries, in_sql = float("inf"), 0, 0.0
    for _ in range(REPEATS):
        with CaptureQueriesContext(connection) as captured:
            start = time.perf_counter()
            response = client.get(address)
            spent = (time.perf_counter() - start) * 1000
        if response.status_code != 200:
            return "", 0
        queries = len(captured)
        if spent < best:
            best = spent
            in_sql = sum(float(query["time"]) for query in captured.captured_queries) * 1000
            slowest = max(captured.captured_queries, key=lambda query: float(query["time"]))
    if os.environ.get("SLOW"):
        print(slowest["time"], slowest["sql"])
    return f"{queries:7} {best:6.0f} {in_sql:6.0f}", best


if __name__ == "__main__":
    main()
