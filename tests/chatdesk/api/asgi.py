"""Requests straight to the ASGI application of the tests' host, many at once."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.asgi import application

PATIENCE_S = 200.0


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: dict[str, Any]


async def until(condition: Callable[[], bool]) -> None:
    """Wait for something that has no event of its own."""
    async with asyncio.timeout(PATIENCE_S):
        while not condition():  # noqa: ASYNC110 - that is what this is for
            await asyncio.sleep(0.005)


async def get(
    path: str,
    *,
    cookie: str = "",
    app: Any = application,
    gone: asyncio.Event | None = None,
) -> Answer:
    """Ask as a server would; ``gone`` is set when the browser goes away.

    Without an answer the status is 0.
    """
    path, _, query = path.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"host", b"testserver"), (b"cookie", cookie.encode())],
        "client": ("192.0.2.1", 4711),
        "server": ("testserver", 80),
    }
    asked, left = asyncio.Event(), gone or asyncio.Event()
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if not asked.is_set():
            asked.set()
            return {"type": "http.request", "body": b"", "more_body": False}
        await left.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async with asyncio.timeout(PATIENCE_S):
        await app(scope, receive, send)
    if not sent:
        return Answer(0, {})
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return Answer(sent[0]["status"], json.loads(body))
