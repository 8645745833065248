"""What happened, in order: to be read, never to be changed."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from access.sight import person_of
from clerkadmin.base import ReadOnlyAdmin
from proposals.admin.search import by_number
from proposals.admin.timeline import reads_all
from proposals.models import Event


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ["on", "kind", "proposal", "department", "actor", "recorded_at"]
    export_columns = [
        "on",
        "kind",
        "proposal__session",
        "proposal__number",
        "proposal__title",
        "department",
        "actor",
        "recorded_at",
    ]
    export_related = ["proposal__session__assembly", "department", "actor"]
    list_filter = ["kind"]
    list_select_related = ["proposal", "department", "actor"]
    heavy_fields = ["proposal__reason", "proposal__request"]
    search_fields = ["proposal__title"]
    word_readers = [by_number("proposal__number_key")]
    ordering = ["-pk"]
    fields = ["on", "recorded_at", "kind", "proposal", "reply", "department", "actor", "details"]

    def get_fields(self, request: HttpRequest, obj: Event | None = None) -> Any:
        """What one department writes of itself is not read by the others."""
        person = person_of(request.user)
        if obj and reads_all(obj, person, assembly=obj.proposal.session.assembly_id):
            return self.fields
        return [name for name in self.fields if name != "details"]
