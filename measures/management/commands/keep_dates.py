"""`manage.py keep_dates`: what follows from a day that has passed, for a daily timer."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from measures.lapsing import lapse


class Command(BaseCommand):
    help = (
        "Record ratings and words on promises that were not returned in time, and ask deputies "
        "about promises that have fallen due; once a day, or as often as you like."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", type=date.fromisoformat, help="as on that day: YYYY-MM-DD")

    def handle(self, *args, **options) -> None:
        found = lapse(on=options["on"] or timezone.localdate())
        self.stdout.write(_("Ratings not returned: %(count)s.") % {"count": found.ratings})
        self.stdout.write(_("Words on promises not returned: %(count)s.") % {"count": found.words})
        self.stdout.write(_("Promises asked about: %(count)s.") % {"count": found.asked})
        for said in found.failed:
            self.stderr.write(said)
        if found.failed:
            raise CommandError(
                _("Not done: %(count)s. The others are.") % {"count": len(found.failed)}
            )
