"""Files of letters and of evidence: by random names, through the gate, as downloads."""

import os
import re
from datetime import date
from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.db.models import FileField
from django.test import Client

from access.rights import Role
from clerkadmin.files import KEPT, RandomName, safe_name
from departments.models import Clerk
from intake.models import LetterDraft, LetterFile
from measures.models import Commitment, CommitmentUpdate
from proposals.models import Reply
from tests import world
from tests.admin_pages import change_address

pytestmark = pytest.mark.django_db
SECRET = "密件一份".encode()


@pytest.fixture(autouse=True)
def folder(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def letter() -> LetterFile:
    """A file that the transport bureau has received."""
    letter = LetterFile(name="关于林秀兰代表建议的答复.docx", sha256="a" * 64, text="密件一份")
    letter.file.save(letter.name, ContentFile(SECRET))
    LetterDraft.objects.create(letter_file=letter, department=world.make_department())
    return letter


@pytest.fixture
def evidence() -> CommitmentUpdate:
    """A photograph beside a report on a promise of the transport bureau, whose letter is sent."""
    world.make_assignment()
    promise = world.make_commitment(world.make_reply(state=Reply.State.SENT, sent_on=world.SENT_ON))
    update = CommitmentUpdate(
        commitment=promise, state=Commitment.State.IN_PROGRESS, on=date(2026, 8, 1), text="已建8座"
    )
    update.evidence_title = "现场照片"
    update.evidence_file.save("IMG_0001.JPG", ContentFile(SECRET))
    return update


def signed_in(role: str, username: str = "", **fields: object) -> Client:
    client = Client()
    client.force_login(world.make_member(role, username, **fields))
    return client


def content(answer: object) -> bytes:
    return b"".join(answer.streaming_content)


def test_a_clerk_downloads_the_file_of_the_own_department(letter):
    answer = signed_in(Role.CLERK).get(letter.file.url)
    assert (answer.status_code, content(answer)) == (200, SECRET)


def test_a_file_is_a_download_that_no_browser_shows_or_keeps(letter):
    answer = signed_in(Role.CLERK).get(letter.file.url)
    assert answer["Content-Disposition"].startswith("attachment; filename")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]
    assert "ETag" not in answer
    assert "Last-Modified" not in answer


def test_nobody_else_gets_it_and_nobody_learns_that_it_is_there(letter):
    others = world.make_department("云平市财政局")
    strangers = [
        signed_in(Role.CLERK, "shen", department=others),
        *(signed_in(role) for role in (Role.SUPERVISOR, Role.ADMINISTRATOR, Role.DEPUTIES_OFFICE)),
    ]
    for client in strangers:
        there = letter.file.url
        nowhere = there.replace("letters/2", "letters/1")
        hidden, absent = client.get(there), client.get(nowhere)
        assert hidden.status_code == absent.status_code == 404
        assert hidden.content == absent.content.replace(nowhere.encode(), there.encode())
    assert "/login/" in Client().get(letter.file.url).url


@pytest.mark.parametrize("method", ["head", "get"])
def test_a_part_or_the_head_of_a_file_is_asked_for_through_the_gate_too(letter, method):
    stranger = signed_in(Role.CLERK, "shen", department=world.make_department("云平市财政局"))
    asked = {"headers": {"Range": "bytes=0-3"}}
    assert getattr(stranger, method)(letter.file.url, **asked).status_code == 404
    answer = getattr(signed_in(Role.CLERK), method)(letter.file.url, **asked)
    assert (answer.status_code, answer["Accept-Ranges"]) == (200, "none")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_file_is_only_read(letter, method):
    assert getattr(signed_in(Role.CLERK), method)(letter.file.url).status_code == 405


