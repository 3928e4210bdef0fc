"""One intent is one entry, by whichever way and however often it comes."""

import asyncio
from uuid import uuid4

import pytest
import pytest_asyncio

from chatdesk.models import Entry
from chatdesk.realtime.process import Process
from chatdesk.threads import in_database
from tests.chatdesk.api.callers import Desk, Page
from tests.factories import make_conversation, make_operator
from tests.sockets import ChatClient

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest_asyncio.fixture(autouse=True)
async def process():
    running = await Process.running()
    yield running
    await running.stop()


async def test_a_message_by_socket_and_again_over_http_is_one_entry():
    conversation = await in_database(make_conversation, entries=())
    async with ChatClient.of_visitor(conversation.visitor) as socket:
        await socket.hello(conversation)
        cmid = await socket.send(conversation, "Is it in stock?")
        sent = await socket.expect("sent", cmid=cmid)
        page = Page(conversation.visitor)

        again = await in_database(page.say, conversation, "Is it in stock?", key=cmid)

        assert again.status_code == 200
        assert again.json() == {**sent, "dup": True}
        assert await in_database(Entry.objects.count) == 1


async def test_a_message_over_http_and_again_by_socket_is_one_entry():
    conversation = await in_database(make_conversation, entries=())
    page, key = Page(conversation.visitor), uuid4().hex
    first = await in_database(page.say, conversation, "Is it in stock?", key=key)
    async with ChatClient.of_visitor(conversation.visitor) as socket:
        await socket.hello(conversation)

        await socket.send(conversation, "Is it in stock?", cmid=key)

        assert await socket.expect("sent") == {**first.json(), "dup": True}
        assert await in_database(Entry.objects.count) == 1


async def test_a_message_over_http_reaches_an_open_socket():
    operator = await in_database(make_operator)
    conversation = await in_database(make_conversation)
    async with ChatClient.of_visitor(conversation.visitor) as socket:
        await socket.hello(conversation)
        await socket.expect("synced")
        desk = await in_database(Desk, operator)
        await in_database(
            desk.post, f"conversations/{conversation.public_id.hex}/take/"
        )

        answer = await in_database(desk.say, conversation, "It is.")

        seq = answer.json()["seq"]
        events = await socket.expect("events", **{"from": seq})
        assert events["items"][0]["text"] == "It is."


async def test_many_requests_with_one_key_at_once_are_one_entry():
    conversation = await in_database(make_conversation, entries=())
    key = uuid4().hex

    def post():
        return Page(conversation.visitor).say(conversation, "Is it?", key=key)

    answers = await asyncio.gather(*(in_database(post) for _ in range(8)))

    assert sorted(each.status_code for each in answers) == [200] * 7 + [201]
    assert {each.json()["seq"] for each in answers} == {1}
    assert await in_database(Entry.objects.count) == 1


async def test_one_key_of_two_authors_is_two_entries():
    operator = await in_database(make_operator)
    conversation = await in_database(make_conversation)
    key = uuid4().hex
    desk, page = await in_database(Desk, operator), Page(conversation.visitor)
    await in_database(desk.post, f"conversations/{conversation.public_id.hex}/take/")

    answers = [
        await in_database(caller.say, conversation, "same key", key=key)
        for caller in (desk, page)
    ]

    assert [each.status_code for each in answers] == [201, 201]
    assert await in_database(Entry.objects.filter(cmid=key).count) == 2
