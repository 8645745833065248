"""The app's name and label."""

from django.apps import AppConfig
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _


class ClerkAdminConfig(AppConfig):
    name = "clerkadmin"
    verbose_name = _("Forms")

    def ready(self) -> None:
        # By name: it needs the apps to be there.
        import_string("clerkadmin.shown.show_fields")()
