"""Database work of async code: few threads, each with connections of its own.

Channels' own bridge runs everything in one thread of the process and opens and closes
a connection around every call. These threads keep theirs, so their number bounds both.
"""

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from django.db import DatabaseError, InterfaceError, connections

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

P = ParamSpec("P")
R = TypeVar("R")

READERS = 4

logger = logging.getLogger(__name__)


class DatabaseThreads:
    """A bounded set of threads that run database functions for an event loop."""

    def __init__(self, *, name: str, size: int) -> None:
        self._connections: list[BaseDatabaseWrapper] = []
        self._lock = threading.Lock()
        self._executor = ThreadPoolExecutor(
            max_workers=size, thread_name_prefix=name, initializer=self._adopt
        )

    async def run(
        self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run ``function`` in one of the threads and return what it returns."""
        loop = asyncio.get_running_loop()
        call = partial(self._call, function, *args, **kwargs)
        return await loop.run_in_executor(self._executor, call)

    def submit(
        self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs
    ) -> None:
        """Run ``function`` without waiting for it; an exception is logged."""
        self._executor.submit(self._call_and_log, function, *args, **kwargs)

    def close(self) -> None:
        """Wait for what runs, end the threads and close their connections."""
        self._executor.shutdown(wait=True)
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

    def _call(
        self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs
    ) -> R:
        try:
            return function(*args, **kwargs)
        except (DatabaseError, InterfaceError):
            self._drop_broken()
            raise

    def _call_and_log(
        self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs
    ) -> None:
        try:
            self._call(function, *args, **kwargs)
        except Exception:
            logger.exception("Work in a database thread failed")

    def _drop_broken(self) -> None:
        for connection in connections.all(initialized_only=True):
            connection.close_if_unusable_or_obsolete()


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
