"""PostgreSQL crashes, hangs, forgets, refuses: what was answered stays, once each.

A cluster of our own behind the proxy; sockets that stay the same ones throughout. What
could not be written is refused so that the client sends it again, with the same id.
"""

import asyncio
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
import pytest_asyncio
from django.core.management import call_command
from django.db import InterfaceError, OperationalError, connections

from chatdesk import clock, threads
from chatdesk.models import Conversation, Entry, Operator
from chatdesk.realtime import clockwork
from chatdesk.realtime.process import Process
from chatdesk.selectors.visitors import actor_of
from chatdesk.services.conversations import close_conversation, take_conversation
from chatdesk.services.messages import MessageIntent, post_message
from chatdesk.services.ratings import rate_conversation
from chatdesk.threads import close_readers, in_database
from tests import sockets
from tests.factories import actor_of_operator, make_conversation, make_operator
from tests.faults.proxy import Act, Proxy, Rule
from tests.services.postgres import (
    answers,
    binaries_for,
    initialise,
    own_identity,
)
from tests.services.process import Server, running
from tests.sockets import ChatClient, until

PATIENCE_S = 30.0
NAME = "shop"
CROWD = 40


class Cluster:
    """A PostgreSQL that may be killed and started again with what it had."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="chatdesk-postgres-", dir="/tmp"))
        self._identity = own_identity()
        self._binaries = binaries_for(self._identity, self.folder)
        self._life = ExitStack()
        initialise(self._binaries, self.folder, self._identity)

    @property
    def socket(self) -> str:
        return str(self.folder / ".s.PGSQL.5432")

    def start(self) -> None:
        own = Path(tempfile.mkdtemp(prefix="chatdesk-postgres-", dir="/tmp"))
        own.chmod(0o755)
        server = Server(
            name="PostgreSQL",
            command=[
                *(str(self._binaries / "postgres"), "-D", str(self.folder / "data")),
                *("-k", str(self.folder), "-c", "listen_addresses="),
                *("-c", f"max_connections={CROWD}"),
            ],
            folder=own,
            identity=self._identity,
            stop=signal.SIGINT,
        )
        url = f"postgresql://postgres@/postgres?host={self.folder}"
        self._life.enter_context(running(server, is_ready=lambda: answers(url)))

    def crash(self) -> None:
        """Stop at once, as ``pg_ctl stop -m immediate`` does; the log is replayed."""
        written = (self.folder / "data" / "postmaster.pid").read_text()
        os.kill(int(written.split("\n", 1)[0]), signal.SIGQUIT)
        self._life.close()

    def remove(self) -> None:
        self._life.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def connect(self, name: str = NAME) -> psycopg.Connection[Any]:
        """Connect by the back door, which no fault of the network reaches."""
        return psycopg.connect(
            host=str(self.folder), dbname=name, user="postgres", autocommit=True
        )

    def do(self, *statements: str, name: str = NAME) -> None:
        with self.connect(name) as connection:
            for statement in statements:
                connection.execute(statement)

    def configure(self, setting: str) -> None:
        """Change a setting for everybody, and wait until every session goes by it.

        Sessions are told before the server takes in anybody who comes later, so one
        who comes and finds the new value knows that all others go by it.
        """
        name, _, value = setting.partition(" = ")
        self.do(
            "SET default_transaction_read_only = off",
            f"ALTER SYSTEM SET {setting}",
            "SELECT pg_reload_conf()",
        )
        for _ in range(1000):
            with self.connect() as connection:
                if connection.execute(f"SHOW {name}").fetchone() == (value,):
                    return
        raise TimeoutError(setting)

    def terminate_all(self) -> None:
        self.do(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()",
            name="postgres",
        )


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    cluster = Cluster()
    cluster.start()
    cluster.do(f"CREATE DATABASE {NAME}", name="postgres")
    yield cluster
    cluster.remove()


@pytest.fixture(scope="module")
def proxy(cluster: Cluster) -> Iterator[Proxy]:
    with Proxy(cluster.socket, seed=3) as proxy:
        yield proxy


@pytest.fixture(scope="module")
def shop(
    proxy: Proxy, django_db_blocker: pytest.FixtureRequest
) -> Iterator[dict[str, Any]]:
    """Make the cluster the default database of this host, for this module."""
    with django_db_blocker.unblock(), connected_to(proxy) as config:
        call_command("migrate", verbosity=0)
        yield config


@contextmanager
def connected_to(proxy: Proxy) -> Iterator[dict[str, Any]]:
    before, wrapper = connections.settings["default"], connections["default"]
    connections.settings["default"] = {
        **before,
        "ENGINE": "django.db.backends.postgresql",
        "NAME": NAME,
        "USER": "postgres",
        "HOST": "127.0.0.1",
        "PORT": proxy.port,
        "OPTIONS": {"connect_timeout": 10},
    }
    del connections["default"]
    yield connections.settings["default"]
    connections["default"].close()
    connections.settings["default"] = before
    connections["default"] = wrapper


@pytest.fixture
def options() -> dict[str, Any]:
    """Return what this test sets for the database, beyond the common."""
    return {}


class Talk:
    """A visitor who sends again whatever was refused for now."""

    def __init__(self) -> None:
        self.said: list[str] = []

    async def open(self) -> None:
        self.process = await Process.running()
        self.conversation = await in_database(make_conversation, entries=())
        self.client = ChatClient.of_visitor(self.conversation.visitor)
        assert await self.client.connect()
        await self.client.hello(self.conversation)
        await self.client.expect("synced")

    async def close(self) -> None:
        await self.client.leave()
        await self.process.stop()

    async def begin(self, text: str) -> str:
        """Send without waiting; return the client id."""
        self.said.append(text)
        return await self.client.send(self.conversation, text)

    async def settle(self, cmid: str, text: str) -> dict[str, Any]:
        """Wait for the answer; send again until it says that it is in the log."""
        async with asyncio.timeout(PATIENCE_S):
            while (answer := await self._answer(cmid))["type"] != "sent":
                assert not answer.get("final", False)
                await asyncio.sleep(0.1)  # A client waits, longer than this.
                await self.client.send(self.conversation, text, cmid=cmid)
        return answer

    async def say(self, text: str) -> dict[str, Any]:
        return await self.settle(await self.begin(text), text)

    async def refusal(self, cmid: str) -> dict[str, Any]:
        answer = await self._answer(cmid)
        assert answer["type"] == "nack", answer
        assert not answer.get("final", False)
        return answer

    async def all_is_there_once(self) -> None:
        """Compare the log with what was said, and with what came back."""
        assert await in_database(_texts_of, self.conversation) == self.said
        seqs: list[int] = []
        while seqs[-1:] != [len(self.said)]:
            frame = await self.client.expect("events")
            assert frame["from"] == len(seqs) + 1
            seqs += [item["seq"] for item in frame["items"]]
        assert seqs == list(range(1, len(self.said) + 1))

    async def _answer(self, cmid: str) -> dict[str, Any]:
        """Wait until this message is either sent or refused."""
        for kind in ("sent", "nack"):
            if any(frame["cmid"] == cmid for frame in self.client.kept(kind)):
                return await self.client.expect(kind, cmid=cmid)
        while True:
            frame = await self.client._receive()
            if frame.get("cmid") == cmid:
                return frame
            self.client._kept.append(frame)


def _texts_of(conversation: Any) -> list[str]:
    rows = Entry.objects.filter(conversation=conversation).order_by("seq")
    return [entry.text for entry in rows]


@pytest_asyncio.fixture
async def talk(shop, proxy, options, settings, monkeypatch):
    monkeypatch.setattr(sockets, "PATIENCE_S", PATIENCE_S)
    # Longer than a busy machine takes for what is answered.
    monkeypatch.setattr(threads, "LONGEST_S", 3.0)
    monkeypatch.setattr(threads, "LOOK_EVERY_S", 0.1)
    monkeypatch.setattr(clockwork, "LOOK_EVERY_S", 0.2)
    settings.CHATDESK = {"HEAD_POLL": timedelta(seconds=0.2), "TICK": False}
    for name, value in options.items():
        monkeypatch.setitem(shop, name, value)
    talk = Talk()
    await talk.open()
    await talk.say("hello")
    yield talk
    proxy.mend()
    await talk.close()
    close_readers()
    if options:
        connections["default"].close_pool()


# Crashes


async def test_a_crash_refuses_for_now_and_loses_nothing(
    talk: Talk, cluster: Cluster
) -> None:
    await asyncio.to_thread(cluster.crash)
    cmid = await talk.begin("Are you there?")
    await talk.refusal(cmid)

    await asyncio.to_thread(cluster.start)

    await talk.client.send(talk.conversation, "Are you there?", cmid=cmid)
    await talk.settle(cmid, "Are you there?")
    await talk.say("Good.")
    await talk.all_is_there_once()


@pytest.mark.parametrize(
    "options",
    [
        {},
        {
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {"pool": {"min_size": 2, "max_size": 8}},
        },
    ],
    ids=["connections", "pool"],
)
async def test_connections_of_yesterday_are_nobodys_business(
    talk: Talk, cluster: Cluster
) -> None:
    await asyncio.to_thread(cluster.crash)
    await asyncio.to_thread(cluster.start)

    cmid = await talk.begin("Did you notice?")
    await talk.client.expect("sent", cmid=cmid)
    async with ChatClient.of_visitor(talk.conversation.visitor) as other:
        await other.hello(talk.conversation)
        await other.expect("synced")

    assert talk.client.kept("nack") == []
    await talk.all_is_there_once()


async def test_backends_that_are_terminated_at_any_moment_lose_nothing(
    talk: Talk, cluster: Cluster
) -> None:
    has_ended = asyncio.Event()

    async def terminate() -> None:
        while not has_ended.is_set():
            await asyncio.to_thread(cluster.terminate_all)
            await asyncio.sleep(0.2)

    terminating = asyncio.create_task(terminate())
    for number in range(20):
        await talk.say(f"word {number}")
    has_ended.set()
    await terminating

    await talk.say("the last one")
    await talk.all_is_there_once()


# A commit whose answer never comes


@pytest.mark.parametrize("act", [Act.CUT_BEFORE, Act.CUT_AFTER, Act.HANG_AFTER])
async def test_a_commit_of_unknown_outcome_is_made_known(
    talk: Talk, proxy: Proxy, act: Act
) -> None:
    words = b"Is this in the log?"
    rules = [
        Rule(Act.DUPLICATE, lambda raw: words in raw),
        Rule(act, lambda raw: b"COMMIT" in raw and rules[0].fired.is_set()),
    ]
    # Only watches for the words, so that no other transaction is hit.
    rules[0].act = Act.DELAY
    proxy.to_server.rules.extend(rules)

    await talk.say(words.decode())

    assert rules[1].fired.is_set()
    await talk.all_is_there_once()


# Deeds whose commit is cut; done again with their key, they are done once


Deed = Callable[[], Any]


def message(conversation: Conversation, _operator: Operator) -> Deed:
    intent = MessageIntent(
        conversation_id=conversation.pk,
        actor=actor_of(conversation.visitor),
        cmid=uuid4(),
        text="Is it in stock?",
    )
    return partial(post_message, intent, at=clock.now())


def taken(conversation: Conversation, operator: Operator) -> Deed:
    return partial(
        take_conversation,
        conversation_id=conversation.pk,
        actor=actor_of_operator(operator),
        at=clock.now(),
    )


def closed(conversation: Conversation, _operator: Operator) -> Deed:
    return partial(
        close_conversation,
        conversation_id=conversation.pk,
        actor=actor_of(conversation.visitor),
        at=clock.now(),
        cmid=uuid4(),
    )


def rated(conversation: Conversation, _operator: Operator) -> Deed:
    return partial(
        rate_conversation,
        conversation_id=conversation.pk,
        actor=actor_of(conversation.visitor),
        thumb="up",
        comment="",
        at=clock.now(),
        cmid=uuid4(),
    )


@pytest.mark.parametrize("act", [Act.CUT_BEFORE, Act.CUT_AFTER])
@pytest.mark.parametrize("deed", [message, taken, closed, rated])
def test_a_deed_whose_commit_was_cut_is_done_once(
    shop: dict[str, Any],
    proxy: Proxy,
    deed: Callable[[Conversation, Operator], Deed],
    act: Act,
) -> None:
    """Before the commit arrives nothing has happened, after it all: none can tell."""
    conversation = make_conversation()
    do = deed(conversation, make_operator())
    cut = Rule(act, lambda raw: b"COMMIT" in raw)
    proxy.to_server.rules.append(cut)
    with pytest.raises((OperationalError, InterfaceError)):
        do()
    assert cut.fired.is_set()
    proxy.mend()
    connections["default"].close()

    do()

    rows = Entry.objects.filter(conversation=conversation).order_by("seq")
    before, after = conversation.head, conversation.head + 1
    assert [entry.kind for entry in rows[before:]] == [deed.__name__]
    assert [entry.seq for entry in rows] == list(range(1, after + 1))
    conversation.refresh_from_db()
    assert conversation.head == after
    connections["default"].close()


# Slow and silent


async def test_who_waits_for_the_database_keeps_nobody_else_waiting(
    talk: Talk, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threads, "LONGEST_S", 60.0)
    proxy.hang()
    cmid = await talk.begin("slowly")
    for number in range(5):
        await talk.client.say(type="ping", t=number)
        await talk.client.expect("pong", t=number)
    assert talk.client.kept("sent") == []

    proxy.mend()

    await talk.client.expect("sent", cmid=cmid)
    await talk.all_is_there_once()


@pytest.mark.faults
async def test_a_slow_database_is_only_slow(
    talk: Talk, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threads, "LONGEST_S", 60.0)
    proxy.to_client.delay_s = proxy.to_server.delay_s = 0.25

    await talk.say("slowly")
    await talk.say("but surely")
    await talk.all_is_there_once()


async def test_a_silent_database_is_given_up_and_asked_anew(
    talk: Talk, proxy: Proxy
) -> None:
    proxy.hang()
    cmid = await talk.begin("Hello?")
    # Everything in flight is broken, so new connections are what is tried next.
    accepted = proxy.accepted
    await until(lambda: proxy.accepted > accepted, seconds=PATIENCE_S)
    proxy.mend()

    await talk.settle(cmid, "Hello?")
    await talk.all_is_there_once()


# Refusals


async def test_a_read_only_database_reads_on_and_refuses_for_now(
    talk: Talk, cluster: Cluster
) -> None:
    await asyncio.to_thread(cluster.configure, "default_transaction_read_only = on")
    cmid = await talk.begin("May I?")
    await talk.refusal(cmid)
    async with ChatClient.of_visitor(talk.conversation.visitor) as other:
        await other.hello(talk.conversation)
        await other.expect("synced", seq=1)

    await asyncio.to_thread(cluster.configure, "default_transaction_read_only = off")
    await talk.client.send(talk.conversation, "May I?", cmid=cmid)
    await talk.settle(cmid, "May I?")
    await talk.all_is_there_once()


async def test_a_database_that_takes_no_more_connections_refuses_for_now(
    talk: Talk, cluster: Cluster, proxy: Proxy
) -> None:
    with ExitStack() as crowd:
        await asyncio.to_thread(_crowd, crowd, cluster, proxy)
        cmid = await talk.begin("Is there room?")
        await talk.refusal(cmid)

    await talk.settle(await _again(talk, cmid, "Is there room?"), "Is there room?")
    await talk.all_is_there_once()


async def _again(talk: Talk, cmid: str, text: str) -> str:
    return await talk.client.send(talk.conversation, text, cmid=cmid)


def _crowd(crowd: ExitStack, cluster: Cluster, proxy: Proxy) -> None:
    """Take every place, our own included."""
    with suppress(psycopg.OperationalError):
        while True:
            crowd.enter_context(cluster.connect("postgres"))
    while proxy.open:
        proxy.cut()
        with suppress(psycopg.OperationalError):
            while True:
                crowd.enter_context(cluster.connect("postgres"))


# One who holds a lock


@contextmanager
def held(cluster: Cluster, conversation: Any) -> Iterator[None]:
    """Hold the row of a conversation, as somebody's forgotten session would."""
    with cluster.connect() as holder, holder.transaction():
        holder.execute(
            "SELECT 1 FROM chatdesk_conversation WHERE id = %s FOR UPDATE",
            [conversation.pk],
        )
        yield


