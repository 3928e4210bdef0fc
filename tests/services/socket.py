"""A socket of the protocol from outside the process that serves it."""

import asyncio
import json
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from uuid import uuid4

import websockets

from tests.services.browser import Browser

PATIENCE_S = 20

Answer = TypeVar("Answer")


def run_apart(coroutine: Coroutine[Any, Any, Answer]) -> Answer:
    """Run it in a thread: browsers' tests leave a loop running in this one."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


class Socket:
    """One person's socket at one site, as an async context manager."""

    def __init__(self, browser: Browser, side: str) -> None:
        self._connecting = websockets.connect(
            browser.site.replace("http", "ws", 1) + f"/chatdesk/ws/{side}/",
            origin=browser.site,
            additional_headers={"Cookie": browser.cookie_header()},
            local_addr=(browser.address, 0) if browser.address else None,
        )

    async def __aenter__(self) -> "Socket":
        self._socket = await self._connecting.__aenter__()
        return self

    async def __aexit__(self, *reason: object) -> None:
        await self._connecting.__aexit__(*reason)

    async def say(self, **frame: Any) -> None:
        await self._socket.send(json.dumps(frame))

    async def follow(self, conversation: str) -> None:
        """Say hello for a conversation and wait until its past is here."""
        resume = [{"conv": conversation, "cursor": 0, "epoch": ""}]
        await self.say(type="hello", v=1, resume=resume)
        await self.hear(type="synced", conv=conversation)

    async def send(self, conversation: str, text: str) -> None:
        """Send a message and wait until it is in the log."""
        cmid = uuid4().hex
        await self.say(type="send", cmid=cmid, conv=conversation, body={"text": text})
        await self.hear(type="sent", cmid=cmid)

    async def hear(self, **expected: Any) -> dict[str, Any]:
        """Return the next frame that has these fields."""
        async with asyncio.timeout(PATIENCE_S):
            async for text in self._socket:
                frame = json.loads(text)
                if expected.items() <= frame.items():
                    return dict(frame)
        raise AssertionError(expected)

    async def closed_with(self) -> int:
        """Wait until the other side has closed it; return with which code."""
        async with asyncio.timeout(PATIENCE_S):
            await self._socket.wait_closed()
        return self._socket.close_code or 0

    async def hear_text(self, text: str) -> None:
        """Wait for a message that says this."""
        while True:
            events = await self.hear(type="events")
            if any(item.get("text") == text for item in events["items"]):
                return
