"""Pages that are asked for a day answer whatever the query says."""

from datetime import date

import pytest
from django.utils import timezone

from chatdesk.admin.base import read_day
from chatdesk.models import SpecialDay
from chatdesk.selectors.storefronts import get_storefront
from tests.visiting import HOSTILE

ATTENDANCE = "/admin/chatdesk/operator/attendance/"

NO_DAYS = [
    "",
    "today",
    "2026-02-30",
    "2026-13-01",
    "0000-00-00",
    "0001-01-01",
    "9999-12-31",
    "2026-11",
    "' OR 1=1",
    HOSTILE,
]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-27", date(2026, 11, 27)),
        ("2028-02-29", date(2028, 2, 29)),
        ("2026-11-27T10:00", date(2026, 11, 27)),
        ("1970-01-01", date(1970, 1, 1)),
    ],
)
def test_a_day_is_read_as_it_is_written(text, day):
    assert read_day(text) == day


@pytest.mark.parametrize("text", NO_DAYS)
def test_what_is_no_day_or_out_of_reach_is_none(text):
    assert read_day(text) is None


@pytest.mark.django_db
@pytest.mark.parametrize("text", NO_DAYS)
def test_the_presence_page_shows_today_for_what_is_no_day(manager, text):
    answer = manager.get(ATTENDANCE, {"day": text})

    assert answer.status_code == 200
    assert answer.context["day"] == timezone.localdate()
    assert "<script>alert" not in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["2026-02-30", "9999-12-31", HOSTILE])
def test_a_day_that_is_none_removes_none(admin_client, text):
    storefront = get_storefront()
    SpecialDay.objects.create(storefront=storefront, date=date(2030, 1, 2))
    path = f"/admin/chatdesk/storefront/{storefront.pk}/hours/"

    answer = admin_client.post(path, {"action": "remove", "date": text})

    assert answer.status_code == 302
    assert SpecialDay.objects.exists()
