"""What is too much: for a form, a pattern, a session, a disk."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from desk.deputies.draft_form import LONGEST
from proposals import submitting
from proposals.models import Attachment, Proposal
from proposals.one_matter import doubts
from proposals.private_words import find
from tests.test_submitting import lead, make_draft  # noqa: F401
from tests.test_writing_pages import marks, signed_in

KILOBYTE = 1024


@contextmanager
def no_hanging() -> Iterator[None]:
    """What is done at once is done long before; what grows with the square of the text is not."""

    def stop(*_: Any) -> None:
        raise TimeoutError("it does not come to an end")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(30)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("sign", ["\n", " ", "\u3000", "。", "1、", "我", "a", "1", "a.", "-", "@"])
@pytest.mark.parametrize(
    "read", [lambda text: doubts("", text, text), find], ids=["doubts", "private words"]
)
def test_no_text_that_a_form_takes_keeps_the_site_busy(read: Callable[[str], Any], sign: str):
    text = f"x{sign * LONGEST}"[: LONGEST - 1] + "x"
    with no_hanging():
        # Nine times as much: what grows with the length alone is done all the same.
        read(text * 9)


@pytest.fixture
def small(settings: Any, tmp_path: Any) -> None:
    settings.LETTER_MAX_BYTES = 20 * KILOBYTE
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * KILOBYTE
    settings.MEDIA_ROOT = tmp_path


def paper(kilobytes: int) -> SimpleUploadedFile:
    return SimpleUploadedFile("x.pdf", b"x" * kilobytes * KILOBYTE)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/follow/?search=", "/account/sign-in/", "/desk/write/"])
def test_nobody_fills_the_disk_without_signing_in(small: None, address: str):
    client = Client()
    answer = client.post(address, {"file": paper(31)})
    assert answer.status_code == 400
    assert "太大" in answer.text
    # A form with a file whose session has ended is read: what was typed beside it is kept.
    assert client.post(address, {"file": paper(19)}).status_code != 400


@pytest.mark.django_db
def test_who_is_signed_in_is_told_at_the_form_that_a_file_is_too_large(small: None, lead: Any):  # noqa: F811
    client, draft = signed_in(lead), make_draft(lead)
    page = reverse("desk:edit", args=[draft.key])
    sent = {**marks(client, page), "title": "校车", "file": paper(60)}
    answer = client.post(reverse("desk:attach", args=[draft.key]), sent)
    assert answer.status_code == 200
    assert "20" in answer.text and not Attachment.objects.exists()
    assert client.post("/desk/write/", {"file": paper(900)}).status_code == 400


@pytest.mark.django_db
def test_a_forged_mark_of_a_window_is_not_kept_in_the_session(lead: Any):  # noqa: F811
    client, draft = signed_in(lead), make_draft(lead)
    forged = {"_form_token": "x" * 100_000, "version": draft.version, "title": "校车"}
    assert client.post(reverse("desk:keep", args=[draft.key]), forged).status_code == 200
    assert len(str(dict(client.session))) < KILOBYTE


@pytest.mark.django_db
def test_nobody_has_drafts_without_end(lead: Any, monkeypatch: pytest.MonkeyPatch):  # noqa: F811
    monkeypatch.setattr(submitting, "MOST_DRAFTS", 2)
    drafts = [make_draft(lead), make_draft(lead)]
    client = signed_in(lead)
    assert submitting.why_not_begin(lead) in client.get("/desk/write/").text
    client.post("/desk/write/", marks(client, "/desk/write/"))
    assert Proposal.objects.count() == 2
    submitting.throw_away(drafts[0])
    assert submitting.why_not_begin(lead) == ""
