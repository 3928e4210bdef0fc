"""One a process: it begins when the database answers, and leaves nothing behind."""

import asyncio
import gc
import logging
import threading

import pytest
from django.db import OperationalError, connections
from django.utils import timezone

from chatdesk.doorbell.groups import BELLS
from chatdesk.doorbell.listeners import Bell, current
from chatdesk.models import Lease
from chatdesk.realtime import process as process_module
from chatdesk.realtime.process import Process
from chatdesk.selectors.log import marks_of
from chatdesk.selectors.visitors import actor_of
from chatdesk.services import log
from chatdesk.services.conversations import take_conversation
from chatdesk.threads import in_database, readers
from tests.factories import (
    actor_of_operator,
    fill,
    make_conversation,
    make_operator,
    say,
)
from tests.sockets import ChatClient, found, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def our_threads():
    names = {each.name for each in threading.enumerate() if "chatdesk" in each.name}
    # The thread of polls belongs to the application, which other tests have made.
    return names - {"chatdesk-poll_0"}


async def test_a_loop_has_one_process(process):
    assert Process.start() is process
    assert await Process.running() is process
    assert current() == (process,)


async def test_when_it_ends_nothing_is_left(process):
    before = asyncio.all_tasks()
    operator = await in_database(make_operator)
    conversation = await in_database(make_conversation)
    visitor = ChatClient.of_visitor(conversation.visitor)
    desk = await ChatClient.of_operator(operator)
    for client in (visitor, desk):
        await client.connect()
        await client.hello(conversation)
        await client.expect("synced")
    await visitor.send(conversation, "Hello?")
    await desk.expect("events", **{"from": 2})
    conv = conversation.public_id.hex
    await desk.say(type="ack", conv=conv, seq=2)
    await desk.say(type="ping", t=1)
    await desk.expect("pong")
    # A thread may have begun and found its work done by another.
    known = [*process.writer._thread._connections, *readers()._connections]
    opened = [each for each in known if each.connection is not None]

    await process.stop()

    for client in (visitor, desk):
        assert (await client.expect("bye"))["code"] == 1012
        assert await client.expect_close() == 1000
    assert our_threads() == set()
    assert len(opened) > 1
    assert all(each.connection is None for each in opened)
    assert current() == ()
    assert not process.sockets | process.operators
    assert process.hub.followed_ids() == set()
    await until(lambda: asyncio.all_tasks() <= before)
    assert await in_database(Lease.objects.count) == 0
    stored = await in_database(marks_of, conversation_ids=[conversation.pk])
    assert stored[conversation.pk].operator_delivered == 2


async def test_another_begins_where_one_ended(process):
    await process.stop()

    following = await Process.running()

    assert following is not process
    assert current() == (following,)
    conversation = await in_database(make_conversation)
    async with ChatClient.of_visitor(conversation.visitor) as visitor:
        await visitor.hello(conversation)
        await visitor.send(conversation, "Hello?")
        await visitor.expect("sent")
    await following.stop()


async def test_it_begins_when_the_database_does(process, monkeypatch, caplog):
    await process.stop()
    conversation = await in_database(make_conversation)
    tries = []

    def away():
        tries.append(1)
        raise OperationalError("the database is starting up")

    monkeypatch.setattr(process_module, "PAUSE_S", 0.01)
    with monkeypatch.context() as starting_up:
        starting_up.setattr(process_module, "current_epoch", away)
        client = ChatClient.of_visitor(conversation.visitor)
        opening = asyncio.create_task(client.connect())
        await until(lambda: len(tries) > 2)
    assert await opening

    await client.hello(conversation)
    await client.expect("synced", seq=1)
    await client.send(conversation, "Hello?")
    await client.expect("sent")
    assert "cannot begin yet" in caplog.text
    await (await Process.running()).stop()


async def test_it_ends_though_it_never_began(process, monkeypatch):
    await process.stop()

    def away():
        raise OperationalError

    monkeypatch.setattr(process_module, "current_epoch", away)
    never_ready = Process.start()
    await asyncio.sleep(0)
    await never_ready.stop()

    assert our_threads() == set()
    assert current() == ()


# What other processes say


@pytest.mark.parametrize(
    "message",
    [
        {"type": BELLS, "v": 2, "bells": "in a way of next year"},
        {"type": BELLS},
        {"type": "chatdesk.hologram", "v": 1, "size": "life"},
    ],
)
async def test_what_another_release_says_is_ignored(process, message, caplog):
    conversation = await in_database(make_conversation)
    async with ChatClient.of_visitor(conversation.visitor) as visitor:
        await visitor.hello(conversation)
        await visitor.expect("synced")

        process._hear_remote(message)

        await visitor.say(type="ping", t=1)
        await visitor.expect("pong")
    assert caplog.records == []


@pytest.fixture
def told_by_others(process, monkeypatch):
    """Lose our own bells; return a way to hear them as those of another process."""
    rung = []
    monkeypatch.setattr(log, "ring", rung.extend)

    def tell(*, times=1, order=1):
        bells = [
            [bell.conversation_id, bell.public_id, bell.seq, False] for bell in rung
        ]
        for _ in range(times):
            process._hear_remote({"type": BELLS, "v": 1, "bells": bells[::order]})

    return tell


