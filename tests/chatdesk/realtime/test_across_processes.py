"""Two processes and the layer between them: in memory, and with Valkey as marked.

The second has an event loop in a thread of its own. Only one of them hears what this
Python process writes, so that the other learns of it through the layer alone.
"""

import asyncio
import json
import threading
from datetime import timedelta

import pytest
import pytest_asyncio
from channels.layers import get_channel_layer

from chatdesk.doorbell import line as line_module
from chatdesk.doorbell import listeners
from chatdesk.doorbell.groups import BELLS, PROCESSES
from chatdesk.doorbell.line import Line
from chatdesk.realtime import layer as layer_module
from chatdesk.realtime.layer import LayerSubscription
from chatdesk.realtime.process import Process
from chatdesk.threads import close_readers, in_database
from tests.factories import (
    bring_online,
    make_conversation,
    make_led_conversation,
    make_operator,
)
from tests.sockets import PATIENCE_S, ChatClient, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.redis]


class Elsewhere:
    """An event loop in a thread, with a process of its own."""

    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._live)
        self._thread.start()

    def _live(self):
        self.loop.run_forever()
        self.loop.close()

    async def run(self, coroutine):
        """Run a coroutine there; wait for it here."""
        there = asyncio.run_coroutine_threadsafe(coroutine, self.loop)
        return await asyncio.wrap_future(there)

    async def end(self, process):
        """Stop the process there, its threads and the loop."""

        async def stop():
            await process.stop()
            close_readers()

        try:
            await self.run(stop())
        finally:
            self.loop.call_soon_threadsafe(self.loop.stop)
            await asyncio.to_thread(self._thread.join)


@pytest.fixture
def published(monkeypatch):
    """Keep all that is given to the layer."""
    kept, really_send = [], Line._send

    async def send(line, message):
        kept.append(message)
        await really_send(line, message)

    monkeypatch.setattr(Line, "_send", send)
    return kept


@pytest_asyncio.fixture
async def elsewhere(process, published, monkeypatch):
    """Start a second process; return how to run something there."""
    other = Elsewhere()
    theirs = await other.run(Process.running())
    monkeypatch.setattr(
        listeners, "_registry", listeners._Registry(listeners=(process,))
    )
    await both_have_joined(process, theirs)
    published.clear()
    yield other.run
    await other.end(theirs)


async def both_have_joined(*processes):
    """Knock at the layer until every process has heard it."""
    async with asyncio.timeout(PATIENCE_S):
        while not all(each.counts["unknown_bells"] for each in processes):
            await get_channel_layer().group_send(PROCESSES, {"type": BELLS, "v": 0})
            await asyncio.sleep(0.02)


async def here(coroutine):
    """Run a coroutine on this loop, as ``elsewhere`` does on the other."""
    return await coroutine


@pytest.mark.parametrize("far_side", ["visitor", "operator"])
async def test_both_sides_see_everything_whichever_process_serves_them(
    elsewhere, far_side
):
    operator = await in_database(make_operator)
    conversation = await in_database(make_led_conversation, operator)
    conv = conversation.public_id.hex
    visitor = ChatClient.of_visitor(conversation.visitor)
    desk = await ChatClient.of_operator(operator)
    run = {"visitor": here, "operator": here, far_side: elsewhere}
    sides = [(run["visitor"], visitor), (run["operator"], desk)]
    for at, client in sides:
        assert await at(client.connect())
        await at(client.hello(conversation))
        await at(client.expect("synced"))
    (at_visitor, _), (at_desk, _) = sides

    await at_visitor(visitor.send(conversation, "one"))
    await at_visitor(visitor.expect("sent"))
    await at_desk(desk.send(conversation, "a note", kind="note"))
    await at_desk(desk.expect("sent"))
    await at_desk(desk.send(conversation, "two"))
    await at_desk(desk.expect("sent"))

    seen = {}
    for at, client in sides:
        words, covered = [], 2
        while covered < 5:
            frame = await at(client.expect("events", **{"from": covered + 1}))
            words += [item["text"] for item in frame["items"]]
            covered = frame["to"]
        seen[client] = words
    assert seen == {visitor: ["one", "two"], desk: ["one", "a note", "two"]}

    await at_desk(desk.say(type="read", conv=conv, seq=5))
    marks = await at_visitor(visitor.expect("marks"))
    assert marks["marks"]["operator_read"] == 5
    await at_visitor(visitor.say(type="eph", conv=conv, kind="draft", text="And"))
    assert (await at_desk(desk.expect("eph")))["text"] == "And"
    for at, client in sides:
        await at(client.leave())


