"""What a page shows and nobody changes there: persons by their names, files by what one does."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import helpers
from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist
from django.db.models import FileField
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _


class ShownField(helpers.AdminReadonlyField):
    """Django's leads from an account to its page, which is the administrators' alone."""

    def get_admin_url(self, remote_field: Any, remote_obj: Any) -> str:
        if isinstance(remote_obj, get_user_model()):
            return str(remote_obj.get_full_name() or remote_obj.get_username())
        return str(super().get_admin_url(remote_field, remote_obj))

    def contents(self) -> SafeString:
        """A stored file has a random name, that tells nobody anything."""
        try:
            field = self.form.instance._meta.get_field(str(self.field["field"]))
        except FieldDoesNotExist:
            return super().contents()
        if isinstance(field, FileField):
            file = getattr(self.form.instance, field.name)
            if file:
                return format_html('<a href="{}">{}</a>', file.url, _("Download the file"))
        return super().contents()


def show_fields() -> None:
    """Let every page show its fields so: Django offers no other place for it."""
    helpers.AdminReadonlyField = ShownField  # type: ignore[misc]
