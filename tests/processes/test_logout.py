"""A login that ends takes its sockets with it, to the last byte, on a real server."""

import asyncio
import time

from tests.services.browser import Browser
from tests.services.socket import Socket, run_apart

SECONDS_TO_THE_LAST_BYTE = 5
GONE = 4401


def test_after_a_logout_the_socket_says_goodbye_and_closes(sites: list[str]) -> None:
    operator = Browser(sites[0])
    operator.submit("/admin/login/", username="olga", password="olga", next="/admin/")
    code, seconds = run_apart(see_it_end(operator))
    assert code == GONE
    assert seconds < SECONDS_TO_THE_LAST_BYTE


async def see_it_end(operator: Browser) -> tuple[int, float]:
    """Log out beside an open socket; return its closing code and how long it lived."""
    async with Socket(operator, "operator") as socket:
        await socket.say(type="hello", v=1)
        await socket.hear(type="welcome")
        await asyncio.to_thread(operator.press, "/chatdesk/console/leave/")
        began = time.monotonic()
        await socket.hear(type="bye", code=GONE)
        closed = await socket.closed_with()
        return closed, time.monotonic() - began
