"""What closes a move, said once: beside the button, and by the move itself."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.functional import Promise


def check(why_not: str | Promise) -> None:
    """Refuse a move whose guard gives a reason."""
    if why_not:
        raise ValidationError(str(why_not))
