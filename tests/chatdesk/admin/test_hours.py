"""The page of working hours: what is entered wrong is said where it was entered."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from chatdesk.models import Department, SpecialDay
from chatdesk.selectors.hours import get_timetable, is_open
from chatdesk.selectors.storefronts import get_storefront
from chatdesk.timetable import Span

pytestmark = pytest.mark.django_db

BERLIN = ZoneInfo("Europe/Berlin")


def path(**query):
    tail = f"?department={query['department']}" if query else ""
    return f"/admin/chatdesk/storefront/{get_storefront().pk}/hours/{tail}"


def week(**fields):
    return {"action": "week", **fields}


def test_a_week_is_saved_and_shown(admin_client):
    sent = week(from_0_0="09:00", to_0_0="13:00", from_0_1="14:00", to_0_1="18:00")

    answer = admin_client.post(path(), sent, follow=True)

    assert answer.status_code == 200
    assert get_timetable().week[0] == (Span(540, 780), Span(840, 1080))
    assert b'value="14:00"' in answer.content


@pytest.mark.parametrize(
    ("sent", "field", "words"),
    [
        ({"from_1_0": "18:00", "to_1_0": "09:00"}, "to_1_0", "not after the begin"),
        ({"from_1_0": "18:00"}, "to_1_0", "half is missing"),
        ({"to_1_0": "18:00"}, "from_1_0", "half is missing"),
        (
            {"from_1_0": "09:00", "to_1_0": "10:00", "next_1_0": "on"},
            "to_1_0",
            "24 hours",
        ),
        (
            {
                "from_1_0": "09:00",
                "to_1_0": "12:00",
                "from_1_1": "11:00",
                "to_1_1": "13:00",
            },
            "from_1_1",
            "overlaps",
        ),
        (
            {
                "from_0_0": "01:00",
                "to_0_0": "05:00",
                "from_6_0": "22:00",
                "to_6_0": "02:00",
                "next_6_0": "on",
            },
            "from_6_0",
            "overlaps",
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(
    admin_client, sent, field, words
):
    answer = admin_client.post(path(), week(**sent))

    errors = answer.context["week"].errors
    assert list(errors) == [field]
    assert words in errors[field][0]
    for value in sent.values():
        assert value.encode() in answer.content
    assert get_timetable().is_always_open


def test_a_night_runs_into_the_next_day(admin_client):
    sent = week(from_4_0="22:00", to_4_0="02:00", next_4_0="on")
    admin_client.post(path(), sent)

    assert is_open(datetime(2026, 11, 28, 1, 59, tzinfo=BERLIN))
    assert not is_open(datetime(2026, 11, 28, 2, tzinfo=BERLIN))


def test_today_is_closed_and_opened_with_one_click(admin_client):
    assert b"Closed today" in admin_client.get(path()).content

    answer = admin_client.post(path(), {"action": "close"}, follow=True)
    assert b"Open again" in answer.content
    assert not get_timetable().is_open(datetime.now(BERLIN))

    admin_client.post(path(), {"action": "reopen"})
    assert get_timetable().is_always_open


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        ("10 to 12", "is not a period"),
        ("10:00-09:00", "not after the beginning"),
        ("10:00-25:00", "no such time"),
        ("10:00-12:00, 11:00-13:00", "overlap"),
    ],
)
def test_hours_of_a_special_day_are_checked(admin_client, hours, words):
    sent = {"action": "day", "date": "2030-01-02", "name": "Fair", "spans": hours}

    answer = admin_client.post(path(), sent)

    assert words in str(answer.context["day_form"].errors["spans"])
    assert not SpecialDay.objects.exists()


def test_a_special_day_is_added_and_removed(admin_client):
    sent = {
        "action": "day",
        "date": "2030-01-02",
        "name": "<b>Fair</b>",
        "spans": "10:00-14:00; 15:00–18:00",
    }
    answer = admin_client.post(path(), sent, follow=True)

    assert b"10:00-14:00, 15:00-18:00" in answer.content
    assert b"<b>Fair</b>" not in answer.content
    admin_client.post(path(), {"action": "remove", "date": "2030-01-02"})
    assert not SpecialDay.objects.exists()


def test_holidays_are_looked_at_before_they_are_saved(admin_client):
    asked = {"country": "RU", "year": "2027"}
    shown = admin_client.post(path(), {"action": "preview", **asked})
    assert not SpecialDay.objects.exists()
    found = [each.date for each in shown.context["preview"]]
    assert date(2027, 5, 9) in found

    chosen = ["2027-05-09", "2027-03-08", "2027-07-01"]
    admin_client.post(path(), {"action": "holidays", "chosen": chosen, **asked})

    saved = SpecialDay.objects.values_list("date", flat=True)
    assert list(saved) == [date(2027, 3, 8), date(2027, 5, 9)]


def test_a_department_has_hours_of_its_own(admin_client):
    department = Department.objects.create(name="Returns")

    sent = week(from_0_0="09:00", to_0_0="10:00")
    admin_client.post(path(department=department.pk), sent)

    assert get_timetable().is_always_open
    assert get_timetable(department_id=department.pk).week[0] == (Span(540, 600),)
    assert admin_client.get(path(department=999)).status_code == 404


def test_who_may_not_change_the_storefront_sees_nothing(client, django_user_model):
    user = django_user_model.objects.create_user("clerk", is_staff=True)
    client.force_login(user)

    assert client.get(path()).status_code == 403
