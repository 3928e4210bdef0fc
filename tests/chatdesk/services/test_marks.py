"""Marks only grow, in whatever order and however often they come."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chatdesk.models import AuthorKind, Mark
from chatdesk.services.marks import MarkMove, move_marks
from tests.factories import make_conversation
from tests.together import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def move(conversation, *, delivered=0, read=0, kind=AuthorKind.VISITOR, person=7):
    return MarkMove(
        conversation_id=conversation.pk,
        public_id=conversation.public_id.hex,
        author_kind=kind,
        author_id=person,
        delivered=delivered,
        read=read,
    )


def stored():
    return list(
        Mark.objects.order_by(
            "conversation_id", "author_kind", "author_id"
        ).values_list("delivered_seq", "read_seq")
    )


def test_what_is_read_is_delivered_too():
    move_marks([move(make_conversation(), read=5)])

    assert stored() == [(5, 5)]


def test_a_smaller_number_that_comes_late_changes_nothing():
    conversation = make_conversation()

    for delivered, read in [(3, 0), (9, 4), (5, 2), (0, 1), (9, 4)]:
        move_marks([move(conversation, delivered=delivered, read=read)])

    assert stored() == [(9, 4)]


def test_moves_of_one_person_in_one_batch_are_merged():
    conversation = make_conversation()

    move_marks(
        [
            move(conversation, delivered=3),
            move(conversation, read=2),
            move(conversation, delivered=1),
        ]
    )

    assert stored() == [(3, 2)]


def test_every_participant_has_marks_of_his_own():
    first, second = make_conversation(), make_conversation()

    move_marks(
        [
            move(first, delivered=1),
            move(first, delivered=2, kind=AuthorKind.OPERATOR),
            move(first, delivered=3, kind=AuthorKind.OPERATOR, person=8),
            move(second, delivered=4),
        ]
    )

    assert sorted(stored()) == [(1, 0), (2, 0), (3, 0), (4, 0)]


def test_a_batch_is_one_statement():
    conversations = [make_conversation() for _ in range(10)]

    with CaptureQueriesContext(connection) as queries:
        move_marks([move(each, delivered=1) for each in conversations])

    assert sum("INSERT" in query["sql"] for query in queries) == 1


def test_no_moves_need_no_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        move_marks([])


def test_marks_moved_at_once_end_at_the_largest():
    conversations = [make_conversation() for _ in range(5)]

    def mover(start):
        def run():
            for number in range(start, 40, 4):
                rows = conversations if number % 2 else list(reversed(conversations))
                move_marks([move(each, delivered=number) for each in rows])

        return run

    outcomes = together(*(mover(start) for start in range(1, 5)))

    assert outcomes == [None] * 4
    assert stored() == [(39, 0)] * 5


def test_the_sides_of_a_dialog_can_be_moved_at_once_in_any_order():
    """Two batches that name the same rows in opposite order must not wait in a circle.

    Processes collect marks in the order in which their sockets spoke.
    """
    conversation = make_conversation()
    people = [
        (kind, person)
        for kind in (AuthorKind.VISITOR, AuthorKind.OPERATOR)
        for person in range(40)
    ]

    def mover(order):
        def run():
            for number in range(1, 25):
                move_marks(
                    [
                        move(conversation, delivered=number, kind=kind, person=person)
                        for kind, person in order
                    ]
                )

        return run

    outcomes = together(
        mover(people), mover(people[::-1]), mover(people[1::2] + people[::2])
    )

    assert outcomes == [None] * 3
    assert stored() == [(24, 0)] * len(people)
