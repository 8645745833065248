"""Files and pasted texts on their way in: each becomes a draft that waits for its review."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction

from intake.models import LetterDraft, LetterFile
from letters import Letter, read
from letters.sources import files, source_of_bytes

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from departments.models import Department

# How many letters are handed in at once.
MOST_FILES = 20
NAME_CHARACTERS = 60


@dataclass(frozen=True)
class Incoming:
    """A letter's file as it came."""

    name: str
    data: bytes
    text: str
    notes: list[str]

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def receive(path: str | os.PathLike[str]) -> Incoming:
    """Read a file from disk; raises UnreadableLetter with a clerk's sentence."""
    data = files.bytes_of(path, max_bytes=settings.LETTER_MAX_BYTES, name=files.name_of(path))
    return receive_bytes(data, name=Path(path).name)


def receive_bytes(data: bytes, *, name: str) -> Incoming:
    """Read an upload or the demo's own file; raises UnreadableLetter."""
    source = source_of_bytes(data, name=name, max_bytes=settings.LETTER_MAX_BYTES)
    return Incoming(name=name, data=data, text=source.text, notes=source.notes)


def receive_text(text: str) -> Incoming:
    """A pasted letter, called by its number, else its first line; raises UnreadableLetter."""
    text = text.replace("\r\n", "\n")
    incoming = receive_bytes(text.encode(), name="letter.txt")
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return replace(incoming, name=read(text).document_number or first[:NAME_CHARACTERS])


@dataclass(frozen=True)
class Received:
    """The draft of a letter, and whether it was there before."""

    draft: LetterDraft
    is_known: bool = False


@transaction.atomic
def take_in(incoming: Incoming, *, department: Department | None, by: User) -> Received:
    """Make a draft of the letter, with the original kept; the same letter twice is one draft.

    What other departments have handed in is not told: the letter is read for this one.
    """
    letter_file = file_row(incoming, by=by)
    # One at a time, so that a form sent twice makes one draft.
    LetterFile.objects.select_for_update(no_key=True).get(pk=letter_file.pk)
    known = (
        letter_file.drafts.visible_to(by)
        .filter(department=department)
        .exclude(state=LetterDraft.State.REJECTED)
        .order_by("pk")
        .first()
    )
    if known:
        return Received(known, is_known=True)
    draft = LetterDraft.objects.create(
        letter_file=letter_file,
        department=department,
        name=incoming.name[:255],
        reading=reading_of(read(incoming.text), incoming),
        clerk=by,
    )
    store_original(letter_file, incoming)
    return Received(draft)


def file_row(incoming: Incoming, *, by: User | None) -> LetterFile:
    """The row of the letter's file: one for the same bytes, whoever hands them in."""
    facts = {"name": incoming.name[:255], "text": incoming.text, "received_by": by}
    return LetterFile.objects.get_or_create(sha256=incoming.sha256, defaults=facts)[0]


def store_original(letter_file: LetterFile, incoming: Incoming) -> None:
    """Keep the original beside its text where the two differ."""
    if not letter_file.file and incoming.data != incoming.text.encode():
        suffix = Path(incoming.name).suffix.lower()[:8]
        letter_file.file.save(f"{incoming.sha256}{suffix}", ContentFile(incoming.data))


def reading_of(letter: Letter, incoming: Incoming) -> dict[str, Any]:
    """What the draft keeps of the reading: the values, where each stood, what was inferred."""
    return {
        **letter.as_dict(),
        "spans": {name: list(span) for name, span in letter.spans.items()},
        "inferred": letter.inferred,
        "is_letter": letter.is_letter,
        "notes": incoming.notes,
    }
