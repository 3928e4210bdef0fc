"""Sockets: a question, an answer, both see everything at once and nothing twice."""

import json
from uuid import uuid4

import pytest
from django.utils import timezone

from chatdesk.models import Entry
from chatdesk.realtime.pump import WINDOW
from chatdesk.selectors.log import marks_of
from chatdesk.services.conversations import close_conversation, take_conversation
from chatdesk.services.visitors import write_card
from chatdesk.threads import in_database
from tests.factories import (
    actor_of_operator,
    fill,
    make_conversation,
    make_led_conversation,
    make_operator,
    make_visitor,
    say,
)
from tests.sockets import ChatClient

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def taken_conversation():
    operator = make_operator()
    return make_led_conversation(operator), operator


async def test_a_message_is_acknowledged_after_it_is_in_the_log():
    conversation = await in_database(make_conversation, entries=())
    async with ChatClient.of_visitor(conversation.visitor) as visitor:
        await visitor.hello(conversation)

        cmid = await visitor.send(conversation, "Is it in stock?")

        sent = await visitor.expect("sent", cmid=cmid)
        entry = await in_database(Entry.objects.get, cmid=cmid)
        assert (sent["seq"], entry.seq, entry.text) == (1, 1, "Is it in stock?")


async def test_a_terse_client_takes_its_own_entry_for_the_answer():
    conversation = await in_database(make_conversation, entries=())
    resume = [{"conv": conversation.public_id.hex, "cursor": 0}]
    async with ChatClient.of_visitor(conversation.visitor) as visitor:
        await visitor.say(type="hello", v=1, terse=True, resume=resume)
        await visitor.expect("synced")

        cmid = await visitor.send(conversation, "Is it in stock?")
        news = await visitor.expect("events")
        again = await visitor.send(conversation, "Is it in stock?", cmid=cmid)
        sent = await visitor.expect("sent")

    assert [each["cmid"] for each in news["items"]] == [cmid]
    assert (sent["cmid"], sent["dup"]) == (again, True)
    assert visitor.kept("sent") == []


async def test_both_sides_see_every_message():
    conversation, operator = await in_database(taken_conversation)
    async with (
        ChatClient.of_visitor(conversation.visitor) as visitor,
        await ChatClient.of_operator(operator) as desk,
    ):
        await visitor.hello(conversation)
        await visitor.expect("synced")
        await desk.hello(conversation)
        await desk.expect("synced")

        await visitor.send(conversation, "one")
        await visitor.expect("sent")
        await desk.send(conversation, "two")
        await desk.expect("sent")

        for client in (visitor, desk):
            one = await client.expect("events", **{"from": 3})
            two = await client.expect("events", **{"from": 4})
            assert one["items"][0]["text"] == "one"
            assert two["items"][0]["text"] == "two"
            assert two["items"][0]["author"] == "operator"


async def test_a_socket_resumes_after_its_cursor_without_hole_or_repeat():
    conversation, operator = await in_database(taken_conversation)
    for number in range(5):
        await in_database(
            say, conversation, actor_of_operator(operator), f"answer {number}"
        )
    async with ChatClient.of_visitor(conversation.visitor) as visitor:
        await visitor.hello(conversation, cursor=3)

        events = await visitor.expect("events")
        synced = await visitor.expect("synced")

        assert (events["from"], events["to"], synced["seq"]) == (4, 7, 7)
        assert [item["seq"] for item in events["items"]] == [4, 5, 6, 7]


async def test_a_long_replay_comes_in_batches_and_ends_with_synced():
    conversation, operator = await in_database(taken_conversation)

    texts = [f"answer {number}" for number in range(230)]
    await in_database(fill, conversation, actor_of_operator(operator), texts)
    async with ChatClient.of_visitor(conversation.visitor) as visitor:
        await visitor.hello(conversation)
        seqs = []
        while not seqs or seqs[-1] < 232:
            events = await visitor.expect("events")
            seqs += [item["seq"] for item in events["items"]]
            await visitor.say(
                type="ack", conv=conversation.public_id.hex, seq=events["to"]
            )
        await visitor.expect("synced", seq=232)
        assert seqs == list(range(1, 233))


