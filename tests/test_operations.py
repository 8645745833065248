"""What an operator is told to install is there, is well formed, and runs commands that exist."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parent.parent
UNITS = sorted((ROOT / "deploy").glob("luoshi-*"))


def test_each_timer_has_its_service():
    names = {unit.name for unit in UNITS}
    timers = {name for name in names if name.endswith(".timer")}

    assert {f"luoshi-{name}.timer" for name in ("reminders", "messages", "followings")} <= timers
    assert {name.replace(".timer", ".service") for name in timers} <= names


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_understands_the_unit(unit, tmp_path):
    verify = shutil.which("systemd-analyze")
    if verify is None:
        pytest.skip("systemd-analyze is not there")
    for each in UNITS:
        # The program of a site is not on this machine: any that is there stands for it.
        text = each.read_text("utf-8").replace("/srv/luoshi/.venv/bin/python", "/bin/true")
        (tmp_path / each.name).write_text(text, "utf-8")

    checked = subprocess.run(
        [verify, "verify", "--man=no", str(tmp_path / unit.name)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.parametrize(
    "path",
    [
        *UNITS,
        *(ROOT / "docs" / name for name in ("operations.md", "operations.zh-Hans.md")),
        *(ROOT / "docs" / name for name in ("deadlines.md", "deadlines.zh-Hans.md")),
        *(ROOT / name for name in ("README.md", "README.zh-Hans.md")),
    ],
    ids=lambda path: path.name,
)
def test_every_command_that_is_named_exists(path):
    named = set(re.findall(r"manage\.py (\w+)", path.read_text("utf-8")))

    assert named <= set(get_commands())


def test_both_languages_of_a_page_name_the_same_commands_and_settings():
    for name in ("operations", "deadlines"):
        english, chinese = (
            set(re.findall(r"[A-Z]+_[A-Z]+|manage\.py \w+|luoshi-\w+", text))
            for text in (
                (ROOT / "docs" / f"{name}.md").read_text("utf-8"),
                (ROOT / "docs" / f"{name}.zh-Hans.md").read_text("utf-8"),
            )
        )
        assert english == chinese
