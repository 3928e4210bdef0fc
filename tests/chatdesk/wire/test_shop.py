"""Objects of the shop on the wire: what is empty is left out, what is odd refused."""

import msgspec
import pytest

from chatdesk.wire import shop as wire

EMPTY = [
    (wire.ProductCard(product="A"), {"product": "A"}),
    (wire.Cards(), {}),
    (
        wire.CartRow(product="A", name="Cup", quantity=1),
        {"product": "A", "name": "Cup", "quantity": 1},
    ),
    (wire.CartPanel(), {}),
    (wire.OrderRow(reference="7", number="N-7"), {"reference": "7", "number": "N-7"}),
    (wire.CustomerPanel(), {}),
    (wire.DeliveryRow(code="post", name="Post"), {"code": "post", "name": "Post"}),
    (wire.ShopPanel(), {}),
    (wire.QuoteAnswer(), {}),
    (wire.Field(name="city", label="City"), {"name": "city", "label": "City"}),
    (wire.OfferCard(offer="1", state="proposed"), {"offer": "1", "state": "proposed"}),
    (wire.CartAnswer(in_cart=0), {"in_cart": 0}),
]


@pytest.mark.parametrize(("told", "expected"), EMPTY)
def test_what_is_not_known_is_not_sent(told, expected):
    assert msgspec.json.decode(msgspec.json.encode(told)) == expected


@pytest.mark.parametrize(
    "told", [each for each, _ in EMPTY], ids=lambda told: type(told).__name__
)
def test_what_was_sent_is_read_again(told):
    assert msgspec.json.decode(msgspec.json.encode(told), type=type(told)) == told


@pytest.mark.parametrize(
    ("kind", "body", "field", "value"),
    [
        (wire.PostCart, {"seq": 4}, "quantity", 1),
        (wire.PostCart, {"seq": 4, "quantity": 999}, "quantity", 999),
        (wire.OfferLine, {"product": "A"}, "quantity", 1),
        (wire.PostOrderOffer, {"lines": [{"product": "A"}]}, "coupon", ""),
        (wire.PostOrderOffer, {"lines": [{"product": "A"}]}, "delivery", ""),
        (wire.PostConfirm, {"amount": "1.00"}, "details", {}),
        (wire.PostProduct, {"product": "x" * 120}, "product", "x" * 120),
        (wire.PostProduct, {"product": "A", "price": "0.01"}, "product", "A"),
    ],
)
def test_what_may_be_left_out_is_filled_in(kind, body, field, value):
    assert getattr(msgspec.convert(body, kind), field) == value


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (wire.PostProduct, {}),
        (wire.PostProduct, {"product": ["A"]}),
        (wire.PostCart, {}),
        (wire.PostCart, {"seq": -1}),
        (wire.PostCart, {"seq": 4, "quantity": 0}),
        (wire.PostCart, {"seq": 4, "quantity": 1000}),
        (wire.PostCart, {"seq": 4, "quantity": True}),
        (wire.PostCartChange, {"product": "A", "was": 0}),
        (wire.PostCartChange, {"product": "A", "was": -1, "quantity": 1}),
        (wire.PostCartChange, {"product": "A", "was": 0, "quantity": 1.5}),
        (wire.OfferLine, {"product": "A", "quantity": -2}),
        (wire.PostOrderOffer, {"lines": [{"product": "A"}] * 51}),
        (wire.PostOrderOffer, {"lines": None}),
        (wire.PostConfirm, {"amount": None}),
        (wire.PostConfirm, {"amount": "1.00", "details": []}),
        (wire.PostConfirm, {"amount": "1.00", "details": {"city": None}}),
    ],
)
def test_what_is_odd_is_refused(kind, body):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(body, kind)


def test_as_many_lines_as_an_order_may_have_are_read():
    body = {"lines": [{"product": "A"}] * wire.MAX_LINES}
    assert len(msgspec.convert(body, wire.PostOrderOffer).lines) == wire.MAX_LINES
