"""The app's name and label, and what it listens to."""

from django.apps import AppConfig
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from proposals import events


class PublicConfig(AppConfig):
    name = "public"
    verbose_name = _("Public pages")

    def ready(self) -> None:
        # By name: its models can be imported only now.
        events.subscribe(import_string("public.publish.on_events"))
