"""Rows of the operators' list: together, soon when it matters, and none lost."""

import asyncio
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from chatdesk.realtime import inbox_feed
from chatdesk.selectors.visitors import actor_of
from chatdesk.services.conversations import release_conversation
from chatdesk.threads import in_database
from tests.factories import (
    actor_of_operator,
    make_conversation,
    make_led_conversation,
    make_operator,
    say,
)
from tests.sockets import ChatClient, until

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def reads(monkeypatch):
    """Count how many rows each read of the list asks for."""
    counted = []
    list_rows = inbox_feed.list_rows

    def count(*, public_ids):
        counted.append(len(public_ids))
        return list_rows(public_ids=public_ids)

    monkeypatch.setattr(inbox_feed, "list_rows", count)
    return counted


@pytest.fixture
def quick(monkeypatch):
    """Let what may come later come soon."""
    monkeypatch.setattr(inbox_feed, "LATER_S", 0.1)


async def test_rows_that_change_together_are_read_and_sent_together(reads):
    operators = [await in_database(make_operator) for _ in range(2)]
    async with (
        await ChatClient.of_operator(operators[0]) as first,
        await ChatClient.of_operator(operators[1]) as second,
    ):
        for desk in (first, second):
            await desk.hello()
            await desk.expect("inbox", whole=True)

        def ask():
            return [make_conversation() for _ in range(6)]

        conversations = await in_database(ask)

        seen = set()
        while len(seen) < 6:
            seen |= {row["conv"] for row in (await first.expect("inbox"))["rows"]}
        assert seen == {each.public_id.hex for each in conversations}
        assert sum(reads) == 6
        assert (await second.expect("inbox"))["rows"]


async def test_nobody_reads_rows_while_no_operator_is_there(reads):
    conversation = await in_database(make_conversation)
    async with ChatClient.of_visitor(conversation.visitor) as visitor:
        await visitor.hello(conversation)
        await visitor.send(conversation, "Hello?")
        await visitor.expect("sent")

    assert reads == []


async def test_words_in_a_dialog_that_somebody_leads_may_come_later(process):
    operator = await in_database(make_operator)
    conversation = await in_database(make_led_conversation, operator)
    async with await ChatClient.of_operator(operator) as desk:
        await desk.hello(conversation)
        await desk.expect("inbox", whole=True)
        await desk.expect("synced")

        await in_database(say, conversation, actor_of(conversation.visitor), "Hello?")
        await desk.expect("events", **{"from": 3})
        loop = asyncio.get_running_loop()
        assert process.inbox._due.when() - loop.time() > 1
        await in_database(
            release_conversation,
            conversation_id=conversation.pk,
            actor=actor_of_operator(operator),
            at=timezone.now(),
        )

        row = (await desk.expect("inbox"))["rows"][0]
        assert (row["status"], row["preview"], row["unread"]) == (
            "waiting",
            "Hello?",
            2,
        )


async def test_a_look_at_the_heads_sends_only_rows_that_no_bell_told_of(
    process, monkeypatch, reads
):
    operator = await in_database(make_operator)
    conversation = await in_database(make_led_conversation, operator)
    async with await ChatClient.of_operator(operator) as desk:
        await desk.hello()
        await desk.expect("inbox", whole=True)
        await in_database(say, conversation, actor_of(conversation.visitor), "Told")
        await until(lambda: process.inbox._due)
        quiet_for = process.inbox._due.when()

        await process._clockwork._look_at_heads()
        assert process.inbox._due.when() == quiet_for

        monkeypatch.setattr(process, "_bring", lambda bells: None)
        await in_database(say, conversation, actor_of(conversation.visitor), "Untold")
        await process._clockwork._look_at_heads()

        row = (await desk.expect("inbox"))["rows"][0]
        assert (row["preview"], row["unread"]) == ("Untold", 3)
    assert reads == [1]


async def test_rows_that_could_not_be_read_come_when_they_can(
    quick, monkeypatch, caplog
):
    operator = await in_database(make_operator)
    list_rows = inbox_feed.list_rows
    failures = []

    def fail_once(*, public_ids):
        if failures:
            return list_rows(public_ids=public_ids)
        failures.append(public_ids)
        raise OperationalError

    monkeypatch.setattr(inbox_feed, "list_rows", fail_once)
    async with await ChatClient.of_operator(operator) as desk:
        await desk.hello()
        await desk.expect("inbox", whole=True)

        conversation = await in_database(make_conversation)

        rows = (await desk.expect("inbox"))["rows"]
        assert [row["conv"] for row in rows] == [conversation.public_id.hex]
    assert "could not be read" in caplog.text


async def test_what_one_operator_has_read_is_read_for_all(quick):
    operators = [await in_database(make_operator) for _ in range(2)]
    conversation = await in_database(
        make_conversation, at=timezone.now() - timedelta(minutes=1)
    )
    conv = conversation.public_id.hex
    async with (
        await ChatClient.of_operator(operators[0]) as reader,
        await ChatClient.of_operator(operators[1]) as colleague,
    ):
        await reader.hello(conversation)
        await reader.expect("synced")
        await colleague.hello()
        whole = await colleague.expect("inbox", whole=True)
        assert whole["rows"][0]["unread"] == 1

        await reader.say(type="read", conv=conv, seq=1)

        for desk in (colleague, reader):
            row = (await desk.expect("inbox", whole=None))["rows"][0]
            assert (row["conv"], row.get("unread", 0)) == (conv, 0)
