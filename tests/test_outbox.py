"""Ten thousand messages: a few in memory, each sent once, and a killed sender loses none."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
import weakref
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from email.header import decode_header, make_header
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings as site
from django.db import connection
from django.db.models.signals import post_init
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notifications import line
from notifications.mail import mail_of
from notifications.models import LOST_AFTER, Message
from notifications.outbox import deliver, report, tell, tell_address
from tests.mail_server import REFUSE, MailServer, free_port, mail_server
from tests.waiting import wait_until
from tests.world import make_deputy, make_member, make_proposal, make_user

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def server(settings) -> Iterator[MailServer]:
    with mail_server() as running:
        use(settings, running.port)
        yield running


def use(settings, port: int) -> None:
    settings.EMAIL_CONFIGURED = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 60


def write(count: int) -> None:
    """So many messages to addresses without an account."""
    for number in range(count):
        tell_address(
            f"reader{number}@gov.cn",
            Message.Kind.FOLLOWED,
            key=f"news {number}",
            subject=f"第{number}条",
            text="新的进展。",
        )


def deputy_account(name: str = "linxiulan"):
    user = make_user(name, email=f"{name}@rd.cn", is_staff=False)
    make_deputy(user=user)
    return user


# A few in memory ------------------------------------------------------------------------


@pytest.mark.django_db
def test_however_many_wait_only_a_few_are_in_memory(server: MailServer):
    alive: weakref.WeakSet[Message] = weakref.WeakSet()
    most = 0

    def count(instance: Message, **kwargs) -> None:
        nonlocal most
        alive.add(instance)
        most = max(most, len(alive))

    write(60)
    post_init.connect(count, sender=Message)
    try:
        assert deliver().sent == 60
    finally:
        post_init.disconnect(count, sender=Message)

    # The one in hand, and the one before it.
    assert most <= 3


@pytest.mark.django_db
def test_each_message_costs_the_same_few_queries_and_each_fetches_one_row(server: MailServer):
    costs = []
    for count in (10, 20):
        Message.objects.all().delete()
        write(count)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert deliver().sent == count
        costs.append(len(asked) / count)
        fetches = [query["sql"] for query in asked if query["sql"].startswith("SELECT")]
        assert all("LIMIT 1" in sql for sql in fetches)

    assert costs[1] <= costs[0] <= 6


@pytest.mark.django_db
def test_many_messages_go_out_over_one_line(server: MailServer, monkeypatch):
    opened = []
    open_line = line.get_connection

    def counted():
        opened.append(1)
        return open_line()

    monkeypatch.setattr(line, "get_connection", counted)
    write(30)

    assert deliver().sent == 30
    assert len(opened) == 1
    assert server.count == 30


@pytest.mark.django_db
def test_a_line_carries_so_many_and_no_more(server: MailServer, monkeypatch):
    opened = []
    open_line = line.get_connection
    monkeypatch.setattr(line, "get_connection", lambda: opened.append(1) or open_line())
    monkeypatch.setattr(line, "MOST_ON_ONE_LINE", 10)
    write(25)

    assert deliver().sent == 25
    assert len(opened) == 3


@pytest.mark.django_db
def test_a_server_that_hung_up_between_two_messages_loses_neither(settings):
    """The line is asked before each message: who hung up has taken nothing of it."""
    port = free_port()
    use(settings, port)
    write(2)
    calling = line.Line()
    messages = list(Message.objects.order_by("pk"))

    with mail_server(port) as first:
        calling.send(mail_of(messages[0]))
        assert first.count == 1
    with mail_server(port) as second:
        calling.send(mail_of(messages[1]))
        assert second.count == 1
    calling.close()


@pytest.mark.django_db
def test_after_a_refusal_the_next_goes_out_over_a_new_line(server: MailServer):
    write(3)
    server.unknown("reader1@gov.cn")

    result = deliver()

    assert (result.sent, result.failed) == (2, 1)
    assert sorted(mail["To"] for mail in server.mails) == ["reader0@gov.cn", "reader2@gov.cn"]


@pytest.mark.django_db
def test_what_is_not_to_be_sent_is_not_in_the_way(server: MailServer):
    """Messages of the desk alone, and held ones, stay for ever: the index has none of them."""
    if connection.vendor == "postgresql":
        pytest.skip("with few rows it reads the table, whatever index there is")
    waiting = Message.objects.waiting(at=timezone.now()).order_by("next_try_at", "pk")

    assert "message_to_send" in waiting.explain()
    assert "TEMP B-TREE" not in waiting.explain()


# Killed ---------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_sender_killed_in_the_middle_goes_on_and_sends_none_twice(tmp_path: Path):
    """A real process, killed with SIGKILL after a hundred; the mails are counted."""
    count = 300
    with mail_server() as server:
        write(count)
        environment = _environment(tmp_path, server.port)
        _interrupted(signal.SIGKILL, server, environment, after=100)

        _run(environment, "send_messages")
        _run(environment, "shell", "-c", _LATER)
        ended = _run(environment, "send_messages", check=False)

        arrived = Counter(mail["Message-ID"] for mail in server.mails)
        lost = _lost_in(ended.stderr)
    assert set(arrived.values()) == {1}
    # The one that was in hand is named, and sent no more, whether it had gone out or not.
    assert len(lost) <= 1
    assert count - len(lost) <= len(arrived) <= count
    assert (ended.returncode != 0) == bool(lost)


@pytest.mark.django_db(transaction=True)
def test_a_sender_told_to_stop_ends_what_it_has_in_hand_and_leaves_nothing_unclear(tmp_path: Path):
    """As systemd does at a restart, or when it takes too long."""
    count, some = 120, 40
    with mail_server() as server:
        write(count)
        environment = _environment(tmp_path, server.port)
        assert _interrupted(signal.SIGTERM, server, environment, after=some) == 0
        assert some <= server.count < count

        _run(environment, "shell", "-c", _LATER)
        _run(environment, "send_messages")

        arrived = Counter(mail["Message-ID"] for mail in server.mails)
    assert len(arrived) == count and set(arrived.values()) == {1}


def _interrupted(
    by: signal.Signals, server: MailServer, environment: dict[str, str], *, after: int
) -> int:
    """A sender that gets this signal with a mail in its hand, after so many; how it ended."""
    server.holds_after(after)
    sender = subprocess.Popen(_command("send_messages"), cwd=ROOT, env=environment)
    wait_until(lambda: server.count == after)
    sender.send_signal(by)
    server.holds_after(sys.maxsize)
    return sender.wait()


# As the day after: the one in hand counts as lost.
_LATER = """
from django.db.models import F
from notifications.models import LOST_AFTER, Message
Message.objects.filter(sent_at=None).update(sending_at=F("sending_at") - LOST_AFTER)
"""


def _environment(folder: Path, port: int) -> dict[str, str]:
    """A site of its own on what was written: a copy of SQLite's, or PostgreSQL's test database."""
    if connection.vendor == "postgresql":
        facts = connection.get_connection_params()
        place = urlsplit(os.environ["DATABASE_URL"])
        database = place._replace(path=f"/{facts['dbname']}").geturl()
    else:
        database = f"sqlite:///{folder / 'outbox.sqlite3'}"
        with closing(sqlite3.connect(folder / "outbox.sqlite3")) as copy:
            connection.ensure_connection()
            connection.connection.backup(copy)
    return {
        **os.environ,
        "DATA_DIR": str(folder),
        "DATABASE_URL": database,
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }


def _command(*words: str) -> list[str]:
    return [sys.executable, "manage.py", *words]


def _run(environment: dict[str, str], *words: str, check: bool = True):
    return subprocess.run(
        _command(*words), cwd=ROOT, env=environment, check=check, capture_output=True, text=True
    )


def _lost_in(said: str) -> list[str]:
    return re.findall(r"^[0-9a-f]{8}-[0-9a-f-]{27}", said, re.MULTILINE)


# To whom --------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_deputy_and_a_reader_without_an_account_are_mailed(server: MailServer):
    user = deputy_account()
    tell(user, Message.Kind.REPLIED, key="one", subject="已答复", text="答复来了。")
    write(1)

    assert deliver().sent == 2
    assert {mail["To"] for mail in server.mails} == {"linxiulan@rd.cn", "reader0@gov.cn"}


@pytest.mark.django_db
@pytest.mark.parametrize("closed", ["the account", "the seat"])
def test_a_deputy_whose_account_is_closed_gets_no_mail(server: MailServer, closed: str):
    user = deputy_account()
    tell(user, Message.Kind.REPLIED, key="one", subject="已答复", text="答复来了。")
    if closed == "the account":
        user.is_active = False
        user.save()
    else:
        deputy = make_deputy()
        deputy.user = None
        deputy.save()

    assert deliver().sent == 0


@pytest.mark.django_db
def test_who_may_not_see_it_any_more_is_not_mailed_and_keeps_it_on_the_desk(server: MailServer):
    user = deputy_account()
    proposal = make_proposal(sponsor=user.deputy)
    told = {"subject": "已答复", "text": "答复来了。", "proposal": proposal}
    tell(user, Message.Kind.REPLIED, key="one", **told)
    proposal.sponsorships.all().delete()

    assert deliver().sent == 0
    assert server.count == 0
    assert Message.objects.for_desk(user).count() == 1


@pytest.mark.django_db
def test_who_still_sees_it_is_mailed(server: MailServer):
    user = deputy_account()
    proposal = make_proposal(sponsor=user.deputy)
    told = {"subject": "已答复", "text": "答复来了。", "proposal": proposal}
    tell(user, Message.Kind.REPLIED, key="one", **told)

    assert deliver().sent == 1


@pytest.mark.django_db
def test_of_the_own_account_everybody_is_told_who_has_one(server: MailServer):
    nobody = make_user("neither", email="neither@gov.cn")
    tell(nobody, Message.Kind.ACCOUNT, key="one", subject="密码", text="密码已更改。")
    tell(nobody, Message.Kind.NUDGE, key="two", subject="催办", text="请尽快办理。")

    assert deliver().sent == 1


@pytest.mark.django_db
def test_what_no_server_takes_is_reported_for_deputies_and_readers_too(settings):
    write(1)
    message = Message.objects.get()
    message.begin(at=timezone.now() - LOST_AFTER - timedelta(minutes=1))

    assert deliver().sent == 0
    # A visitor's address stands in no journal: the message is named.
    (said,) = report(at=timezone.now())
    assert str(message.message_id) in said
    assert "reader0@gov.cn" not in said


# The form -------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_mail_is_text_and_page_with_its_way_back_and_no_holiday_answers(server: MailServer):
    user = deputy_account()
    path = "/desk/proposals/abc/"
    tell(user, Message.Kind.REPLIED, key="one", subject="已\n答复", text="答复来了。", path=path)

    deliver()

    (mail,) = server.mails
    plain, page = mail.get_payload()
    assert (plain.get_content_type(), page.get_content_type()) == ("text/plain", "text/html")
    for part in (plain, page):
        said = part.get_payload(decode=True).decode()
        assert "答复来了。" in said
        assert f"{site.SITE_URL}{path}" in said
        assert f"{site.SITE_URL}/account/notices/" in said
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"] == f"<{Message.objects.get().message_id}@{site.EMAIL_DOMAIN}>"
    assert mail["List-Unsubscribe"] is None
    assert Message.objects.get().subject == "已 答复"


@pytest.mark.django_db
def test_a_mail_comes_under_the_name_of_the_site_or_the_one_that_was_set(
    server: MailServer, settings
):
    settings.SITE_NAME = "云屏省建议办理"
    for sender in ("luoshi@rd.cn", "代表工委 <luoshi@rd.cn>"):
        settings.DEFAULT_FROM_EMAIL = sender
        tell_address("a@gov.cn", Message.Kind.FOLLOWED, key=sender, subject="A", text="A")
        deliver()

    senders = [str(make_header(decode_header(mail["From"]))) for mail in server.mails]
    assert senders == ["云屏省建议办理 <luoshi@rd.cn>", "代表工委 <luoshi@rd.cn>"]


@pytest.mark.django_db
def test_one_click_ends_what_is_followed(server: MailServer):
    # As long as they are: no line of the mail's head is broken within it.
    path = f"/follow/{'k' * 22}.{'s' * 43}/end/"
    facts = {"subject": "新的进展", "text": "有新的答复。", "unsubscribe": path}
    tell_address("reader@gov.cn", Message.Kind.FOLLOWED, key="one", **facts)

    deliver()

    (mail,) = server.mails
    assert mail["List-Unsubscribe"].strip() == f"<{site.SITE_URL}{path}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.django_db
def test_the_frame_of_a_mail_is_in_the_language_of_its_words(server: MailServer):
    tell_address("a@gov.cn", Message.Kind.FOLLOWED, key="1", subject="A", text="A", language="en")
    tell_address("b@gov.cn", Message.Kind.FOLLOWED, key="2", subject="B", text="B")

    deliver()

    pages = [mail.get_payload()[1].get_payload(decode=True).decode() for mail in server.mails]
    assert '<html lang="en">' in pages[0]
    assert '<html lang="zh-Hans">' in pages[1]


@pytest.mark.django_db
def test_clerks_are_mailed_as_before(server: MailServer):
    user = make_member("department_clerk", email="wangmin@gov.cn")
    tell(user, Message.Kind.NUDGE, key="one", subject="催办", text="请尽快办理。")
    server.does = REFUSE
    assert deliver().failed == 1
