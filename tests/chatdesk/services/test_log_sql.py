"""The log's own statements do exactly what the ORM would have done."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from chatdesk.models import AuthorKind, Conversation, Entry
from chatdesk.selectors.visitors import actor_of
from chatdesk.services.log import MOVING, RARE
from chatdesk.services.log_sql import ENTRY_FIELDS, select_known, select_locked, store
from tests.factories import (
    NOON,
    make_conversation,
    make_led_conversation,
    make_operator,
    say,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

AWKWARD = 'it\'s 100% “fine”; -- \\u0041 {"a": [1]} \n\t😀 &<>'


def changed(rows, operator):
    """Give each row another mixture of values and of nothing."""
    for number, row in enumerate(rows):
        row.head += number
        row.preview = AWKWARD * (number % 3)
        row.begun_online = [None, True, False][number % 3]
        row.waiting_since = (
            None if number % 2 else NOON + timedelta(microseconds=number)
        )
        row.operator = operator if number % 2 else None
        row.first_answered_by = operator if number % 3 else None
        row.closed_at = NOON if number == 1 else None
        row.thumb = "up" if number else ""
    return rows


def new_entries(rows):
    return [
        Entry(
            conversation=row,
            seq=row.head + 100,
            author_kind=AuthorKind.VISITOR,
            author_id=row.visitor_id,
            cmid=uuid4(),
            kind=Entry.Kind.MESSAGE,
            staff_only=bool(number % 2),
            text=AWKWARD,
            data=[None, {"thumb": "up", "comment": AWKWARD}, {}][number % 3],
            at=NOON + timedelta(microseconds=number),
        )
        for number, row in enumerate(rows)
    ]


def stored():
    conversations = Conversation.objects.order_by("pk").values("pk", *MOVING, *RARE)
    entries = Entry.objects.order_by("conversation", "seq").values(*ENTRY_FIELDS)
    return list(conversations), list(entries)


@pytest.mark.parametrize("number", [1, 2, 25])
def test_a_batch_is_stored_as_the_orm_would_store_it(number):
    operator = make_operator()
    for _ in range(number):
        make_conversation()
    rows = changed(list(Conversation.objects.order_by("pk")), operator)
    entries = new_entries(rows)
    Conversation.objects.bulk_update(rows, (*MOVING, *RARE))
    Entry.objects.bulk_create(entries)
    expected = stored()
    Entry.objects.filter(seq__gte=100).delete()
    Conversation.objects.update(head=0, preview="", begun_online=None, thumb="")

    store(entries=new_like(entries), rows=rows, facts=(*MOVING, *RARE))

    assert stored() == expected


def new_like(entries):
    return [
        Entry(
            **{
                field.attname: getattr(entry, field.attname)
                for field in Entry._meta.concrete_fields
                if not field.primary_key
            }
        )
        for entry in entries
    ]


def test_what_is_locked_and_what_is_known_are_the_rows_of_the_orm():
    conversations = [make_conversation() for _ in range(3)]
    ids = {each.pk for each in conversations[:2]}
    known = list(Entry.objects.filter(conversation__in=ids))
    asked = {(entry.conversation_id, entry.cmid) for entry in known}
    stranger = (conversations[2].pk, known[0].cmid)

    rows = locked(ids)
    assert [row.pk for row in rows] == sorted(ids)
    assert set(select_known({*asked, stranger, (1, uuid4())})) == set(known)
    assert not list(select_known({stranger}))


def test_a_locked_row_has_every_value_that_the_orm_reads():
    operator = make_operator()
    (row,) = changed([make_conversation()], operator)
    row.closed_at, row.begun_online = NOON + timedelta(microseconds=7), True
    row.save()

    (read,) = locked([row.pk])

    expected = Conversation.objects.get(pk=row.pk)
    assert {**vars(read), "_state": None} == {**vars(expected), "_state": None}
    assert (read._state.adding, read._state.db) == (False, "default")
    assert read.visitor == expected.visitor


def locked(ids):
    with transaction.atomic():
        return list(select_locked(ids, wait=True))


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="it is PostgreSQL that plans this"
)
def test_known_ids_are_looked_up_one_by_one_and_never_by_reading_the_log():
    conversation = make_conversation()
    entries = [
        Entry(conversation=conversation, seq=seq, cmid=uuid4(), at=NOON)
        for seq in range(10, 3_010)
    ]
    Entry.objects.bulk_create(entries)
    asked = {(conversation.pk, entry.cmid) for entry in entries[:150]}
    statements = []

    def explain(execute, sql, params, many, context):
        if "unnest" in sql:
            statements.append(sql)
            execute(f"EXPLAIN {sql}", params, many, context)
            plan = "\n".join(line for (line,) in context["cursor"].fetchall())
            assert "Seq Scan" not in plan
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        found = list(select_known(asked))

    assert {entry.cmid for entry in found} == {cmid for _, cmid in asked}
    assert len(statements) == 1


def test_a_plain_word_leaves_alone_what_only_few_change():
    operator = make_operator()
    conversation = make_led_conversation(operator)
    with CaptureQueriesContext(connection) as queries:
        say(conversation, actor_of(conversation.visitor), "And this?")

    (update,) = [
        each["sql"]
        for each in queries
        if "SET" in each["sql"] and "preview" in each["sql"]
    ]
    _, _, changes = update.partition("UPDATE")
    changes, _, _ = changes.partition(" FROM ")
    assert "preview" in changes
    assert "first_answered_at" not in changes
