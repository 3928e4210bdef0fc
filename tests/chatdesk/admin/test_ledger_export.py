"""The ledger for accounting: what stands in the files, and what no cell may do."""

import csv
import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client
from openpyxl import load_workbook

from chatdesk.admin import ledger_export
from chatdesk.admin.csv_file import answer_csv, safe_cell
from chatdesk.admin.ledger_export import HEAD, to_csv, to_xlsx
from chatdesk.models import (
    CommissionPlan,
    LedgerLine,
    LedgerMonth,
    Operator,
    SaleCredit,
)
from chatdesk.services.commission import adjust_commission
from tests.factories import make_operator
from tests.sales import Shop, line, order_of, paid, tell

AT = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)
PAGES = ("commissionplan", "salecredit", "ledgerline", "ledgermonth")

pytestmark = pytest.mark.django_db


def adjust(operator, *, amount="1.00", reason="A Sunday"):
    """Write an adjustment of March."""
    return adjust_commission(
        operator_id=operator.pk,
        amount=Decimal(amount),
        reason=reason,
        author_id=operator.user_id,
        at=AT,
    )


def rows_in(response):
    """Return the rows of a CSV file without the mark in front."""
    text = response.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def sold(settings):
    """Anna sold for 60.00 at five percent, in a shop of Helsinki."""
    settings.TIME_ZONE = "Europe/Helsinki"
    shop = Shop()
    CommissionPlan.objects.create(name="=All", percent=5)
    shop.talk("guest", ["anna"], ago=timedelta(days=1))
    tell(paid(order_of(line("a", "60.00"))), visitor=shop.visitor("guest"))
    return shop


def test_a_line_of_a_sale_has_all_its_cells(sold):
    (row,) = rows_in(to_csv(LedgerLine.objects.all()))
    assert row == {
        "date": "2026-03-10 14:00:00",
        "month": "2026-03",
        "operator": "anna",
        "kind": "accrual",
        "amount": "3.00",
        "currency": "EUR",
        "percent": "5.00",
        "order": "NB-1",
        "plan": "'=All",
        "reason": "",
        "author": "",
    }


def test_an_adjustment_names_its_author_and_no_order():
    anna = make_operator(name="Анна")
    adjust(anna, amount="-1.50", reason='Дважды: "март", апрель')
    (row,) = rows_in(to_csv(LedgerLine.objects.all()))
    assert (row["operator"], row["amount"], row["order"], row["percent"]) == (
        "Анна",
        "-1.50",
        "",
        "",
    )
    assert row["reason"] == 'Дважды: "март", апрель'
    assert row["author"] == anna.user.get_username()


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_name_of_a_person_becomes_a_formula(name):
    adjust(make_operator(name=name))
    (row,) = rows_in(to_csv(LedgerLine.objects.all()))
    assert row["operator"] == f"'{name}"
    book = load_workbook(io.BytesIO(to_xlsx(LedgerLine.objects.all()).content))
    cell = book.active.cell(row=2, column=3)
    assert (cell.data_type, cell.value) == ("s", f"'{name}")


def test_the_oldest_line_stands_first():
    anna = make_operator()
    for amount in ("1.00", "2.00", "3.00"):
        adjust(anna, amount=amount)
    lines = LedgerLine.objects.order_by("-pk")
    amounts = [row["amount"] for row in rows_in(to_csv(lines))]
    assert amounts == ["1.00", "2.00", "3.00"]


def test_a_file_of_nothing_has_its_head():
    assert to_csv(LedgerLine.objects.none()).content.decode("utf-8-sig").strip() == (
        ",".join(HEAD)
    )
    book = load_workbook(io.BytesIO(to_xlsx(LedgerLine.objects.none()).content))
    assert list(book.active.iter_rows(values_only=True)) == [HEAD]


@pytest.mark.parametrize("write", [to_csv, to_xlsx])
def test_a_long_ledger_is_one_query(write, django_assert_num_queries):
    for _number in range(5):
        adjust(make_operator())
    with django_assert_num_queries(1):
        write(LedgerLine.objects.all())


def test_a_workbook_has_dates_and_numbers(sold):
    book = load_workbook(io.BytesIO(to_xlsx(LedgerLine.objects.all()).content))
    at, month, _operator, _kind, amount, *_more = next(
        book.active.iter_rows(min_row=2, values_only=True)
    )
    assert (at.isoformat(), month, amount) == ("2026-03-10T14:00:00", "2026-03", 3)


def test_files_are_downloads_with_a_name():
    lines = LedgerLine.objects.none()
    assert 'filename="commission.csv"' in to_csv(lines)["Content-Disposition"]
    assert 'filename="commission.xlsx"' in to_xlsx(lines)["Content-Disposition"]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (5, "5"),
        (-5, "-5"),
        (Decimal("-1.50"), "-1.50"),
        ("plain", "plain"),
        ("-5", "'-5"),
        ("  =1", "'  =1"),
        ("\t=1", "'\t=1"),
        ("a=1", "a=1"),
        ("", ""),
    ],
)
def test_a_number_stays_a_number_and_words_stay_words(cell, text):
    assert safe_cell(cell) == text


