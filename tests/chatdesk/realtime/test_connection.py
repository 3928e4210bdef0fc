"""One socket: its opening, its limits, and what happens to clients that misbehave."""

import asyncio
import json
from uuid import uuid4

import pytest
from django.db import OperationalError

from chatdesk.models import Entry, Lease
from chatdesk.realtime import clockwork, outgoing, pump, talk
from chatdesk.realtime.visitor import VisitorConnection
from chatdesk.selectors.visitors import actor_of
from chatdesk.threads import in_database
from tests.factories import fill, make_conversation, make_operator, make_visitor, say
from tests.sockets import ChatClient, StuckClient, until

pytestmark = [pytest.mark.django_db(transaction=True)]

ID = "0" * 32


# Opening


async def test_who_does_not_say_hello_in_time_is_closed(monkeypatch):
    monkeypatch.setattr(clockwork, "HELLO_WITHIN_S", 0.2)
    conversation = await in_database(make_conversation)
    async with (
        ChatClient.of_visitor(conversation.visitor) as polite,
        ChatClient.of_visitor(conversation.visitor) as mute,
    ):
        await polite.hello(conversation)

        assert await mute.expect_close() == 4422
        await polite.say(type="ping", t=1)
        await polite.expect("pong")


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "ping", "t": 1},
        {"type": "ack", "conv": ID, "seq": 1},
        {"type": "send", "cmid": ID, "conv": ID, "body": {"text": "early"}},
    ],
)
async def test_the_first_frame_is_hello(frame):
    visitor = await in_database(make_visitor)
    async with ChatClient.of_visitor(visitor) as client:
        await client.say(**frame)

        assert (await client.expect("nack"))["code"] == "invalid"
        assert (await client.hello())["v"] == 1


async def test_while_the_database_is_away_who_opens_a_socket_is_to_come_again(
    monkeypatch,
):
    visitor = await in_database(make_visitor)

    def away(_socket):
        raise OperationalError("away")

    monkeypatch.setattr(VisitorConnection, "find_actor", away)
    async with ChatClient.of_visitor(visitor) as client:
        assert (await client.expect("bye"))["code"] == 1012
        assert await client.expect_close() == 1000


async def test_the_welcome_says_how_to_behave():
    visitor = await in_database(make_visitor)
    async with ChatClient.of_visitor(visitor) as client:
        welcome = await client.hello()

    assert welcome["beat_s"] == 8
    assert welcome["max_frame"] == 16384
    assert len(welcome["epoch"]) == 32
    assert welcome["server_time"] > 1_700_000_000_000


async def test_a_hello_that_could_not_be_served_ends_the_socket(monkeypatch):
    """The client comes again; left open, it would wait for ever."""
    conversation = await in_database(make_conversation)

    def fail(*_args):
        raise OperationalError

    async with ChatClient.of_visitor(conversation.visitor) as opening:
        monkeypatch.setattr(VisitorConnection, "get_conversation", fail)
        await opening.hello(conversation)
        assert await opening.expect_close() == 1000
    monkeypatch.undo()
    async with ChatClient.of_visitor(conversation.visitor) as following:
        await following.hello()
        monkeypatch.setattr(VisitorConnection, "get_conversation", fail)
        await following.say(type="hello", resume=[{"conv": conversation.public_id.hex}])
        assert await following.expect_close() == 1000


async def test_an_operator_has_a_lease_from_hello_to_his_last_frame():
    operator = await in_database(make_operator)
    async with await ChatClient.of_operator(operator) as desk:
        assert await in_database(Lease.objects.count) == 0
        await desk.hello()
        await desk.expect("inbox", whole=True)
        presence = await desk.expect("presence")
        assert await in_database(Lease.objects.count) == 1

    assert presence == {
        "type": "presence",
        "status": "online",
        "load": 0,
        "capacity": 5,
    }
    assert await in_database(Lease.objects.count) == 0


