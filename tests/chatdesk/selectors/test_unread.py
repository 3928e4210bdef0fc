"""What a visitor has not read yet."""

import pytest

from chatdesk.models import AuthorKind
from chatdesk.selectors.unread import unread_of_visitor
from chatdesk.selectors.visitors import actor_of
from chatdesk.services.marks import MarkMove, move_marks
from tests.factories import (
    actor_of_operator,
    fill,
    make_conversation,
    make_operator,
    make_visitor,
    say,
)

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

TALK = (("visitor", "a"), ("operator", "b"))


def read(conversation, number, *, kind=AuthorKind.VISITOR, person=None):
    move_marks(
        [
            MarkMove(
                conversation_id=conversation.pk,
                public_id=conversation.public_id.hex,
                author_kind=kind,
                author_id=person or conversation.visitor_id,
                read=number,
            )
        ]
    )


def test_unread_are_the_answers_behind_his_mark(django_assert_num_queries):
    operator = make_operator()
    conversation = make_conversation(operator=operator, entries=TALK)
    fill(conversation, actor_of_operator(operator), ["c", "d"])
    say(conversation, actor_of_operator(operator), "a note", is_note=True)
    say(conversation, actor_of(conversation.visitor), "my own")
    actor = actor_of(conversation.visitor)

    with django_assert_num_queries(1):
        assert unread_of_visitor(actor=actor) == 3
    read(conversation, 4)
    assert unread_of_visitor(actor=actor) == 1
    read(conversation, 7)
    assert unread_of_visitor(actor=actor) == 0


def test_what_staff_have_read_is_not_read_by_him():
    operator = make_operator()
    conversation = make_conversation(operator=operator, entries=TALK)
    read(conversation, 3, kind=AuthorKind.OPERATOR, person=operator.pk)

    assert unread_of_visitor(actor=actor_of(conversation.visitor)) == 1


def test_unread_answers_of_all_his_dialogs_count_and_of_nobody_elses():
    operator, visitor = make_operator(), make_visitor()
    for _ in range(2):
        make_conversation(
            visitor=visitor, operator=operator, entries=TALK, closed_as="answered"
        )
    make_conversation(operator=operator, entries=TALK)

    assert unread_of_visitor(actor=actor_of(visitor)) == 2
    assert unread_of_visitor(actor=actor_of(make_visitor())) == 0
