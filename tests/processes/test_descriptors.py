"""A web process that may open no more files: who is inside goes on, others wait."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import websockets

from tests.processes.site import run_site
from tests.services.browser import Browser
from tests.services.process import url_of
from tests.services.socket import Socket, run_apart
from tests.services.valkey import run_valkey

pytestmark = pytest.mark.redis

DESCRIPTORS = 80
# More than it can let in; each of its threads has files open, too.
CROWD = 100
PATIENCE_S = 30


def test_who_is_inside_goes_on_while_no_more_sockets_can_be_opened(
    tmp_path: Path,
) -> None:
    redis_url = url_of("TEST_REDIS_URL", run_valkey)
    with run_site(
        tmp_path, redis_url=redis_url, processes=1, descriptors=DESCRIPTORS
    ) as (site,):
        visitor = Browser(site)
        conversation = visitor.post("visitor/conversations/", {})["id"]
        run_apart(crowd(visitor, str(conversation)))


async def crowd(visitor: Browser, conversation: str) -> None:
    async with Socket(visitor, "visitor") as inside:
        await inside.follow(conversation)
        async with AsyncExitStack() as stack:
            came = await asyncio.gather(
                *(try_to_come(stack, visitor) for _each in range(CROWD))
            )
            assert 0 < sum(came) < CROWD
            await inside.send(conversation, "Is it in stock?")
        await come_as_soon_as_there_is_room(visitor, conversation)


async def try_to_come(stack: AsyncExitStack, visitor: Browser) -> bool:
    """Return whether the process had a place for one more."""
    try:
        async with asyncio.timeout(3):
            await stack.enter_async_context(Socket(visitor, "visitor"))
    except (OSError, TimeoutError, websockets.WebSocketException):
        return False
    return True


async def come_as_soon_as_there_is_room(visitor: Browser, conversation: str) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            async with AsyncExitStack() as stack:
                if await try_to_come(stack, visitor):
                    break
    async with Socket(visitor, "visitor") as again:
        await again.follow(conversation)
        await again.send(conversation, "And now?")
