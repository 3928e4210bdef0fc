"""Imports of orders: what was sold before, noted and settled in few statements."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from chatdesk.models import Conversation, SoldOrder, Visitor
from chatdesk.services.attribution import credit_order
from chatdesk.services.commission import PaidOrder, settle_new
from chatdesk.services.sales import (
    check_report,
    moment_of,
    new_row,
    take_report,
)
from chatdesk.shop.types import Order


@dataclass(frozen=True, slots=True)
class PastOrder:
    """An order as it is now; ``visitor`` is the key of the person who placed it."""

    order: Order
    visitor: UUID | None = None


def import_orders(orders: Sequence[PastOrder], *, at: datetime) -> int:
    """Note orders of the past, credit and settle them; return how many were new.

    The same as telling of each, with its own moments. One whose buyer never had an
    answer needs no query of its own. Raises ``Invalid`` for a report that cannot be,
    and then notes none.
    """
    for each in orders:
        check_report(each.order)
    with transaction.atomic():
        news = _not_known(orders)
        rows = _rows_of(news, at=at)
        SoldOrder.objects.bulk_create(rows)
        _settle(
            [
                (row, moment_of(each.order, at))
                for row, each in zip(rows, news, strict=True)
                if not row.is_settled
            ]
        )
    return len(news)


def _settle(rows: Sequence[tuple[SoldOrder, datetime]]) -> None:
    """Do what ``settle_order`` does, with the ledger's lines written together."""
    if not rows:
        return
    credited = [(row, credit_order(row, at=at), at) for row, at in rows]
    settle_new(
        [
            PaidOrder(row, credits_, row.paid_at, at)
            for row, credits_, at in credited
            if row.paid_at is not None and credits_
        ]
    )
    done = SoldOrder.objects.filter(pk__in=[row.pk for row, _at in rows])
    done.update(is_settled=True)


def _not_known(orders: Sequence[PastOrder]) -> list[PastOrder]:
    rows = SoldOrder.objects.filter(
        reference__in=[each.order.reference for each in orders]
    )
    known = set(rows.values_list("reference", flat=True))
    return [each for each in orders if each.order.reference not in known]


def _rows_of(news: Sequence[PastOrder], *, at: datetime) -> list[SoldOrder]:
    named = {each.visitor for each in news if each.visitor}
    visitors: dict[UUID | None, Visitor] = {
        row.public_id: row for row in Visitor.objects.filter(public_id__in=named)
    }
    rows = [_row_of(each, visitors.get(each.visitor), at=at) for each in news]
    advised = _advised(rows)
    for row, each in zip(rows, news, strict=True):
        if not _may_be_credited(row, advised):
            row.credited_at, row.is_settled = moment_of(each.order, at), True
    return rows


def _row_of(each: PastOrder, visitor: Visitor | None, *, at: datetime) -> SoldOrder:
    told = each.order
    if visitor is not None and visitor.user_id not in (None, told.user_id):
        visitor = None
    row = new_row(told, visitor=visitor)
    take_report(row, told, at=at)
    return row


def _advised(rows: Collection[SoldOrder]) -> set[tuple[str, int]]:
    """Return the visitors and customers among the buyers who had an answer."""
    answered = Conversation.objects.filter(first_answered_at__isnull=False)
    visitors = answered.filter(
        visitor__in={row.visitor_id for row in rows if row.visitor_id}
    ).values_list("visitor_id", flat=True)
    users = answered.filter(
        visitor__user__in={row.user_id for row in rows if row.user_id}
    ).values_list("visitor__user_id", flat=True)
    return {("visitor", pk) for pk in visitors} | {("user", pk) for pk in users}


def _may_be_credited(row: SoldOrder, advised: Collection[tuple[str, int]]) -> bool:
    who = ("visitor", row.visitor_id), ("user", row.user_id)
    return bool(row.draft) or any(each in advised for each in who)
