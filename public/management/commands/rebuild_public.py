"""`manage.py rebuild_public`: write all public rows anew from the working tables."""

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from public.publish import rebuild


class Command(BaseCommand):
    help = "Write all public pages' rows anew from the working tables."

    def handle(self, *args, **options) -> None:
        self.stdout.write(_("Public proposals: %(count)s.") % {"count": rebuild()})
