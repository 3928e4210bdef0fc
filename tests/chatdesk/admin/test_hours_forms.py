"""The forms of working hours take what people write and say what is wrong with it."""

from datetime import date

import pytest
from django import forms
from django.utils import translation

from chatdesk.admin.hours_forms import (
    HolidaysForm,
    SpansField,
    SpecialDayForm,
    WeekForm,
)
from chatdesk.selectors.holidays import COUNTRIES
from chatdesk.timetable import Span


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("", ()),
        ("   ", ()),
        ("10:00-18:00", (Span(600, 1080),)),
        ("9:00-9:01", (Span(540, 541),)),
        ("10:00 - 18:00", (Span(600, 1080),)),
        ("10:00–18:00", (Span(600, 1080),)),
        ("10:00—18:00", (Span(600, 1080),)),
        ("00:00-24:00", (Span(0, 1440),)),
        ("10:00-14:00, 15:00-18:00", (Span(600, 840), Span(900, 1080))),
        ("10:00-14:00;15:00-18:00", (Span(600, 840), Span(900, 1080))),
        ("15:00-18:00, 10:00-14:00", (Span(600, 840), Span(900, 1080))),
        ("10:00-14:00, 14:00-18:00", (Span(600, 840), Span(840, 1080))),
    ],
)
def test_hours_are_read_as_people_write_them(text, spans):
    assert SpansField(required=False).clean(text) == spans


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("all day", "is not a period"),
        ("10-18", "is not a period"),
        ("10:00", "is not a period"),
        ("10:00-18:00,", "is not a period"),
        ("10:0-18:00", "is not a period"),
        ("10:00-18:00 or so", "is not a period"),
        ("-1:00-18:00", "is not a period"),
        ("10:60-18:00", "no such time"),
        ("10:00-17:99", "no such time"),
        ("24:00-24:00", "no such time"),
        ("10:00-24:01", "no such time"),
        ("18:00-10:00", "not after the beginning"),
        ("10:00-10:00", "not after the beginning"),
        ("10:00-14:00, 13:59-15:00", "overlap"),
        ("10:00-18:00, 10:00-18:00", "overlap"),
        ("10:00-20:00, 11:00-12:00", "overlap"),
    ],
)
def test_what_are_no_hours_is_said_in_words(text, words):
    with pytest.raises(forms.ValidationError, match=words):
        SpansField(required=False).clean(text)


def test_hostile_hours_are_shown_escaped():
    form = SpecialDayForm({"date": "2027-01-02", "spans": "<script>alert(1)</script>"})

    assert "<script>" not in form.as_p()
    assert "&lt;script&gt;" in str(form.errors["spans"])


def test_wrong_hours_are_told_in_russian():
    with translation.override("ru"):
        form = SpecialDayForm({"date": "2027-01-02", "spans": "18:00-10:00"})

        assert "Конец" in str(form.errors["spans"])


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"date": ""}, "date"),
        ({"date": "2027-02-30"}, "date"),
        ({"date": "tomorrow"}, "date"),
        ({"date": "2027-01-02", "name": "x" * 121}, "name"),
        ({"date": "2027-01-02", "name": "nul\x00"}, "name"),
    ],
)
def test_a_special_day_needs_a_date_and_a_name_that_fits(sent, field):
    assert list(SpecialDayForm(sent).errors) == [field]


def test_a_special_day_without_hours_is_closed():
    form = SpecialDayForm({"date": "2027-01-02", "name": " Ярмарка "})

    assert form.is_valid()
    assert form.cleaned_data == {
        "date": date(2027, 1, 2),
        "name": "Ярмарка",
        "spans": (),
    }


def read(**sent):
    form = WeekForm(sent)
    assert form.is_valid(), form.errors
    return form.cleaned_data["week"]


def test_an_empty_week_is_seven_empty_days():
    assert read() == [[] for _ in range(7)]


@pytest.mark.parametrize(
    ("sent", "weekday", "spans"),
    [
        ({"from_0_0": "09:00", "to_0_0": "18:00"}, 0, [Span(540, 1080)]),
        ({"from_0_2": "09:00", "to_0_2": "18:00"}, 0, [Span(540, 1080)]),
        (
            {"from_6_0": "22:00", "to_6_0": "02:00", "next_6_0": "on"},
            6,
            [Span(1320, 1560)],
        ),
        (
            {"from_3_0": "00:00", "to_3_0": "00:00", "next_3_0": "on"},
            3,
            [Span(0, 1440)],
        ),
        (
            {
                "from_1_0": "09:00",
                "to_1_0": "12:00",
                "from_1_1": "12:00",
                "to_1_1": "13:00",
            },
            1,
            [Span(540, 720), Span(720, 780)],
        ),
        ({"next_2_0": "on"}, 2, []),
    ],
)
def test_a_week_is_read_by_its_days(sent, weekday, spans):
    week = read(**sent)

    assert week.pop(weekday) == spans
    assert not any(week)


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"from_0_0": "25:00", "to_0_0": "18:00"}, "from_0_0"),
        ({"from_0_0": "nine", "to_0_0": "18:00"}, "from_0_0"),
        ({"from_0_0": "09:00", "to_0_0": "<b>"}, "to_0_0"),
        ({"from_0_0": "09:00", "to_0_0": "09:00"}, "to_0_0"),
    ],
)
def test_one_wrong_field_has_one_error(sent, field):
    assert list(WeekForm(sent).errors) == [field]


def test_a_night_may_end_when_the_next_day_begins():
    night = {"from_0_0": "22:00", "to_0_0": "08:00", "next_0_0": "on"}

    assert WeekForm({**night, "from_1_0": "08:00", "to_1_0": "12:00"}).is_valid()
    form = WeekForm({**night, "from_1_0": "07:59", "to_1_0": "12:00"})
    assert list(form.errors) == ["from_1_0"]


@pytest.mark.parametrize(
    ("span", "shown"),
    [
        (Span(540, 1080), ("09:00", "18:00", False)),
        (Span(1320, 1560), ("22:00", "02:00", True)),
        (Span(0, 1440), ("00:00", "00:00", True)),
    ],
)
def test_a_form_shows_the_week_that_is_kept(span, shown):
    week = [[span], *([] for _ in range(6))]

    (name, periods), *others = WeekForm(week=week).days()

    assert name == "Monday"
    assert tuple(each.initial for each in periods[0]) == shown
    assert all(each.initial is None for each in periods[1][:2])
    assert [len(day) for _, day in others] == [3] * 6


def test_each_field_of_a_week_says_its_day_aloud():
    with translation.override("ru"):
        assert 'aria-label="Понедельник: ' in str(WeekForm()["from_0_0"])


@pytest.mark.parametrize(
    ("sent", "fields"),
    [
        ({"country": "RU", "year": "2027"}, []),
        ({"country": "XX", "year": "2027"}, ["country"]),
        ({"country": "", "year": "2027"}, ["country"]),
        ({"country": "RU", "year": "2019"}, ["year"]),
        ({"country": "RU", "year": "2101"}, ["year"]),
        ({"country": "RU", "year": "soon"}, ["year"]),
        ({}, ["country", "year"]),
    ],
)
def test_holidays_are_of_a_known_country_in_a_year_that_is_near(sent, fields):
    assert list(HolidaysForm(sent).errors) == fields


def test_every_country_has_a_russian_name():
    with translation.override("ru"):
        names = [str(name) for name in COUNTRIES.values()]

    assert not [name for name in names if name.isascii()]