def test_an_address_that_was_good_once_is_asked_again_each_time(letter):
    client = signed_in(Role.CLERK)
    assert client.get(letter.file.url).status_code == 200
    Clerk.objects.get(user__username=Role.CLERK).delete()
    assert client.get(letter.file.url).status_code == 302
    other = signed_in(Role.CLERK, "wangmin")
    LetterDraft.objects.update(department=world.make_department("云平市财政局"))
    assert other.get(letter.file.url).status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "",
        "letters/",
        "../luoshi.sqlite3",
        "letters/../../luoshi.sqlite3",
        "%2e%2e/luoshi.sqlite3",
        "letters%2F2026%2Fx.docx",
        "/etc/passwd",
        "letters/2026/x\0.docx",
        "x" * 500,
    ],
)
def test_no_guessed_name_leads_to_a_file(letter, name):
    assert signed_in(Role.CLERK).get(f"/admin/files/{name}").status_code == 404


def test_no_server_hands_out_files_by_their_address(letter, folder):
    assert (folder / letter.file.name).read_bytes() == SECRET
    for address in (
        f"/{letter.file.name}",
        f"/media/{letter.file.name}",
        f"/files/{letter.file.name}",
    ):
        assert Client().get(address).status_code == 404


def test_a_file_that_is_lost_on_the_disk_is_not_found(letter, folder):
    (folder / letter.file.name).unlink()
    assert signed_in(Role.CLERK).get(letter.file.url).status_code == 404


def test_evidence_is_there_for_whom_the_promise_is_there(evidence):
    assert content(signed_in(Role.CLERK).get(evidence.evidence_file.url)) == SECRET
    assert content(signed_in(Role.SUPERVISOR).get(evidence.evidence_file.url)) == SECRET
    stranger = signed_in(Role.CLERK, "shen", department=world.make_department("云平市财政局"))
    assert stranger.get(evidence.evidence_file.url).status_code == 404


def test_the_page_of_a_letter_leads_to_its_file(letter):
    client = signed_in(Role.CLERK)
    page = client.get(change_address(letter)).content.decode()
    link = re.search(r'href="(/admin/files/[^"]+)"', page).group(1)
    assert content(client.get(link)) == SECRET


def test_stored_names_tell_nothing_and_are_never_the_same(letter):
    store = RandomName("letters")
    names = {store(letter, "关于林秀兰的答复.docx") for _each in range(50)}
    assert len(names) == 50
    assert all(re.fullmatch(r"letters/\d{4}/[\w-]{22}\.docx", name) for name in names)
    for odd in ("x.d/../y", "x.", "x", "x.tar.g z", "x.docx\0", "x." + "y" * 30, "x.答"):
        assert re.fullmatch(r"letters/\d{4}/[\w-]{22}", store(letter, odd)), odd


@pytest.mark.parametrize(
    ("title", "called"),
    [
        ("答复.docx", "答复.docx"),
        ("答复", "答复.docx"),
        ("../../etc/passwd", "etcpasswd.docx"),
        ('a"b\r\nSet-Cookie: x=1', "abSet-Cookie x=1.docx"),
        ("答复\u202excod.exe", "答复xcod.exe.docx"),
        ("", "file.docx"),
        ("...", "file.docx"),
        ("长" * 300, "长" * 100 + ".docx"),
    ],
)
def test_a_download_is_called_by_a_name_that_does_no_harm(title, called):
    assert safe_name(title, "letters/2026/abc.docx") == called


def test_every_field_with_files_is_behind_the_gate():
    rooms = {"assemblies", "departments", "proposals", "measures", "intake", "clerkadmin", "desk"}
    fields = {
        (model, field.name)
        for model in apps.get_models()
        if model._meta.app_label in rooms
        for field in model._meta.concrete_fields
        if isinstance(field, FileField)
    }
    assert {(kept.model, kept.field) for kept in KEPT} == fields
    for model, name in fields:
        field = model._meta.get_field(name)
        assert isinstance(field.upload_to, RandomName)
        assert field.db_index


def test_a_file_is_on_the_disk_before_its_row_is_there(folder, monkeypatch):
    written = []
    monkeypatch.setattr("os.fsync", lambda opened: written.append(os.fstat(opened).st_ino))
    letter = LetterFile(name="答复.docx", sha256="b" * 64)
    letter.file.save(letter.name, ContentFile(SECRET), save=False)
    path = Path(letter.file.path)
    for each in (path, path.parent, folder):
        assert each.stat().st_ino in written
