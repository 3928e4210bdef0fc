"""The layer in memory, spoken to from threads that have loops of their own."""

import asyncio
import threading
import time

import pytest
from asgiref.sync import async_to_sync
from channels.exceptions import ChannelFull

from chatdesk.embedded.layer import LoopSafeInMemoryChannelLayer

SOON_S = 1.0


@pytest.fixture
def layer():
    return LoopSafeInMemoryChannelLayer(capacity=2)


async def hear(layer, channel="socket!a"):
    return await asyncio.wait_for(layer.receive(channel), timeout=5)


async def send(layer):
    await layer.send("socket!a", {"type": "bell"})


async def send_to_group(layer):
    await layer.group_send("all", {"type": "bell"})


@pytest.mark.parametrize("speak", [send, send_to_group])
async def test_a_message_of_another_thread_wakes_the_receiver_at_once(layer, speak):
    await layer.group_add("all", "socket!a")
    is_waiting = threading.Event()
    rung_at = []

    def ring():
        is_waiting.wait()
        rung_at.append(time.monotonic())
        asyncio.run(speak(layer))

    thread = threading.Thread(target=ring)
    thread.start()
    receiver = asyncio.create_task(hear(layer))
    asyncio.get_running_loop().call_soon(is_waiting.set)
    assert await receiver == {"type": "bell"}
    assert time.monotonic() - rung_at[0] < SOON_S
    thread.join()


async def test_messages_within_one_loop_arrive_in_order(layer):
    await layer.send("socket!a", {"type": "bell", "seq": 1})
    await layer.send("socket!a", {"type": "bell", "seq": 2})
    assert [(await hear(layer))["seq"] for _ in range(2)] == [1, 2]


async def test_a_full_channel_is_told_to_the_thread_that_sends(layer):
    receiver = asyncio.create_task(hear(layer, "socket!b"))
    await asyncio.sleep(0)

    def flood():
        for _ in range(3):
            async_to_sync(layer.send)("socket!a", {"type": "bell"})

    with pytest.raises(ChannelFull):
        await asyncio.to_thread(flood)
    receiver.cancel()


def test_a_loop_that_ended_is_replaced_by_the_next_receiver(layer):
    async def talk():
        await layer.send("socket!a", {"type": "bell"})
        return await hear(layer)

    assert asyncio.run(talk()) == asyncio.run(talk()) == {"type": "bell"}


def test_sending_needs_no_receiver(layer):
    async_to_sync(layer.send)("socket!a", {"type": "bell"})
    async_to_sync(layer.group_send)("all", {"type": "bell"})
