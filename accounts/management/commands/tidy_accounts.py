"""`manage.py tidy_accounts`: what accounts leave behind, for a nightly timer."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import limits
from accounts.inviting import forget_links
from accounts.sessions import forget_old


class Command(BaseCommand):
    help = (
        "Close what sessions have run out, forget signings in after 190 days and wrong passwords "
        "that count no more, and empty the mails with links that were sent."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        limits.forget_old(at=now)
        forgotten, emptied = forget_old(at=now), forget_links(at=now)
        said = _("Signings in forgotten: %(forgotten)s; mails with links emptied: %(emptied)s.")
        self.stdout.write(said % {"forgotten": forgotten, "emptied": emptied})
