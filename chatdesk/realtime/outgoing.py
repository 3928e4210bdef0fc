"""The way out of a socket: sent at once, queued only while the network is slow."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Generator
from functools import partial
from types import coroutine
from typing import Any

from chatdesk.realtime.framing import text_frame
from chatdesk.realtime.shortcut import Shortcut

Send = Callable[[dict[str, Any]], Awaitable[None]]

LONGEST_QUEUE = 2000

# Autobahn, and Daphne with it, sends these and 1000, and raises for all others.
PRIVATE_CODES = range(3000, 5000)
NORMAL = 1000


class Outgoing:
    """Sends text frames in order without a task for each.

    A send is begun at once; only when the server makes it wait is a task made for the
    rest, so that one slow socket stalls nobody. By a short way, what is sent in one
    turn of the event loop goes out together.
    """

    __slots__ = ("_queue", "_send", "_shortcut", "_task", "_turn", "is_closed")

    def __init__(self, send: Send, shortcut: Shortcut | None = None) -> None:
        self._send = send
        self._shortcut = shortcut
        self._turn: list[str] = []
        self._queue: deque[dict[str, Any]] = deque()
        self._task: asyncio.Task[None] | None = None
        self.is_closed = False

    @property
    def is_overflowing(self) -> bool:
        """Whether more waits than a reader that still reads can leave behind."""
        return len(self._queue) > LONGEST_QUEUE

    def text(self, text: str) -> None:
        """Send one text frame after those before it."""
        if self._shortcut is None:
            self._put({"type": "websocket.send", "text": text})
            return
        if not self._turn:
            asyncio.get_running_loop().call_soon(self._flush)
        self._turn.append(text)

    def close(self, code: int) -> None:
        """Send what waits, then close the socket; why, the goodbye before it has said.

        It must be a plain number: one of an enumeration is refused as well.
        """
        self._flush()
        plain = int(code) if code in PRIVATE_CODES else NORMAL
        self._put({"type": "websocket.close", "code": plain})
        self.is_closed = True

    def cut(self, code: int) -> None:
        """Drop what waits and close: this reader does not read."""
        self._turn.clear()
        self._queue.clear()
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self.close(code)

    def _flush(self) -> None:
        texts, self._turn = self._turn, []
        if not texts or self.is_closed:
            return
        if self._task is None and self._shortcut is not None:
            frames = [text_frame(text) for text in texts]
            if self._shortcut.write(
                frames[0] if len(frames) == 1 else b"".join(frames)
            ):
                return
        for text in texts:
            self._put({"type": "websocket.send", "text": text})

    def _put(self, message: dict[str, Any]) -> None:
        if self.is_closed:
            return
        if self._task is not None:
            self._queue.append(message)
            return
        sending: Any = self._send(message)
        if not asyncio.iscoroutine(sending):
            self._task = asyncio.ensure_future(self._drain(sending))
            return
        try:
            waits_for = sending.send(None)
        except StopIteration:
            return
        except Exception:  # noqa: BLE001 - servers differ in what they raise
            self.is_closed = True
            return
        self._task = asyncio.ensure_future(self._drain(_rest(sending, waits_for)))

    async def _drain(self, sending: Awaitable[None]) -> None:
        try:
            await sending
            while self._queue:
                await self._send(self._queue.popleft())
        except Exception:  # noqa: BLE001 - servers differ in what they raise
            # The client has gone: the socket's own reader learns of it by itself.
            self.is_closed = True
        finally:
            self._task = None


@coroutine
def _rest(
    begun: Coroutine[Any, Any, None], waits_for: Any
) -> Generator[Any, Any, None]:
    """Go on with a coroutine that was begun by hand and waits for something."""
    while True:
        try:
            got = yield waits_for
        except BaseException as error:  # noqa: BLE001 - cancelling must reach it too
            resume = partial(begun.throw, error)
        else:
            resume = partial(begun.send, got)
        try:
            waits_for = resume()
        except StopIteration:
            return
