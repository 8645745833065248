"""The page of components: there while one builds, nowhere else."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.urls import Resolver404, resolve

from public.promises import LOOKS, STATE_WORDS

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def page(client, settings) -> str:
    settings.ROOT_URLCONF = "tests.debug_urls"
    return client.get("/design/").content.decode()


def test_every_state_of_a_promise_is_shown(page):
    shown = set(re.findall(r'<span class="state [^"]*"><svg.*?</svg>(.*?)</span>', page))
    assert {str(word) for word in STATE_WORDS.values()} <= shown
    assert {"逾期170天", "今天到期", "还有11天"} <= shown
    assert {look for look in LOOKS if f'class="state state-{look}"' not in page} == set()


def test_every_icon_and_colour_of_the_house_is_shown(page):
    sprite = (ROOT / "templates/public/_icons.html").read_text("utf-8")
    style = (ROOT / "static/luoshi.css").read_text("utf-8")
    icons = set(re.findall(r'<symbol id="(i-\w+)"', sprite))
    colours = set(re.findall(r"(--[\w-]+): #", style))
    assert "i-search" in icons
    assert "--zhu" in colours
    assert {name for name in icons | colours if f"<code>{name}</code>" not in page} == set()


@pytest.mark.parametrize(("debug", "there"), [("true", True), ("false", False)])
def test_it_is_there_in_debug_mode_alone(debug, there, tmp_path):
    asked = "import django; django.setup(); from django.urls import resolve; resolve('/design/')"
    finished = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=ROOT,
        env={
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "SECRET_KEY": "x" * 60,
            "HTTPS": "false",
            "DEBUG": debug,
            "DATA_DIR": str(tmp_path),
            "PATH": os.environ["PATH"],
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert (finished.returncode == 0) is there, finished.stderr
    assert ("Resolver404" in finished.stderr) is not there


def test_a_site_does_not_know_it():
    with pytest.raises(Resolver404):
        resolve("/design/")
