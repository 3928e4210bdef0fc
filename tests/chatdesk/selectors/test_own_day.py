"""An operator's own figures since midnight, in the shop's time zone."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chatdesk.selectors.own_day import own_day
from chatdesk.selectors.visitors import actor_of
from chatdesk.services.ratings import rate_conversation
from chatdesk.wire.objects import OwnDay
from tests.factories import make_conversation, make_operator

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

BERLIN = ZoneInfo("Europe/Berlin")  # The tests' TIME_ZONE.
MIDNIGHT = datetime(2026, 3, 29, tzinfo=BERLIN)  # The day that has 23 hours.
TALK = (("visitor", "a"), ("operator", "b"))


def answered(operator, *, at, reply_s, begun_online=True):
    """Make a dialog of this operator that was answered at a moment, after so long."""
    conversation = make_conversation(operator=operator, entries=TALK, at=at)
    conversation.first_message_at = at - timedelta(seconds=reply_s)
    conversation.first_answered_at = at
    conversation.begun_online = begun_online
    conversation.save()
    return conversation


def rated(conversation, thumb, *, at):
    rate_conversation(
        conversation_id=conversation.pk,
        actor=actor_of(conversation.visitor),
        thumb=thumb,
        comment="",
        at=at,
    )


def test_a_day_without_dialogs_has_no_speed():
    operator = make_operator()

    assert own_day(operator_id=operator.pk, at=MIDNIGHT) == OwnDay()


def test_the_day_begins_at_midnight_of_the_shop():
    operator = make_operator(capacity=10)
    answered(operator, at=MIDNIGHT - timedelta(seconds=1), reply_s=90)
    answered(operator, at=MIDNIGHT, reply_s=10)
    evening = MIDNIGHT.replace(hour=23, minute=59)
    answered(operator, at=evening, reply_s=30)

    day = own_day(operator_id=operator.pk, at=evening)

    assert (day.dialogs, day.first_reply_s) == (2, 20.0)


def test_a_letter_counts_as_a_dialog_and_not_as_a_late_reply():
    operator = make_operator(capacity=10)
    morning = MIDNIGHT + timedelta(hours=9)
    answered(operator, at=morning, reply_s=50_000, begun_online=False)
    answered(operator, at=morning, reply_s=8)

    day = own_day(operator_id=operator.pk, at=morning)

    assert (day.dialogs, day.first_reply_s, day.within_goal) == (2, 8.0, 1.0)


@pytest.mark.parametrize(
    ("replies", "median", "share"),
    [
        ([15], 15.0, 1.0),
        ([15.1], 15.1, 0.0),
        ([5, 10, 60], 10.0, 2 / 3),
        ([5, 10, 20, 60], 15.0, 0.5),
    ],
)
def test_speed_is_a_median_and_the_share_within_the_goal(replies, median, share):
    operator = make_operator(capacity=10)
    for reply_s in replies:
        answered(operator, at=MIDNIGHT + timedelta(hours=9), reply_s=reply_s)

    day = own_day(operator_id=operator.pk, at=MIDNIGHT + timedelta(hours=10))

    assert day.first_reply_s == median
    assert day.within_goal == pytest.approx(share)


def test_the_goal_is_a_setting(settings):
    settings.CHATDESK = {"GOAL": timedelta(seconds=60)}
    operator = make_operator()
    answered(operator, at=MIDNIGHT, reply_s=59)

    assert own_day(operator_id=operator.pk, at=MIDNIGHT).within_goal == 1.0


def test_likes_and_dislikes_of_today_are_counted():
    operator = make_operator(capacity=10)
    yesterday = MIDNIGHT - timedelta(seconds=1)
    for thumb, at in [
        ("up", MIDNIGHT),
        ("up", MIDNIGHT),
        ("down", MIDNIGHT),
        ("down", yesterday),
    ]:
        rated(answered(operator, at=yesterday, reply_s=1), thumb, at=at)

    day = own_day(operator_id=operator.pk, at=MIDNIGHT + timedelta(hours=1))

    assert (day.likes, day.dislikes) == (2, 1)


def test_nobody_has_the_figures_of_a_colleague(django_assert_num_queries):
    colleague, operator = make_operator(), make_operator()
    rated(answered(colleague, at=MIDNIGHT, reply_s=1), "up", at=MIDNIGHT)

    with django_assert_num_queries(2):
        day = own_day(operator_id=operator.pk, at=MIDNIGHT + timedelta(hours=1))

    assert day == OwnDay()
