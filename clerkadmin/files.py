"""Files that clerks keep: each is asked for by its random name, and the gate is asked each time.

A file is handed out as a download and never shown: what it holds cannot act in the site's name.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

# Papers, tables and pictures are taken; nothing that acts when it is opened.
ENDINGS = (
    ".pdf",
    ".ofd",
    ".doc",
    ".docx",
    ".wps",
    ".xls",
    ".xlsx",
    ".et",
    ".csv",
    ".txt",
    ".jpg",
    ".jpeg",
    ".png",
)
# What a page made of the file may do: nothing, should a browser show it after all.
SANDBOX = "sandbox; default-src 'none'"
# What an ending of a stored name may be; any other is left out.
ENDING = re.compile(r"\.[a-z0-9]{1,8}", re.ASCII)
# Signs that lead out of a folder, end a header or turn the direction of writing.
UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\\\:*?\"<>|\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def check_file(file: UploadedFile) -> None:
    """Refuse a file of a kind that is not taken, or larger than a letter may be."""
    if PurePosixPath(file.name or "").suffix.lower() not in ENDINGS:
        raise ValidationError(
            _("Files of this kind are not taken. Taken are: %(endings)s"),
            params={"endings": " ".join(ENDINGS)},
        )
    if (file.size or 0) > settings.LETTER_MAX_BYTES:
        raise ValidationError(
            _("The file is larger than %(limit)s."),
            params={"limit": filesizeformat(settings.LETTER_MAX_BYTES)},
        )


class SafeStorage(FileSystemStorage):
    """Files that are on the disk before the row that names them is in the database."""

    def _save(self, name: str, content: Any) -> str:
        kept: str = super()._save(name, content)  # type: ignore[misc]
        path, root = Path(self.path(kept)), Path(self.location)
        # The folders, too: a new one, and the name of the file in it, would be lost with them.
        for each in (path, *(folder for folder in path.parents if folder.is_relative_to(root))):
            _write_through(each)
        return kept


def _write_through(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@deconstructible
class RandomName:
    """`upload_to` of a file field: nobody counts or guesses what is stored under it."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def __call__(self, row: Model, name: str) -> str:
        ending = PurePosixPath(name).suffix.lower()
        kept = ending if ENDING.fullmatch(ending) else ""
        return f"{self.folder}/{timezone.localdate():%Y}/{secrets.token_urlsafe(16)}{kept}"


@dataclass(frozen=True)
class Kept:
    """A field with files: of which kind of row, what its download is called, who may have it."""

    model: type[Any]
    field: str
    title: Callable[[Any], Any]
    right: str


KEPT: list[Kept] = []


def keep(
    model: type[Model], field: str, *, title: Callable[[Any], Any], right: str = "view"
) -> None:
    """Let the files of this field be downloaded by those who see their row, or have that right."""
    KEPT.append(Kept(model, field, title, right))


@require_safe
def serve_file(request: HttpRequest, name: str) -> FileResponse:
    """The file of a row that the person may see; 404 for another as for none."""
    # PostgreSQL refuses the sign that ends a string in C.
    for kept in KEPT if "\0" not in name else ():
        rows = kept.model._default_manager.editable_by(request.user, kept.right)
        row = rows.filter(**{kept.field: name}).first() if name else None
        if row is not None:
            return _download(getattr(row, kept.field), str(kept.title(row)))
    raise Http404


def _download(file: FieldFile, title: str) -> FileResponse:
    try:
        opened = file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(
        opened,
        as_attachment=True,
        filename=safe_name(title, str(file.name)),
        content_type="application/octet-stream",
    )
    response["Accept-Ranges"] = "none"
    response["Content-Security-Policy"] = SANDBOX
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def safe_name(title: str, stored: str) -> str:
    """What the download is called: in the clerk's words, with the ending that the file has."""
    ending = PurePosixPath(stored).suffix
    stem = UNSAFE.sub("", title).strip(". ")
    stem = stem.removesuffix(ending)[:100] if ending else stem[:100]
    return f"{stem or 'file'}{ending}"
