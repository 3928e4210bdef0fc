"""The rota: who is to be at the desk, and when."""

from datetime import datetime

from django.db import transaction

from chatdesk.errors import Invalid, NotFound
from chatdesk.models import Operator, Shift


def plan_shift(
    *,
    operator_id: int,
    begins_at: datetime,
    ends_at: datetime,
    is_responsible: bool = False,
) -> int:
    """Plan a shift and return its id.

    Raises ``NotFound`` for an operator who does not exist and ``Invalid`` for a shift
    that ends before it begins or overlaps with another one of his.
    """
    if ends_at <= begins_at:
        raise Invalid
    if not Operator.objects.filter(pk=operator_id).exists():
        raise NotFound
    if overlapping(operator_id, begins_at, ends_at):
        raise Invalid
    shift = Shift.objects.create(
        operator_id=operator_id,
        begins_at=begins_at,
        ends_at=ends_at,
        is_responsible=is_responsible,
    )
    return shift.pk


def swap_shift(*, shift_id: int, operator_id: int) -> None:
    """Give a planned shift to another operator, who then answers for it as it was.

    Raises ``NotFound`` for what does not exist and ``Invalid`` when he works then.
    """
    with transaction.atomic():
        shift = Shift.objects.filter(pk=shift_id).first()
        if shift is None or not Operator.objects.filter(pk=operator_id).exists():
            raise NotFound
        if overlapping(operator_id, shift.begins_at, shift.ends_at):
            raise Invalid
        shift.operator_id = operator_id
        shift.save(update_fields=["operator"])


def exchange_shifts(*, first_id: int, second_id: int) -> None:
    """Let two operators work each other's shift; who answers for which stays.

    Raises ``NotFound`` for a shift that does not exist and ``Invalid`` when both are
    one operator's, or one of them works already in the other's time.
    """
    with transaction.atomic():
        rows = Shift.objects.filter(pk__in=(first_id, second_id)).order_by("pk")
        shifts = list(rows)
        if len(shifts) != 2:
            raise NotFound
        first, second = shifts
        for mine, other in ((first, second), (second, first)):
            if mine.operator_id == other.operator_id or overlapping(
                mine.operator_id, other.begins_at, other.ends_at, but=mine.pk
            ):
                raise Invalid
        first.operator_id, second.operator_id = second.operator_id, first.operator_id
        for shift in shifts:
            shift.save(update_fields=["operator"])


def overlapping(
    operator_id: int, begins_at: datetime, ends_at: datetime, *, but: int | None = None
) -> bool:
    """Return whether the operator has another shift in this time."""
    rows = Shift.objects.filter(
        operator_id=operator_id, begins_at__lt=ends_at, ends_at__gt=begins_at
    )
    return any(pk != but for pk in rows.values_list("pk", flat=True))
