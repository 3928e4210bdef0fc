"""The figures for the shop at their edges: periods, cuts, hostile and equal words."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from chatdesk.kpi import shop
from chatdesk.kpi.period import last_days
from chatdesk.kpi.shop import (
    Cut,
    Funnel,
    asked_products,
    countries,
    funnels,
    has_orders,
    searched_words,
)
from chatdesk.models import Conversation, Occasion, ShopEvent, Visit
from tests.factories import make_conversation
from tests.visiting import HOSTILE

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

DAY = timedelta(days=1)
ALL = Cut()


def week():
    return last_days(7, at=timezone.now() + timedelta(minutes=1))


def visit(*, days_ago=0, **facts):
    at = timezone.now() - days_ago * DAY
    return Visit.objects.create(begun_at=at, seen_at=at, **facts)


def search(row, words, hits, *, days_ago=0):
    ShopEvent.objects.create(
        visit=row,
        kind="searched" if hits else "found_nothing",
        at=timezone.now() - days_ago * DAY,
        words=words,
        number=hits,
    )


def order(row, amount, **facts):
    ShopEvent.objects.create(
        visit=row, kind="ordered", at=timezone.now(), amount=amount, **facts
    )


def ask(ref, **facts):
    conversation = make_conversation()
    Conversation.objects.filter(pk=conversation.pk).update(
        first_message_at=timezone.now()
    )
    return Occasion.objects.create(
        **{
            "conversation": conversation,
            "at": timezone.now(),
            "kind": "product",
            "ref": ref,
            "title": ref,
            **facts,
        }
    )


def test_an_empty_shop_has_empty_figures():
    assert asked_products(week(), ALL) == []
    assert searched_words(week(), ALL) == []
    assert countries(week()) == []
    assert funnels(week(), ALL) == (Funnel(0, 0, 0), Funnel(0, 0, 0))


@pytest.mark.parametrize(
    ("cut", "visits"),
    [
        (Cut(), 3),
        (Cut(source="ad"), 2),
        (Cut(country="FI"), 2),
        (Cut(source="ad", country="FI"), 1),
        (Cut(source="mail"), 0),
        (Cut(country="'; --"), 0),
    ],
)
def test_a_cut_is_of_source_and_country(cut, visits):
    visit(source="ad", country="FI")
    visit(source="ad", country="LV")
    visit(source="search", country="FI")

    _chatted, silent = funnels(week(), cut)

    assert silent.visits == visits


def test_visits_before_the_period_do_not_count():
    row = visit(days_ago=8, country="FI")
    order(row, 10, currency="EUR")

    assert countries(week()) == []
    assert funnels(week(), ALL)[1].orders == 0
    assert has_orders()


def test_countries_are_named_once_in_order_and_unknown_ones_not_at_all():
    for country in ("LV", "FI", "", "LV"):
        visit(country=country)

    assert countries(week()) == ["FI", "LV"]


def test_an_order_of_no_known_amount_is_an_order_without_a_sum():
    order(visit(), None)

    _chatted, silent = funnels(week(), ALL)

    assert (silent.orders, silent.ordered, silent.sums) == (1, 1, {})
    assert silent.conversion == 1


def test_two_orders_of_a_visit_are_one_visit_with_an_order():
    row = visit()
    order(row, 10, currency="EUR")
    order(row, 20, currency="EUR")
    visit()

    _chatted, silent = funnels(week(), ALL)

    assert (silent.ordered, silent.orders, silent.conversion) == (1, 2, 0.5)
    assert silent.sums == {"EUR": (Decimal(30), Decimal(15))}


def test_words_that_found_something_and_led_to_nothing_are_left_out():
    row = visit()
    search(row, "kettle", 4)
    search(row, "moka", 0)

    assert [each.words for each in searched_words(week(), ALL)] == ["moka"]


def test_words_count_alike_however_they_are_written():
    row = visit()
    for words in ("Moka", "moka", "MOKA"):
        search(row, words, 0)

    (found,) = searched_words(week(), ALL)

    assert (found.words, found.searches) == ("moka", 3)


def test_words_that_once_found_something_are_not_in_vain():
    row = visit()
    search(row, "moka", 0)
    search(row, "moka", 2)

    assert searched_words(week(), ALL) == []


def test_searches_before_the_period_do_not_count():
    search(visit(days_ago=8), "moka", 0, days_ago=8)

    assert searched_words(week(), ALL) == []


def test_searches_are_cut_by_the_visit_they_belong_to():
    search(visit(country="FI"), "moka", 0)
    search(visit(country="LV"), "tea", 0)

    rows = searched_words(week(), Cut(country="LV"))

    assert [each.words for each in rows] == ["tea"]


def test_what_led_to_more_dialogs_stands_first_then_what_was_searched_more():
    row = visit()
    for words, times in (("a", 1), ("b", 3), ("c", 1)):
        for _ in range(times):
            search(row, words, 0)
    ask("heron", searched="c", hits=0)

    found = [(each.words, each.dialogs) for each in searched_words(week(), ALL)]

    assert found == [("c", 1), ("b", 0), ("a", 0)]


def test_of_many_words_and_products_the_first_are_shown(monkeypatch):
    monkeypatch.setattr(shop, "MOST", 2)
    row = visit()
    for number in range(4):
        search(row, f"words {number}", 0)
        ask(f"p{number}")

    assert len(searched_words(week(), ALL)) == 2
    assert [each.ref for each in asked_products(week(), ALL)] == ["p0", "p1"]


@pytest.mark.parametrize("kind", ["category", "home", "cart", ""])
def test_a_dialog_on_a_page_of_something_else_is_about_no_product(kind):
    ask("kettles", kind=kind)

    assert asked_products(week(), ALL) == []


def test_a_product_without_a_name_goes_by_its_key():
    ask("heron", title="")

    (row,) = asked_products(week(), ALL)

    assert (row.ref, row.title) == ("heron", "heron")


def test_hostile_words_are_counted_as_they_are():
    words = HOSTILE.replace("\x00", "")
    ask(words[:90], searched=words, hits=0)

    assert searched_words(week(), ALL)[0].words == words.lower()
    assert asked_products(week(), ALL)[0].ref == words[:90]
