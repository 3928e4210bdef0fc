"""What is due of the dialogs in progress: asked each second, mostly of nothing."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Q

from chatdesk.models import Conversation


class Due(NamedTuple):
    """How many dialogs each kind of work is for."""

    to_route: int
    offered_too_long: int
    on_the_ladder: int
    in_line: int


def count_due(*, at: datetime) -> Due:
    """Return what is due, with one query that reads nothing but unfinished dialogs."""
    waiting = Q(status=Conversation.Status.WAITING, waiting_since__isnull=False)
    counts = Conversation.objects.in_progress().aggregate(
        to_route=Count("pk", filter=Q(route_at__lte=at)),
        offered_too_long=Count("pk", filter=Q(offered_until__lte=at)),
        on_the_ladder=Count("pk", filter=Q(alert_at__lte=at)),
        in_line=Count("pk", filter=waiting),
    )
    return Due(**counts)