@pytest.mark.faults
async def test_a_held_conversation_delays_no_other(
    talk: Talk, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threads, "LONGEST_S", 60.0)
    other = Talk()
    await other.open()
    with held(cluster, talk.conversation):
        waiting = await talk.begin("Held.")
        # While the lock is held, everybody else is answered, and then this one too.
        await other.say("Free.")
        await other.say("Still free.")
        await talk.refusal(waiting)

    await talk.settle(await _again(talk, waiting, "Held."), "Held.")
    await talk.all_is_there_once()
    await other.client.leave()


# A backup comes back


async def test_after_a_restore_everybody_begins_anew(
    talk: Talk, cluster: Cluster
) -> None:
    await talk.say("kept")
    await asyncio.to_thread(_copy, cluster, NAME, "backup")
    await talk.say("lost")
    old_epoch = talk.process.epoch

    await asyncio.to_thread(_copy, cluster, "backup", NAME)
    await _begin_an_epoch()

    # Who is connected is sent away, and hears where to begin when he comes again.
    assert (await talk.client.expect("bye"))["code"] == 1012
    async with ChatClient.of_visitor(talk.conversation.visitor) as again:
        await again.hello(talk.conversation, cursor=3, epoch=old_epoch)
        reset = await again.expect("reset")
        assert reset["reason"] == "epoch"
        assert reset["epoch"] == talk.process.epoch != old_epoch


async def _begin_an_epoch() -> None:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            # Each reading thread may find its connection of before dead.
            with suppress(OperationalError):
                await in_database(call_command, "chatdesk_new_epoch", verbosity=0)
                return


def _copy(cluster: Cluster, source: str, target: str) -> None:
    with suppress(psycopg.errors.InvalidCatalogName):
        cluster.do(f"DROP DATABASE {target} WITH (FORCE)", name="postgres")
    is_copied = False
    while not is_copied:
        cluster.terminate_all()
        with suppress(psycopg.errors.ObjectInUse):
            cluster.do(f"CREATE DATABASE {target} TEMPLATE {source}", name="postgres")
            is_copied = True
    # Else a crash right afterwards would give numbers of sequences out again.
    cluster.do("CHECKPOINT", name="postgres")
