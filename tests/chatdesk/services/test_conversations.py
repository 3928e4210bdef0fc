"""The life of a conversation: begun, taken, given back, closed; by whom, and when."""

from datetime import timedelta
from uuid import uuid4

import pytest

from chatdesk.actors import SYSTEM
from chatdesk.errors import (
    AlreadyTaken,
    CapacityFull,
    Closed,
    Forbidden,
    Invalid,
    NotFound,
)
from chatdesk.models import Assignment, Conversation, Entry
from chatdesk.selectors.visitors import actor_of
from chatdesk.services.conversations import (
    begin_conversation,
    close_conversation,
    release_conversation,
    take_conversation,
)
from tests.factories import (
    NOON,
    actor_of_operator,
    make_conversation,
    make_operator,
    make_visitor,
    say,
)

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

LATER = NOON + timedelta(minutes=1)


def take(conversation, operator, *, at=LATER):
    return take_conversation(
        conversation_id=conversation.pk, actor=actor_of_operator(operator), at=at
    )


def release(conversation, actor, *, at=LATER):
    return release_conversation(conversation_id=conversation.pk, actor=actor, at=at)


def close(conversation, actor, *, outcome="", at=LATER, **more):
    return close_conversation(
        conversation_id=conversation.pk, actor=actor, outcome=outcome, at=at, **more
    )


def taken_conversation():
    operator = make_operator()
    conversation = make_conversation(at=NOON)
    return take(conversation, operator), operator


def kinds(conversation):
    entries = Entry.objects.filter(conversation=conversation).order_by("seq")
    return [entry.kind for entry in entries]


# Begin


def test_a_visitor_has_one_unfinished_conversation():
    visitor = make_visitor()

    first, is_first_new = begin_conversation(visitor=visitor, language="en", at=NOON)
    second, is_second_new = begin_conversation(visitor=visitor, language="ru", at=NOON)

    assert first == second
    assert (is_first_new, is_second_new) == (True, False)
    assert (first.status, first.language, first.head) == ("new", "en", 0)


def test_after_the_end_a_visitor_begins_another():
    operator = make_operator()
    closed = make_conversation(operator=operator, at=NOON, closed_as="answered")

    another, is_new = begin_conversation(
        visitor=closed.visitor, language="en", at=LATER
    )

    assert is_new
    assert another != closed


# Take


def test_taking_makes_the_operator_the_owner_and_tells_the_visitor():
    conversation, operator = taken_conversation()

    conversation.refresh_from_db()
    entry = Entry.objects.get(conversation=conversation, kind="taken")
    assignment = Assignment.objects.get(conversation=conversation)
    assert (conversation.status, conversation.operator) == ("open", operator)
    assert (entry.author_id, entry.data, entry.staff_only) == (
        operator.pk,
        {"name": "Anna"},
        False,
    )
    assert (assignment.operator, assignment.from_at, assignment.to_at) == (
        operator,
        LATER,
        None,
    )


def test_taking_stops_no_clock():
    conversation, _ = taken_conversation()

    assert conversation.waiting_since == NOON + timedelta(seconds=1)


def test_the_second_to_take_is_told_who_was_first():
    conversation, _ = taken_conversation()

    with pytest.raises(AlreadyTaken) as refusal:
        take(conversation, make_operator(name="Boris"))

    assert refusal.value.detail == "Anna"


def test_taking_what_is_ones_own_changes_nothing():
    conversation, operator = taken_conversation()
    head = conversation.head

    again = take(conversation, operator)

    assert (again.operator, again.head) == (operator, head)
    assert Assignment.objects.count() == 1


def test_nobody_takes_above_his_capacity():
    operator = make_operator(capacity=2)
    for _ in range(2):
        take(make_conversation(), operator)
    third = make_conversation()

    with pytest.raises(CapacityFull):
        take(third, operator)

    third.refresh_from_db()
    assert (third.status, third.operator) == ("waiting", None)


def test_a_dialog_that_ended_gives_its_place_back():
    operator = make_operator(capacity=1)
    first = take(make_conversation(), operator)
    close(first, actor_of_operator(operator), outcome="sale")

    assert take(make_conversation(), operator).operator == operator


def test_what_has_ended_cannot_be_taken():
    conversation = make_conversation(operator=make_operator(), closed_as="answered")

    with pytest.raises(Closed):
        take(conversation, make_operator())


def test_what_nobody_has_written_in_cannot_be_taken():
    with pytest.raises(NotFound):
        take(make_conversation(entries=()), make_operator())


# Release