async def test_a_note_reaches_staff_only_and_leaves_no_hole():
    conversation, operator = await in_database(taken_conversation)
    async with (
        ChatClient.of_visitor(conversation.visitor) as visitor,
        await ChatClient.of_operator(operator) as desk,
    ):
        await visitor.hello(conversation)
        await visitor.expect("synced")
        await desk.hello(conversation)
        await desk.expect("synced")

        await desk.send(conversation, "he is a regular", kind="note")

        seen = await desk.expect("events", **{"from": 3})
        covered = await visitor.expect("events", **{"from": 3})
        assert seen["items"][0]["text"] == "he is a regular"
        assert (covered["items"], covered["to"]) == ([], 3)


async def test_a_visitor_cannot_write_a_note():
    conversation = await in_database(make_conversation)
    async with ChatClient.of_visitor(conversation.visitor) as visitor:
        await visitor.hello(conversation)

        cmid = await visitor.send(conversation, "psst", kind="note")

        nack = await visitor.expect("nack", cmid=cmid)
        assert (nack["code"], nack["final"]) == ("forbidden", True)


async def test_another_visitors_conversation_is_gone_as_one_that_never_was():
    conversation = await in_database(make_conversation)
    stranger = await in_database(make_visitor)
    async with ChatClient.of_visitor(stranger) as visitor:
        await visitor.hello(conversation)
        theirs = await visitor.expect("reset")
        await visitor.say(type="hello", resume=[{"conv": uuid4().hex}])
        missing = await visitor.expect("reset")

        assert theirs.pop("conv") != missing.pop("conv")
        assert theirs == missing

        cmid = await visitor.send(conversation, "let me in")
        assert (await visitor.expect("nack", cmid=cmid))["code"] == "not_found"


async def test_a_cursor_beyond_the_head_and_a_foreign_epoch_are_reset():
    conversation = await in_database(make_conversation)
    async with ChatClient.of_visitor(conversation.visitor) as visitor:
        await visitor.hello(conversation, cursor=99)
        assert (await visitor.expect("reset"))["reason"] == "ahead"
        await visitor.say(
            type="hello",
            resume=[
                {"conv": conversation.public_id.hex, "cursor": 1, "epoch": "0" * 32}
            ],
        )
        assert (await visitor.expect("reset"))["reason"] == "epoch"


async def test_what_was_sent_before_a_reset_was_heard_may_come_again():
    conversation = await in_database(make_conversation)
    async with ChatClient.of_visitor(conversation.visitor) as visitor:
        await visitor.hello(conversation, cursor=1, epoch="0" * 32)
        cmid = await visitor.send(conversation, "still there?")
        refusal = await visitor.expect("nack", cmid=cmid)
        assert (refusal["code"], refusal.get("final", False)) == ("out_of_order", False)
        await visitor.follow(conversation)
        await visitor.send(conversation, "still there?", cmid=cmid)
        await visitor.expect("sent", cmid=cmid)


async def test_marks_reach_the_other_side_and_the_database():
    conversation, operator = await in_database(taken_conversation)
    async with (
        ChatClient.of_visitor(conversation.visitor) as visitor,
        await ChatClient.of_operator(operator) as desk,
    ):
        await visitor.hello(conversation)
        await visitor.expect("synced")
        await desk.hello(conversation)
        await desk.expect("synced")
        conv = conversation.public_id.hex

        await desk.say(type="ack", conv=conv, seq=2)
        delivered = await visitor.expect("marks")
        await desk.say(type="read", conv=conv, seq=2)
        read = await visitor.expect("marks")

        assert delivered["marks"] == {"operator_delivered": 2}
        assert read["marks"] == {"operator_delivered": 2, "operator_read": 2}
        stored = await in_database(marks_of, conversation_ids=[conversation.pk])
        assert stored[conversation.pk].operator_read == 2


