"""What the shop's views tell of their visitor becomes facts of his visit."""

from decimal import Decimal

import pytest

from chatdesk import integration
from chatdesk.insight.seen import CartSeen, Happened
from chatdesk.insight.told import told_of
from tests.visiting import HOSTILE, browser


def told(request):
    """Return what waits on the request, once somebody is known to have made it."""
    return [fact(browser("s1")) for fact in told_of(request)]


@pytest.mark.parametrize(
    ("tell", "expected"),
    [
        (
            lambda r: integration.searched(r, "чайник", hits=4),
            {"kind": "searched", "words": "чайник", "number": 4},
        ),
        (
            lambda r: integration.searched(r, "moka", hits=0),
            {"kind": "found_nothing", "words": "moka", "number": 0},
        ),
        (
            lambda r: integration.sold_out(r, 7, title="Boots", variant="42"),
            {"kind": "sold_out", "ref": "7", "title": "Boots", "words": "42"},
        ),
        (
            lambda r: integration.sold_out(r, "heron"),
            {"kind": "sold_out", "ref": "heron", "title": "", "words": ""},
        ),
        (
            lambda r: integration.checkout_failed(r, ["postcode", 7]),
            {"kind": "form_error", "data": {"fields": ["postcode", "7"]}},
        ),
        (
            lambda r: integration.checkout_failed(r, iter(["city"])),
            {"kind": "form_error", "data": {"fields": ["city"]}},
        ),
        (
            lambda r: integration.payment_declined(r, "insufficient funds"),
            {"kind": "declined", "words": "insufficient funds"},
        ),
        (
            integration.payment_declined,
            {"kind": "declined", "words": ""},
        ),
        (
            lambda r: integration.placed_order(
                r, 1024, total=Decimal("64.00"), currency="EUR"
            ),
            {
                "kind": "ordered",
                "ref": "1024",
                "amount": Decimal("64.00"),
                "currency": "EUR",
            },
        ),
    ],
)
def test_a_view_tells_what_befell_its_visitor(rf, tell, expected):
    request = rf.get("/")

    tell(request)

    (event,) = told(request)
    assert isinstance(event, Happened)
    assert {name: getattr(event, name) for name in expected} == expected
    assert event.browser == browser("s1")


@pytest.mark.parametrize(
    ("facts", "currency", "pieces"),
    [({}, "", 1), ({"currency": "RUB", "pieces": 3}, "RUB", 3), ({"pieces": 0}, "", 0)],
)
def test_a_view_tells_what_the_cart_is_worth(rf, facts, currency, pieces):
    request = rf.get("/")

    integration.cart_worth(request, total=Decimal("90.00"), **facts)

    (cart,) = told(request)
    assert isinstance(cart, CartSeen)
    assert (cart.total, cart.currency, cart.pieces) == (
        Decimal("90.00"),
        currency,
        pieces,
    )


def test_telling_costs_no_query_and_looks_at_no_cookie(
    rf, db, django_assert_num_queries
):
    request = rf.get("/")
    request.COOKIES = None

    with django_assert_num_queries(0):
        integration.searched(request, HOSTILE, hits=0)
        integration.cart_worth(request, total=Decimal(1))


def test_facts_of_one_request_keep_their_order(rf):
    request = rf.get("/")
    integration.searched(request, "tea", hits=0)
    integration.sold_out(request, "heron")
    integration.payment_declined(request)

    events = told(request)

    assert [event.kind for event in events] == ["found_nothing", "sold_out", "declined"]
    assert events == sorted(events, key=lambda event: event.at)
