"""The ladder: each step once, when it is due, and none after an answer."""

import os
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatdesk.models import Conversation, Effect, Entry, OpeningHours
from chatdesk.selectors.hours import forget_hours
from chatdesk.selectors.storefronts import get_storefront
from chatdesk.selectors.visitors import actor_of
from chatdesk.services.conversations import close_conversation, take_conversation
from chatdesk.services.ladder import climb_ladder
from chatdesk.services.log import Appended
from tests.chatdesk.services.desks import (
    ASKED,
    MINUTE,
    SECOND,
    ask,
    at_desk,
    now,
    owner,
    stay,
    steps,
)
from tests.factories import NOON, actor_of_operator, make_conversation, say
from tests.together import Together

ROUNDS = int(os.environ.get("CHATDESK_ROUNDS", "6"))

ORACLE = (
    (timedelta(seconds=20), "red"),
    (timedelta(seconds=40), "tell"),
    (timedelta(seconds=60), "rescue"),
    (timedelta(minutes=10), "left"),
)
"""The steps that the log tells of, as the shop is promised them."""


@pytest.mark.django_db
def test_every_step_is_taken_once_when_it_is_due():
    conversation = ask()
    for second in range(700):
        climb_ladder(at=ASKED + second * SECOND)
        due = [step for after, step in ORACLE if second * SECOND >= after]
        if second % 10 == 0 or second in (19, 21, 39, 41, 59, 61):
            assert steps(conversation) == due, second
    assert now(conversation).left_at == ASKED + 10 * MINUTE


@pytest.mark.django_db
def test_steps_that_were_slept_through_come_in_their_order():
    conversation = ask()
    climb_ladder(at=ASKED + 60 * MINUTE)
    assert steps(conversation) == [step for _, step in ORACLE]
    assert climb_ladder(at=ASKED + 61 * MINUTE) == 0


@pytest.mark.django_db
def test_the_holding_text_is_in_the_visitors_language_and_no_answer():
    at_desk("Anna", at=ASKED + 20 * SECOND, capacity=1)
    conversation = ask()
    Conversation.objects.filter(pk=conversation.pk).update(language="ru-RU")
    climb_ladder(at=ASKED + 20 * SECOND)
    (entry,) = Entry.objects.filter(conversation=conversation, kind="auto")
    assert "Добрый день" in entry.text
    row = now(conversation)
    assert row.waiting_since == ASKED
    assert row.first_answered_at is None
    assert row.preview == conversation.preview
    assert row.holding_at == ASKED + 20 * SECOND


@pytest.mark.django_db
def test_nobody_is_promised_an_answer_while_nobody_is_there():
    conversation = ask()
    climb_ladder(at=ASKED + 20 * SECOND)
    assert not Entry.objects.filter(conversation=conversation, kind="auto").exists()
    assert steps(conversation) == ["red"]


@pytest.mark.django_db
def test_the_shops_own_words_go_before_ours():
    storefront = get_storefront()
    storefront.holding_text = "One moment, the kettle boils."
    storefront.save()
    at_desk("Anna", at=ASKED + 20 * SECOND)
    conversation = ask()
    climb_ladder(at=ASKED + 20 * SECOND)
    (entry,) = Entry.objects.filter(conversation=conversation, kind="auto")
    assert entry.text == "One moment, the kettle boils."


@pytest.mark.django_db
def test_a_question_is_passed_on_and_who_missed_it_is_away():
    anna = at_desk("Anna", at=ASKED + 20 * SECOND)
    at_desk("Boris", at=ASKED + 20 * SECOND)
    conversation = ask()
    take(conversation, anna)
    climb_ladder(at=ASKED + 20 * SECOND)
    assert owner(conversation) == "Boris"
    anna.refresh_from_db()
    assert anna.status == "away"
    assert now(conversation).passed_on_at == ASKED + 20 * SECOND


@pytest.mark.django_db
def test_it_stays_where_it_is_while_nobody_else_has_a_place():
    anna = at_desk("Anna", at=ASKED + 20 * SECOND)
    conversation = ask()
    take(conversation, anna)
    climb_ladder(at=ASKED + 20 * SECOND)
    assert owner(conversation) == "Anna"
    anna.refresh_from_db()
    assert anna.status == "online"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("conf", "told"),
    [
        ({"SUPERVISORS_AFTER": timedelta()}, ["red", "rescue", "left"]),
        ({"RESCUE_AFTER": timedelta()}, ["red", "tell", "left"]),
        ({"RESCUE_AFTER": 30 * SECOND}, ["red", "tell", "rescue", "left"]),
        ({"PASS_ON": False}, ["red", "tell", "rescue", "left"]),
    ],
)
def test_each_step_is_a_setting(conf, told, settings):
    settings.CHATDESK = conf
    at_desk("Anna", at=ASKED + 20 * SECOND)
    conversation = ask()
    climb_ladder(at=ASKED + 11 * MINUTE)
    assert steps(conversation) == told
    assert owner(conversation) == ""