async def test_ones_own_side_learns_what_it_has_read_and_not_what_it_was_brought():
    conversation, operator = await in_database(taken_conversation)
    conv = conversation.public_id.hex
    async with (
        await ChatClient.of_operator(operator) as reader,
        await ChatClient.of_operator(operator) as other_tab,
    ):
        for tab in (reader, other_tab):
            await tab.hello(conversation)
            await tab.expect("synced")

        await reader.say(type="ack", conv=conv, seq=2)
        await reader.say(type="read", conv=conv, seq=1)

        told = await other_tab.expect("marks")
        assert told["marks"]["operator_read"] == 1


async def test_nobody_reads_further_than_he_was_sent():
    conversation, operator = await in_database(taken_conversation)
    conv = conversation.public_id.hex
    async with (
        ChatClient.of_visitor(conversation.visitor) as visitor,
        await ChatClient.of_operator(operator) as desk,
    ):
        for client in (visitor, desk):
            await client.hello(conversation)
            await client.expect("synced")

        await desk.say(type="read", conv=conv, seq=99)

        assert (await visitor.expect("marks"))["marks"]["operator_read"] == 2


async def test_an_ack_beyond_what_was_sent_is_reset():
    conversation = await in_database(make_conversation)
    async with ChatClient.of_visitor(conversation.visitor) as visitor:
        await visitor.hello(conversation)
        await visitor.expect("synced")

        await visitor.say(type="ack", conv=conversation.public_id.hex, seq=50)

        assert (await visitor.expect("reset"))["reason"] == "ahead"


async def test_what_came_before_a_second_hello_may_be_acknowledged_after_it():
    """A client that asks again while entries are under way is no liar."""
    conversation, operator = await in_database(taken_conversation)
    await in_database(fill, conversation, actor_of_operator(operator), ["a", "b", "c"])
    conv = conversation.public_id.hex
    async with ChatClient.of_visitor(conversation.visitor) as visitor:
        await visitor.hello(conversation)
        await visitor.expect("synced")

        await visitor.say(type="hello", resume=[{"conv": conv, "cursor": 2}])
        await visitor.say(type="ack", conv=conv, seq=5)
        await visitor.expect("synced")

        assert visitor.kept("reset") == []
        await visitor.say(type="ack", conv=conv, seq=6)
        await visitor.expect("reset")


async def test_who_asks_again_during_a_replay_does_not_make_it_begin_anew():
    """A slow client with a slow database would otherwise never come to an end."""
    conversation, operator = await in_database(taken_conversation)
    texts = [f"word {number}" for number in range(WINDOW + 50)]
    await in_database(fill, conversation, actor_of_operator(operator), texts)
    conv = conversation.public_id.hex
    async with ChatClient.of_visitor(conversation.visitor) as visitor:
        await visitor.hello(conversation)
        first = await visitor.expect("events", to=WINDOW)
        for cursor in (0, 50):
            await visitor.say(type="hello", resume=[{"conv": conv, "cursor": cursor}])
        await visitor.say(type="ack", conv=conv, seq=WINDOW)
        await visitor.expect("synced")

    brought = [first, *visitor.kept("events")]
    spans = [(each["from"], each["to"]) for each in brought]
    assert spans == [(1, WINDOW), (WINDOW + 1, WINDOW + 52)]


async def test_what_was_seen_before_a_second_hello_counts_though_it_replays():
    conversation, operator = await in_database(taken_conversation)
    await in_database(fill, conversation, actor_of_operator(operator), ["a", "b", "c"])
    conv = conversation.public_id.hex
    async with ChatClient.of_visitor(conversation.visitor) as visitor:
        await visitor.hello(conversation)
        await visitor.expect("synced")
        await visitor.say(type="hello", resume=[{"conv": conv, "cursor": 2}])
        await visitor.say(type="read", conv=conv, seq=5)

        marks = (await visitor.expect("marks"))["marks"]
        assert marks["visitor_read"] == 5