async def test_an_operator_elsewhere_sees_the_list_change(elsewhere):
    operator = await in_database(make_operator)
    desk = await ChatClient.of_operator(operator)
    assert await elsewhere(desk.connect())
    await elsewhere(desk.hello())
    await elsewhere(desk.expect("inbox", whole=True))

    conversation = await in_database(make_conversation)

    (row,) = (await elsewhere(desk.expect("inbox")))["rows"]
    assert (row["conv"], row["status"]) == (conversation.public_id.hex, "waiting")
    await elsewhere(desk.leave())


async def test_a_visitor_elsewhere_learns_that_somebody_is_there(elsewhere):
    operator = await in_database(make_operator)
    conversation = await in_database(make_conversation)
    visitor = ChatClient.of_visitor(conversation.visitor)
    assert await elsewhere(visitor.connect())
    await elsewhere(visitor.hello(conversation))
    await elsewhere(visitor.expect("availability"))

    await in_database(bring_online, operator)

    told = await elsewhere(visitor.expect("availability"))
    assert told["availability"]["state"] == "online"
    await elsewhere(visitor.leave())


async def test_no_message_or_note_passes_through_the_layer(elsewhere, published):
    operator = await in_database(make_operator)
    conversation = await in_database(make_led_conversation, operator)
    visitor = ChatClient.of_visitor(conversation.visitor)
    desk = await ChatClient.of_operator(operator)
    assert await visitor.connect()
    assert await elsewhere(desk.connect())
    await visitor.hello(conversation)
    await elsewhere(desk.hello(conversation))
    await elsewhere(desk.expect("synced"))

    await visitor.send(conversation, "Xyzzy one")
    await elsewhere(desk.expect("events", **{"from": 3}))
    await elsewhere(desk.send(conversation, "Xyzzy two", kind="note"))
    await visitor.expect("events", **{"from": 4})
    conv = conversation.public_id.hex
    await elsewhere(desk.say(type="eph", conv=conv, kind="draft", text="Xyzzy three"))
    await visitor.expect("eph")

    assert {message["type"] for message in published} >= {
        "chatdesk.bells",
        "chatdesk.whisper",
    }
    assert "Xyzzy" not in json.dumps(published)
    await visitor.leave()
    await elsewhere(desk.leave())


@pytest.mark.parametrize(
    "shop", [{"HEAD_POLL": timedelta(seconds=0.2), "TICK": False}], ids=["poll"]
)
async def test_a_layer_that_loses_everything_delays_and_loses_nothing(
    elsewhere, monkeypatch, shop
):
    async def lose(_line, _message):
        return None

    conversation = await in_database(make_conversation)
    far = ChatClient.of_visitor(conversation.visitor)
    assert await elsewhere(far.connect())
    await elsewhere(far.hello(conversation))
    await elsewhere(far.expect("synced"))
    monkeypatch.setattr(Line, "_send", lose)
    async with ChatClient.of_visitor(conversation.visitor) as near:
        await near.hello(conversation)
        await near.send(conversation, "one")
        await near.send(conversation, "two")

        seqs = []
        while seqs[-1:] != [3]:
            frame = await elsewhere(far.expect("events"))
            seqs += [item["seq"] for item in frame["items"]]
    assert [seq for seq in seqs if seq > 1] == [2, 3]
    await elsewhere(far.leave())


class BrokenLayer:
    """A layer that fails now and then, as one whose server restarts."""

    def __init__(self):
        self.joined = []
        self.messages = asyncio.Queue()

    async def new_channel(self):
        return f"channel{len(self.joined)}"

    async def group_add(self, _group, channel):
        self.joined.append(channel)

    async def group_discard(self, _group, _channel):
        raise ConnectionError("the server is away")

    async def group_send(self, _group, _message):
        raise ConnectionError("the server is away")

    async def receive(self, _channel):
        message = await self.messages.get()
        if message is None:
            raise ConnectionError("the server closed the connection")
        return message


