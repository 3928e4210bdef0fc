"""What a shop's own code may call."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from chatdesk import integration
from chatdesk.models import Conversation
from chatdesk.selectors.visitors import actor_of
from chatdesk.services.marks import MarkMove, move_marks
from tests.chatdesk.api.callers import Page
from tests.factories import (
    actor_of_operator,
    bring_online,
    make_conversation,
    make_operator,
    make_visitor,
    say,
)

pytestmark = pytest.mark.django_db


def request_of(visitor, *, user=None):
    """Return a request of the shop's page in a visitor's browser."""
    request = RequestFactory().get("/")
    request.user = user or AnonymousUser()
    if visitor is not None:
        request.COOKIES["chatdesk_visitor"] = Page(visitor).cookie
    return request


def read(conversation: Conversation, seq: int) -> None:
    """Let the visitor have read so far."""
    actor = actor_of(conversation.visitor)
    move_marks(
        [
            MarkMove(
                conversation_id=conversation.pk,
                public_id=conversation.public_id.hex,
                author_kind=actor.author_kind,
                author_id=actor.id,
                read=seq,
            )
        ]
    )


def test_unread_are_the_answers_after_what_was_read():
    operator = make_operator()
    conversation = make_conversation(
        operator=operator,
        entries=(("visitor", "Is it?"), ("operator", "It is."), ("operator", "Green.")),
    )
    say(conversation, actor_of_operator(operator), "in a hurry", is_note=True)
    request = request_of(conversation.visitor)

    assert integration.unread_count(request) == 2
    read(conversation, 3)
    assert integration.unread_count(request) == 1
    read(conversation, 5)
    assert integration.unread_count(request) == 0


def test_unread_of_all_ones_dialogs_are_counted_with_one_query(
    django_assert_num_queries,
):
    operator, visitor = make_operator(), make_visitor()
    words = (("visitor", "Is it?"), ("operator", "It is."))
    for _ in range(3):
        make_conversation(
            visitor=visitor, operator=operator, entries=words, closed_as="sale"
        )
    make_conversation(operator=operator, entries=words)

    with django_assert_num_queries(2):
        assert integration.unread_count(request_of(visitor)) == 3


def test_somebody_who_never_wrote_costs_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert integration.unread_count(request_of(None)) == 0


def test_after_another_login_there_is_nothing_to_read():
    ann = get_user_model().objects.create_user("ann", password="demo")
    visitor = make_visitor(user_id=ann.pk)
    make_conversation(
        visitor=visitor,
        operator=make_operator(),
        entries=(("visitor", "Is it?"), ("operator", "It is.")),
    )

    assert integration.unread_count(request_of(visitor, user=ann)) == 1
    assert integration.unread_count(request_of(visitor)) == 0


def test_status_says_whether_anybody_is_there():
    assert integration.status() == "away"
    bring_online(make_operator())
    assert integration.status() == "online"