async def test_an_operator_whose_socket_was_cut_is_there_a_moment_longer():
    operator = await in_database(make_operator)
    async with await ChatClient.of_operator(operator) as desk:
        await desk.hello()
        await desk.expect("inbox", whole=True)
        before = (await in_database(Lease.objects.get)).expires_at
        await desk.is_cut()

    assert (await in_database(Lease.objects.get)).expires_at < before


async def test_a_socket_that_the_server_gives_up_returns_its_lease_too(process):
    operator = await in_database(make_operator)
    client = await ChatClient.of_operator(operator)
    await client.connect()
    await client.hello()
    await client.expect("inbox", whole=True)
    (socket,) = process.operators

    socket.task.cancel()
    await until(lambda: not process.sockets)

    assert await in_database(Lease.objects.count) == 0


# Several tabs


async def test_both_tabs_of_a_visitor_see_what_one_of_them_says():
    conversation = await in_database(make_conversation)
    async with (
        ChatClient.of_visitor(conversation.visitor) as first,
        ChatClient.of_visitor(conversation.visitor) as second,
    ):
        for tab in (first, second):
            await tab.hello(conversation)
            await tab.expect("synced")

        cmid = await first.send(conversation, "from the first")
        await second.send(conversation, "from the second")

        for tab in (first, second):
            words = [
                (await tab.expect("events", **{"from": seq}))["items"][0]
                for seq in (2, 3)
            ]
            assert {word["text"] for word in words} == {
                "from the first",
                "from the second",
            }
        assert (await first.expect("sent"))["cmid"] == cmid
        assert (await second.expect("sent"))["cmid"] != cmid


async def test_the_same_press_of_send_from_two_tabs_is_one_entry():
    conversation = await in_database(make_conversation)
    async with (
        ChatClient.of_visitor(conversation.visitor) as first,
        ChatClient.of_visitor(conversation.visitor) as second,
    ):
        await first.hello(conversation)
        await second.hello(conversation)
        cmid = uuid4().hex

        await first.send(conversation, "once", cmid=cmid)
        sent = await first.expect("sent")
        await second.send(conversation, "once", cmid=cmid)
        again = await second.expect("sent")
        await second.send(conversation, "other words", cmid=cmid)
        other = await second.expect("sent")

    assert (sent["seq"], sent.get("dup")) == (2, None)
    assert (again["seq"], again["dup"], again.get("mismatch")) == (2, True, None)
    assert (other["seq"], other["dup"], other["mismatch"]) == (2, True, True)


async def test_what_follows_a_message_that_is_missing_may_be_sent_again():
    conversation = await in_database(make_conversation)
    first, second = uuid4().hex, uuid4().hex
    async with ChatClient.of_visitor(conversation.visitor) as client:
        await client.hello(conversation)

        await client.send(conversation, "two", cmid=second, prev_cmid=first)
        nack = await client.expect("nack", cmid=second)
        await client.send(conversation, "one", cmid=first)
        await client.send(conversation, "two", cmid=second, prev_cmid=first)

        assert (nack["code"], nack.get("final", False)) == ("out_of_order", False)
        seqs = [
            (await client.expect("sent", cmid=each))["seq"] for each in (first, second)
        ]
        assert seqs == [2, 3]


# Bad frames


@pytest.mark.parametrize(
    "body",
    [
        {"text": "x" * 4001},
        {"text": "\ud800"},
        {"text": "a\0b"},
        {"text": 7},
        {"words": "no text"},
        {"text": "x" * 20_000},
        "no body",
    ],
    ids=["long", "surrogate", "nul", "number", "no text", "frame", "no body"],
)
async def test_a_message_that_cannot_be_read_is_refused_by_its_client_id(body):
    """Without its id the client would send it for ever, and all behind it waits."""
    conversation = await in_database(make_conversation)
    async with ChatClient.of_visitor(conversation.visitor) as client:
        await client.hello(conversation)
        cmid = uuid4().hex

        await client.say(
            type="send", cmid=cmid, conv=conversation.public_id.hex, body=body
        )

        nack = await client.expect("nack", cmid=cmid)
        assert nack["final"] is True
        assert nack["conv"] == conversation.public_id.hex
        await client.send(conversation, "and now properly")
        assert (await client.expect("sent"))["seq"] == 2


