"""Database work of async code: few threads, each with connections of its own.

Channels' own bridge runs everything in one thread of the process and opens and closes
a connection around every call. These threads keep theirs, so their number bounds both.
"""

import asyncio
import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from django.db import DatabaseError, InterfaceError, OperationalError, connections

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

P = ParamSpec("P")
R = TypeVar("R")

READERS = 4
LONGEST_S = 10.0
LOOK_EVERY_S = 1.0

# libpq's word for a connection that waits for the answer to a command.
AWAITS_ANSWER = 1

logger = logging.getLogger(__name__)


class DatabaseThreads:
    """A bounded set of threads that run database functions for an event loop.

    A network may swallow a question and its answer, and no socket ever says so. A
    query that is not answered in time has its connection broken, so that it fails.
    """

    def __init__(self, *, name: str, size: int) -> None:
        self._connections: list[BaseDatabaseWrapper] = []
        self._lock = threading.Lock()
        self._began: dict[int, float] = {}
        self._watch: asyncio.TimerHandle | None = None
        self._executor = ThreadPoolExecutor(
            max_workers=size, thread_name_prefix=name, initializer=self._adopt
        )

    async def run(
        self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run ``function`` in one of the threads and return what it returns."""
        loop = asyncio.get_running_loop()
        self._watch_over(loop)
        call = partial(self._read_again, function, *args, **kwargs)
        return await loop.run_in_executor(self._executor, call)

    def submit(
        self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs
    ) -> None:
        """Run ``function`` without waiting for it; an exception is logged."""
        with suppress(RuntimeError):  # Where no event loop runs, nobody watches.
            self._watch_over(asyncio.get_running_loop())
        self._executor.submit(self._call_and_log, function, *args, **kwargs)

    def close(self) -> None:
        """Wait for what runs, end the threads and close their connections."""
        if self._watch is not None:
            self._watch.cancel()
        has_ended = threading.Event()
        # The event loop may be what waits here, so it cannot watch.
        watch = threading.Thread(target=self._watch_until, args=(has_ended,))
        watch.start()
        self._executor.shutdown(wait=True)
        has_ended.set()
        watch.join()
        # Django refuses to close a connection where an event loop runs.
        closer = threading.Thread(target=self._disconnect)
        closer.start()
        closer.join()

    def _disconnect(self) -> None:
        with self._lock:
            for connection in self._connections:
                connection.close()
            self._connections.clear()

    def _adopt(self) -> None:
        with self._lock:
            for connection in connections.all():
                # Shared so that ``close`` may be called from the thread that ends us.
                connection.inc_thread_sharing()
                self._connections.append(connection)

    def _read_again(
        self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Call once more when the connection turned out to be one of yesterday.

        What is awaited here reads, or writes what may be written twice.
        """
        kept = [each for each in _opened() if each.connection is not None]
        try:
            return self._call(function, *args, **kwargs)
        except (OperationalError, InterfaceError):
            if all(each.connection is not None for each in kept):
                raise
        return self._call(function, *args, **kwargs)

    def _call(
        self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs
    ) -> R:
        thread = threading.get_ident()
        self._began[thread] = time.monotonic()
        try:
            return function(*args, **kwargs)
        except (DatabaseError, InterfaceError):
            self._drop_broken()
            raise
        finally:
            del self._began[thread]

    def _call_and_log(
        self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs
    ) -> None:
        try:
            self._call(function, *args, **kwargs)
        except Exception:
            logger.exception("Work in a database thread failed")

    def _drop_broken(self) -> None:
        for connection in _opened():
            if connection.connection is None or connection.in_atomic_block:
                continue
            if connection.errors_occurred and not connection.is_usable():
                connection.close()
            connection.errors_occurred = False

    def _watch_over(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._watch is None:
            self._watch = loop.call_later(LOOK_EVERY_S, self._look, loop)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        self._watch = None
        self._break_stuck()
        if self._began:
            self._watch_over(loop)

    def _watch_until(self, has_ended: threading.Event) -> None:
        while not has_ended.wait(LOOK_EVERY_S):
            self._break_stuck()

    def _break_stuck(self) -> None:
        latest = time.monotonic() - LONGEST_S
        stuck = {
            thread for thread, began in list(self._began.items()) if began < latest
        }
        if stuck:
            with self._lock:
                for connection in self._connections:
                    if getattr(connection, "_thread_ident", None) in stuck:
                        _break_if_unanswered(connection)


def _opened() -> "list[BaseDatabaseWrapper]":
    """Return the connections that the calling thread has used."""
    return list(connections.all(initialized_only=True))


def _break_if_unanswered(connection: "BaseDatabaseWrapper") -> None:
    """Shut the socket of a PostgreSQL connection whose command has no answer yet."""
    libpq = getattr(connection.connection, "pgconn", None)
    with suppress(Exception):  # It may end by itself at this very moment.
        if libpq is not None and libpq.transaction_status == AWAITS_ANSWER:
            logger.error("A query got no answer in %d s; it is given up", LONGEST_S)
            with socket.socket(fileno=os.dup(libpq.socket)) as line:
                line.shutdown(socket.SHUT_RDWR)


_readers: WeakKeyDictionary[asyncio.AbstractEventLoop, DatabaseThreads]
_readers = WeakKeyDictionary()


def readers() -> DatabaseThreads:
    """Return the reading threads of the running event loop."""
    loop = asyncio.get_running_loop()
    threads = _readers.get(loop)
    if threads is None:
        threads = _readers[loop] = DatabaseThreads(name="chatdesk-read", size=READERS)
    return threads


def close_readers() -> None:
    """End the reading threads of the running event loop, if it has any."""
    threads = _readers.pop(asyncio.get_running_loop(), None)
    if threads is not None:
        threads.close()


async def in_database(
    function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs
) -> R:
    """Run a database function in a reading thread of the running event loop."""
    return await readers().run(function, *args, **kwargs)
