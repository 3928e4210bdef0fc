"""Taking, writing and closing at the same moment, each from a thread of its own."""

import os
import random
from itertools import chain
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from chatdesk.errors import AlreadyTaken, CapacityFull, Closed, Forbidden
from chatdesk.models import Assignment, Conversation, Entry
from chatdesk.selectors.operators import load_of
from chatdesk.selectors.visitors import actor_of
from chatdesk.services.conversations import (
    begin_conversation,
    close_conversation,
    release_conversation,
    take_conversation,
)
from chatdesk.services.log import Appended
from chatdesk.services.marks import MarkMove, move_marks
from chatdesk.services.messages import MessageIntent, post_messages
from tests.factories import (
    actor_of_operator,
    make_conversation,
    make_operator,
    make_visitor,
    say,
)
from tests.together import Together, together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


WHOLE = 200
TRIED = int(os.environ.get("CHATDESK_ROUNDS", "40"))
"""How often two take at once; all other races are tried in proportion."""


def rounds(number):
    """Return how often to try what is tried so often in a whole run.

    SQLite takes one writer at a time anyway, so few are enough there.
    """
    if connection.vendor != "postgresql":
        return max(number // 10, 2)
    return max(number * TRIED // WHOLE, 3)


def taker(conversation, operator):
    def take():
        return take_conversation(
            conversation_id=conversation.pk,
            actor=actor_of_operator(operator),
            at=timezone.now(),
        )

    return take


def closer(conversation, actor, *, outcome=""):
    def close():
        return close_conversation(
            conversation_id=conversation.pk,
            actor=actor,
            outcome=outcome,
            at=timezone.now(),
        )

    return close


def releaser(conversation, operator):
    def release():
        return release_conversation(
            conversation_id=conversation.pk,
            actor=actor_of_operator(operator),
            at=timezone.now(),
        )

    return release


def beginner(visitor):
    return lambda: begin_conversation(visitor=visitor, language="en", at=timezone.now())


def sayer(conversation, actor, text="hello", *, cmid=None):
    return lambda: say(conversation, actor, text, cmid=cmid)


def intent(conversation, text="hello", *, cmid=None):
    return MessageIntent(
        conversation_id=conversation.pk,
        actor=actor_of(conversation.visitor),
        cmid=cmid or uuid4(),
        text=text,
    )


def log_of(conversation):
    entries = Entry.objects.filter(conversation=conversation).order_by("seq")
    return [(entry.seq, entry.kind) for entry in entries]


def assert_sound(conversation):
    """The log is dense and the row says what the log says."""
    conversation.refresh_from_db()
    log = log_of(conversation)
    assert [seq for seq, _ in log] == list(range(1, conversation.head + 1))
    ends = [kind for _, kind in log if kind in ("closed", "reopened")]
    assert (conversation.status == "closed") == (ends[-1:] == ["closed"])


def test_of_two_operators_who_take_at_once_one_gets_it_and_the_other_is_told_who():
    operators = [make_operator(name=name, capacity=1000) for name in ("Anna", "Boris")]
    with Together(2) as threads:
        for _ in range(rounds(200)):
            conversation = make_conversation()

            outcomes = threads.run([taker(conversation, each) for each in operators])

            conversation.refresh_from_db()
            owner = conversation.operator
            (refusal,) = [each for each in outcomes if isinstance(each, Exception)]
            assert isinstance(refusal, AlreadyTaken)
            assert refusal.detail == owner.name
            assert log_of(conversation) == [(1, "message"), (2, "taken")]
            assert Assignment.objects.filter(conversation=conversation).count() == 1
    assert sum(
        load_of(operator_id=each.pk, at=timezone.now()) for each in operators
    ) == rounds(200)


def test_nobody_gets_above_his_capacity_by_taking_from_many_tabs_at_once():
    with Together(6) as threads:
        for _ in range(rounds(20)):
            operator = make_operator(capacity=3)
            waiting = [make_conversation() for _ in range(6)]

            outcomes = threads.run([taker(each, operator) for each in waiting])

            refused = [each for each in outcomes if isinstance(each, Exception)]
            assert [type(each) for each in refused] == [CapacityFull] * 3
            assert load_of(operator_id=operator.pk, at=timezone.now()) == 3


def test_who_clicks_take_twice_takes_once():
    operator = make_operator(capacity=1000)
    with Together(2) as threads:
        for _ in range(rounds(30)):
            conversation = make_conversation()

            outcomes = threads.run([taker(conversation, operator)] * 2)

            assert [each.operator_id for each in outcomes] == [operator.pk] * 2
            assert log_of(conversation) == [(1, "message"), (2, "taken")]


def test_eight_writers_leave_no_hole_and_no_double_number():
    conversation = make_conversation(entries=())
    actor = actor_of(conversation.visitor)
    each = rounds(50)

    def write():
        return [say(conversation, actor, "hello").entry.seq for _ in range(each)]

    outcomes = together(*[write] * 8)

    assert sorted(chain(*outcomes)) == list(range(1, 8 * each + 1))
    assert all(seqs == sorted(seqs) for seqs in outcomes)
    assert_sound(conversation)


def test_one_press_of_send_that_comes_eight_times_at_once_is_one_entry():
    conversation = make_conversation(entries=())
    actor = actor_of(conversation.visitor)
    with Together(8) as threads:
        for number in range(1, rounds(20) + 1):
            outcomes = threads.run([sayer(conversation, actor, cmid=uuid4())] * 8)

            assert {each.entry.seq for each in outcomes} == {number}
            assert [each.is_repeat for each in outcomes].count(False) == 1
    assert_sound(conversation)


def test_words_at_the_moment_of_closing_are_before_the_end_or_bring_it_back():
    with Together(3) as threads:
        for _ in range(rounds(40)):
            operator = make_operator()
            conversation = make_conversation()
            taker(conversation, operator)()
            visitor, staff = actor_of(conversation.visitor), actor_of_operator(operator)

            closed, asked, answered = threads.run(
                [
                    closer(conversation, staff, outcome="answered"),
                    sayer(conversation, visitor),
                    sayer(conversation, staff),
                ]
            )

            assert_sound(conversation)
            kinds = [kind for _, kind in log_of(conversation)]
            end = kinds.index("closed")
            assert isinstance(closed, Appended)
            assert isinstance(asked, Appended)
            assert isinstance(answered, Appended | Closed | Forbidden)
            assert kinds[end + 1 :] in ([], ["reopened", "message"])


def test_what_is_closed_while_it_is_taken_has_an_end_and_at_most_one_owner():
    with Together(2) as threads:
        for _ in range(rounds(40)):
            operator = make_operator()
            conversation = make_conversation()

            taken, closed = threads.run(
                [
                    taker(conversation, operator),
                    closer(conversation, actor_of(conversation.visitor)),
                ]
            )

            assert_sound(conversation)
            assert isinstance(closed, Appended)
            assert isinstance(taken, Conversation | Closed)
            assert not Assignment.objects.filter(
                conversation=conversation, to_at=None
            ).exists()
            assert load_of(operator_id=operator.pk, at=timezone.now()) == 0


def test_of_two_who_end_a_dialog_at_once_one_ends_it():
    with Together(2) as threads:
        for _ in range(rounds(20)):
            operator = make_operator()
            conversation = make_conversation()
            taker(conversation, operator)()

            outcomes = threads.run(
                [
                    closer(conversation, actor_of(conversation.visitor)),
                    closer(conversation, actor_of_operator(operator), outcome="sale"),
                ]
            )

            (refusal,) = [each for each in outcomes if isinstance(each, Exception)]
            assert isinstance(refusal, Closed)
            assert_sound(conversation)


def test_what_is_given_back_while_its_owner_writes_keeps_its_log():
    with Together(2) as threads:
        for _ in range(rounds(20)):
            operator = make_operator()
            conversation = make_conversation()
            taker(conversation, operator)()

            released, _ = threads.run(
                [
                    releaser(conversation, operator),
                    sayer(conversation, actor_of_operator(operator)),
                ]
            )

            assert isinstance(released, Conversation)
            assert log_of(conversation)[-1][1] == "released"
            assert_sound(conversation)


def test_two_tabs_of_a_new_visitor_begin_one_conversation():
    with Together(4) as threads:
        for _ in range(rounds(20)):
            visitor = make_visitor()

            outcomes = threads.run([beginner(visitor)] * 4)

            assert len({conversation.pk for conversation, _ in outcomes}) == 1
            assert [is_new for _, is_new in outcomes].count(True) == 1


def test_a_former_dialog_comes_back_or_a_new_one_begins_but_not_both():
    with Together(2) as threads:
        for _ in range(rounds(20)):
            former = make_conversation(operator=make_operator(), closed_as="answered")

            said, begun = threads.run(
                [
                    sayer(former, actor_of(former.visitor), "again"),
                    beginner(former.visitor),
                ]
            )

            assert isinstance(said, Appended | Closed)
            assert isinstance(begun, tuple)
            unfinished = Conversation.objects.filter(visitor=former.visitor)
            assert unfinished.exclude(status="closed").count() == 1
            assert_sound(former)


def crossing_writer(conversations, seed):
    """Write into eight of them at a time, in an order of its own."""
    chance = random.Random(seed)

    def write():
        for _ in range(rounds(30)):
            some = [intent(each) for each in chance.sample(conversations, 8)]
            results = post_messages(some, at=timezone.now())
            assert all(isinstance(each, Appended) for each in results)

    return write


def crossing_mover(conversations, seed):
    """Move both sides' marks in eight of them at a time, in an order of its own."""
    chance = random.Random(seed)

    def move():
        for number in range(1, rounds(30) + 1):
            move_marks(
                [
                    MarkMove(
                        conversation_id=each.pk,
                        public_id=each.public_id.hex,
                        author_kind=kind,
                        author_id=1,
                        delivered=number,
                    )
                    for each in chance.sample(conversations, 8)
                    for kind in chance.sample(["v", "o"], 2)
                ]
            )

    return move


def take_and_give_back(conversations, operator):
    """Take one and give it back, again and again."""
    chance = random.Random(99)

    def run():
        for _ in range(rounds(30)):
            conversation = chance.choice(conversations)
            taker(conversation, operator)()
            releaser(conversation, operator)()

    return run


def test_batches_that_cross_each_other_never_wait_in_a_circle():
    operators = [make_operator() for _ in range(2)]
    conversations = [make_conversation() for _ in range(12)]

    outcomes = together(
        *(crossing_writer(conversations, seed) for seed in range(4)),
        *(crossing_mover(conversations, seed) for seed in range(2)),
        take_and_give_back(conversations[:6], operators[0]),
        take_and_give_back(conversations[6:], operators[1]),
    )

    assert outcomes == [None] * 8
    for conversation in conversations:
        assert_sound(conversation)
    words = Entry.objects.filter(kind="message").count()
    assert words == 12 + 4 * 8 * rounds(30)
