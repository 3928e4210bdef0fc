"""Sales on the performance page: for whom they are, and the rows behind each number."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chatdesk.models import Assignment, CommissionPlan, Conversation
from chatdesk.services.sales import note_order
from tests.sales import MINUTE, Shop, line, order_of, paid, refunded

PAGE = "/admin/chatdesk/operator/performance/?period=30"
DAY = timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def week(monkeypatch, plan):
    """Anna sells twice, once with a refund; Dmitry once; one order had no chat."""
    at = timezone.now() - DAY
    monkeypatch.setattr("tests.sales.PLACED", at)
    shop = Shop()
    sold = [("anna", "100.00", ""), ("anna", "50.00", "10.00"), ("dmitry", "20.00", "")]
    for number, (name, amount, given) in enumerate(sold):
        visitor = f"visitor{number}"
        shop.talk(visitor, [name], ago=5 * MINUTE)
        told = paid(order_of(line("a", amount), reference=f"NB-{number}"))
        if given:
            told = refunded(told, "r1", days=0.01, a=given)
        public_id = shop.visitor(visitor).public_id
        note_order(told, visitor=public_id, at=at + DAY / 2)
    alone = paid(order_of(line("a", "5.00"), reference="NB-9"))
    note_order(alone, visitor=None, at=at + DAY / 2)
    return shop


@pytest.fixture
def plan():
    return CommissionPlan.objects.create(name="Ten", percent=10)


def page_of(client) -> str:
    return unescape(client.get(PAGE).content.decode())


def tiles(page: str) -> dict[str, tuple[str, str]]:
    """Return value and link of every tile of sales."""
    part = re.search(r'cd-five".*?</section>', page, re.DOTALL)
    found = {}
    for article in re.findall(r"<article.*?</article>", part[0] if part else "", re.S):
        key = re.search(r'data-kpi="(\w+)"', article)
        value = re.search(r'tile-value">\s*<a href="([^"]*)">([^<]*)', article)
        found[key[1]] = (value[2], value[1])
    return found


@pytest.mark.usefixtures("week")
def test_the_tiles_say_what_was_sold_and_earned(manager):
    found = {key: value for key, (value, _) in tiles(page_of(manager)).items()}

    assert found == {
        "sales": "3",
        "revenue": "160.00 EUR",
        "sales_share": "3 of 4",
        "accrued": "17.00 EUR",
        "reversed": "1.00 EUR",
    }


@pytest.mark.usefixtures("week")
def test_every_tile_leads_to_the_rows_that_it_counts(manager):
    rows = {}
    for key, (_, link) in tiles(page_of(manager)).items():
        answer = manager.get(link)
        assert answer.status_code == 200, key
        rows[key] = answer.context["cl"].result_count

    assert rows == {
        "sales": 3,
        "revenue": 3,
        "sales_share": 3,
        "accrued": 3,
        "reversed": 1,
    }


def row_of(page: str, name: str) -> str:
    """Return an operator's row of the table."""
    table = page[page.index("Likes / dislikes") :]
    return next(each for each in table.split("<tr>") if f"<b>{name}</b>" in each)


def cells_of(page: str, name: str) -> list[str]:
    row = row_of(page, name)
    cells = re.findall(r"<td>(.*?)</td>", row, re.DOTALL)
    return [re.sub(r"<[^>]*>", "", cell).strip() for cell in cells]


@pytest.mark.usefixtures("week")
def test_each_operator_has_what_he_sold_and_earned(manager):
    page = page_of(manager)

    assert cells_of(page, "anna")[-4:] == ["2", "140.00 EUR", "–", "14.00 EUR"]
    assert cells_of(page, "dmitry")[-4:] == ["1", "20.00 EUR", "–", "2.00 EUR"]
    foot = page[page.index("<tfoot>") :]
    assert "160.00 EUR" in foot
    assert "16.00 EUR" in foot


@pytest.mark.usefixtures("week")
def test_time_in_dialogs_is_shown_by_the_orders_it_brought(manager):
    for number, dialog in enumerate(Conversation.objects.order_by("pk"), start=1):
        begun = dialog.first_message_at
        Assignment.objects.filter(conversation=dialog).update(
            from_at=begun, to_at=begun + 2 * number * MINUTE
        )

    page = page_of(manager)

    # Two dialogs of 2 and 4 minutes sold twice, one of 6 minutes sold once.
    assert cells_of(page, "anna")[1:2] == ["6 min"]
    assert cells_of(page, "anna")[-2] == "3 min"
    assert cells_of(page, "dmitry")[-2] == "6 min"
    foot = page[page.index("<tfoot>") :]
    assert ">4 min<" in foot


@pytest.mark.usefixtures("week")
def test_an_operators_numbers_lead_to_his_rows_alone(manager):
    page = page_of(manager)
    row = row_of(page, "anna")
    links = re.findall(r'href="([^"]*(?:salecredit|ledgerline)[^"]*)"', row)

    counts = [manager.get(link).context["cl"].result_count for link in links]

    assert counts == [2, 3]  # Two sales; two accruals and what was taken back.


def forget(manager, *codenames):
    """Take permissions away from the manager's group."""
    user = User.objects.get(pk=manager.session["_auth_user_id"])
    permissions = Permission.objects.filter(codename__in=codenames)
    user.user_permissions.remove(*permissions)
    for group in user.groups.all():
        group.permissions.remove(*permissions)


@pytest.mark.usefixtures("week")
def test_who_may_not_see_the_ledger_sees_no_commission(manager):
    forget(manager, "view_ledgerline")
    page = page_of(manager)

    assert set(tiles(page)) == {"sales", "revenue", "sales_share"}
    assert cells_of(page, "anna")[-3:] == ["2", "140.00 EUR", "–"]
    assert "Commission" not in page[page.index("cd-tiles") :]


@pytest.mark.usefixtures("week")
def test_who_may_see_neither_sees_the_page_without_sales(manager):
    forget(manager, "view_ledgerline", "view_salecredit")
    page = page_of(manager)

    assert tiles(page) == {}
    assert "160.00" not in page


def test_a_shop_without_orders_is_not_told_of_sales(manager):
    assert tiles(page_of(manager)) == {}


@pytest.mark.usefixtures("week")
def test_more_sales_take_no_more_queries(manager):
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            manager.get(PAGE)
        return len(found)

    few = queries()
    for number in range(10, 16):
        told = paid(order_of(line("a", "5.00"), reference=f"NB-{number}"))
        note_order(told, visitor=None, at=timezone.now())

    assert queries() == few
