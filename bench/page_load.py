"""Asks a server for pages at a steady rate, from a process of its own.

    python -m bench.page_load PORT RATE SECONDS KIND

A rate of 0 asks as fast as four browsers that wait for each answer can. Prints how many
were answered, and how long that took.
"""

import asyncio
import json
import statistics
import sys
import time
from collections.abc import Sequence
from itertools import count

CONNECTIONS = 16
CLOSED = 4
BROWSERS = 100
PAGES = {
    "shop": (
        *("/", "/product/heron-gooseneck-kettle/", "/search/?q=kettle", "/cart/"),
        *("/product/fjord-ethiopia/?utm_source=letter&utm_medium=email", "/delivery/"),
    ),
    "light": tuple(f"/light/{number}/" for number in range(6)),
}
REQUEST = (
    "GET {path} HTTP/1.1\r\nHost: localhost\r\n"
    "User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Chrome/{version}.0.0.0 Safari/537.36\r\n"
    "Accept-Language: en-GB,en;q=0.9\r\nSec-Fetch-Dest: document\r\n\r\n"
)


class Browsers:
    """Connections that are kept, and what was answered over them."""

    def __init__(self, port: int, pages: Sequence[str]) -> None:
        self._port = port
        self._pages = pages
        self._number = count()
        self.waits: list[float] = []
        self.refused = 0

    async def serve(self, due: "asyncio.Queue[float | None]") -> None:
        """Ask for a page whenever one is due, over one connection."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        while (since := await due.get()) is not None:
            await self._ask(reader, writer)
            self.waits.append(time.monotonic() - since)
        writer.close()

    async def hurry(self, until: float) -> None:
        """Ask one page after the other until a moment."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        while (since := time.monotonic()) < until:
            await self._ask(reader, writer)
            self.waits.append(time.monotonic() - since)
        writer.close()

    async def _ask(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        number = next(self._number)
        path = self._pages[number % len(self._pages)]
        version = 30 + number // len(self._pages) % BROWSERS
        writer.write(REQUEST.format(path=path, version=version).encode())
        head = await reader.readuntil(b"\r\n\r\n")
        self.refused += b" 200 " not in head.split(b"\r\n", 1)[0]
        await _read_body(reader, head.lower())


async def _read_body(reader: asyncio.StreamReader, head: bytes) -> None:
    if b"content-length:" in head:
        length = head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0]
        await reader.readexactly(int(length))
        return
    while size := int((await reader.readline()).strip() or b"0", 16):
        await reader.readexactly(size + 2)
    await reader.readline()


async def load(port: int, rate: float, seconds: float, kind: str) -> dict[str, float]:
    """Ask at a rate, and wait for what was asked."""
    browsers = Browsers(port, PAGES[kind])
    began = time.monotonic()
    if rate:
        due: asyncio.Queue[float | None] = asyncio.Queue()
        serving = [
            asyncio.create_task(browsers.serve(due)) for _each in range(CONNECTIONS)
        ]
        for number in range(int(rate * seconds)):
            moment = began + number / rate
            await asyncio.sleep(max(moment - time.monotonic(), 0))
            due.put_nowait(moment)
        for _each in serving:
            due.put_nowait(None)
        await asyncio.gather(*serving)
    else:
        await asyncio.gather(
            *(browsers.hurry(began + seconds) for _each in range(CLOSED))
        )
    waits = sorted(browsers.waits)
    return {
        "views": len(waits),
        "refused": browsers.refused,
        "rate": len(waits) / (time.monotonic() - began),
        "p50_ms": statistics.median(waits) * 1000,
        "p95_ms": waits[int(len(waits) * 0.95)] * 1000,
    }


def main() -> None:
    """Read what to ask for, ask, print the figures."""
    port, rate, seconds, kind = sys.argv[1:]
    figures = asyncio.run(load(int(port), float(rate), float(seconds), kind))
    sys.stdout.write(json.dumps(figures))


if __name__ == "__main__":
    main()
