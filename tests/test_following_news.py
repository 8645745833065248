"""Telling followers: once a day, what is new, and nothing that is not public."""

from __future__ import annotations

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from access.rights import Role
from following import telling
from following.models import LOOK_BACK, Asking, Follow
from following.news import LINES
from following.telling import tell_followers
from notifications.models import KEPT_FOR, Message
from public import publish
from public.models import PublicProposal
from tests import world
from tests.following_world import EMAIL, follow, links, mails
from tests.public_world import (
    make_commitment,
    make_department,
    make_moment,
    make_proposal,
    make_reply,
    make_session,
)

pytestmark = pytest.mark.django_db
PATH = "yunping/14-3/0123"


def tell(days: int = 1) -> list[Message]:
    """The mails of a day from now; what was asked and confirmed is left out."""
    tell_followers(on=timezone.localdate() + timedelta(days=days))
    return news()


def news(email: str = EMAIL) -> list[Message]:
    return [message for message in mails(email) if message.key.startswith("followed")]


def happens(proposal: PublicProposal, kind: str = "acknowledged", *, on: date | None = None):
    """Something of the proposal becomes public, as `public.publish` writes it."""
    day = on or timezone.localdate()
    proposal.document["life"].append(make_moment(day.isoformat(), kind, department="省教育厅"))
    proposal.changed_on = max(proposal.changed_on, day)
    proposal.save()


@pytest.fixture
def proposal():
    return make_proposal("0123", title="关于深化产教融合的建议")


# What is news --------------------------------------------------------------------------


def test_who_follows_a_proposal_is_told_what_happened_with_a_link_to_it(proposal):
    manage = follow(f"proposal={PATH}")
    happens(proposal)

    (message,) = tell()

    assert proposal.title in message.subject
    for text in (message.text, message.html):
        assert "承办单位签收" in text or "省教育厅" in text
        assert f"http://localhost{proposal.get_absolute_url()}" in text
        assert f"http://localhost{manage}" in text
    assert message.unsubscribe == f"{manage}end/"
    assert message.recipient is None and message.kind == Message.Kind.FOLLOWED


def test_what_was_there_before_is_no_news(proposal):
    happens(proposal)
    for what in (f"proposal={PATH}", "department=education", "search="):
        follow(what)

    assert tell() == []


def test_nothing_is_told_twice_and_nothing_new_is_no_mail(proposal):
    follow(f"proposal={PATH}")
    happens(proposal)

    assert len(tell(1)) == 1
    assert len(tell(2)) == 1
    happens(proposal, "closed")
    assert len(tell(3)) == 2
    assert "签收" not in news()[1].text


def test_what_a_clerk_writes_down_days_later_is_told_all_the_same(proposal):
    for what in (f"proposal={PATH}", "department=education", "search="):
        follow(what)
    happens(proposal, on=timezone.localdate() - timedelta(days=40))
    PublicProposal.objects.update(
        changed_on=timezone.localdate() - timedelta(days=40), status="replied"
    )

    (message,) = tell()

    assert message.text.count("== ") == 3


def test_what_is_dated_before_the_look_back_is_not_told_as_news(proposal):
    follow(f"proposal={PATH}")
    happens(proposal, on=timezone.localdate() - timedelta(days=LOOK_BACK + 1))

    assert tell() == []


def test_after_a_long_pause_of_the_timer_nothing_is_missing(proposal):
    follow("search=")
    happens(proposal)

    assert len(tell(300)) == 1


def test_a_reply_and_its_rating_are_told_with_the_way_to_the_letter(proposal):
    follow(f"proposal={PATH}")
    day = timezone.localdate()
    make_reply(proposal, promises=2, date=day, published_on=day)
    proposal.refresh_from_db()
    proposal.document["ratings"] = [
        {"reply": "1", "deputy": "祝怀瑾", "result": "不满意", "on": day.isoformat()}
    ]
    proposal.save()

    (message,) = tell()

    assert f"http://localhost/proposals/{PATH}/replies/1/\n" in message.text
    assert "不满意" in message.text and "祝怀瑾" in message.text


def test_who_follows_a_department_is_told_of_its_proposals_and_promises(proposal):
    other = make_department("health", "云屏省卫生健康委员会")
    foreign = make_proposal("0777", title="别的建议", department=other)
    reply = make_reply(foreign, promises=0, department=other)
    mine = make_commitment(
        reply, 1, text="二是由教育厅牵头建设百所学校。", department=make_department()
    )
    helped = make_commitment(
        reply, 2, text="支持之事。", department=other, supporting=[make_department()]
    )
    make_commitment(reply, 3, text="无关之事。", department=other)
    follow("department=education")
    happens(proposal)
    for promise in reply.commitments.all():
        promise.state, promise.changed_on = "fulfilled", timezone.localdate()
        promise.save()

    (message,) = tell()

    assert "云屏省教育厅" in message.subject
    assert proposal.title in message.text
    assert "由教育厅牵头建设百所学校" in message.text and "支持之事" in message.text
    assert mine.get_absolute_url() in message.text and helped.get_absolute_url() in message.text
    assert "无关之事" not in message.text and "别的建议" not in message.text


