"""The process's one subscription to the channel layer, and its publications."""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

from channels.layers import get_channel_layer

from chatdesk.doorbell.groups import PROCESSES

JOIN_AGAIN_S = 600.0
PAUSE_S = 1.0
FAREWELL_S = 0.2

logger = logging.getLogger(__name__)

Message = dict[str, Any]


class LayerSubscription:
    """Hears what other processes publish; one channel, one group."""

    def __init__(self, *, process: UUID, hear: Callable[[Message], None]) -> None:
        self._process = process.hex
        self._hear = hear
        self._publishing: set[asyncio.Task[None]] = set()

    def publish(self, message: Message) -> None:
        """Publish without waiting; a failure costs others a head poll."""
        layer = get_channel_layer()
        if layer is None:
            return
        sending = self._send(layer, {**message, "from": self._process})
        task = asyncio.get_running_loop().create_task(sending)
        self._publishing.add(task)
        task.add_done_callback(self._publishing.discard)

    async def close(self) -> None:
        """Let what is being published go out, or give it up."""
        if self._publishing:
            _, late = await asyncio.wait(self._publishing, timeout=FAREWELL_S)
            for task in late:
                task.cancel()

    async def run(self) -> None:
        """Hear until cancelled; a broken layer is joined again."""
        layer = get_channel_layer()
        if layer is None:
            return
        while True:
            try:
                await self._hear_on(layer)
            except asyncio.CancelledError:
                raise
            except Exception:
                logger.warning("The channel layer is away", exc_info=True)
                await asyncio.sleep(PAUSE_S)

    async def _hear_on(self, layer: Any) -> None:
        channel = await layer.new_channel()
        await layer.group_add(PROCESSES, channel)
        joined_at = time.monotonic()
        try:
            while True:
                message = await layer.receive(channel)
                if message.get("from") != self._process:
                    self._hear(message)
                if time.monotonic() - joined_at > JOIN_AGAIN_S:
                    # The layer forgets members after a day, however alive they are.
                    await layer.group_add(PROCESSES, channel)
                    joined_at = time.monotonic()
        finally:
            # An error of its own would hide that this task is to end.
            with suppress(Exception):
                await layer.group_discard(PROCESSES, channel)

    async def _send(self, layer: Any, message: Message) -> None:
        try:
            await layer.group_send(PROCESSES, message)
        except Exception:  # noqa: BLE001 - every layer has errors of its own
            logger.warning("A bell was not carried to the other processes")
