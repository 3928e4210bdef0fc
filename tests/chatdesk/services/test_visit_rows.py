"""The rows of a visit, made from facts: what is read off a page, cut and remembered."""

from collections import OrderedDict
from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace

import pytest

from chatdesk.insight.seen import Begun, Happened
from chatdesk.models import ShopEvent, Visit
from chatdesk.services import visit_rows
from chatdesk.services.visit_rows import (
    MOST_NAMES,
    is_landing,
    know_page,
    make_event,
    make_page,
    make_visit,
    occasion_of,
    read_page,
    read_zone,
)
from chatdesk.shop.pages import Page
from tests.factories import NOON
from tests.visiting import HOSTILE, browser, look, view


@pytest.fixture(autouse=True)
def _nothing_known(monkeypatch):
    monkeypatch.setattr(visit_rows, "_known", OrderedDict())


def titled(head):
    return replace(view("/delivery/"), head=head)


@pytest.mark.parametrize(
    ("head", "title"),
    [
        (b"<html><head><title>Tea</title>", "Tea"),
        (b"<TITLE>Tea</TITLE>", "Tea"),
        (b'<title data-x="1">Tea</title>', "Tea"),
        (b"<title>\n  Tea\n  and cups\n</title>", "Tea and cups"),
        (b"<title>Tea &amp; cups &lt;3</title>", "Tea & cups <3"),
        ("<title>Чай</title>".encode(), "Чай"),
        (b"<title>\xff\xfe</title>", "\ufffd\ufffd"),
        (b"<title>First</title><title>Second</title>", "First"),
        (b"<title></title>", ""),
        (b"<title>cut in the mid", ""),
        (b"<p>no title", ""),
        (b"", ""),
        (b"<title>" + b"x" * 900 + b"</title>", "x" * 200),
        (b"<title>a&#0;b&#8238;c</title>", "a\ufffdb c"),
    ],
)
def test_a_page_is_called_by_its_title_where_its_view_says_nothing(head, title):
    page, path = read_page(titled(head))

    assert (page.kind, page.ref, page.title, path) == ("", "", title, "/delivery/")


def test_what_the_view_says_goes_before_the_title():
    fact = replace(
        view("/heron/", kind="product", ref="heron", title="Heron"),
        head=b"<title>Buy now!</title>",
    )

    assert read_page(fact)[0] == Page(kind="product", ref="heron", title="Heron")


def test_a_view_that_names_no_title_leaves_it_to_the_page():
    fact = replace(
        view("/heron/", kind="product", ref="heron"), head=b"<title>Heron</title>"
    )

    assert read_page(fact)[0] == Page(kind="product", ref="heron", title="Heron")


def test_a_page_from_a_cache_is_known_from_who_looked_before():
    read_page(view("/heron/?a=1", kind="product", ref="heron", title="Heron"))

    page, _ = read_page(view("/heron/?b=2", title="Heron · Shop"))

    assert page == Page(kind="product", ref="heron", title="Heron")
    assert know_page("/heron/") == page


def test_a_page_is_known_as_it_was_said_last():
    for title in ("Heron", "Heron II"):
        read_page(view("/heron/", kind="product", ref="heron", title=title))

    assert know_page("/heron/").title == "Heron II"


def test_a_title_alone_teaches_nothing():
    read_page(view("/delivery/", title="Delivery"))

    assert know_page("/delivery/") is None


def test_of_many_pages_those_told_longest_ago_are_forgotten(monkeypatch):
    monkeypatch.setattr(visit_rows, "MOST_KNOWN", 2)
    for ref in ("a", "b", "a", "c"):
        read_page(view(f"/{ref}/", kind="product", ref=ref))

    assert know_page("/b/") is None
    assert {know_page("/a/").ref, know_page("/c/").ref} == {"a", "c"}


def test_what_a_view_says_is_cut_to_its_columns():
    fact = view("/" + "p" * 900, kind="k" * 90, ref="r" * 900, title="t" * 900)

    page, path = read_page(fact)

    assert [len(part) for part in (page.kind, page.ref, page.title, path)] == [
        20,
        100,
        200,
        300,
    ]


@pytest.mark.parametrize(
    ("referrer", "query", "landed"),
    [
        ("", "", False),
        ("https://shop.example/cart/", "", False),
        ("https://shop.example/cart/", "page=2", False),
        ("https://www.google.com/", "", True),
        ("https://blog.example/", "", True),
        ("", "utm_source=flyer", True),
        ("https://shop.example/", "gclid=1", True),
        ("", "q=kettle", False),
        ("javascript:alert(1)", "", False),
    ],
)
def test_a_landing_comes_from_outside_of_the_shop(referrer, query, landed):
    assert is_landing(view(referrer=referrer, query=query)) is landed


def test_only_a_page_can_be_a_landing():
    assert not is_landing(look())


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Europe/Moscow", "Europe/Moscow"),
        ("UTC", "UTC"),
        ("europe/moscow", ""),
        ("Europe/Nowhere", ""),
        ("../../etc/passwd", ""),
        ("", ""),
    ],
)
def test_a_zone_is_one_of_the_known(name, zone):
    assert read_zone(name) == zone


