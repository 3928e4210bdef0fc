"""The measured application: chatdesk, or the tutorial's chat beside it."""

import os

from django.core.asgi import get_asgi_application

django_application = get_asgi_application()

from bench.tutorial.consumers import route  # noqa: E402 - needs Django set up
from chatdesk.routing import wrap  # noqa: E402 - needs Django set up

if os.environ.get("BENCH_APPLICATION") == "tutorial":
    application = route(django_application)
else:
    application = wrap(django_application)
