"""A TCP proxy that spoils what passes: late, in slices, cut, held back or not at all.

It runs in a thread of its own, so that a test may change its faults from wherever it
is. One seed decides all chances. Of sockets it knows frames: a rule may strike exactly
the third message, before it passes or right after.
"""

import asyncio
import json
import random
import socket
import struct
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

PATIENCE_S = 30.0
LOOK_S = 0.02
LARGEST = 1 << 20
RESET = struct.pack("ii", 1, 0)

Target = tuple[str, int] | str
Unit = tuple[bytes, Any]


class Act(StrEnum):
    """What a rule does to what it matches."""

    DROP = "drop"
    DUPLICATE = "duplicate"
    DELAY = "delay"
    CUT_BEFORE = "cut before"
    CUT_AFTER = "cut after"
    HANG_BEFORE = "hang before"
    HANG_AFTER = "hang after"


@dataclass
class Rule:
    """Strikes the ``nth`` match from now on, or every match when that is None.

    ``matches`` is asked about the JSON of a text frame, or about raw bytes where the
    proxy knows no frames. A hang holds its connection, both ways, for ever.
    """

    act: Act
    matches: Callable[[Any], bool] = lambda _content: True
    nth: int | None = 1
    seconds: float = 0.0
    seen: int = 0
    fired: threading.Event = field(default_factory=threading.Event)

    def strikes(self, content: Any) -> bool:
        if content is None or not self.matches(content):
            return False
        self.seen += 1
        if self.nth not in {None, self.seen}:
            return False
        self.fired.set()
        return True


@dataclass
class Way:
    """What happens to bytes in one direction; may be changed at any time."""

    delay_s: float = 0.0
    jitter_s: float = 0.0
    slice_bytes: int = 0
    limit_bytes: int | None = None
    reset_chance: float = 0.0
    is_silent: bool = False
    rules: list[Rule] = field(default_factory=list)


class Proxy:
    """Listens on ``port`` of the loopback; passes on to ``target``, a host or a path.

    Both may be used as they are: ``with Proxy(target) as proxy``.
    """

    def __init__(
        self, target: Target, *, seed: int = 0, knows_frames: bool = False
    ) -> None:
        self.target = target
        self.to_server, self.to_client = Way(), Way()
        self.reset_on_connect = 0.0
        self.accepted = 0
        self._seed = seed
        self._knows_frames = knows_frames
        self._links: set[_Link] = set()
        self._server: asyncio.Server | None = None
        # Bound for as long as we live, so that nobody takes the port while it refuses.
        self._holder = _bound(0)
        self.port = int(self._holder.getsockname()[1])
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._loop.run_forever, name="proxy", daemon=True
        )

    def __enter__(self) -> "Proxy":
        self._thread.start()
        self.accept()
        return self

    def __exit__(self, *_error: object) -> None:
        self.refuse()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._holder.close()

    @property
    def open(self) -> int:
        """How many connections pass through now."""
        return len(self._links)

    def accept(self) -> None:
        """Listen again after ``refuse``."""
        self._run(self._listen())

    def refuse(self) -> None:
        """Cut every connection and refuse new ones, as a server that is down."""
        self._run(self._close())

    def cut(self) -> None:
        """Reset every connection; new ones are welcome."""
        self._run(self._cut())

    def hang(self) -> None:
        """Accept, and pass nothing in either direction, until ``mend``."""
        self.to_server.is_silent = self.to_client.is_silent = True

    def mend(self) -> None:
        """Forget every fault; what was held back passes now."""
        self.to_server, self.to_client = Way(), Way()
        self.reset_on_connect = 0.0

    def _run(self, coroutine: Any) -> None:
        asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(PATIENCE_S)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(
            self._serve, sock=_bound(self.port), limit=LARGEST
        )

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        await self._cut()

    async def _cut(self) -> None:
        links = list(self._links)
        for link in links:
            link.task.cancel()
        await asyncio.gather(*(link.task for link in links), return_exceptions=True)

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.accepted += 1
        chances = random.Random(f"{self._seed}:{self.accepted}")
        link = _Link(self, chances, (reader, writer))
        self._links.add(link)
        try:
            # A cut is a cancellation, which nobody else needs to hear of.
            with suppress(asyncio.CancelledError):
                await link.run(knows_frames=self._knows_frames)
        finally:
            self._links.discard(link)


class _Cut(Exception):
    """The connection ends here."""


