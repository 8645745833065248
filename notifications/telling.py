"""What a sender of the outbox says at the end, for whoever reads the journal."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications.outbox import can_send, deliver, report


def deliver_aloud(command: BaseCommand) -> None:
    """Send what waits and say what became of it; what may not have arrived is an error."""
    if not can_send():
        command.stdout.write(_("E-mail is not set up (EMAIL_URL): messages wait on the desk."))
        return
    result = deliver()
    said = _("Sent: %(sent)s, put off: %(failed)s.")
    command.stdout.write(said % {"sent": result.sent, "failed": result.failed})
    if result.is_server_down:
        command.stderr.write(_("The mail server does not answer: the rest waits."))
    unsure = [*result.unclear, *report(at=timezone.now())]
    if unsure:
        lines = "\n".join(unsure)
        raise CommandError(
            _("These may not have arrived, and are not sent again:\n%(lines)s") % {"lines": lines}
        )
