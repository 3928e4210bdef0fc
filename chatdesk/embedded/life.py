"""The lifespan of the application, which Daphne leaves out of ASGI.

Without it the application would learn that it runs from its first request: nothing that
is due would be done in a shop that nobody has visited since the start.
"""

import asyncio
import logging
from typing import Any

from twisted.internet import defer, reactor

logger = logging.getLogger(__name__)

FAREWELL_S = 0.5


class Life:
    """Tells an ASGI application that the server starts and that it ends."""

    def __init__(self, application: Any) -> None:
        self._application = application
        self._said: asyncio.Queue[dict[str, str]] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Say that the server starts; called when the reactor's loop is the current."""
        self._said.put_nowait({"type": "lifespan.startup"})
        self._task = asyncio.get_event_loop().create_task(self._live())
        reactor.addSystemEventTrigger("before", "shutdown", self._end)  # type: ignore[arg-type]

    async def _live(self) -> None:
        scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}}
        try:
            await self._application(scope, self._said.get, self._hear)
        except Exception:
            # How an application says that it has none.
            logger.debug("The application knows no lifespan", exc_info=True)

    async def _hear(self, message: dict[str, Any]) -> None:
        if message["type"] == "lifespan.startup.failed":
            logger.error("The application did not start: %s", message.get("message"))

    def _end(self) -> Any:
        return defer.Deferred.fromFuture(asyncio.ensure_future(self._farewell()))

    async def _farewell(self) -> None:
        if self._task is None or self._task.done():
            return
        self._said.put_nowait({"type": "lifespan.shutdown"})
        await asyncio.wait([self._task], timeout=FAREWELL_S)
