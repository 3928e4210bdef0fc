"""The ASGI entry of the host that the tests install chatdesk into."""

from django.core.asgi import get_asgi_application

from chatdesk.routing import wrap

application = wrap(get_asgi_application())
