"""The figures of those who wait agree with the log, the shifts and the record."""

import random
from datetime import timedelta
from statistics import median

import pytest

from chatdesk.kpi.line import LINE_REGISTRY, STEPS, build_line_report
from chatdesk.kpi.period import Period
from chatdesk.models import Conversation, Entry, PresencePeriod
from chatdesk.selectors.storefronts import get_storefront
from chatdesk.services.conversations import close_conversation, take_conversation
from chatdesk.services.hours import Place, set_week
from chatdesk.services.ladder import climb_ladder
from chatdesk.services.presence import choose_status
from chatdesk.services.rota import plan_shift
from chatdesk.timetable import Span
from tests.chatdesk.services.desks import MINUTE, SECOND, at_desk, stay
from tests.factories import (
    NOON,
    actor_of,
    actor_of_operator,
    make_conversation,
    make_operator,
    say,
)

HOUR = timedelta(hours=1)

pytestmark = pytest.mark.django_db


def period_of(begin=NOON - HOUR, end=NOON + 12 * HOUR):
    return Period(start=begin, end=end, days=1)


def read(period=None, *, at=NOON + 12 * HOUR):
    """Return the value of each figure of the period."""
    report = build_line_report(period or period_of(), at=at)
    assert list(report) == list(LINE_REGISTRY)
    return {key: reading.now.value for key, reading in report.items()}


def play(dice, asked_at, people):
    """Play a dialog: answered soon, late or never, taken by one or passed on."""
    stay(*people, at=asked_at)
    for each in people:
        actor = actor_of_operator(each)
        choose_status(actor=actor, status="online", at=asked_at)
    row = make_conversation(at=asked_at)
    taken_after = dice.choice([None, 3, 10])
    owner = dice.choice(people)
    if taken_after is not None:
        at = asked_at + taken_after * SECOND
        actor = actor_of_operator(owner)
        take_conversation(conversation_id=row.pk, actor=actor, at=at)
    for waited in (22, 42, 62, 630)[: dice.randint(0, 4)]:
        stay(*people, at=asked_at + waited * SECOND)
        climb_ladder(at=asked_at + waited * SECOND)
    end = asked_at + 700 * SECOND
    row.refresh_from_db()
    if row.operator is not None and dice.random() < 0.6:
        say(row, actor_of_operator(row.operator), "Here.", at=end)
    close_conversation(conversation_id=row.pk, actor=actor_of(row.visitor), at=end)


def ask_log():
    """Return the figures of dialogs as the entries alone tell them."""
    held = passed_on = rescued = left = 0
    waits = []
    for row in Conversation.objects.begun():
        log = list(Entry.objects.filter(conversation=row).order_by("seq"))
        done = [(each.kind, (each.data or {}).get("step")) for each in log]
        held += ("auto", "red") in done
        rescued += ("auto", "rescue") in done
        ways = [(each.data or {}).get("how") for each in log if each.kind == "routed"]
        passed_on += "passed_on" in ways
        has_answer = any(
            each.kind == "message" and each.author_kind == "o" for each in log
        )
        left += ("raised", "left") in done or not has_answer
        taken = [each.at for each in log if each.kind == "taken"]
        if taken:
            waits.append((min(taken) - log[0].at).total_seconds())
    return {
        "in_line": median(waits),
        "held": held,
        "passed_on": passed_on,
        "rescued": rescued,
        "left": left,
    }


def test_a_seeded_day_agrees_with_its_log():
    dice = random.Random(7)
    people = [at_desk("Anna", capacity=50), at_desk("Boris", capacity=50)]
    for number in range(24):
        play(dice, NOON + number * 20 * MINUTE, people)
    told = read()
    log = ask_log()
    assert {key: told[key] for key in log} == log
    assert all(log.values())
    for key, rows in STEPS.items():
        assert Conversation.objects.filter(rows).count() == log[key]


def test_an_empty_shop_has_no_time_in_line():
    told = read()
    assert [told.pop("in_line"), told.pop("uncovered")] == [None, None]
    assert set(told.values()) == {0}


def test_a_dialog_belongs_to_the_period_of_its_question():
    anna = at_desk("Anna")
    make_conversation(at=NOON)
    stay(anna, at=NOON + 59 * SECOND)
    climb_ladder(at=NOON + MINUTE)
    assert read()["rescued"] == 0
    climb_ladder(at=NOON + 2 * MINUTE)
    assert (read()["held"], read()["rescued"]) == (1, 1)
    later = period_of(begin=NOON + HOUR, end=NOON + 2 * HOUR)
    assert read(later)["rescued"] == 0


def test_late_early_and_uncovered_time_are_those_of_the_shifts_and_hours():
    anna, boris = make_operator(name="Anna"), make_operator(name="Boris")
    noon_to_five = [[Span(12 * 60, 17 * 60)], *[[] for _ in range(6)]]
    set_week(place=Place(get_storefront().pk), week=noon_to_five)
    for each in (anna, boris):
        plan_shift(operator_id=each.pk, begins_at=NOON, ends_at=NOON + 4 * HOUR)
    PresencePeriod.objects.create(
        operator=anna,
        state="online",
        from_at=NOON + 10 * MINUTE,
        to_at=NOON + 3 * HOUR,
    )
    told = read()
    assert told["late_shifts"] == 10 * 60 + 4 * 3600
    assert told["early_shifts"] == 3600
    assert told["uncovered"] == (5 * 60 - 170) * 60


def test_the_queries_do_not_grow_with_the_shop(django_assert_num_queries):
    people = [at_desk("Anna", capacity=50), at_desk("Boris", capacity=50)]
    with django_assert_num_queries(10):
        read()
    for number in range(5):
        play(random.Random(number), NOON + number * 20 * MINUTE, people)
    with django_assert_num_queries(10):
        read()
