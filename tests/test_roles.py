"""Roles: from a place in a department, at once; kept by the administrator, who gets no further."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.checks import run_checks
from django.test import Client
from django.urls import reverse

from access.rights import OF_DJANGO, RIGHTS, STAFF, Role
from config.checks import nobody_may_do_everything
from demo import accounts
from departments.models import Clerk, Department
from tests import world
from tests.admin_pages import change_address, filled_in

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parent.parent
User = get_user_model()


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(world.make_member(Role.ADMINISTRATOR))
    return client


# A role follows from a place ------------------------------------------------------------------


@pytest.mark.parametrize("role", STAFF)
def test_a_place_gives_the_role_and_the_group_of_its_name(role):
    user = world.make_member(role)
    expected = {role, Role.CLERK} if role == Role.REVIEWER else {role}
    assert set(user.groups.values_list("name", flat=True)) == expected
    assert user.is_staff


def test_each_role_is_a_group_with_exactly_the_permissions_of_the_table():
    for role in STAFF:
        held = Group.objects.get(name=role).permissions.values_list(
            "content_type__app_label", "codename"
        )
        there = set(Permission.objects.values_list("content_type__app_label", "codename"))
        wanted = {
            (right.kind.split(".")[0], f"{may}_{right.kind.split('.')[1]}")
            for right in RIGHTS
            if right.role == role
            for may in right.may & set(OF_DJANGO)
        }
        assert set(held) == wanted & there, role
        assert wanted <= there, wanted - there


def test_a_place_that_ends_is_refused_at_the_next_request(client):
    user = world.make_member(Role.CLERK, "wangmin")
    client.force_login(user)
    page = reverse("admin:proposals_reply_changelist")
    assert client.get(page).status_code == 200
    place = Clerk.objects.get(user=user)
    place.is_active = False
    place.save()
    assert "/login/" in client.get(page).url


def test_a_place_that_ends_behind_the_models_back_is_refused_too(client):
    client.force_login(world.make_member(Role.CLERK, "wangmin"))
    Clerk.objects.update(is_active=False)
    assert "/login/" in client.get(reverse("admin:proposals_reply_changelist")).url


def test_a_closed_account_is_out_at_the_next_request(client):
    user = world.make_member(Role.CLERK, "wangmin")
    client.force_login(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert "/login/" in client.get("/admin/").url


def test_a_permission_given_past_the_table_opens_nothing(client):
    user = world.make_member(Role.CLERK, "wangmin")
    user.user_permissions.set(Permission.objects.all())
    user.groups.add(Group.objects.get(name=Role.ADMINISTRATOR))
    client.force_login(user)
    assert client.get(reverse("admin:auth_user_changelist")).status_code == 403
    assert client.get(reverse("admin:assemblies_assembly_add")).status_code == 403


# What the administrator does -----------------------------------------------------------------


def test_the_administrator_opens_an_account_and_gives_it_a_place(administrator):
    password = {"password1": "yun-ping-2026", "password2": "yun-ping-2026"}
    opened = administrator.post("/admin/auth/user/add/", {"username": "xinren", **password})
    account = User.objects.get(username="xinren")
    # Nobody but its owner chooses the password.
    assert not account.has_usable_password()
    assert (opened.status_code, account.is_staff) == (302, False)
    page = change_address(account)
    place = {
        "clerkships-TOTAL_FORMS": 1,
        "clerkships-0-department": world.make_department().pk,
        "clerkships-0-is_active": "on",
    }
    saved = administrator.post(page, filled_in(administrator, page) | place)
    assert saved.status_code == 302, saved.context["errors"]
    assert account.groups.get().name == Role.CLERK
    account.refresh_from_db()
    assert account.is_staff


def test_the_administrator_closes_an_account(administrator):
    account = world.make_member(Role.CLERK, "wangmin")
    page = change_address(account)
    form = filled_in(administrator, page)
    form.pop("is_active")
    assert administrator.post(page, form).status_code == 302
    account.refresh_from_db()
    assert not account.is_active


@pytest.mark.parametrize(
    "forged",
    [
        {"is_superuser": "on"},
        {"is_staff": "on"},
        {"user_permissions": ["1", "2"]},
        {"groups": ["1", "2", "3", "4", "5", "6"]},
    ],
)
def test_nobody_is_made_a_superuser_or_given_a_permission(administrator, forged):
    account = world.make_user("nobody", is_staff=False)
    page = change_address(account)
    assert administrator.post(page, filled_in(administrator, page) | forged).status_code == 302
    account.refresh_from_db()
    assert not (account.is_superuser or account.is_staff)
    assert not account.groups.exists()
    assert not account.user_permissions.exists()


def test_the_administrator_cannot_touch_a_superuser(administrator):
    chief = world.make_user("chief", is_superuser=True)
    for page in ("change", "password", "history"):
        address = f"/admin/auth/user/{chief.pk}/{page}/"
        assert administrator.get(address).status_code in (403, 404)
        assert administrator.post(address, {"password1": "x"}).status_code in (403, 404)
    listed = administrator.get(reverse("admin:auth_user_changelist")).content.decode()
    assert "chief" not in listed


def test_the_administrator_does_not_change_the_own_role(administrator):
    me = User.objects.get(username=Role.ADMINISTRATOR)
    page = change_address(me)
    office = world.make_office(Role.DEPUTIES_OFFICE)
    forged = {
        "clerkships-TOTAL_FORMS": 2,
        "clerkships-INITIAL_FORMS": 1,
        "clerkships-0-department": office.pk,
        "clerkships-1-department": office.pk,
        "clerkships-1-is_active": "on",
        "is_active": "",
    }
    administrator.post(page, filled_in(administrator, page) | forged)
    me.refresh_from_db()
    assert me.is_active
    assert [place.department.kind for place in me.clerkships.all()] == ["administering"]
    # Nor by turning the own department into an office.
    own = change_address(me.clerkships.get().department)
    administrator.post(own, filled_in(administrator, own) | {"kind": "deputies"})
    assert me.clerkships.get().department.kind == Department.Kind.ADMINISTERING


def test_the_administrator_reads_no_proposal_and_no_letter(administrator):
    reply = world.make_reply()
    for row in (reply, reply.proposal):
        assert administrator.get(change_address(row)).status_code in (403, 404)
    for kind in ("proposals_proposal", "proposals_reply", "intake_letterdraft", "proposals_event"):
        assert administrator.get(reverse(f"admin:{kind}_changelist")).status_code == 403


def test_groups_are_looked_at_and_never_changed(administrator):
    group = Group.objects.get(name=Role.CLERK)
    listed = administrator.get("/admin/auth/group/").text
    # By its name; the code that programs know it by stands on its own page.
    assert str(Role.CLERK.label) in listed and Role.CLERK not in listed
    page = change_address(group)
    assert Role.CLERK in administrator.get(page).text
    assert str(Role.CLERK.label) in administrator.get(page).content.decode()
    assert administrator.post(page, {"name": "x"}).status_code == 403
    assert administrator.get("/admin/auth/group/add/").status_code == 403


def test_only_the_administrator_sees_accounts(client):
    for role in STAFF:
        client.force_login(world.make_member(role))
        expected = 200 if role == Role.ADMINISTRATOR else 403
        assert client.get(reverse("admin:auth_user_changelist")).status_code == expected
        assert client.get(reverse("admin:departments_clerk_changelist")).status_code == expected


def test_the_office_links_a_deputys_account_by_its_name(client):
    client.force_login(world.make_member(Role.DEPUTIES_OFFICE))
    deputy, account = world.make_deputy(), world.make_user("linxiulan", is_staff=False)
    page = change_address(deputy)
    taken = world.make_member(Role.CLERK, "wangmin")
    said = {
        name: str(
            client.post(page, filled_in(client, page) | {"user": name})
            .context["adminform"]
            .form.errors["user"]
        )
        for name in (taken.username, "nobody-at-all")
    }
    assert len(set(said.values())) == 1
    assert client.post(page, filled_in(client, page) | {"user": "linxiulan"}).status_code == 302
    deputy.refresh_from_db()
    assert deputy.user == account
    assert "linxiulan" in client.get(page).content.decode()
    assert client.post(page, filled_in(client, page)).status_code == 302


# The split of powers -------------------------------------------------------------------------


def test_a_superuser_on_a_real_site_is_named_by_the_deploy_check(settings):
    assert nobody_may_do_everything() == []
    world.make_user("chief", is_superuser=True)
    (warning,) = nobody_may_do_everything()
    assert (warning.id, "chief" in warning.msg) == ("luoshi.W001", True)
    assert warning.hint
    assert warning in run_checks(tags=["security"], include_deployment_checks=True)
    assert warning not in run_checks()
    settings.DEBUG = True
    assert nobody_may_do_everything() == []


# Told ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("document", ["docs/roles.md", "docs/roles.zh-Hans.md"])
def test_every_role_kind_and_right_is_explained_and_none_besides(document):
    text = (ROOT / document).read_text("utf-8")
    sections = dict(zip(list(Role), text.split("\n## ")[2 : 2 + len(Role)], strict=True))
    for role, section in sections.items():
        assert f"`{role.value}`" in section.splitlines()[0], f"{document}: {role}"
        told = set()
        for line in section.splitlines():
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if line.startswith("| ") and "`" in line:
                kind, rights, places = ([*_codes(cell)] for cell in cells)
                told |= {(kind[0], right, places[0]) for right in rights}
        table = {
            (right.kind, may, right.where.value)
            for right in RIGHTS
            if right.role == role
            for may in right.may
        }
        assert told == table, f"{document}, {role}: run scripts/write-roles"


def _codes(cell: str) -> list[str]:
    return cell.split("`")[1::2]


def test_the_tables_are_written_by_the_script():
    script = [sys.executable, str(ROOT / "scripts/write-roles"), "--check"]
    finished = subprocess.run(script, cwd=ROOT, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr


def test_each_role_has_a_person_of_the_demo_and_both_documents_name_them():
    for document in ("docs/roles.md", "docs/roles.zh-Hans.md"):
        text = (ROOT / document).read_text("utf-8")
        assert [name for name in accounts.USERNAMES if f"`{name}`" not in text] == []
