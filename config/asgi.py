"""The ASGI entry point: `config.asgi:application`."""

import os

from django.conf import settings
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_asgi_application()
# An empty key raises here, and not at the first form.
getattr(settings, "SECRET_KEY")  # noqa: B009