def happened(**facts):
    return Happened(browser=browser(), at=NOON, kind="form_error", **facts)


def fields_of(given):
    event = make_event(Visit(), happened(data={"fields": given}))
    return event.data.get("fields")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (["postcode", "phone"], ["postcode", "phone"]),
        (["город"], ["город"]),
        (["x" * 99], ["x" * 60]),
        (["a\x00b"], ["a b"]),
        ([7], ["7"]),
        ([], None),
    ],
)
def test_of_a_form_the_names_of_its_fields_are_kept(given, kept):
    assert fields_of(given) == kept


def test_a_form_of_a_thousand_fields_is_cut_short():
    assert len(fields_of([str(number) for number in range(1000)])) == MOST_NAMES


def test_what_was_typed_into_a_form_is_not_kept():
    fact = happened(data={"fields": ["card"], "card": "4111111111111111"})

    assert make_event(Visit(), fact).data == {"fields": ["card"]}


def test_an_event_is_cut_to_its_columns_and_keeps_its_numbers():
    fact = happened(
        ref=HOSTILE * 9,
        title=HOSTILE * 9,
        words=HOSTILE * 9,
        number=4,
        amount=Decimal("12.50"),
        currency="EURO",
    )

    event = make_event(Visit(), fact)

    assert (len(event.ref), len(event.title), len(event.words)) == (100, 200, 200)
    assert "\x00" not in event.ref + event.title + event.words
    assert (event.number, event.amount, event.currency) == (4, Decimal("12.50"), "EUR")


def begun(**facts):
    return Begun(browser=browser(), at=NOON, conversation_id=3, visitor_id=5, **facts)


def test_an_occasion_without_visit_and_page_is_where_the_browser_says():
    fact = begun(path="https://shop.example/kettle/?token=1", title="Kettle · Shop")

    row = occasion_of(fact, visit=None, page=None, searched=None)

    assert (row.path, row.title, row.kind, row.ref) == (
        "/kettle/",
        "Kettle · Shop",
        "",
        "",
    )
    assert (row.source, row.country, row.searched, row.hits) == ("", "", "", None)


def test_an_occasion_is_called_as_the_shop_calls_its_page():
    page = Page(kind="product", ref="heron", title="Heron")

    row = occasion_of(
        begun(path="/heron/", title="Buy!"), visit=None, page=page, searched=None
    )

    assert (row.kind, row.ref, row.title) == ("product", "heron", "Heron")


def test_a_page_of_no_title_is_called_as_the_browser_calls_it():
    page = Page(kind="product", ref="heron")

    row = occasion_of(
        begun(path="/heron/", title="Buy!"), visit=None, page=page, searched=None
    )

    assert row.title == "Buy!"


def test_an_occasion_keeps_words_of_its_visit_and_search():
    visit = Visit(source="ad", source_name="Google", country="FI")
    searched = ShopEvent(words="moka", number=0)

    row = occasion_of(begun(path="/"), visit=visit, page=None, searched=searched)

    assert (row.source, row.source_name, row.country) == ("ad", "Google", "FI")
    assert (row.searched, row.hits) == ("moka", 0)


def test_the_first_visit_is_its_own_first_source():
    visit = make_visit(view(referrer="https://ya.ru/"), before=None)

    assert (visit.earlier, visit.first_source, visit.first_source_name) == (
        0,
        "search",
        "Yandex",
    )


def test_a_later_visit_remembers_the_first_source_and_counts():
    before = SimpleNamespace(earlier=4, first_source="ad", first_source_name="Flyer")

    visit = make_visit(view(referrer="https://ya.ru/"), before=before)

    assert (visit.earlier, visit.source) == (5, "search")
    assert (visit.first_source, visit.first_source_name) == ("ad", "Flyer")


@pytest.mark.parametrize("address", ["", "unknown", "10.0.0.7", "fe80::1"])
def test_a_visit_from_nowhere_is_one_without_a_country(address):
    visit = make_visit(view(by=browser(address=address)), before=None)

    assert (visit.country, visit.city, visit.zone) == ("", "", "")


def test_a_visit_lands_where_its_page_says():
    fact = view("/heron/?utm_source=a", kind="product", ref="heron", title="Heron")

    visit = make_visit(fact, before=None)

    assert (visit.landing_path, visit.landing_title) == ("/heron/", "Heron")
    assert visit.begun_at == visit.seen_at == fact.at


def test_a_step_of_the_path_is_the_page_at_its_moment():
    visit = Visit()
    page = Page(kind="product", ref="heron", title="Heron")

    step = make_page(visit, page, path="/heron/", at=NOON)

    assert (step.visit, step.at, step.kind, step.ref) == (
        visit,
        NOON,
        "product",
        "heron",
    )
    assert (step.title, step.path, step.visible_s) == ("Heron", "/heron/", 0)
