"""The app's name and label, and what it listens to."""

from django.apps import AppConfig
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _


class ProposalsConfig(AppConfig):
    name = "proposals"
    verbose_name = _("Proposals and replies")

    def ready(self) -> None:
        # By name: its models can be imported only now.
        import_string("assemblies.holidays.subscribe")(
            import_string("proposals.recounting.recount")
        )
