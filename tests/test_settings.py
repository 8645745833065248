"""A wrong setting stops the start with a sentence that names it; every setting is documented."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from config.checks import visitors_are_told_apart
from tests.letters.samples import REPLY

ROOT = Path(__file__).resolve().parent.parent


def check(**environment: str) -> subprocess.CompletedProcess[str]:
    return run("manage.py", "check", **environment)


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    sane = {"SECRET_KEY": "x" * 60, "HTTPS": "false", "PATH": os.environ["PATH"]}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**sane, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_least_that_a_site_must_set_is_its_secret_key():
    assert check().returncode == 0
    without = check(SECRET_KEY="")
    assert without.returncode != 0
    assert "luoshi.E001" in without.stderr


def test_no_server_starts_without_a_secret_key():
    finished = run("-c", "import config.wsgi", SECRET_KEY="")
    assert finished.returncode != 0
    assert "SECRET_KEY" in finished.stderr


def test_a_letter_is_read_without_any_setting(tmp_path):
    letter = tmp_path / "信.txt"
    letter.write_text(REPLY, "utf-8")
    finished = run("manage.py", "read_letter", str(letter), SECRET_KEY="")
    assert finished.returncode == 0, finished.stderr
    assert "云交建议〔2026〕18号" in finished.stdout


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("SECRET_KEY", "short", "50 random characters"),
        ("DEBUG", "perhaps", "true or false"),
        ("HTTPS", "2", "true or false"),
        ("LETTER_MAX_MB", "many", "a whole number"),
        ("LETTER_MAX_MB", "0", "1 or more"),
        ("LANGUAGE_CODE", "fr", "zh-hans, en"),
        ("DATA_DIR", "/dev/null/var", "a folder that can be written"),
        ("LOG_LEVEL", "LOUD", "DEBUG, INFO, WARNING, ERROR"),
        ("OFFICE_NETWORKS", "10.20.0.1/16", "203.0.113.0/24"),
        ("DATABASE_URL", "mysql://root@localhost/luoshi", "postgres://"),
    ],
)
def test_a_wrong_value_is_named_with_what_it_should_be(name, value, wanted):
    finished = check(**{name: value})
    assert finished.returncode != 0
    last = finished.stderr.strip().splitlines()[-1]
    assert name in last
    assert wanted in last


def test_a_wrong_database_address_does_not_print_its_password():
    finished = check(DATABASE_URL="mysql://root:tell-nobody@localhost/luoshi")
    assert "tell-nobody" not in finished.stderr


def test_every_setting_stands_in_the_example_and_in_both_readmes():
    settings = (ROOT / "config/settings.py").read_text("utf-8")
    names = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', settings))
    assert "DATABASE_URL" in names
    for document in (".env.example", "README.md", "README.zh-Hans.md"):
        text = (ROOT / document).read_text("utf-8")
        assert {name for name in names if name not in text} == set(), document


@pytest.mark.parametrize(
    ("header", "proxies", "is_warned"),
    [(("HTTP_X_FORWARDED_PROTO", "https"), 0, True), (("X", "https"), 1, False), (None, 0, False)],
)
def test_behind_a_proxy_that_nobody_counted_the_deploy_check_warns(
    settings, header, proxies, is_warned
):
    settings.DEBUG, settings.SECURE_PROXY_SSL_HEADER = False, header
    settings.TRUSTED_PROXIES = proxies

    assert bool(visitors_are_told_apart()) is is_warned
