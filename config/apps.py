"""The app of the whole: it brings the system checks."""

from django.apps import AppConfig
from django.core import checks

from config.checks import (
    nobody_may_do_everything,
    secret_key_is_set,
    staff_use_two_factors,
    visitors_are_told_apart,
)


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        checks.register(secret_key_is_set)
        checks.register(nobody_may_do_everything, checks.Tags.security, deploy=True)
        checks.register(staff_use_two_factors, checks.Tags.security, deploy=True)
        checks.register(visitors_are_told_apart, checks.Tags.security, deploy=True)
