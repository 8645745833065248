"""A parser gone bad: what an attacker would try from inside the sandbox (see test_sandbox)."""

import os
import socket
import subprocess
import sys

from letters.sources import worker
from letters.sources.worker import Parsed


def spin() -> str:
    """Use the processor without end."""
    while True:
        pass


def connect() -> str:
    """Reach for the network."""
    try:
        socket.socket().close()
    except OSError:
        return "no socket"
    return "got a socket"


def open_file() -> str:
    """Reach for a file of the server."""
    try:
        os.close(os.open("/etc/passwd", os.O_RDONLY))
    except OSError:
        return "no file"
    return "got a file"


def start_process() -> str:
    """Start a program."""
    try:
        subprocess.run(["/bin/true"], check=False)
    except OSError:
        return "no process"
    return "got a process"


def shout() -> str:
    """Write more than anyone may read."""
    while True:
        sys.stdout.buffer.write(b"x" * 1_000_000)


def hoard() -> str:
    """Use memory without end."""
    kept = []
    while True:
        kept.append(bytes(10_000_000))


def environment() -> str:
    """Tell what the process was given."""
    return repr(sorted(os.environ))


def lie() -> str:
    """Answer with something that is no answer."""
    sys.stdout.buffer.write(b'{"reason": "\xe4\xbd\xa0\xe5\xa5\xbd"}')
    sys.stdout.buffer.flush()
    os._exit(0)


TRICKS = {
    trick.__name__: trick
    for trick in (spin, connect, open_file, start_process, shout, hoard, environment, lie)
}


def misbehave(data: bytes) -> Parsed:
    """Do what the input names."""
    return Parsed(TRICKS[data.decode()]())


if __name__ == "__main__":
    worker.serve(misbehave)
