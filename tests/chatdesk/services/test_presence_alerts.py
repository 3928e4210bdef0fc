"""An empty desk is told to managers by mail, once, in working time, while it is so."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache

from chatdesk import clock, worker
from chatdesk.models import Effect, OpeningHours, Operator
from chatdesk.selectors.hours import forget_hours
from chatdesk.selectors.storefronts import get_storefront
from chatdesk.services.hours import Place, close_today
from chatdesk.services.presence import choose_status, expire_leases
from chatdesk.services.presence_alerts import find_gap, promise_presence_alerts
from chatdesk.services.rota import plan_shift
from tests.factories import (
    NOON,
    actor_of_operator,
    bring_online,
    make_operator,
    open_shop,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
OPENS = NOON - 4 * HOUR
"""Nine o'clock where the site is."""


@pytest.fixture(autouse=True)
def from_nine_to_six(settings):
    cache.clear()
    settings.CHATDESK = {
        "MAIL_DIGEST": False,
        "ALERT_EMAILS": ["owner@shop.example"],
    }
    open_shop(weekdays=range(7))
    yield
    forget_hours()


@pytest.fixture
def told(monkeypatch):
    """Return what managers are mailed when workers run at this moment."""

    def run(moment):
        monkeypatch.setattr(clock, "now", lambda: moment)
        before = len(mail.outbox)
        worker.promise_rare(at=moment)
        worker.run_due(at=moment)
        return [each.subject for each in mail.outbox[before:]]

    return run


def here(operator, *, begin, minutes):
    """Let the operator be online for some minutes, and then fall silent."""
    for minute in range(minutes + 1):
        bring_online(operator, at=begin + minute * MINUTE)
    expire_leases(at=begin + (minutes + 1) * MINUTE)


def test_an_empty_desk_is_told_once_after_ten_minutes(told):
    make_operator(name="Anna")
    assert told(OPENS + 9 * MINUTE) == []
    (subject,) = told(OPENS + 10 * MINUTE)
    assert "09:00" in subject
    assert "Planned for now: nobody" in mail.outbox[-1].body
    assert told(OPENS + 11 * MINUTE) == []
    assert told(OPENS + 5 * HOUR) == []


def test_each_time_without_anybody_is_told_for_itself(told):
    anna = make_operator(name="Anna")
    here(anna, begin=OPENS, minutes=30)
    assert told(OPENS + 39 * MINUTE) == []
    (subject,) = told(OPENS + 40 * MINUTE)
    assert "09:30" in subject
    here(anna, begin=OPENS + HOUR, minutes=5)
    (again,) = told(OPENS + HOUR + 15 * MINUTE)
    assert "10:05" in again


def test_nobody_is_told_at_night_on_a_closed_day_or_of_a_shop_without_hours(told):
    assert told(OPENS - MINUTE) == []
    assert told(OPENS + 9 * HOUR) == []
    close_today(place=Place(get_storefront().pk), at=OPENS + 5 * MINUTE)
    forget_hours()
    assert told(OPENS + HOUR) == []
    OpeningHours.objects.all().delete()
    get_storefront().special_days.all().delete()
    forget_hours()
    assert told(OPENS + 2 * HOUR) == []


def test_who_is_away_leaves_the_desk_empty(told):
    anna = make_operator(name="Anna")
    for moment in (OPENS, OPENS + MINUTE):
        bring_online(anna, at=moment)
    choose_status(actor=actor_of_operator(anna), status="away", at=OPENS + MINUTE)
    gap = find_gap(at=OPENS + 12 * MINUTE)
    assert gap is not None
    assert gap.since == OPENS + MINUTE
    assert len(told(OPENS + 12 * MINUTE)) == 1


def test_a_mail_that_would_come_too_late_is_not_sent(told):
    anna = make_operator(name="Anna")
    moment = OPENS + 10 * MINUTE
    promise_presence_alerts(at=moment)
    bring_online(anna, at=moment)
    assert told(moment) == []
    assert Effect.objects.get().state == Effect.State.CANCELLED


def test_who_does_not_come_to_a_shift_is_told_of_by_name(told):
    anna, boris = make_operator(name="Anna"), make_operator(name="Boris")
    for each in (anna, boris):
        plan_shift(operator_id=each.pk, begins_at=OPENS, ends_at=OPENS + 8 * HOUR)
    for minute in range(16):
        bring_online(boris, at=OPENS + minute * MINUTE)
    assert told(OPENS + 9 * MINUTE) == []
    (subject,) = told(OPENS + 10 * MINUTE)
    assert "Anna" in subject
    assert told(OPENS + 12 * MINUTE) == []


def test_who_came_and_went_has_come(told):
    anna = make_operator(name="Anna")
    plan_shift(operator_id=anna.pk, begins_at=OPENS, ends_at=OPENS + 8 * HOUR)
    here(anna, begin=OPENS + MINUTE, minutes=1)
    (subject,) = told(OPENS + 20 * MINUTE)
    assert "09:02" in subject
    assert "Planned for now: Anna" in mail.outbox[-1].body


def test_a_shop_may_do_without(told, settings):
    make_operator(name="Anna")
    for off in ({"UNCOVERED_AFTER": timedelta()}, {"MAIL_PRESENCE_ALERTS": False}):
        settings.CHATDESK = {**settings.CHATDESK, **off}
        assert told(OPENS + HOUR) == []
    assert not Effect.objects.exists()


def test_what_was_promised_before_the_switch_is_not_sent(told, settings):
    promise_presence_alerts(at=OPENS + HOUR)
    settings.CHATDESK = {**settings.CHATDESK, "MAIL_PRESENCE_ALERTS": False}
    assert told(OPENS + HOUR) == []
    assert Effect.objects.get().state == Effect.State.CANCELLED


def test_an_operator_who_was_switched_off_is_not_missed(told):
    anna = make_operator(name="Anna")
    plan_shift(operator_id=anna.pk, begins_at=OPENS, ends_at=OPENS + 8 * HOUR)
    Operator.objects.update(is_active=False)
    assert [each for each in told(OPENS + HOUR) if "Anna" in each] == []
