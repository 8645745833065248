"""What the pages of the own account have in common."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

View = Callable[..., HttpResponse]


def of_own_account(view: View) -> View:
    """A page for whoever is signed in, about themselves; no store keeps it."""
    guarded: Any = require_http_methods(["GET", "HEAD", "POST"])(view)
    guarded = sensitive_post_parameters()(never_cache(login_required(guarded)))
    return wraps(view)(guarded)
