"""The line to the mail server: opened once for many messages, and anew where it is in doubt."""

from __future__ import annotations

from typing import Any

from django.core.mail import EmailMultiAlternatives, get_connection

# Servers hang up on a line that carries too many.
MOST_ON_ONE_LINE = 100


class NotConnectedError(Exception):
    """There is no mail server that answers: certainly nothing went out."""


class Line:
    """What was broken by one message is not met by the next: it gets a line of its own."""

    def __init__(self) -> None:
        self._server: Any = None
        self._carried = 0

    def send(self, mail: EmailMultiAlternatives) -> None:
        """Raises NotConnectedError before anything was sent, else what the server says."""
        if self._carried >= MOST_ON_ONE_LINE or not self._is_up():
            self.close()
        mail.connection = self._server or self._open()
        went_out = False
        try:
            mail.send()
            went_out = True
        finally:
            if not went_out:
                self.close()
        self._carried += 1

    def close(self) -> None:
        """What was sent is sent, however the goodbye goes."""
        server, self._server, self._carried = self._server, None, 0
        if server is None:
            return
        try:
            server.close()
        except OSError:
            return

    def _open(self) -> Any:
        server = get_connection()
        try:
            server.open()
        except OSError as error:
            raise NotConnectedError from error
        self._server = server
        return server

    def _is_up(self) -> bool:
        """Asked before each message: a server that hung up meanwhile took nothing of it."""
        smtp = getattr(self._server, "connection", None)
        if smtp is None:
            return self._server is not None
        try:
            code, _words = smtp.noop()
        except OSError:  # SMTPException is one
            return False
        return bool(code == 250)
