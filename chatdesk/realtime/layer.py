"""The process's one subscription to the channel layer, and its publications.

A layer may forget its members without a word: its server was emptied, or evicted them,
or the connection is dead and nobody says so. So the process knocks at its own door
now and then, and begins anew when it does not hear itself.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

from chatdesk.doorbell.groups import KNOCK, PROCESSES
from chatdesk.doorbell.line import Line, Message

JOIN_AGAIN_S = 600.0
JOIN_WITHIN_S = 15.0
KNOCK_EVERY_S = 8.0
HEAR_WITHIN_S = 5.0
PAUSE_S = 1.0
FAREWELL_S = 0.2

logger = logging.getLogger(__name__)


class LayerSubscription:
    """Hears what other processes publish; one channel, one group."""

    def __init__(self, *, process: UUID, hear: Callable[[Message], None]) -> None:
        self._process = process.hex
        self._hear = hear
        self._line = Line()
        self._heard = asyncio.Event()
        self._is_away = False
        self.is_joined = False

    @property
    def state(self) -> str:
        """Return ``ok`` when this process hears itself, ``away`` or ``none`` if not."""
        if self._line.layer is None:
            return "none"
        return "ok" if self.is_joined else "away"

    @property
    def lost(self) -> int:
        """Return how many publications reached nobody."""
        return self._line.lost

    def publish(self, message: Message) -> None:
        """Publish without waiting; a failure costs others a head poll."""
        self._line.publish({**message, "from": self._process})

    async def close(self) -> None:
        """Let what is being published go out, or give it up, and disconnect."""
        await self._line.close()

    async def run(self) -> None:
        """Hear until cancelled; a layer that broke or fell silent is joined anew."""
        while self._line.layer is not None:
            try:
                await self._listen(self._line.layer)
            except Exception as error:  # noqa: BLE001 - every layer has its own
                if not self._is_away:
                    logger.warning("The channel layer is away (%r)", error)
                self._is_away = True
            # Whatever ails these connections, others may not have it.
            await self._line.renew()
            await asyncio.sleep(PAUSE_S)

    async def _listen(self, layer: Any) -> None:
        async with asyncio.timeout(JOIN_WITHIN_S):
            channel = await layer.new_channel()
            await layer.group_add(PROCESSES, channel)
        loop = asyncio.get_running_loop()
        tasks = {
            loop.create_task(self._receive(layer, channel)),
            loop.create_task(self._knock(layer, channel)),
        }
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            self.is_joined = False
            # An error of its own would hide that this task is to end.
            with suppress(Exception):
                async with asyncio.timeout(FAREWELL_S):
                    await layer.group_discard(PROCESSES, channel)
            await self._line.close()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _receive(self, layer: Any, channel: str) -> None:
        while True:
            message = await layer.receive(channel)
            self._heard.set()
            if message.get("from") == self._process:
                continue
            try:
                self._hear(message)
            except Exception:
                # The next look at the heads makes up for it.
                logger.exception("A message of another process makes no sense")

    async def _knock(self, layer: Any, channel: str) -> None:
        """Raise as soon as nothing is heard, our own knocking included."""
        joined_at = time.monotonic()
        while True:
            self._heard.clear()
            self.publish({"type": KNOCK, "v": 1})
            async with asyncio.timeout(HEAR_WITHIN_S):
                await self._heard.wait()
            self.is_joined = True
            if self._is_away:
                logger.warning("The channel layer is back")
            self._is_away = False
            await asyncio.sleep(KNOCK_EVERY_S)
            if time.monotonic() - joined_at > JOIN_AGAIN_S:
                # The layer forgets members after a day, however alive they are.
                async with asyncio.timeout(JOIN_WITHIN_S):
                    await layer.group_add(PROCESSES, channel)
                joined_at = time.monotonic()
