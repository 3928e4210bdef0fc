"""Every row lock, and the order in which they are taken.

Conversations in the order of their ids, then operators, then the rest: whoever keeps
to this can never wait in a circle.
"""

from collections.abc import Collection
from datetime import date

from django.db import connection
from django.db.models import F

from chatdesk.errors import NotFound
from chatdesk.models import (
    Conversation,
    LedgerMonth,
    Offer,
    Operator,
    SoldOrder,
    Visitor,
)
from chatdesk.services.log_sql import select_locked


def lock_conversations(
    ids: Collection[int], *, wait: bool = True
) -> dict[int, Conversation]:
    """Lock conversations until the transaction ends; return those that exist by id.

    Without ``wait`` those are missing too that somebody else holds.

    Where rows cannot be locked one by one (SQLite), the first statement is a write,
    because a transaction that begins with a read there can be refused its write lock.
    """
    if not connection.features.has_select_for_update:
        Conversation.objects.filter(pk__in=ids).update(head=F("head"))
    return {row.id: row for row in select_locked(ids, wait=wait)}


def lock_operator(operator_id: int) -> Operator:
    """Lock one operator, after his conversation, so that his load can be counted.

    Raises ``NotFound`` when there is no such operator.
    """
    rows = Operator.objects.filter(pk=operator_id)
    if connection.features.has_select_for_update:
        rows = rows.select_for_update()
    operator = rows.first()
    if operator is None:
        raise NotFound
    return operator


def lock_visitor(visitor_id: int) -> None:
    """Lock one visitor, last of all, so that he gets one unfinished conversation."""
    if connection.features.has_select_for_update:
        rows = Visitor.objects.filter(pk=visitor_id).order_by()
        rows.select_for_update(no_key=True).values_list("pk").first()


def lock_order(reference: str) -> SoldOrder:
    """Lock what is noted of an order of the shop, before anything written about it.

    A write is the lock wherever the database runs. Raises ``NotFound``.
    """
    rows = SoldOrder.objects.filter(reference=reference)
    if not rows.update(number=F("number")):
        raise NotFound(detail=reference)
    return rows.get()


def lock_month(first_day: date) -> LedgerMonth:
    """Lock a month of the ledger: who adds a line to it waits, or is waited for."""
    rows = LedgerMonth.objects.filter(first_day=first_day)
    if connection.features.has_select_for_update:
        rows = rows.select_for_update()
    else:
        rows.update(closed_at=F("closed_at"))
    return rows.get()


def lock_offer(offer_id: int) -> Offer:
    """Lock a proposed order, before its conversation: the one exception to the order.

    The shop's own code runs under this lock, and no message shall wait for that.
    """
    rows = Offer.objects.filter(pk=offer_id)
    if not connection.features.has_select_for_update:
        rows.update(state=F("state"))
        return rows.get()
    return rows.select_for_update(of=("self",)).get()
