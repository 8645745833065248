"""How each person is told: at once, once a day in one mail, or on the desk alone."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from access.rights import Role
from notifications import gathering
from notifications.gathering import gather
from notifications.models import OF_DEPUTIES, OF_STAFF, How, Message, NoticeSettings
from notifications.outbox import tell
from tests.world import make_deputy, make_member, make_proposal, make_user

Kind = Message.Kind
PAGE = "/account/notices/"


def account(name: str = "林秀兰"):
    user = make_user(f"user-{name}", email="daibiao@rd.cn", is_staff=False)
    make_deputy(name, user=user)
    return user


def choose(user, **choices: str) -> None:
    NoticeSettings.objects.update_or_create(user=user, defaults={"choices": choices})


def told(user, kind: str = Kind.ASSIGNED, *, key: str = "one", **facts) -> Message:
    facts = {"subject": "已交办", "text": "由市交通运输局办理。", **facts}
    tell(user, kind, key=key, **facts)
    return Message.objects.get(key=key)


def mails() -> list[Message]:
    """What would go out now."""
    return list(Message.objects.waiting(at=timezone.now()).order_by("pk"))


# Which way ------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("how", "goes_out", "is_held"),
    [(How.AT_ONCE, True, False), (How.DAILY, False, True), (How.NEVER, False, False)],
)
def test_each_kind_goes_its_own_way_and_the_desk_has_it_always(how, goes_out, is_held):
    user = account()
    choose(user, assigned=how)

    message = told(user)

    assert (message in mails()) is goes_out
    assert Message.objects.held().filter(pk=message.pk).exists() is is_held
    assert message in Message.objects.for_desk(user)


@pytest.mark.django_db
def test_unless_chosen_otherwise_what_is_asked_of_one_comes_at_once_and_the_rest_daily():
    wishes = NoticeSettings.of(account())
    at_once = {kind for kind in OF_DEPUTIES if wishes.how(kind) == How.AT_ONCE}

    assert at_once == {"cosigning", "not_taken_on", "replied", "rating_due", "promise_reported"}
    assert {wishes.how(kind) for kind in set(OF_DEPUTIES) - at_once} == {How.DAILY}


@pytest.mark.django_db
def test_what_is_for_safety_nobody_can_choose_against():
    user = account()
    choose(user, account=How.NEVER, alarm=How.NEVER)

    assert told(user, Kind.ACCOUNT) in mails()
    assert told(user, Kind.ALARM, key="two") in mails()


@pytest.mark.django_db
def test_a_clerk_can_do_without_the_digest_and_the_urging_by_mail():
    user = make_member(Role.CLERK, email="wangmin@gov.cn")
    assert told(user, Kind.DIGEST) in mails()
    assert told(user, Kind.NUDGE, key="two") in mails()

    choose(user, digest=How.NEVER, nudge=How.NEVER)

    later = [told(user, Kind.DIGEST, key="three"), told(user, Kind.NUDGE, key="four")]
    assert not set(later) & set(mails())
    assert set(later) <= set(Message.objects.for_desk(user))


# The mail of the day --------------------------------------------------------------------


@pytest.mark.django_db
def test_what_was_held_goes_out_in_one_mail_ordered_by_proposal():
    user = account()
    first = make_proposal("0123", sponsor=make_deputy())
    second = make_proposal("0200", sponsor=make_deputy(), title="关于路灯的建议")
    for place, proposal in enumerate((first, second, first)):
        facts = {"key": str(place), "proposal": proposal, "path": f"/desk/proposals/{place}/"}
        told(user, text=f"第{place}件事。", **facts)

    assert gather(on=localdate()) == 1

    (mail,) = mails()
    assert mail.kind == Kind.GATHERED
    for page in (mail.text, mail.html):
        places = [page.index(f"第{place}件事。") for place in (0, 2, 1)]
        assert places == sorted(places)
        assert page.count("关于路灯的建议") == 1
        assert "http://localhost/desk/proposals/1/" in page
    # On the desk the three stand, and not the mail as a fourth.
    assert Message.objects.for_desk(user).count() == 3
    assert Message.objects.told(user).count() == 3


@pytest.mark.django_db
def test_a_second_run_on_the_day_writes_nothing_and_what_came_meanwhile_waits_for_the_next():
    user = account()
    told(user)
    assert gather(on=localdate()) == 1
    late = told(user, key="late", text="晚到的消息。")

    assert gather(on=localdate()) == 0
    assert late in Message.objects.held()
    assert gather(on=localdate() + timedelta(days=1)) == 1

    first, second = Message.objects.filter(kind=Kind.GATHERED).order_by("pk")
    assert "晚到的消息。" not in first.text
    assert "由市交通运输局办理。" not in second.text
    assert "晚到的消息。" in second.text
    assert not Message.objects.held().exists()


@pytest.mark.django_db(transaction=True)
def test_who_dies_in_the_middle_has_neither_written_nor_marked(monkeypatch):
    user = account()
    message = told(user)

    def die(*args, **kwargs) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        # Between the mail and the marks of what is in it.
        patched.setattr(gathering, "_mark", die)
        gather(on=localdate())
    assert message in Message.objects.held()
    assert not Message.objects.filter(kind=Kind.GATHERED).exists()

    assert gather(on=localdate()) == 1
    assert "由市交通运输局办理。" in Message.objects.get(kind=Kind.GATHERED).text


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_write_one_mail():
    told(account())
    start = threading.Barrier(2)

    def run() -> None:
        start.wait()
        gather(on=localdate())
        connections.close_all()

    runs = [threading.Thread(target=run) for _each in range(2)]
    for each in runs:
        each.start()
    for each in runs:
        each.join()

    assert Message.objects.filter(kind=Kind.GATHERED).count() == 1


@pytest.mark.django_db
def test_who_chooses_no_mail_meanwhile_gets_none():
    user = account()
    told(user)
    choose(user, assigned=How.NEVER)

    assert gather(on=localdate()) == 0
    assert not Message.objects.held().exists()


@pytest.mark.django_db
def test_what_may_not_be_seen_any_more_is_not_in_the_mail():
    user = account()
    mine = make_proposal("0123", sponsor=make_deputy())
    lost = make_proposal("0200", sponsor=make_deputy(), title="不再可见的建议")
    told(user, proposal=mine)
    told(user, key="two", proposal=lost, text="不再可见。")
    lost.sponsorships.all().delete()

    assert gather(on=localdate()) == 1

    (mail,) = mails()
    assert "不再可见" not in mail.text + mail.html


@pytest.mark.django_db
def test_a_closed_account_gets_no_mail_of_the_day():
    user = account()
    told(user)
    user.is_active = False
    user.save()

    assert gather(on=localdate()) == 0


@pytest.mark.django_db
def test_a_day_on_which_very_much_happened_is_told_in_part_and_none_is_told_again():
    user = account()
    for place in range(gathering.MOST + 5):
        told(user, key=str(place), text=f"事项{place}。")

    assert gather(on=localdate()) == 1

    (mail,) = mails()
    assert mail.text.count("事项") == gathering.MOST
    assert "5" in mail.text.splitlines()[-1]
    assert gather(on=localdate() + timedelta(days=1)) == 0


@pytest.mark.django_db
def test_the_daily_command_writes_it():
    told(account())

    call_command("send_reminders", "--on", localdate().isoformat())

    assert Message.objects.filter(kind=Kind.GATHERED).count() == 1


@pytest.mark.django_db
def test_the_mail_of_the_day_is_in_the_own_language():
    user = account()
    NoticeSettings.objects.create(user=user, language="en")
    told(user)

    gather(on=localdate())

    (mail,) = mails()
    assert mail.language == "en"
    assert "this is new" in mail.text


# The page -------------------------------------------------------------------------------


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def answers(kinds=OF_DEPUTIES, how: str = How.DAILY, **others: str) -> dict[str, str]:
    return {**dict.fromkeys(kinds, how), "language": "zh-hans", **others}


@pytest.mark.django_db
def test_a_deputy_chooses_kind_by_kind_and_finds_it_so_again():
    user = account()
    client = signed_in(user)
    page = client.get(PAGE)
    assert [field.name for field in page.context["form"].questions()] == list(OF_DEPUTIES)

    answer = client.post(PAGE, answers(replied=How.NEVER, published=How.AT_ONCE, language="en"))

    assert answer.url == reverse("accounts:notices")
    wishes = NoticeSettings.of(user)
    assert (wishes.how("replied"), wishes.how("published")) == (How.NEVER, How.AT_ONCE)
    assert wishes.spoken == "en"
    assert client.get(PAGE).context["form"]["replied"].initial == How.NEVER


@pytest.mark.django_db
@pytest.mark.parametrize("how", How)
def test_one_button_sets_them_all(how: str):
    user = account()

    signed_in(user).post(PAGE, answers(all=how))

    assert {NoticeSettings.of(user).how(kind) for kind in OF_DEPUTIES} == {how}


@pytest.mark.django_db
def test_a_clerk_is_asked_about_what_clerks_are_told():
    user = make_member(Role.CLERK)
    client = signed_in(user)
    page = client.get(PAGE)
    assert [field.name for field in page.context["form"].questions()] == list(OF_STAFF)

    client.post(PAGE, answers(OF_STAFF, all=How.AT_ONCE))

    wishes = NoticeSettings.of(user)
    # A digest is daily by itself: at once is not offered.
    assert (wishes.how("digest"), wishes.how("nudge")) == (How.DAILY, How.AT_ONCE)


@pytest.mark.django_db
def test_what_is_not_offered_is_not_taken():
    user = account()

    answer = signed_in(user).post(PAGE, answers(replied="hourly"))

    assert answer.status_code == 200
    assert not NoticeSettings.objects.exists()


@pytest.mark.django_db
def test_the_choice_of_one_changes_nothing_for_another():
    user, other = account(), account("周建国")

    signed_in(user).post(PAGE, answers(how=How.NEVER))

    assert NoticeSettings.of(other).how("replied") == How.AT_ONCE


@pytest.mark.django_db
def test_who_is_not_signed_in_signs_in_first_and_no_store_keeps_the_page():
    answer = Client().get(PAGE)
    assert answer.status_code == 302
    assert PAGE in answer.url or "next=" in answer.url

    assert "no-store" in signed_in(account()).get(PAGE)["Cache-Control"]


@pytest.mark.django_db
def test_the_same_form_sent_twice_is_saved_once():
    user = account()
    client = signed_in(user)
    marks = client.get(PAGE).context["marks"]

    client.post(PAGE, {**answers(), **marks})
    client.post(PAGE, {**answers(how=How.NEVER), **marks})

    assert NoticeSettings.of(user).how("replied") == How.DAILY
