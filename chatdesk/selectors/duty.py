"""An operator's duty: what he is to do in words, his shift, who answers for today's."""

from datetime import datetime

from django.db.models import Q

from chatdesk.models import Operator, Shift
from chatdesk.wire.objects import Duty, to_ms

MOST_SHIFTS = 50


def duty_of(*, operator_id: int, at: datetime) -> Duty:
    """Return what an operator owes the chat, with two queries.

    His shift is the one that runs or comes next. Who answers is named by the shifts
    that run now.
    """
    words = Operator.objects.filter(pk=operator_id).values_list("duties", flat=True)
    leads = Q(begins_at__lte=at, is_responsible=True, operator__is_active=True)
    rows = Shift.objects.filter(Q(operator=operator_id) | leads, ends_at__gt=at)
    shifts = rows.select_related("operator").order_by("begins_at", "operator__name")
    found = list(shifts[:MOST_SHIFTS])
    own = next((each for each in found if each.operator_id == operator_id), None)
    return Duty(
        text=words.first() or "",
        begins_at=None if own is None else to_ms(own.begins_at),
        ends_at=None if own is None else to_ms(own.ends_at),
        responsible=tuple(
            each.operator.name
            for each in found
            if each.is_responsible and each.begins_at <= at and each.operator.is_active
        ),
    )
