"""The presence page: today against the plan, and time without anybody."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chatdesk.errors import Invalid, NotFound
from chatdesk.models import PresencePeriod, Shift
from chatdesk.selectors.attendance import get_attendance, subtract
from chatdesk.selectors.storefronts import get_storefront
from chatdesk.services.hours import Place, set_week
from chatdesk.services.rota import plan_shift, swap_shift
from chatdesk.timetable import Span
from tests.factories import make_operator

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

DAY = datetime(2026, 11, 27, tzinfo=ZoneInfo("Europe/Berlin"))


def at(hour, minute=0):
    return DAY + timedelta(hours=hour, minutes=minute)


def was(operator, state, begin, end):
    PresencePeriod.objects.create(
        operator=operator, state=state, from_at=begin, to_at=end
    )


def plan(operator, begin, end):
    return plan_shift(operator_id=operator.pk, begins_at=begin, ends_at=end)


def attend(now):
    return get_attendance(begin=DAY, end=at(24), at=now)


def test_late_and_early_are_measured_against_the_shift():
    operator = make_operator()
    plan(operator, at(9), at(18))
    was(operator, "online", at(9, 12), at(17, 30))

    (row,) = attend(at(20)).rows

    (watch,) = row.watches
    assert watch.late == timedelta(minutes=12)
    assert watch.early == timedelta(minutes=30)
    assert (row.planned, row.online) == (
        timedelta(hours=9),
        timedelta(hours=8, minutes=18),
    )


def test_who_never_came_is_absent_and_who_is_still_to_come_is_not():
    operator = make_operator()
    plan(operator, at(9), at(18))

    assert not attend(at(8)).rows[0].watches[0].is_absent
    assert attend(at(10)).rows[0].watches[0].is_absent


def test_working_time_without_anybody_online_is_uncovered():
    anna, boris = make_operator(name="Anna"), make_operator(name="Boris")
    place = Place(get_storefront().pk)
    set_week(place=place, week=[[Span(540, 1080)]] * 7)
    was(anna, "online", at(8), at(12))
    was(boris, "online", at(13), at(15))
    was(boris, "away", at(15), at(18))

    found = attend(at(20))

    assert list(found.uncovered) == [(at(12), at(13)), (at(15), at(18))]
    assert found.uncovered_time == timedelta(hours=4)


def test_without_working_hours_the_nights_are_nobodys_duty():
    anna, boris = make_operator(name="Anna"), make_operator(name="Boris")
    assert list(attend(at(20)).uncovered) == []

    plan(anna, at(9), at(13))
    plan(boris, at(12), at(18))
    was(anna, "online", at(9), at(12))
    was(anna, "away", at(12), at(13))
    was(boris, "online", at(14), at(18))

    assert list(attend(at(20)).uncovered) == [(at(12), at(14))]


def test_time_to_come_is_not_uncovered():
    operator = make_operator()
    plan(operator, at(1), at(9))

    assert list(attend(at(2)).uncovered) == [(at(1), at(2))]


def test_a_period_in_the_middle_leaves_both_ends():
    whole = [(at(9), at(18))]

    assert subtract(whole, [(at(10), at(11))]) == [(at(9), at(10)), (at(11), at(18))]
    assert subtract(whole, [(at(8), at(19))]) == []
    assert subtract(whole, [(at(7), at(9)), (at(18), at(20))]) == whole


def test_shifts_of_one_operator_do_not_overlap():
    operator, other = make_operator(), make_operator()
    shift = plan(operator, at(9), at(12))

    for begin, end in ((at(11), at(13)), (at(12), at(12)), (at(14), at(13))):
        with pytest.raises(Invalid):
            plan(operator, begin, end)
    with pytest.raises(NotFound):
        plan_shift(operator_id=0, begins_at=at(1), ends_at=at(2))
    plan(operator, at(12), at(13))

    plan(other, at(11), at(12))
    with pytest.raises(Invalid):
        swap_shift(shift_id=shift, operator_id=other.pk)
    with pytest.raises(NotFound):
        swap_shift(shift_id=0, operator_id=other.pk)


def test_a_shift_may_be_given_to_a_colleague():
    operator, other = make_operator(), make_operator()
    shift = plan(operator, at(9), at(12))

    swap_shift(shift_id=shift, operator_id=other.pk)

    assert Shift.objects.get().operator == other


def test_the_page_shows_the_day_and_the_week(
    admin_client, django_assert_max_num_queries
):
    operator = make_operator(name="<i>Anna</i>")
    plan(operator, at(9), at(18))
    was(operator, "online", at(9, 12), at(17, 30))

    with django_assert_max_num_queries(25):
        answer = admin_client.get("/admin/chatdesk/operator/attendance/?day=2026-11-27")

    words = answer.content.decode()
    assert answer.status_code == 200
    assert "12 min" in words
    assert "<i>Anna</i>" not in words


def test_the_form_refuses_a_shift_that_overlaps(admin_client):
    operator = make_operator()
    plan(operator, at(9), at(18))
    sent = {
        "operator": operator.pk,
        "begins_at_0": "2026-11-27",
        "begins_at_1": "10:00",
        "ends_at_0": "2026-11-27",
        "ends_at_1": "11:00",
    }

    answer = admin_client.post("/admin/chatdesk/shift/add/", sent)

    assert b"another shift" in answer.content
    assert Shift.objects.count() == 1


def test_seconds_without_anybody_are_no_line_of_the_page(admin_client):
    operator = make_operator()
    place = Place(get_storefront().pk)
    set_week(place=place, week=[[Span(540, 1080)]] * 7)
    was(operator, "online", at(9), at(12))
    was(operator, "online", at(12) + timedelta(seconds=40), at(15))

    answer = admin_client.get(f"/admin/chatdesk/operator/attendance/?day={DAY:%F}")

    told = [gap["words"] for gap in answer.context["gaps"] if gap["day"] == DAY.date()]
    assert told == ["15:00–18:00"]
