"""A mark that was lost on its way is stored, and shown, a little later."""

from datetime import timedelta

import pytest
from django.db import OperationalError

from chatdesk.realtime import clockwork, writer
from chatdesk.selectors.log import marks_of
from chatdesk.services import marks as marks_service
from chatdesk.threads import in_database
from tests.factories import make_conversation, make_operator
from tests.sockets import ChatClient, found

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop(monkeypatch):
    monkeypatch.setattr(clockwork, "MARKS_EVERY_S", 0.1)
    return {"HEAD_POLL": timedelta(minutes=10), "TICK": False}


@pytest.fixture
def conversation():
    anna = make_operator()
    lines = (("visitor", "Is it in stock?"), ("operator", "It is."))
    return make_conversation(operator=anna, entries=lines)


def stored(conversation):
    (marks,) = marks_of(conversation_ids=[conversation.pk]).values()
    return marks


async def test_a_mark_that_no_bell_told_of_is_shown(conversation, monkeypatch):
    monkeypatch.setattr(marks_service, "ring_marks", lambda _bells: None)
    async with (
        ChatClient.of_visitor(conversation.visitor) as visitor,
        await ChatClient.of_operator(conversation.operator) as operator,
    ):
        for client in (visitor, operator):
            await client.hello(conversation)
            await client.expect("synced")
        head = conversation.head
        await operator.say(type="read", conv=conversation.public_id.hex, seq=head)
        shown = {"operator_delivered": head, "operator_read": head}
        await visitor.expect("marks", marks=shown)


async def test_a_mark_that_the_database_refused_is_stored_again(
    conversation, monkeypatch
):
    refusals = iter([OperationalError("gone"), OperationalError("still gone")])

    def refuse_at_first(moves):
        if refusal := next(refusals, None):
            raise refusal
        marks_service.move_marks(moves)

    monkeypatch.setattr(writer, "move_marks", refuse_at_first)
    async with ChatClient.of_visitor(conversation.visitor) as visitor:
        await visitor.hello(conversation)
        await visitor.expect("synced")
        head = conversation.head
        await visitor.say(type="read", conv=conversation.public_id.hex, seq=head)
        await found(lambda: stored(conversation).visitor_read == head)


async def test_who_comes_back_has_applied_what_he_says(conversation):
    async with ChatClient.of_visitor(conversation.visitor) as visitor:
        await visitor.hello(conversation, cursor=conversation.head)
        await visitor.expect("synced")
        await found(lambda: stored(conversation).visitor_delivered == conversation.head)


async def test_nothing_is_asked_of_a_conversation_that_both_have_read(
    conversation, process, monkeypatch
):
    asked = []

    async def count(function, /, *args, **kwargs):
        asked.append(kwargs)
        return await in_database(function, *args, **kwargs)

    async with (
        ChatClient.of_visitor(conversation.visitor) as visitor,
        await ChatClient.of_operator(conversation.operator) as operator,
    ):
        for client in (visitor, operator):
            await client.hello(conversation)
            await client.expect("synced")
            place = {"conv": conversation.public_id.hex, "seq": conversation.head}
            await client.say(type="read", **place)
        everything = {conversation.head}
        await found(lambda: set(marks_in(stored(conversation))) == everything)
        await process.marks.look()
        monkeypatch.setattr("chatdesk.realtime.mark_watch.in_database", count)
        await process.marks.look()
        assert asked == []


def marks_in(marks):
    return (
        marks.visitor_delivered,
        marks.visitor_read,
        marks.operator_delivered,
        marks.operator_read,
    )
