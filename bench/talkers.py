"""Visitors and operators that answer each other as fast as the server lets them."""

import asyncio
import json
import time
from dataclasses import dataclass, field
from uuid import uuid4

import msgspec

from bench.light_socket import LightSocket, open_socket
from bench.people import Cast

WORDS = "Could you tell me whether the copper kettle would also fit an induction hob, pl?"


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

    def note(self, text: str) -> None:
        """Note a message that says when it was sent."""
        self.delivered += 1
        self.seconds.append(time.perf_counter() - float(text.split(" ", 1)[0]))


@dataclass
class Talkers:
    """All sockets of one run; each message is answered by the other side."""

    count: Count = field(default_factory=Count)
    sockets: list[LightSocket] = field(default_factory=list)
    is_over: bool = False

    def closed(self) -> int:
        """Return how many sockets did not live to the end."""
        return sum(socket.is_closed for socket in self.sockets)


async def talk_on_chatdesk(port: int, cast: Cast, talkers: Talkers) -> None:
    """Open chatdesk's sockets and begin to talk."""
    visitors: dict[str, LightSocket] = {}
    operators: list[LightSocket] = []

    def hear(staff: bool) -> object:  # noqa: FBT001 - the only argument
        last_ack: dict[str, float] = {}

        def on_text(data: bytes) -> None:
            frame = decode(data)
            if frame.type != "events":
                return
            socket = operators[by_conv[frame.conv]] if staff else visitors[frame.conv]
            ack = {"type": "ack", "conv": frame.conv, "seq": frame.to}
            now = time.monotonic()
            if now - last_ack.get(frame.conv, 0) >= 0.05:
                last_ack[frame.conv] = now
                socket.send(json.dumps(ack).encode())
            for item in frame.items:
                if (item.author == "operator") != staff and " " in item.text[:24]:
                    if not item.text[0].isdigit():
                        continue
                    talkers.count.note(item.text)
                    if not talkers.is_over:
                        socket.send(_send(frame.conv))

        return on_text

    by_conv = {pair.conv: pair.operator for pair in cast.pairs}
    for number, cookie in enumerate(cast.operator_cookies):
        desk = await open_socket(port, "/chatdesk/ws/operator/", hear(True), cookie=cookie)
        operators.append(desk)
        convs = [pair.conv for pair in cast.pairs if pair.operator == number]
        desk.send(_hello(convs))
    for pair in cast.pairs:
        socket = await open_socket(
            port, "/chatdesk/ws/visitor/", hear(False), cookie=pair.cookie
        )
        visitors[pair.conv] = socket
        socket.send(_hello([pair.conv]))
    talkers.sockets += [*operators, *visitors.values()]
    await asyncio.sleep(1)
    for pair in cast.pairs:
        visitors[pair.conv].send(_send(pair.conv))


async def talk_on_tutorial(port: int, cast: Cast, talkers: Talkers) -> None:
    """Open the tutorial's sockets and begin to talk."""

    def hear(me: str, mine: list[LightSocket]) -> object:
        def on_text(data: bytes) -> None:
            frame = decode(data)
            if frame.author == me:
                return
            talkers.count.note(frame.text)
            if not talkers.is_over:
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
        mine.append(await open_socket(port, f"/tutorial/{room}/", hear("visitor", mine)))
        visitors += mine
    talkers.sockets += visitors
    await asyncio.sleep(1)
    for room, socket in enumerate(visitors):
        socket.send(_say(str(room), "visitor"))


def _hello(convs: list[str]) -> bytes:
    resume = [{"conv": conv, "cursor": 0} for conv in convs]
    return json.dumps({"type": "hello", "v": 1, "resume": resume}).encode()


def _send(conv: str) -> bytes:
    return (
        f'{{"type":"send","cmid":"{uuid4().hex}","conv":"{conv}",'
        f'"body":{{"text":"{time.perf_counter()} {WORDS}"}}}}'
    ).encode()


def _say(room: str, author: str) -> bytes:
    text = f"{time.perf_counter()} {WORDS}"
    return f'{{"room":"{room}","author":"{author}","text":"{text}"}}'.encode()
