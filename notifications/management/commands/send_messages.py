"""`manage.py send_messages`: the outbox, for a timer of a few minutes."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from notifications.telling import deliver_aloud


class Command(BaseCommand):
    help = "Send the messages that wait, each once; what failed before is tried again."

    def handle(self, *args, **options) -> None:
        deliver_aloud(self)
