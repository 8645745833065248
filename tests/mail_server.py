"""A mail server that takes what it is given, as one on the network does; or refuses, or breaks."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message

# What it does with each mail.
TAKE, REFUSE, BREAK = "take", "refuse", "break"


class MailServer(socketserver.ThreadingTCPServer):
    """On a port of its own; `mails` are those that it took, in order."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Conversation)
        self.port: int = self.server_address[1]
        self.mails: list[Message] = []
        self.does = TAKE
        # Whom it does not know.
        self.unknown: set[str] = set()
        self.lock = threading.Lock()


class Conversation(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.say("220 mail.test")
        while line := self.rfile.readline().decode("ascii").strip():
            word = line.partition(" ")[0].upper()
            if word == "QUIT":
                self.say("221 bye")
                return
            if word == "RCPT" and any(name in line for name in self.server.unknown):
                self.say("550 nobody of that name")
            elif word == "DATA":
                self.say("354 go on")
                if not self.take():
                    return
            else:
                self.say("250 ok")

    def take(self) -> bool:
        lines: list[bytes] = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        if self.server.does == BREAK:
            return False
        if self.server.does == REFUSE:
            self.say("451 not now")
            return True
        with self.server.lock:
            self.server.mails.append(message_from_bytes(b"".join(lines)))
        self.say("250 taken")
        return True

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode("ascii"))


@contextmanager
def mail_server(port: int = 0) -> Iterator[MailServer]:
    """Running until the block ends; nothing listens on its port afterwards."""
    server = MailServer(port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
