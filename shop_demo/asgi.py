"""Pages and sockets in one ASGI application."""

import os

from django.core.asgi import get_asgi_application

import chatdesk.routing

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop_demo.settings")
application = chatdesk.routing.wrap(get_asgi_application())
