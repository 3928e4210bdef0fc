"""Simulated people: the network around ``Core``, and what they do of their own accord.

They reconnect with full jitter to any web process, send again what was not answered,
notice a silent server by its missing heartbeats, and now and then reload their page.
"""

import asyncio
import json
import random
import time
from collections.abc import Callable
from contextlib import suppress

import websockets
from websockets.asyncio.client import ClientConnection

from tests.faults.cast import Part, new_cmid
from tests.faults.core import Core, Note
from tests.faults.reducer import Frame

WELCOME_LIMIT_S = 6.0
BACKOFF_FIRST_S = 0.5
BACKOFF_LAST_S = 30.0
MISSED_LIMIT = 2
LOOK_S = 0.1
SAVE_S = 1.0

Record = Callable[[Frame], None]


def backoff(attempt: int, chances: random.Random) -> float:
    """Return how long to wait before try number ``attempt``, counted from 0."""
    return chances.random() * min(BACKOFF_LAST_S, BACKOFF_FIRST_S * 2**attempt)


class Person:
    """One tab with its network; lives until told to stop."""

    def __init__(
        self,
        part: Part,
        *,
        ports: list[int],
        chances: random.Random,
        note: Note,
        window: int = 1,
        comes_back: bool = True,
    ) -> None:
        self.part = part
        self.core = Core(
            author=part.author,
            tab=part.tab,
            convs=part.convs,
            window=window,
            note=note,
        )
        self.is_over = False
        self.record: Record | None = None
        self._ports = ports
        self._chances = chances
        self._note = note
        self._comes_back = comes_back
        self._socket: ClientConnection | None = None
        self._said: asyncio.Queue[Frame] = asyncio.Queue()
        self._missed = 0
        self._saved_at = 0.0
        self._woken = asyncio.Event()

    async def live(self) -> None:
        """Connect, talk, lose the connection, and again."""
        attempt = 0
        while not self.is_over:
            port = self._chances.choice(self._ports)
            with suppress(OSError, websockets.WebSocketException, TimeoutError):
                await self._connect(port)
            was_open = self.core.is_open
            attempt = 0 if was_open else attempt + 1
            self.core.close()
            self._socket = None
            if was_open and not self._comes_back:
                return
            await self._pause(backoff(attempt, self._chances))

    def say(self, text: str, *, conv: str, kind: str = "message") -> None:
        """Press Send."""
        self.core.intend(cmid=new_cmid(), conv=conv, text=text, kind=kind)
        self._hand_over(self.core.due(now=time.monotonic()))

    def reload(self) -> None:
        """Lose the page and open it again: what was saved is all there is."""
        self.drop()
        self.core.reload()

    def drop(self) -> None:
        """Lose the connection at once."""
        if self._socket is not None:
            self._socket.transport.abort()

    def wake(self) -> None:
        """Try to connect now, as a page does that hears of the network's return."""
        self._woken.set()

    def stop(self) -> None:
        self.is_over = True
        self.wake()
        self.drop()

    async def _pause(self, seconds: float) -> None:
        self._woken.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), seconds)

    async def _connect(self, port: int) -> None:
        site = f"127.0.0.1:{port}"
        async with websockets.connect(
            f"ws://{site}/chatdesk/ws/{self.part.side}/",
            origin=websockets.Origin(f"http://{site}"),
            additional_headers={"Cookie": self.part.cookie},
            compression=None,
            ping_interval=None,
            open_timeout=WELCOME_LIMIT_S,
            close_timeout=0.2,
            proxy=None,
        ) as socket:
            if self.is_over:
                return
            self._socket, self._missed, self._said = socket, 0, asyncio.Queue()
            self._hand_over([self.core.open(now=time.monotonic())])
            jobs = [
                asyncio.ensure_future(job(socket))
                for job in (self._hear, self._speak, self._look)
            ]
            try:
                done, _ = await asyncio.wait(jobs, return_when="FIRST_COMPLETED")
                for job in done:
                    job.result()
            finally:
                for job in jobs:
                    job.cancel()
                await asyncio.gather(*jobs, return_exceptions=True)
                socket.transport.abort()

    def _hand_over(self, frames: list[Frame]) -> None:
        for frame in frames:
            self._said.put_nowait(frame)

    async def _hear(self, socket: ClientConnection) -> None:
        async for text in socket:
            self._missed = 0
            frame = json.loads(text)
            if self.record is not None:
                self.record(frame)
            self._hand_over(self.core.receive(frame, now=time.monotonic()))

    async def _speak(self, socket: ClientConnection) -> None:
        while True:
            await socket.send(json.dumps(await self._said.get()))

    async def _look(self, _socket: ClientConnection) -> None:
        """Beat, send again what is late, save; return when the server is silent."""
        opened = beat_at = time.monotonic()
        while self.core.is_open or time.monotonic() - opened < WELCOME_LIMIT_S:
            await asyncio.sleep(LOOK_S)
            now = time.monotonic()
            self._hand_over(self.core.due(now=now))
            if now - self._saved_at > SAVE_S:
                self._saved_at = now
                self.core.save()
            if self.core.is_open and now - beat_at >= self.core.beat_s:
                if self._missed >= MISSED_LIMIT:
                    return
                self._missed += 1
                beat_at = now
                self._hand_over([{"type": "ping", "t": int(now * 1000)}])
