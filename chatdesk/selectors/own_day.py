"""The operator's own figures of today, for the bar above his dialogs."""

from datetime import datetime
from statistics import median

from django.db.models import Count, Q
from django.utils import timezone

from chatdesk.models import Conversation, Rating
from chatdesk.selectors.regulation import rules_in_force
from chatdesk.wire.objects import OwnDay


def own_day(*, operator_id: int, at: datetime) -> OwnDay:
    """Return today's dialogs, speed and thumbs of one operator, with two queries."""
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    replies = Conversation.objects.filter(
        first_answered_by_id=operator_id, first_answered_at__gte=midnight
    ).values_list("begun_online", "first_message_at", "first_answered_at")
    # Who wrote while nobody was there was not kept waiting by anyone.
    seconds = [
        (answered - asked).total_seconds()
        for begun_online, asked, answered in replies
        if begun_online and asked and answered
    ]
    thumbs = Rating.objects.filter(
        operator_id=operator_id, rated_at__gte=midnight
    ).aggregate(
        likes=Count("pk", filter=Q(thumb=Rating.Thumb.UP)),
        dislikes=Count("pk", filter=Q(thumb=Rating.Thumb.DOWN)),
    )
    goal_s = rules_in_force().goal_s
    quick = sum(each <= goal_s for each in seconds)
    return OwnDay(
        dialogs=len(replies),
        first_reply_s=round(median(seconds), 1) if seconds else None,
        within_goal=quick / len(seconds) if seconds else None,
        likes=thumbs["likes"],
        dislikes=thumbs["dislikes"],
    )
