"""How many text letters a second are imported into SQLite, files to rows.

    .venv/bin/python benchmarks/import_letters.py [COUNT]

Writes COUNT (default 200) letters of about 500 characters into a temporary folder, and imports them
into a new database with --create-missing; then the same with --publish. Prints the rates.
"""

import os
import secrets
import sys
import tempfile
import time
from io import StringIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 200
sys.path.insert(0, str(ROOT))
FOLDER = tempfile.TemporaryDirectory(prefix="luoshi-benchmark-")
os.environ.update(
    SECRET_KEY=secrets.token_urlsafe(50),
    HTTPS="false",
    DATA_DIR=FOLDER.name,
    DATABASE_URL=f"sqlite:///{FOLDER.name}/benchmark.sqlite3",
    DJANGO_SETTINGS_MODULE="config.settings",
)

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402

from tests.letters.samples import REPLY  # noqa: E402


def write_letters(folder: Path, series: str) -> None:
    folder.mkdir()
    for number in range(1, COUNT + 1):
        text = REPLY.replace("云交建议〔2026〕18号", f"云交{series}〔2026〕{number}号")
        text = text.replace("第0456号", f"第{number:04}号")
        (folder / f"{number:04}.txt").write_text(text, "utf-8")


def rate(folder: Path, **options: bool) -> float:
    began = time.perf_counter()
    call_command("import_letters", str(folder), create_missing=True, stdout=StringIO(), **options)
    return COUNT / (time.perf_counter() - began)


def main() -> None:
    call_command("migrate", verbosity=0)
    for series, options in (("建议", {}), ("函", {"publish": True})):
        folder = Path(FOLDER.name) / series
        write_letters(folder, series)
        name = "imported and published" if options else "imported"
        print(f"{name}: {rate(folder, **options):.0f} letters a second (goal: 50 imported)")


if __name__ == "__main__":
    main()
