"""Letters on their way in: to be looked at. Other pages take them in and accept them."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from clerkadmin import files
from clerkadmin.base import ReadOnlyAdmin, ReadOnlyInline
from intake.models import FieldCorrection, LetterDraft, LetterFile

files.keep(LetterFile, "file", title=lambda letter: letter.name)


@admin.register(LetterFile)
class LetterFileAdmin(ReadOnlyAdmin):
    list_display = ["name", "received_at", "received_by", "sha256"]
    list_filter = ["received_at"]
    list_select_related = ["received_by"]
    heavy_fields = ["text"]
    search_fields = ["name", "=sha256"]
    ordering = ["-received_at", "-pk"]
    fields = ["name", "file", "sha256", "received_at", "received_by", "text"]


class FieldCorrectionInline(ReadOnlyInline):
    model = FieldCorrection
    fields = ["read", "corrected", "at"]
    readonly_fields = ["read", "corrected", "at"]
    show_change_link = False


@admin.register(LetterDraft)
class LetterDraftAdmin(ReadOnlyAdmin):
    list_display = ["letter_file", "state", "clerk", "reply", "changed_at"]
    list_filter = ["state"]
    list_select_related = [
        "letter_file",
        "clerk",
        "reply",
        "reply__proposal",
        "reply__department",
    ]
    heavy_fields = [
        "reading",
        "letter_file__text",
        "reply__text",
        "reply__abstract",
        "reply__reading",
    ]
    search_fields = ["letter_file__name", "reply__title", "reply__document_number"]
    ordering = ["-changed_at", "-pk"]
    inlines = [FieldCorrectionInline]
    fieldsets = [
        (None, {"fields": ["letter_file", "state", "clerk", "changed_at"]}),
        (_("What became of it"), {"fields": ["reply", "opinion", "reject_reason"]}),
        (_("What was read"), {"fields": ["reading"], "classes": ["collapse"]}),
    ]