async def test_bells_of_another_process_make_this_one_read(told_by_others):
    conversation = await in_database(make_conversation)
    async with ChatClient.of_visitor(conversation.visitor) as visitor:
        await visitor.hello(conversation)
        await visitor.expect("synced")
        actor = actor_of(conversation.visitor)
        for text in "abc":
            await in_database(say, conversation, actor, text)

        told_by_others(times=3, order=-1)

        seqs = []
        while seqs[-1:] != [4]:
            events = await visitor.expect("events")
            seqs += [item["seq"] for item in events["items"]]
        await visitor.say(type="ping", t=1)
        await visitor.expect("pong")
        assert [seq for seq in seqs if seq > 1] == [2, 3, 4]
        assert [frame for frame in visitor.kept("events") if frame["to"] > 1] == []


@pytest.fixture
def reads_of_many(monkeypatch):
    """Note of how many conversations each read for all sockets is."""
    reads = []
    read = process_module.entries_of_many

    def count(*, cursors):
        reads.append(len(cursors))
        return read(cursors=cursors)

    monkeypatch.setattr(process_module, "entries_of_many", count)
    return reads


async def follow(desk, conversations):
    await desk.hello(*conversations)
    for _ in conversations:
        await desk.expect("synced")


async def test_a_batch_of_bells_is_read_with_one_query(told_by_others, reads_of_many):
    conversations = [await in_database(make_conversation) for _ in range(5)]
    operator = await in_database(make_operator)
    async with await ChatClient.of_operator(operator) as desk:
        await follow(desk, conversations)
        for each in conversations:
            await in_database(say, each, actor_of(each.visitor), "Hello?")

        told_by_others()

        for each in conversations:
            await desk.expect("events", conv=each.public_id.hex, **{"from": 2})
    assert reads_of_many == [5]


@pytest.mark.usefixtures("told_by_others")
async def test_what_a_look_finds_is_read_together_and_leaves_out_who_has_it(
    process, reads_of_many
):
    conversations = [await in_database(make_conversation) for _ in range(5)]
    operator = await in_database(make_operator)
    async with await ChatClient.of_operator(operator) as desk:
        await follow(desk, conversations)
        for each in conversations[1:]:
            await in_database(say, each, actor_of(each.visitor), "Hello?")

        seqs = [1, 2, 2, 2, 2]
        process.note_heads(
            [
                Bell(each.pk, each.public_id.hex, seq)
                for each, seq in zip(conversations, seqs, strict=True)
            ]
        )

        for each in conversations[1:]:
            await desk.expect("events", conv=each.public_id.hex, **{"from": 2})
    assert reads_of_many == [4]
    assert process.counts["doorbell_misses"] == 4


async def test_a_read_for_another_process_that_failed_is_made_up_for(
    told_by_others, process, monkeypatch, caplog
):
    conversation = await in_database(make_conversation)
    failed = threading.Event()

    def fail(*, cursors):
        failed.set()
        raise OperationalError

    async with ChatClient.of_visitor(conversation.visitor) as visitor:
        await visitor.hello(conversation)
        await visitor.expect("synced")
        actor = actor_of(conversation.visitor)
        await in_database(say, conversation, actor, "Hello?")
        with (
            monkeypatch.context() as away,
            caplog.at_level(logging.ERROR, logger="chatdesk"),
        ):
            away.setattr(process_module, "entries_of_many", fail)
            told_by_others()
            await until(lambda: "could not be read" in caplog.text)

        process.note_heads([Bell(conversation.pk, conversation.public_id.hex, 2)])

        await visitor.expect("events", **{"from": 2})
    gc.collect()
    assert "never retrieved" not in caplog.text


# The database


async def test_it_outlives_every_connection_of_its_database(process, settings):
    """A server that restarts ends all connections; the next use of each opens anew."""
    operator = await in_database(make_operator)
    conversation = await in_database(make_conversation)
    await in_database(
        take_conversation,
        conversation_id=conversation.pk,
        actor=actor_of_operator(operator),
        at=timezone.now(),
    )
    async with (
        ChatClient.of_visitor(conversation.visitor) as visitor,
        await ChatClient.of_operator(operator) as desk,
    ):
        for client in (visitor, desk):
            await client.hello(conversation)
            await client.expect("synced")
        await visitor.send(conversation, "before")
        await visitor.expect("sent")

        await asyncio.to_thread(end_all_connections)

        cmid = await visitor.send(conversation, "after")
        await visitor.expect("sent", cmid=cmid)
        for client in (visitor, desk):
            await client.expect("events", **{"from": 4})
        cmid = await desk.send(conversation, "still here")
        await desk.expect("sent", cmid=cmid)
        actor = actor_of(conversation.visitor)
        for _ in range(4):  # Every reading thread may meet its end once.
            try:
                await in_database(fill, conversation, actor, ["from elsewhere"])
                break
            except OperationalError:
                continue
        await visitor.expect("events", **{"from": 6})
        assert await found(Lease.objects.exists)


def end_all_connections():
    """End them as a restart would; SQLite has no server, so there nothing ends."""
    ours = connections["default"]
    if ours.vendor == "postgresql":
        with ours.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
    ours.close()
