"""Processes whose clocks are apart, and a clock that jumps: the log does not notice."""

from datetime import UTC, datetime, timedelta

import pytest

from chatdesk.kpi.facts import count_dialogs
from chatdesk.kpi.period import Period
from chatdesk.selectors.log import entries_after, list_heads
from chatdesk.selectors.visitors import actor_of
from tests.factories import (
    NOON,
    actor_of_operator,
    make_conversation,
    make_led_conversation,
    make_operator,
    say,
)

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

APART = timedelta(minutes=5)


@pytest.mark.parametrize(
    "clocks",
    [
        [APART, -APART, APART, -APART],
        [timedelta(), timedelta(days=1), -timedelta(hours=1), timedelta()],
        [-timedelta(hours=1), -timedelta(hours=2), timedelta(days=3 * 365)],
    ],
    ids=["five minutes each way", "a day forward and an hour back", "years"],
)
def test_words_stand_in_the_order_of_their_commits(clocks: list[timedelta]) -> None:
    operator = make_operator()
    conversation = make_led_conversation(operator)
    (head,) = list_heads(conversation_ids=[conversation.pk])
    people = (actor_of(conversation.visitor), actor_of_operator(operator))
    texts = [f"word {number}" for number in range(len(clocks))]

    written = [
        say(conversation, people[number % 2], text, at=NOON + clocks[number])
        for number, text in enumerate(texts)
    ]

    assert [each.entry.seq for each in written] == [
        head.seq + 1 + number for number in range(len(clocks))
    ]
    read = entries_after(conversation_id=conversation.pk, cursor=head.seq).entries
    assert [entry.text for entry in read] == texts


@pytest.mark.parametrize(
    "midnight",
    [
        datetime(2027, 1, 1, tzinfo=UTC),
        datetime(2028, 2, 29, tzinfo=UTC),
        datetime(2028, 3, 1, tzinfo=UTC),
        datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC),
        datetime(2100, 3, 1, tzinfo=UTC),
    ],
)
def test_each_question_counts_on_its_own_side_of_a_boundary(midnight: datetime) -> None:
    second, day = timedelta(seconds=1), timedelta(days=1)
    for at in (midnight - second, midnight, midnight + second):
        say(
            conversation := make_conversation(at=at, entries=()),
            actor_of(conversation.visitor),
            "Is it in stock?",
            at=at,
        )

    before = Period(start=midnight - day, end=midnight, days=1)
    after = Period(start=midnight, end=midnight + day, days=1)

    assert count_dialogs(before, at=midnight + day).dialogs == 1
    assert count_dialogs(after, at=midnight + day).dialogs == 2
