"""Numbers and spans are put into the words that fit them."""

from datetime import UTC, datetime

import pytest
from django.utils import translation

from chatdesk.admin import wording
from chatdesk.admin.devices import device_of
from chatdesk.admin.faces import face_of
from chatdesk.models import Operator


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.4, "0 s"),
        (9.4, "9 s"),
        (59.4, "59 s"),
        (59.6, "1 min"),
        (60, "1 min"),
        (95, "1 min 35 s"),
        (599.7, "10 min"),
        (754, "12 min"),
        (3600, "1 h"),
        (5460, "1 h 31 min"),
        (86399, "24 h"),
        (86400, "1 d"),
        (20 * 86400, "20 d"),
    ],
)
def test_a_span_is_told_in_the_units_that_matter(value: float, words: str) -> None:
    assert wording.seconds(value) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [(0, "0 min"), (18060, "5 h 1 min"), (35990, "10 h"), (547200, "152 h")],
)
def test_time_at_the_desk_is_told_in_hours(value: float, words: str) -> None:
    assert wording.hours(value) == words


def test_numbers_are_grouped_as_the_reader_is_used_to() -> None:
    assert wording.number(1284) == "1,284"
    with translation.override("ru"):
        assert wording.number(1284) == "1\xa0284"


def test_a_moment_of_today_is_a_time() -> None:
    at = datetime(2026, 11, 20, 13, 0, tzinfo=UTC)

    assert wording.moment(datetime(2026, 11, 20, 8, 5, tzinfo=UTC), at=at) == "09:05"
    assert (
        wording.moment(datetime(2026, 11, 19, 8, 5, tzinfo=UTC), at=at)
        == "19 Nov, 09:05"
    )


WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        ("(iPhone; like Mac OS X) Version/18.5 Safari/604.1", "iPhone, Safari"),
        (f"(Linux; Android 15) {WEBKIT} Chrome/141 Safari/537", "Android, Chrome"),
        (f"(Windows NT 10.0) {WEBKIT} Chrome/141 Edg/141", "Windows, Edge"),
        (f"(Macintosh) {WEBKIT} Chrome/141 YaBrowser/25", "Mac, Yandex Browser"),
        ("curl/8.5", "curl/8.5"),
        ("", ""),
    ],
)
def test_a_device_is_named_as_people_name_it(user_agent: str, words: str) -> None:
    assert device_of(user_agent) == words


@pytest.mark.parametrize(
    ("name", "initials"),
    [("Anna Sokolova", "AS"), ("Cher", "C"), ("Анна Петровна К", "АК"), ("", "")],
)
def test_initials_stand_for_a_face(name: str, initials: str) -> None:
    face = face_of(Operator(name=name))

    assert face.initials == initials
    assert 1 <= face.hue <= 6
    assert face_of(Operator(name=name)) == face
