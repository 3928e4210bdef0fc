"""A network changes in the middle of a dialog: another address, the same chat."""

import pytest

from tests.services.browser import Browser
from tests.services.socket import Socket, run_apart

pytestmark = pytest.mark.redis

# Addresses of this machine that nobody else comes from.
AT_HOME, ON_THE_WAY = "127.0.0.21", "127.0.0.22"


@pytest.fixture
def visitor(sites: list[str]) -> Browser:
    visitor = Browser(sites[0])
    visitor.move_to(AT_HOME)
    return visitor


@pytest.fixture
def conversation(visitor: Browser) -> str:
    return str(visitor.post("visitor/conversations/", {})["id"])


def test_a_socket_is_followed_by_one_from_another_address(
    visitor: Browser, conversation: str
) -> None:
    run_apart(move_while_talking(visitor, conversation))


def test_what_goes_over_http_goes_on_from_another_address(
    visitor: Browser, conversation: str
) -> None:
    for address in (AT_HOME, ON_THE_WAY, AT_HOME):
        visitor.move_to(address)
        say(visitor, conversation, f"from {address}")
    seen = visitor.get(f"/chatdesk/api/v1/visitor/conversations/{conversation}/events/")
    assert seen.count(f"from {AT_HOME}") == 2
    assert seen.count(f"from {ON_THE_WAY}") == 1


async def move_while_talking(visitor: Browser, conversation: str) -> None:
    """Leave a socket behind, as a train that leaves the station does."""
    async with Socket(visitor, "visitor") as before:
        await before.follow(conversation)
        await before.send(conversation, "Is it in stock?")
        visitor.move_to(ON_THE_WAY)
        async with Socket(visitor, "visitor") as after:
            # What was said is there, and both sockets are still the same person.
            await after.say(
                type="hello", v=1, resume=[{"conv": conversation, "cursor": 0}]
            )
            await after.hear_text("Is it in stock?")
            await after.send(conversation, "I am on the bus now.")
            await before.hear_text("I am on the bus now.")


def say(visitor: Browser, conversation: str, text: str) -> None:
    messages = f"visitor/conversations/{conversation}/messages/"
    visitor.post(messages, {"body": {"text": text}})
