"""How long the review of a 5,000-character letter takes to open, in server time.

    .venv/bin/python benchmarks/review.py

Hands a letter of at least 5,000 characters in as the demo's clerk, in a new database, and fetches
its review page. Prints the median and the slowest of twenty, and fails from 300 ms up.
"""

import os
import statistics
import sys
import time

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from new_site import ROOT, make

GOAL = 0.3
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
    make()
    call_command("demo", verbosity=0, stdout=open(os.devnull, "w"))  # noqa: SIM115
    client = Client()
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
