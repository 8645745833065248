"""The log of talks with the deputy."""

from django import forms
from django.contrib import admin
from django.db.models.fields import BLANK_CHOICE_DASH
from django.utils.translation import gettext_lazy as _

from clerkadmin.base import ClerkAdmin
from clerkadmin.moves import Move, MoveForm
from proposals.admin.search import by_number
from proposals.models import Contact


class ContactForm(MoveForm):
    method = forms.ChoiceField(
        label=_("method"), choices=[*BLANK_CHOICE_DASH, *Contact.Method.choices]
    )
    present = forms.CharField(label=_("present"), max_length=300, required=False)
    # A contact of which nothing is told would count as one all the same.
    agreed = forms.CharField(label=_("what was agreed"), widget=forms.Textarea(attrs={"rows": 6}))


# A move of an assignment: it is on that page.
LOG_CONTACT = Move(
    name="log_contact",
    label=_("Log a contact with the deputy"),
    explanation=_("A visit, a meeting or a call: who was there and what was agreed."),
    run=Contact.log,
    guard=Contact.why_not_log,
    form=ContactForm,
)


@admin.register(Contact)
class ContactAdmin(ClerkAdmin):
    list_display = ["proposal", "department", "method", "on", "present"]
    list_filter = ["method"]
    list_select_related = ["proposal", "department"]
    heavy_fields = ["agreed", "proposal__reason", "proposal__request"]
    search_fields = ["proposal__title", "department__short_name"]
    word_readers = [by_number("proposal__number_key")]
    autocomplete_fields = ["proposal", "department"]
    ordering = ["-on", "-pk"]
    fields = ["proposal", "department", "method", "on", "present", "agreed"]

    def get_readonly_fields(self, request, obj=None):
        """A talk about another proposal, or of another department, is another talk."""
        fields = super().get_readonly_fields(request, obj)
        return [*fields, "proposal", "department"] if obj else fields
