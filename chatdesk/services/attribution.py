"""Attribution: which operators an order is credited to, and why.

Only what was said before the order counts: an operator takes part with his first and
last answer in each dialog of the person, and the last one must lie within the window.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Max, Min, Q

from chatdesk.conf import get_settings
from chatdesk.models import (
    AuthorKind,
    Conversation,
    Entry,
    Offer,
    SaleCredit,
    SoldOrder,
    Visitor,
)
from chatdesk.services.sums import NOTHING, divide_evenly

Reason = SaleCredit.Reason
Rule = SaleCredit.Rule


@dataclass(frozen=True, slots=True)
class Part:
    """What one operator did in one dialog before the order."""

    conversation_id: int
    operator_id: int
    first_at: datetime
    last_at: datetime
    answers: int


@dataclass(frozen=True, slots=True)
class Choice:
    """A part that is credited, and why this one."""

    part: Part
    reason: str


def credit_order(order: SoldOrder, *, at: datetime) -> list[SaleCredit]:
    """Credit an order to whoever advised the person, once for ever.

    The caller holds the order's row, so two reports of one order credit it once. An
    order without a dialog in the window gets no credit, and that too is final.
    """
    if order.credited_at is not None:
        return list(order.credits.order_by("pk"))
    parts = list_parts(order)
    rule = get_settings().sale_rule
    choices = _who_made(order) or choose_parts(parts, rule=rule, before=order.placed_at)
    dialogs = len({part.conversation_id for part in parts})
    departments = dict(
        Conversation.objects.filter(
            pk__in=[choice.part.conversation_id for choice in choices]
        ).values_list("pk", "department_id")
    )
    made = [
        SaleCredit(
            order=order,
            conversation_id=choice.part.conversation_id,
            operator_id=choice.part.operator_id,
            department_id=departments[choice.part.conversation_id],
            parts={ref: str(amount) for ref, amount in shares.items()},
            amount=sum(shares.values(), NOTHING),
            rule=rule,
            reason=choice.reason,
            answered_at=choice.part.last_at,
            dialogs=dialogs,
            sharers=len(choices),
            credited_at=at,
        )
        for choice, shares in zip(
            choices, share_lines(order, len(choices)), strict=True
        )
    ]
    SaleCredit.objects.bulk_create(made)
    order.credited_at = at
    order.save(update_fields=["credited_at"])
    return made


def list_parts(order: SoldOrder) -> list[Part]:
    """Return who answered this person in the window, the latest answer first."""
    rows = (
        Entry.objects.filter(
            conversation__in=_dialogs_of(order),
            author_kind=AuthorKind.OPERATOR,
            kind=Entry.Kind.MESSAGE,
            staff_only=False,
            at__lte=order.placed_at,
        )
        .values_list("conversation_id", "author_id")
        .annotate(first_at=Min("at"), last_at=Max("at"), answers=Count("pk"))
    )
    since = order.placed_at - get_settings().sale_window
    parts = [Part(*row) for row in rows]
    return sorted(
        (part for part in parts if part.last_at >= since),
        key=lambda part: (part.last_at, part.conversation_id, part.operator_id),
        reverse=True,
    )


def choose_parts(parts: Sequence[Part], *, rule: str, before: datetime) -> list[Choice]:
    """Choose by the shop's rule; nothing of nothing."""
    if not parts:
        return []
    match rule:
        case Rule.FIRST:
            first = min(parts, key=lambda part: (part.first_at, part.conversation_id))
            return [Choice(first, Reason.SPOKE_FIRST)]
        case Rule.SHARED:
            return _choose_all(parts)
        case Rule.LONGEST:
            return [_choose_longest(parts)]
        case _:
            return [_choose_last(parts, before)]


def share_lines(order: SoldOrder, number: int) -> list[dict[str, Decimal]]:
    """Divide every line of an order among so many operators, exactly."""
    shares: list[dict[str, Decimal]] = [{} for _number in range(number)]
    if not number:
        return shares
    for place, line in enumerate(order.lines):
        divided = divide_evenly(
            Decimal(line["amount"]), number, first=place, currency=order.currency
        )
        for share, amount in zip(shares, divided, strict=True):
            share[line["ref"]] = amount
    return shares


def _dialogs_of(order: SoldOrder) -> list[int]:
    # The browser's visitor counts unless he is tied to another customer's login.
    person = Q(pk=order.visitor_id, user=None)
    if order.user_id is not None:
        person |= Q(user_id=order.user_id)
    visitors = Visitor.objects.filter(person).values("pk")
    dialogs = Conversation.objects.filter(
        visitor__in=visitors,
        first_answered_at__lte=order.placed_at,
    )
    return list(dialogs.values_list("pk", flat=True))


def _who_made(order: SoldOrder) -> list[Choice]:
    """Return the operator who made the order in the dialog, whatever the rule is."""
    if not is_uuid(order.draft):
        return []
    offers = Offer.objects.filter(public_id=order.draft)
    return [
        Choice(
            Part(
                conversation_id=offer.conversation_id,
                operator_id=offer.operator_id,
                first_at=offer.proposed_at,
                last_at=offer.proposed_at,
                answers=0,
            ),
            Reason.MADE_ORDER,
        )
        for offer in offers
    ]


def is_uuid(text: str) -> bool:
    """Return whether a text is the name of something of ours."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _choose_last(parts: Sequence[Part], before: datetime) -> Choice:
    last = parts[0]
    closing = _who_sold(last, parts, before)
    if closing is not None:
        return Choice(closing, Reason.CLOSED_AS_SALE)
    return Choice(last, Reason.SPOKE_LAST)


def _who_sold(last: Part, parts: Sequence[Part], before: datetime) -> Part | None:
    """Return who closed the last dialog as a sale, if he answered in it."""
    closed = (
        Entry.objects.filter(
            conversation_id=last.conversation_id,
            kind=Entry.Kind.CLOSED,
            author_kind=AuthorKind.OPERATOR,
            data__outcome=Conversation.Outcome.SALE,
            at__lte=before,
        )
        .order_by("-seq")
        .values_list("author_id", flat=True)
        .first()
    )
    return next(
        (
            part
            for part in parts
            if part.conversation_id == last.conversation_id
            and part.operator_id == closed
        ),
        None,
    )


def _choose_all(parts: Sequence[Part]) -> list[Choice]:
    latest: dict[int, Part] = {}
    for part in parts:
        latest.setdefault(part.operator_id, part)
    return [Choice(part, Reason.SPOKE) for part in latest.values()]


def _choose_longest(parts: Sequence[Part]) -> Choice:
    spans: dict[int, timedelta] = {}
    for part in parts:
        same = [each for each in parts if each.conversation_id == part.conversation_id]
        begun = min(each.first_at for each in same)
        spans[part.conversation_id] = max(each.last_at for each in same) - begun
    longest = max(spans.values())
    there = [part for part in parts if spans[part.conversation_id] == longest]
    there = [part for part in there if part.conversation_id == there[0].conversation_id]
    most = max(part.answers for part in there)
    best = next(part for part in there if part.answers == most)
    return Choice(best, Reason.SPOKE_MOST)
