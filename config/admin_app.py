"""Django's admin with the site of `config/admin_site.py`."""

from django.contrib.admin.apps import AdminConfig


class ClerkAdminConfig(AdminConfig):
    default_site = "config.admin_site.ClerkSite"
