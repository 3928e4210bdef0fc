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
from chatdesk.models import CommissionPlan, LedgerLine, LedgerMonth, SaleCredit
from chatdesk.services.commission import adjust_commission
from chatdesk.services.ledger import close_month
from tests.sales import Shop, line, order_of, paid, tell

pytestmark = pytest.mark.django_db

AFTER = datetime(2026, 4, 2, tzinfo=UTC)
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


def take_off_one(shop: Shop, *, reason: str) -> None:
    """Take 1.00 off Anna's commission."""
    adjust_commission(
        operator_id=shop.operator("anna").pk,
        amount=Decimal("-1.00"),
        reason=reason,
        author_id=shop.user("boss").pk,
        at=datetime(2026, 3, 20, tzinfo=UTC),
    )


def test_exports_have_every_line_and_no_formula(shop: Shop) -> None:
    take_off_one(shop, reason='=HYPERLINK("http://x")')
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


@pytest.mark.usefixtures("shop")
def test_the_ledger_reads_in_one_line() -> None:
    page = staff(*READING).get("/admin/chatdesk/ledgerline/").content.decode()
    assert "<h1>Lines of the ledger</h1>" in page
    assert ">accrual, 5%<" in page
    assert ">3.00 EUR<" in page
    assert "Add an adjustment" not in page


def test_who_may_adjust_is_offered_an_adjustment(shop: Shop) -> None:
    take_off_one(shop, reason="Paid <twice>")
    client = staff(*READING, "adjust_ledger")
    page = client.get("/admin/chatdesk/ledgerline/").content.decode()
    assert "Add an adjustment" in page
    assert f"Paid &lt;twice&gt; ({shop.user('boss').username})" in page
    form = client.get("/admin/chatdesk/ledgerline/add/").content.decode()
    assert "<h1>Add an adjustment</h1>" in form
    assert "› Add an adjustment" in form
    assert "Add line of the ledger" not in form
    assert "Reason:" in form


@pytest.mark.usefixtures("shop")
def test_a_plan_says_what_it_pays_and_when() -> None:
    days = {"valid_from": date(2026, 1, 1), "valid_to": date(2026, 3, 31)}
    CommissionPlan.objects.create(name="Tea", percent="7.50", basis="margin", **days)
    CommissionPlan.objects.create(name="New", percent=4, valid_from=date(2027, 1, 1))
    CommissionPlan.objects.create(name="Old", percent=3, valid_to=date(2025, 12, 31))
    client = staff("view_commissionplan")
    page = client.get("/admin/chatdesk/commissionplan/").content.decode()
    assert ">7.5% of the margin<" in page
    assert ">5% of the amount<" in page
    assert ">01/01/2026 – 03/31/2026<" in page
    assert ">from 01/01/2027<" in page
    assert ">until 12/31/2025<" in page
    assert ">always<" in page


def test_months_are_named_and_open_until_they_are_closed(shop: Shop) -> None:
    client = staff(*READING)
    page = client.get("/admin/chatdesk/ledgermonth/").content.decode()
    assert ">March 2026<" in page
    assert ">open<" in page
    close_month(first_day=date(2026, 3, 1), user_id=shop.user("boss").pk, at=AFTER)
    page = client.get("/admin/chatdesk/ledgermonth/").content.decode()
    assert ">open<" not in page
    assert shop.user("boss").username in page


@pytest.mark.usefixtures("shop")
def test_an_order_made_in_the_dialog_is_credited_by_no_rule() -> None:
    SaleCredit.objects.update(reason=SaleCredit.Reason.MADE_ORDER)
    page = staff(*READING).get("/admin/chatdesk/salecredit/").content.decode()
    assert ">anna made the order in the dialog.<" in page


@pytest.mark.usefixtures("shop")
def test_an_order_of_the_shop_is_no_order_of_things_in_russian() -> None:
    client = staff(*READING)
    client.cookies["django_language"] = "ru"
    for name in ("salecredit", "ledgerline"):
        page = client.get(f"/admin/chatdesk/{name}/").content.decode()
        assert "Заказ" in page
        assert "орядок" not in page
