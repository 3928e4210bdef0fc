"""Working hours against a plain oracle that looks at the clock minute by minute."""

import os
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chatdesk.timetable import DAY_MINUTES, Span, Timetable

# More of them by the environment: CHATDESK_EXAMPLES=2000.
EXAMPLES = int(os.environ.get("CHATDESK_EXAMPLES", "12"))

BERLIN = ZoneInfo("Europe/Berlin")
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)

NINE_TO_SIX = tuple([(Span(540, 1080),)] * 5 + [(), ()])
EVENINGS = tuple([(Span(1320, 1560),)] * 7)  # 22:00 to 02:00 of the next day.

# Moments at which clocks jump: by an hour, by half of one, at midnight, by a whole
# day, twice a year in both halves of the world; and years that end.
JUMPS = [
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("America/Sao_Paulo", date(2018, 2, 18)),
    ("America/Sao_Paulo", date(2018, 11, 4)),
    ("Africa/Casablanca", date(2026, 2, 15)),
    ("Africa/Casablanca", date(2026, 3, 22)),
    ("Asia/Beirut", date(2025, 3, 30)),
    ("Europe/Moscow", date(2014, 10, 26)),
    ("Pacific/Apia", date(2011, 12, 30)),
    ("Asia/Kathmandu", date(2026, 1, 1)),
    ("Pacific/Kiritimati", date(2024, 2, 29)),
    ("Europe/Moscow", date(2025, 12, 31)),
    ("UTC", date(2027, 1, 1)),
]


def at(text, zone=BERLIN):
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def open_minutes(table, first, days):
    """Return the minutes in which the shop is open, as a person with a clock says.

    He lists every minute with what the wall clock shows. A period of a day is open from
    the first minute that shows its beginning or later, to the last that shows less than
    its end.
    """
    start = datetime.combine(first - timedelta(days=4), time(), UTC)
    minutes = [start + index * MINUTE for index in range((days + 8) * DAY_MINUTES)]
    shown = [each.astimezone(table.zone).replace(tzinfo=None) for each in minutes]
    found = set()
    for ahead in range(-3, days + 3):
        day = first + timedelta(days=ahead)
        midnight = datetime.combine(day, time())
        spans = table.days.get(day)
        if spans is None:
            spans = table.week[day.weekday()]
        for span in spans:
            begin = midnight + span.begin * MINUTE
            end = midnight + span.end * MINUTE
            from_here = next(i for i, wall in enumerate(shown) if wall >= begin)
            to_here = max(i for i, wall in enumerate(shown) if wall < end)
            found.update(minutes[from_here : to_here + 1])
    return found


@st.composite
def spans(draw):
    begin = draw(st.integers(0, DAY_MINUTES - 1))
    return Span(begin, begin + draw(st.integers(1, DAY_MINUTES)))


@st.composite
def tables(draw):
    zone, day = draw(st.sampled_from(JUMPS))
    hours = st.lists(spans(), max_size=3).map(tuple)
    week = tuple(draw(hours) for _ in range(7))
    near = st.integers(-2, 2).map(lambda days: day + timedelta(days=days))
    days = draw(st.dictionaries(near, hours, max_size=2))
    return Timetable(ZoneInfo(zone), week, days), day


@settings(max_examples=EXAMPLES, deadline=None)
@given(tables(), st.randoms(use_true_random=False))
@example((Timetable(BERLIN, EVENINGS), date(2026, 10, 25)), None)
def test_hours_are_those_of_a_person_who_watches_the_clock(drawn, chance):
    table, day = drawn
    watched = open_minutes(table, day, 1)
    start = datetime.combine(day - timedelta(days=1), time(), UTC)
    window = [start + index * MINUTE for index in range(3 * DAY_MINUTES)]
    expected = [minute in watched for minute in window]

    end = window[-1] + MINUTE
    parts = list(table.intervals(start, end))
    opened = [any(a <= minute < b for a, b in parts) for minute in window]
    some = chance.sample(range(len(window)), 40) if chance else range(0, 4000, 97)

    assert opened == expected
    assert table.seconds_between(start, end) == 60 * sum(expected)
    for index in some:
        assert table.is_open(window[index]) == expected[index]
        if any(expected[index:]):
            first = expected.index(True, index)
            assert table.next_opening(window[index]) == window[first]
    assert parts == sorted(parts)
    assert all(a < b for a, b in parts)


