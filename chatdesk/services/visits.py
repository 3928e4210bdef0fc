"""Visits: what was seen waits in this process and is written once a second.

A page view costs the shop an append to a list. A process that dies loses what it saw
within the last second, and nothing else.
"""

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import (
    DatabaseError,
    InterfaceError,
    OperationalError,
    connections,
    transaction,
)

from chatdesk import clock
from chatdesk.conf import get_settings
from chatdesk.insight.devices import is_bot
from chatdesk.insight.seen import Begun, Seen
from chatdesk.services.visit_batch import Batch

MOST = 5_000
PACE_S = 1.0
UNATTENDED_S = 2.5

logger = logging.getLogger(__name__)


@dataclass
class _Buffer:
    """What this process saw and has not written yet."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    waiting: list[Seen] = field(default_factory=list)
    lost: int = 0
    flushed_at: float = field(default_factory=time.monotonic)
    scribe: threading.Thread | None = None


_buffer = _Buffer()


def track_visit(*facts: Seen) -> None:
    """Keep facts in memory until the next write; never asks the database.

    Over a bound, which a database that is away would reach, what comes is left out.
    """
    with _buffer.lock:
        room = MOST - len(_buffer.waiting)
        _buffer.waiting.extend(facts[:room])
        _buffer.lost += max(0, len(facts) - room)
        is_unattended = time.monotonic() - _buffer.flushed_at > UNATTENDED_S
        if is_unattended and get_settings().tick:
            _hire()


def flush_visits(*, at: datetime) -> int:
    """Write what waits, in one transaction; return how many facts there were.

    When the database is away, they wait on. A fact that it refuses is dropped alone.
    """
    with _buffer.lock:
        facts, _buffer.waiting = _buffer.waiting, []
        lost, _buffer.lost = _buffer.lost, 0
        _buffer.flushed_at = time.monotonic()
    if lost:
        logger.warning("%d facts of visits were left out, too many came", lost)
    facts = [each for each in facts if not _is_of_bot(each)]
    if not facts:
        return 0
    try:
        store_visits(facts, at=at)
    except (OperationalError, InterfaceError):
        with _buffer.lock:
            _buffer.waiting = [*facts, *_buffer.waiting][:MOST]
        raise
    except DatabaseError:
        logger.exception("A batch of visits was refused; its facts are tried alone")
        _store_each(facts, at=at)
    return len(facts)


def store_visits(facts: Sequence[Seen], *, at: datetime) -> None:
    """Write facts with a number of statements that does not grow with them."""
    with transaction.atomic():
        Batch(at=at).write(sorted(facts, key=lambda fact: fact.at))


def _is_of_bot(fact: Seen) -> bool:
    # Who writes is somebody, whatever his browser calls itself.
    return not isinstance(fact, Begun) and is_bot(fact.browser.user_agent)


def _store_each(facts: Sequence[Seen], *, at: datetime) -> None:
    for fact in facts:
        try:
            store_visits([fact], at=at)
        except DatabaseError as error:
            logger.warning("A fact of a visit is dropped: %s", type(error).__name__)


def _hire() -> None:
    # Where no event loop of ours runs, under WSGI, nobody calls us each second.
    if _buffer.scribe is None or not _buffer.scribe.is_alive():
        _buffer.scribe = threading.Thread(
            target=_write_on, name="chatdesk-visits", daemon=True
        )
        _buffer.scribe.start()


def _write_on() -> None:
    """Write each second until nothing is left to write."""
    try:
        while True:
            time.sleep(PACE_S)
            try:
                if not flush_visits(at=clock.now()):
                    return
            except (OperationalError, InterfaceError) as error:
                logger.warning("Visits cannot be written: %s", error)
                connections.close_all()
    finally:
        connections.close_all()
