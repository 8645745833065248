"""`manage.py letter_accuracy`: how much of what was read the clerks have corrected."""

from __future__ import annotations

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from intake.corrections import accuracy
from letters.sheet import width

FIELD_COLUMNS = 34


class Command(BaseCommand):
    help = "Say, by field, in how many accepted letters clerks corrected what was read."

    def handle(self, *args: object, **options: object) -> None:
        rows = accuracy()
        letters = rows[0].letters if rows else 0
        self.stdout.write(_("Letters reviewed and accepted: %(count)s") % {"count": letters})
        for row in rows:
            label = str(row.label)
            gap = " " * max(FIELD_COLUMNS - width(label), 1)
            self.stdout.write(f"{label}{gap}{row.corrected:>5}{row.rate:>6.0f} %")
