"""`manage.py import_holidays`: the days that nobody works, from the announcements."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from assemblies.holidays import import_years


class Command(BaseCommand):
    help = "Fill the holiday table and count again every date that was not certain."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "years", nargs="*", type=int, help="by default every year that has been announced"
        )

    def handle(self, *args, **options) -> None:
        results, recounted = import_years(options["years"])
        for result in results:
            self.stdout.write(str(result))
        self.stdout.write(_("Dates counted again: %(count)s.") % {"count": recounted})
