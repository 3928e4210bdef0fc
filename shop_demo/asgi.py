"""Pages and sockets in one ASGI application."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop_demo.settings")
django_application = get_asgi_application()

from chatdesk.routing import wrap  # noqa: E402 - it needs Django to be set up.

application = wrap(django_application)
