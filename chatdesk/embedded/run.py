"""The whole stack in one process: pages, sockets, static files, worker and schedule.

For a first look, for tests and for a small shop. What runs elsewhere as Redis, Celery
and a web server is here a layer in memory, a broker in memory and threads.
"""

import gc
import socket
from collections.abc import Callable

from channels.layers import InMemoryChannelLayer, channel_layers, get_channel_layer
from channels.routing import get_default_application
from daphne.endpoints import build_endpoint_description_strings
from daphne.server import Server
from django.apps import apps
from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler

from chatdesk.embedded.jobs import Jobs
from chatdesk.embedded.layer import LoopSafeInMemoryChannelLayer
from chatdesk.embedded.life import Life

CONNECT_TIMEOUT_S = 20
# Twisted's own is 50: of all who come back at once after a restart, the others would
# try again seconds later, and later still.
BACKLOG = 1024


def run_stack(*, host: str, port: int, ready: Callable[[], None]) -> None:
    """Serve until Ctrl-C or SIGTERM; ``ready`` is called when the port listens.

    Raises ``OSError`` when the port cannot be had.
    """
    _try_port(host, port)
    _use_safe_layer()
    application = get_default_application()
    life = Life(application)
    jobs = Jobs()

    def begin() -> None:
        jobs.start()
        life.begin()
        ready()

    if apps.is_installed("django.contrib.staticfiles"):
        application = ASGIStaticFilesHandler(application)
    endpoints = build_endpoint_description_strings(host=host, port=port)
    server = Server(
        application=application,
        endpoints=[f"{each}:backlog={BACKLOG}" for each in endpoints],
        websocket_connect_timeout=CONNECT_TIMEOUT_S,
        ready_callable=begin,
        verbosity=0,
    )
    try:
        server.run()
    finally:
        jobs.stop()
        # Collecting garbage once more would make most of the time that an end takes.
        gc.freeze()


def _try_port(host: str, port: int) -> None:
    # Twisted reports a taken port to its log and stops; this says it to the caller.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))


def _use_safe_layer() -> None:
    layer = get_channel_layer()
    if layer is None or type(layer) is InMemoryChannelLayer:
        channel_layers.set("default", LoopSafeInMemoryChannelLayer())