async def test_a_layer_that_broke_is_joined_again(process, monkeypatch, caplog):
    monkeypatch.setattr(layer_module, "PAUSE_S", 0.01)
    layer, heard = BrokenLayer(), []
    monkeypatch.setattr(line_module, "get_channel_layer", lambda: layer)
    subscription = LayerSubscription(process=process.id, hear=heard.append)
    life = asyncio.create_task(subscription.run())

    for message in ({"n": 1}, None, {"n": 2}, None, {"n": 3, "from": process.id.hex}):
        layer.messages.put_nowait(message)
    await until(lambda: len(layer.joined) == 3)
    layer.messages.put_nowait({"n": 4})
    await until(lambda: {"n": 4} in heard)
    subscription.publish({"type": BELLS})
    await subscription.close()

    assert heard == [{"n": 1}, {"n": 2}, {"n": 4}]
    assert "The channel layer is away" in caplog.text
    assert "was not carried" in caplog.text
    life.cancel()
    with pytest.raises(asyncio.CancelledError):
        await life


class EchoingLayer(BrokenLayer):
    """A layer that brings everything back, unless its server forgot the members."""

    is_emptied = False

    async def group_send(self, _group, message):
        if not self.is_emptied:
            self.messages.put_nowait(message)

    async def group_add(self, group, channel):
        self.is_emptied = False
        await super().group_add(group, channel)


@pytest_asyncio.fixture
async def echoing(process, monkeypatch):
    """Replace the layer; knock at it all the time."""
    # The process that runs beside knocks at its own, and then not for a while.
    await until(lambda: process.layer_state != "away")
    layer = EchoingLayer()
    monkeypatch.setattr(line_module, "get_channel_layer", lambda: layer)
    for name in ("KNOCK_EVERY_S", "PAUSE_S"):
        monkeypatch.setattr(layer_module, name, 0.01)
    return layer


@pytest_asyncio.fixture
async def subscription(process, echoing):
    """Run a subscription of our own; what it heard is in ``news``."""
    news = []
    subscription = LayerSubscription(process=process.id, hear=news.append)
    subscription.news = news
    life = asyncio.create_task(subscription.run())
    await until(lambda: subscription.is_joined)
    yield subscription
    life.cancel()
    await asyncio.gather(life, return_exceptions=True)
    await subscription.close()


async def test_the_group_is_joined_again_before_the_layer_forgets_us(
    subscription, echoing, monkeypatch
):
    monkeypatch.setattr(layer_module, "JOIN_AGAIN_S", 0)

    await until(lambda: echoing.joined[:2] == ["channel0", "channel0"])


async def test_who_no_longer_hears_himself_knocking_begins_anew(
    subscription, echoing, monkeypatch, caplog
):
    really_join = echoing.group_add

    async def join(group, channel):
        # Only the silence before this is short: a busy machine is no silent layer.
        monkeypatch.setattr(layer_module, "HEAR_WITHIN_S", PATIENCE_S)
        await really_join(group, channel)

    monkeypatch.setattr(echoing, "group_add", join)
    monkeypatch.setattr(layer_module, "HEAR_WITHIN_S", 0.05)
    echoing.is_emptied = True

    await until(lambda: "The channel layer is back" in caplog.text)

    assert subscription.is_joined
    assert caplog.text.count("The channel layer is away") == 1
    assert subscription.news == []


async def test_a_message_that_makes_no_sense_ends_nothing(
    subscription, echoing, monkeypatch, caplog
):
    really_hear = subscription._hear
    monkeypatch.setattr(
        subscription, "_hear", lambda message: really_hear(message["bells"])
    )

    echoing.messages.put_nowait({"n": 1})
    echoing.messages.put_nowait({"bells": "good"})

    await until(lambda: subscription.news == ["good"])
    assert "makes no sense" in caplog.text
    assert subscription.is_joined
    assert len(echoing.joined) == 1
