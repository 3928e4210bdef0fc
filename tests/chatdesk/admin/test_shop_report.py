"""The report for the shop: its page, its files, and the words of strangers in both."""

import csv
import io
import re
from datetime import timedelta
from html import unescape
from typing import Any
from unittest.mock import Mock

import pytest
from django.test import Client
from django.utils import timezone

from chatdesk.admin.csv_file import safe_cell
from chatdesk.admin.shop_report import FIRST
from chatdesk.models import Occasion, ShopEvent
from chatdesk.shop.guard import forget_troubles
from tests.factories import make_conversation
from tests.stall import Stall
from tests.visiting import HOSTILE, make_visit

PAGE = "/admin/chatdesk/operator/shop-report/"

MINUTE = timedelta(minutes=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(db: None) -> None:
    """One dialog about a product, after a search, in a visit with an order."""
    visit = make_visit()
    conversation = make_conversation(
        entries=[("visitor", "=HYPERLINK(0)")], at=timezone.now() - MINUTE
    )
    Occasion.objects.create(
        conversation=conversation,
        at=timezone.now(),
        kind="product",
        ref="@boots",
        title=HOSTILE.replace("\x00", ""),
        searched="+moka",
        hits=0,
    )
    ShopEvent.objects.create(
        visit=visit, kind="ordered", at=timezone.now(), amount=64, currency="EUR"
    )


def rows_of(client: Client, name: str) -> list[list[str]]:
    response = client.get(PAGE, {"csv": name})
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith("attachment")
    text = response.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_only_those_who_may_see_figures_see_it(
    manager: Client, clerk: Client, client: Client
) -> None:
    for query in ({}, {"csv": "questions"}):
        assert manager.get(PAGE, query).status_code == 200
        assert clerk.get(PAGE, query).status_code == 403
        assert client.get(PAGE, query).status_code == 302


def test_the_page_tells_what_is_asked_and_escapes_it(
    asked: None, manager: Client
) -> None:
    page = manager.get(PAGE).content.decode()

    assert "asked 1 time" in page
    assert "=HYPERLINK(0)" in page
    assert "<script>alert" not in page
    assert "64.00 EUR" in page


@pytest.fixture
def stall(settings: Any) -> type[Stall]:
    """A shop that knows its products by their names of today."""
    settings.CHATDESK = {"SHOP_ADAPTER": "tests.stall.Stall"}
    forget_troubles()
    return Stall


def ask_of(ref: str, title: str) -> None:
    """Let a dialog begin on the page of a product."""
    conversation = make_conversation(
        entries=[("visitor", "Does it leak?")], at=timezone.now() - MINUTE
    )
    Occasion.objects.create(
        conversation=conversation,
        at=timezone.now(),
        kind="product",
        ref=ref,
        title=title,
    )


def test_products_are_called_as_the_shop_calls_them_to_the_reader(
    stall: type[Stall], manager: Client
) -> None:
    ask_of("KETTLE", "Чайник")
    ask_of("GONE", "Самовар")

    page = manager.get(PAGE).content.decode()
    files = {row[0]: row[1] for row in rows_of(manager, "questions")}

    assert "Чайник" not in page
    assert "<bdi>Kettle<" in page
    assert "Самовар" in page
    assert files["KETTLE"] == "Kettle"
    assert files["GONE"] == "Самовар"


def test_a_shop_that_breaks_leaves_the_names_that_visitors_saw(
    stall: type[Stall], manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask_of("KETTLE", "Чайник")
    monkeypatch.setattr(stall, "get_products", Mock(side_effect=OSError))

    assert "Чайник" in manager.get(PAGE).content.decode()


def test_a_long_table_shows_its_top_and_leads_to_the_rest(manager: Client) -> None:
    for number in range(FIRST + 3):
        ask_of(f"P{number}", f"Thing {number}.")

    page = manager.get(PAGE).content.decode()
    whole = manager.get(PAGE, {"all": "questions"}).content.decode()

    assert page.count("Thing ") == FIRST
    assert "3 more" in page
    assert "all=questions#questions" in page
    assert whole.count("Thing ") == FIRST + 3
    assert "#questions" not in whole
    assert len(rows_of(manager, "questions")) == FIRST + 4


def test_the_number_leads_to_the_dialogs_that_it_counts(manager: Client) -> None:
    ask_of("A&B/ü", "Thing")
    ask_of("other", "Other")

    page = manager.get(PAGE).content.decode()
    link = re.search(r'href="([^"]*[?]product=A[^"]*)"', page)
    assert link is not None
    dialogs = manager.get(unescape(link[1])).content.decode()

    assert link[1].endswith("?product=A%26B%2F%C3%BC&amp;period=7")
    assert dialogs.count("cd-topic") == 1
    assert "Product: A&amp;B/ü" in dialogs


def test_without_orders_the_page_says_so(manager: Client) -> None:
    make_visit()

    assert "not told of any order" in manager.get(PAGE).content.decode()


def test_an_empty_shop_has_a_page_too(manager: Client) -> None:
    page = manager.get(PAGE, {"period": "90"}).content.decode()

    assert "No visits in this period" in page


@pytest.mark.parametrize(
    "query",
    [
        {"source": "ad", "country": "FI", "period": "30"},
        {"source": HOSTILE, "country": HOSTILE, "period": HOSTILE, "csv": HOSTILE},
        {"source": "' OR 1=1 --", "country": "ZZZ"},
    ],
)
def test_any_query_is_answered(manager: Client, query: dict[str, str]) -> None:
    response = manager.get(PAGE, query)

    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()


def test_no_cell_of_a_file_is_a_formula(asked: None, manager: Client) -> None:
    (_, product), (_, search) = (
        rows_of(manager, "questions"),
        rows_of(manager, "searches"),
    )

    assert product[0] == "'@boots"
    assert product[4] == "'=HYPERLINK(0)"
    assert search[0] == "'+moka"


def test_the_funnel_is_a_file(asked: None, manager: Client) -> None:
    _, chatted, silent = rows_of(manager, "funnel")

    assert chatted[1] == "0"
    assert silent[1:] == ["1", "1", "1", "EUR", "64.00", "64.00"]


@pytest.mark.parametrize(
    ("cell", "safe"),
    [("=1", "'=1"), (" @x", "' @x"), ("\t-1", "'\t-1"), ("a=1", "a=1"), (-5, "-5")],
)
def test_what_a_spreadsheet_would_compute_is_quoted(cell: object, safe: str) -> None:
    assert safe_cell(cell) == safe
