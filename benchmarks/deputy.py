"""What the desk of a deputy costs: queries and the median of milliseconds, with many proposals.

    .venv/bin/python benchmarks/deputy.py [COUNT]

Builds COUNT own proposals (default 200) among ten times as many of others, each with its letter,
promises and trail, in a new database: in a temporary folder, or an empty one named by DATABASE_URL.
Each page is asked for twenty times, middleware and template included. It exits 1 when a page takes
more than 150 ms or the desk more than 10 queries.
"""

import logging
import statistics
import sys
import time
from datetime import date, timedelta

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from new_site import analyse, make

from assemblies.models import Deputy
from measures.models import Commitment, CommitmentFeedback
from notifications.models import Message
from proposals.models import (
    Assignment,
    Event,
    Feedback,
    Proposal,
    Reply,
    Sponsorship,
)
from tests.world import (
    LETTER,
    make_department,
    make_deputy,
    make_rules,
    make_session,
    make_user,
)

COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 200
REPEATS = 20
GOAL, MOST_QUERIES = 150, 10
# For each own proposal so many of others.
OTHERS = 10
KINDS = ("submitted", "registered", "assigned", "acknowledged", "contacted", "reply_sent")


def main() -> None:
    make()
    logging.disable(logging.CRITICAL)
    deputy = build(COUNT)
    analyse()
    sys.exit(1 if measure(deputy) else 0)


def build(count: int) -> Deputy:
    today = timezone.localdate()
    deputy, other = make_deputy(), make_deputy("周建国")
    deputy.user = make_user("deputy", is_staff=False)
    deputy.save()
    make_rules()
    session, bureau = make_session(), make_department()
    total = count * (1 + OTHERS)
    proposals = Proposal.objects.bulk_create(
        [
            Proposal(
                session=session,
                number=f"{number:05}",
                number_key=str(number),
                kind=Proposal.Kind.SUGGESTION,
                title=f"关于第{number}件事的建议",
                reason="理由。" * 200,
                state="tracking" if number % 2 else "in_handling",
                submitted_on=today - timedelta(days=number % 900),
            )
            for number in range(1, total + 1)
        ],
        batch_size=1000,
    )
    own = [place % (1 + OTHERS) == 0 for place in range(total)]
    Sponsorship.objects.bulk_create(
        Sponsorship(proposal=row, deputy=deputy if mine else other, role="lead")
        for row, mine in zip(proposals, own, strict=True)
    )
    Assignment.objects.bulk_create(
        Assignment(
            proposal=row,
            department=bureau,
            role="sole",
            assigned_on=today - timedelta(days=90),
            due_on=today + timedelta(days=place % 60 - 10),
        )
        for place, row in enumerate(proposals)
    )
    replies = Reply.objects.bulk_create(
        [
            Reply(proposal=row, department=bureau, text=LETTER, state="sent", sent_on=today)
            for row in proposals
            if row.state == "tracking"
        ],
        batch_size=500,
    )
    promises = promise(replies, today)
    Event.objects.bulk_create(
        (
            Event(proposal=row, kind=kind, on=today - timedelta(days=90), department=bureau)
            for row in proposals
            for kind in KINDS
        ),
        batch_size=1000,
    )
    mine = {row.pk for row, is_own in zip(proposals, own, strict=True) if is_own}
    ask(deputy, [reply for reply in replies if reply.proposal_id in mine], promises, today)
    return deputy


def promise(replies: list[Reply], today: date) -> list[Commitment]:
    return Commitment.objects.bulk_create(
        [
            Commitment(
                reply=reply,
                number=number,
                text=f"年底前完成第{number}项工作。",
                start=number,
                end=number + 8,
                lead_department=reply.department,
                due_on=today + timedelta(days=number * 100 - 150),
                state="in_progress",
            )
            for reply in replies
            for number in (1, 2, 3)
        ],
        batch_size=1000,
    )


def ask(deputy: Deputy, letters: list[Reply], promises: list[Commitment], today: date) -> None:
    """Every third own letter is to be rated, a promise of every fifth to be judged."""
    keys = {reply.pk for reply in letters}
    Feedback.objects.bulk_create(
        Feedback(reply=reply, deputy=deputy, due_on=today + timedelta(days=place % 15))
        for place, reply in enumerate(letters[::3])
    )
    CommitmentFeedback.objects.bulk_create(
        CommitmentFeedback(commitment=row, deputy=deputy, cause="due", asked_on=today)
        for row in [row for row in promises if row.reply_id in keys][::15]
    )
    Message.objects.bulk_create(
        Message(recipient=deputy.user, kind="replied", key=f"m{n}", subject="新消息", text=".")
        for n in range(len(letters))
    )


def measure(deputy: Deputy) -> bool:
    """Whether any page is slower than it should be."""
    client = Client()
    client.force_login(deputy.user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    first = Proposal.objects.filter(sponsorships__deputy=deputy, state="tracking").first()
    own = f"/desk/proposals/{first.key}/" if first else "/desk/"
    is_slow = False
    print(f"{'page':28} {'queries':>7} {'median ms':>9}")
    pages = {
        "desk": "/desk/",
        "desk, last page": f"/desk/?page={max(COUNT // 20, 1)}",
        "desk, searched": "/desk/?q=第7&state=tracking",
        "proposal": own,
        "letter": f"{own}replies/1/",
    }
    for name, path in pages.items():
        queries, spent = told(client, path)
        is_over = spent > GOAL or (name.startswith("desk") and queries > MOST_QUERIES)
        is_slow = is_slow or is_over
        mark = f"  over {GOAL} ms or {MOST_QUERIES} queries" if is_over else ""
        print(f"{name:28} {queries:7} {spent:9.1f}{mark}")
    return is_slow


def told(client: Client, path: str) -> tuple[int, float]:
    """Queries of one page, and the median of its milliseconds."""
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
    queries = len(captured)
    if response.status_code != 200:
        sys.exit(f"{path}: {response.status_code}")
    spent = []
    for _each in range(REPEATS):
        start = time.perf_counter()
        client.get(path)
        spent.append((time.perf_counter() - start) * 1000)
    return queries, statistics.median(spent)


if __name__ == "__main__":
    main()
