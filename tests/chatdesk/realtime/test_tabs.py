"""A visitor with very many tabs: the oldest that nobody looks at gives way."""

from contextlib import AsyncExitStack

import pytest

from chatdesk.models import Entry
from chatdesk.realtime import tabs
from chatdesk.threads import in_database
from tests.factories import make_conversation
from tests.sockets import ChatClient, until

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def few(monkeypatch):
    monkeypatch.setattr(tabs, "MOST_TABS", 3)


async def open_tab(stack, conversation, *, hides=False):
    client = ChatClient.of_visitor(conversation.visitor)
    await stack.enter_async_context(client)
    await client.hello(conversation)
    if hides:
        await client.say(type="ping", t=1, hidden=True)
        await client.expect("pong")
    return client


async def test_one_tab_too_many_sends_the_oldest_hidden_one_to_rest(process):
    conversation = await in_database(make_conversation)
    async with AsyncExitStack() as stack:
        shown = await open_tab(stack, conversation)
        hidden = await open_tab(stack, conversation, hides=True)
        hidden_too = await open_tab(stack, conversation, hides=True)

        latest = await open_tab(stack, conversation)

        assert (await hidden.expect("bye"))["code"] == 4409
        assert await hidden.expect_close() == 4409
        for tab in (shown, hidden_too, latest):
            await tab.say(type="ping", t=1)
            await tab.expect("pong")


async def test_where_all_are_looked_at_it_is_the_oldest():
    conversation = await in_database(make_conversation)
    async with AsyncExitStack() as stack:
        first, *_others = [await open_tab(stack, conversation) for _tab in range(4)]
        assert await first.expect_close() == 4409


async def test_what_it_had_sent_is_in_the_log():
    conversation = await in_database(make_conversation, entries=())
    async with AsyncExitStack() as stack:
        first = await open_tab(stack, conversation)
        cmid = await first.send(conversation, "Is it in stock?")
        for _tab in range(3):
            await open_tab(stack, conversation)
        assert await first.expect_close() == 4409
        latest = await open_tab(stack, conversation)
        assert (await latest.expect("events"))["items"][-1]["cmid"] == cmid
    entry = await in_database(Entry.objects.get)
    assert entry.text == "Is it in stock?"


async def test_tabs_that_were_closed_make_room_and_others_have_their_own(process):
    conversation = await in_database(make_conversation)
    other = await in_database(make_conversation)
    async with AsyncExitStack() as stack:
        first = await open_tab(stack, conversation)
        for _time in range(5):
            async with AsyncExitStack() as brief:
                await open_tab(brief, conversation)
        for _tab in range(3):
            await open_tab(stack, other)
        await first.say(type="ping", t=1)
        await first.expect("pong")
    assert process.tabs._tabs == {}


async def test_thirty_pages_in_a_row_are_one_tab_and_one_conversation(process):
    conversation = await in_database(make_conversation, entries=())
    for page in range(30):
        async with ChatClient.of_visitor(conversation.visitor) as client:
            await client.follow(conversation, cursor=page // 10)
            assert len(process.sockets) == 1
            if page % 10 == 0:
                await client.send(conversation, f"page {page}")
                await client.expect("events")
    await until(lambda: not process.sockets)
    rows = await in_database(lambda: list(Entry.objects.order_by("seq")))
    assert [row.text for row in rows] == ["page 0", "page 10", "page 20"]
