"""Putting things into the cart and out of it."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.test import Client

from shop_demo.models import Cart, CartLine, Product
from tests.shop_demo.conftest import COFFEE, KETTLE, SOLD_OUT, put_into_cart


def held(client: Client) -> dict[str, int]:
    """Return what the cart page shows: quantity by product."""
    lines = client.get("/cart/").context["summary"].lines
    return {line.product.slug: line.quantity for line in lines}


def test_new_visitor_has_an_empty_cart_and_no_row(client: Client) -> None:
    page = client.get("/cart/").content.decode()
    assert "Your cart is empty" in page
    assert not Cart.objects.exists()


def test_adding_says_so_and_counts_in_the_header(client: Client) -> None:
    response = client.post(f"/cart/add/{KETTLE}/", {"quantity": "2"}, follow=True)
    page = response.content.decode()
    assert response.redirect_chain == [(f"/product/{KETTLE}/", 302)]
    assert "In the cart: Heron gooseneck kettle 600 ml" in page
    assert 'aria-label="Cart, 2 pieces"' in page


def test_adding_again_adds_up(client: Client) -> None:
    put_into_cart(client, COFFEE, quantity=2)
    put_into_cart(client, COFFEE, quantity=3)
    assert held(client) == {COFFEE: 5}
    assert CartLine.objects.count() == 1


def test_sums_are_exact(client: Client) -> None:
    put_into_cart(client, COFFEE, quantity=3)
    context = client.get("/cart/").context
    totals = context["totals"]
    assert totals.goods == Decimal("41.70")
    assert totals.delivery == Decimal("4.90")
    assert totals.total == Decimal("46.60")
    assert totals.until_free == Decimal("38.30")


def test_parcel_is_free_from_eighty_euros(client: Client) -> None:
    put_into_cart(client, KETTLE)
    put_into_cart(client, "ferry-tumbler")
    totals = client.get("/cart/").context["totals"]
    assert totals.delivery == 0
    assert totals.total == Decimal("91.50")


def test_quantity_changes_and_zero_removes(client: Client) -> None:
    put_into_cart(client, KETTLE)
    put_into_cart(client, COFFEE)
    client.post(f"/cart/change/{KETTLE}/", {"quantity": "4"})
    client.post(f"/cart/change/{COFFEE}/", {"quantity": "0"})
    assert held(client) == {KETTLE: 4}


def test_cart_holds_no_more_than_the_stock(client: Client, kettle: Product) -> None:
    Product.objects.filter(pk=kettle.pk).update(stock=3)
    put_into_cart(client, KETTLE, quantity=2)
    response = client.post(f"/cart/change/{KETTLE}/", {"quantity": "9"}, follow=True)
    assert held(client) == {KETTLE: 3}
    assert "One order may have 3 of Heron" in response.content.decode()


def test_cart_holds_no_more_than_an_order_may_have(client: Client) -> None:
    put_into_cart(client, COFFEE, quantity=50)
    assert held(client) == {COFFEE: 20}


def test_sold_out_product_stays_out(client: Client) -> None:
    response = client.post(f"/cart/add/{SOLD_OUT}/", {"quantity": 1}, follow=True)
    assert "Sold out: Pebble travel grinder" in response.content.decode()
    assert held(client) == {}


@pytest.mark.parametrize("quantity", ["-1", "", "two", "1e3", "٣", "9" * 40, "1.5"])
def test_quantity_that_is_no_number_changes_nothing(
    client: Client, quantity: str
) -> None:
    put_into_cart(client, KETTLE, quantity=2)
    client.post(f"/cart/change/{KETTLE}/", {"quantity": quantity})
    assert held(client) == {KETTLE: 2}


def test_carts_of_two_visitors_are_apart(client: Client) -> None:
    put_into_cart(client, KETTLE)
    other = Client()
    other.post(f"/cart/change/{KETTLE}/", {"quantity": "9"})
    assert held(other) == {}
    assert held(client) == {KETTLE: 1}


def test_cart_of_a_guest_comes_along_through_the_login(
    client: Client, ingrid: User
) -> None:
    put_into_cart(client, KETTLE)
    client.force_login(ingrid)
    assert held(client) == {KETTLE: 1}


def test_cart_of_a_guest_joins_the_one_of_the_account(
    client: Client, ingrid: User
) -> None:
    client.force_login(ingrid)
    put_into_cart(client, COFFEE)
    guest = Client()
    put_into_cart(guest, COFFEE, quantity=2)
    put_into_cart(guest, KETTLE)
    guest.force_login(ingrid)
    assert held(guest) == {COFFEE: 3, KETTLE: 1}
    assert Cart.objects.count() == 1


def test_cart_of_an_account_is_gone_after_the_logout(
    client: Client, ingrid: User
) -> None:
    client.force_login(ingrid)
    put_into_cart(client, KETTLE)
    client.post("/account/logout/")
    assert held(client) == {}


@pytest.mark.parametrize("path", [f"/cart/add/{KETTLE}/", f"/cart/change/{KETTLE}/"])
def test_cart_is_not_changed_by_a_link(client: Client, path: str) -> None:
    assert client.get(path).status_code == 405


def test_cart_is_not_changed_by_a_foreign_page() -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(f"/cart/add/{KETTLE}/", {"quantity": 1})
    assert response.status_code == 403
