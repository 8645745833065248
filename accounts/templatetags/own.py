"""Where the person who is signed in has a desk."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from access.sight import person_of

register = template.Library()


@register.simple_tag
def own_desks(user: Any) -> list[tuple[str, str]]:
    """Addresses and names of the desks; most people have one."""
    person = person_of(user)
    desks = []
    if person.deputy:
        desks.append((reverse("desk:home"), _("My desk")))
    if user.is_staff and person.is_staff:
        desks.append((reverse("admin:index"), _("Desk")))
    return desks