class _Link:
    """One connection through the proxy."""

    def __init__(
        self,
        proxy: Proxy,
        chances: random.Random,
        client: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> None:
        self._proxy = proxy
        self._chances = chances
        self._from_client, self._client = client
        self._writers = [self._client]
        self._is_hung = False
        task = asyncio.current_task()
        assert task is not None
        self.task = task

    async def run(self, *, knows_frames: bool) -> None:
        proxy, is_clean = self._proxy, False
        try:
            if self._chances.random() < proxy.reset_on_connect:
                return
            await self._wait_while(lambda: proxy.to_server.is_silent)
            reader, writer = await _connect(proxy.target)
            self._writers.append(writer)
            units = _chunks
            if knows_frames and await self._shake_hands(reader, writer):
                units = _frames
            await self._relay_both(units(self._from_client), units(reader), writer)
            is_clean = True
        except (OSError, asyncio.IncompleteReadError, _Cut):
            pass  # That is what connections through here are for.
        finally:
            await self._end(is_clean=is_clean)

    async def _relay_both(
        self,
        from_client: AsyncIterator[Unit],
        from_server: AsyncIterator[Unit],
        server: asyncio.StreamWriter,
    ) -> None:
        """Relay until either side has said all, or something cuts."""
        relays = [
            asyncio.ensure_future(self._relay("to_server", from_client, server)),
            asyncio.ensure_future(self._relay("to_client", from_server, self._client)),
        ]
        try:
            done, _ = await asyncio.wait(relays, return_when="FIRST_COMPLETED")
            for relay in done:
                relay.result()
        finally:
            for relay in relays:
                relay.cancel()
            await asyncio.gather(*relays, return_exceptions=True)

    async def _relay(
        self, name: str, units: AsyncIterator[Unit], sink: asyncio.StreamWriter
    ) -> None:
        passed = 0
        async for raw, content in units:
            way: Way = getattr(self._proxy, name)
            acts = [rule for rule in way.rules if rule.strikes(content)]
            await self._before(acts)
            if way.delay_s or way.jitter_s:
                late = self._chances.uniform(-way.jitter_s, way.jitter_s)
                await asyncio.sleep(max(0.0, way.delay_s + late))
            await self._wait_while(
                lambda: self._is_hung or getattr(self._proxy, name).is_silent
            )
            way = getattr(self._proxy, name)
            copies = [raw] * _copies(acts)
            for copy in copies:
                room = None if way.limit_bytes is None else way.limit_bytes - passed
                await _write(sink, copy[:room], size=way.slice_bytes)
                passed += len(copy)
            has_no_room = way.limit_bytes is not None and passed >= way.limit_bytes
            if has_no_room or self._chances.random() < way.reset_chance:
                raise _Cut
            await self._after(acts, sink)

    async def _before(self, acts: list[Rule]) -> None:
        for rule in acts:
            if rule.act is Act.CUT_BEFORE:
                raise _Cut
            if rule.act is Act.HANG_BEFORE:
                self._is_hung = True
            if rule.act is Act.DELAY:
                await asyncio.sleep(rule.seconds)

    async def _after(self, acts: list[Rule], sink: asyncio.StreamWriter) -> None:
        for rule in acts:
            if rule.act is Act.HANG_AFTER:
                self._is_hung = True
            if rule.act is Act.CUT_AFTER:
                # A reset would take what has just passed away again.
                sink.close()
                raise _Cut

    async def _wait_while(self, is_so: Callable[[], bool]) -> None:
        while is_so():  # noqa: ASYNC110 - changed from any thread
            await asyncio.sleep(LOOK_S)

    async def _shake_hands(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """Pass the opening request and its answer; return whether frames follow."""
        request = await self._from_client.readuntil(b"\r\n\r\n")
        lines = request.split(b"\r\n")
        # Compressed frames could not be read.
        kept = [
            line
            for line in lines
            if not line.lower().startswith(b"sec-websocket-extensions:")
        ]
        writer.write(b"\r\n".join(kept))
        if b"upgrade: websocket" not in request.lower():
            return False
        answer = await reader.readuntil(b"\r\n\r\n")
        self._client.write(answer)
        return answer.startswith(b"HTTP/1.1 101")

    async def _end(self, *, is_clean: bool) -> None:
        for writer in self._writers:
            if writer.is_closing():
                continue
            if not is_clean:
                connection = writer.get_extra_info("socket")
                if connection.family == socket.AF_INET:
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                writer.transport.abort()
            writer.close()
        for writer in self._writers:
            with suppress(OSError, TimeoutError):
                await asyncio.wait_for(writer.wait_closed(), 1.0)
            writer.transport.abort()


def _copies(acts: list[Rule]) -> int:
    kinds = {rule.act for rule in acts}
    return 0 if Act.DROP in kinds else 1 + (Act.DUPLICATE in kinds)


async def _write(sink: asyncio.StreamWriter, raw: bytes, *, size: int) -> None:
    for start in range(0, len(raw), size or len(raw) or 1):
        sink.write(raw[start : start + (size or len(raw))])
        await sink.drain()
        # Else the loop would join the slices again.
        await asyncio.sleep(LOOK_S / 20 if size else 0)


async def _chunks(reader: asyncio.StreamReader) -> AsyncIterator[Unit]:
    while chunk := await reader.read(1 << 16):
        yield chunk, chunk


async def _frames(reader: asyncio.StreamReader) -> AsyncIterator[Unit]:
    while not (reader.at_eof()):
        head = await reader.readexactly(2)
        size, is_masked = head[1] & 0x7F, bool(head[1] & 0x80)
        long = {126: 2, 127: 8}.get(size, 0)
        more = await reader.readexactly(long + 4 * is_masked)
        if long:
            size = int.from_bytes(more[:long], "big")
        payload = await reader.readexactly(size)
        is_text = head[0] & 0x8F == 0x81  # Whole, and text.
        words = _unmask(payload, more[long:]) if is_masked else payload
        yield head + more + payload, _json(words) if is_text else None


def _unmask(payload: bytes, mask: bytes) -> bytes:
    return bytes(byte ^ mask[place % 4] for place, byte in enumerate(payload))


def _json(words: bytes) -> Any:
    try:
        return json.loads(words)
    except ValueError:
        return None


async def _connect(
    target: Target,
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if isinstance(target, str):
        return await asyncio.open_unix_connection(target, limit=LARGEST)
    return await asyncio.open_connection(*target, limit=LARGEST)


def _bound(port: int) -> socket.socket:
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    bound.bind(("127.0.0.1", port))
    return bound
