"""The papers that a deputy handed in with a proposal: below it, to be read."""

from __future__ import annotations

from django.contrib import admin
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from clerkadmin import files
from clerkadmin.base import ReadOnlyInline
from proposals.models import Attachment

files.keep(Attachment, "file", title=lambda paper: paper.name)


class AttachmentInline(ReadOnlyInline):
    """Each with its download; the deputy adds and removes them, until it is handed in."""

    model = Attachment
    fields = ["name", "file", "bytes", "added_on"]
    readonly_fields = ["bytes"]
    show_change_link = False

    @admin.display(description=_("size"))
    def bytes(self, paper: Attachment) -> str:
        return filesizeformat(paper.size)
