"""Visits as staff see them: who is there, in which order, and one in full."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model

from chatdesk.errors import NotFound
from chatdesk.models import ShopEvent, Visit, VisitPage
from chatdesk.selectors import visits
from chatdesk.selectors.visits import (
    GONE_AFTER,
    HERE_FOR,
    MOST_EVENTS,
    MOST_STEPS,
    is_here,
    list_live_visits,
    visit_card,
    visit_of_conversation,
)
from chatdesk.wire.objects import to_ms
from tests.factories import NOON, make_conversation, make_operator, make_visitor

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


def visit(**facts) -> Visit:
    return Visit.objects.create(**{"begun_at": NOON, "seen_at": NOON, **facts})


def befell(row: Visit, kind: str, *, ago=timedelta(), **facts) -> ShopEvent:
    return ShopEvent.objects.create(visit=row, kind=kind, at=NOON - ago, **facts)


def customer(name="olga"):
    return get_user_model().objects.create_user(username=name)


def live(at=NOON):
    return list_live_visits(at=at)


def only():
    (line,) = live().items
    return line


@pytest.mark.parametrize(
    ("seen_ago", "left_ago", "here"),
    [
        (0 * SECOND, None, True),
        (HERE_FOR, None, True),
        (HERE_FOR + SECOND, None, False),
        (0 * SECOND, GONE_AFTER, True),
        (0 * SECOND, GONE_AFTER + SECOND, False),
        (HERE_FOR + SECOND, GONE_AFTER, False),
    ],
)
def test_who_is_here_was_seen_lately_and_has_not_left(seen_ago, left_ago, here):
    row = visit(
        seen_at=NOON - seen_ago, left_at=None if left_ago is None else NOON - left_ago
    )

    assert Visit.objects.filter(is_here(at=NOON)).exists() is here
    assert visit_card(row.pk, at=NOON).is_here is here


@pytest.mark.parametrize(
    ("kind", "worth"),
    [
        ("declined", 1000),
        ("form_error", 800),
        ("idle_cart", 500),
        ("sold_out", 300),
        ("seen_again", 300),
        ("found_nothing", 200),
        ("searched", 0),
        ("ordered", 0),
    ],
)
def test_what_befell_a_visitor_adds_to_the_worth_of_a_look(kind, worth):
    befell(visit(), kind)

    assert only().value == worth


def test_every_event_has_a_worth():
    assert set(visits.WORTH) == set(ShopEvent.Kind)


@pytest.mark.parametrize(
    ("facts", "worth"),
    [
        ({}, 0),
        ({"cart_total": "12.90", "cart_pieces": 1}, 120),
        ({"cart_total": "12.90", "cart_pieces": 0}, 0),
        ({"cart_total": "999999999.00", "cart_pieces": 1}, 1_000_000),
        ({"earlier": 3}, 50),
        ({"pages": 7}, 7),
        ({"pages": 400}, 20),
        ({"earlier": 1, "pages": 2, "cart_total": "1.00", "cart_pieces": 1}, 62),
    ],
)
def test_cart_return_and_pages_add_to_it_too(facts, worth):
    visit(**facts)

    assert only().value == worth


def test_a_customer_is_worth_more_than_one_who_comes_again():
    visit(user=customer(), earlier=3)

    line = only()
    assert (line.value, line.is_customer) == (200, True)


def test_of_equal_worth_who_came_first_stands_first():
    late = visit(begun_at=NOON - MINUTE)
    early = visit(begun_at=NOON - 2 * MINUTE)
    worthy = visit(pages=1)

    assert [line.id for line in live().items] == [
        row.pk.hex for row in (worthy, early, late)
    ]


def test_an_event_is_shown_for_ten_minutes():
    row = visit()
    befell(row, "declined", ago=11 * MINUTE)
    assert only().event is None

    befell(row, "searched", ago=9 * MINUTE, words="moka", number=2)
    befell(row, "form_error", ago=8 * MINUTE, data={"fields": ["postcode"]})

    event = only().event
    assert (event.kind, event.fields) == ("form_error", ("postcode",))
    assert event.at == to_ms(NOON - 8 * MINUTE)


def test_a_stranger_goes_by_four_digits_that_stay():
    row = visit()

    number = only().number

    assert 1000 <= number <= 9999
    Visit.objects.filter(pk=row.pk).update(pages=5)
    assert only().number == number


def test_who_wrote_before_goes_by_the_number_of_his_dialogs():
    visitor = make_visitor(name="Ingrid")
    visit(visitor=visitor)

    line = only()

    assert (line.number, line.name) == (visitor.pk, "Ingrid")


def test_a_dialog_that_is_over_is_not_shown():
    visitor = make_visitor()
    make_conversation(visitor=visitor, operator=make_operator(), closed_as="sale")
    visit(visitor=visitor)

    line = only()

    assert (line.conv, line.waiting_since, line.operator) == ("", None, "")


def test_a_dialog_that_goes_on_names_its_operator():
    visitor, operator = make_visitor(), make_operator(name="Boris")
    entries = [("visitor", "Hi"), ("operator", "Yes")]
    dialog = make_conversation(visitor=visitor, operator=operator, entries=entries)
    visit(visitor=visitor)

    line = only()

    assert (line.conv, line.operator) == (dialog.public_id.hex, "Boris")
    assert line.waiting_since is None


@pytest.mark.parametrize(
    ("total", "pieces", "shown"),
    [
        (None, 0, ""),
        ("0.00", 0, ""),
        ("64.50", 0, ""),
        ("0.00", 2, ""),
        ("64.50", 2, "64.50"),
    ],
)
def test_a_cart_is_shown_when_something_is_in_it(total, pieces, shown):
    row = visit(cart_total=total, cart_pieces=pieces, cart_currency="EUR")

    assert only().cart == visit_card(row.pk, at=NOON).cart == shown


def test_beginnings_are_counted_by_the_minute_the_oldest_first():
    for ago in (0, 0.5, 1.5, 29.5, 30, 31):
        visit(begun_at=NOON - ago * MINUTE)
    visit(begun_at=NOON + MINUTE)

    trend = live().trend

    assert len(trend) == 30
    assert (trend[0], trend[28], trend[29]) == (1, 1, 2)
    assert sum(trend) == 4


def test_an_empty_shop_has_an_empty_table():
    found = live()

    assert (found.total, found.items, sum(found.trend)) == (0, (), 0)
    assert found.at == to_ms(NOON)


def test_of_a_crowd_the_latest_are_shown_and_all_are_counted(monkeypatch):
    monkeypatch.setattr(visits, "MOST", 2)
    for ago in (3, 2, 1):
        visit(seen_at=NOON - ago * SECOND, page_path=f"/{ago}/")

    found = live()

    assert found.total == 3
    assert {line.page_path for line in found.items} == {"/1/", "/2/"}


def test_the_card_of_nobody_is_not_found():
    with pytest.raises(NotFound):
        visit_card(uuid4(), at=NOON)


def test_the_card_shows_the_latest_steps_oldest_first():
    row = visit(landing_path="/0/")
    VisitPage.objects.bulk_create(
        VisitPage(visit=row, at=NOON + number * SECOND, path=f"/{number}/")
        for number in range(MOST_STEPS + 2)
    )

    path = [step.path for step in visit_card(row.pk, at=NOON).path]

    assert path == [f"/{number}/" for number in range(2, MOST_STEPS + 2)]


def test_the_card_shows_the_latest_events_oldest_first():
    row = visit()
    for number in range(MOST_EVENTS + 1):
        befell(row, "searched", ago=-number * SECOND, number=number)

    events = visit_card(row.pk, at=NOON).events

    assert [event.number for event in events] == list(range(1, MOST_EVENTS + 1))


def test_the_card_calls_the_landing_by_its_title_if_it_has_one():
    titled = visit(landing_path="/heron/", landing_title="Heron")
    bare = visit(landing_path="/delivery/")

    assert visit_card(titled.pk, at=NOON).landing == "Heron"
    assert visit_card(bare.pk, at=NOON).landing == "/delivery/"


def test_the_card_counts_this_visit_among_the_earlier():
    assert visit_card(visit(earlier=2).pk, at=NOON).visits == 3


def test_a_card_is_three_queries_however_long_the_path(django_assert_num_queries):
    row = visit()
    for number in range(5):
        VisitPage.objects.create(visit=row, at=NOON, path=f"/{number}/")
        befell(row, "searched")

    with django_assert_num_queries(3):
        visit_card(row.pk, at=NOON)


def test_a_dialog_shows_the_latest_visit_on_whatever_device():
    user = customer()
    visitor = make_visitor(user_id=user.pk)
    visit(visitor=visitor, seen_at=NOON - MINUTE)
    phone = visit(user=user, device="phone")

    found = visit_of_conversation(make_conversation(visitor=visitor), at=NOON)

    assert (found.id, found.device) == (phone.pk.hex, "phone")


def test_a_dialog_of_a_stranger_shows_no_visit_of_another():
    visit(visitor=make_visitor())
    visit(user=customer())
    visit()

    assert visit_of_conversation(make_conversation(), at=NOON) is None
