"""The holding text by hand: once a question, by whom it concerns, and no answer."""

import pytest

from chatdesk.errors import Forbidden, Stale
from chatdesk.models import Entry, Operator
from chatdesk.selectors.visitors import actor_of
from chatdesk.services.conversations import take_conversation
from chatdesk.services.holding import hold_visitor
from chatdesk.services.ladder import climb_ladder
from tests.chatdesk.services.desks import (
    ASKED,
    SECOND,
    ask,
    at_desk,
    now,
    stay,
    steps,
)
from tests.factories import actor_of_operator, say
from tests.together import Together

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def anna(db):
    return actor_of_operator(at_desk("Anna"))


def hold(conversation, actor, at=ASKED + 5 * SECOND):
    return hold_visitor(conversation=now(conversation), actor=actor, at=at)


def test_it_is_marked_as_automatic_and_answers_nothing(anna):
    conversation = ask()

    hold(conversation, anna)

    entry = Entry.objects.filter(conversation=conversation).latest("seq")
    assert (entry.kind, entry.author_kind, entry.staff_only) == ("auto", "s", False)
    assert entry.text.startswith("Good day.")
    assert entry.data == {"step": "hold", "name": "Anna"}
    found = now(conversation)
    assert found.first_answered_at is None
    assert found.waiting_since == ASKED


def test_the_ladder_does_not_say_it_again_and_climbs_all_the_same(anna):
    conversation = ask()
    hold(conversation, anna)

    climb_ladder(at=ASKED + 45 * SECOND)

    assert steps(conversation) == ["hold", "red", "tell"]
    assert Entry.objects.filter(conversation=conversation, kind="auto").count() == 1


def test_the_next_question_may_be_held_and_climbs_anew(anna):
    conversation = ask()
    hold(conversation, anna)
    take_conversation(
        conversation_id=conversation.pk, actor=anna, at=ASKED + 6 * SECOND
    )
    say(conversation, anna, "Yes.", at=ASKED + 8 * SECOND)
    with pytest.raises(Stale):
        hold(conversation, anna, at=ASKED + 9 * SECOND)

    again = ASKED + 30 * SECOND
    say(conversation, actor_of(conversation.visitor), "And in red?", at=again)
    stay(Operator.objects.get(), at=again + 19 * SECOND)
    climb_ladder(at=again + 20 * SECOND)

    assert steps(conversation) == ["hold", "red"]
    assert Entry.objects.filter(conversation=conversation, kind="auto").count() == 2
    with pytest.raises(Stale):
        hold(conversation, anna, at=again + 21 * SECOND)


def test_only_whoever_leads_it_may_or_anybody_while_nobody_does(anna):
    conversation, boris = ask(), actor_of_operator(at_desk("Boris"))
    take_conversation(
        conversation_id=conversation.pk, actor=boris, at=ASKED + 2 * SECOND
    )

    with pytest.raises(Forbidden):
        hold(conversation, anna)

    hold(conversation, boris)
    assert steps(conversation) == ["hold"]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_press_at_once_one_is_enough():
    people = [actor_of_operator(at_desk(name)) for name in ("Anna", "Boris")]
    conversation = ask()
    with Together(2) as threads:
        outcomes = threads.run(
            [lambda actor=each: hold(conversation, actor) for each in people]
        )

    assert [type(each) for each in outcomes if isinstance(each, Exception)] == [Stale]
    assert steps(conversation) == ["hold"]