async def test_a_draft_is_seen_by_staff_and_never_by_the_visitors_own_side():
    conversation, operator = await in_database(taken_conversation)
    async with (
        ChatClient.of_visitor(conversation.visitor) as visitor,
        await ChatClient.of_operator(operator) as desk,
    ):
        await visitor.hello(conversation)
        await visitor.expect("synced")
        await desk.hello(conversation)
        await desk.expect("synced")
        conv = conversation.public_id.hex

        await visitor.say(type="eph", conv=conv, kind="draft", text="And do you")
        draft = await desk.expect("eph")
        await desk.say(type="eph", conv=conv, kind="typing", text="a secret")
        typing = await visitor.expect("eph")

        assert (draft["kind"], draft["text"]) == ("draft", "And do you")
        assert (typing["kind"], typing.get("text", "")) == ("typing", "")
        assert await in_database(Entry.objects.filter(text="And do you").count) == 0


async def test_a_ping_is_answered_with_the_heads():
    conversation = await in_database(make_conversation)
    async with ChatClient.of_visitor(conversation.visitor) as visitor:
        await visitor.hello(conversation)
        await visitor.expect("synced")

        await visitor.say(type="ping", t=7)

        assert (await visitor.expect("pong"))["t"] == 7
        heads = await visitor.expect("heads")
        assert heads["heads"] == {conversation.public_id.hex: 1}


async def test_the_inbox_shows_a_new_question_and_who_took_it():
    operator = await in_database(make_operator)
    async with await ChatClient.of_operator(operator) as desk:
        await desk.hello()
        first = await desk.expect("inbox")
        assert (first["whole"], first["rows"]) == (True, [])

        conversation = await in_database(make_conversation)
        asked = await desk.expect("inbox")
        await in_database(
            take_conversation,
            conversation_id=conversation.pk,
            actor=actor_of_operator(operator),
            at=timezone.now(),
        )
        taken = await desk.expect("inbox")

        assert asked["rows"][0]["status"] == "waiting"
        assert asked["rows"][0]["preview"] == "Is it in stock?"
        assert (taken["rows"][0]["status"], taken["rows"][0]["owner"]) == (
            "open",
            str(operator.pk),
        )


async def test_availability_is_told_when_an_operator_arrives():
    conversation = await in_database(make_conversation)
    operator = await in_database(make_operator)
    async with ChatClient.of_visitor(conversation.visitor) as visitor:
        await visitor.hello(conversation)
        nobody = await visitor.expect("availability")
        async with await ChatClient.of_operator(operator) as desk:
            await desk.hello()
            somebody = await visitor.expect("availability")

    assert nobody["availability"]["state"] == "away"
    assert somebody["availability"]["state"] == "online"
    assert somebody["availability"]["operators"][0]["name"] == "Anna"


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "{not json",
        "null",
        "7",
        '"text"',
        "[]",
        "[" * 20_000,
        "9" * 5_000,
        '{"type": 3}',
        '{"type": "send"}',
        '{"type": "send", "cmid": "x", "conv": "y", "body": {"text": "z"}}',
        '{"type": "ping", "t": NaN}',
        '{"type": "hello", "resume": [' + "{}," * 100 + "{}]}",
        json.dumps({"type": "ping", "t": 1, "more": "x" * 17_000}),
    ],
)
async def test_a_malformed_frame_is_answered_and_the_socket_stays(raw):
    conversation = await in_database(make_conversation)
    async with ChatClient.of_visitor(conversation.visitor) as visitor:
        await visitor.hello(conversation)

        await visitor.say_raw(raw)

        nack = await visitor.expect("nack")
        assert nack["code"] in ("invalid", "too_large")
        await visitor.say(type="ping", t=1)
        await visitor.expect("pong")


