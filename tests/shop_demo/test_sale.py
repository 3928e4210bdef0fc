"""From the dialog to the commission: what the shop tells chatdesk of its orders."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone

from chatdesk.models import CommissionPlan, Entry, SaleCredit
from chatdesk.shop.types import Payment, Progress, Shopper
from shop_demo.chat_customer import describe_customer
from shop_demo.chat_orders import describe_order
from shop_demo.fulfilment import (
    Wish,
    cancel_order,
    deliver_order,
    pay_order,
    refund_order,
    send_order,
)
from shop_demo.models import Discount, Order, Product, Variant
from tests.factories import make_conversation, make_operator
from tests.sales import ledger_of
from tests.shop_demo.conftest import COFFEE, GUEST, KETTLE, put_into_cart
from tests.shop_demo.shelves import stock_few

AT = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def catalogue(db):
    """Three products are enough here."""
    stock_few()


@pytest.fixture
def filled(client):
    """A visitor with a kettle for 64.00 in the cart."""
    put_into_cart(client, KETTLE)
    return client


def buy(client, **changed):
    """Place an order and return it."""
    client.post("/checkout/", {**GUEST, **changed})
    return Order.objects.latest("pk")


def order_that(order, *steps):
    """Let an order take its steps and return what chatdesk is told."""
    for step in steps:
        step(order, at=AT)
    return describe_order(Order.objects.get(pk=order.pk))


def refund_all(order, *, at):
    """Give all of an order back."""
    refund_order(order, Wish("all"), at=at)


@pytest.mark.parametrize(
    ("steps", "progress", "payment"),
    [
        ((), Progress.NEW, Payment.UNPAID),
        ((pay_order,), Progress.NEW, Payment.PAID),
        ((send_order,), Progress.SENT, Payment.UNPAID),
        ((pay_order, send_order), Progress.SENT, Payment.PAID),
        ((deliver_order,), Progress.DELIVERED, Payment.PAID),
        ((cancel_order,), Progress.CANCELLED, Payment.UNPAID),
        ((pay_order, cancel_order), Progress.CANCELLED, Payment.REFUNDED),
        ((pay_order, refund_all), Progress.RETURNED, Payment.REFUNDED),
        ((deliver_order, refund_all), Progress.RETURNED, Payment.REFUNDED),
    ],
)
def test_chatdesk_is_told_how_far_an_order_is(filled, steps, progress, payment):
    told = order_that(buy(filled), *steps)
    assert (told.progress, told.payment) == (progress, payment)


def test_an_order_is_told_with_its_sums(filled):
    Discount.objects.all().delete()
    put_into_cart(filled, COFFEE, quantity=2)
    told = order_that(buy(filled, delivery="courier"))
    assert (told.goods, told.delivery, told.total) == (
        Decimal("91.80"),
        Decimal("9.90"),
        Decimal("101.70"),
    )
    assert sorted((each.product, each.quantity, each.group) for each in told.lines) == [
        (COFFEE, 2, "coffee"),
        (KETTLE, 1, "kettles"),
    ]
    assert all(each.cost for each in told.lines)


def test_the_lines_of_a_discounted_order_add_up(filled):
    put_into_cart(filled, COFFEE, quantity=3)
    filled.post("/cart/coupon/", {"code": "hello10"})
    told = order_that(buy(filled))
    assert told.discount == Decimal("10.57")
    assert sum(each.amount for each in told.lines) == told.goods - told.discount


def test_a_refund_is_told_by_line(filled):
    put_into_cart(filled, COFFEE, quantity=2)
    order = buy(filled)
    pay_order(order, at=AT)
    line = order.lines.get(product__slug=COFFEE)
    refund_order(order, Wish("r1", pieces={line.pk: 1}, reason="Stale"), at=AT)
    (refund,) = order_that(order).refunds
    assert (refund.ref, refund.amount, refund.reason) == ("r1", line.price, "Stale")
    assert [(each.line, each.quantity) for each in refund.lines] == [(str(line.pk), 1)]


def test_an_order_outlives_its_product(filled):
    order = buy(filled)
    Product.objects.get(slug=KETTLE).delete()
    assert order_that(order).lines[0].product == "NB-K01"


@pytest.fixture
def advised(client):
    """Ingrid, whom Anna answered, with a kettle in the cart and five percent agreed."""
    CommissionPlan.objects.create(name="All", percent=5)
    user = User.objects.create_user("ingrid@example.com", "ingrid@example.com")
    client.force_login(user)
    put_into_cart(client, KETTLE)
    client.dialog = dialog_of(user)
    return client


def dialog_of(user):
    """Let Anna answer somebody who is logged in."""
    operator = make_operator(name="anna")
    dialog = make_conversation(
        operator=operator,
        entries=(("visitor", "Is it?"), ("operator", "It is.")),
        at=timezone.now() - timedelta(hours=1),
    )
    dialog.visitor.user = user
    dialog.visitor.save(update_fields=["user"])
    return dialog


def events_in(dialog):
    """Return what the quiet lines of a dialog tell."""
    entries = Entry.objects.filter(conversation=dialog, kind="order").order_by("seq")
    return [entry.data["event"] for entry in entries]


def test_an_order_after_a_dialog_is_credited_and_pays_commission(advised):
    order = buy(advised)
    credit = SaleCredit.objects.get()
    assert (credit.operator.name, credit.amount) == ("anna", Decimal("64.00"))
    assert ledger_of() == {}
    pay_order(order, at=timezone.now())
    assert ledger_of() == {"anna": "3.20"}


@pytest.mark.parametrize(
    ("steps", "events", "commission"),
    [
        ((pay_order,), ["paid"], "3.20"),
        ((pay_order, send_order), ["paid", "sent"], "3.20"),
        ((deliver_order,), ["sent", "delivered", "paid"], "3.20"),
        ((pay_order, cancel_order), ["paid", "cancelled"], "0.00"),
        ((pay_order, refund_all), ["paid", "refunded"], "0.00"),
    ],
)
def test_what_becomes_of_it_is_told_in_the_dialog_and_the_ledger(
    advised, steps, events, commission
):
    order = buy(advised)
    for step in steps:
        step(order, at=timezone.now())
    assert events_in(advised.dialog) == events
    assert ledger_of() == {"anna": commission}


def test_the_delivery_earns_no_commission_and_takes_none_back(advised):
    order = buy(advised, delivery="courier")
    pay_order(order, at=timezone.now())
    wish = Wish("r1", pieces={}, with_delivery=True)
    refund_order(order, wish, at=timezone.now())
    assert order_that(order).refunds[0].amount == Decimal("9.90")
    assert ledger_of() == {"anna": "3.20"}


@pytest.mark.parametrize(
    ("card", "status", "paid"),
    [("good", 302, True), ("bad", 402, False), ("", 402, False), ("GOOD", 402, False)],
)
def test_a_card_is_taken_or_declined(filled, card, status, paid):
    order = buy(filled, payment="card")
    response = filled.post(f"/pay/{order.key}/", {"card": card})
    assert response.status_code == status
    assert (Order.objects.get().paid_at is not None) is paid


def test_a_declined_card_may_be_tried_again(filled):
    order = buy(filled, payment="card")
    assert filled.get(f"/pay/{order.key}/").status_code == 200
    assert filled.post(f"/pay/{order.key}/", {"card": "bad"}).context["declined"]
    filled.post(f"/pay/{order.key}/", {"card": "good"})
    assert Order.objects.get().status == "paid"


@pytest.mark.parametrize("payment", ["transfer", "on_delivery"])
def test_what_is_not_paid_by_card_has_no_page_for_it(filled, payment):
    order = buy(filled, payment=payment)
    answer = filled.post(f"/pay/{order.key}/", {"card": "good"})
    assert answer.headers["Location"] == f"/thanks/{order.key}/"
    assert Order.objects.get().paid_at is None


@pytest.mark.parametrize("step", [pay_order, cancel_order])
def test_a_card_is_not_asked_for_twice_or_too_late(filled, step):
    order = buy(filled, payment="card")
    step(order, at=AT)
    assert filled.get(f"/pay/{order.key}/").status_code == 302
    filled.post(f"/pay/{order.key}/", {"card": "good"})
    assert Order.objects.get().paid_at == (AT if step is pay_order else None)


def test_a_key_of_no_order_pays_nothing(client):
    path = "/pay/00000000-0000-4000-8000-000000000000/"
    assert client.post(path, {"card": "good"}).status_code == 404


def test_a_variant_is_bought_at_its_own_price_from_its_own_stock(client):
    variant = Variant.objects.filter(stock__gt=3).latest("price")
    product = variant.product
    client.post(f"/cart/add/{product.slug}/", {"quantity": 2, "variant": variant.pk})
    order = buy(client)
    line = order.lines.get()
    assert (line.sku, line.price) == (variant.sku, variant.price)
    assert Variant.objects.get(pk=variant.pk).stock == variant.stock - 2
    assert Product.objects.get(pk=product.pk).stock == product.stock - 2
    cancel_order(order, at=AT)
    assert Variant.objects.get(pk=variant.pk).stock == variant.stock
    assert Product.objects.get(pk=product.pk).stock == product.stock


def test_a_customer_is_told_with_what_he_kept(advised):
    user = User.objects.get(username="ingrid@example.com")
    for number in range(3):
        put_into_cart(advised, COFFEE)
        order = buy(advised)
        if number == 2:
            cancel_order(order, at=AT)
    told = describe_customer(Shopper(user_id=user.pk))
    kept = Order.objects.exclude(status="cancelled")
    assert (told.orders, told.group) == (2, "")
    assert told.spent == sum(order.total for order in kept)
    assert told.phone == GUEST["phone"]


@pytest.mark.parametrize("shopper", [Shopper(), Shopper(key="x"), Shopper(user_id=999)])
def test_who_has_no_account_is_no_customer(shopper):
    assert describe_customer(shopper) is None


@pytest.fixture
def clerk():
    """Somebody of the staff who may change orders."""
    return staff("view_order", "change_order")


def staff(*codenames):
    """Log in somebody of the staff with these permissions."""
    user = User.objects.create_user("clerk", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client = Client()
    client.force_login(user)
    return client


def test_pieces_are_given_back_by_hand_once(filled, clerk):
    order = buy(filled)
    pay_order(order, at=AT)
    path = f"/admin/shop_demo/order/{order.pk}/refund/"
    form = {"key": "k", "reason": "Broken", f"line_{order.lines.get().pk}": 1}
    for _press in range(2):
        assert clerk.post(path, form).status_code == 302
    refund = order.refunds.get()
    assert (refund.amount, refund.reason) == (Decimal("64.00"), "Broken")
    assert refund.author.username == "clerk"


@pytest.mark.parametrize("pieces", ["2", "-1", "x", ""])
def test_pieces_that_cannot_be_are_asked_for_again(filled, clerk, pieces):
    order = buy(filled)
    pay_order(order, at=AT)
    form = {"key": "k", f"line_{order.lines.get().pk}": pieces}
    page = clerk.post(f"/admin/shop_demo/order/{order.pk}/refund/", form)
    assert page.status_code == 200
    assert not order.refunds.exists()


def test_what_was_not_paid_is_refused_on_the_page(filled, clerk):
    order = buy(filled)
    form = {"key": "k", f"line_{order.lines.get().pk}": 1}
    page = clerk.post(f"/admin/shop_demo/order/{order.pk}/refund/", form)
    assert "This order was not paid" in page.content.decode()


def test_who_may_only_look_gives_nothing_back(filled):
    order = buy(filled)
    pay_order(order, at=AT)
    form = {"key": "k", f"line_{order.lines.get().pk}": 1}
    staff("view_order").post(f"/admin/shop_demo/order/{order.pk}/refund/", form)
    assert not order.refunds.exists()


@pytest.mark.parametrize(
    ("action", "status"),
    [
        ("mark_paid", "paid"),
        ("mark_sent", "shipped"),
        ("mark_delivered", "delivered"),
        ("cancel", "cancelled"),
    ],
)
def test_orders_are_moved_on_by_hand(filled, clerk, action, status):
    order = buy(filled)
    form = {"action": action, "_selected_action": [order.pk]}
    page = clerk.post("/admin/shop_demo/order/", form, follow=True)
    assert "1 order changed." in page.content.decode()
    assert Order.objects.get().status == status
    staff_form = {"action": "cancel", "_selected_action": [order.pk]}
    clerk.post("/admin/shop_demo/order/", staff_form)
    sent = status in ("shipped", "delivered")
    assert (Order.objects.get().status == "cancelled") is not sent
