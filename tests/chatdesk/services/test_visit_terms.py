"""Carts that rest fall due once, and what may be kept no longer goes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from chatdesk.models import Occasion, ShopEvent, Visit, VisitPage
from chatdesk.services.visit_terms import claim_idle_carts, forget_visits
from tests.factories import make_conversation
from tests.visiting import browser, make_visit

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

NOW = timezone.now()
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def rest(visit: Visit, *, idle_for: timedelta, **facts: object) -> None:
    Visit.objects.filter(pk=visit.pk).update(
        idle_at=NOW - idle_for, cart_total="64.00", cart_pieces=2, **facts
    )


def test_a_resting_cart_is_an_event_once():
    rest(make_visit(), idle_for=timedelta(0))

    assert claim_idle_carts(at=NOW) == 1
    assert claim_idle_carts(at=NOW) == 0
    event = ShopEvent.objects.get()
    assert (event.kind, event.number, event.words) == ("idle_cart", 2, "64.00")


def test_before_its_time_nothing_is_said():
    rest(make_visit(), idle_for=-timedelta(seconds=1))

    assert claim_idle_carts(at=NOW) == 0


def test_nobody_is_asked_about_the_cart_of_one_who_left():
    rest(make_visit(), idle_for=HOUR, left_at=NOW)

    assert claim_idle_carts(at=NOW) == 0
    assert not ShopEvent.objects.exists()


def test_a_tick_without_resting_carts_is_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        claim_idle_carts(at=NOW)


def test_a_guessed_visit_is_nobodys_after_half_an_hour():
    guessed = make_visit(by=browser("b1"), at=NOW - HOUR, query="gclid=1")
    sure = make_visit(by=browser("s1"), at=NOW - HOUR)
    here = make_visit(by=browser("b2"), at=NOW)

    forget_visits(at=NOW)

    for visit in (guessed, sure, here):
        visit.refresh_from_db()
    assert (guessed.key, guessed.address, guessed.campaign) == ("", "", {})
    assert (guessed.country, guessed.pages) == ("FI", 1)
    assert (sure.key, here.key) == ("s1", "b2")


def test_old_visits_go_with_all_that_is_theirs_and_dialogs_stay(settings):
    settings.CHATDESK = {"VISIT_RETENTION": 30 * DAY}
    old = make_visit("/a/", "/b/", at=NOW - 31 * DAY)
    kept = make_visit(by=browser("s2"), at=NOW - 29 * DAY)
    conversation = make_conversation()
    Occasion.objects.create(conversation=conversation, visit=old, at=NOW, ref="kettle")
    ShopEvent.objects.create(visit=old, kind="searched", at=NOW)

    assert forget_visits(at=NOW) == 1

    assert Visit.objects.get() == kept
    assert VisitPage.objects.count() == 1
    assert not ShopEvent.objects.exists()
    assert Occasion.objects.get().ref == "kettle"