def test_a_table_is_a_file_to_download():
    response = answer_csv("report", ("Имя", "=x"), [("Анна", None), ("@a", -1)])
    assert response.content.decode() == "\ufeffИмя,'=x\r\nАнна,\r\n'@a,-1\r\n"
    assert response["Content-Disposition"] == 'attachment; filename="report.csv"'
    assert response["X-Content-Type-Options"] == "nosniff"


def staff(*codenames):
    """Log in somebody of the staff with these permissions."""
    user = get_user_model().objects.create_user("clerk", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("page", PAGES)
def test_who_may_not_see_sales_sees_none(page, sold):
    client = staff("answer_conversations")
    assert client.get(f"/admin/chatdesk/{page}/").status_code == 403


@pytest.mark.parametrize("page", PAGES)
def test_who_may_see_sales_sees_them(page, sold):
    client = staff(f"view_{page}")
    assert client.get(f"/admin/chatdesk/{page}/").status_code == 200


@pytest.mark.parametrize("page", PAGES[1:])
def test_nothing_of_sales_is_deleted_by_hand(page, sold):
    LedgerMonth.objects.get_or_create(first_day="2026-03-01")
    client = staff(f"view_{page}", f"delete_{page}", f"change_{page}")
    row = {
        "salecredit": SaleCredit,
        "ledgerline": LedgerLine,
        "ledgermonth": LedgerMonth,
    }[page].objects.first()
    path = f"/admin/chatdesk/{page}/{row.pk}/delete/"
    assert client.post(path, {"post": "yes"}).status_code == 403


def test_the_export_needs_the_right_to_look(sold):
    form = {"action": "export_csv", "_selected_action": [LedgerLine.objects.get().pk]}
    path = "/admin/chatdesk/ledgerline/"
    assert staff("adjust_ledger").post(path, form).status_code == 403


def test_without_the_package_a_word_stands_instead_of_a_workbook(sold, monkeypatch):
    monkeypatch.setattr(ledger_export, "find_spec", lambda _name: None)
    form = {"action": "export_xlsx", "_selected_action": [LedgerLine.objects.get().pk]}
    client = staff("view_ledgerline")
    page = client.post("/admin/chatdesk/ledgerline/", form, follow=True)
    assert "XLSX needs the package openpyxl" in page.content.decode()


def test_who_may_only_look_closes_no_month(sold):
    month = LedgerMonth.objects.get()
    form = {"action": "close", "_selected_action": [month.pk]}
    staff("view_ledgermonth").post("/admin/chatdesk/ledgermonth/", form)
    month.refresh_from_db()
    assert month.closed_at is None


def test_a_month_that_is_closed_already_is_told_so(sold):
    client = staff("view_ledgermonth", "adjust_ledger")
    form = {"action": "close", "_selected_action": [LedgerMonth.objects.get().pk]}
    path = "/admin/chatdesk/ledgermonth/"
    first = client.post(path, form, follow=True).content.decode()
    second = client.post(path, form, follow=True).content.decode()
    assert "March 2026 is closed." in first
    assert "March 2026 is not over yet or closed already." in second


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"amount": ""}, "amount"),
        ({"amount": "much"}, "amount"),
        ({"amount": "1.001"}, "amount"),
        ({"amount": "0.00"}, "amount"),
        ({"amount": "-0"}, "amount"),
        ({"reason": "   "}, "reason"),
        ({"reason": "x" * 301}, "reason"),
        ({"operator": "999999"}, "operator"),
    ],
)
def test_a_wrong_adjustment_is_asked_for_again(changed, error):
    operator = make_operator()
    client = staff("view_ledgerline", "adjust_ledger")
    form = {"operator": operator.pk, "amount": "1.00", "reason": "A Sunday", **changed}
    page = client.post("/admin/chatdesk/ledgerline/add/", form)
    assert list(page.context["adminform"].form.errors) == [error]
    assert not LedgerLine.objects.exists()


def test_hostile_names_stay_words_on_the_page(sold):
    Operator.objects.update(name="<script>alert(1)</script>")
    for page in ("salecredit", "ledgerline"):
        text = staff_page(page)
        assert "<script>alert(1)" not in text
        assert "&lt;script&gt;alert(1)" in text


def staff_page(page):
    """Return a list of sales as somebody with every right sees it."""
    user = get_user_model().objects.create_superuser(f"boss-{page}")
    client = Client()
    client.force_login(user)
    return client.get(f"/admin/chatdesk/{page}/").content.decode()


@pytest.mark.parametrize("page", ["salecredit", "ledgerline"])
def test_a_long_list_of_sales_asks_as_much_as_a_short_one(
    sold, page, django_assert_max_num_queries
):
    for number in range(2, 8):
        order = paid(order_of(line("a", "60.00"), reference=f"NB-{number}"))
        tell(order, visitor=sold.visitor("guest"))
    client = staff(f"view_{page}")
    with django_assert_max_num_queries(12):
        assert "NB-7" in client.get(f"/admin/chatdesk/{page}/").content.decode()
