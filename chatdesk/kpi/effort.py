"""What dialogs take: the time for which operators lead them."""

from datetime import timedelta

from django.db.models import (
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce, Least

from chatdesk.kpi.period import Period
from chatdesk.models import Assignment


def time_led(period: Period) -> dict[int, timedelta]:
    """Return for how long each operator led the dialogs begun in the period.

    One query. Each dialog counts by itself, also beside others; one that goes on
    counts until the end of the period.
    """
    end = Value(period.end, output_field=DateTimeField())
    spent = ExpressionWrapper(
        Least(Coalesce(F("to_at"), end), end) - F("from_at"),
        output_field=DurationField(),
    )
    rows = Assignment.objects.filter(
        conversation__first_message_at__gte=period.start,
        conversation__first_message_at__lt=period.end,
        from_at__lt=period.end,
    )
    return dict(rows.values_list("operator_id").annotate(spent=Sum(spent)))
