"""Sends due mails and repairs: for hosts without Celery."""

import logging
import signal
import threading
from argparse import ArgumentParser
from types import FrameType

from django.core.management.base import BaseCommand
from django.db import Error, close_old_connections
from django.utils.translation import gettext as _

from chatdesk import clock, worker

logger = logging.getLogger(__name__)

TICK_S = 1.0
TICKS_A_SWEEP = 30


class Command(BaseCommand):
    """Runs for ever, or once for cron."""

    help = _("Send due mails and repair; runs until stopped, or once with --once.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help=_("One round, for cron.")
        )

    def handle(self, *, once: bool, **_options: object) -> None:
        if once:
            worker.sweep(at=clock.now())
            while _run_due() == worker.AT_ONCE:
                continue
            return
        stopped = threading.Event()

        def stop(_signal: int, _frame: FrameType | None) -> None:
            stopped.set()

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, stop)
        run_until(stopped)


def run_until(stopped: threading.Event) -> None:
    """Work once a second until told to stop; a database that is away is waited for."""
    ticks = 0
    while not stopped.is_set():
        try:
            if ticks % TICKS_A_SWEEP == 0:
                worker.sweep(at=clock.now())
            _run_due()
        except Error:
            logger.warning("The database did not answer; the effects wait")
        close_old_connections()
        ticks += 1
        stopped.wait(TICK_S)


def _run_due() -> int:
    return worker.run_due(at=clock.now(), runner="command")