@pytest.mark.parametrize("text", ["a\0b", "\ud800", "", "   ", "x" * 4001])
async def test_text_that_cannot_be_kept_is_refused_with_its_client_id(text):
    conversation = await in_database(make_conversation)
    async with ChatClient.of_visitor(conversation.visitor) as visitor:
        await visitor.hello(conversation)
        await visitor.expect("synced")

        await visitor.send(conversation, text)

        nack = await visitor.expect("nack")
        assert nack["code"] in ("invalid", "too_large")
        assert await visitor.send(conversation, "and now properly")
        await visitor.expect("sent")


async def test_binary_frames_are_refused_and_unknown_types_are_ignored(process):
    conversation = await in_database(make_conversation)
    async with ChatClient.of_visitor(conversation.visitor) as visitor:
        await visitor.hello(conversation)
        await visitor.expect("synced")

        await visitor.say_bytes(b"\x00\x01")
        await visitor.expect("nack")
        await visitor.say(type="hologram", size="life")
        await visitor.say(type="ping", t=1, a_field_of_next_year=True)

        await visitor.expect("pong")
        assert process.counts["unknown_frames"] == 1


async def test_many_malformed_frames_end_the_socket():
    conversation = await in_database(make_conversation)
    async with ChatClient.of_visitor(conversation.visitor) as visitor:
        await visitor.hello(conversation)
        for _ in range(20):
            await visitor.say_raw("{")

        assert await visitor.expect_close() == 4422


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "http://testserver:8080",
        "https://testserver",
        "null",
        "chrome-extension://testserver",
        "",
    ],
)
async def test_a_page_of_another_origin_cannot_open_a_socket(origin):
    client = ChatClient("/chatdesk/ws/visitor/", origin=origin)

    assert not await client.connect()


async def test_a_socket_without_a_visitor_is_told_and_closed():
    async with ChatClient("/chatdesk/ws/visitor/") as client:
        assert (await client.expect("bye"))["code"] == 4401
        assert await client.expect_close() == 4401


async def test_an_operator_whose_right_is_gone_is_closed_within_seconds(process):
    operator = await in_database(make_operator)
    async with await ChatClient.of_operator(operator) as desk:
        await desk.hello()
        operator.is_active = False
        await in_database(operator.save)

        assert await desk.expect_close() == 4401


async def test_how_an_operator_judged_a_dialog_is_not_for_its_visitor():
    conversation, operator = await in_database(taken_conversation)
    async with (
        ChatClient.of_visitor(conversation.visitor) as visitor,
        await ChatClient.of_operator(operator) as desk,
    ):
        for client in (visitor, desk):
            await client.hello(conversation)
            await client.expect("synced")

        await in_database(
            close_conversation,
            conversation_id=conversation.pk,
            actor=actor_of_operator(operator),
            outcome="not_customer",
            at=timezone.now(),
        )

        shown = (await visitor.expect("events", **{"from": 3}))["items"][0]
        kept = (await desk.expect("events", **{"from": 3}))["items"][0]
        assert (shown["kind"], shown.get("data")) == ("closed", None)
        assert kept["data"] == {"outcome": "not_customer"}

    async with ChatClient.of_visitor(conversation.visitor) as again:
        await again.hello(conversation)
        replayed = (await again.expect("events"))["items"][-1]
        assert replayed.get("data") is None


async def test_a_name_that_staff_write_down_reaches_every_list():
    conversation, operator = await in_database(taken_conversation)
    async with await ChatClient.of_operator(operator) as desk:
        await desk.hello()
        await desk.expect("inbox", whole=True)

        await in_database(
            write_card,
            visitor_id=conversation.visitor_id,
            actor=actor_of_operator(operator),
            name="Ingrid Dahl",
            contact=None,
        )

        assert (await desk.expect("inbox"))["rows"][0]["visitor"] == "Ingrid Dahl"
