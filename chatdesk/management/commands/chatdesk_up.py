"""Runs the whole stack in one process."""

import errno
from argparse import ArgumentParser
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _


class Command(BaseCommand):
    """Migrates, then serves pages, sockets, static files, worker and schedule."""

    help = _("Run the shop with its chat in one process, without any other server.")
    # A caller from Python may pass what is to happen once the port listens.
    stealth_options = ("ready",)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(
        self,
        *,
        host: str,
        port: int,
        ready: Callable[[], None] | None = None,
        **_options: object,
    ) -> None:
        if find_spec("daphne") is None:
            raise CommandError(_("Install daphne first: pip install chatdesk[daphne]"))
        if not getattr(settings, "ASGI_APPLICATION", None):
            raise CommandError(_("Set ASGI_APPLICATION to your ASGI application."))
        call_command("migrate", verbosity=0, interactive=False)

        def announce() -> None:
            self.stdout.write(_("Running at %s. Ctrl-C stops.") % _url(host, port))
            self.stdout.flush()

        # Importing the server decides which event loop the process has.
        run = import_module("chatdesk.embedded.run")
        try:
            run.run_stack(host=host, port=port, ready=ready or announce)
        except OSError as error:
            raise CommandError(_reason(error, host, port)) from error


def _url(host: str, port: int) -> str:
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}/"


def _reason(error: OSError, host: str, port: int) -> str:
    place = {"port": port, "host": host}
    if error.errno == errno.EADDRINUSE:
        return _("Port %(port)d is taken by another program. Choose another.") % place
    if error.errno == errno.EACCES:
        return _("Port %(port)d needs more rights than you have.") % place
    return _("Cannot listen on %(host)s:%(port)d: ") % place + str(error)
