"""Two months of orders, the same at every first start."""

import random
from datetime import datetime, timedelta
from decimal import Decimal

from django.contrib.auth.models import User

from shop_demo.delivery import Delivery, price_delivery
from shop_demo.models import Order, OrderLine, Product
from shop_demo.seeding.people import CUSTOMER, STAFF

DAYS = 60
ORDERS = 360

# People buy in the evening.
HOURS = (8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23)
HOUR_WEIGHTS = (2, 4, 5, 6, 7, 6, 5, 5, 5, 6, 7, 9, 10, 9, 6, 2)

# Coffee is bought again and again, gear once.
CATEGORY_WEIGHTS = {"coffee": 5, "brewers": 3, "kettles": 3, "grinders": 2, "tea": 3}
FAVOURITES = {
    "heron-gooseneck-kettle": 12,
    "fold-2-hand-grinder": 9,
    "cirrus-dripper-set": 9,
    "ember-copper-cezve": 8,
    "harbor-colombia": 11,
    "fjord-ethiopia": 9,
    "skagen-cups": 7,
}

PLACES = {
    "FI": (("Turku", "20100"), ("Helsinki", "00170"), ("Tampere", "33200")),
    "EE": (("Tallinn", "10111"), ("Tartu", "51003")),
    "LV": (("Rīga", "LV-1010"),),
    "LT": (("Vilnius", "01108"),),
    "DE": (("Hamburg", "20095"), ("Berlin", "10115")),
    "NL": (("Utrecht", "3511 AB"),),
}
STREETS = ("Kauppakatu", "Pikk", "Brīvības iela", "Lange Straße", "Oudegracht")


def seed_orders(*, at: datetime) -> int:
    """Add the history of orders when there is none; return how many."""
    if Order.objects.exists():
        return 0
    dice = random.Random(20)  # noqa: S311 - the same shop at every start.
    products = list(
        Product.objects.select_related("category").prefetch_related("variants")
    )
    buyers = list_buyers()
    moments = sorted(draw_moment(dice, at=at) for _number in range(ORDERS))
    orders: list[Order] = []
    lines: list[OrderLine] = []
    for moment in moments:
        order = draw_order(dice, buyer=dice.choice(buyers), placed_at=moment, at=at)
        orders.append(order)
        lines.extend(fill_order(dice, order=order, products=products))
    save_orders(orders, lines=lines)
    return len(orders)


def list_buyers() -> list[User]:
    """Return the customers: whoever does not work here."""
    staff = [member.username for member in STAFF]
    customers = User.objects.exclude(username__in=staff).exclude(is_superuser=True)
    return list(customers.order_by("pk"))


def draw_moment(dice: random.Random, *, at: datetime) -> datetime:
    """Pick a believable moment of the last two months, never in the future."""
    day = at - timedelta(days=dice.randrange(DAYS))
    hour = dice.choices(HOURS, HOUR_WEIGHTS)[0]
    moment = day.replace(
        hour=hour, minute=dice.randrange(60), second=dice.randrange(60), microsecond=0
    )
    return moment if moment < at else moment - timedelta(days=1)


def draw_order(
    dice: random.Random, *, buyer: User, placed_at: datetime, at: datetime
) -> Order:
    """Draw an order without its goods; every fourth buyer is not logged in."""
    country = dice.choices(list(PLACES), (10, 4, 2, 2, 3, 1))[0]
    city, postcode = dice.choice(PLACES[country])
    is_guest = buyer.username != CUSTOMER and dice.random() < 0.25
    order = Order(
        user=None if is_guest else buyer,
        email=buyer.email,
        name=buyer.get_full_name(),
        phone=f"+358 40 {dice.randrange(100, 1000)} {dice.randrange(1000, 10000)}",
        address=f"{dice.choice(STREETS)} {dice.randrange(1, 90)}",
        city=city,
        postcode=postcode,
        country=country,
        delivery=dice.choices(Delivery.values, (5, 2, 2, 1))[0],
        payment=dice.choice(Order.Payment.values),
        status=draw_status(dice, age=at - placed_at),
        language="en" if buyer.first_name.isascii() else "ru",
        placed_at=placed_at,
    )
    order.number = order.key.hex
    note_moments(order)
    return order


def note_moments(order: Order) -> None:
    """Say when the order was paid, sent and cancelled, as its status has it."""
    status = Order.Status
    if order.status == status.CANCELLED:
        order.cancelled_at = order.placed_at + timedelta(hours=2)
        return
    if order.status != status.NEW:
        order.paid_at = order.placed_at + timedelta(minutes=3)
    if order.status in (status.SHIPPED, status.DELIVERED, status.RETURNED):
        order.sent_at = order.placed_at + timedelta(hours=20)


def draw_status(dice: random.Random, *, age: timedelta) -> str:
    """Draw how far an order of this age has come."""
    if dice.random() < 0.03:
        return Order.Status.CANCELLED
    if age < timedelta(days=1):
        return dice.choice((Order.Status.NEW, Order.Status.PAID))
    if age < timedelta(days=4):
        return Order.Status.SHIPPED
    return Order.Status.RETURNED if dice.random() < 0.03 else Order.Status.DELIVERED


def fill_order(
    dice: random.Random, *, order: Order, products: list[Product]
) -> list[OrderLine]:
    """Put one to four products into an order and add it up."""
    weights = [
        FAVOURITES.get(product.slug, CATEGORY_WEIGHTS.get(product.category.slug, 1))
        for product in products
    ]
    kinds = dice.choice((1, 1, 2, 2, 3, 4))
    chosen = {
        product.pk: product for product in dice.choices(products, weights, k=kinds)
    }
    lines = [
        OrderLine(
            order=order,
            product=product,
            sku=product.sku,
            name=product.name_ru if order.language == "ru" else product.name_en,
            group=product.category.slug,
            price=product.price,
            quantity=1 if product.price > 20 else dice.choice((1, 1, 2, 3)),
        )
        for product in chosen.values()
    ]
    order.goods_total = sum((line.total for line in lines), Decimal("0.00"))
    order.delivery_total = price_delivery(
        delivery=order.delivery, goods=order.goods_total
    )
    order.total = order.goods_total + order.delivery_total
    if order.status == Order.Status.RETURNED:
        order.refunded_total = order.total
    return lines


def save_orders(orders: list[Order], *, lines: list[OrderLine]) -> None:
    """Store all with a few statements; numbers follow the order of placing."""
    Order.objects.bulk_create(orders)
    for order in orders:
        order.assign_number()
    Order.objects.bulk_update(orders, ["number"], batch_size=200)
    for line in lines:
        line.order_id = line.order.pk
    OrderLine.objects.bulk_create(lines)
