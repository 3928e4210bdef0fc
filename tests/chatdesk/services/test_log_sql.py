"""The statement that stores facts says exactly what the ORM would have stored."""

from datetime import timedelta

import pytest
from django.db import connection

from chatdesk.models import Conversation
from chatdesk.services.log import FACTS
from chatdesk.services.log_sql import update_conversations
from tests.factories import NOON, make_conversation, make_operator

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def changed(rows, operator):
    """Give each row another mixture of values and of nothing."""
    for number, row in enumerate(rows):
        row.head += number
        row.preview = "it's 100% “fine”; --" * number
        row.begun_online = [None, True, False][number % 3]
        row.waiting_since = None if number % 2 else NOON + timedelta(microseconds=number)
        row.operator = operator if number % 2 else None
        row.first_answered_by = operator if number % 3 else None
        row.closed_at = NOON if number == 1 else None
        row.thumb = "up" if number else ""
    return rows


def stored():
    return list(Conversation.objects.order_by("pk").values("pk", *FACTS))


@pytest.mark.parametrize("number", [1, 2, 25])
def test_rows_are_stored_as_bulk_update_would_store_them(number):
    operator = make_operator()
    for _ in range(number):
        make_conversation()
    rows = changed(list(Conversation.objects.order_by("pk")), operator)
    Conversation.objects.bulk_update(rows, FACTS)
    expected = stored()
    Conversation.objects.update(head=0, preview="", begun_online=None, thumb="")

    update_conversations(rows, FACTS)

    assert stored() == expected


def test_it_is_one_statement(django_assert_num_queries):
    rows = [make_conversation() for _ in range(30)]

    with django_assert_num_queries(1):
        update_conversations(rows, FACTS)

    assert connection.vendor in ("sqlite", "postgresql")
