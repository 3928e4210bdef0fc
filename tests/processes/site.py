"""A site of several web processes, as a grown shop runs it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.architecture.sources import ROOT
from tests.services.browser import Browser
from tests.services.process import Server, running
from tests.services.valkey import free_port
from tests.services.web import server_of_this_run, web_command

# Tables as the models want them: that migrations lead there, other runs show.
PREPARE = """
import django
django.setup()
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}
call_command("migrate", run_syncdb=True, verbosity=0)
from chatdesk.models import Operator
user = get_user_model().objects.create_superuser("olga", password="olga")
Operator.objects.create(user=user, name="Olga")
"""


@contextmanager
def run_site(
    folder: Path, *, redis_url: str, processes: int, descriptors: int = 0
) -> Iterator[list[str]]:
    """Yield the address of each process; they share database and Valkey.

    ``descriptors`` is how many files and sockets each may have open, 0 for no limit.
    """
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings.redis",
        "CHATDESK_TEST_FOLDER": str(folder),
        "TEST_REDIS_URL": redis_url,
        "PYTHONPATH": str(ROOT),
    }
    environment.pop("PYTEST_XDIST_WORKER", None)
    subprocess.run([sys.executable, "-c", PREPARE], check=True, env=environment)
    with ExitStack() as stack:
        yield [
            stack.enter_context(
                run_process(folder / str(number), environment, descriptors)
            )
            for number in range(processes)
        ]


@contextmanager
def run_process(
    folder: Path, environment: dict[str, str], descriptors: int
) -> Iterator[str]:
    """Run one web process on a port of its own."""
    folder.mkdir()
    port = free_port()
    command = web_command(
        "tests.asgi:application", port=port, server=server_of_this_run()
    )
    if descriptors:
        limited = f'ulimit -n {descriptors}; exec "$@"'
        command = ["sh", "-c", limited, "sh", *command]
    server = Server(
        name="A web process",
        command=command,
        folder=folder,
        environment=environment,
    )
    site = f"http://127.0.0.1:{port}"
    with running(server, is_ready=lambda: answers(site)):
        yield site


def answers(site: str) -> bool:
    try:
        Browser(site).get("/chatdesk/api/v1/visitor/status/")
    except OSError:
        return False
    return True
