"""A database without room for one more row: words wait at the client, nothing is lost.

The database itself refuses the row, as it does when its disk is full.
"""

import pytest
from django.db import connection

from chatdesk.models import Entry
from chatdesk.threads import in_database
from tests.factories import make_conversation
from tests.sockets import ChatClient

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgres,
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="it is PostgreSQL that says so"
    ),
]

FILL = """
    CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full';
    END $$;
    CREATE TRIGGER full_disk BEFORE INSERT ON chatdesk_entry
        EXECUTE FUNCTION no_room();
"""
FREE = "DROP FUNCTION IF EXISTS no_room CASCADE"


def execute(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


def texts():
    return list(Entry.objects.order_by("seq").values_list("text", flat=True))


async def test_words_are_kept_back_while_the_disk_is_full_and_go_in_after_it():
    conversation = await in_database(make_conversation, entries=[("visitor", "Hello")])
    async with ChatClient.of_visitor(conversation.visitor) as client:
        await client.hello(conversation)
        await in_database(execute, FILL)
        try:
            cmid = await client.send(conversation, "Is it in stock?")
            nack = await client.expect("nack", cmid=cmid)
        finally:
            await in_database(execute, FREE)
        assert "final" not in nack
        assert nack["retry_after"]
        assert await in_database(texts) == ["Hello"]

        await client.send(conversation, "Is it in stock?", cmid=cmid)
        assert (await client.expect("sent", cmid=cmid))["seq"] == 2
    assert await in_database(texts) == ["Hello", "Is it in stock?"]
