"""Managers who take dialogs from each other crosswise never wait in a circle.

``CROSSINGS=1000`` makes it a thousand times.
"""

import os
from functools import partial
from uuid import uuid4

import pytest
from django.utils import timezone

from chatdesk.models import Assignment, Conversation, Entry
from chatdesk.services.assignment import take_over_conversation
from chatdesk.services.log import Appended
from chatdesk.services.messages import MessageIntent, post_messages
from tests.factories import actor_of_operator, make_led_conversation, make_operator
from tests.together import Together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

CROSSINGS = int(os.environ.get("CROSSINGS", "10"))


def take_over(conversation, actor):
    return take_over_conversation(
        conversation_id=conversation.pk,
        actor=actor,
        reason="I know him.",
        at=timezone.now(),
    )


def write_to_all(conversations, actor):
    intents = [
        MessageIntent(each.pk, actor, uuid4(), "I know him.", is_note=True)
        for each in conversations
    ]
    return post_messages(intents, at=timezone.now())


def test_crosswise_takeovers_and_messages_never_fail_and_leave_one_owner_each():
    anna, boris = [make_operator(name=name, capacity=2) for name in ("Anna", "Boris")]
    first, second = make_led_conversation(anna), make_led_conversation(boris)
    actors = [actor_of_operator(each, is_manager=True) for each in (anna, boris)]
    with Together(4) as threads:
        for number in range(CROSSINGS):
            mine, yours = (first, second) if number % 2 else (second, first)
            *taken, there, back = threads.run(
                [
                    partial(take_over, mine, actors[0]),
                    partial(take_over, yours, actors[1]),
                    partial(write_to_all, [first, second], actors[0]),
                    partial(write_to_all, [second, first], actors[1]),
                ]
            )
            assert [each.operator_id for each in taken] == [anna.pk, boris.pk]
            assert {type(each) for each in [*there, *back]} == {Appended}

    assert Assignment.objects.filter(to_at__isnull=True).count() == 2
    for conversation in Conversation.objects.all():
        seqs = Entry.objects.filter(conversation=conversation).order_by("seq")
        assert list(seqs.values_list("seq", flat=True)) == list(
            range(1, conversation.head + 1)
        )
