"""`manage.py send_reminders`: the digests of the day, for a daily timer."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date

from django.core.management.base import BaseCommand
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from assemblies.holidays import missing_years
from desk.reminders import remind
from notifications.gathering import gather
from notifications.telling import deliver_aloud


class Command(BaseCommand):
    help = "Tell everybody what falls due, once a day however often it runs; then send the outbox."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", type=date.fromisoformat, help="as on that day: YYYY-MM-DD")

    def handle(self, *args, **options) -> None:
        today = timezone.localdate()
        for year in missing_years(on=today):
            said = _("The holidays of %(year)s are not in the table: its weekends alone count.")
            self.stderr.write(said % {"year": year})
        on = options["on"] or today
        written = remind(on=on)
        self.stdout.write(_("New reminders: %(count)s.") % {"count": written})
        gathered = gather(on=on)
        self.stdout.write(_("Mails of the day: %(count)s.") % {"count": gathered})
        deliver_aloud(self)
        know_the_tables()


def know_the_tables() -> None:
    """SQLite learns what is in its tables only when it is told to; PostgreSQL does by itself."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            # A sample: milliseconds, however large they are.
            cursor.execute("PRAGMA analysis_limit = 1000")
            cursor.execute("ANALYZE")
