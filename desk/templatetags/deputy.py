"""What every page of the deputies' desk shows of the person who reads it."""

from __future__ import annotations

from typing import Any

from django import template

from notifications.models import Message

register = template.Library()


@register.simple_tag(takes_context=True)
def unread_messages(context: dict[str, Any]) -> int:
    """How many messages the person has not read; a view that counted them says so itself."""
    counted = context.get("unread")
    if counted is None:
        counted = Message.objects.for_desk(context["request"].user).count()
    return int(counted)
