"""A line to the channel layer: what is published over it never keeps anybody waiting.

Whoever publishes goes on at once. A server that gives no answer costs the others of
the site a look at the heads of the log, and this process one attempt at a time.
"""

import asyncio
import logging
from contextlib import suppress
from typing import Any

from channels import DEFAULT_CHANNEL_LAYER
from channels.layers import channel_layers, get_channel_layer

from chatdesk.doorbell.groups import BELLS, MARKS, PROCESSES

ANSWER_WITHIN_S = 2.0
FAREWELL_S = 0.2
MOST_AT_ONCE = 4
MOST_WAITING = 100
MOST_IN_ONE = 1000

LISTS = {BELLS: "bells", MARKS: "marks"}

logger = logging.getLogger(__name__)

Message = dict[str, Any]


class Line:
    """Publishes to all processes, over connections that nobody else uses.

    Used from one event loop. ``layer`` is None where the site has no channel layer.
    While a server is slow, few connections wait for it, and what comes meanwhile goes
    out together.
    """

    def __init__(self) -> None:
        self.origin = get_channel_layer()
        self.layer = _own(self.origin)
        self.is_hanging = False
        self.lost = 0
        self._is_failing = False
        self._publishing: set[asyncio.Task[None]] = set()
        self._waiting: list[Message] = []

    def publish(self, message: Message) -> asyncio.Task[None] | None:
        """Publish without waiting; return what to wait for if it goes out at once.

        What finds no room is dropped.
        """
        if self.layer is None:
            return None
        # One that hangs may be the first to be answered again; no more are needed.
        if len(self._publishing) < (1 if self.is_hanging else MOST_AT_ONCE):
            return self._begin(message)
        if self.is_hanging or not self._queue(message):
            self.lost += 1
        return None

    async def renew(self) -> None:
        """Give up every connection; the next publication opens others."""
        await self.close()
        self.layer = _own(self.origin)

    async def close(self) -> None:
        """Let what is being published go out, or give it up; then disconnect."""
        with suppress(TimeoutError):
            async with asyncio.timeout(FAREWELL_S):
                while self._publishing:
                    await asyncio.wait(self._publishing)
        self._drop_waiting()
        late = list(self._publishing)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        if self.layer is not None and _has_server(self.layer):
            with suppress(Exception):
                async with asyncio.timeout(ANSWER_WITHIN_S):
                    await _disconnect(self.layer)

    def _begin(self, message: Message) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(self._send(message))
        self._publishing.add(task)
        task.add_done_callback(self._go_on)
        return task

    def _go_on(self, ended: asyncio.Task[None]) -> None:
        self._publishing.discard(ended)
        if self.is_hanging:
            self._drop_waiting()
        elif self._waiting:
            self._begin(self._waiting.pop(0))

    def _drop_waiting(self) -> None:
        self.lost += len(self._waiting)
        self._waiting.clear()

    def _queue(self, message: Message) -> bool:
        """Let it wait, beside one of its kind; return whether there was room."""
        name = LISTS.get(message["type"], "")
        for each in self._waiting if name else ():
            if each["type"] == message["type"]:
                joined = [*each[name], *message[name]]
                if len(joined) > MOST_IN_ONE:
                    return False
                each[name] = joined
                return True
        if len(self._waiting) == MOST_WAITING:
            return False
        self._waiting.append(dict(message))
        return True

    async def _send(self, message: Message) -> None:
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                await self.layer.group_send(PROCESSES, message)
        except Exception as error:  # noqa: BLE001 - every layer has errors of its own
            self.lost += 1
            self.is_hanging = isinstance(error, TimeoutError)
            if not self._is_failing:
                logger.warning(
                    "A bell was not carried to the other processes (%r)", error
                )
            self._is_failing = True
        else:
            self.is_hanging = self._is_failing = False


def _own(layer: Any) -> Any:
    """Return a layer that may be left alone to hang, or hung up, without harm.

    The shop's own consumers share the connections of the one it configured.
    """
    if layer is None or not _has_server(layer):
        return layer
    return channel_layers.make_backend(DEFAULT_CHANNEL_LAYER)


def _has_server(layer: Any) -> bool:
    return any(
        each.__module__.startswith("channels_redis.") for each in type(layer).__mro__
    )


async def _disconnect(layer: Any) -> None:
    # The one layer closes its connections; to the other that is a new beginning, while
    # the first would take the keys of every process away.
    for cleaner in list(getattr(layer, "receive_cleaners", ())):
        cleaner.cancel()
    await getattr(layer, "close_pools", layer.flush)()
