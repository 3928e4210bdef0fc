"""The channel layer is away, empty, silent, slow, full or lying: nobody misses a word.

Two processes of a site, each with an event loop, hear of each other through a real
Valkey behind the proxy. While something is wrong, entries come by the look at the
heads; afterwards they come by the bell again. The sockets are the same ones throughout.

What takes longer is marked ``faults``. On the other release of redis-py:

    pip install --target /tmp/redis7 "redis<8"
    PYTHONPATH=/tmp/redis7 python -m pytest tests/faults/test_redis.py
"""

import asyncio
import gc
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import redis

from chatdesk.doorbell import carrier, listeners
from chatdesk.doorbell import line as line_module
from chatdesk.doorbell.groups import BELLS
from chatdesk.realtime import layer as layer_module
from chatdesk.realtime.process import Process
from chatdesk.selectors.log import entries_after
from chatdesk.selectors.visitors import actor_of
from chatdesk.threads import close_readers, in_database
from tests import sockets
from tests.chatdesk.realtime.test_across_processes import Elsewhere
from tests.factories import (
    make_conversation,
    make_led_conversation,
    make_operator,
    say,
)
from tests.faults.proxy import Proxy
from tests.services.process import Server, running
from tests.services.valkey import answers, find_program, free_port
from tests.sockets import ChatClient, until

PATIENCE_S = 30.0
CORE = "channels_redis.core.RedisChannelLayer"
PUBSUB = "channels_redis.pubsub.RedisPubSubChannelLayer"

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.redis,
    # Clients of Redis leave connections that broke to the collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


class Valkey:
    """A server that may be killed and come back on its port, with its data or not."""

    def __init__(self, data: Path) -> None:
        self.port = free_port()
        self._data = data
        self._life = ExitStack()

    def start(self) -> None:
        self._data.mkdir(exist_ok=True)
        server = Server(
            name="Valkey",
            command=[
                *(find_program(), "--bind", "127.0.0.1", "--port", str(self.port)),
                *("--dir", str(self._data), "--save", ""),
                *("--appendonly", "yes", "--appendfsync", "always"),
            ],
            folder=Path(tempfile.mkdtemp(prefix="chatdesk-valkey-")),
        )
        url = f"redis://127.0.0.1:{self.port}"
        self._life.enter_context(running(server, is_ready=lambda: answers(url)))
        self.pid = self.ask("INFO", "server")["process_id"]

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        self.stop()

    def forget(self) -> None:
        shutil.rmtree(self._data)

    def stop(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGCONT)
        self._life.close()

    def ask(self, *words: str) -> Any:
        """Give a command by the back door, which no fault of the network reaches."""
        with redis.Redis(port=self.port) as client:
            return client.execute_command(*words)


class Site:
    """Two processes, a conversation, its visitor in one and its operator in the other.

    ``rung`` holds the numbers that the operator's process heard of through the layer.
    """

    def __init__(self, valkey: Valkey, proxy: Proxy) -> None:
        self.valkey, self.proxy = valkey, proxy
        self.rung: list[int] = []
        self.sent = 0

    async def open(self) -> None:
        self.here = await Process.running()
        self.elsewhere = Elsewhere()
        self.there = await self.elsewhere.run(Process.running())
        really_hear = self.there._layer._hear

        def hear(message: dict[str, object]) -> None:
            if message["type"] == BELLS:
                self.rung.extend(bell[2] for bell in message["bells"])
            really_hear(message)

        self.there._layer._hear = hear
        operator = await in_database(make_operator)
        self.conversation = await in_database(make_led_conversation, operator)
        self.seq = 2
        self.visitor = ChatClient.of_visitor(self.conversation.visitor)
        self.desk = await ChatClient.of_operator(operator)
        assert await self.visitor.connect()
        assert await self.elsewhere.run(self.desk.connect())
        await self.visitor.hello(self.conversation)
        await self.elsewhere.run(self.desk.hello(self.conversation))
        await self.elsewhere.run(self.desk.expect("synced"))
        await self.visitor.expect("synced")

    async def close(self) -> None:
        await self.visitor.leave()
        await self.elsewhere.run(self.desk.leave())
        await self.elsewhere.end(self.there)
        await self.here.stop()

    async def say(self, text: str) -> None:
        """Let the visitor say something; wait until it is in the log."""
        cmid = await self.visitor.send(self.conversation, text)
        await self.visitor.expect("sent", cmid=cmid)
        self.seq += 1

    async def answer(self, text: str) -> None:
        """Let the operator say something; wait until it is in the log."""
        run = self.elsewhere.run
        cmid = await run(self.desk.send(self.conversation, text))
        await run(self.desk.expect("sent", cmid=cmid))
        self.seq += 1

    async def both_have_all(self) -> None:
        """Wait until both sides were brought every entry up to now, each once."""
        for client, run in (
            (self.visitor, _here),
            (self.desk, self.elsewhere.run),
        ):
            covered = client.covered = getattr(client, "covered", 2)
            while covered < self.seq:
                frame = await run(client.expect("events"))
                if frame["to"] <= 2:
                    continue
                # Not a hole, not a repetition.
                assert frame["from"] == covered + 1
                covered = client.covered = frame["to"]
            assert covered == self.seq

    async def bell_rings(self) -> None:
        """Talk until the far process hears of it through the layer."""
        is_heard = False
        async with asyncio.timeout(PATIENCE_S):
            while not is_heard:
                await self.say("Can you hear me?")
                await self.both_have_all()
                # A bell that is on its way needs a moment.
                await asyncio.sleep(0.05)
                is_heard = self.seq in self.rung


