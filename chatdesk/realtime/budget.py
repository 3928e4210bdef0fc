"""How much one socket may say: a bucket that fills with time, in memory."""

import time
from collections.abc import Callable

from chatdesk.limits import parse_rate


class Budget:
    """A token bucket for a rate such as ``30/m``; the whole number may come at once."""

    __slots__ = ("_capacity", "_clock", "_filled_at", "_left", "_per_second")

    def __init__(self, rate: str, *, clock: Callable[[], float] = time.monotonic):
        number, seconds = parse_rate(rate)
        self._capacity = float(number)
        self._per_second = number / seconds
        self._left = self._capacity
        self._clock = clock
        self._filled_at = clock()

    def spend(self) -> float | None:
        """Take one; return None, or the seconds until there is one again."""
        now = self._clock()
        gained = (now - self._filled_at) * self._per_second
        self._left = min(self._capacity, self._left + gained)
        self._filled_at = now
        if self._left >= 1:
            self._left -= 1
            return None
        return (1 - self._left) / self._per_second
