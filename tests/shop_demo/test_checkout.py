"""From the cart to a placed order."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from shop_demo.models import Cart, Order, OrderLine, Product
from shop_demo.orders import Buyer, EmptyCart, OutOfStock, place_order
from tests.shop_demo.conftest import COFFEE, GUEST, KETTLE, put_into_cart


@pytest.fixture
def filled(client: Client) -> Client:
    """A visitor with two packs of coffee and a kettle."""
    put_into_cart(client, COFFEE, quantity=2)
    put_into_cart(client, KETTLE)
    return client


def test_checkout_of_an_empty_cart_goes_back_to_it(client: Client) -> None:
    assert client.get("/checkout/").headers["Location"] == "/cart/"
    assert client.post("/checkout/", GUEST).headers["Location"] == "/cart/"


def test_guest_places_an_order(filled: Client) -> None:
    response = filled.post("/checkout/", GUEST, follow=True)
    order = Order.objects.get()
    assert response.redirect_chain == [(f"/thanks/{order.key}/", 302)]
    assert order.number in response.content.decode()
    assert order.number == f"NB-{10_000 + order.pk}"
    assert (order.user, order.email) == (None, "ingrid@example.com")


def test_totals_of_an_order_are_exact(filled: Client) -> None:
    filled.post("/checkout/", {**GUEST, "delivery": "courier"})
    order = Order.objects.get()
    assert order.goods_total == Decimal("91.80")
    assert order.delivery_total == Decimal("9.90")
    assert order.total == Decimal("101.70")
    lines = order.lines.values_list("sku", "price", "quantity")
    assert sorted(lines) == [
        ("NB-C01", Decimal("13.90"), 2),
        ("NB-K01", Decimal("64.00"), 1),
    ]


def test_order_takes_from_stock_and_empties_the_cart(
    filled: Client, coffee: Product
) -> None:
    filled.post("/checkout/", GUEST)
    left = coffee.stock - 2
    coffee.refresh_from_db()
    assert coffee.stock == left
    assert not filled.get("/cart/").context["summary"].lines


def test_order_keeps_the_price_of_its_moment(filled: Client, kettle: Product) -> None:
    filled.post("/checkout/", GUEST)
    Product.objects.filter(pk=kettle.pk).update(price=Decimal("99.00"))
    assert OrderLine.objects.get(sku=kettle.sku).price == Decimal("64.00")


def test_form_sent_twice_orders_once(filled: Client) -> None:
    filled.post("/checkout/", GUEST)
    second = filled.post("/checkout/", GUEST)
    assert second.headers["Location"] == "/cart/"
    assert Order.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("email", "", "This field is required."),
        ("email", "not an address", "Enter a valid email address."),
        ("email", "a@b.example\r\nBcc: x@y.example", "Enter a valid email address."),
        ("name", "", "This field is required."),
        ("name", "x" * 121, "Ensure this value has at most 120 characters"),
        ("phone", "call me", "A phone number has digits"),
        ("address", "", "We need this to deliver your parcel."),
        ("postcode", "  ", "We need this to deliver your parcel."),
        ("city", "", "We need this to deliver your parcel."),
        ("delivery", "", "This field is required."),
        ("delivery", "pigeon", "Select a valid choice."),
        ("payment", "iou", "Select a valid choice."),
        ("country", "XX", "Select a valid choice."),
        ("note", "x" * 501, "Ensure this value has at most 500 characters"),
        ("name", "nul\0", "Null characters are not allowed."),
    ],
)
def test_checkout_refuses_and_says_why(
    filled: Client, field: str, value: str, reason: str
) -> None:
    response = filled.post("/checkout/", {**GUEST, field: value})
    assert response.status_code == 422
    assert reason in " ".join(response.context["form"].errors[field])
    assert not Order.objects.exists()


def test_refused_form_keeps_what_was_typed(filled: Client) -> None:
    page = filled.post("/checkout/", {**GUEST, "email": "?"}).content.decode()
    assert 'value="Kauppakatu 12 B"' in page
    assert 'aria-invalid="true"' in page
    assert 'role="alert"' in page


def test_collecting_needs_no_address(filled: Client) -> None:
    nowhere = {"address": "", "postcode": "", "city": ""}
    filled.post("/checkout/", {**GUEST, **nowhere, "delivery": "pickup"})
    assert Order.objects.get().delivery_total == 0


def test_totals_cannot_be_sent_along(filled: Client) -> None:
    forged = {"total": "0.01", "goods_total": "0.01", "status": "paid", "number": "x"}
    filled.post("/checkout/", {**GUEST, **forged})
    order = Order.objects.get()
    assert (order.total, order.status) == (Decimal("91.80"), "new")


def test_buyer_logged_in_owns_the_order(filled: Client, ingrid: User) -> None:
    filled.force_login(ingrid)
    filled.post("/checkout/", GUEST)
    assert Order.objects.get().user == ingrid


def test_next_checkout_knows_the_address(filled: Client, ingrid: User) -> None:
    filled.force_login(ingrid)
    filled.post("/checkout/", GUEST)
    put_into_cart(filled, COFFEE)
    assert 'value="Kauppakatu 12 B"' in filled.get("/checkout/").content.decode()


def test_somebody_faster_leaves_less(filled: Client, coffee: Product) -> None:
    Product.objects.filter(pk=coffee.pk).update(stock=1)
    response = filled.post("/checkout/", GUEST, follow=True)
    assert "Only 1 piece of Fjord" in response.content.decode()
    assert not Order.objects.exists()
    quantities = {
        line.product.slug: line.quantity for line in response.context["summary"].lines
    }
    assert quantities == {COFFEE: 1, KETTLE: 1}


def test_somebody_faster_leaves_nothing(filled: Client, kettle: Product) -> None:
    Product.objects.filter(pk=kettle.pk).update(stock=0)
    response = filled.post("/checkout/", GUEST, follow=True)
    assert "was just sold out" in response.content.decode()
    assert not Order.objects.exists()


def test_refused_order_changes_no_stock(filled: Client, kettle: Product) -> None:
    Product.objects.filter(slug=COFFEE).update(stock=1)
    cart = Cart.objects.get()
    buyer = Buyer(details=dict(GUEST), user=None, language="en")
    with pytest.raises(OutOfStock):
        place_order(cart=cart, buyer=buyer, at=timezone.now())
    before = kettle.stock
    kettle.refresh_from_db()
    assert kettle.stock == before
    assert cart.lines.count() == 2


def test_empty_cart_places_nothing() -> None:
    buyer = Buyer(details=dict(GUEST), user=None, language="en")
    with pytest.raises(EmptyCart):
        place_order(cart=Cart.objects.create(), buyer=buyer, at=timezone.now())


def test_order_is_confirmed_by_mail_in_two_forms(
    filled: Client,
    mailoutbox: list[EmailMultiAlternatives],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        filled.post("/checkout/", {**GUEST, "name": "Ingrid <b>Dahl</b>"})
    order = Order.objects.get()
    (mail,) = mailoutbox
    html = str(mail.alternatives[0][0])
    assert mail.to == ["ingrid@example.com"]
    assert mail.subject == f"Your order {order.number}"
    assert "2 × Fjord, Ethiopia Guji, 250 g, €27.80" in mail.body
    assert "Total: €91.80" in mail.body
    assert f"/thanks/{order.key}/" in mail.body
    assert "Ingrid &lt;b&gt;Dahl" in html
    assert "€91.80" in html


def test_thanks_are_shown_to_whoever_has_the_link_only(filled: Client) -> None:
    filled.post("/checkout/", GUEST)
    order = Order.objects.get()
    assert Client().get(f"/thanks/{order.key}/").status_code == 200
    assert Client().get(f"/thanks/{order.number}/").status_code == 404