def test_who_follows_a_search_is_told_of_what_it_finds_now(proposal):
    follow("search=q%3D%E4%BA%A7%E6%95%99")
    make_proposal("0200", title="产教融合之新建议", changed_on=timezone.localdate())
    make_proposal("0201", title="修路", changed_on=timezone.localdate())

    (message,) = tell()

    assert "产教融合之新建议" in message.text
    assert "修路" not in message.text and proposal.title not in message.text


def test_one_mail_a_day_tells_all_that_the_address_follows(proposal):
    follow(f"proposal={PATH}")
    follow("department=education")
    follow(f"proposal={PATH}", "other@example.org")
    happens(proposal)

    assert len(tell()) == 1
    assert news()[0].text.count("== ") == 2
    assert len(news("other@example.org")) == 1


def test_a_long_list_ends_with_the_number_of_the_rest_and_its_page(proposal):
    follow("search=")
    for number in range(LINES + 3):
        make_proposal(f"5{number:03d}", changed_on=timezone.localdate())

    (message,) = tell()

    assert message.text.count("http://localhost/proposals/yunping/") == LINES
    assert "3" in message.text.split("http://localhost/proposals/\n")[0].splitlines()[-1]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_mail_is_in_the_language_in_which_it_was_confirmed(proposal, language, settings):
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    follow(f"proposal={PATH}")
    # The link of the other mail, opened in that language.
    follow_again(client)
    happens(proposal)

    (message,) = tell()

    assert f'<html lang="{language}">'.lower() in message.html.lower()
    day = timezone.localdate() + timedelta(days=1)
    with override(language):
        assert date_format(day) in message.subject


def follow_again(client: Client) -> None:
    Client().post("/follow/?department=education", {"email": EMAIL})
    client.post(links(mails()[-1])[0])
    Follow.objects.filter(kind=Follow.Kind.DEPARTMENT).delete()


# What is never told ---------------------------------------------------------------------


def test_what_was_withdrawn_before_the_mail_is_written_is_not_mentioned():
    reply = world.make_published_reply()
    lead = world.make_assignment(reply.proposal)
    publish.rebuild()
    PublicProposal.objects.update(changed_on=date(2020, 1, 1))
    slug = lead.department.slug
    for what in (f"proposal={PATH}", f"department={slug}", "search="):
        follow(what)
    make_session()
    publish.rebuild()
    assert PublicProposal.objects.get().path == PATH
    happens(PublicProposal.objects.get())
    reply.proposal.withhold(on=world.PUBLISHED_ON, reason="含个人信息")

    assert tell() == []
    assert Follow.objects.confirmed().count() == 3


def test_what_is_published_again_goes_on_where_it_stopped(proposal):
    follow(f"proposal={PATH}")
    PublicProposal.objects.filter(pk=proposal.pk).delete()
    assert tell(1) == []

    again = make_proposal("0123", title=proposal.title)
    assert tell(2) == []
    happens(again)
    assert len(tell(3)) == 1


def test_a_search_whose_condition_is_gone_does_not_become_a_wider_one(proposal):
    other = make_department("health", "云屏省卫生健康委员会")
    row = make_proposal("0777", title="别的建议", department=other)
    follow("search=department%3Dhealth")
    row.delete()
    other.delete()
    happens(proposal)

    assert tell() == []


def test_a_letter_that_is_not_public_moves_no_mail():
    reply = world.make_published_reply()
    secret = world.make_reply(world.make_proposal("0200"), document_number="密语zq9")
    secret.proposal.publish(on=world.PUBLISHED_ON)
    for what in (f"proposal={PATH}", "proposal=yunping/14-3/0200", "search="):
        follow(what)

    secret.record_sent(on=world.SENT_ON)
    secret.withhold("withheld", on=timezone.localdate(), reason="密语zq9")
    world.make_commitment(secret)
    publish.rebuild()

    assert tell() == []
    assert reply.proposal.is_published


def test_who_has_not_confirmed_and_who_has_ended_is_told_nothing(proposal):
    Client().post(f"/follow/?proposal={PATH}", {"email": "silent@example.org"})
    manage = follow(f"proposal={PATH}")
    Client().post(f"{manage}end/")
    happens(proposal)

    tell()

    assert not Message.objects.filter(key__startswith="followed").exists()


# Once, whatever happens ------------------------------------------------------------------


def test_a_run_that_is_killed_between_writing_and_noting_tells_everybody_once(
    proposal, monkeypatch
):
    follow(f"proposal={PATH}")
    follow(f"proposal={PATH}", "other@example.org")
    happens(proposal)
    tell_address, written = telling.tell_address, []

    def die(*args, **facts):
        tell_address(*args, **facts)
        written.append(facts["key"])
        if len(written) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(telling, "tell_address", die)
    with pytest.raises(KeyboardInterrupt):
        tell()
    assert len(news()) == 1 and news("other@example.org") == []
    monkeypatch.undo()

    tell()
    tell()
    tell(2)

    assert len(news()) == len(news("other@example.org")) == 1


