"""The report for the shop: its page, its files, and the words of strangers in both."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from chatdesk.admin.csv_file import safe_cell
from chatdesk.models import Occasion, ShopEvent
from tests.factories import make_conversation
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
