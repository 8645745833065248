"""The app's name and label."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClerkAdminConfig(AppConfig):
    name = "clerkadmin"
    verbose_name = _("Forms")
