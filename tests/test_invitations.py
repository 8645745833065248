"""A deputy comes to an account by a link that works once; nobody else learns anything from it."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from urllib.parse import urlencode

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from access.rights import Role
from accounts import inviting
from accounts.models import Invitation
from accounts.models.invitation import InvitationState
from assemblies.models import Deputy, DeputyContact
from notifications.models import LOST_AFTER, Message
from tests.admin_pages import move
from tests.mail_server import mail_server
from tests.world import make_assembly, make_department, make_deputy, make_member, make_user

pytestmark = pytest.mark.django_db

User = get_user_model()
CHOOSE = "/admin/accounts/invitation/add/"
LIST = "/admin/accounts/invitation/"
PASSWORD = "Lanhua-kai-zai-2026"
LINK = re.compile(r"/account/invitation/([\w-]{43})/")


@pytest.fixture
def office():
    return make_member(Role.DEPUTIES_OFFICE)


@pytest.fixture
def clerk_of(client, office):
    client.force_login(office)
    return client


def invited(office, deputy: Deputy | None = None, email: str = "") -> tuple[Invitation, str]:
    """An invitation and the token of its link."""
    made = inviting.invite(deputy or make_deputy(), email, by=office)
    return made.invitation, token_in(made.link)


def token_in(text: str) -> str:
    found = LINK.search(text)
    assert found
    return found[1]


def address(token: str) -> str:
    return reverse("accounts:invitation", args=[token])


def renew_page(*invitations: Invitation) -> str:
    keys = ",".join(str(invitation.pk) for invitation in invitations)
    return f"{LIST}renew/?{urlencode({'ids': keys})}"


def filled(**changes: str) -> dict[str, str]:
    form = {
        "username": "linxiulan",
        "email": "lin@deputies.cn",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }
    return {**form, **changes}


# The link --------------------------------------------------------------------------------


def test_an_invited_deputy_opens_the_own_account_and_is_signed_in(office):
    invitation, token = invited(office, email="lin@deputies.cn")
    client = Client()
    page = client.get(address(token))
    assert page.status_code == 200
    shown = page.content.decode()
    assert "林秀兰" in shown
    assert "云平市人民代表大会" in shown
    assert 'value="linxiulan"' in shown
    assert 'value="lin@deputies.cn"' in shown
    answer = client.post(address(token), filled())
    assert answer.url == f"{reverse('accounts:second_factor')}?next=/desk/"
    user = User.objects.get(username="linxiulan")
    assert (user.last_name, user.email) == ("林秀兰", "lin@deputies.cn")
    assert (user.is_staff, user.is_superuser) == (False, False)
    assert not user.groups.exists()
    assert user.check_password(PASSWORD)
    assert make_deputy().user == user
    invitation.refresh_from_db()
    assert invitation.state == InvitationState.USED
    assert client.get(reverse("accounts:sign_ins")).status_code == 200


def test_of_the_link_only_the_digest_is_kept(office):
    invitation, token = invited(office)
    columns = [str(value) for value in Invitation.objects.values().get().values()]
    columns += [str(value) for row in invitation.history.values() for value in row.values()]
    assert not any(token in value for value in columns)
    assert len(token) == 43


def test_a_link_works_once(office):
    _invitation, token = invited(office)
    assert Client().post(address(token), filled()).status_code == 302
    again = Client().post(address(token), filled(username="somebody", email=""))
    assert again.status_code == 410
    assert not User.objects.filter(username="somebody").exists()


def test_whatever_does_not_work_gets_the_same_answer_and_names_nobody(office):
    _used, used = invited(office)
    Client().post(address(used), filled())
    late, expired = invited(office, make_deputy("周建国"))
    Invitation.objects.filter(pk=late.pk).update(expires_at=timezone.now())
    taken_back, cancelled = invited(office, make_deputy("陈海燕"))
    inviting.cancel(taken_back)
    renewed_one, renewed = invited(office, make_deputy("黄志明"))
    inviting.renew(renewed_one, "", by=office)
    linked, needless = invited(office, make_deputy("吴丽华"))
    Deputy.objects.filter(pk=linked.deputy_id).update(user=make_user("wu", is_staff=False))
    answers = []
    for token in (used, expired, cancelled, renewed, needless, "x" * 43, "x", "不"):
        for send in (Client().get, lambda path: Client().post(path, filled(username="new"))):
            answer = send(address(token))
            assert answer.status_code == 410
            body = answer.content.decode().replace(answer.wsgi_request.get_full_path(), "")
            answers.append(re.sub(r'csrfmiddlewaretoken" value="\w+"', "", body))
    assert len(set(answers)) == 1
    names = list(Deputy.objects.values_list("name", flat=True))
    assert not any(name in answers[0] for name in names)
    assert not User.objects.filter(username="new").exists()


def test_who_is_inside_is_refused_too_once_the_link_is_dead(office):
    invitation, token = invited(office)
    inviting.cancel(invitation)
    with pytest.raises(ValidationError):
        inviting.accept(token, username="x", email="", password=PASSWORD)
    assert not User.objects.filter(username="x").exists()


def test_the_page_is_kept_by_no_store_and_its_address_told_to_nobody(office):
    _invitation, token = invited(office)
    for path in (address(token), address("x" * 43)):
        answer = Client().get(path)
        assert "no-store" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "strict-origin"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"password2": "Another-2026-word"}, "password2"),
        ({"password1": "12345678", "password2": "12345678"}, "password1"),
        ({"password1": "linxiulan1", "password2": "linxiulan1"}, "password1"),
        ({"username": ""}, "username"),
        ({"username": "lin xiulan"}, "username"),
        ({"email": "nowhere"}, "email"),
        # Names that another signs in with, in whatever case and whichever of both.
        ({"username": "WANGMIN"}, "username"),
        ({"username": "wang@bureau.cn"}, "username"),
        ({"email": "Wang@Bureau.cn"}, "email"),
    ],
)
def test_what_is_not_right_is_said_at_its_field_and_opens_nothing(office, changes, field):
    make_user("wangmin", email="wang@bureau.cn")
    invitation, token = invited(office)
    page = Client().post(address(token), filled(**changes))
    assert page.status_code == 200
    assert list(page.context["form"].errors) == [field]
    # What was typed stands there, the passwords do not.
    assert PASSWORD not in page.content.decode()
    assert User.objects.filter(username="linxiulan").exists() is False
    invitation.refresh_from_db()
    assert invitation.state == InvitationState.OPEN


def test_the_proposed_name_is_free(office):
    make_user("linxiulan")
    _invitation, token = invited(office)
    assert 'value="linxiulan2"' in Client().get(address(token)).content.decode()


def test_a_browser_in_which_somebody_else_was_signed_in_is_the_deputys_afterwards(clerk_of, office):
    _invitation, token = invited(office)
    page = clerk_of.get(address(token))
    assert str(office) in page.content.decode()
    clerk_of.post(address(token), filled())
    assert clerk_of.get(reverse("admin:index")).status_code != 200


# Who is invited --------------------------------------------------------------------------


def test_nobody_is_invited_twice_nor_with_an_account(office):
    deputy = make_deputy()
    invitation, _token = invited(office, deputy)
    with pytest.raises(ValidationError):
        inviting.invite(deputy, "", by=office)
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now())
    # One that has run out is renewed.
    with pytest.raises(ValidationError):
        inviting.invite(deputy, "", by=office)
    other = make_deputy("周建国", user=make_user("zhou", is_staff=False))
    with pytest.raises(ValidationError):
        inviting.invite(other, "", by=office)


def test_after_cancelling_a_deputy_is_invited_anew(office):
    invitation, old = invited(office)
    inviting.cancel(invitation)
    with pytest.raises(ValidationError):
        inviting.renew(invitation, "", by=office)
    _again, new = invited(office)
    assert Client().get(address(new)).status_code == 200
    assert Client().get(address(old)).status_code == 410


def test_renewing_gives_another_link_and_its_whole_time(office, settings):
    settings.INVITATION_DAYS = 3
    invitation, old = invited(office)
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now())
    invitation.refresh_from_db()
    assert invitation.state == InvitationState.EXPIRED
    new = token_in(inviting.renew(invitation, "", by=office).link)
    assert Client().get(address(old)).status_code == 410
    assert Client().get(address(new)).status_code == 200
    left = invitation.expires_at - timezone.now()
    assert timedelta(days=3) - timedelta(minutes=1) < left <= timedelta(days=3)


def test_what_was_used_is_neither_renewed_nor_cancelled(office):
    invitation, token = invited(office)
    Client().post(address(token), filled())
    for deed in (
        lambda: inviting.renew(invitation, "", by=office),
        lambda: inviting.cancel(invitation),
    ):
        with pytest.raises(ValidationError):
            deed()
    invitation.refresh_from_db()
    assert (invitation.state, invitation.cancelled_at) == (InvitationState.USED, None)


# The mail --------------------------------------------------------------------------------


@pytest.fixture
def server(settings):
    with mail_server() as server:
        settings.EMAIL_CONFIGURED = True
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server


def test_the_mail_brings_the_link_and_then_forgets_it(office, server):
    made = inviting.invite(make_deputy(), "lin@deputies.cn", by=office)
    assert made.is_mailed
    call_command("send_messages", verbosity=0)
    (mail,) = server.mails
    parts = [part.get_payload(decode=True).decode() for part in mail.get_payload()]
    assert [made.link in part for part in parts] == [True, True]
    assert "林秀兰" in parts[0]
    assert mail["To"] == "lin@deputies.cn"
    assert Client().get(address(token_in(parts[0]))).status_code == 200
    call_command("tidy_accounts", verbosity=0)
    message = Message.objects.get()
    assert (message.text, message.html) == ("", "")


def test_the_link_of_a_mail_whose_sender_died_is_forgotten_too(office, settings):
    settings.EMAIL_CONFIGURED = True
    made = inviting.invite(make_deputy(), "lin@deputies.cn", by=office)
    message = Message.objects.get()
    message.begin(at=timezone.now() - timedelta(minutes=1))
    call_command("tidy_accounts", verbosity=0)
    assert made.link in Message.objects.get().text
    message.begin(at=timezone.now() - LOST_AFTER)
    call_command("tidy_accounts", verbosity=0)
    assert Message.objects.get().text == ""


def test_a_mail_that_waits_still_has_its_link_after_tidying(office, settings):
    settings.EMAIL_CONFIGURED = True
    made = inviting.invite(make_deputy(), "lin@deputies.cn", by=office)
    call_command("tidy_accounts", verbosity=0)
    assert made.link in Message.objects.get().text


def test_no_page_of_the_admin_shows_the_link_to_whoever_looks_after_the_site(
    client, office, settings
):
    settings.EMAIL_CONFIGURED = True
    made = inviting.invite(make_deputy(), "lin@deputies.cn", by=office)
    token, message = token_in(made.link), Message.objects.get()
    client.force_login(make_member(Role.ADMINISTRATOR))
    for path in (
        reverse("admin:notifications_message_changelist"),
        reverse("admin:notifications_message_change", args=[message.pk]),
    ):
        page = client.get(path)
        assert page.status_code == 200
        assert token not in page.content.decode()
    assert client.get(f"/admin/notifications/message/{message.pk}/read/").status_code == 404


# The office's pages ----------------------------------------------------------------------


def test_the_office_invites_several_with_the_addresses_that_it_has(clerk_of, settings):
    settings.EMAIL_CONFIGURED = True
    lin, zhou, chen = (make_deputy(name) for name in ("林秀兰", "周建国", "陈海燕"))
    DeputyContact.objects.create(deputy=lin, email="lin@deputies.cn")
    DeputyContact.objects.create(deputy=zhou, email="zhou@old.cn")
    page = clerk_of.get(CHOOSE)
    assert 'value="lin@deputies.cn"' in page.content.decode()
    answer = clerk_of.post(
        CHOOSE,
        {
            **page.context["form_marks"],
            f"{lin.pk}-chosen": "on",
            f"{lin.pk}-email": "lin@deputies.cn",
            f"{zhou.pk}-chosen": "on",
            f"{zhou.pk}-email": "zhou@new.cn",
            f"{chen.pk}-email": "",
        },
    )
    assert answer.url == LIST
    assert set(Message.objects.values_list("email", flat=True)) == {
        "lin@deputies.cn",
        "zhou@new.cn",
    }
    assert not Invitation.objects.filter(deputy=chen).exists()
    listed = clerk_of.get(LIST).content.decode()
    assert "林秀兰" in listed
    assert "周建国" in listed


def test_without_mail_the_link_is_shown_once_to_be_printed(clerk_of):
    deputy = make_deputy()
    page = clerk_of.get(CHOOSE)
    form = {**page.context["form_marks"], f"{deputy.pk}-chosen": "on", f"{deputy.pk}-email": ""}
    sheet = clerk_of.post(CHOOSE, form)
    assert sheet.status_code == 200
    assert "no-store" in sheet["Cache-Control"]
    token = token_in(sheet.content.decode())
    assert "<svg" in sheet.content.decode()
    assert Client().get(address(token)).status_code == 200
    assert not Message.objects.exists()
    # Sent once more it makes no other, and shows nothing.
    assert clerk_of.post(CHOOSE, form).status_code == 302
    assert Invitation.objects.count() == 1
    invitation = Invitation.objects.get()
    for end in ("", f"{invitation.pk}/change/", f"{invitation.pk}/history/", "add/"):
        shown = clerk_of.get(f"{LIST}{end}").content.decode()
        assert token not in shown
        assert invitation.digest not in shown


def test_whoever_has_an_account_or_an_invitation_or_serves_no_more_cannot_be_chosen(
    clerk_of, office
):
    has_account = make_deputy("周建国", user=make_user("zhou", is_staff=False))
    is_invited = make_deputy("陈海燕")
    inviting.invite(is_invited, "", by=office)
    left = make_deputy("黄志明", is_serving=False)
    away = make_deputy("邻市人", assembly=make_assembly("linshi"))
    free = make_deputy()
    page = clerk_of.get(CHOOSE)
    assert [form.deputy for form in page.context["forms"]] == [free]
    forged = {f"{deputy.pk}-chosen": "on" for deputy in (has_account, is_invited, left, away)}
    answer = clerk_of.post(CHOOSE, {**page.context["form_marks"], **forged})
    assert answer.status_code == 200
    assert answer.context["error"]
    assert Invitation.objects.count() == 1


def test_the_offices_desk_and_list_lead_to_inviting(clerk_of):
    for page in ("/admin/", LIST):
        assert f'href="{CHOOSE}"' in clerk_of.get(page).content.decode()
    other = Client()
    other.force_login(make_member(Role.CLERK, "other"))
    assert CHOOSE not in other.get("/admin/").content.decode()


def test_a_wrong_address_invites_nobody_of_the_list(clerk_of):
    lin, zhou = make_deputy(), make_deputy("周建国")
    chosen = {f"{lin.pk}-chosen": "on", f"{zhou.pk}-chosen": "on", f"{zhou.pk}-email": "nowhere"}
    marks = clerk_of.get(CHOOSE).context["form_marks"]
    answer = clerk_of.post(CHOOSE, {**marks, **chosen})
    assert answer.status_code == 200
    assert "nowhere" in answer.content.decode()
    assert not Invitation.objects.exists()


def test_the_deputys_page_leads_to_inviting_that_deputy(clerk_of):
    deputy, _other = make_deputy(), make_deputy("周建国")
    page = f"/admin/assemblies/deputy/{deputy.pk}/change/"
    link = f"{CHOOSE}?deputy={deputy.pk}"
    assert link in clerk_of.get(page).content.decode()
    (form,) = clerk_of.get(link).context["forms"]
    assert form.deputy == deputy
    assert form["chosen"].value() is True
    deputy.user = make_user("lin", is_staff=False)
    deputy.save()
    assert link not in clerk_of.get(page).content.decode()


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.ADMINISTRATOR, Role.CLERK])
def test_nobody_but_the_deputies_office_invites(client, office, role):
    invitation, _token = invited(office)
    client.force_login(make_member(role, "another"))
    pages = (LIST, CHOOSE, f"{LIST}{invitation.pk}/change/", renew_page(invitation))
    assert {client.get(page).status_code for page in pages} <= {403, 404}
    deputy = client.get(f"/admin/assemblies/deputy/{invitation.deputy_id}/change/")
    assert CHOOSE not in deputy.content.decode()


def test_another_assemblys_office_finds_none_of_these(client, office):
    invitation, _token = invited(office)
    away = make_department("邻市人大代工委", kind="deputies")
    make_assembly("linshi").offices.add(away)
    client.force_login(make_member(Role.DEPUTIES_OFFICE, "away", department=away))
    assert "林秀兰" not in client.get(LIST).content.decode()
    assert client.post(renew_page(invitation)).status_code == 404
    assert move(client, invitation, "cancel").status_code == 404
    assert client.get(f"{CHOOSE}?deputy={make_deputy('周建国').pk}").context["forms"] == []


def test_the_list_says_how_each_stands_and_finds_by_name(clerk_of, office):
    for name in ("周建国", "陈海燕"):
        invited(office, make_deputy(name))
    gone, _token = invited(office, make_deputy("黄志明"))
    Invitation.objects.filter(pk=gone.pk).update(expires_at=timezone.now())
    for state in InvitationState:
        found = clerk_of.get(LIST, {"state": state}).context["cl"].queryset
        assert all(each.state == state for each in found), state
    assert clerk_of.get(LIST, {"state": "expired"}).context["cl"].result_count == 1
    assert clerk_of.get(LIST, {"q": "周建国"}).context["cl"].result_count == 1


def renew(client: Client, *invitations: Invitation, **changes: str):
    """The invitations renewed on their page, as it is filled in, with these changes."""
    page = client.get(renew_page(*invitations))
    filled_in = dict(page.context["form_marks"])
    for row in page.context["forms"]:
        filled_in[row.add_prefix("chosen")] = "on"
        filled_in[row.add_prefix("email")] = row.fields["email"].initial
    return client.post(renew_page(*invitations), {**filled_in, **changes})


def test_cancelling_and_renewing_by_the_pages(clerk_of, office):
    invitation, token = invited(office)
    page = clerk_of.get(f"{LIST}{invitation.pk}/change/").content.decode()
    assert renew_page(invitation) in page
    sheet = renew(clerk_of, invitation)
    assert Client().get(address(token)).status_code == 410
    new = token_in(sheet.content.decode())
    assert Client().get(address(new)).status_code == 200
    assert move(clerk_of, invitation, "cancel").status_code == 302
    assert Client().get(address(new)).status_code == 410
    answer = renew(clerk_of, invitation)
    assert [deputy for deputy, _why in answer.context["refused"]] == [invitation.deputy]
    assert Client().get(address(new)).status_code == 410


def test_those_chosen_in_the_list_are_renewed_together_each_with_a_sheet(clerk_of, office):
    names = ("林秀兰", "周建国", "陈海燕")
    each = {name: invited(office, make_deputy(name)) for name in names}
    Invitation.objects.update(expires_at=timezone.now())
    used, _token = invited(office, make_deputy("黄志明"))
    Deputy.objects.filter(pk=used.deputy_id).update(user=make_user("huang", is_staff=False))
    chosen = [invitation.pk for invitation, _token in each.values()] + [used.pk]
    asked = clerk_of.post(LIST, {"action": "renew", "_selected_action": chosen})
    page = clerk_of.get(asked.url)
    assert {row.deputy.name for row in page.context["forms"]} == set(names)
    # Of the one who needs none the page says why.
    assert [deputy.name for deputy, _why in page.context["refused"]] == ["黄志明"]
    shown = renew(clerk_of, *(invitation for invitation, _token in each.values()))
    sheets = shown.context["sheets"]
    assert {sheet.invitation.deputy.name for sheet in sheets} == set(names)
    assert shown.content.decode().count('<article class="invitation-sheet">') == 3
    for sheet in sheets:
        assert Client().get(address(token_in(sheet.link))).status_code == 200
    assert {Client().get(address(token)).status_code for _row, token in each.values()} == {410}


def test_of_those_asked_about_only_the_chosen_are_renewed_to_the_address_that_stands_there(
    clerk_of, office, settings
):
    settings.EMAIL_CONFIGURED = True
    lin, _token = invited(office, email="lin@old.cn")
    zhou, kept = invited(office, make_deputy("周建国"), email="zhou@deputies.cn")
    Message.objects.all().delete()
    changes = {f"{lin.deputy_id}-email": "lin@new.cn", f"{zhou.deputy_id}-chosen": ""}
    assert renew(clerk_of, lin, zhou, **changes).url == LIST
    assert Message.objects.get().email == "lin@new.cn"
    assert Client().get(address(kept)).status_code == 200


def test_whoever_has_only_looked_at_the_page_has_renewed_nothing(clerk_of, office):
    invitation, token = invited(office)
    clerk_of.get(renew_page(invitation))
    wrong = {f"{invitation.deputy_id}-email": "nowhere"}
    assert renew(clerk_of, invitation, **wrong).status_code == 200
    assert Client().get(address(token)).status_code == 200


def test_the_pages_ask_as_often_for_twenty_as_for_ten(clerk_of, office):
    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            clerk_of.get(path)
        return len(captured)

    counts = []
    for start in (0, 10):
        for number in range(start, start + 10):
            invited(office, make_deputy(f"受邀{number}"))
            make_deputy(f"未邀{number}")
        clerk_of.get(LIST)
        pending = list(Invitation.objects.all())
        counts.append([queries(page) for page in (LIST, CHOOSE, renew_page(*pending))])
    assert counts[0] == counts[1]


# At once ---------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_it_at_once_one_gets_the_account(office):
    for number in range(4):
        deputy = make_deputy(f"代表{number}")
        _invitation, token = invited(office, deputy)
        start = Barrier(2)

        def use(name: str, token: str = token, start: Barrier = start) -> bool:
            start.wait()
            try:
                inviting.accept(token, username=name, email="", password=PASSWORD)
            except ValidationError:
                return False
            finally:
                connection.close()
            return True

        names = [f"one{number}", f"two{number}"]
        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(use, names)) == [False, True]
        assert User.objects.filter(username__in=names).count() == 1
        deputy.refresh_from_db()
        assert deputy.user is not None
