"""Two people whose sockets end in different processes talk as if in one."""

import time

import pytest

from tests.services.browser import Browser
from tests.services.socket import Socket, run_apart

pytestmark = pytest.mark.redis

# What no bell announced is found by a look, which takes a second in the middle.
SOONER_THAN_A_LOOK_S = 0.4
ROUNDS = 5


def test_words_cross_from_process_to_process_by_the_bell(sites: list[str]) -> None:
    visitor, operator = Browser(sites[0]), Browser(sites[1])
    operator.submit("/admin/login/", username="olga", password="olga", next="/admin/")
    conversation = visitor.post("visitor/conversations/", {})["id"]
    visitor.post(
        f"visitor/conversations/{conversation}/messages/",
        {"body": {"text": "Is it in stock?"}},
    )
    operator.post(f"operator/conversations/{conversation}/take/", {})
    times = run_apart(talk(visitor, operator, conversation))
    assert sorted(times)[len(times) // 2] < SOONER_THAN_A_LOOK_S


async def talk(visitor: Browser, operator: Browser, conversation: str) -> list[float]:
    """Send to and fro; return how long each way took until the other side had it."""
    times = []
    async with (
        Socket(visitor, "visitor") as here,
        Socket(operator, "operator") as there,
    ):
        await here.follow(conversation)
        await there.follow(conversation)
        for number in range(ROUNDS):
            for sender, reader in ((here, there), (there, here)):
                text = f"{number} from {'here' if sender is here else 'there'}"
                began = time.monotonic()
                await sender.send(conversation, text)
                await reader.hear_text(text)
                times.append(time.monotonic() - began)
    return times
