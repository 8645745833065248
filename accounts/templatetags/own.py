"""The frame of the own account: the bar of the desk at which the person works."""

from __future__ import annotations

from typing import Any

from django import template
from django.contrib import admin

from accounts import desks

register = template.Library()


@register.simple_tag
def frame_of(user: Any) -> str:
    """Whose frame it is: `clerks`, `deputies`, or nobody's for who works nowhere."""
    names = {desks.CLERKS: "clerks", desks.DEPUTIES: "deputies"}
    return next((names[desk] for desk in desks.desks_of(user)), "")


@register.simple_tag
def is_deputy(user: Any) -> bool:
    return desks.DEPUTIES in desks.desks_of(user)


@register.inclusion_tag("desk/_bar.html", takes_context=True)
def clerks_bar(context: dict[str, Any]) -> dict[str, Any]:
    """The bar of the admin, on a page outside it."""
    request = context["request"]
    bar = admin.site.each_context(request)
    return {**bar, "request": request, "user": request.user, "part": "account"}
