"""Operators hear of themselves and of their colleagues, and only of what changed."""

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest

from chatdesk.doorbell.listeners import Whisper
from chatdesk.models import Operator
from chatdesk.realtime.team import TeamFeed
from chatdesk.selectors.operators import Desk
from tests.factories import NOON

pytestmark = pytest.mark.django_db(transaction=True)


class Socket:
    """A tab that remembers what it was sent."""

    def __init__(self, pk):
        self.actor = SimpleNamespace(id=pk)
        self.heard = []

    def push(self, text):
        self.heard.append(json.loads(text))

    def take(self, kind):
        found = [each for each in self.heard if each["type"] == kind]
        self.heard.clear()
        return found


def desk(pk, *, state="online", load=0, **fields):
    operator = Operator(pk=pk, name=f"Operator {pk}", status=state, **fields)
    return Desk(operator=operator, state=state, load=load)


@pytest.fixture
def tab():
    return Socket(1)


@pytest.fixture
def feed(tab):
    return TeamFeed({tab})


def test_the_first_look_tells_of_everybody(feed, tab):
    feed.tell([desk(1), desk(2, load=3)])

    (team,) = tab.take("team")
    assert [(each["id"], each["load"]) for each in team["colleagues"]] == [
        ("1", 0),
        ("2", 3),
    ]


def test_nothing_is_told_twice(feed, tab):
    feed.tell([desk(1), desk(2)])
    tab.heard.clear()

    feed.tell([desk(1), desk(2)])

    assert tab.heard == []


def test_a_colleague_who_goes_to_lunch_is_told_with_his_return(feed, tab):
    feed.tell([desk(1), desk(2)])
    tab.heard.clear()
    back_at = NOON + timedelta(hours=1)

    feed.tell([desk(1), desk(2, state="away", away_reason="lunch", back_at=back_at)])

    (frame,) = tab.heard
    (colleague,) = frame["colleagues"]
    assert (colleague["state"], colleague["reason"]) == ("away", "lunch")
    assert colleague["back_at"] == back_at.timestamp() * 1000


def test_each_hears_his_own_place(feed, tab):
    feed.tell([desk(1, state="away", away_reason="missed"), desk(2)])

    (own,) = tab.take("presence")
    assert (own["status"], own["reason"]) == ("away", "missed")


def test_a_colleague_who_is_gone_makes_the_whole_team_told(feed, tab):
    feed.tell([desk(1), desk(2)])
    tab.heard.clear()

    feed.tell([desk(1)])

    (team,) = tab.take("team")
    assert team["whole"]
    assert [each["id"] for each in team["colleagues"]] == ["1"]
    assert json.loads(feed.whole_text) == team


def test_a_new_sum_is_told_to_all_tabs_of_its_operator_and_to_nobody_else():
    first, second, colleague = Socket(1), Socket(1), Socket(2)
    sign = Whisper(public_id="", author="3", kind="earned", at=5, by="1")

    TeamFeed({first, second, colleague}).tell_earned(sign)

    assert first.heard == second.heard
    assert [each["kind"] for each in first.heard] == ["earned"]
    assert colleague.heard == []
