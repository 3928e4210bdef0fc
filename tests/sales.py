"""People who talk before they buy, and orders as a shop tells of them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.contrib.auth import get_user_model

from chatdesk.models import (
    Conversation,
    Department,
    LedgerLine,
    Operator,
    SaleCredit,
    Visitor,
)
from chatdesk.selectors.visitors import actor_of
from chatdesk.services.conversations import (
    close_conversation,
    release_conversation,
    take_conversation,
)
from chatdesk.services.sales import note_order
from chatdesk.shop.types import (
    Order,
    OrderLine,
    Payment,
    Progress,
    Refund,
    RefundLine,
)
from tests.factories import (
    actor_of_operator,
    make_conversation,
    make_operator,
    make_visitor,
    say,
)

PLACED = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
NAMES = ("anna", "dmitry", "maria")
MINUTE = timedelta(minutes=1)


@dataclass
class Shop:
    """Three operators, customers by name, and one order that is told bit by bit."""

    operators: dict[str, Operator] = field(default_factory=dict)
    visitors: dict[str, Visitor] = field(default_factory=dict)
    users: dict[str, Any] = field(default_factory=dict)

    def operator(self, name: str) -> Operator:
        if name not in self.operators:
            self.operators[name] = make_operator(name=name, capacity=50)
        return self.operators[name]

    def user(self, name: str) -> Any:
        if name not in self.users:
            self.users[name] = get_user_model().objects.create_user(
                username=f"{name}-{uuid4().hex[:8]}"
            )
        return self.users[name]

    def visitor(self, name: str) -> Visitor:
        """Return a browser; ``olga@phone`` is one of the customer Olga's."""
        if name not in self.visitors:
            customer, at, _device = name.partition("@")
            user_id = self.user(customer).pk if at else None
            self.visitors[name] = make_visitor(user_id=user_id)
        return self.visitors[name]

    def talk(
        self,
        visitor: str,
        speakers: Sequence[str],
        *,
        ago: timedelta,
        sold_by: str = "",
        department: str = "",
    ) -> Conversation:
        """Let somebody write; the operators answer in turn, a minute apart.

        ``ago`` is how long before the order the last answer was. A speaker ``-`` is
        the visitor himself.
        """
        at = PLACED - ago - MINUTE * len(speakers)
        row = make_conversation(visitor=self.visitor(visitor), at=at)
        if department:
            team = Department.objects.get_or_create(name=department)[0]
            Conversation.objects.filter(pk=row.pk).update(department=team)
        holder = ""
        for speaker in speakers:
            at += MINUTE
            if speaker == "-":
                say(row, actor_of(row.visitor), "And the lid?", at=at)
                continue
            actor = actor_of_operator(self.operator(speaker))
            if holder != speaker:
                if holder:
                    given_by = actor_of_operator(self.operator(holder))
                    release_conversation(conversation_id=row.pk, actor=given_by, at=at)
                take_conversation(conversation_id=row.pk, actor=actor, at=at)
                holder = speaker
            say(row, actor, "It fits.", at=at)
        closer = self.operator(sold_by or holder or NAMES[0])
        close_conversation(
            conversation_id=row.pk,
            actor=actor_of_operator(closer, is_manager=True),
            outcome="sale" if sold_by else "answered",
            at=at,
        )
        return row


def line(
    ref: str, amount: str, *, group: str = "", cost: str | None = None
) -> OrderLine:
    """Return one line of an order."""
    return OrderLine(
        ref=ref,
        product=ref,
        name=ref,
        quantity=1,
        amount=Decimal(amount),
        group=group,
        cost=None if cost is None else Decimal(cost),
    )


def order_of(
    *lines: OrderLine,
    reference: str = "NB-1",
    user_id: Any = None,
    currency: str = "EUR",
) -> Order:
    """Return an order that was just placed; the parcel costs 4.90."""
    goods = sum((each.amount for each in lines), Decimal("0.00"))
    return Order(
        reference=reference,
        number=reference,
        placed_at=PLACED,
        currency=currency,
        goods=goods,
        delivery=Decimal("4.90"),
        total=goods + Decimal("4.90"),
        lines=lines,
        user_id=user_id,
    )


def paid(order: Order, *, days: float = 0) -> Order:
    """Return the order as it is after the payment."""
    at = order.placed_at + timedelta(days=days)
    return replace(order, payment=Payment.PAID, paid_at=at)


def cancelled(order: Order, *, days: float = 1) -> Order:
    """Return the order as it is after it was cancelled."""
    at = order.placed_at + timedelta(days=days)
    return replace(order, progress=Progress.CANCELLED, cancelled_at=at)


def refunded(order: Order, ref: str, *, days: float = 2, **amounts: str) -> Order:
    """Return the order with one more refund, by line; ``all_`` is for no line."""
    unnamed = Decimal(amounts.pop("all_", "0"))
    lines = tuple(
        RefundLine(line=each, quantity=1, amount=Decimal(amount))
        for each, amount in amounts.items()
    )
    amount = sum((each.amount for each in lines), unnamed)
    at = order.placed_at + timedelta(days=days)
    refund = Refund(ref=ref, at=at, amount=amount, lines=lines)
    return replace(
        order, refunds=(*order.refunds, refund), payment=Payment.PARTLY_REFUNDED
    )


def tell(order: Order, *, visitor: Visitor | None = None) -> None:
    """Tell of the order as the shop would, a minute after what happened last."""
    public_id = None if visitor is None else visitor.public_id
    note_order(order, visitor=public_id, at=PLACED + timedelta(days=20))


def credits_of(reference: str = "NB-1") -> dict[str, str]:
    """Return who has how much of an order."""
    rows = SaleCredit.objects.filter(order__reference=reference)
    return {row.operator.name: str(row.amount) for row in rows}


def ledger_of(currency: str = "EUR") -> dict[str, str]:
    """Return what the ledger says each operator has."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in LedgerLine.objects.filter(currency=currency).select_related("operator"):
        sums[row.operator.name] += row.amount
    return {name: f"{amount:.2f}" for name, amount in sums.items()}
