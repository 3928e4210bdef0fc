"""Sales: what the shop tells of its orders is noted, credited and put into the ledger.

Two steps. The report is noted first; crediting it and writing the ledger come after,
in a savepoint of their own inside the shop's transaction. If they fail, the note stays
marked, the shop's own work goes on, and the sweep tries again.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from chatdesk.errors import Invalid, NotFound
from chatdesk.models import SaleCredit, SoldOrder, Visitor
from chatdesk.services.attribution import credit_order
from chatdesk.services.commission import settle_commission
from chatdesk.services.locks import lock_order
from chatdesk.services.order_news import OrderNews, tell_of_order
from chatdesk.shop.adapter import get_adapter
from chatdesk.shop.types import Order, OrderEvent, Payment, Refund

logger = logging.getLogger(__name__)

LONGEST = 120
LATE = timedelta(seconds=30)
AT_ONCE = 100


def note_order(told: Order, *, visitor: UUID | None, at: datetime) -> SoldOrder:
    """Note what the shop says of an order, credit it and settle the commission.

    May be called inside the shop's transaction, any number of times and in any order
    of events. Raises ``Invalid`` for a report that cannot be: then nothing is noted.
    """
    check_report(told)
    with transaction.atomic():
        order = _note(told, visitor, at=at)
        try:
            with transaction.atomic():
                settle_order(order, at=moment_of(told, at))
        except Exception:
            # The shop's checkout must go on; the sweep comes back to this order.
            logger.exception("Order %s is noted and not settled yet", told.reference)
    return order


def tell_dialogs(told: Order, event: OrderEvent, *, at: datetime) -> int:
    """Write what happened to an order as a quiet line into the dialogs it came of."""
    dialogs = SaleCredit.objects.filter(
        order__reference=told.reference, conversation__isnull=False
    )
    newest = told.refunds[-1] if event is OrderEvent.REFUNDED and told.refunds else None
    news = OrderNews(
        reference=told.reference,
        event=event,
        number=told.number,
        occasion=newest.ref if newest else "",
        amount=newest.amount if newest else None,
        currency=told.currency,
        tracking=told.tracking if event is OrderEvent.SENT else "",
    )
    ids = set(dialogs.values_list("conversation_id", flat=True))
    return tell_of_order(news, at=at, conversation_ids=ids)


def settle_order(order: SoldOrder, *, at: datetime) -> None:
    """Credit an order and bring the ledger in step; again changes nothing."""
    credit_order(order, at=at)
    settle_commission(order, at=at)
    SoldOrder.objects.filter(pk=order.pk).update(is_settled=True)


def settle_overdue(*, at: datetime) -> int:
    """Try again the orders that were noted and not settled; return how many were."""
    waiting = SoldOrder.objects.filter(is_settled=False, changed_at__lte=at - LATE)
    references = list(
        waiting.order_by("changed_at").values_list("reference", flat=True)[:AT_ONCE]
    )
    return sum(_settle_again(reference, at=at) for reference in references)


def settle_all(*, at: datetime) -> int:
    """Settle every order once more; where all is in order nothing changes."""
    references = SoldOrder.objects.order_by("pk").values_list("reference", flat=True)
    return sum(_settle_again(reference, at=at) for reference in list(references))


def note_order_by_reference(reference: str, *, at: datetime) -> SoldOrder:
    """Ask the shop for an order and note it; raises ``NotFound`` for an unknown one."""
    told = get_adapter().get_order(reference)
    if told is None or told.reference != reference:
        raise NotFound(detail=reference)
    return note_order(told, visitor=None, at=at)


def check_report(told: Order) -> None:
    """Refuse what no order can be: raises ``Invalid`` and says what."""
    if not told.reference or len(told.reference) > LONGEST:
        raise Invalid(detail="an order has a reference of at most 120 characters")
    if len(told.currency) != 3:
        raise Invalid(detail="a currency has three letters")
    lines = {line.ref for line in told.lines}
    if len(lines) != len(told.lines):
        raise Invalid(detail="two lines of an order have one reference")
    if any(line.amount < 0 for line in told.lines):
        raise Invalid(detail="a line of an order costs nothing or more")
    _check_refunds(told, lines)


def _check_refunds(told: Order, lines: set[str]) -> None:
    for refund in told.refunds:
        if refund.amount < 0 or any(each.line not in lines for each in refund.lines):
            raise Invalid(detail="a refund gives back lines of its own order")
    if told.lines and _given_back(told.refunds) > told.total:
        raise Invalid(detail="more was given back than the order cost")


def _note(told: Order, visitor: UUID | None, *, at: datetime) -> SoldOrder:
    row = new_row(told, visitor=_visitor_of(told, visitor))
    row.changed_at = at
    SoldOrder.objects.bulk_create([row], ignore_conflicts=True)
    order = lock_order(told.reference)
    take_report(order, told, at=at)
    order.save()
    return order


def new_row(told: Order, *, visitor: Visitor | None) -> SoldOrder:
    """Return a row for an order that was not told of before."""
    return SoldOrder(
        reference=told.reference,
        number=told.number[:LONGEST],
        user_id=told.user_id,
        visitor=visitor,
        draft=told.draft[:LONGEST],
        currency=told.currency,
        goods=told.goods - told.discount,
        lines=_lines_of(told),
        placed_at=told.placed_at,
    )


def take_report(order: SoldOrder, told: Order, *, at: datetime) -> None:
    """Take into the row what the shop tells of its order now."""
    if order.paid_at is None:
        # Until it is paid, the shop may still change what is in it.
        order.paid_at = told.paid_at or (at if told.is_paid else None)
        order.goods = told.goods - told.discount
        if order.credited_at is None:
            order.lines = _lines_of(told)
    order.refunds = {**_refunds_of(told), **order.refunds}
    order.is_void |= told.is_cancelled or told.payment == Payment.REFUNDED
    order.changed_at = at
    order.is_settled = False


def _settle_again(reference: str, *, at: datetime) -> bool:
    try:
        with transaction.atomic():
            settle_order(lock_order(reference), at=at)
    except Exception:
        logger.exception("Order %s cannot be settled", reference)
        return False
    return True


def _visitor_of(told: Order, public_id: UUID | None) -> Visitor | None:
    if public_id is not None:
        visitor = Visitor.objects.filter(public_id=public_id).first()
    elif told.shopper_key:
        guests = Visitor.objects.filter(shop_key=told.shopper_key)
        visitor = guests.order_by("-latest_seen_at").first()
    else:
        return None
    if visitor is None or visitor.user_id not in (None, told.user_id):
        return None
    return visitor


def _lines_of(told: Order) -> list[dict[str, str | None]]:
    return [
        {
            "ref": line.ref,
            "group": line.group,
            "amount": str(line.amount),
            "cost": None if line.cost is None else str(line.cost),
        }
        for line in told.lines
    ]


def _refunds_of(told: Order) -> dict[str, dict[str, str]]:
    return {refund.ref: _parts_of(refund) for refund in told.refunds}


def _parts_of(refund: Refund) -> dict[str, str]:
    # Without lines all but the delivery is goods; with lines the rest is delivery.
    if not refund.lines:
        return {"": str(max(refund.amount - refund.delivery, Decimal(0)))}
    parts: dict[str, Decimal] = {}
    for each in refund.lines:
        parts[each.line] = parts.get(each.line, Decimal(0)) + each.amount
    return {ref: str(amount) for ref, amount in parts.items()}


def _given_back(refunds: Iterable[Refund]) -> Decimal:
    return sum((refund.amount for refund in refunds), Decimal(0))


def moment_of(told: Order, at: datetime) -> datetime:
    """Return when what is told happened: of the past too, for orders of the past."""
    moments = [refund.at for refund in told.refunds]
    moments += [each for each in (told.cancelled_at, told.paid_at) if each is not None]
    return min(max(moments, default=at), at)