def test_a_second_run_on_the_same_day_leaves_what_has_come_since_to_the_next(proposal):
    follow(f"proposal={PATH}")
    happens(proposal)
    assert len(tell(1)) == 1
    happens(proposal, "closed")

    assert len(tell(1)) == 1
    assert len(tell(2)) == 2


def test_what_could_not_be_sent_is_still_on_the_page(proposal):
    manage = follow(f"proposal={PATH}")
    happens(proposal)
    (message,) = tell()
    message.begin(at=timezone.now())
    message.fail("no server")
    Message.objects.update(created_at=timezone.now() - KEPT_FOR - timedelta(days=30))

    call_command("send_followings", stdout=StringIO())

    assert not Message.objects.filter(pk=message.pk).exists()
    assert proposal.title in Client().get(manage).text
    assert "省教育厅" in Client().get(proposal.get_absolute_url()).text


def test_an_address_that_no_server_takes_is_named_to_nobody(proposal, settings):
    settings.EMAIL_CONFIGURED = True
    follow(f"proposal={PATH}")
    happens(proposal)
    (message,) = tell()
    Message.objects.exclude(pk=message.pk).delete()
    message.begin(at=timezone.now())
    message.fail(f"SMTPRecipientsRefused: {{'{EMAIL}': (550, b'nobody')}}")
    administrator = world.make_user("admin")
    world.make_clerk(administrator, department=world.make_office(Role.ADMINISTRATOR))
    client = Client()
    client.force_login(administrator)
    pages = [
        reverse("admin:notifications_message_changelist"),
        reverse("admin:notifications_message_change", args=[message.pk]),
    ]
    answers = [client.get(page, follow=True) for page in pages]
    assert [answer.status_code for answer in answers] == [200, 404]
    assert EMAIL not in "".join(answer.text for answer in answers)

    Message.objects.update(created_at=timezone.now() - KEPT_FOR)
    with pytest.raises(CommandError) as said:
        call_command("send_messages", stdout=StringIO())

    assert str(message.message_id) in str(said.value) and EMAIL not in str(said.value)
    assert not Message.objects.exists()


def test_the_daily_command_tells_and_sends_and_run_again_does_nothing(proposal, settings):
    settings.EMAIL_CONFIGURED = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Message.objects.all().delete()
    follow(f"proposal={PATH}", "reader@visitors.cn")
    Message.objects.all().delete()
    happens(proposal)

    for _each in range(2):
        call_command("send_followings", stdout=StringIO())

    (sent,) = mail.outbox
    assert sent.to == ["reader@visitors.cn"]
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


# However much there is --------------------------------------------------------------------


def test_a_follower_of_twenty_proposals_costs_no_more_than_one_of_ten(proposal):
    """Where nothing is new, but for the note of what was seen."""
    follow("search=")
    follow("department=education")
    counts = []
    for start in (1, 11):
        for number in range(start, start + 10):
            make_proposal(f"6{number:03d}", changed_on=timezone.localdate())
        tell(start)
        with CaptureQueriesContext(connection) as queries:
            tell(start + 1)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_each_further_follower_costs_the_same(proposal):
    counts = []
    for number in range(1, 3):
        for each in range(number * 3):
            follow(f"proposal={PATH}", f"reader{number}-{each}@visitors.cn")
            Message.objects.all().delete()
            from_one_network()
        with CaptureQueriesContext(connection) as queries:
            tell(number)
        counts.append(len(queries))
    first, second = counts
    # Three followers, then nine: two thirds of the statements are those of the six new ones.
    assert (second - first) % 6 == 0 and (second - first) // 6 <= 10


def from_one_network() -> None:
    """Nobody is held back for it: this is no test of that."""
    Asking.objects.all().delete()


def test_however_much_has_changed_all_of_it_is_told_and_nothing_twice():
    """A few lines and the number of the rest; of what a clerk adds behind all that, its line."""
    proposal = make_proposal("0001", changed_on=timezone.localdate() - timedelta(days=200))
    follow("search=")
    rows = [
        PublicProposal(
            path=f"yunping/14-3/x{number}",
            assembly=proposal.assembly,
            session=proposal.session,
            number=f"x{number}",
            kind="suggestion",
            title="许多",
            status="replied",
            changed_on=timezone.localdate(),
        )
        for number in range(700)
    ]
    PublicProposal.objects.bulk_create(rows)

    (message,) = tell(1)
    assert message.text.count("许多") == LINES
    assert str(len(rows) - LINES) in message.text
    assert len(tell(2)) == 1

    late = make_proposal("0002", title="迟到", changed_on=timezone.localdate() - timedelta(days=40))
    *_before, message = tell(3)
    assert late.title in message.text and "许多" not in message.text
