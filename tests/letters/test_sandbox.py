"""The sandbox, against a parser that has been taken over."""

from subprocess import TimeoutExpired

import pytest

from letters.sources import limits, sandbox
from letters.sources.limits import Refused


def trick(name: str) -> str:
    exit_code, written = sandbox.run(name.encode(), "tests.letters.hostile_worker")
    return sandbox.answer_of(exit_code, written)[0]


@pytest.mark.parametrize(
    ("name", "answer"),
    [("connect", "no socket"), ("open_file", "no file"), ("start_process", "no process")],
)
def test_a_worker_cannot_reach_out(name, answer):
    assert trick(name) == answer


def test_a_worker_is_given_no_environment(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "geheim")
    assert "SECRET_KEY" not in trick("environment")


def test_a_worker_that_spins_is_stopped(monkeypatch):
    """By the limit of its own time, not by the clock on the wall."""
    monkeypatch.setattr(limits, "CPU_SECONDS", 1)
    monkeypatch.setattr(limits, "WALL_SECONDS", 60)
    with pytest.raises(Refused, match="too_complex") as refused:
        trick("spin")
    assert refused.value.__cause__ is None


def test_a_worker_that_hangs_is_stopped(monkeypatch):
    monkeypatch.setattr(limits, "CPU_SECONDS", 60)
    monkeypatch.setattr(limits, "WALL_SECONDS", 1)
    with pytest.raises(Refused, match="too_complex") as refused:
        trick("spin")
    assert isinstance(refused.value.__cause__, TimeoutExpired)


def test_a_worker_cannot_flood_the_server(monkeypatch):
    monkeypatch.setattr(limits, "MAX_TEXT_BYTES", 1000)
    _, written = sandbox.run(b"shout", "tests.letters.hostile_worker")
    assert len(written) <= 2000


@pytest.mark.parametrize(("name", "reason"), [("hoard", "too_complex"), ("lie", "failed")])
def test_a_worker_that_hoards_or_lies_gets_a_plain_sentence(name, reason):
    with pytest.raises(Refused, match=reason):
        trick(name)
