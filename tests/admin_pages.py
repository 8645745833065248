"""What a browser does on a page of the admin: fill in, press the button, read the notice."""

from django.contrib.messages import get_messages
from django.db.models import Model
from django.db.models.fields.files import FieldFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from proposals.models import Proposal


def kinds(proposal: Proposal) -> list[str]:
    """The kinds of its events, in order."""
    return list(proposal.events.order_by("pk").values_list("kind", flat=True))


def move(client: Client, row: Model, name: str, **data: object) -> HttpResponse:
    model = f"{row._meta.app_label}_{row._meta.model_name}"
    address = reverse(f"admin:{model}_move", args=[name])
    return client.post(f"{address}?ids={row.pk}", {"on": "2026-06-01", **data})


def said(response: HttpResponse) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def filled_in(client: Client, address: str, **changes: object) -> dict[str, object]:
    """What the browser would post from that page, with some fields changed."""
    context = client.get(address).context
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    data: dict[str, object] = {}
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is True:
                data[bound.html_name] = "on"
            elif value is not None and value is not False and not isinstance(value, FieldFile):
                data[bound.html_name] = value
    return data | changes


def change_address(row: Model) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
