"""What time it is by the database's clock, which all processes of a site share.

The clock of one machine may be minutes off, and may jump. Who goes by it ends the
presence of everybody, or keeps the dead alive. Every process asks the database instead,
when it connects and every few seconds while it serves sockets; in between time passes
as the monotonic clock says, which nobody sets. With SQLite all is one machine, and its
own clock is the one that is shared.
"""

import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.utils import timezone

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

# Not the start of the transaction, which may have been a while ago.
TIME_SQL = "SELECT extract(epoch FROM clock_timestamp())"
ASK_AGAIN_S = 10.0


@dataclass(slots=True)
class _Kept:
    """What time it was when the monotonic clock showed this; None: never asked."""

    at: datetime | None = None
    shown: float = 0.0


_kept = _Kept()


def now() -> datetime:
    """Return the time that all processes agree upon; asks nobody."""
    kept = _kept
    if kept.at is None:
        return timezone.now()
    return kept.at + timedelta(seconds=time.monotonic() - kept.shown)


def look() -> None:
    """Ask the database for the time: one short query, none with SQLite."""
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor == "postgresql":
        connection.ensure_connection()
        _ask(connection)


def look_when_connected(connection: "BaseDatabaseWrapper", **_signal: Any) -> None:
    """Ask a database that was just connected to, unless it was asked lately.

    This is how processes without sockets learn the time: workers, commands and those
    that answer HTTP alone.
    """
    if connection.alias != DEFAULT_DB_ALIAS or connection.vendor != "postgresql":
        return
    if _kept.at is None or time.monotonic() - _kept.shown > ASK_AGAIN_S:
        with suppress(Error):  # Whoever connected will see.
            _ask(connection)


def _ask(connection: "BaseDatabaseWrapper") -> None:
    global _kept  # noqa: PLW0603 - one clock a process
    began = time.monotonic()
    # Past Django's cursor: this is no query of whoever happens to connect.
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:
        cursor.execute(TIME_SQL)
        (seconds,) = cursor.fetchone()
    ended = time.monotonic()
    # Now it is between what was said and that plus the whole way there and back. What
    # was believed until now stands while it is possible, so that time does not jitter.
    earliest = datetime.fromtimestamp(float(seconds), UTC)
    latest = earliest + timedelta(seconds=ended - began)
    believed = now() + timedelta(seconds=ended - time.monotonic())
    _kept = _Kept(min(max(believed, earliest), latest), ended)
