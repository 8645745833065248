"""The WSGI entry point: `config.wsgi:application`."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
# An empty key raises here, and not at the first form.
getattr(settings, "SECRET_KEY")  # noqa: B009