@pytest.mark.parametrize(
    "raw", ['{"type": "ack"}', '{"type": "send", "cmid": 7}', "{", "[]"]
)
async def test_what_has_no_client_id_is_refused_without_one(raw):
    visitor = await in_database(make_visitor)
    async with ChatClient.of_visitor(visitor) as client:
        await client.hello()
        await client.say_raw(raw)

        assert "cmid" not in await client.expect("nack")


async def test_an_id_that_is_none_is_not_echoed():
    visitor = await in_database(make_visitor)
    async with ChatClient.of_visitor(visitor) as client:
        await client.hello()
        await client.say_raw(json.dumps({"type": "send", "cmid": "x" * 10_000}))

        assert "x" * 100 not in json.dumps(await client.expect("nack"))


# Limits


@pytest.fixture
def strict_shop(settings):
    def set_to(**limits):
        settings.CHATDESK = {**settings.CHATDESK, **limits}

    return set_to


async def test_a_visitor_who_writes_too_fast_is_told_when_to_go_on(strict_shop):
    strict_shop(MESSAGE_RATE="2/m")
    conversation = await in_database(make_conversation)
    async with ChatClient.of_visitor(conversation.visitor) as client:
        await client.hello(conversation)
        cmids = [await client.send(conversation, f"{number}") for number in range(3)]

        nack = await client.expect("nack", cmid=cmids[2])
        assert (nack["code"], nack.get("final", False)) == ("rate", False)
        assert 20 <= nack["retry_after"] <= 30
        for cmid in cmids[:2]:
            await client.expect("sent", cmid=cmid)
    words = await in_database(Entry.objects.filter(conversation=conversation).count)
    assert words == 3


async def test_all_tabs_of_a_visitor_have_one_rate_together(strict_shop):
    strict_shop(MESSAGE_RATE="2/h")
    conversation = await in_database(make_conversation)
    async with (
        ChatClient.of_visitor(conversation.visitor) as first,
        ChatClient.of_visitor(conversation.visitor) as second,
    ):
        for tab in (first, second):
            await tab.hello(conversation)
            cmid = await tab.send(conversation, "Hello?")
            await tab.expect("sent", cmid=cmid)

        for tab in (first, second):
            cmid = await tab.send(conversation, "Hello??")
            assert (await tab.expect("nack", cmid=cmid))["code"] == "rate"


async def test_who_floods_is_closed_and_told_to_come_back_later(strict_shop):
    strict_shop(FRAME_RATE="5/h")
    visitor = await in_database(make_visitor)
    async with ChatClient.of_visitor(visitor) as client:
        await client.hello()
        for number in range(5):
            await client.say(type="ping", t=number)

        bye = await client.expect("bye")
        assert (bye["code"], bye["reconnect_after"]) == (4429, 10)
        assert await client.expect_close() == 4429


async def test_one_flood_closes_no_other_socket(strict_shop, process):
    strict_shop(FRAME_RATE="5/h")
    conversation = await in_database(make_conversation)
    async with (
        ChatClient.of_visitor(conversation.visitor) as calm,
        ChatClient.of_visitor(conversation.visitor) as wild,
    ):
        await calm.hello(conversation)
        for _ in range(50):
            await wild.say_raw("{")
        assert await wild.expect_close() == 4429

        await calm.send(conversation, "still here")
        await calm.expect("sent")
        await until(lambda: len(process.sockets) == 1)


async def test_drafts_beyond_the_rate_are_dropped_in_silence(strict_shop):
    strict_shop(DRAFT_RATE="2/h")
    conversation = await in_database(make_conversation)
    operator = await in_database(make_operator)
    async with (
        ChatClient.of_visitor(conversation.visitor) as visitor,
        await ChatClient.of_operator(operator) as desk,
    ):
        await visitor.hello(conversation)
        await desk.hello(conversation)
        await desk.expect("synced")
        conv = conversation.public_id.hex
        for text in ("A", "An", "And"):
            await visitor.say(type="eph", conv=conv, kind="draft", text=text)
        await visitor.send(conversation, "And red?")
        await desk.expect("events", **{"from": 2})

        drafts = [frame["text"] for frame in desk.kept("eph")]
        assert drafts == ["A", "An"]


