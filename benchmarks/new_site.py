"""A site of its own for a benchmark: in a temporary folder, with an empty database.

To import it is to set it up, so benchmarks import it above all modules of the site. DATABASE_URL
names another database, an empty one; else it is SQLite in the folder.
"""

import os
import secrets
import sys
import tempfile
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
FOLDER = tempfile.TemporaryDirectory(prefix="luoshi-benchmark-")

sys.path.insert(0, str(ROOT))
os.environ.update(
    SECRET_KEY=secrets.token_urlsafe(50),
    HTTPS="false",
    SECOND_FACTOR="optional",
    DATA_DIR=FOLDER.name,
    ALLOWED_HOSTS="testserver",
    DJANGO_SETTINGS_MODULE="config.settings",
)
os.environ.setdefault("DATABASE_URL", f"sqlite:///{FOLDER.name}/benchmark.sqlite3")
django.setup()


def make() -> None:
    """Its tables, and what its pages look like."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


def analyse() -> None:
    """Let the database learn what is in its tables, as it does by itself in time."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
