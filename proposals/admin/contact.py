"""The log of talks with the deputy."""

from django.contrib import admin

from clerkadmin.base import ClerkAdmin
from proposals.admin.assignment import PROPOSAL_TEXTS
from proposals.admin.search import by_number
from proposals.models import Contact


@admin.register(Contact)
class ContactAdmin(ClerkAdmin):
    list_display = ["proposal", "department", "method", "on", "present"]
    list_filter = ["method"]
    list_select_related = ["proposal", "department"]
    heavy_fields = ["agreed", *PROPOSAL_TEXTS]
    search_fields = ["proposal__title", "department__short_name"]
    word_readers = [by_number("proposal__number_key")]
    autocomplete_fields = ["proposal", "department"]
    ordering = ["-on", "-pk"]
