"""A mail server that takes what it is given, as one on the network does; or refuses, or breaks."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from pathlib import Path

from tests.waiting import wait_until

# What it does with each mail.
TAKE, REFUSE, BREAK = "take", "refuse", "break"
SCRIPT = Path(__file__).resolve().with_name("smtpd.py")


class MailServer:
    """On a port of its own; what it took lies in its folder (`tests/smtpd.py`)."""

    def __init__(self, port: int, folder: Path) -> None:
        self.port, self.folder = port, folder
        self.does = TAKE
        self.unknown()
        self.holds_after(sys.maxsize)

    @property
    def does(self) -> str:
        return (self.folder / "does").read_text()

    @does.setter
    def does(self, what: str) -> None:
        self._write("does", what)

    def holds_after(self, count: int) -> None:
        """When it has taken so many, the next has to wait: for as long as it runs."""
        self._write("holds", str(count))

    def unknown(self, *addresses: str) -> None:
        """Whom it does not know."""
        self._write("unknown", " ".join(addresses))

    def _write(self, name: str, words: str) -> None:
        """At one stroke: the server reads it at any moment, and never an empty file."""
        new = self.folder / f"{name}.new"
        new.write_text(words)
        new.replace(self.folder / name)

    @property
    def count(self) -> int:
        taken = self.folder / "mails" / "new"
        return len(os.listdir(taken)) if taken.is_dir() else 0

    @property
    def mails(self) -> list[Message]:
        """Those that it took, in order."""
        taken = (self.folder / "mails" / "new").glob("*")
        in_order = sorted(taken, key=lambda path: path.stat().st_mtime_ns)
        return [message_from_bytes(path.read_bytes()) for path in in_order]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def mail_server(port: int = 0) -> Iterator[MailServer]:
    """Running until the block ends; nothing listens on its port afterwards."""
    with tempfile.TemporaryDirectory(prefix="luoshi-mails-") as name:
        server = MailServer(port or free_port(), Path(name))
        command = [sys.executable, "-P", str(SCRIPT), str(server.port), name]
        # In a folder of its own: what it brings would hide a package of ours.
        found_in = {"PYTHONPATH": str(Path(sys.prefix) / "mail")}
        process = subprocess.Popen(command, cwd=name, env=os.environ | found_in)
        try:
            _wait_for(server.port, process)
            yield server
        finally:
            process.terminate()
            process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    def answers() -> bool:
        assert process.poll() is None, "the mail server did not start"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            return False
        return True

    wait_until(answers)
