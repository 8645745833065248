"""The app's name and label; the groups of the roles are made after every migration."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from departments.roles import make_groups


class DepartmentsConfig(AppConfig):
    name = "departments"
    verbose_name = _("Departments")

    def ready(self) -> None:
        post_migrate.connect(make_groups, dispatch_uid="departments.roles")
