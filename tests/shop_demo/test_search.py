"""Finding a product by words."""

import pytest
from django.test import Client

from shop_demo.models import Product


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("heron 600", "heron-gooseneck-kettle"),
        ("COPPER cezve", "ember-copper-cezve"),
        ("NB-G01", "fold-2-hand-grinder"),
        ("турка", "ember-copper-cezve"),
        ("ТУРКА", "ember-copper-cezve"),
        ("заварка", "loon-press-brewer"),
        ("Заварка", "loon-press-brewer"),
    ],
)
def test_search_finds_in_both_languages_and_any_case(
    client: Client, words: str, slug: str
) -> None:
    response = client.get("/search/", {"q": words})
    assert slug in [product.slug for product in response.context["products"]]


def test_search_needs_every_word(client: Client) -> None:
    response = client.get("/search/", {"q": "copper kettle"})
    assert list(response.context["products"]) == []


def test_search_finds_by_the_name_of_a_shelf(client: Client) -> None:
    response = client.get("/search/", {"q": "grinders"})
    assert "5 products found" in response.content.decode()


def test_search_counts_one_product_as_one(client: Client) -> None:
    page = client.get("/search/", {"q": "moka pot 6"}).content.decode()
    assert "1 product found" in page


def test_search_without_a_result_offers_the_shelves(client: Client) -> None:
    response = client.get("/search/", {"q": "samovar"})
    page = response.content.decode()
    assert "0 products found" in page
    assert "We have nothing by these words" in page
    assert response.context["popular"]


def test_search_without_words_asks_for_some(client: Client) -> None:
    page = client.get("/search/", {"q": "   "}).content.decode()
    assert "What shall we look for?" in page


def test_search_shows_markup_as_text(client: Client) -> None:
    page = client.get("/search/", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize("words", ["a" * 5000, "%_\\'\"", "\0", "ё" * 200])
def test_search_survives_any_words(client: Client, words: str) -> None:
    assert client.get("/search/", {"q": words}).status_code == 200


def test_saving_a_product_keeps_it_findable(client: Client, kettle: Product) -> None:
    kettle.name_ru = "Ёлочка"
    kettle.save()
    response = client.get("/search/", {"q": "елочка"})
    assert list(response.context["products"]) == [kettle]
