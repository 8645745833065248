"""`manage.py import_letters`: take letters in, from files and folders."""

from __future__ import annotations

import logging
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from tqdm import tqdm

from intake.errors import AlreadyThere, LetterRefused
from intake.importing import Imported, import_letter
from intake.receiving import receive
from letters.errors import UnreadableLetter

logger = logging.getLogger(__name__)

# What a folder is searched for; a file named outright is tried whatever it is called.
SUFFIXES = {".txt", ".docx", ".pdf", ".ofd", ".html", ".htm"}


class Command(BaseCommand):
    help = "Read reply letters from files and folders into the database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH", help="letters, or folders of them")
        parser.add_argument(
            "--publish", action="store_true", help="publish them as proactively disclosed"
        )
        parser.add_argument(
            "--create-missing",
            action="store_true",
            help="make assemblies, sessions, departments, proposals and deputies not yet there",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would happen, and change nothing"
        )

    def handle(self, *args, **options) -> None:
        self.counts: Counter[str] = Counter()
        paths = list(letters_under(options["paths"]))
        if options["dry_run"]:
            with transaction.atomic():
                self._import_all(paths, options)
                transaction.set_rollback(True)
        else:
            self._import_all(paths, options)
        self._summarise(dry_run=options["dry_run"])
        if self.counts["failed"]:
            sys.exit(1)

    def _import_all(self, paths: list[Path], options: dict[str, bool]) -> None:
        shows_progress = sys.stderr.isatty() and len(paths) > 1
        for path in tqdm(paths, disable=not shows_progress, unit=_("letters")):
            line = self._import_one(path, options)
            (tqdm.write if shows_progress else self.stdout.write)(line)

    def _import_one(self, path: Path, options: dict[str, bool]) -> str:
        try:
            imported = import_letter(
                receive(path),
                on=timezone.localdate(),
                publish=options["publish"],
                create_missing=options["create_missing"],
                keep_file=not options["dry_run"],
            )
        except AlreadyThere as there:
            self.counts["skipped"] += 1
            return _("%(file)s: skipped, %(reason)s") % {"file": path.name, "reason": there}
        except (LetterRefused, UnreadableLetter) as refused:
            self.counts["failed"] += 1
            return _failure(path, str(refused))
        except ValidationError as error:
            self.counts["failed"] += 1
            return _failure(path, " ".join(error.messages))
        except (DatabaseError, OSError):
            # Its own transaction was rolled back; the other letters go on.
            logger.exception("A letter could not be stored: %s", path)
            self.counts["failed"] += 1
            return _failure(path, _("it could not be stored; the log says why."))
        self.counts["imported"] += 1
        self.counts["measures"] += len(imported.letter.measures)
        self.counts["commitments"] += len(imported.letter.commitments)
        return "\n".join([one_line(path.name, imported), *(f"    {n}" for n in imported.notes)])

    def _summarise(self, *, dry_run: bool) -> None:
        self.stdout.write(
            _(
                "Imported: %(imported)s; already there: %(skipped)s; failed: %(failed)s. "
                "Measures: %(measures)s; commitments: %(commitments)s."
            )
            % {
                name: self.counts[name]
                for name in ("imported", "skipped", "failed", "measures", "commitments")
            }
        )
        if dry_run:
            self.stdout.write(_("A dry run: nothing was changed."))


def letters_under(paths: list[str]) -> Iterator[Path]:
    """The files named, and those in the folders named that look like letters, in order."""
    for path in map(Path, paths):
        if path.is_dir():
            yield from sorted(
                p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file()
            )
        else:
            yield path


def one_line(name: str, imported: Imported) -> str:
    """One letter in one line: what was read, how much is in it, where it is now."""
    letter = imported.letter
    numbers = "、".join(p.number for p in letter.proposals if p.number)
    return _(
        "%(file)s: %(issuer)s %(document_number)s, no. %(numbers)s; measures %(measures)s, "
        "commitments %(commitments)s, figures %(figures)s, warnings %(warnings)s; %(address)s"
    ) % {
        "file": name,
        "issuer": letter.issuer or letter.lead_department or "",
        "document_number": letter.document_number or "",
        "numbers": numbers,
        "measures": len(letter.measures),
        "commitments": len(letter.commitments),
        "figures": len(letter.figures),
        "warnings": len(imported.notes),
        "address": imported.address,
    }


def _failure(path: Path, reason: str) -> str:
    # A sentence of the reader names the file itself.
    if path.name in reason:
        return reason
    return _("%(file)s: %(reason)s") % {"file": path.name, "reason": reason}
