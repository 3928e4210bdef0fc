"""Public holidays come from a library that knows them, if it is there."""

from datetime import date

import pytest

from chatdesk.selectors import holidays
from chatdesk.selectors.holidays import COUNTRIES, has_presets, list_holidays


def names(country, *, year=2027, language="en"):
    found = list_holidays(country=country, year=year, language=language)
    return {each.date: each.name for each in found}


@pytest.mark.parametrize(
    ("country", "day"),
    [
        ("RU", date(2027, 5, 9)),
        ("BY", date(2027, 7, 3)),
        ("KZ", date(2027, 12, 16)),
        ("DE", date(2027, 10, 3)),
        ("AT", date(2027, 10, 26)),
        ("FR", date(2027, 7, 14)),
        ("ES", date(2027, 10, 12)),
        ("IT", date(2027, 6, 2)),
        ("PL", date(2027, 11, 11)),
        ("GB", date(2027, 12, 25)),
        ("US", date(2027, 7, 4)),
    ],
)
def test_a_country_keeps_the_day_it_is_known_for(country, day):
    assert day in names(country)


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_country_that_may_be_chosen_is_known(country):
    found = list_holidays(country=country, year=2021, language="en")

    days = [each.date for each in found]
    assert days == sorted(set(days))
    assert {day.year for day in days} == {2021}
    assert all(each.name for each in found)


@pytest.mark.parametrize(
    ("country", "language", "name"),
    [
        ("RU", "ru", "День Победы"),
        ("RU", "ru-ru", "День Победы"),
        ("RU", "en", "Victory Day"),
    ],
)
def test_a_holiday_is_named_in_the_readers_language_if_it_can(country, language, name):
    assert names(country, language=language)[date(2027, 5, 9)] == name


@pytest.mark.parametrize("country", ["", "XX", "ru", "RU; DROP TABLE", "__class__"])
def test_a_country_that_may_not_be_chosen_has_no_holidays(country):
    assert list_holidays(country=country, year=2027, language="en") == []


def test_without_the_library_there_are_none(monkeypatch):
    assert has_presets()
    monkeypatch.setattr(holidays, "find_spec", lambda _name: None)

    assert not has_presets()
    assert list_holidays(country="RU", year=2027, language="ru") == []
