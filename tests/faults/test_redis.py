"""The channel layer is away, empty, silent, slow, full or lying: nobody misses a word.

Two processes of a site, each with an event loop, hear of each other through a real
Valkey behind the proxy. While something is wrong, entries come by the look at the
heads; afterwards they come by the bell again. The sockets are the same ones throughout.
"""

import asyncio
import os
import shutil
import signal
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import redis
from django.utils import timezone

from chatdesk.doorbell import line as line_module
from chatdesk.doorbell import listeners
from chatdesk.doorbell.groups import BELLS
from chatdesk.realtime import layer as layer_module
from chatdesk.realtime.process import Process
from chatdesk.services.conversations import take_conversation
from chatdesk.threads import close_readers, in_database
from tests import sockets
from tests.chatdesk.realtime.test_across_processes import Elsewhere
from tests.factories import actor_of_operator, make_conversation, make_operator
from tests.faults.proxy import Proxy
from tests.services.process import Server, running
from tests.services.valkey import answers, find_program, free_port
from tests.sockets import ChatClient

PATIENCE_S = 30.0
CORE = "channels_redis.core.RedisChannelLayer"
PUBSUB = "channels_redis.pubsub.RedisPubSubChannelLayer"

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.redis]


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
        self.conversation = await in_database(_led_conversation, operator)
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
        async with asyncio.timeout(PATIENCE_S):
            while self.seq not in self.rung:
                await self.say("Can you hear me?")
                await self.both_have_all()
                # A bell that is on its way needs a moment.
                await asyncio.sleep(0.05)


async def _here(coroutine):
    return await coroutine


def _led_conversation(operator):
    conversation = make_conversation()
    take_conversation(
        conversation_id=conversation.pk,
        actor=actor_of_operator(operator),
        at=timezone.now(),
    )
    return conversation


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
async def site(valkey, proxy, backend, options, settings, hurry, monkeypatch):
    address = f"redis://127.0.0.1:{proxy.port}"
    hosts = [{"address": address, "socket_timeout": None}]
    settings.CHANNEL_LAYERS = {
        "default": {"BACKEND": backend, "CONFIG": {"hosts": hosts, **options}}
    }
    settings.CHATDESK = {"HEAD_POLL": timedelta(seconds=0.2), "TICK": False}
    site = Site(valkey, proxy)
    await site.open()
    # Only one of them hears what this Python process writes.
    monkeypatch.setattr(
        listeners, "_registry", listeners._Registry(listeners=(site.here,))
    )
    await site.bell_rings()
    yield site
    proxy.mend()
    await site.close()
    close_readers()


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
