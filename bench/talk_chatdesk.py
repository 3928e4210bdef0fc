"""Visitors and operators on chatdesk's own sockets."""

import asyncio
import json
import time
from collections.abc import Callable
from functools import partial
from uuid import uuid4

from bench.light_socket import LightSocket, open_socket
from bench.people import Cast
from bench.servers import Running
from bench.talkers import Frame, Talkers, decode, words

# As the panel and the workspace do it: not each entry by itself.
ACK_EVERY_S = 1.0
ACK_AFTER = 100
SETTLE_WITHIN_S = 120.0
BEAT_S = 8.0
PING = b'{"type":"ping","t":1}'
MOST_IN_A_HELLO = 50


class ChatdeskTalk:
    """Visitors and operators on chatdesk's own sockets."""

    def __init__(self, running: Running, cast: Cast, talkers: Talkers) -> None:
        self._running = running
        self._cast = cast
        self._talkers = talkers
        self._operator_of = {pair.conv: pair.operator for pair in cast.pairs}
        self._visitors: dict[str, LightSocket] = {}
        self._operators: list[LightSocket] = []
        self._acked: dict[LightSocket, dict[str, tuple[float, int]]] = {}
        self._synced = 0

    async def begin(self) -> None:
        """Open all sockets, then let every visitor ask."""
        self._beating = asyncio.create_task(self._beat())
        for number, cookie in enumerate(self._cast.operator_cookies):
            port = self._running.operators_port
            desk = await self._open(port, "operator", self._hear_as_operator, cookie)
            self._operators.append(desk)
            own = [pair.conv for pair in self._cast.pairs if pair.operator == number]
            for at in range(0, len(own), MOST_IN_A_HELLO):
                desk.send(_hello(own[at : at + MOST_IN_A_HELLO]))
        for pair in self._cast.pairs:
            port = self._running.port
            socket = await self._open(
                port, "visitor", self._hear_as_visitor, pair.cookie
            )
            self._visitors[pair.conv] = socket
            socket.send(_hello([pair.conv]))
        await self._settle()
        await self._talkers.begin(self._speakers())

    def _speakers(self) -> list[Callable[[], None]]:
        asking = [
            partial(_say, socket, conv) for conv, socket in self._visitors.items()
        ]
        if not self._talkers.rate:
            return asking
        answering = [
            partial(_say, self._operators[pair.operator], pair.conv)
            for pair in self._cast.pairs
        ]
        return [speak for both in zip(asking, answering, strict=True) for speak in both]

    async def _settle(self) -> None:
        """Wait until every replay is over: each conversation on both sides."""
        async with asyncio.timeout(SETTLE_WITHIN_S):
            while self._synced < 2 * len(self._cast.pairs):
                if self._talkers.closed():
                    raise RuntimeError("Sockets were closed before anybody spoke")
                await asyncio.sleep(0.05)

    async def _beat(self) -> None:
        while not self._talkers.is_over:
            await asyncio.sleep(BEAT_S)
            for socket in self._talkers.sockets:
                socket.send(PING)

    async def _open(
        self, port: int, side: str, hear: Callable[[bytes], None], cookie: str
    ) -> LightSocket:
        path = f"/chatdesk/ws/{side}/"
        socket = await open_socket(port, path, hear, cookie=cookie)
        self._talkers.sockets.append(socket)
        self._acked[socket] = {}
        return socket

    def _hear_as_operator(self, data: bytes) -> None:
        frame = decode(data)
        if frame.type == "events":
            socket = self._operators[self._operator_of[frame.conv]]
            self._take(frame, socket, of="visitor")
        self._synced += frame.type == "synced"

    def _hear_as_visitor(self, data: bytes) -> None:
        frame = decode(data)
        if frame.type == "events":
            self._take(frame, self._visitors[frame.conv], of="operator")
        self._synced += frame.type == "synced"

    def _take(self, frame: Frame, socket: LightSocket, *, of: str) -> None:
        self._acknowledge(frame, socket)
        for item in frame.items:
            is_theirs = item.author == of and item.text[:1].isdigit()
            if is_theirs and self._talkers.take(item.text):
                _say(socket, frame.conv)

    def _acknowledge(self, frame: Frame, socket: LightSocket) -> None:
        now = time.monotonic()
        acked = self._acked[socket]
        at, seq = acked.get(frame.conv, (0.0, 0))
        # A replay goes on only as far ahead of what was acknowledged.
        if now - at >= ACK_EVERY_S or frame.to - seq >= ACK_AFTER:
            acked[frame.conv] = now, frame.to
            ack = {"type": "ack", "conv": frame.conv, "seq": frame.to}
            socket.send(json.dumps(ack).encode())


async def talk(running: Running, cast: Cast, talkers: Talkers) -> None:
    """Open chatdesk's sockets and begin to talk."""
    await ChatdeskTalk(running, cast, talkers).begin()


def _hello(convs: list[str]) -> bytes:
    resume = [{"conv": conv, "cursor": 0} for conv in convs]
    hello = {"type": "hello", "v": 1, "terse": True, "resume": resume}
    return json.dumps(hello).encode()


def _say(socket: LightSocket, conv: str) -> None:
    socket.send(
        (
            f'{{"type":"send","cmid":"{uuid4().hex}","conv":"{conv}",'
            f'"body":{{"text":"{words()}"}}}}'
        ).encode()
    )
