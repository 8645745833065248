"""`{% due_date on=... %}`: a date with its days left, the same wherever it is shown."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template
from django.utils.safestring import SafeString

from clerkadmin.lights import RED_DAYS, YELLOW_DAYS, shown_date

register = template.Library()


@register.simple_tag
def due_date(
    on: date | None,
    rules: Any = None,
    *,
    is_done: bool = False,
    is_certain: bool = True,
    today: date | None = None,
) -> SafeString:
    """`rules` are those in force: they say when the lights change."""
    return shown_date(
        on,
        yellow_days=rules.yellow_days if rules else YELLOW_DAYS,
        red_days=rules.red_days if rules else RED_DAYS,
        is_done=is_done,
        is_certain=is_certain,
        today=today,
    )
