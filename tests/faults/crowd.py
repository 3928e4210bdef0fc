"""A crowd that talks across two web processes, and how long its words take.

Visitors are at one process and operators at the other, so every word must cross. What
is timed runs from pressing Send to the other side's copy: longer than a delivery.
"""

import asyncio
import random
import time
from typing import Any, Self

from tests.faults.cast import Cast
from tests.faults.clients import Person
from tests.faults.core import unsettled
from tests.faults.stack import Stack

LOOK_S = 0.1
WITHIN_S = 120.0
IN_FLIGHT = 3


class Crowd:
    """Everybody of a cast, connected for as long as the block lasts."""

    def __init__(self, stack: Stack, cast: Cast, *, seed: int = 1) -> None:
        self._chances = random.Random(seed)
        self._pressed: dict[str, float] = {}
        self._waits: dict[str, tuple[str, float]] = {}
        self._refused: list[str] = []
        self.closed = 0
        self._synced: set[tuple[str, str]] = set()
        self._ports = [proxy.port for proxy in stack.to_webs]
        self.people = [
            Person(
                part,
                ports=[self._ports[part.side == "operator"]],
                chances=random.Random(f"{seed} {part.tab}"),
                note=self._note,
                window=IN_FLIGHT,
            )
            for part in cast.parts
        ]
        self._lives: list[asyncio.Future[None]] = []

    async def __aenter__(self) -> Self:
        self._lives = [asyncio.ensure_future(each.live()) for each in self.people]
        await self.until_here()
        return self

    async def __aexit__(self, *_error: object) -> None:
        for person in self.people:
            person.stop()
        await asyncio.gather(*self._lives, return_exceptions=True)

    async def until_here(self) -> None:
        """Wait until everybody is connected and has all that was said before."""
        async with asyncio.timeout(WITHIN_S):
            while not all(self._is_here(each) for each in self.people):  # noqa: ASYNC110 - states
                await asyncio.sleep(LOOK_S)

    def _is_here(self, person: Person) -> bool:
        part = person.part
        places = {(part.tab, conv) for conv in part.convs}
        return person.core.is_open and places <= self._synced

    async def talk(self, *, rate: float, seconds: float) -> list[tuple[float, float]]:
        """Let people press Send; return when each did and how long it took.

        One that nobody on the other side was brought took for ever.
        """
        self._pressed.clear()
        self._waits.clear()
        began = time.monotonic()
        for number in range(int(rate * seconds)):
            await asyncio.sleep(max(0.0, began + number / rate - time.monotonic()))
            person = self._chances.choice(self.people)
            person.say(f"word {number}", conv=self._chances.choice(person.part.convs))
        ends = time.monotonic() + WITHIN_S
        while unsettled(each.core for each in self.people) or self._lacking():
            if time.monotonic() > ends:
                break
            await asyncio.sleep(LOOK_S)
        took = {cmid: seconds for cmid, (_, seconds) in self._waits.items()}
        return [
            (at - began, took.get(cmid, float("inf")))
            for cmid, at in self._pressed.items()
        ]

    def refused(self) -> list[str]:
        """Return with which codes words were refused for good."""
        return list(self._refused)

    def _lacking(self) -> bool:
        return len(self._waits) < len(self._pressed)

    def _note(self, **line: Any) -> None:
        now = time.monotonic()
        if line["op"] == "send" and line["type"] == "invoke":
            self._pressed[line["cmid"]] = now
        elif line["op"] == "send" and line["type"] == "fail":
            self._refused.append(line["code"])
        elif line["op"] == "link":
            self.closed += line["type"] == "close"
            self._synced -= {each for each in self._synced if each[0] == line["tab"]}
        elif line["op"] == "synced":
            self._synced.add((line["tab"], line["conv"]))
        elif line["op"] == "apply":
            by_staff = line["tab"].startswith("o")
            for _, cmid, author, _ in line["items"]:
                pressed = self._pressed.get(cmid)
                is_others = (author == "operator") != by_staff
                if pressed is not None and is_others:
                    self._waits.setdefault(cmid, (line["tab"], now - pressed))


def spread(seconds: list[float]) -> dict[str, float]:
    """Return the middle, the slow end and the slowest of some durations."""
    ordered = sorted(seconds)
    return {
        name: round(ordered[min(len(ordered) - 1, int(len(ordered) * part))], 3)
        for name, part in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("max", 1.0))
    }
