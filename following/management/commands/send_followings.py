"""`manage.py send_followings`: the mails of those who follow something, for a daily timer."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from following.forgetting import forget
from following.telling import tell_followers
from notifications.telling import deliver_aloud


class Command(BaseCommand):
    help = "Tell followers what is new, once a day however often it runs; then send the outbox."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", type=date.fromisoformat, help="as on that day: YYYY-MM-DD")

    def handle(self, *args, **options) -> None:
        forget(at=timezone.now())
        told = tell_followers(on=options["on"] or timezone.localdate())
        said = _("Followers: %(followers)s, mails written: %(mails)s.")
        self.stdout.write(said % {"followers": told.followers, "mails": told.mails})
        deliver_aloud(self)
