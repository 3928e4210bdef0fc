"""Credits with reasons, the ledger, adjustments, exports and closing a month."""

import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client
from openpyxl import load_workbook

from chatdesk.admin.ledger_export import guard
from chatdesk.models import CommissionPlan, LedgerLine, LedgerMonth
from chatdesk.services.commission import adjust_commission
from tests.sales import Shop, line, order_of, paid, tell

pytestmark = pytest.mark.django_db

READING = ("view_salecredit", "view_ledgerline", "view_ledgermonth")


def staff(*codenames: str) -> Client:
    """Log in somebody with these permissions."""
    user = get_user_model().objects.create_user(
        username="boss", password="demo", is_staff=True
    )
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def shop() -> Shop:
    """Anna sold for 60.00 two days after her answer, at five percent."""
    shop = Shop()
    CommissionPlan.objects.create(name="All", percent=5)
    shop.talk("guest", ["anna"], ago=timedelta(days=2))
    tell(paid(order_of(line("a", "60.00"))), visitor=shop.visitor("guest"))
    return shop


@pytest.mark.usefixtures("shop")
def test_a_credit_says_why() -> None:
    page = staff(*READING).get("/admin/chatdesk/salecredit/").content.decode()
    assert "anna answered last, 2 days before the order." in page
    assert "60.00 EUR" in page


@pytest.mark.usefixtures("shop")
def test_the_ledger_is_read_only() -> None:
    client = staff(*READING)
    row = LedgerLine.objects.get()
    page = client.get("/admin/chatdesk/ledgerline/").content.decode()
    assert "3.00" in page
    assert client.get("/admin/chatdesk/ledgerline/add/").status_code == 403
    changed = client.post(f"/admin/chatdesk/ledgerline/{row.pk}/change/", {"amount": 9})
    assert changed.status_code == 403
    deleted = client.post(f"/admin/chatdesk/ledgerline/{row.pk}/delete/", {"post": 1})
    assert deleted.status_code == 403


def test_an_adjustment_is_written_in_the_author_s_name(shop: Shop) -> None:
    client = staff(*READING, "adjust_ledger")
    form = {"operator": shop.operator("anna").pk, "amount": "-1.50", "reason": ""}
    refused = client.post("/admin/chatdesk/ledgerline/add/", form)
    assert refused.status_code == 200
    client.post("/admin/chatdesk/ledgerline/add/", {**form, "reason": "Paid twice"})
    made = LedgerLine.objects.get(kind="adjustment")
    assert (made.amount, made.reason) == (Decimal("-1.50"), "Paid twice")
    assert made.author.get_username() == "boss"


def test_exports_have_every_line_and_no_formula(shop: Shop) -> None:
    adjust_commission(
        operator_id=shop.operator("anna").pk,
        amount=Decimal("-1.00"),
        reason='=HYPERLINK("http://x")',
        author_id=shop.user("boss").pk,
        at=datetime(2026, 3, 20, tzinfo=UTC),
    )
    client = staff(*READING)
    chosen = list(LedgerLine.objects.values_list("pk", flat=True))
    form = {"action": "export_csv", "_selected_action": chosen}
    text = client.post("/admin/chatdesk/ledgerline/", form).content.decode()
    assert ",accrual,3.00,EUR,5.00,NB-1," in text
    assert ",adjustment,-1.00,EUR," in text
    assert "'=HYPERLINK" in text

    form["action"] = "export_xlsx"
    book = load_workbook(
        io.BytesIO(client.post("/admin/chatdesk/ledgerline/", form).content)
    )
    sheet = list(book.active.iter_rows(values_only=True))
    assert [row[4] for row in sheet] == ["amount", 3, -1]
    assert sheet[2][9].startswith("'=HYPERLINK")


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_words_that_begin_like_a_formula_are_quoted(text: str) -> None:
    assert guard(text) == f"'{text}"
    assert guard(f"Anna {text}") == f"Anna {text}"


@pytest.mark.usefixtures("shop")
def test_a_month_is_closed_by_who_may() -> None:
    month = LedgerMonth.objects.get(first_day=date(2026, 3, 1))
    form = {"action": "close", "_selected_action": [month.pk]}
    staff("adjust_ledger", *READING).post("/admin/chatdesk/ledgermonth/", form)
    month.refresh_from_db()
    assert month.closed_at is not None
    assert month.closed_by.get_username() == "boss"
