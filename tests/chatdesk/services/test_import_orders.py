"""Orders of the past end up as if each had been told when it happened."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chatdesk.errors import Invalid
from chatdesk.models import CommissionPlan, Effect, LedgerLine, SaleCredit, SoldOrder
from chatdesk.services.import_orders import PastOrder, import_orders
from chatdesk.services.plans import keep_commission_plan
from chatdesk.services.sales import note_order, settle_all
from tests.sales import (
    MINUTE,
    PLACED,
    Shop,
    cancelled,
    credits_of,
    ledger_of,
    line,
    order_of,
    paid,
    refunded,
)

NOW = PLACED + timedelta(days=30)

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def shop():
    keep_commission_plan(name="Ten", percent=10)
    shop = Shop()
    shop.talk("guest", ["anna"], ago=5 * MINUTE)
    shop.talk("olga@phone", ["dmitry"], ago=9 * MINUTE)
    return shop


def told(shop):
    """Return one order of every sort: by a guest, a customer, and somebody unknown."""
    olga = shop.user("olga").pk
    kettle, tea = line("a", "100.00"), line("b", "30.00")
    return [
        PastOrder(
            refunded(paid(order_of(kettle, tea, reference="NB-1")), "r1", a="40.00"),
            shop.visitor("guest").public_id,
        ),
        PastOrder(paid(order_of(kettle, reference="NB-2", user_id=olga), days=1)),
        PastOrder(cancelled(paid(order_of(tea, reference="NB-3", user_id=olga)))),
        PastOrder(paid(order_of(tea, reference="NB-4"))),
        PastOrder(order_of(tea, reference="NB-5"), shop.visitor("guest").public_id),
    ]


def rows():
    """Return everything that was written, without keys of the database."""
    return (
        list(
            SoldOrder.objects.order_by("reference").values_list(
                *("reference", "goods", "is_void", "paid_at", "is_settled"),
                *("refunds", "lines", "visitor", "user"),
            )
        ),
        list(
            SaleCredit.objects.order_by("order__reference").values_list(
                "order__reference", "operator", "amount", "reason"
            )
        ),
        sorted(LedgerLine.objects.values_list("operator", "kind", "amount", "at")),
    )


def test_an_import_writes_what_telling_of_each_would_have(shop):
    orders = told(shop)
    assert import_orders(orders, at=NOW) == 5
    imported = rows()
    LedgerLine.objects.all()._raw_delete("default")
    SaleCredit.objects.all().delete()
    SoldOrder.objects.all().delete()

    for each in orders:
        note_order(each.order, visitor=each.visitor, at=NOW)

    assert imported == rows()


def test_who_advised_is_credited_and_paid_to_the_cent(shop):
    import_orders(told(shop), at=NOW)

    assert credits_of("NB-1") == {"anna": "130.00"}
    assert credits_of("NB-2") == {"dmitry": "100.00"}
    assert credits_of("NB-4") == {}
    assert ledger_of() == {"anna": "9.00", "dmitry": "10.00"}


def test_again_it_changes_nothing(shop):
    orders = told(shop)
    import_orders(orders, at=NOW)
    before = rows()

    assert import_orders(orders, at=NOW) == 0
    settle_all(at=NOW)

    assert rows() == before


def test_an_order_is_not_given_to_another_customers_visitor(shop):
    phone = shop.visitor("olga@phone").public_id
    stranger = PastOrder(paid(order_of(line("a", "5.00"))), phone)

    import_orders([stranger], at=NOW)

    assert SoldOrder.objects.get().visitor is None
    assert credits_of() == {}


def test_what_cannot_be_is_refused_and_nothing_noted(shop):
    broken = PastOrder(order_of(line("a", "-5.00"), reference="NB-9"))

    with pytest.raises(Invalid):
        import_orders([*told(shop), broken], at=NOW)

    assert not SoldOrder.objects.exists()


def test_orders_without_any_dialog_take_a_few_queries_together(
    django_assert_max_num_queries,
):
    orders = [
        PastOrder(
            paid(order_of(line("a", "5.00"), reference=f"NB-{number}")),
            UUID(int=number),
        )
        for number in range(1, 30)
    ]
    with django_assert_max_num_queries(8):
        import_orders(orders, at=NOW)

    assert SoldOrder.objects.filter(is_settled=True).count() == 29


def test_many_credited_orders_write_the_ledger_together(shop):
    def sold(*numbers):
        guest = shop.visitor("guest").public_id
        tea = line("b", "30.00")
        orders = [paid(order_of(tea, reference=f"NB-{number}")) for number in numbers]
        given = [refunded(order, "r1", b="10.00") for order in orders]
        with CaptureQueriesContext(connection) as queries:
            import_orders([PastOrder(order, guest) for order in given], at=NOW)
        return [each["sql"] for each in queries if "ledger" in each["sql"]]

    one, many = sold(1), sold(*range(2, 22))

    assert len(many) <= len(one)
    assert ledger_of() == {"anna": "42.00"}


def test_accounting_is_told_of_what_is_imported(shop, settings):
    settings.CHATDESK = {
        "LEDGER_WEBHOOK": "https://books.example/",
        "LEDGER_WEBHOOK_SECRET": "s3cret",
    }
    import_orders(told(shop), at=NOW)

    notes = Effect.objects.filter(kind=Effect.Kind.LEDGER_NOTE)
    assert notes.count() == LedgerLine.objects.count() > 2


def test_a_plan_that_was_changed_since_stays(shop):
    CommissionPlan.objects.update(percent=Decimal("1.5"))

    assert not keep_commission_plan(name="Ten", percent=10)

    assert CommissionPlan.objects.get().percent == Decimal("1.5")
