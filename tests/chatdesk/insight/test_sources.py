"""A landing page tells where its visitor comes from, whatever the address holds."""

import pytest

from chatdesk.insight.sources import read_source
from tests.visiting import HOSTILE


def read(referrer: str = "", query: str = ""):
    return read_source(referrer=referrer, query=query, own_host="shop.example:8000")


@pytest.mark.parametrize(
    ("referrer", "query", "kind", "name", "phrase"),
    [
        ("", "", "direct", "", ""),
        ("https://www.google.com/", "", "search", "Google", ""),
        ("https://www.google.co.uk/search?q=kettle", "", "search", "Google", "kettle"),
        ("https://yandex.ru/search/?text=турка", "", "search", "Yandex", "турка"),
        ("https://ya.ru/", "", "search", "Yandex", ""),
        ("https://go.mail.ru/search?q=a", "", "search", "Mail.ru", "a"),
        ("https://e.mail.ru/inbox", "", "site", "e.mail.ru", ""),
        ("https://duckduckgo.com/?q=tea", "", "search", "DuckDuckGo", "tea"),
        ("https://l.facebook.com/l.php?u=x", "fbclid=1", "social", "Facebook", ""),
        ("https://t.me/shop", "", "social", "Telegram", ""),
        ("https://t.co/abc", "", "social", "X", ""),
        ("https://www.blog.example/post?token=1", "", "site", "blog.example", ""),
        ("http://shop.example/cart/", "", "direct", "", ""),
        ("https://www.google.com/", "gclid=9", "ad", "Google", ""),
        ("", "gclid=9", "ad", "Google Ads", ""),
        ("", "yclid=9", "ad", "Yandex Direct", ""),
        ("", "ysclid=9", "search", "Yandex", ""),
        ("", "fbclid=9", "social", "Facebook", ""),
        ("", "utm_source=ya&utm_medium=cpc&utm_term=cup", "ad", "ya", "cup"),
        ("", "utm_source=autumn&utm_medium=email", "mail", "autumn", ""),
        ("", "utm_source=flyer", "campaign", "flyer", ""),
    ],
)
def test_where_a_visitor_comes_from(referrer, query, kind, name, phrase):
    source = read(referrer, query)

    assert (source.kind, source.name, source.phrase) == (kind, name, phrase)


def test_campaign_and_clicks_are_kept_and_nothing_else_of_the_query():
    source = read("", "utm_source=a&utm_campaign=b&gclid=c&token=secret&q=words")

    assert source.campaign == {"utm_source": "a", "utm_campaign": "b", "gclid": "c"}


def test_the_address_of_a_referrer_is_kept_without_its_query():
    source = read("https://blog.example/post?token=secret#part")

    assert source.referrer == "https://blog.example/post"


def test_of_two_fields_the_first_counts():
    assert read("", "utm_source=a&utm_source=b").name == "a"


@pytest.mark.parametrize(
    "referrer",
    [
        "javascript:alert(1)",
        "https://[::bad",
        "data:text/html,x",
        "http://",
        "\x00",
        "a b",
    ],
)
def test_what_is_no_address_comes_from_nowhere(referrer):
    assert read(referrer).kind == "direct"


def test_hostile_marks_are_cut_to_one_harmless_line():
    source = read(
        f"https://blog.example/{HOSTILE}", f"utm_source={HOSTILE}" + "x" * 999
    )

    assert "\x00" not in source.name + source.referrer
    assert "\u202e" not in source.name + source.referrer
    assert len(source.name) <= 80
    assert len(source.referrer) <= 300


def test_a_query_of_a_thousand_fields_is_not_read():
    query = "&".join(f"utm_source={number}" for number in range(1000))

    assert read("", query).campaign == {}
