"""The way to other processes: one publication to the group all subscribe to."""

import asyncio
import atexit
import os
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from channels.layers import get_channel_layer

from chatdesk.doorbell.line import Line
from chatdesk.doorbell.listeners import current

PATIENCE_S = 0.2


def publish(message: dict[str, Any]) -> None:
    """Carry a message to the other processes, by a running event loop if there is one.

    A process without sockets (a worker, a command, a plain WSGI server) has a thread
    for this, and waits a moment for it: a command may end right after.
    """
    listeners = current()
    if listeners:
        listeners[0].publish(message)
    elif get_channel_layer() is not None:
        _carrier().carry(message)


class Carrier:
    """An event loop in a thread, with the one line of a process without sockets."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self._line = Line()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._loop.run_forever, name="bell-carrier", daemon=True
        )
        self._thread.start()
        atexit.register(self.close)

    def carry(self, message: dict[str, Any]) -> None:
        """Publish, and wait a moment unless it is known that nobody answers."""
        if self._line.origin is not get_channel_layer():
            self._run(self._line.close())
            self._line = Line()
        patience = 0.0 if self._line.is_hanging else PATIENCE_S
        carrying = self._run(_carry(self._line, message))
        with suppress(TimeoutError):
            carrying.result(patience)

    def close(self) -> None:
        """Disconnect and end the thread; a forked child has neither."""
        if self.pid != os.getpid() or self._loop.is_closed():
            return
        with suppress(TimeoutError):
            self._run(self._line.close()).result(PATIENCE_S * 2)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop)


async def _carry(line: Line, message: dict[str, Any]) -> None:
    publishing = line.publish(message)
    if publishing is not None:
        await publishing


@dataclass
class _Mine:
    carrier: Carrier | None = None


_mine = _Mine()
_lock = threading.Lock()


def _carrier() -> Carrier:
    with _lock:
        if _mine.carrier is None or _mine.carrier.pid != os.getpid():
            _mine.carrier = Carrier()
        return _mine.carrier
