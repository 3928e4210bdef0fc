"""Doing several things at the same moment, each in a thread with its own connection."""

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connections

PATIENCE_S = 30.0


class Together:
    """A few threads that start their work at once, round after round."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._threads = ThreadPoolExecutor(max_workers=size)

    def __enter__(self) -> "Together":
        return self

    def __exit__(self, *_error: object) -> None:
        # One a thread: nobody finishes before all have arrived.
        self.run([connections.close_all] * self._size)
        self._threads.shutdown()

    def run(self, functions: Iterable[Callable[[], Any]]) -> list[Any]:
        """Return what each function returned, or the exception that it raised."""
        work = list(functions)
        assert len(work) <= self._size
        barrier = Barrier(len(work))
        futures = [self._threads.submit(_at_once, barrier, each) for each in work]
        return [_outcome(future) for future in futures]


def together(*functions: Callable[[], Any]) -> list[Any]:
    """Run functions at once; return what each returned, or the exception it raised."""
    with Together(len(functions)) as threads:
        return threads.run(functions)


def _at_once(barrier: Barrier, function: Callable[[], Any]) -> Any:
    barrier.wait(PATIENCE_S)
    return function()


def _outcome(future: Future[Any]) -> Any:
    error = future.exception(PATIENCE_S)
    return future.result() if error is None else error
