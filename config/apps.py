"""The app of the whole: system checks live here."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
