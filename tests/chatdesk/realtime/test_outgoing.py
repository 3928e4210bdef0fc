"""The way out of a socket: in order, at once, and never at the cost of others."""

import asyncio

import pytest

from chatdesk.realtime import outgoing as outgoing_module
from chatdesk.realtime.outgoing import Outgoing
from chatdesk.wire.codes import Goodbye


class Server:
    """What a server's ``send`` does: take at once, wait, or fail."""

    def __init__(self):
        self.sent = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.error = None
        self.code = None

    async def send(self, message):
        if self.error is not None:
            raise self.error
        await self._wait()
        self.sent.append(message.get("text", message["type"]))
        self.code = message.get("code")

    async def _wait(self):
        if not self.gate.is_set():
            await self.gate.wait()


@pytest.fixture(name="process")
def no_process():
    """No socket is served here."""


@pytest.fixture
def server():
    return Server()


async def settle():
    for _ in range(5):
        await asyncio.sleep(0)


async def test_what_the_server_takes_is_sent_at_once_without_a_task(server):
    way_out = Outgoing(server.send)
    tasks = asyncio.all_tasks()

    for text in "abc":
        way_out.text(text)

    assert server.sent == ["a", "b", "c"]
    assert asyncio.all_tasks() == tasks


async def test_while_the_server_is_slow_order_is_kept(server):
    way_out = Outgoing(server.send)
    server.gate.clear()
    for text in "abc":
        way_out.text(text)
    await settle()
    assert server.sent == []

    server.gate.set()
    way_out.text("d")
    await settle()
    way_out.text("e")

    assert server.sent == list("abcde")


async def test_the_close_comes_after_all_and_nothing_after_it(server):
    way_out = Outgoing(server.send)
    server.gate.clear()
    way_out.text("a")
    way_out.text("b")
    way_out.close(1012)
    way_out.text("too late")
    way_out.close(1000)

    server.gate.set()
    await settle()

    assert server.sent == ["a", "b", "websocket.close"]


@pytest.mark.parametrize("goodbye", Goodbye)
async def test_every_goodbye_closes_with_a_number_that_all_servers_take(
    server, goodbye
):
    Outgoing(server.send).close(goodbye)

    assert type(server.code) is int
    assert server.code == (1000 if goodbye is Goodbye.RESTART else goodbye)


@pytest.mark.parametrize("is_slow", [False, True])
async def test_a_client_that_has_gone_raises_nothing(server, is_slow):
    way_out = Outgoing(server.send)
    if is_slow:
        server.gate.clear()
        way_out.text("a")
    server.error = ConnectionError("gone")
    way_out.text("b")
    server.gate.set()
    await settle()
    server.error = None
    way_out.text("c")
    await settle()

    assert server.sent == (["a"] if is_slow else [])
    assert way_out.is_closed


async def test_what_waits_has_a_limit_and_is_dropped_when_it_is_cut(
    server, monkeypatch
):
    monkeypatch.setattr(outgoing_module, "LONGEST_QUEUE", 3)
    way_out = Outgoing(server.send)
    server.gate.clear()
    for text in "abcd":
        assert not way_out.is_overflowing
        way_out.text(text)
    way_out.text("e")
    assert way_out.is_overflowing

    way_out.cut(4408)
    server.gate.set()
    await settle()

    assert server.sent == ["websocket.close"]


async def test_cancelling_reaches_the_server(server):
    way_out = Outgoing(server.send)
    cancelled = []

    async def send(_message):
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append(True)
            raise

    way_out = Outgoing(send)
    way_out.text("a")
    await settle()
    way_out._task.cancel()
    await settle()

    assert cancelled == [True]


async def test_a_send_that_is_no_coroutine_is_awaited_too():
    sent = []

    def send(message):
        sent.append(message["text"])
        return asyncio.ensure_future(asyncio.sleep(0))

    way_out = Outgoing(send)
    for text in "abc":
        way_out.text(text)
    await settle()
    await settle()

    assert sent == ["a", "b", "c"]


class Way:
    """A short way that is open or not."""

    def __init__(self):
        self.is_open = True
        self.written = []

    def write(self, data):
        if self.is_open:
            self.written.append(data)
        return self.is_open


async def test_by_a_short_way_what_one_turn_sends_goes_out_together(server):
    way = Way()
    way_out = Outgoing(server.send, way)
    for text in "abc":
        way_out.text(text)
    assert way.written == []
    await settle()
    way_out.text("d")
    await settle()

    assert way.written == [b"\x81\x01a\x81\x01b\x81\x01c", b"\x81\x01d"]
    assert server.sent == []


async def test_a_short_way_that_is_not_open_loses_nothing_and_keeps_the_order(server):
    way = Way()
    way_out = Outgoing(server.send, way)
    way.is_open = False
    server.gate.clear()
    way_out.text("a")
    await settle()
    way.is_open = True
    way_out.text("b")
    await settle()
    assert way.written == []

    server.gate.set()
    way_out.text("c")
    way_out.close(1012)
    await settle()

    assert server.sent == ["a", "b", "c", "websocket.close"]
