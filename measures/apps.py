"""The app's name and label, and what it listens to."""

from django.apps import AppConfig
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from proposals import events


class MeasuresConfig(AppConfig):
    name = "measures"
    verbose_name = _("Measures and commitments")

    def ready(self) -> None:
        # Before public/ subscribes: the pages are written from the new places.
        events.subscribe(import_string("measures.anchoring.follow_corrections"))