@settings(max_examples=EXAMPLES, deadline=None)
@given(tables(), st.integers(0, 3 * DAY_MINUTES), st.integers(0, 2 * DAY_MINUTES))
def test_adding_work_is_the_inverse_of_counting_it(drawn, ahead, length):
    table, day = drawn
    start = datetime.combine(day - timedelta(days=1), time(), UTC) + ahead * MINUTE

    done = table.add(start, length * MINUTE)

    if done is None:
        assert not any(table.week) or table.next_opening(start) is None
        return
    assert table.seconds_between(start, done) == length * 60
    if length:
        # Not a moment later than needed: the last second of it was work.
        assert table.is_open(done - timedelta(seconds=1))


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    st.sampled_from(JUMPS),
    st.lists(st.integers(0, 5 * DAY_MINUTES), min_size=3, max_size=3).map(sorted),
)
def test_work_of_two_parts_adds_up(jump, cuts):
    zone, day = jump
    table = Timetable(ZoneInfo(zone), EVENINGS)
    start = datetime.combine(day - timedelta(days=2), time(), UTC)
    first, middle, last = (start + cut * MINUTE for cut in cuts)

    whole = table.seconds_between(first, last)

    parts = table.seconds_between(first, middle), table.seconds_between(middle, last)
    assert whole == sum(parts)


def test_without_hours_a_shop_is_always_open():
    table = Timetable(BERLIN)
    now = at("2026-03-01T03:00")

    assert table.is_open(now)
    assert table.next_opening(now) == now
    assert table.next_closing(now) is None
    assert table.seconds_between(now, now + HOUR) == 3600
    assert table.add(now, HOUR) == now + HOUR
    assert table.seconds_between(now, now - HOUR) == 0


def test_a_sunday_opens_on_monday_at_nine():
    table = Timetable(BERLIN, NINE_TO_SIX)
    sunday = at("2026-11-29T12:00")

    assert not table.is_open(sunday)
    assert table.next_opening(sunday) == at("2026-11-30T09:00")
    assert table.next_closing(sunday) is None
    assert table.next_closing(at("2026-11-30T10:00")) == at("2026-11-30T18:00")


def test_lunch_is_the_gap_between_two_periods():
    day = (Span(540, 780), Span(840, 1080))
    table = Timetable(BERLIN, (day,) * 7)

    assert table.is_open(at("2026-03-02T12:59"))
    assert not table.is_open(at("2026-03-02T13:00"))
    assert table.next_opening(at("2026-03-02T13:00")) == at("2026-03-02T14:00")
    assert table.add(at("2026-03-02T12:50"), 20 * MINUTE) == at("2026-03-02T14:10")


def test_periods_that_touch_at_midnight_are_one():
    table = Timetable(BERLIN, ((Span(0, DAY_MINUTES),),) * 7)
    now = at("2026-03-02T23:00")

    parts = list(table.intervals(now, now + 3 * HOUR))

    assert parts == [(now, now + 3 * HOUR)]
    assert table.next_closing(now) is None


def test_a_holiday_is_closed_and_a_short_day_has_its_own_hours():
    days = {date(2026, 12, 25): (), date(2026, 12, 24): (Span(540, 720),)}
    table = Timetable(BERLIN, NINE_TO_SIX, days)

    assert not table.is_open(at("2026-12-25T12:00"))
    assert table.next_closing(at("2026-12-24T11:00")) == at("2026-12-24T12:00")
    assert table.next_opening(at("2026-12-24T12:00")) == at("2026-12-28T09:00")


def test_an_exception_alone_leaves_the_other_days_open():
    table = Timetable(BERLIN, None, {date(2027, 1, 1): ()})

    assert table.is_open(at("2026-12-31T23:59"))
    assert not table.is_open(at("2027-01-01T00:00"))
    assert table.next_opening(at("2027-01-01T00:00")) == at("2027-01-02T00:00")


def test_a_shop_that_never_opens_says_so():
    table = Timetable(BERLIN, ((),) * 7)
    now = at("2026-03-02T12:00")

    assert table.next_opening(now) is None
    assert table.add(now, HOUR) is None


@pytest.mark.parametrize(
    ("opens", "closes", "next_day", "expected"),
    [
        (time(9), time(18), False, Span(540, 1080)),
        (time(22), time(2), True, Span(1320, 1560)),
        (time(0), time(0), True, Span(0, 1440)),
    ],
)
def test_a_span_counts_minutes_from_midnight(opens, closes, next_day, expected):
    assert Span.between(opens, closes, next_day=next_day) == expected
