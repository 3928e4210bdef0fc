"""A view says what its page is about."""

import asyncio

from chatdesk.shop.pages import Page, chatdesk_page, page_of, show_page


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
