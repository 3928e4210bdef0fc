"""An in-memory channel layer that threads with loops of their own may use.

The queues of Channels' layer belong to the event loop that waits on them. A message put
in from another thread's loop lies there until that first loop wakes for some other
reason, which may be a second later. Here every message is put in by the loop that
receives.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any

from channels.layers import InMemoryChannelLayer


class LoopSafeInMemoryChannelLayer(InMemoryChannelLayer):  # type: ignore[misc]
    """Right for one process: a first look, a test, a small shop."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._receiving: asyncio.AbstractEventLoop | None = None

    async def receive(self, channel: str) -> Any:
        """Wait for a message; the loop of the first receiver owns the queues."""
        if self._receiving is None or self._receiving.is_closed():
            self._receiving = asyncio.get_running_loop()
        return await super().receive(channel)

    async def send(self, channel: str, message: dict[str, Any]) -> None:
        """Send to one channel from any thread."""
        await self._on_receiving_loop(super().send(channel, message))

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        """Send to a group from any thread."""
        await self._on_receiving_loop(super().group_send(group, message))

    async def _on_receiving_loop(self, sending: Coroutine[Any, Any, None]) -> None:
        home = self._receiving
        here = asyncio.get_running_loop()
        if home is None or home is here or not home.is_running():
            await sending
        else:
            carried = asyncio.run_coroutine_threadsafe(sending, home)
            await asyncio.wrap_future(carried)