async def _here(coroutine):
    return await coroutine


@pytest.fixture
def options():
    """Return the options of the layer besides its address."""
    return {}


@pytest.fixture(params=[CORE, PUBSUB], ids=["core", "pubsub"])
def backend(request):
    return request.param


@pytest.fixture
def valkey(tmp_path):
    valkey = Valkey(tmp_path / "valkey")
    valkey.start()
    yield valkey
    valkey.stop()


@pytest.fixture
def proxy(valkey):
    with Proxy(("127.0.0.1", valkey.port), seed=7) as proxy:
        yield proxy
        proxy.mend()


@pytest.fixture
def hurry(monkeypatch):
    """Shorten what is waited for on purpose, lengthen what a slow machine needs."""
    monkeypatch.setattr(layer_module, "KNOCK_EVERY_S", 0.2)
    monkeypatch.setattr(layer_module, "HEAR_WITHIN_S", 1.0)
    monkeypatch.setattr(layer_module, "JOIN_WITHIN_S", 2.0)
    monkeypatch.setattr(layer_module, "PAUSE_S", 0.05)
    monkeypatch.setattr(line_module, "ANSWER_WITHIN_S", 0.5)
    monkeypatch.setattr(sockets, "PATIENCE_S", PATIENCE_S)


@pytest_asyncio.fixture
async def site(valkey, proxy, backend, options, settings, hurry):
    address = f"redis://127.0.0.1:{proxy.port}"
    hosts = [{"address": address, "socket_timeout": None}]
    settings.CHANNEL_LAYERS = {
        "default": {"BACKEND": backend, "CONFIG": {"hosts": hosts, **options}}
    }
    settings.CHATDESK = {"HEAD_POLL": timedelta(seconds=0.2), "TICK": False}
    site = Site(valkey, proxy)
    await site.open()
    # Only one of them hears what this Python process writes.
    listeners._registry.listeners = (site.here,)
    await site.bell_rings()
    yield site
    proxy.mend()
    await site.close()
    close_readers()
    gc.collect()


Act = Callable[[Site], object]


def killed(site: Site) -> None:
    site.valkey.kill()


def started(site: Site) -> None:
    site.valkey.start()


def started_empty(site: Site) -> None:
    site.valkey.forget()
    site.valkey.start()


def emptied(site: Site) -> None:
    site.valkey.ask("FLUSHALL")


def hung(site: Site) -> None:
    site.proxy.hang()


def frozen(site: Site) -> None:
    os.kill(site.valkey.pid, signal.SIGSTOP)


def thawed(site: Site) -> None:
    os.kill(site.valkey.pid, signal.SIGCONT)


def refused(site: Site) -> None:
    site.proxy.refuse()


def accepted(site: Site) -> None:
    site.proxy.accept()


def resetting(site: Site) -> None:
    site.proxy.to_server.reset_chance = 0.2


def slow(site: Site) -> None:
    site.proxy.to_server.delay_s = site.proxy.to_client.delay_s = 1.0


def full(site: Site) -> None:
    site.valkey.ask("CONFIG", "SET", "maxmemory", "1")


def roomy(site: Site) -> None:
    site.valkey.ask("CONFIG", "SET", "maxmemory", "0")


def read_only(site: Site) -> None:
    site.valkey.ask("REPLICAOF", "127.0.0.1", "1")


def writable(site: Site) -> None:
    site.valkey.ask("REPLICAOF", "NO", "ONE")


def cut(site: Site) -> None:
    site.proxy.cut()


def deaf_one_way(site: Site) -> None:
    site.proxy.to_client.is_silent = True


def mended(site: Site) -> None:
    site.proxy.mend()


def nothing(_site: Site) -> None:
    """The fault passes by itself."""


QUICK = [
    pytest.param(killed, started_empty, id="killed, and back without data"),
    pytest.param(emptied, nothing, id="emptied"),
    pytest.param(hung, mended, id="a black hole"),
]
LONG = [
    pytest.param(*each.values, id=each.id, marks=pytest.mark.faults)
    for each in (
        pytest.param(killed, started, id="killed, and back with data"),
        pytest.param(refused, accepted, id="down"),
        pytest.param(frozen, thawed, id="frozen"),
        pytest.param(deaf_one_way, mended, id="answers get lost"),
        pytest.param(resetting, mended, id="resets"),
        pytest.param(slow, mended, id="slow"),
        pytest.param(full, roomy, id="full"),
        pytest.param(read_only, writable, id="read-only"),
        pytest.param(cut, nothing, id="every connection cut"),
    )
]


