"""Orders, and the drafts of orders that are made in a dialog."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from chatdesk.shop.goods import ZERO, CartLine


class Payment(StrEnum):
    """Where the money of an order stands."""

    UNPAID = "unpaid"
    PAID = "paid"
    PARTLY_REFUNDED = "partly_refunded"
    REFUNDED = "refunded"


class Progress(StrEnum):
    """Where an order stands; the shop's own word for it is ``status_name``."""

    NEW = "new"
    SENT = "sent"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    RETURNED = "returned"


class OrderEvent(StrEnum):
    """What happened to an order that its buyer is told in the dialog."""

    PAID = "paid"
    SENT = "sent"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    RETURNED = "returned"
    REFUNDED = "refunded"


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A product of an order as it was sold.

    ``amount`` is what the whole line cost after all discounts, order discounts shared
    out included, so that the lines of an order add up to ``goods - discount``.
    ``cost`` is what the line cost the shop, where it is known.
    """

    ref: str
    product: str
    name: str
    quantity: int
    amount: Decimal
    group: str = ""
    sku: str = ""
    variant: str = ""
    cost: Decimal | None = None


@dataclass(frozen=True, slots=True)
class RefundLine:
    """What one line of an order gave back."""

    line: str
    quantity: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Refund:
    """Money given back; ``ref`` is unique in its order and never used again.

    ``delivery`` says how much of ``amount`` is for the delivery. What is for neither
    the delivery nor ``lines`` is taken for goods when there are no lines.
    """

    ref: str
    at: datetime
    amount: Decimal
    lines: tuple[RefundLine, ...] = ()
    reason: str = ""
    delivery: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Order:
    """A purchase as the shop holds it.

    ``reference`` is what the shop finds it by and never changes; ``number`` is what
    people call it. ``total = goods - discount + delivery``. The person is named by
    whatever the shop knows: ``user_id``, ``email``, ``shopper_key`` (``Shopper.key``).
    ``draft`` is ``OrderDraft.key`` of an order that was made in a dialog.
    """

    reference: str
    number: str
    placed_at: datetime
    currency: str
    goods: Decimal
    total: Decimal
    discount: Decimal = ZERO
    delivery: Decimal = ZERO
    lines: tuple[OrderLine, ...] = ()
    progress: Progress = Progress.NEW
    status_name: str = ""
    payment: Payment = Payment.UNPAID
    payment_name: str = ""
    paid_at: datetime | None = None
    cancelled_at: datetime | None = None
    refunds: tuple[Refund, ...] = ()
    customer: str = ""
    user_id: Any = None
    shopper_key: str = ""
    email: str = ""
    draft: str = ""
    delivery_name: str = ""
    tracking: str = ""
    url: str = ""
    """Page for the buyer; only for the buyer when it needs no login."""
    pay_url: str = ""
    admin_url: str = ""

    @property
    def refunded(self) -> Decimal:
        """What was given back altogether."""
        return sum((refund.amount for refund in self.refunds), ZERO)

    @property
    def is_paid(self) -> bool:
        """Whether the shop has, or had, the money."""
        return self.payment != Payment.UNPAID

    @property
    def is_cancelled(self) -> bool:
        """Whether nothing of it will be, or stayed, sold."""
        return self.progress in (Progress.CANCELLED, Progress.RETURNED)


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A product that an order made in a dialog is to have."""

    product: str
    quantity: int


@dataclass(frozen=True, slots=True)
class OrderDraft:
    """An order as an operator proposes it and a visitor confirms it.

    ``key`` is unique for ever: a shop that is given the same draft again returns the
    order that it made the first time. ``details`` holds what the shop asked for in
    ``order_fields``: name, address and the like, by the names it gave them.
    """

    key: str
    lines: tuple[DraftLine, ...]
    delivery: str = ""
    coupon: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    operator: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """What a draft costs, by the shop's own calculation, and what stands in its way.

    ``problems`` are sentences for people: sold out, unknown, not deliverable there. An
    order can be made when there are none.
    """

    currency: str
    lines: tuple[CartLine, ...] = ()
    goods: Decimal = ZERO
    discount: Decimal = ZERO
    delivery: Decimal = ZERO
    total: Decimal = ZERO
    delivery_name: str = ""
    note: str = ""
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderField:
    """Something the shop must know before it takes an order: an address line."""

    name: str
    label: str
    value: str = ""
    required: bool = True
    choices: tuple[tuple[str, str], ...] = ()
