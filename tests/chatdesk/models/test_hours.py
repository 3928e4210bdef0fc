"""Periods, special days and shifts: what a row may hold, and what it says."""

from datetime import date, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from chatdesk.models import Department, OpeningHours, Shift, SpecialDay
from chatdesk.selectors.storefronts import get_storefront
from chatdesk.timetable import Span
from tests.factories import NOON, make_operator

DAY = date(2027, 1, 2)


def period(opens, closes, *, next_day=False):
    return OpeningHours(weekday=0, opens=opens, closes=closes, next_day=next_day)


@pytest.mark.parametrize(
    ("opens", "closes", "next_day", "span"),
    [
        (time(9), time(18), False, Span(540, 1080)),
        (time(0), time(23, 59), False, Span(0, 1439)),
        (time(22), time(2), True, Span(1320, 1560)),
        (time(0), time(0), True, Span(0, 1440)),
        (time(9), time(9), True, Span(540, 1980)),
    ],
)
def test_a_period_is_a_span_of_minutes_and_may_be_kept(opens, closes, next_day, span):
    row = period(opens, closes, next_day=next_day)

    row.clean()

    assert row.span == span


@pytest.mark.parametrize(
    ("opens", "closes", "next_day", "words"),
    [
        (time(18), time(9), False, "not after the beginning"),
        (time(9), time(9), False, "not after the beginning"),
        (time(9), time(9, 1), True, "more than 24 hours"),
    ],
)
def test_a_period_that_cannot_be_is_refused_at_its_end(opens, closes, next_day, words):
    with pytest.raises(ValidationError) as refused:
        period(opens, closes, next_day=next_day).clean()

    assert list(refused.value.message_dict) == ["closes"]
    assert words in str(refused.value)


def test_half_a_period_is_left_to_its_fields():
    period(time(9), None).clean()
    period(None, time(9)).clean()


def test_a_period_is_called_in_the_readers_language():
    row = period(time(9), time(18))

    with translation.override("ru"):
        assert str(row) == "Понедельник 09:00-18:00"
    assert str(row) == "Monday 09:00-18:00"


def test_a_day_without_spans_is_closed_and_is_called_by_its_date():
    day = SpecialDay(date=DAY, name="Fair")

    assert (day.hours, str(day)) == ((), "2027-01-02 Fair")


def test_the_spans_of_a_day_are_read_from_pairs():
    day = SpecialDay(date=DAY, spans=[[600, 840], [900, 1080]])

    assert day.hours == (Span(600, 840), Span(900, 1080))


def add(**fields):
    return SpecialDay.objects.create(storefront=get_storefront(), date=DAY, **fields)


@pytest.mark.django_db
@pytest.mark.postgres
def test_a_date_is_written_once_by_plan_and_once_by_hand_for_each_place():
    department = Department.objects.create(name="Returns")
    for place in ({}, {"department": department}):
        for by_hand in (False, True):
            add(by_hand=by_hand, **place)
            with pytest.raises(IntegrityError), transaction.atomic():
                add(by_hand=by_hand, **place)

    assert SpecialDay.objects.count() == 4


@pytest.mark.django_db
@pytest.mark.postgres
def test_a_weekday_is_one_of_seven():
    with pytest.raises(IntegrityError), transaction.atomic():
        OpeningHours.objects.create(
            storefront=get_storefront(), weekday=7, opens=time(9), closes=time(10)
        )


@pytest.mark.django_db
@pytest.mark.postgres
@pytest.mark.parametrize("length", [timedelta(), -timedelta(hours=1)])
def test_a_shift_has_a_length(length):
    operator = make_operator()

    with pytest.raises(IntegrityError), transaction.atomic():
        Shift.objects.create(operator=operator, begins_at=NOON, ends_at=NOON + length)


@pytest.mark.django_db
def test_a_shift_is_called_by_its_operator_and_beginning():
    shift = Shift(operator=make_operator(name="Anna"), begins_at=NOON)

    assert str(shift) == "Anna 2026-03-02 12:00"
