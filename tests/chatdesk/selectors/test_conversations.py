"""Fetching is the permission check: the row, or NotFound for whatever reason."""

from uuid import uuid4

import pytest

from chatdesk.errors import NotFound
from chatdesk.selectors.conversations import (
    get_for_operator,
    get_for_visitor,
    list_for_visitor,
    list_past,
)
from chatdesk.selectors.visitors import actor_of
from tests.factories import (
    actor_of_operator,
    make_conversation,
    make_operator,
    make_visitor,
)

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def past_of(visitor, number):
    operator = make_operator(capacity=100)
    return [
        make_conversation(visitor=visitor, operator=operator, closed_as="answered")
        for _ in range(number)
    ]


def test_a_visitor_gets_his_own():
    conversation = make_conversation()
    actor = actor_of(conversation.visitor)

    assert (
        get_for_visitor(public_id=conversation.public_id, actor=actor) == conversation
    )


def test_another_visitors_is_refused_exactly_as_one_that_never_was():
    conversation = make_conversation()
    stranger = actor_of(make_visitor())

    refusals = []
    for public_id in (conversation.public_id, uuid4()):
        with pytest.raises(NotFound) as refusal:
            get_for_visitor(public_id=public_id, actor=stranger)
        refusals.append((str(refusal.value), refusal.value.detail, refusal.value.code))

    assert refusals[0] == refusals[1]


def test_staff_get_any_that_has_begun():
    conversation = make_conversation()
    actor = actor_of_operator(make_operator())

    found = get_for_operator(public_id=conversation.public_id, actor=actor)

    assert found == conversation


def test_what_has_not_begun_is_the_visitors_alone():
    conversation = make_conversation(entries=())
    actor = actor_of_operator(make_operator())

    for public_id in (conversation.public_id, uuid4()):
        with pytest.raises(NotFound):
            get_for_operator(public_id=public_id, actor=actor)


def test_a_visitors_latest_come_first_and_no_more_than_asked_for():
    visitor = make_visitor()
    past_of(make_visitor(), 1)
    _, second, third = past_of(visitor, 3)

    assert list_for_visitor(actor=actor_of(visitor), limit=2) == [third, second]


def test_past_dialogs_are_the_earlier_ones_of_the_same_visitor():
    visitor = make_visitor()
    first, second, third = past_of(visitor, 3)
    past_of(make_visitor(), 1)

    assert list_past(conversation=third, limit=10) == [second, first]
    assert list_past(conversation=third, limit=1) == [second]
    assert list_past(conversation=first, limit=10) == []
