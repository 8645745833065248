"""`manage.py tidy_accounts`: what accounts leave behind, for a nightly timer."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.inviting import forget_links
from accounts.sessions import forget_old


class Command(BaseCommand):
    help = (
        "Close what sessions have run out, forget signings in after 190 days, "
        "and empty the mails of invitations that were sent."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        forgotten, emptied = forget_old(at=timezone.now()), forget_links()
        said = _("Signings in forgotten: %(forgotten)s; mails of invitations emptied: %(emptied)s.")
        self.stdout.write(said % {"forgotten": forgotten, "emptied": emptied})
