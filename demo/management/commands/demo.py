"""`manage.py demo`: an invented province to try everything with."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from assemblies.models import Assembly
from demo.accounts import PASSWORD, opened_accounts
from demo.loading import is_loaded, load, taken_names
from demo.wiping import wipe
from measures.models import Commitment
from proposals.models import Proposal, Reply


class Command(BaseCommand):
    help = "Load an invented province with proposals, letters and promises; or wipe it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--wipe", action="store_true", help="delete the demo's rows, and nothing else"
        )

    def handle(self, *args, **options) -> None:
        if options["wipe"]:
            self._wipe()
        elif is_loaded():
            self.stdout.write(_("The demo is already loaded."))
            self._say_accounts()
        else:
            self._load()

    def _load(self) -> None:
        if names := taken_names():
            raise CommandError(
                _("The demo cannot be loaded: these names are already taken: %(names)s.")
                % {"names": "、".join(names)}
            )
        load()
        demo = Assembly.objects.filter(is_demo=True)
        proposals = Proposal.objects.filter(session__assembly__in=demo)
        replies = Reply.objects.filter(proposal__in=proposals)
        self.stdout.write(
            _(
                "The demo is loaded: %(proposals)s proposals, %(replies)s replies, "
                "%(commitments)s promises."
            )
            % {
                "proposals": proposals.count(),
                "replies": replies.count(),
                "commitments": Commitment.objects.filter(reply__in=replies).count(),
            }
        )
        self._say_accounts()

    def _say_accounts(self) -> None:
        lines = opened_accounts()
        if not lines:
            return
        said = _("Accounts, all with the password %(password)s:") % {"password": PASSWORD}
        self.stdout.write("\n  ".join([said, *lines]))
        self.stdout.write(
            _("Deputies and CPPCC members find their desk at /desk/, all others at /admin/.")
        )
        self.stderr.write(
            _("Everybody knows this password: never open a site with the demo to others.")
        )

    def _wipe(self) -> None:
        if not is_loaded():
            self.stdout.write(_("There is no demo to wipe."))
            return
        left = wipe(on=timezone.localdate())
        self.stdout.write(_("The demo is wiped. The holidays stay: they are true of every site."))
        if left:
            self.stdout.write(
                _("%(count)s of its departments and accounts stay: other rows need them.")
                % {"count": left}
            )