def test_a_released_dialog_waits_for_anyone_again():
    conversation, operator = taken_conversation()

    release(conversation, actor_of_operator(operator), at=LATER)

    conversation.refresh_from_db()
    assert (conversation.status, conversation.operator) == ("waiting", None)
    assert Assignment.objects.get().to_at == LATER
    assert kinds(conversation) == ["message", "taken", "released"]


def test_a_released_dialog_can_be_taken_by_another():
    conversation, operator = taken_conversation()
    other = make_operator(name="Boris")
    release(conversation, actor_of_operator(operator))

    assert take(conversation, other).operator == other
    assert Assignment.objects.count() == 2


def test_only_the_owner_or_a_manager_releases():
    conversation, _ = taken_conversation()
    other = make_operator()

    with pytest.raises(Forbidden):
        release(conversation, actor_of_operator(other))

    release(conversation, actor_of_operator(other, is_manager=True))


def test_what_nobody_leads_cannot_be_released():
    manager = actor_of_operator(make_operator(), is_manager=True)

    with pytest.raises(Closed):
        release(make_conversation(), manager)


# Close


def test_the_owner_closes_and_says_how_it_ended():
    conversation, operator = taken_conversation()

    closed = close(conversation, actor_of_operator(operator), outcome="sale")

    conversation.refresh_from_db()
    assert closed.entry.data == {"outcome": "sale"}
    assert (conversation.status, conversation.outcome) == ("closed", "sale")
    assert conversation.closed_at == LATER
    assert conversation.waiting_since is None
    assert conversation.operator == operator
    assert Assignment.objects.get().to_at == LATER


@pytest.mark.parametrize("outcome", ["", "because", "SALE"])
def test_an_operator_cannot_close_without_an_outcome(outcome):
    conversation, operator = taken_conversation()

    with pytest.raises(Invalid):
        close(conversation, actor_of_operator(operator), outcome=outcome)


def test_a_colleague_cannot_close_but_a_manager_can():
    conversation, _ = taken_conversation()
    other = make_operator()

    with pytest.raises(Forbidden):
        close(conversation, actor_of_operator(other), outcome="sale")

    manager = actor_of_operator(other, is_manager=True)
    close(conversation, manager, outcome="complaint")
    conversation.refresh_from_db()
    assert conversation.outcome == "complaint"


def test_a_visitor_ends_his_own_dialog_without_an_outcome():
    conversation, _ = taken_conversation()

    closed = close(conversation, actor_of(conversation.visitor))

    conversation.refresh_from_db()
    assert (conversation.status, conversation.outcome) == ("closed", "")
    assert (closed.entry.author_kind, closed.entry.data) == ("v", None)


def test_a_visitor_cannot_end_the_dialog_of_another():
    conversation, _ = taken_conversation()

    with pytest.raises(NotFound):
        close(conversation, actor_of(make_visitor()))


def test_what_has_ended_cannot_be_ended_again():
    conversation, operator = taken_conversation()
    close(conversation, actor_of_operator(operator), outcome="sale")

    for actor in (
        actor_of_operator(operator),
        actor_of_operator(make_operator()),
        actor_of(conversation.visitor),
    ):
        with pytest.raises(Closed):
            close(conversation, actor, outcome="sale")
    assert kinds(conversation) == ["message", "taken", "closed"]


def test_what_has_not_begun_cannot_be_ended():
    conversation = make_conversation(entries=())

    with pytest.raises(Closed):
        close(conversation, actor_of(conversation.visitor))


def test_a_close_that_is_sent_twice_closes_once():
    conversation, operator = taken_conversation()
    cmid = uuid4()

    first = close(conversation, actor_of_operator(operator), outcome="sale", cmid=cmid)
    again = close(conversation, actor_of_operator(operator), outcome="sale", cmid=cmid)

    assert (again.entry.seq, again.is_repeat) == (first.entry.seq, True)
    assert kinds(conversation) == ["message", "taken", "closed"]


def test_the_system_may_close_what_was_left():
    conversation, _ = taken_conversation()

    close(conversation, SYSTEM)

    conversation.refresh_from_db()
    assert conversation.status == Conversation.Status.CLOSED


def test_a_conversation_that_does_not_exist_is_not_found():
    missing = Conversation(pk=424242)
    operator = make_operator()

    with pytest.raises(NotFound):
        take(missing, operator)
    with pytest.raises(NotFound):
        release(missing, actor_of_operator(operator))
    with pytest.raises(NotFound):
        close(missing, actor_of_operator(operator), outcome="sale")


def test_words_of_the_visitor_do_not_hinder_the_one_who_takes():
    conversation = make_conversation(at=NOON)
    say(conversation, actor_of(conversation.visitor), "hello?", at=LATER)

    taken = take(conversation, make_operator())

    assert taken.head == 3
