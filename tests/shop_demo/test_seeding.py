"""Filling the demo."""

import io
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from django.contrib.auth.models import Group, User
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shop_demo.models import Category, Order, OrderLine, Product, Refund
from shop_demo.seeding.catalogue import seed_catalogue
from shop_demo.seeding.orders import seed_orders
from shop_demo.seeding.people import STAFF, seed_people


def seed() -> str:
    out = io.StringIO()
    call_command("seed_demo", stdout=out)
    return out.getvalue()


def seed_shop() -> None:
    """Run the steps that fill the shop, without the conversations."""
    now = timezone.now()
    seed_catalogue()
    seed_people(at=now)
    seed_orders(at=now)


def picture_of_everything() -> list[object]:
    """Return all rows the seeding makes, to compare before and after."""
    return [
        list(model.objects.order_by("pk").values_list())
        for model in (Category, Product, Order, OrderLine, User, Group)
    ]


def test_seeding_fills_an_empty_shop_and_again_changes_nothing() -> None:
    told = seed()
    assert Product.objects.count() == 60
    assert Category.objects.count() == 6
    assert Order.objects.count() == 360
    assert "360 orders added" in told
    before = picture_of_everything()

    with CaptureQueriesContext(connection) as queries:
        told = seed()

    assert len(queries) < 40
    assert picture_of_everything() == before
    assert not {"orders", "products", "people"} & set(told.split())


def test_seeding_leaves_what_was_edited() -> None:
    Product.objects.filter(slug="skagen-cups").update(price=Decimal("1.00"))
    seed_shop()
    assert Product.objects.get(slug="skagen-cups").price == Decimal("1.00")


def test_orders_add_up_and_lie_in_the_last_two_months() -> None:
    seed_shop()
    now = timezone.now()
    for order in Order.objects.prefetch_related("lines"):
        goods = sum(line.total for line in order.lines.all())
        assert order.goods_total == goods
        discount = sum(line.discount for line in order.lines.all())
        assert order.discount_total == discount
        assert order.total == goods - discount + order.delivery_total
        assert now - timedelta(days=62) < order.placed_at <= now


def test_orders_have_sizes_discounts_refunds_and_cancellations() -> None:
    seed_shop()
    lines = OrderLine.objects.exclude(variant=None)
    assert lines.count() > 50
    assert all(line.sku == line.variant.sku for line in lines.select_related("variant"))
    assert Order.objects.filter(discount_total__gt=0).count() > 20
    states = {order.payment_state for order in Order.objects.all()}
    assert states == set(Order.PaymentState)
    paid_and_cancelled = Order.objects.filter(status="cancelled", paid_at__isnull=False)
    assert paid_and_cancelled.exists()


def test_no_refund_gives_back_more_than_was_paid() -> None:
    seed_shop()
    for refund in Refund.objects.select_related("order").prefetch_related("lines"):
        goods = sum(each.amount for each in refund.lines.all())
        assert refund.amount == goods + refund.delivery_amount
        assert refund.amount == refund.order.refunded_total <= refund.order.total


def test_numbers_of_orders_follow_their_time() -> None:
    seed_shop()
    orders = Order.objects.order_by("placed_at", "pk")
    assert list(orders) == list(Order.objects.order_by("pk"))
    assert orders[0].number == f"NB-{10_000 + orders[0].pk}"


def test_staff_can_log_in_and_only_the_manager_is_staff() -> None:
    seed_shop()
    for name in ("operator", "operator2", "manager", "customer"):
        assert Client().login(username=name, password="demo")
    assert list(User.objects.filter(is_staff=True)) == [
        User.objects.get(username="manager")
    ]
    assert not User.objects.filter(is_superuser=True).exists()


def test_manager_edits_products_in_the_admin() -> None:
    seed_shop()
    client = Client()
    client.login(username="manager", password="demo")
    for path in ("product/", "order/", "category/"):
        assert client.get(f"/admin/shop_demo/{path}").status_code == 200
    order = Order.objects.latest("pk")
    page = client.get(f"/admin/shop_demo/order/{order.pk}/change/").content.decode()
    assert order.number in page


def test_portraits_of_the_staff_are_small_pictures() -> None:
    for member in STAFF:
        content = Path(str(finders.find(member.portrait))).read_bytes()
        assert content.startswith(b"\x89PNG")
        assert len(content) <= 12 * 1024
