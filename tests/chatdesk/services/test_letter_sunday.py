"""A question on Sunday: what the visitor is told, and what Monday does about it."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache

from chatdesk import worker
from chatdesk.models import Entry, Letter
from chatdesk.selectors.availability import get_availability
from chatdesk.selectors.hours import forget_hours
from chatdesk.selectors.letters import list_open
from chatdesk.selectors.storefronts import get_storefront
from chatdesk.wire.objects import from_ms
from tests.chatdesk.services.test_letters import QUESTION, answer, begin, leave
from tests.factories import NOON, bring_online, make_operator, open_shop

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)
MONDAY = NOON - 3 * HOUR
"""Nine o'clock, when the shop opens."""
SUNDAY = MONDAY - 19 * HOUR


@pytest.fixture(autouse=True)
def closed_on_sundays(settings):
    cache.clear()
    settings.CHATDESK = {
        "MAIL_DIGEST": False,
        "MAIL_PRESENCE_ALERTS": False,
        "ALERT_EMAILS": ["owner@shop.example"],
        "LETTER_WITHIN": HOUR,
    }
    storefront = get_storefront()
    storefront.time_zone = "UTC"
    storefront.save()
    open_shop()
    yield
    forget_hours()


def alerts_by(moment):
    """Let the workers run until then; return the alerts that went out so far."""
    worker.promise_rare(at=moment)
    worker.run_due(at=moment)
    return [each.subject for each in mail.outbox if "owner@shop.example" in each.to]


def test_sundays_question_is_a_task_for_monday_and_told_when_monday_is_late():
    operator = make_operator(name="Anna Sokolova")
    bring_online(operator, at=SUNDAY)  # A tab that somebody left open.

    told = get_availability(at=SUNDAY)
    assert (told.state, from_ms(told.opens_at)) == ("offline", MONDAY)
    assert told.operators == ()

    conversation = begin()
    leave(conversation, contact="@marat_k", at=SUNDAY)

    (task,) = list_open()
    assert from_ms(task.due_at) == MONDAY + HOUR
    assert (task.owner, task.kind, task.preview) == (None, "telegram", QUESTION)
    for quiet in (SUNDAY + HOUR, MONDAY, MONDAY + HOUR - timedelta(seconds=1)):
        assert alerts_by(quiet) == []
    assert len(alerts_by(MONDAY + HOUR)) == 1
    assert len(alerts_by(MONDAY + 2 * HOUR)) == 1

    answer(conversation, operator, at=MONDAY + 2 * HOUR)
    assert Letter.objects.get().state == "answered"
    assert list_open() == []
    last = Entry.objects.filter(conversation=conversation).latest("seq")
    assert (last.text, last.staff_only) == ("Yes, three of them.", False)


def test_a_question_answered_on_monday_in_time_alerts_nobody():
    conversation = begin()
    leave(conversation, at=SUNDAY)
    answer(conversation, make_operator(), at=MONDAY + HOUR / 2)
    assert alerts_by(MONDAY + 2 * HOUR) == []
