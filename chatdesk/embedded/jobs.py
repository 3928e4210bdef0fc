"""Celery's worker and beat as threads of this process, on the memory broker."""

import os
import threading
from typing import Any

from celery import Celery
from celery.app import app_or_default
from celery.beat import EmbeddedService
from celery.worker import state

from chatdesk.schedule import beat_schedule

POLL_S = 0.1


class Jobs:
    """The host's Celery application at work inside this process.

    Its tasks and its schedule are the host's own, with those of chatdesk added; only
    the broker is replaced, because a broker outside could hand our tasks to others.
    """

    def __init__(self) -> None:
        # The command that starts us has checked the project already.
        os.environ.setdefault("CELERY_SKIP_CHECKS", "1")
        self._app = _application()
        self._worker = threading.Thread(
            target=self._work, name="chatdesk-worker", daemon=True
        )
        self._beat: Any = EmbeddedService(
            self._app, thread=True, scheduler_cls="celery.beat:Scheduler"
        )

    def start(self) -> None:
        """Start both threads."""
        self._worker.start()
        self._beat.start()

    def stop(self) -> None:
        """Ask both to end; a mail that is being sent ends before the process does."""
        self._beat.service.stop()
        state.should_stop = 0  # type: ignore[assignment]

    def _work(self) -> None:
        self._app.WorkController(
            pool_cls="threads",
            concurrency=2,
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
        ).start()


def _application() -> Any:
    app = app_or_default()
    if app.main == "default":
        # What Celery makes up when the host has no application of its own.
        app = Celery("chatdesk")
        app.config_from_object("django.conf:settings", namespace="CELERY")
        app.autodiscover_tasks()
    app.conf.update(
        broker_url="memory://localhost",
        broker_transport_options={"polling_interval": POLL_S},
        beat_schedule={**(app.conf.beat_schedule or {}), **beat_schedule()},
        worker_hijack_root_logger=False,
    )
    return app
