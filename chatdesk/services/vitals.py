"""Signs of life of those who run what is due: when each kind of them last did.

They live in Django's cache, because they are worth nothing the next day. A cache that
processes do not share, or none, makes them unknown, which is said as it is.
"""

import logging
from datetime import datetime

from django.core.cache import cache

RUNNERS = ("web", "celery", "command")
KEPT_S = 24 * 3600

logger = logging.getLogger(__name__)


def note_run(runner: str, *, at: datetime) -> None:
    """Remember that one of the ``RUNNERS`` looked for what is due; never fails."""
    try:
        cache.set(_key(runner), at.timestamp(), timeout=KEPT_S)
    except Exception:
        logger.debug("A sign of life could not be kept", exc_info=True)


def seconds_since_runs(*, at: datetime) -> dict[str, float | None]:
    """Return for each runner how many seconds ago it looked, or None if unknown."""
    try:
        found = cache.get_many([_key(runner) for runner in RUNNERS])
    except Exception:  # noqa: BLE001 - as above
        found = {}
    return {
        runner: None
        if (then := found.get(_key(runner))) is None
        else round(max(0.0, at.timestamp() - then), 1)
        for runner in RUNNERS
    }


def _key(runner: str) -> str:
    return f"chatdesk:ran:{runner}"
