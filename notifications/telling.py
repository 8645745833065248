"""What a sender of the outbox says at the end, for whoever reads the journal."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications.outbox import can_send, deliver, report


def deliver_aloud(command: BaseCommand) -> None:
    """Send what waits and say what became of it; what may not have arrived is an error."""
    if not can_send():
        command.stdout.write(_("E-mail is not set up (EMAIL_URL): messages wait on the desk."))
        return
    with _until_terminated() as is_told_to_stop:
        result = deliver(is_told_to_stop)
    said = _("Sent: %(sent)s, put off: %(failed)s.")
    command.stdout.write(said % {"sent": result.sent, "failed": result.failed})
    if result.is_server_down:
        command.stderr.write(_("The mail server does not answer: the rest waits."))
        command.stderr.write(result.no_answer)
    unsure = [*result.unclear, *report(at=timezone.now())]
    if unsure:
        lines = "\n".join(unsure)
        raise CommandError(
            _("These may not have arrived, and are not sent again:\n%(lines)s") % {"lines": lines}
        )


@contextmanager
def _until_terminated() -> Iterator[Callable[[], bool]]:
    """Whether SIGTERM has come: what is in hand is ended first, so that nobody has to ask of it."""
    told = Event()
    before = signal.signal(signal.SIGTERM, lambda _number, _frame: told.set())
    try:
        yield told.is_set
    finally:
        signal.signal(signal.SIGTERM, before)
