"""The shop's facts in words of the wire, for visitors and for staff."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar

import msgspec
from django.utils.translation import gettext, ngettext

from chatdesk.shop.guard import may, write_money
from chatdesk.shop.types import (
    Availability,
    Cart,
    CartLine,
    Customer,
    Delivery,
    Fact,
    Order,
    OrderField,
    Product,
    Quote,
    Stock,
)
from chatdesk.wire import shop as wire
from chatdesk.wire.objects import to_ms

VeiledT = TypeVar("VeiledT", bound=msgspec.Struct)


def money(amount: Decimal | None, currency: str) -> str:
    """Return a sum as the shop writes it, or nothing."""
    return "" if amount is None else write_money(amount, currency)


def stock_text(stock: Stock) -> str:
    """Return whether a product can be had, in the shop's words or in ours."""
    if stock.text:
        return str(stock.text)
    count = stock.quantity
    match stock.state:
        case Availability.OUT:
            return gettext("Sold out")
        case Availability.FEW | Availability.IN_STOCK if count is not None:
            text = ngettext(
                "In stock, %(count)d left", "In stock, %(count)d left", count
            )
            return text % {"count": count}
        case Availability.FEW:
            return gettext("Few left")
        case Availability.IN_STOCK:
            return gettext("In stock")
    return ""


def name_of(product: Product) -> str:
    """Return what a product is called, with its variant."""
    name, variant = str(product.name), str(product.variant)
    return f"{name}, {variant}" if variant else name


def card_of(product: Product) -> wire.ProductCard:
    """Return a product as anybody may see it."""
    return wire.ProductCard(
        product=product.ref,
        name=str(product.name),
        variant=str(product.variant),
        sku=product.sku,
        group=str(product.group_name),
        price=money(product.price, product.currency),
        old_price=money(product.old_price, product.currency),
        stock=product.stock.state,
        stock_text=stock_text(product.stock),
        url=product.url,
        image=product.image,
    )


def staff_card_of(product: Product, *, user: Any) -> wire.ProductCard:
    """Return a product with all that this member of staff may see of it."""
    card = msgspec.structs.replace(
        card_of(product),
        places=tuple((place.name, place.quantity) for place in product.stock.places),
        cost=money(product.cost, product.currency),
        admin_url=product.admin_url,
        facts=facts_of(product.facts, user=user),
    )
    return veil(card, "product", user=user)


def facts_of(facts: Sequence[Fact], *, user: Any) -> tuple[tuple[str, str], ...]:
    """Return further lines that this member of staff may read."""
    return tuple(
        (str(fact.label), str(fact.value))
        for fact in facts
        if not fact.permission or user.has_perm(fact.permission)
    )


def veil(found: VeiledT, block: str, *, user: Any) -> VeiledT:
    """Return a thing without the fields that this member of staff may not see."""
    fields = msgspec.structs.fields(found)
    hidden = {
        field.name: _empty(field)
        for field in fields
        if not may(user, f"{block}.{field.name}")
    }
    return msgspec.structs.replace(found, **hidden) if hidden else found


def _empty(field: msgspec.structs.FieldInfo) -> Any:
    return "" if field.default is msgspec.NODEFAULT else field.default


def cart_row_of(line: CartLine, currency: str) -> wire.CartRow:
    """Return a line of a cart."""
    return wire.CartRow(
        product=line.product,
        name=line.name,
        quantity=line.quantity,
        price=money(line.price, currency),
        total=money(line.total, currency),
        variant=line.variant,
        image=line.image,
        url=line.url,
        stock=line.stock.state,
        stock_text=stock_text(line.stock),
    )


def cart_of(cart: Cart) -> wire.CartPanel:
    """Return a cart."""
    return wire.CartPanel(
        lines=tuple(cart_row_of(line, cart.currency) for line in cart.lines),
        pieces=cart.pieces,
        goods=money(cart.goods, cart.currency),
        discount=money(cart.discount, cart.currency) if cart.discount else "",
        total=money(cart.total, cart.currency),
        coupon=cart.coupon,
        note=str(cart.note),
    )


def order_of(order: Order) -> wire.OrderRow:
    """Return an order with what its own buyer may see."""
    goods = [f"{line.quantity} × {line.name} {line.variant}" for line in order.lines]
    return wire.OrderRow(
        reference=order.reference,
        number=order.number,
        placed_at=to_ms(order.placed_at),
        progress=order.progress,
        status_name=str(order.status_name),
        payment=order.payment,
        payment_name=str(order.payment_name),
        total=money(order.total, order.currency),
        delivery_name=str(order.delivery_name),
        tracking=order.tracking,
        goods=", ".join(line.strip() for line in goods),
        url=order.url,
        pay_url=order.pay_url,
    )


def staff_order_of(order: Order, *, user: Any) -> wire.OrderRow:
    """Return an order with what this member of staff may see, no page of the buyer."""
    row = msgspec.structs.replace(
        order_of(order), url="", pay_url="", admin_url=order.admin_url
    )
    return veil(row, "order", user=user)


def customer_of(customer: Customer, *, user: Any) -> wire.CustomerPanel:
    """Return a customer with what this member of staff may see."""
    panel = wire.CustomerPanel(
        name=customer.name,
        email=customer.email,
        phone=customer.phone,
        group_name=str(customer.group_name or customer.group),
        since=to_ms(customer.since) if customer.since else 0,
        orders=customer.orders,
        spent=money(customer.spent, customer.currency),
        debt=money(customer.debt, customer.currency) if customer.debt else "",
        admin_url=customer.admin_url,
        facts=facts_of(customer.facts, user=user),
    )
    return veil(panel, "customer", user=user)


def delivery_of(delivery: Delivery) -> wire.DeliveryRow:
    """Return a way of delivery."""
    return wire.DeliveryRow(
        code=delivery.code,
        name=str(delivery.name),
        price=money(delivery.price, delivery.currency),
        text=str(delivery.text),
    )


def quote_of(quote: Quote) -> wire.QuoteAnswer:
    """Return what a proposed order costs."""
    currency = quote.currency
    return wire.QuoteAnswer(
        lines=tuple(cart_row_of(line, currency) for line in quote.lines),
        goods=money(quote.goods, currency),
        discount=money(quote.discount, currency) if quote.discount else "",
        delivery=money(quote.delivery, currency),
        delivery_name=str(quote.delivery_name),
        total=money(quote.total, currency),
        amount=f"{quote.total:f}",
        currency=currency,
        note=str(quote.note),
        problems=tuple(map(str, quote.problems)),
    )


def field_of(asked: OrderField) -> wire.Field:
    """Return something that the shop must know."""
    return wire.Field(
        name=asked.name,
        label=str(asked.label),
        value=asked.value,
        required=asked.required,
        choices=tuple((value, str(label)) for value, label in asked.choices),
    )


def answers_of(answers: Mapping[str, str]) -> dict[str, str]:
    """Return words for canned replies, of a length that a message may have."""
    return {str(name): str(text)[:2000] for name, text in answers.items()}
