"""Who talks in a benchmark: each answers the other, or all speak at a given rate."""

import asyncio
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec

from bench.light_socket import LightSocket

WORDS = "Could you tell me whether the copper kettle fits an induction hob, please?"

# At a given rate, how often the clock is looked at.
TURN_S = 0.001


class Item(msgspec.Struct):
    """What the load generator needs of an entry."""

    author: str
    text: str = ""


class Frame(msgspec.Struct):
    """What the load generator needs of a frame."""

    type: str = ""
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
    """All sockets of one run.

    Without a rate each message is answered by the other side, so that there is always
    one on its way in each conversation.
    """

    rate: float = 0.0
    talking: int = 0
    count: Count = field(default_factory=Count)
    sockets: list[LightSocket] = field(default_factory=list)
    is_over: bool = False
    began: float = field(default_factory=time.perf_counter)
    _pacing: asyncio.Task[None] | None = None

    def take(self, text: str) -> bool:
        """Note a message that says when it was sent; return whether to answer it."""
        sent_at = float(text.split(" ", 1)[0])
        # What an earlier round left in the log is replayed, and proves nothing.
        if sent_at < self.began:
            return False
        self.count.note(sent_at)
        return not self.is_over and not self.rate

    async def begin(self, speakers: list[Callable[[], None]]) -> None:
        """Let all speak: each once and then in answer, or in turn at the rate.

        With a number of ``talking`` dialogs the others are open and silent.
        """
        if self.talking:
            # At a rate the other side of each dialog speaks by itself.
            speakers = speakers[: self.talking * (2 if self.rate else 1)]
        if not self.rate:
            for speak in speakers:
                speak()
            return
        self._pacing = asyncio.create_task(self._pace(speakers))

    async def _pace(self, speakers: list[Callable[[], None]]) -> None:
        turns = itertools.cycle(speakers)
        began, spoken = time.perf_counter(), 0
        while not self.is_over:
            due = int((time.perf_counter() - began) * self.rate)
            for speak in itertools.islice(turns, due - spoken):
                speak()
            spoken = due
            await asyncio.sleep(TURN_S)

    def closed(self) -> int:
        """Return how many sockets did not live to the end."""
        return sum(socket.is_closed for socket in self.sockets)


def words() -> str:
    """Return what is said; it begins with when."""
    return f"{time.perf_counter()} {WORDS}"
