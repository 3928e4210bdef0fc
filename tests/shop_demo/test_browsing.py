"""Looking around the shop."""

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from shop_demo.models import Category, Product
from tests.shop_demo.conftest import KETTLE, SOLD_OUT


def test_home_shows_every_shelf_and_what_is_cheaper(client: Client) -> None:
    page = client.get("/").content.decode()
    for category in Category.objects.all():
        assert f'href="/shop/{category.slug}/"' in page
    assert "−19%" in page
    assert "€52.00" in page


def test_home_offers_nothing_that_is_sold_out(client: Client) -> None:
    response = client.get("/")
    offered = [*response.context["popular"], *response.context["reduced"]]
    assert offered
    assert all(product.stock for product in offered)


def test_every_product_has_a_page_with_price_and_picture(client: Client) -> None:
    for product in Product.objects.all():
        response = client.get(product.get_absolute_url())
        page = response.content.decode()
        assert response.status_code == 200
        assert f"€{product.price}" in page
        assert f"/static/{product.picture}" in page
        assert finders.find(product.picture)


def test_product_page_shows_properties_as_a_table(client: Client) -> None:
    page = client.get(f"/product/{KETTLE}/").content.decode()
    assert '<th scope="row">Material</th><td>304 steel, walnut</td>' in page


def test_sold_out_product_cannot_be_added(client: Client) -> None:
    page = client.get(f"/product/{SOLD_OUT}/").content.decode()
    assert "Add to cart" not in page
    assert '<button class="button" disabled>Sold out</button>' in page


def test_last_pieces_are_counted(client: Client) -> None:
    page = client.get("/product/flint-espresso-grinder/").content.decode()
    assert "Only 2 pieces left" in page


@pytest.mark.parametrize(("sort", "sign"), [("cheap", 1), ("dear", -1)])
def test_shelf_sorts_by_price(client: Client, sort: str, sign: int) -> None:
    response = client.get(f"/shop/kettles/?sort={sort}")
    prices = [product.price * sign for product in response.context["products"]]
    assert len(prices) == 5
    assert prices == sorted(prices)


def test_shelf_ignores_an_unknown_order(client: Client) -> None:
    assert client.get("/shop/kettles/?sort=-secret").status_code == 200


@pytest.mark.parametrize("path", ["/product/no-such/", "/shop/no-such/"])
def test_unknown_things_are_not_found(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert "There is no such page" in response.content.decode()


@pytest.mark.parametrize("path", ["/delivery/", "/privacy/"])
def test_pages_of_text_answer(client: Client, path: str) -> None:
    assert client.get(path).status_code == 200


def test_every_page_carries_the_chat(client: Client) -> None:
    for path in ("/", "/cart/", f"/product/{KETTLE}/"):
        assert "chatdesk/launcher.js" in client.get(path).content.decode()
