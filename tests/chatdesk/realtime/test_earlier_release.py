"""Clients that a browser kept from an earlier release, against the server of today."""

from uuid import uuid4

import pytest

from chatdesk.threads import in_database
from tests.factories import (
    actor_of_operator,
    make_conversation,
    make_led_conversation,
    make_operator,
    say,
)
from tests.sockets import ChatClient

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.mark.parametrize("version", [{}, {"v": 0}, {"v": 1}])
async def test_who_says_only_what_was_said_first_talks_as_everybody(version):
    """No tab, no epoch, nothing optional: and every word has its own answer."""
    operator = await in_database(make_operator)
    conversation = await in_database(make_led_conversation, operator)
    conv, cmid = conversation.public_id.hex, uuid4().hex
    async with ChatClient.of_visitor(conversation.visitor) as visitor:
        await visitor.say(type="hello", **version, resume=[{"conv": conv}])
        await visitor.expect("welcome", v=1)
        await visitor.expect("synced")

        await visitor.say(type="send", cmid=cmid, conv=conv, body={"text": "Hello?"})
        sent = await visitor.expect("sent", cmid=cmid)
        await visitor.say(type="ack", conv=conv, seq=sent["seq"])
        await in_database(say, conversation, actor_of_operator(operator), "Hello.")

        answer = await visitor.expect("events", **{"from": sent["seq"] + 1})
        assert answer["items"][0]["text"] == "Hello."
        assert visitor.kept("nack") == []


async def test_a_workspace_of_an_earlier_release_talks_too():
    operator = await in_database(make_operator)
    conversation = await in_database(make_led_conversation, operator)
    conv, cmid = conversation.public_id.hex, uuid4().hex
    client = await ChatClient.of_operator(operator)
    async with client as desk:
        await desk.say(type="hello", resume=[{"conv": conv}])
        await desk.expect("synced")

        await desk.say(type="send", cmid=cmid, conv=conv, body={"text": "Hello."})

        await desk.expect("sent", cmid=cmid)


async def test_a_hello_of_a_later_release_is_served_by_what_it_says_of_today():
    conversation = await in_database(make_conversation)
    resume = [{"conv": conversation.public_id.hex, "cursor": 0, "later": "field"}]
    async with ChatClient.of_visitor(conversation.visitor) as visitor:
        await visitor.say(type="hello", v=2, resume=resume, later={"a": 1})

        # It learns which version it has come to.
        await visitor.expect("welcome", v=1)
        await visitor.expect("synced")
