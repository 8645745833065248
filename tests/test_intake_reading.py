"""Letters are handed in: pasted or as files, each for itself, each once, nothing lost."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse, reverse_lazy

from access.rights import Role
from intake.models import LetterDraft, LetterFile
from tests import world
from tests.letters.documents import docx, paragraph
from tests.letters.samples import NO_LETTER, REPLY

pytestmark = pytest.mark.django_db

# Lazily: the addresses are read once the tests have set DEBUG off.
READ = reverse_lazy("admin:intake_letterdraft_read")
OTHER = REPLY.replace("18号", "19号")


@pytest.fixture
def desk() -> Client:
    client = Client()
    client.force_login(world.make_member(Role.CLERK))
    return client


def upload(text: str | bytes, name: str = "信.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode())


def test_several_files_are_several_drafts_with_their_doubts(desk):
    answer = desk.post(READ, {"files": [upload(REPLY), upload(OTHER, "另一封.txt")]})
    assert answer.status_code == 200
    assert LetterDraft.objects.count() == 2
    page = answer.content.decode()
    for draft in LetterDraft.objects.all():
        assert draft.key in page
        assert draft.department.name == "云平市交通运输局"


def test_a_file_that_cannot_be_read_says_so_and_the_others_go_on(desk):
    answer = desk.post(READ, {"files": [upload(b"%PDF-1.4 broken", "坏.pdf"), upload(REPLY)]})
    page = answer.content.decode()
    assert "坏.pdf" in page
    assert LetterDraft.objects.count() == 1


def test_pasted_text_and_files_are_taken_in_together(desk):
    desk.post(READ, {"files": [upload(REPLY)], "text": OTHER})
    assert LetterDraft.objects.count() == 2


def test_the_original_is_kept(desk, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    data = docx("".join(paragraph(line) for line in REPLY.splitlines()))
    desk.post(READ, {"files": [upload(data, "信.docx")]})
    assert LetterFile.objects.get().file.read() == data


def test_the_same_letter_twice_is_one_draft(desk):
    desk.post(READ, {"text": REPLY})
    answer = desk.post(READ, {"text": REPLY.replace("\n", "\r\n")})
    assert answer.status_code == 200
    assert LetterDraft.objects.get().key in answer.content.decode()


def test_the_same_letter_of_another_department_is_not_told(desk):
    finance = world.make_department("云平市财政局")
    other = Client()
    other.force_login(world.make_member(Role.CLERK, "caiwu", department=finance))
    other.post(READ, {"files": [upload(REPLY, "财政局内部.txt")]})
    answer = desk.post(READ, {"text": REPLY})
    assert answer.status_code == 302
    assert LetterFile.objects.count() == 1
    own = LetterDraft.objects.get(department__name="云平市交通运输局")
    listed = desk.get(reverse("admin:intake_letterdraft_changelist")).content.decode()
    assert "财政局内部" not in listed and "caiwu" not in listed
    files = desk.get(reverse("admin:intake_letterfile_changelist")).content.decode()
    assert "财政局内部" not in files and "caiwu" not in files
    assert own.name == "云交建议〔2026〕18号"


def test_too_many_and_too_large_are_refused_in_words(desk, settings):
    settings.LETTER_MAX_BYTES = 100
    assert "too.txt" in desk.post(READ, {"files": [upload(REPLY, "too.txt")]}).content.decode()
    desk.post(READ, {"files": [upload(f"{n}", f"{n}.txt") for n in range(21)]})
    assert LetterDraft.objects.count() == 0


def test_nothing_handed_in_is_said(desk):
    assert 'role="alert"' in desk.post(READ, {"text": "  "}).content.decode()


def test_a_text_that_is_no_letter_can_still_be_looked_at_and_rejected(desk):
    answer = desk.post(READ, {"text": NO_LETTER})
    assert answer.status_code == 302
    assert desk.get(answer["Location"]).status_code == 200


def test_a_draft_has_one_page(desk):
    desk.post(READ, {"text": REPLY})
    draft = LetterDraft.objects.get()
    change = reverse("admin:intake_letterdraft_change", args=[draft.pk])
    assert desk.get(change)["Location"].endswith(f"/{draft.key}/")
