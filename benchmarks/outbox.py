"""What sending the outbox costs: seconds, memory and queries, with many messages.

    .venv/bin/python benchmarks/outbox.py [COUNT]

Writes COUNT messages (default 10,000), half of them to a deputy about a proposal, half of them to
addresses without an account, in a new database: in a temporary folder, or an empty one named by
DATABASE_URL. They are sent to a mail server of its own process on this machine (tests/smtpd.py)
that keeps each in a file. It exits 1 when they take more than ten minutes, when memory grows by
more than 20 MB, or when not each has arrived once.
"""

import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from new_site import make

from notifications.models import Message
from notifications.outbox import Notice, deliver, tell_address, tell_all
from tests.mail_server import MailServer, mail_server
from tests.world import make_deputy, make_proposal, make_user

COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
# Seconds, and megabytes.
GOAL, GROWTH = 600, 20


def main() -> None:
    make()
    write(COUNT)
    with mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        sys.exit(0 if send(server) else 1)


def write(count: int) -> None:
    user = make_user("linxiulan", email="linxiulan@rd.cn", is_staff=False)
    proposal = make_proposal(sponsor=make_deputy(user=user))
    facts = {"subject": "已答复", "text": "市交通运输局的答复来了。请在规定时间内评价。"}
    about = {"recipient": user, "kind": Message.Kind.REPLIED, "path": "/desk/"}
    for number in range(count):
        if number % 2:
            notice = Notice(**about, key=f"told {number}", proposal=proposal, **facts)
            tell_all([notice])
        else:
            key, address = f"news {number}", f"reader{number}@gov.cn"
            tell_address(address, Message.Kind.FOLLOWED, key=key, **facts)


def send(server: MailServer) -> bool:
    queries, most = Counter(), [memory()]
    before, start = most[0], time.perf_counter()
    with connection.execute_wrapper(counter(queries, most)):
        result = deliver()
    seconds, growth = time.perf_counter() - start, most[0] - before
    arrived = Counter(mail["Message-ID"] for mail in server.mails)
    each = sum(queries.values()) / COUNT
    print(f"{connection.vendor}: {result.sent:,} messages in {seconds:.0f} s")
    print(f"  {result.sent / seconds:.0f} a second, {each:.1f} queries each")
    print(f"  memory grew by {growth:.1f} MB")
    print(f"  arrived: {len(arrived):,}, twice: {sum(count > 1 for count in arrived.values())}")
    is_whole = len(arrived) == COUNT and set(arrived.values()) == {1}
    return is_whole and seconds < GOAL and growth < GROWTH


def counter(queries: Counter, most: list[float]) -> Callable[..., Any]:
    """Counts what is asked, and looks now and then how much memory is in use."""

    def count(execute, sql, params, many, context):
        queries[sql[:6]] += 1
        if sum(queries.values()) % 100 == 0:
            most[0] = max(most[0], memory())
        return execute(sql, params, many, context)

    return count


def memory() -> float:
    """What this process uses now, in megabytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024 / 1024


if __name__ == "__main__":
    main()