async def test_what_a_socket_does_not_follow_it_does_not_disturb():
    conversation = await in_database(make_conversation)
    stranger = await in_database(make_visitor)
    operator = await in_database(make_operator)
    async with (
        ChatClient.of_visitor(stranger) as client,
        await ChatClient.of_operator(operator) as desk,
    ):
        await desk.hello(conversation)
        await desk.expect("synced")
        await client.hello()
        conv = conversation.public_id.hex
        await client.say(type="eph", conv=conv, kind="draft", text="spam")
        await client.say(type="ack", conv=conv, seq=1)
        await client.say(type="read", conv=conv, seq=1)
        await client.say(type="ping", t=1)
        await client.expect("pong")
        await desk.say(type="ping", t=1)
        await desk.expect("heads")

        assert desk.kept("eph") == desk.kept("marks") == []


async def test_an_operator_may_open_dialogs_all_day(monkeypatch, process):
    """A client cannot say that it follows no more, so the oldest one is let go."""
    monkeypatch.setattr(talk, "MOST_FOLLOWS", 3)
    conversations = [await in_database(make_conversation) for _ in range(5)]
    operator = await in_database(make_operator)
    async with await ChatClient.of_operator(operator) as desk:
        await desk.hello()
        for conversation in conversations:
            await desk.follow(conversation)

        latest = conversations[-1]
        await in_database(say, latest, actor_of(latest.visitor), "are you there?")

        await desk.expect("events", conv=latest.public_id.hex, **{"from": 2})
        assert process.hub.followed_ids() == {each.pk for each in conversations[2:]}
    assert process.hub.followed_ids() == set()


async def test_a_reader_that_never_reads_is_cut_and_costs_nothing_more(
    monkeypatch, process
):
    monkeypatch.setattr(outgoing, "LONGEST_QUEUE", 50)
    conversation = await in_database(make_conversation)
    async with StuckClient(conversation.visitor) as stuck:
        stuck.say(type="hello")
        await until(lambda: len(stuck.sent) == 3)
        stuck.is_stuck = True
        for _ in range(60):
            stuck.say(type="ping", t=1)
            await asyncio.sleep(0)

        await stuck.ended()

    assert not process.sockets
    assert len(stuck.sent) == 5
    assert stuck.sent[-1] == {"type": "websocket.close", "code": 4408}


async def test_a_client_that_falls_silent_is_closed(monkeypatch, process):
    visitor = await in_database(make_visitor)
    async with (
        ChatClient.of_visitor(visitor) as silent,
        ChatClient.of_visitor(visitor) as hidden,
    ):
        await silent.hello()
        await hidden.hello()
        await hidden.say(type="ping", t=1, hidden=True)
        await hidden.expect("pong")
        monkeypatch.setattr(clockwork, "HEARD_WITHIN_S", 0.2)

        assert await silent.expect_close() == 4408
        await until(lambda: len(process.sockets) == 1)


async def test_a_reader_that_applies_nothing_is_closed(monkeypatch, process):
    monkeypatch.setattr(clockwork, "STALLED_S", 0.3)
    conversation = await in_database(make_conversation, entries=())
    texts = [f"word {number}" for number in range(pump.WINDOW + 5)]
    actor = actor_of(conversation.visitor)
    await in_database(fill, conversation, actor, texts)
    async with (
        ChatClient.of_visitor(conversation.visitor) as stalled,
        ChatClient.of_visitor(conversation.visitor) as reading,
    ):
        for client in (stalled, reading):
            await client.hello(conversation)
        seen = (await reading.expect("events"))["to"]
        conv = conversation.public_id.hex
        await reading.say(type="ack", conv=conv, seq=seen)
        await reading.expect("synced", seq=len(texts))

        assert await stalled.expect_close() == 4408
        await reading.say(type="ping", t=1)
        await reading.expect("pong")
