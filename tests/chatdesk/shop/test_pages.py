"""A view says what its page is about."""

import asyncio

import pytest
from django.conf.urls.i18n import i18n_patterns
from django.http import HttpResponse
from django.urls import path
from django.utils.translation import override

from chatdesk.shop.pages import Page, chatdesk_page, page_at, page_of, show_page


@chatdesk_page("product", ref="slug")
def show_product(_request, slug):
    """Show a product."""
    return HttpResponse(slug)


@chatdesk_page("category", ref="pk")
async def show_shelf(_request, pk):
    """Show a shelf."""
    return HttpResponse(pk)


def show_news(_request):
    """Show what is about nothing that is sold."""
    return HttpResponse()


urlpatterns = [
    path("product/<slug:slug>/", show_product),
    path("news/", show_news),
    *i18n_patterns(path("shelf/<int:pk>/", show_shelf)),
]


def test_a_decorated_view_names_its_object(rf):
    @chatdesk_page("product", ref="slug", title="Kettle")
    def product(request, slug):
        return slug

    request = rf.get("/")

    assert product(request, slug="heron") == "heron"
    assert page_of(request) == Page(kind="product", ref="heron", title="Kettle")


def test_an_async_view_does_too(rf):
    @chatdesk_page("product", ref="pk")
    async def product(request, pk):
        return pk

    request = rf.get("/")

    assert asyncio.run(product(request, pk=7)) == 7
    assert page_of(request) == Page(kind="product", ref="7")


def test_the_last_word_counts(rf):
    request = rf.get("/")
    show_page(request, kind="category", ref="tea")
    show_page(request, kind="product", ref=7, title="Tea")

    assert page_of(request) == Page(kind="product", ref="7", title="Tea")


def test_a_page_that_says_nothing_is_nothing(rf):
    request = rf.get("/")
    request.chatdesk_page = "nonsense"

    assert page_of(request) is None


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/product/heron/", Page("product", "heron")),
        ("/ru/shelf/7/", Page("category", "7")),
        ("/en/shelf/7/", Page("category", "7")),
        ("/shelf/7/", None),
        ("/news/", None),
        ("/nowhere/", None),
        ("", None),
        ("//product/<script>/", None),
        ("javascript:alert(1)", None),
    ],
)
def test_an_address_alone_tells_what_its_page_is_about(address, page):
    with override("de"):
        assert page_at(address) == page


@pytest.mark.urls(__name__)
def test_an_address_is_one_of_the_site_wherever_it_is_mounted(monkeypatch):
    monkeypatch.setattr("chatdesk.shop.pages.get_script_prefix", lambda: "/shop/")
    assert page_at("/shop/product/heron/") == Page("product", "heron")
