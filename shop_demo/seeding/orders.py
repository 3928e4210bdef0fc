"""Two months of orders, the same at every first start."""

import random
from datetime import datetime, timedelta

from django.contrib.auth.models import User

from shop_demo.delivery import Delivery, price_delivery
from shop_demo.models import (
    Discount,
    Order,
    OrderLine,
    Product,
    Refund,
    RefundLine,
)
from shop_demo.seeding.people import CUSTOMER, STAFF
from shop_demo.seeding.refunds import give_back
from shop_demo.totals import NOTHING, covers, saving_of, share_out

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
    discounts = list(Discount.objects.all())
    baskets = []
    for moment in moments:
        order = draw_order(dice, buyer=dice.choice(buyers), placed_at=moment, at=at)
        lines = draw_lines(dice, order=order, products=products)
        add_up(order, lines, discount=draw_discount(dice, lines, discounts))
        baskets.append((order, lines))
    save_orders(baskets, back=[give_back(dice, *basket) for basket in baskets])
    return len(baskets)


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
        if order.payment == Order.Payment.CARD:
            order.paid_at = order.placed_at + timedelta(minutes=3)
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


def draw_lines(
    dice: random.Random, *, order: Order, products: list[Product]
) -> list[OrderLine]:
    """Put one to four products into an order, in the size that somebody picked."""
    weights = [
        FAVOURITES.get(product.slug, CATEGORY_WEIGHTS.get(product.category.slug, 1))
        for product in products
    ]
    kinds = dice.choice((1, 1, 2, 2, 3, 4))
    chosen = {
        product.pk: product for product in dice.choices(products, weights, k=kinds)
    }
    return [draw_line(dice, order, product) for product in chosen.values()]


def draw_line(dice: random.Random, order: Order, product: Product) -> OrderLine:
    """Draw how many of a product were bought, and of which variant."""
    variants = list(product.variants.all())
    variant = dice.choice(variants) if variants else None
    offer = variant or product
    quantity = 1 if offer.price > 20 else dice.choice((1, 1, 2, 3))
    names = (product, variant) if variant else (product,)
    is_russian = order.language == "ru"
    return OrderLine(
        order=order,
        product=product,
        variant=variant,
        sku=offer.sku,
        name=", ".join(each.name_ru if is_russian else each.name_en for each in names),
        group=product.category.slug,
        price=offer.price,
        quantity=quantity,
        cost=None if offer.cost is None else offer.cost * quantity,
    )


def draw_discount(
    dice: random.Random, lines: list[OrderLine], discounts: list[Discount]
) -> Discount | None:
    """Return what made the order cheaper: by itself, or by a code some have."""
    goods = sum((line.total for line in lines), NOTHING)
    codes = [each for each in discounts if each.code] if dice.random() < 0.25 else []
    fitting = [
        each
        for each in (*codes, *(each for each in discounts if not each.code))
        if goods >= each.from_goods and any(covers(each, line) for line in lines)
    ]
    return dice.choice(fitting) if fitting else None


def add_up(order: Order, lines: list[OrderLine], *, discount: Discount | None) -> None:
    """Write the sums as the checkout does: the discount to the cent by lines."""
    goods = sum((line.total for line in lines), NOTHING)
    off = saving_of(discount, lines=lines, goods=goods) if discount else NOTHING
    for line, part in zip(
        lines, share_out(off, lines=lines, discount=discount), strict=True
    ):
        line.discount = part
    order.goods_total = goods
    order.discount_total = off
    if discount and off:
        is_russian = order.language == "ru"
        order.discount_name = discount.name_ru if is_russian else discount.name_en
    order.delivery_total = price_delivery(delivery=order.delivery, goods=goods - off)
    order.total = goods - off + order.delivery_total


def save_orders(
    baskets: list[tuple[Order, list[OrderLine]]],
    *,
    back: list[tuple[Refund, list[RefundLine]] | None],
) -> None:
    """Store all with a few statements; numbers follow the order of placing."""
    orders = [order for order, _ in baskets]
    Order.objects.bulk_create(orders)
    for order in orders:
        order.assign_number()
    Order.objects.bulk_update(orders, ["number"], batch_size=200)
    lines = [line for _, lines in baskets for line in lines]
    for line in lines:
        line.order_id = line.order.pk
    OrderLine.objects.bulk_create(lines)
    save_refunds([each for each in back if each is not None])


def save_refunds(back: list[tuple[Refund, list[RefundLine]]]) -> None:
    """Store what was given back, once orders and lines have their keys."""
    for refund, _ in back:
        refund.order_id = refund.order.pk
    Refund.objects.bulk_create(refund for refund, _ in back)
    pieces = [piece for _, pieces in back for piece in pieces]
    for piece in pieces:
        piece.refund_id, piece.line_id = piece.refund.pk, piece.line.pk
    RefundLine.objects.bulk_create(pieces)
