"""Who is told what falls due, and that a message goes out once: never twice, never forgotten."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.mail import EmailMultiAlternatives
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from access.rights import STAFF, Role
from assemblies.thresholds import Thresholds
from desk.reminders import is_reminded, remind
from notifications import outbox
from notifications.models import KEPT_FOR, LOST_AFTER, Message, ReminderDay
from notifications.nudges import people_of
from notifications.outbox import deliver, report, tell
from proposals import events
from proposals.models import Assignment, CoHandlingOpinion, Event, Proposal
from tests.mail_server import BREAK, REFUSE, TAKE, MailServer, mail_server
from tests.world import (
    make_assignment,
    make_clerk,
    make_commitment,
    make_department,
    make_member,
    make_office,
    make_proposal,
    make_reply,
    make_rules,
    make_user,
)

TODAY = date(2026, 4, 10)


@pytest.fixture
def server(settings) -> Iterator[MailServer]:
    with mail_server() as running:
        use(settings, running.port)
        yield running


def use(settings, port: int) -> None:
    """Mail goes to that port of this machine."""
    settings.EMAIL_CONFIGURED = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5


def make_message(name: str = "wangmin", *, key: str = "") -> Message:
    user = clerk(name)
    key = key or f"test {name}"
    tell(user, Message.Kind.NUDGE, key=key, subject=f"致{name}", text="请尽快办理。")
    return Message.objects.get(key=key)


def make_due(due_on: date, number: str = "0123", **fields) -> Assignment:
    """An acknowledged proposal that the transport bureau has to answer by that day."""
    fields.setdefault("acknowledged_on", date(2026, 3, 1))
    return make_assignment(make_proposal(number), due_on=due_on, rules=make_rules(), **fields)


def clerk(name: str = "wangmin", role: str = Role.CLERK, **fields):
    return make_member(role, name, email=f"{name}@gov.cn", **fields)


def digest(user) -> Message | None:
    return Message.objects.filter(recipient=user, kind=Message.Kind.DIGEST).first()


def later() -> None:
    """The pause after a failure is over."""
    Message.objects.update(next_try_at=timezone.now())


# When ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "told"),
    [
        (16, False),
        (15, True),
        (14, False),
        (5, True),
        (1, False),
        (0, True),
        (-1, True),
        (-2, False),
        (-8, True),
        (-15, True),
        (-16, False),
    ],
)
def test_a_date_is_told_when_its_light_changes_on_the_day_and_weekly_after_it(left, told):
    due = TODAY + timedelta(days=left)

    assert is_reminded(due, on=TODAY, at=Thresholds(15, 5)) is told


@pytest.mark.django_db
def test_the_clerk_is_told_with_the_days_left_and_the_way_there():
    user = clerk()
    make_due(TODAY + timedelta(days=15))

    assert remind(on=TODAY) == 1

    message = digest(user)
    assert message.email == "wangmin@gov.cn"
    assert "15" in message.text
    assert "第0123号" in message.text
    assert "关于改善学校周边公交出行的建议" in message.html
    assert "http://localhost/admin/" in message.text
    assert list(Message.objects.for_desk(user)) == [message]


@pytest.mark.django_db
def test_on_a_day_on_which_nothing_changes_nobody_is_told():
    clerk()
    make_due(TODAY + timedelta(days=12))

    assert remind(on=TODAY) == 0
    assert not Message.objects.exists()


@pytest.mark.django_db
def test_the_rules_of_the_assembly_say_when_the_lights_change():
    user = clerk()
    make_rules(yellow_days=30, red_days=10)
    make_due(TODAY + timedelta(days=30))

    remind(on=TODAY)

    assert digest(user) is not None


@pytest.mark.django_db
def test_a_second_run_on_the_same_day_tells_nothing_twice():
    clerk()
    make_due(TODAY)

    assert remind(on=TODAY) == 1
    assert remind(on=TODAY) == 0
    assert Message.objects.count() == 1


@pytest.mark.django_db
def test_the_next_day_is_told_of_by_itself():
    user = clerk()
    make_due(TODAY)

    remind(on=TODAY)
    remind(on=TODAY + timedelta(days=1))

    assert Message.objects.filter(recipient=user).count() == 2


@pytest.mark.django_db
def test_what_fell_on_days_when_the_machine_was_off_is_made_up_for():
    user = clerk()
    ReminderDay.objects.create(on=TODAY - timedelta(days=4))
    # Its yellow day was two days ago.
    make_due(TODAY + timedelta(days=13))

    remind(on=TODAY)

    assert digest(user) is not None


@pytest.mark.django_db
def test_a_person_gets_one_digest_with_everything_in_it():
    user = clerk()
    make_due(TODAY, "0123")
    make_due(TODAY + timedelta(days=5), "0200")
    make_due(TODAY - timedelta(days=1), "0300")

    assert remind(on=TODAY) == 1

    text = digest(user).text
    # The most urgent first.
    assert text.index("第0300号") < text.index("第0123号") < text.index("第0200号")


@pytest.mark.django_db
def test_what_is_answered_is_not_told():
    clerk()
    make_due(TODAY)
    make_reply(state="sent", sent_on=TODAY)

    assert remind(on=TODAY) == 0


@pytest.mark.django_db
def test_promises_and_opinions_are_told_as_replies_are():
    user = clerk()
    make_commitment(make_reply(state="sent", sent_on=date(2026, 3, 20)), due_on=TODAY)
    helper = clerk("helper", department=make_department("云平市财政局"))
    part = make_assignment(
        department=make_department("云平市财政局"),
        role=Assignment.Role.CO_HANDLING,
        acknowledged_on=date(2026, 3, 1),
    )
    CoHandlingOpinion.objects.create(
        assignment=part, requested_on=date(2026, 3, 1), due_on=TODAY - timedelta(days=1)
    )

    remind(on=TODAY)

    assert digest(user) is not None
    assert digest(helper) is not None


# Whom ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_reviewer_is_told_of_the_clerks_work_once_it_is_red():
    clerk()
    reviewer = clerk("reviewer", Role.REVIEWER)
    make_due(TODAY + timedelta(days=15))
    remind(on=TODAY)
    assert digest(reviewer) is None

    remind(on=TODAY + timedelta(days=10))

    assert digest(reviewer) is not None


@pytest.mark.django_db
def test_a_reviewer_without_clerks_is_told_at_once():
    reviewer = clerk("reviewer", Role.REVIEWER)
    make_due(TODAY + timedelta(days=15))

    remind(on=TODAY)

    assert digest(reviewer) is not None


@pytest.mark.django_db
def test_another_department_is_told_nothing_of_it():
    clerk()
    stranger = clerk("stranger", department=make_department("云平市体育局"))
    make_due(TODAY)

    remind(on=TODAY)

    assert digest(stranger) is None


@pytest.mark.django_db
def test_the_assigning_office_is_told_what_it_has_to_assign():
    office = clerk("office", Role.ASSIGNING_OFFICE)
    make_proposal(state=Proposal.State.REGISTERED, assign_by=TODAY + timedelta(days=5))

    remind(on=TODAY)

    assert digest(office) is not None


@pytest.mark.django_db
def test_the_deputies_office_is_told_what_it_has_to_publish():
    office = clerk("congress", Role.DEPUTIES_OFFICE)
    make_reply(state="sent", sent_on=date(2026, 3, 20), publish_by=TODAY)

    remind(on=TODAY)

    assert digest(office) is not None


@pytest.mark.django_db
def test_who_has_left_is_told_nothing():
    user = clerk()
    make_due(TODAY)
    user.clerkships.update(is_active=False)

    assert remind(on=TODAY) == 0


@pytest.mark.django_db
def test_a_department_that_is_urged_is_told_at_once_and_nobody_else():
    user = clerk()
    stranger = clerk("stranger", department=make_department("云平市体育局"))
    assignment = make_due(TODAY)

    events.record(
        Event.Kind.NUDGED,
        assignment.proposal,
        on=TODAY,
        actor=make_user("office"),
        department=assignment.department,
        details={"message": "请于本周内答复代表。"},
    )

    (message,) = Message.objects.for_desk(user)
    assert "请于本周内答复代表。" in message.text
    # What it is about stands above the words, and the way there below: neither is said twice.
    assert message.subject not in message.text
    assert message.path not in message.text
    assert not Message.objects.for_desk(stranger).exists()


# Sending ------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_message_goes_out_once_as_text_and_as_a_page(server: MailServer):
    message = make_message()
    message.html = "<p>请尽快办理。</p>"
    message.save()

    assert deliver().sent == 1
    assert deliver().sent == 0

    (mail,) = server.mails
    assert mail["To"] == "wangmin@gov.cn"
    assert mail["Message-ID"] == f"<{message.message_id}@localhost>"
    kinds = [part.get_content_type() for part in mail.walk()]
    assert kinds == ["multipart/alternative", "text/plain", "text/html"]


@pytest.mark.django_db
@pytest.mark.parametrize("closed", ["the account", "the place"])
def test_who_has_left_since_it_was_written_gets_no_mail(server: MailServer, closed: str):
    message = make_message()
    if closed == "the account":
        message.recipient.is_active = False
        message.recipient.save()
    else:
        message.recipient.clerkships.update(is_active=False)

    deliver()

    assert not server.mails
    message.refresh_from_db()
    assert message.sent_at is None


@pytest.mark.django_db
def test_who_has_changed_departments_is_not_urged_with_the_old_one():
    """An assigning office sees the proposal all the same: the place alone tells who is urged."""
    part = make_due(TODAY + timedelta(days=3))
    gone = clerk("gone")
    gone.clerkships.update(is_active=False)
    make_clerk(gone, department=make_office(Role.ASSIGNING_OFFICE))

    assert gone not in people_of(part.department)
    assert clerk("stayed") in people_of(part.department)


@pytest.mark.django_db
def test_while_the_server_is_down_messages_wait_and_then_go_out_once(settings):
    with mail_server() as gone:
        port = gone.port
    use(settings, port)
    message = make_message()

    result = deliver()

    message.refresh_from_db()
    assert result.is_server_down and (result.sent, result.failed) == (0, 0)
    assert message.sent_at is None
    assert "ConnectionRefusedError" in message.last_error

    # However often nobody answered: as soon as somebody does, with no pause.
    for _each in range(20):
        assert deliver().is_server_down
    with mail_server(port) as server:
        assert deliver().sent == 1
        assert deliver().sent == 0
        assert len(server.mails) == 1


@pytest.mark.django_db
def test_the_pauses_grow_longer():
    message = make_message()
    pauses = []
    for _each in range(6):
        message.begin(at=timezone.now())
        message.fail("no server")
        pauses.append(round((message.next_try_at - timezone.now()).total_seconds() / 60))

    assert pauses == [5, 15, 60, 240, 720, 720]


@pytest.mark.django_db
def test_a_dead_server_holds_nobody_to_be_gone_through_one_by_one(settings):
    with mail_server() as gone:
        use(settings, gone.port)
    for number in range(10):
        make_message(f"clerk{number}")

    with CaptureQueriesContext(connection) as asked:
        assert deliver().is_server_down
    few = len(asked)
    for number in range(10, 30):
        make_message(f"clerk{number}")
    with CaptureQueriesContext(connection) as asked:
        assert deliver().is_server_down

    assert len(asked) == few


@pytest.mark.django_db
def test_what_waited_for_a_dead_server_until_it_meant_nothing_is_reported_each(settings):
    """Not only the few that were tried: none is forgotten."""
    with mail_server() as gone:
        use(settings, gone.port)
    messages = [make_message(f"clerk{number}") for number in range(10)]
    deliver()
    Message.objects.update(created_at=timezone.now() - KEPT_FOR)

    with mail_server(gone.port):
        assert deliver().sent == 0
    said = "\n".join(report(at=timezone.now()))

    assert all(str(message.message_id) in said for message in messages)
    assert "ConnectionRefusedError" in said
    assert report(at=timezone.now()) == []


@pytest.mark.django_db
def test_what_was_written_before_there_was_any_mail_server_is_no_failure(server: MailServer):
    make_message()
    Message.objects.update(created_at=timezone.now() - KEPT_FOR)

    assert deliver().sent == 0
    assert report(at=timezone.now()) == []


@pytest.mark.django_db
def test_a_server_that_says_no_word_is_left_in_time(settings):
    make_message()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        use(settings, silent.getsockname()[1])
        settings.EMAIL_TIMEOUT = 0.2
        result = deliver()

    assert result.is_server_down
    assert "timed out" in Message.objects.get().last_error


@pytest.mark.django_db
def test_a_clock_that_is_put_back_while_a_mail_goes_out_stops_nobody(server: MailServer):
    message = make_message()
    message.begin(at=timezone.now() + timedelta(hours=1))

    message.succeed()

    message.refresh_from_db()
    assert message.sent_at == message.sending_at


@pytest.mark.django_db
def test_one_address_that_is_refused_holds_up_nobody(server: MailServer):
    server.unknown("wangmin@gov.cn")
    refused, other = make_message(), make_message("lihua")

    result = deliver()

    assert (result.sent, result.failed) == (1, 1)
    assert [mail["To"] for mail in server.mails] == ["lihua@gov.cn"]
    refused.refresh_from_db()
    other.refresh_from_db()
    assert refused.sent_at is None
    assert "550" in refused.last_error
    assert other.sent_at is not None


@pytest.mark.django_db
def test_what_the_server_refuses_now_it_is_asked_again(server: MailServer):
    make_message()
    server.does = REFUSE
    assert deliver().failed == 1

    later()
    server.does = TAKE
    assert deliver().sent == 1
    assert len(server.mails) == 1


@pytest.mark.django_db
def test_a_line_that_breaks_half_way_is_reported_and_not_sent_again(server: MailServer):
    make_message()
    server.does = BREAK
    result = deliver()
    assert len(result.unclear) == 1

    later()
    server.does = TAKE
    assert deliver().sent == 0
    assert server.mails == []


@pytest.mark.django_db
def test_a_message_whose_sender_died_is_reported_once_and_never_sent(server: MailServer):
    message = make_message()
    message.begin(at=timezone.now() - LOST_AFTER - timedelta(minutes=1))

    assert deliver().sent == 0
    (line,) = report(at=timezone.now())
    assert str(message.message_id) in line
    assert report(at=timezone.now()) == []
    assert server.mails == []


@pytest.mark.django_db
def test_a_message_is_claimed_in_the_database_before_anything_is_sent(settings, monkeypatch):
    settings.EMAIL_CONFIGURED = True
    message = make_message()
    seen = []

    def die(mail: EmailMultiAlternatives) -> int:
        seen.append(Message.objects.get(pk=message.pk).sending_at)
        raise KeyboardInterrupt

    monkeypatch.setattr(EmailMultiAlternatives, "send", die)
    with pytest.raises(KeyboardInterrupt):
        deliver()

    assert seen[0] is not None
    monkeypatch.undo()
    assert deliver().sent == 0


@pytest.mark.django_db
def test_old_news_is_given_up_and_said_once(server: MailServer):
    message = make_message()
    message.begin(at=timezone.now())
    message.fail("no server")
    Message.objects.update(created_at=timezone.now() - KEPT_FOR, next_try_at=timezone.now())

    assert deliver().sent == 0
    assert len(report(at=timezone.now())) == 1
    assert report(at=timezone.now()) == []
    # It is still on the desk.
    assert Message.objects.for_desk(message.recipient).exists()


@pytest.mark.django_db
def test_the_outbox_is_fetched_one_by_one(server: MailServer, django_assert_max_num_queries):
    for number in range(5):
        make_message(f"clerk{number}")

    # Four a message: begin, take, mark, commit; and the look for the next.
    with django_assert_max_num_queries(5 * 8 + 4):
        assert deliver().sent == 5


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_send_each_message_once(server: MailServer):
    for number in range(12):
        make_message(f"clerk{number}")
    start = threading.Barrier(2)

    def send() -> None:
        start.wait()
        deliver()
        connections.close_all()

    senders = [threading.Thread(target=send) for _each in range(2)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()

    assert sorted(mail["To"] for mail in server.mails) == sorted(
        f"clerk{number}@gov.cn" for number in range(12)
    )
    assert not Message.objects.filter(sent_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_write_each_digest_once():
    clerk()
    make_due(TODAY)
    start = threading.Barrier(2)
    written: list[int] = []

    def run() -> None:
        start.wait()
        written.append(remind(on=TODAY))
        connections.close_all()

    runs = [threading.Thread(target=run) for _each in range(2)]
    for each in runs:
        each.start()
    for each in runs:
        each.join()

    assert sorted(written) == [0, 1]
    assert Message.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_another_has_in_hand_is_passed_over(server: MailServer):
    if not connection.features.has_select_for_update_skip_locked:
        pytest.skip("one writer at a time: nothing can be in another's hand")
    first, second = make_message("clerk1"), make_message("clerk2")
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute(
                "SELECT 1 FROM notifications_message WHERE id = %s FOR UPDATE", [first.pk]
            )
            held.set()
            done.wait(10)
            cursor.execute("ROLLBACK")
        connections.close_all()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(10)
    try:
        assert deliver().sent == 1
    finally:
        done.set()
        holder.join()

    second.refresh_from_db()
    assert second.sent_at is not None


# The commands and the pages -----------------------------------------------------------


@pytest.mark.django_db
def test_the_daily_command_tells_and_sends_and_run_again_does_nothing(server: MailServer):
    clerk()
    make_due(TODAY)

    for _each in range(2):
        call_command("send_reminders", "--on", "2026-04-10", stdout=StringIO(), stderr=StringIO())

    assert len(server.mails) == 1


@pytest.mark.django_db
def test_without_a_mail_server_the_desk_is_told_all_the_same():
    user = clerk()
    make_due(TODAY)
    out = StringIO()

    call_command("send_reminders", "--on", "2026-04-10", stdout=out, stderr=StringIO())

    assert digest(user) is not None
    assert "EMAIL_URL" in out.getvalue()


@pytest.mark.django_db
def test_the_command_fails_where_a_message_may_not_have_arrived(server: MailServer):
    make_message()
    server.does = BREAK

    with pytest.raises(CommandError):
        call_command("send_messages", stdout=StringIO(), stderr=StringIO())


@pytest.mark.django_db
@pytest.mark.parametrize("email", ["", "demo@demo.invalid"])
def test_who_has_no_address_is_told_on_the_desk_alone(server: MailServer, email):
    user = make_user(email=email)
    tell(user, Message.Kind.NUDGE, key="one", subject="催办", text="请尽快办理。")

    assert deliver() == outbox.Delivery()
    assert Message.objects.for_desk(user).count() == 1


@pytest.mark.django_db
def test_a_message_leaves_the_desk_once_it_is_read(client: Client):
    user = clerk()
    message = make_message()
    client.force_login(user)
    address = reverse("admin:notifications_message_read", args=[message.pk])

    assert "请尽快办理。" in client.get(address).text
    assert Message.objects.for_desk(user).exists()
    client.post(address)

    assert not Message.objects.for_desk(user).exists()


@pytest.mark.django_db
def test_nobody_reads_another_s_message(client: Client):
    message = make_message()
    address = reverse("admin:notifications_message_read", args=[message.pk])
    for role in STAFF:
        client.force_login(clerk(f"other-{role}", role))
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404


@pytest.mark.django_db
def test_the_administrator_sees_that_it_went_out_and_not_what_it_says(client: Client):
    message = make_message()
    client.force_login(clerk("admin", Role.ADMINISTRATOR))
    pages = [
        reverse("admin:notifications_message_changelist"),
        reverse("admin:notifications_message_change", args=[message.pk]),
    ]

    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200
        assert "请尽快办理。" not in answer.text
        assert message.subject not in answer.text