@pytest.mark.parametrize(("spoil", "heal"), [*QUICK, *LONG])
async def test_people_talk_on_and_the_bell_comes_back(
    site: Site, spoil: Act, heal: Act
) -> None:
    await asyncio.to_thread(spoil, site)

    # Each is in the log while nothing is mended yet.
    for number in range(3):
        await site.say(f"question {number}")
        await site.answer(f"answer {number}")
    await site.both_have_all()

    await asyncio.to_thread(heal, site)
    await site.bell_rings()
    await site.both_have_all()


@pytest.mark.parametrize("options", [{"capacity": 1}], ids=["of one"])
@pytest.mark.parametrize("backend", [CORE], ids=["core"])
async def test_a_layer_over_capacity_drops_bells_and_no_entry(site: Site) -> None:
    is_awake = threading.Event()
    site.elsewhere.loop.call_soon_threadsafe(is_awake.wait, PATIENCE_S)
    actor = actor_of(site.conversation.visitor)
    for number in range(30):
        await in_database(say, site.conversation, actor, f"word {number}")
    is_awake.set()
    site.seq += 30

    await site.both_have_all()
    await site.bell_rings()


@pytest.mark.parametrize("options", [{"group_expiry": 1}], ids=["after a second"])
@pytest.mark.parametrize("backend", [CORE], ids=["core"])
async def test_who_is_forgotten_by_the_layer_joins_again(site: Site) -> None:
    layer = site.there._layer
    await until(lambda: not layer.is_joined, seconds=PATIENCE_S)
    await until(lambda: layer.is_joined, seconds=PATIENCE_S)

    await site.bell_rings()


@pytest.mark.parametrize("backend", [PUBSUB], ids=["pubsub"])
async def test_bells_late_doubled_disordered_or_of_yesterday_change_nothing(
    site: Site,
) -> None:
    layer, held = site.there._layer, []
    really_hear, layer._hear = layer._hear, held.append
    for number in range(4):
        await site.say(f"word {number}")
    await site.both_have_all()
    await until(lambda: len(held) >= 4, seconds=PATIENCE_S)

    def deliver() -> None:
        for message in [*held[::-1], *held, *held]:
            really_hear(message)
        layer._hear = really_hear

    site.elsewhere.loop.call_soon_threadsafe(deliver)
    await until(lambda: len(site.rung) >= 12, seconds=PATIENCE_S)

    await site.bell_rings()
    # What is answered after everything else came before nothing unexpected.
    await site.elsewhere.run(site.desk.say(type="ping", t=1))
    await site.elsewhere.run(site.desk.expect("pong"))
    assert [each for each in site.desk.kept("events") if each["from"] > 2] == []


@pytest.fixture
def silence(hurry, monkeypatch):
    """Knock so rarely that redis-py 8, left to itself, would end the connection."""
    monkeypatch.setattr(layer_module, "KNOCK_EVERY_S", 6.5)


@pytest.mark.faults
async def test_a_silent_subscription_stays_open(silence: None, site: Site) -> None:
    accepted = site.proxy.accepted
    heard = site.there._layer._heard
    for _ in range(2):
        heard.clear()
        await until(heard.is_set, seconds=PATIENCE_S)

    assert site.there._layer.is_joined
    assert site.proxy.accepted == accepted


async def test_a_process_ends_though_the_layer_is_silent(site: Site) -> None:
    site.proxy.hang()
    await site.say("Is anybody there?")
    # The fixture ends both processes; nothing was mended for that.
    site.proxy.mend = lambda: None


# A process without sockets


@pytest.fixture
def alone(valkey, proxy, backend, settings, hurry, monkeypatch):
    """Be a worker or a command, where nobody listens."""
    address = f"redis://127.0.0.1:{proxy.port}"
    hosts = [{"address": address, "socket_timeout": None}]
    settings.CHANNEL_LAYERS = {
        "default": {"BACKEND": backend, "CONFIG": {"hosts": hosts}}
    }
    own = carrier.Carrier()
    monkeypatch.setattr(carrier, "_mine", carrier._Mine(own))
    yield own
    proxy.mend()
    own.close()
    gc.collect()


def test_a_command_rings_over_one_connection(
    alone: carrier.Carrier, proxy: Proxy
) -> None:
    conversation = make_conversation()

    for number in range(20):
        say(conversation, actor_of(conversation.visitor), f"word {number}")

    assert proxy.accepted == 1


def test_a_command_is_not_held_by_a_layer_that_gives_no_answer(
    alone: carrier.Carrier, proxy: Proxy
) -> None:
    conversation = make_conversation()
    proxy.hang()

    for number in range(20):
        say(conversation, actor_of(conversation.visitor), f"word {number}")

    # All were written while the layer was still silent.
    assert entries_after(conversation_id=conversation.pk, cursor=0).last == 21
    assert proxy.to_client.is_silent
