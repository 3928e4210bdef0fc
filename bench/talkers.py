"""Visitors and operators that answer each other as fast as the server lets them."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import uuid4

import msgspec

from bench.light_socket import LightSocket, open_socket
from bench.people import Cast

WORDS = "Could you tell me whether the copper kettle fits an induction hob, please?"

# As the panel and the workspace do it: not each entry by itself.
ACK_EVERY_S = 1.0
SETTLE_WITHIN_S = 300.0


class Item(msgspec.Struct):
    """What the load generator needs of an entry."""

    author: str
    text: str = ""


class Frame(msgspec.Struct):
    """What the load generator needs of a frame."""

    type: str
    conv: str = ""
    to: int = 0
    items: list[Item] = []
    room: str = ""
    author: str = ""
    text: str = ""


decode = msgspec.json.Decoder(Frame).decode


@dataclass
class Count:
    """Messages that arrived on the other side, and how long each took."""

    delivered: int = 0
    seconds: list[float] = field(default_factory=list)

    def note(self, sent_at: float) -> None:
        """Note the arrival of a message."""
        self.delivered += 1
        self.seconds.append(time.perf_counter() - sent_at)


@dataclass
class Talkers:
    """All sockets of one run; each message is answered by the other side."""

    count: Count = field(default_factory=Count)
    sockets: list[LightSocket] = field(default_factory=list)
    is_over: bool = False
    began: float = field(default_factory=time.perf_counter)

    def take(self, text: str) -> bool:
        """Note a message that says when it was sent; return whether to answer it."""
        sent_at = float(text.split(" ", 1)[0])
        # What an earlier round left in the log is replayed, and proves nothing.
        if sent_at < self.began:
            return False
        self.count.note(sent_at)
        return not self.is_over

    def closed(self) -> int:
        """Return how many sockets did not live to the end."""
        return sum(socket.is_closed for socket in self.sockets)


class ChatdeskTalk:
    """Visitors and operators on chatdesk's own sockets."""

    def __init__(self, port: int, cast: Cast, talkers: Talkers) -> None:
        self._port = port
        self._cast = cast
        self._talkers = talkers
        self._operator_of = {pair.conv: pair.operator for pair in cast.pairs}
        self._visitors: dict[str, LightSocket] = {}
        self._operators: list[LightSocket] = []
        self._acked_at: dict[LightSocket, dict[str, float]] = {}
        self._synced = 0

    async def begin(self) -> None:
        """Open all sockets, then let every visitor ask."""
        for number, cookie in enumerate(self._cast.operator_cookies):
            desk = await self._open("operator", self._hear_as_operator, cookie)
            self._operators.append(desk)
            pairs = self._cast.pairs
            desk.send(_hello([pair.conv for pair in pairs if pair.operator == number]))
        for pair in self._cast.pairs:
            socket = await self._open("visitor", self._hear_as_visitor, pair.cookie)
            self._visitors[pair.conv] = socket
            socket.send(_hello([pair.conv]))
        await self._settle()
        for conv, socket in self._visitors.items():
            socket.send(_send(conv))

    async def _settle(self) -> None:
        """Wait until every replay is over: each conversation on both sides."""
        async with asyncio.timeout(SETTLE_WITHIN_S):
            while self._synced < 2 * len(self._cast.pairs):  # noqa: ASYNC110
                await asyncio.sleep(0.05)

    async def _open(
        self, side: str, hear: Callable[[bytes], None], cookie: str
    ) -> LightSocket:
        path = f"/chatdesk/ws/{side}/"
        socket = await open_socket(self._port, path, hear, cookie=cookie)
        self._talkers.sockets.append(socket)
        self._acked_at[socket] = {}
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
                socket.send(_send(frame.conv))

    def _acknowledge(self, frame: Frame, socket: LightSocket) -> None:
        now = time.monotonic()
        acked_at = self._acked_at[socket]
        if now - acked_at.get(frame.conv, 0) >= ACK_EVERY_S:
            acked_at[frame.conv] = now
            ack = {"type": "ack", "conv": frame.conv, "seq": frame.to}
            socket.send(json.dumps(ack).encode())


async def talk_on_chatdesk(port: int, cast: Cast, talkers: Talkers) -> None:
    """Open chatdesk's sockets and begin to talk."""
    await ChatdeskTalk(port, cast, talkers).begin()


async def talk_on_tutorial(port: int, cast: Cast, talkers: Talkers) -> None:
    """Open the tutorial's sockets and begin to talk."""

    def hear(me: str, mine: list[LightSocket]) -> object:
        def on_text(data: bytes) -> None:
            frame = decode(data)
            if frame.author != me and talkers.take(frame.text):
                mine[0].send(_say(frame.room, me))

        return on_text

    rooms = range(len(cast.pairs))
    operators = range(len(cast.operator_cookies))
    for number in operators:
        mine: list[LightSocket] = []
        own = [str(room) for room in rooms if cast.pairs[room].operator == number]
        path = f"/tutorial/{'-'.join(own)}/"
        mine.append(await open_socket(port, path, hear("operator", mine)))
        talkers.sockets += mine
    visitors = []
    for room in rooms:
        mine = []
        mine.append(
            await open_socket(port, f"/tutorial/{room}/", hear("visitor", mine))
        )
        visitors += mine
    talkers.sockets += visitors
    await asyncio.sleep(1)
    for room, socket in enumerate(visitors):
        socket.send(_say(str(room), "visitor"))


def _hello(convs: list[str]) -> bytes:
    resume = [{"conv": conv, "cursor": 0} for conv in convs]
    hello = {"type": "hello", "v": 1, "terse": True, "resume": resume}
    return json.dumps(hello).encode()


def _send(conv: str) -> bytes:
    return (
        f'{{"type":"send","cmid":"{uuid4().hex}","conv":"{conv}",'
        f'"body":{{"text":"{time.perf_counter()} {WORDS}"}}}}'
    ).encode()


def _say(room: str, author: str) -> bytes:
    text = f"{time.perf_counter()} {WORDS}"
    return f'{{"room":"{room}","author":"{author}","text":"{text}"}}'.encode()
