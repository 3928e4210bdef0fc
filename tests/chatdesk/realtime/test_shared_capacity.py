"""Sockets of one process share one subscription, and with it one capacity of the layer.

One visitor whose page is flooded must cost the others nothing: they hear no word of it,
and what is theirs arrives although the layer threw bells away.
"""

from datetime import timedelta
from uuid import uuid4

import pytest
from channels.layers import InMemoryChannelLayer, get_channel_layer

from chatdesk.doorbell.groups import BELLS, PROCESSES
from chatdesk.realtime import clockwork
from chatdesk.realtime import layer as layer_module
from chatdesk.selectors.visitors import actor_of
from chatdesk.services.messages import MessageIntent, post_messages
from chatdesk.threads import in_database
from tests.factories import (
    NOON,
    fill,
    make_conversation,
    say,
)
from tests.sockets import PATIENCE_S, ChatClient, until

pytestmark = [pytest.mark.django_db(transaction=True)]

IDLE = 50
WORDS = 60
CAPACITY = 5


@pytest.fixture
def shop():
    """Look at the heads soon: that is what makes up for a bell that found no room."""
    return {"HEAD_POLL": timedelta(seconds=0.2), "TICK": False}


@pytest.fixture
def narrow(monkeypatch):
    """Let the layer hold only a few messages a subscription."""
    # However long fifty sockets take to come, none of them is cut for its silence.
    monkeypatch.setattr(clockwork, "HEARD_WITHIN_S", 600.0)
    layer = get_channel_layer()
    if not isinstance(layer, InMemoryChannelLayer):
        pytest.skip("the layer of this run has no capacity")
    monkeypatch.setattr(layer, "capacity", CAPACITY)
    return layer


def make_idle():
    """Return conversations of fifty visitors, each with a question of its own."""
    return [make_conversation(at=NOON) for _ in range(IDLE)]


def ask_more(conversations):
    """Let each visitor ask once more, all with one commit."""
    intents = [
        MessageIntent(
            conversation_id=each.pk,
            actor=actor_of(each.visitor),
            cmid=uuid4(),
            text="And blue?",
        )
        for each in conversations
    ]
    post_messages(intents, at=NOON)


async def connect(conversations):
    """Return a socket of each visitor that has read all there is."""
    clients = []
    for conversation in conversations:
        client = ChatClient.of_visitor(conversation.visitor)
        await client.connect()
        await client.hello(conversation)
        await client.expect("synced")
        clients.append(client)
    return clients


async def read_up_to(client, seq, *, after):
    """Read entries until one has this number; return all numbers, in their order."""
    covered, seen = after, []
    while covered < seq:
        frame = await client.expect("events", **{"from": covered + 1})
        seen += [item["seq"] for item in frame["items"]]
        covered = frame["to"]
    return seen


async def test_fifty_idle_sockets_hear_nothing_of_a_busy_one(narrow, process):
    idle = await in_database(make_idle)
    busy = await in_database(make_conversation, at=NOON)
    clients = await connect(idle)
    (flooded,) = await connect([busy])
    subscriptions = len(narrow.groups.get(PROCESSES, {}))

    for _ in range(CAPACITY * 4):
        # Far more than there is room for, in one go.
        await narrow.group_send(PROCESSES, {"type": BELLS, "v": 0})
    texts = [f"word {number}" for number in range(WORDS)]
    await in_database(fill, busy, actor_of(busy.visitor), texts)

    seen = await read_up_to(flooded, WORDS + 1, after=1)
    assert seen == list(range(2, WORDS + 2))
    assert subscriptions <= 1

    # Each of the fifty still hears its own, once.
    await in_database(ask_more, idle)
    for client, conversation in zip(clients, idle, strict=True):
        assert await read_up_to(client, 2, after=1) == [2]
        # All else that came was the replay of its own question.
        others = [(each["conv"], each["to"]) for each in client.kept("events")]
        assert others == [(conversation.public_id.hex, 1)]
    assert len(process.sockets) == IDLE + 1
    for client in (*clients, flooded):
        await client.leave()
    await until(lambda: not process.sockets, seconds=PATIENCE_S)


async def test_a_layer_that_is_full_ends_no_subscription(narrow, process, monkeypatch):
    monkeypatch.setattr(layer_module, "HEAR_WITHIN_S", PATIENCE_S)
    conversation = await in_database(make_conversation, at=NOON)
    (client,) = await connect([conversation])
    await until(lambda: process.layer_state == "ok")

    for _ in range(CAPACITY * 20):
        await narrow.group_send(PROCESSES, {"type": BELLS, "v": 0})

    await in_database(say, conversation, actor_of(conversation.visitor), "And blue?")
    assert await read_up_to(client, 2, after=1) == [2]
    assert process.layer_state == "ok"
    await client.leave()