@pytest.mark.django_db
def test_the_clock_counts_working_hours_only():
    storefront = get_storefront()
    storefront.time_zone = "UTC"
    storefront.save()
    OpeningHours.objects.create(
        storefront=storefront, weekday=0, opens="09:00", closes="12:01"
    )
    OpeningHours.objects.create(
        storefront=storefront, weekday=1, opens="09:00", closes="18:00"
    )
    forget_hours()
    try:
        # Open until 12:01: ten seconds of the twenty pass, the rest tomorrow.
        conversation = ask(at=NOON + 49 * SECOND)
        assert now(conversation).alert_at == NOON + timedelta(hours=21, seconds=10)
        climb_ladder(at=NOON + timedelta(hours=12))
        assert steps(conversation) == []
        climb_ladder(at=NOON + timedelta(hours=21, seconds=9))
        assert steps(conversation) == []
        climb_ladder(at=NOON + timedelta(hours=21, seconds=10))
        assert steps(conversation) == ["red"]
    finally:
        forget_hours()


@pytest.mark.django_db
def test_who_leaves_without_an_answer_is_listed_until_one_comes():
    anna = at_desk("Anna")
    conversation = ask()
    close_conversation(
        conversation_id=conversation.pk,
        actor=actor_of(conversation.visitor),
        at=ASKED + 25 * SECOND,
    )
    assert now(conversation).left_at == ASKED + 25 * SECOND
    again = ASKED + MINUTE
    say(now(conversation), actor_of(conversation.visitor), "Hello?", at=again)
    actor = take(conversation, anna, at=again)
    assert now(conversation).is_to_follow
    say(now(conversation), actor, "Here.", at=again)
    answered = now(conversation)
    assert not answered.is_to_follow
    assert (answered.followed_at, answered.followed_by) == (again, anna.user)
    assert answered.left_at == ASKED + 25 * SECOND


@pytest.mark.django_db
def test_who_withdraws_a_question_at_once_was_not_left():
    conversation = ask()
    close_conversation(
        conversation_id=conversation.pk,
        actor=actor_of(conversation.visitor),
        at=ASKED + 5 * SECOND,
    )
    assert now(conversation).left_at is None


# Any course of a dialog, against a plain oracle with simulated time

ACTS = st.lists(
    st.tuples(
        st.integers(min_value=0, max_value=90),
        st.sampled_from(["ask", "answer", "look", "look"]),
    ),
    min_size=1,
    max_size=12,
)


@pytest.mark.django_db(transaction=False)
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(acts=ACTS)
def test_the_ladder_is_what_a_plain_oracle_says(db, acts):
    conversation = make_conversation(entries=())
    visitor = actor_of(conversation.visitor)
    anna = at_desk("Anna", capacity=50)
    moment, since = NOON, None
    expected, pending = [], []
    for pause, act in acts:
        moment += pause * SECOND
        if act == "ask":
            say(now(conversation), visitor, "?", at=moment)
            if since is None:
                since, pending = moment, list(ORACLE)
        elif act == "answer" and since is not None:
            say(now(conversation), lead(conversation, anna, moment), "!", at=moment)
            since = None
        elif act == "look":
            climb_ladder(at=moment)
            while since is not None and pending and moment >= since + pending[0][0]:
                expected.append(pending.pop(0)[1])
    assert steps(conversation) == expected


def lead(conversation, operator, at):
    """Let the operator lead it, whoever it was passed on to."""
    row = now(conversation)
    if row.operator_id != operator.pk:
        take(conversation, operator, at=at)
    return actor_of_operator(operator)


def take(conversation, operator, *, at=ASKED):
    actor = actor_of_operator(operator)
    take_conversation(conversation_id=conversation.pk, actor=actor, at=at)
    return actor


# At the same moment


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_three_who_look_at_once_take_each_step_once():
    with Together(3) as threads:
        for number in range(max(ROUNDS // 2, 2)):
            begin = timezone.now() - (30 + number % 40) * SECOND
            at_desk("Anna", at=timezone.now(), capacity=50)
            conversations = [ask(at=begin) for _ in range(4)]
            looks = [lambda: climb_ladder(at=timezone.now())] * 3
            outcomes = threads.run(looks)
            assert all(isinstance(each, int) for each in outcomes), outcomes
            for conversation in conversations:
                climb_ladder(at=timezone.now())
                told = steps(conversation)
                assert told[:1] == ["red"]
                assert len(told) == len(set(told))
                kinds = Entry.objects.filter(conversation=conversation, kind="taken")
                assert kinds.count() == 1
                alerts = Effect.objects.filter(conversation=conversation)
                assert alerts.filter(kind="no_reply_alert").count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_an_answer_committed_before_the_look_never_raises_an_alert():
    anna = at_desk("Anna", at=timezone.now(), capacity=1000)
    with Together(2) as threads:
        for number in range(ROUNDS):
            # From 50 ms before the limit to 50 ms after it.
            offset = timedelta(milliseconds=(number * 7) % 101 - 50)
            asked = timezone.now() - 21 * SECOND - offset
            conversation = ask(at=asked)
            actor = take(conversation, anna, at=timezone.now())
            stay(anna, at=timezone.now())

            answered, looked = threads.run(
                [
                    lambda row=conversation, by=actor: say(row, by, "Here I am."),
                    lambda: climb_ladder(at=timezone.now()),
                ]
            )

            assert isinstance(answered, Appended), answered
            assert isinstance(looked, int), looked
            order = Entry.objects.filter(conversation=conversation).order_by("seq")
            kinds = [(each.kind, each.author_kind) for each in order]
            after = kinds[kinds.index(("message", "o")) + 1 :]
            assert [kind for kind, _ in after if kind in ("auto", "raised")] == []
            climb_ladder(at=timezone.now() + 11 * MINUTE)
            assert now(conversation).alert_at is None
            assert len(steps(conversation)) <= 1
