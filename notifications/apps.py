"""The app's name and label, and what it listens to."""

from django.apps import AppConfig
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from proposals import events


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = _("Notifications")

    def ready(self) -> None:
        # By name: its models can be imported only now.
        events.subscribe(import_string("notifications.nudges.on_events"))
        events.subscribe(import_string("notifications.notices.on_events"))
