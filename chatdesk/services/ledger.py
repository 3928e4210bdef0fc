"""The ledger: the only writer of its lines, and the closing of its months.

A line belongs to the month of its moment, or to the first open month after it. Whoever
closes a month locks its row; a line takes a weaker lock on it by its foreign key, so
that the one waits for the other, and looks again whether the month is still open.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from chatdesk import clock
from chatdesk.actors import SystemActor
from chatdesk.doorbell.listeners import Whisper
from chatdesk.doorbell.whisper import whisper
from chatdesk.errors import Invalid
from chatdesk.models import LedgerLine, LedgerMonth
from chatdesk.services.ledger_hooks import promise_note
from chatdesk.services.locks import lock_month
from chatdesk.wire.objects import to_ms

NEWS = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum to be written; ``key`` names its cause, and ``facts`` go with it."""

    key: str
    kind: str
    operator_id: int
    amount: Decimal
    currency: str
    facts: dict[str, Any] = field(default_factory=dict)


def write_line(sum_: Sum, *, at: datetime) -> LedgerLine:
    """Add a line to the ledger; a known key returns the line that is there."""
    known = LedgerLine.objects.filter(key=sum_.key).first()
    if known is not None:
        return known
    first_day = month_of(at)
    while True:
        month = open_month_from(first_day)
        line = _try_month(sum_, month, at=at)
        if line is not None:
            return line
        first_day = next_month(month.first_day)


def write_lines(sums: Sequence[tuple[Sum, datetime]]) -> list[LedgerLine]:
    """Add lines of many moments at once, whose keys nobody has written before.

    Where a month closes meanwhile they are written one by one.
    """
    if not sums:
        return []
    first_days = {month_of(at) for _sum, at in sums}
    months = {each: open_month_from(each) for each in sorted(first_days)}
    lines = [_line_of(sum_, months[month_of(at)], at=at) for sum_, at in sums]
    with transaction.atomic():
        LedgerLine.objects.bulk_create(lines)
        if _are_open(months.values()):
            for line in lines:
                _tell_of(line)
            return lines
        transaction.set_rollback(True)
    return [write_line(sum_, at=at) for sum_, at in sums]


def month_of(at: datetime) -> date:
    """Return the first day of the month of a moment, on the shop's calendar."""
    day = timezone.localtime(at, timezone.get_default_timezone()).date()
    return day.replace(day=1)


def next_month(first_day: date) -> date:
    """Return the first day of the month after."""
    if first_day.month == 12:
        return date(first_day.year + 1, 1, 1)
    return date(first_day.year, first_day.month + 1, 1)


def open_month_from(first_day: date) -> LedgerMonth:
    """Return this month, or the first one after it that is not closed."""
    closed = set(
        LedgerMonth.objects.filter(
            first_day__gte=first_day, closed_at__isnull=False
        ).values_list("first_day", flat=True)
    )
    while first_day in closed:
        first_day = next_month(first_day)
    return LedgerMonth.objects.get_or_create(first_day=first_day)[0]


def close_month(*, first_day: date, user_id: int, at: datetime) -> LedgerMonth:
    """Close a month that is over: it takes no line any more.

    Raises ``Invalid`` in words for a month that is not over or is closed already.
    """
    if next_month(first_day) > month_of(at):
        raise Invalid(detail="month not over")
    with transaction.atomic():
        LedgerMonth.objects.get_or_create(first_day=first_day)
        month = lock_month(first_day)
        if month.closed_at is not None:
            raise Invalid(detail="month closed")
        month.closed_at = at
        month.closed_by_id = user_id
        month.save(update_fields=["closed_at", "closed_by"])
    return month


def _try_month(sum_: Sum, month: LedgerMonth, *, at: datetime) -> LedgerLine | None:
    line = _line_of(sum_, month, at=at)
    with transaction.atomic():
        line.save()
        # Closed between our look and our line: the line goes to a later month.
        if _are_open([month]):
            _tell_of(line)
            return line
        transaction.set_rollback(True)
    return None


def _line_of(sum_: Sum, month: LedgerMonth, *, at: datetime) -> LedgerLine:
    return LedgerLine(
        key=sum_.key,
        kind=sum_.kind,
        operator_id=sum_.operator_id,
        amount=sum_.amount,
        currency=sum_.currency,
        month=month,
        at=at,
        **sum_.facts,
    )


def _are_open(months: Iterable[LedgerMonth]) -> bool:
    closed = LedgerMonth.objects.exclude(closed_at=None)
    return not closed.filter(pk__in=[month.pk for month in months]).exists()


def _tell_of(line: LedgerLine) -> None:
    _tell_operator(line)
    promise_note(line, at=clock.now())


def _tell_operator(line: LedgerLine) -> None:
    """Let his open workspaces ask for the new sum; what is long past is no news."""
    if line.at < clock.now() - NEWS:
        return
    sign = Whisper(
        public_id="",
        author=str(SystemActor.author_kind),
        kind="earned",
        at=to_ms(line.at),
        by=str(line.operator_id),
    )
    transaction.on_commit(partial(whisper, sign), robust=True)
