"""How long the review of a 5,000-character letter takes to open, in server time.

    .venv/bin/python benchmarks/review.py

Hands a letter of at least 5,000 characters in as the demo's clerk, in a new database, and fetches
its review page. Prints the median and the slowest of twenty, and fails from 300 ms up.
"""

import os
import secrets
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GOAL = 0.3
sys.path.insert(0, str(ROOT))
FOLDER = tempfile.TemporaryDirectory(prefix="luoshi-benchmark-")
os.environ.update(
    SECRET_KEY=secrets.token_urlsafe(50),
    HTTPS="false",
    DATA_DIR=FOLDER.name,
    DATABASE_URL=f"sqlite:///{FOLDER.name}/benchmark.sqlite3",
    DJANGO_SETTINGS_MODULE="config.settings",
    ALLOWED_HOSTS="testserver,localhost",
)

import django  # noqa: E402

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

LETTER = ROOT / "tests" / "letters" / "texts" / "seed.txt"


def long_letter() -> str:
    """The letter, its second part told twice with other words, until it has 5,000 characters."""
    text = LETTER.read_text("utf-8")
    head, heading, rest = text.partition("二、下一步的主要工作")
    plans, thanks, foot = rest.partition("再次感谢")
    again = ""
    while len(text) + len(again) < 5000:
        again += plans.replace("我省", "全省").replace("中小企业", "小微企业")
    return head + heading + plans + again + thanks + foot


def main() -> None:
    call_command("migrate", verbosity=0)
    call_command("demo", verbosity=0, stdout=open(os.devnull, "w"))  # noqa: SIM115
    call_command("collectstatic", interactive=False, verbosity=0)
    client = Client(headers={"host": "localhost"})
    client.force_login(get_user_model().objects.get(username="clerk"))
    text = long_letter()
    answer = client.post(reverse("admin:intake_letterdraft_read"), {"text": text})
    times = []
    for _each in range(20):
        began = time.perf_counter()
        page = client.get(answer["Location"])
        times.append(time.perf_counter() - began)
        assert page.status_code == 200
    median = statistics.median(times)
    print(
        f"review of {len(text)} characters: median {median * 1000:.0f} ms, "
        f"slowest {max(times) * 1000:.0f} ms (goal: under {GOAL * 1000:.0f})"
    )
    if median >= GOAL:
        sys.exit(1)


if __name__ == "__main__":
    main()
