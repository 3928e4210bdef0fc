"""What a process remembers for a few seconds, so that hot paths ask no database."""

import time
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Remembered(Generic[T]):
    """A value that is asked for again when it is older than ``seconds``.

    Each process has its own; two threads that ask at once only do the work twice. Who
    changes what it is made of says ``forget``: his own process knows at once.
    """

    def __init__(self, load: Callable[[], T], *, seconds: float) -> None:
        self._load = load
        self._seconds = seconds
        self._kept: tuple[float, T] | None = None

    def get(self) -> T:
        """Return the value, at most so many seconds old."""
        kept = self._kept
        if kept is None or time.monotonic() - kept[0] > self._seconds:
            kept = self._kept = (time.monotonic(), self._load())
        return kept[1]

    def remember(self, value: T) -> None:
        """Take what is known already."""
        self._kept = (time.monotonic(), value)

    def forget(self) -> None:
        """Ask again next time."""
        self._kept = None
