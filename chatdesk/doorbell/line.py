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

from chatdesk.doorbell.groups import PROCESSES

ANSWER_WITHIN_S = 2.0
FAREWELL_S = 0.2
MOST_AT_ONCE = 100

logger = logging.getLogger(__name__)

Message = dict[str, Any]


class Line:
    """Publishes to all processes, over connections that nobody else uses.

    Used from one event loop. ``layer`` is None where the site has no channel layer.
    """

    def __init__(self) -> None:
        self.origin = get_channel_layer()
        self.layer = _own(self.origin)
        self.is_hanging = False
        self.lost = 0
        self._is_failing = False
        self._publishing: set[asyncio.Task[None]] = set()

    def publish(self, message: Message) -> asyncio.Task[None] | None:
        """Publish without waiting; what finds no room is dropped."""
        if self.layer is None:
            return None
        # One that hangs may be the first to be answered again; no more are needed.
        if len(self._publishing) >= (1 if self.is_hanging else MOST_AT_ONCE):
            self.lost += 1
            return None
        task = asyncio.get_running_loop().create_task(self._send(message))
        self._publishing.add(task)
        task.add_done_callback(self._publishing.discard)
        return task

    async def renew(self) -> None:
        """Give up every connection; the next publication opens others."""
        await self.close()
        self.layer = _own(self.origin)

    async def close(self) -> None:
        """Let what is being published go out, or give it up; then disconnect."""
        if self._publishing:
            _, late = await asyncio.wait(self._publishing, timeout=FAREWELL_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        if self.layer is not None and _has_server(self.layer):
            with suppress(Exception):
                async with asyncio.timeout(ANSWER_WITHIN_S):
                    await _disconnect(self.layer)

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
