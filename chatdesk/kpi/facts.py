"""The rows that figures stand on, and how they are counted in the database.

A condition is a ``Q`` with a name: the same one counts a figure, picks the rows behind
it in the list of dialogs and is explained in ``definitions.py``. The columns are facts
written when they happened; no entry of a log is read here.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import (
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
)
from django.db.models.functions import ExtractHour, TruncDate

from chatdesk.kpi.period import Period, site_zone
from chatdesk.models import Conversation, Operator, PresencePeriod, Rating
from chatdesk.models.conversation import ConversationQuerySet
from chatdesk.selectors.regulation import rules_in_force

PATIENCE = timedelta(minutes=10)
"""A question without an answer for so long is missed, even if one comes later."""

AGAIN_WITHIN = timedelta(days=7)
"""Who begins another dialog within so long was perhaps not answered for good."""


def begun(period: Period) -> ConversationQuerySet:
    """Return the dialogs whose first question falls into the period."""
    return Conversation.objects.begun().filter(
        first_message_at__gte=period.start, first_message_at__lt=period.end
    )


def is_online() -> Q:
    """Begun while somebody was online: only these are timed."""
    return Q(begun_online=True)


def is_answered() -> Q:
    """Timed, and a person answered before patience ended."""
    return is_online() & Q(first_answered_at__lte=_asked_plus(PATIENCE))


def is_within_goal() -> Q:
    """Answered within the goal."""
    return is_answered() & Q(first_answered_at__lte=_asked_plus(rules_in_force().goal))


def is_slow() -> Q:
    """Answered after the goal and within the limit."""
    within_limit = Q(first_answered_at__lte=_asked_plus(rules_in_force().limit))
    return is_answered() & ~is_within_goal() & within_limit


def is_late() -> Q:
    """Answered after the limit."""
    return is_answered() & Q(first_answered_at__gt=_asked_plus(rules_in_force().limit))


def is_missed(*, at: datetime) -> Q:
    """Timed, and it ended or patience ended before a person answered."""
    too_late = Q(first_answered_at__gt=_asked_plus(PATIENCE))
    over = Q(status=Conversation.Status.CLOSED) | Q(first_message_at__lte=at - PATIENCE)
    return is_online() & (too_late | Q(first_answered_at=None) & over)


def is_over_limit(*, at: datetime) -> Q:
    """Answered after the limit, or missed."""
    return is_late() | is_missed(at=at)


def is_liked() -> Q:
    """Rated with a like."""
    return Q(thumb=Rating.Thumb.UP)


def is_disliked() -> Q:
    """Rated with a dislike."""
    return Q(thumb=Rating.Thumb.DOWN)


def is_rated() -> Q:
    """Rated at all."""
    return is_liked() | is_disliked()


def is_repeat() -> Q:
    """Its visitor had begun another dialog not long before."""
    earlier = Conversation.objects.filter(
        visitor=OuterRef("visitor"),
        first_message_at__lt=OuterRef("first_message_at"),
        first_message_at__gte=OuterRef("first_message_at") - AGAIN_WITHIN,
    )
    return Q(Exists(earlier))


def _asked_plus(span: timedelta) -> F:
    return F("first_message_at") + span  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many dialogs of some set meet each condition."""

    dialogs: int = 0
    online: int = 0
    within_goal: int = 0
    slow: int = 0
    late: int = 0
    missed: int = 0
    likes: int = 0
    dislikes: int = 0

    @property
    def answered(self) -> int:
        """Timed dialogs that a person answered."""
        return self.within_goal + self.slow + self.late

    @property
    def timed(self) -> int:
        """Answered and missed ones; a question that still waits is left out."""
        return self.answered + self.missed

    @property
    def rated(self) -> int:
        """Dialogs with a like or a dislike."""
        return self.likes + self.dislikes


COUNTED = tuple(field.name for field in fields(Counts))


def _counted(at: datetime) -> dict[str, Count]:
    return {
        "dialogs": Count("pk"),
        "online": Count("pk", filter=is_online()),
        "within_goal": Count("pk", filter=is_within_goal()),
        "slow": Count("pk", filter=is_slow()),
        "late": Count("pk", filter=is_late()),
        "missed": Count("pk", filter=is_missed(at=at)),
        "likes": Count("pk", filter=is_liked()),
        "dislikes": Count("pk", filter=is_disliked()),
    }


def count_dialogs(period: Period, *, at: datetime) -> Counts:
    """Count the dialogs of the period with one query."""
    return Counts(**begun(period).aggregate(**_counted(at)))


def count_by_day(period: Period, *, at: datetime) -> dict[date, Counts]:
    """Count by the shop's calendar day; every day of the period has its counts."""
    day = TruncDate("first_message_at", tzinfo=site_zone())
    found = _count_by(begun(period).annotate(key=day).values("key"), at=at)
    return {day: found.get(day, Counts()) for day in period.dates}


def count_by_hour(period: Period, *, at: datetime) -> dict[int, Counts]:
    """Count by the hour on the shop's clock, all 24 of them."""
    hour = ExtractHour("first_message_at", tzinfo=site_zone())
    found = _count_by(begun(period).annotate(key=hour).values("key"), at=at)
    return {hour: found.get(hour, Counts()) for hour in range(24)}


def count_by_answerer(period: Period, *, at: datetime) -> dict[int, Counts]:
    """Count by the operator who answered first."""
    answered = begun(period).filter(first_answered_by__isnull=False)
    by = answered.annotate(key=F("first_answered_by_id")).values("key")
    return _count_by(by, at=at)


def _count_by(rows: QuerySet[Any, Any], *, at: datetime) -> dict[Any, Counts]:
    counted = rows.annotate(**_counted(at)).values_list("key", *COUNTED)
    return {key: Counts(*numbers) for key, *numbers in counted}


def count_ratings_by_leader(period: Period) -> dict[int, tuple[int, int]]:
    """Count likes and dislikes by the operator who led the dialog to its end."""
    rows = (
        begun(period)
        .filter(is_rated())
        .filter(operator__isnull=False)
        .values_list("operator_id")
        .annotate(
            likes=Count("pk", filter=is_liked()),
            dislikes=Count("pk", filter=is_disliked()),
        )
    )
    return {operator: (likes, dislikes) for operator, likes, dislikes in rows}


def count_repeats(period: Period) -> dict[date, int]:
    """Count by day those whose visitor had been here not long before, with one query.

    Looked for beside the other counts, because each takes a look at its visitor.
    """
    day = TruncDate("first_message_at", tzinfo=site_zone())
    rows = begun(period).filter(is_repeat()).annotate(key=day)
    return dict(rows.values_list("key").annotate(Count("pk")))


def count_by_outcome(period: Period) -> dict[str, int]:
    """Count finished dialogs by what the operator said of their end."""
    closed = begun(period).filter(status=Conversation.Status.CLOSED)
    return dict(closed.values_list("outcome").annotate(Count("pk")))


@dataclass(frozen=True, slots=True)
class Wait:
    """How long one answered dialog waited, for whose answer, and on which day."""

    seconds: float
    operator_id: int
    day: date


def list_waits(period: Period) -> list[Wait]:
    """Fetch the waits of the period, shortest first: three columns, one query.

    The database subtracts and cuts off the day: it does so many times faster than
    moments become objects here.
    """
    day = TruncDate("first_message_at", tzinfo=site_zone())
    rows = _waits(period).annotate(day=day)
    waits = [
        Wait(wait.total_seconds(), operator, on)
        for wait, operator, on in rows.values_list(
            "wait", "first_answered_by_id", "day"
        )
        if operator is not None
    ]
    return sorted(waits, key=lambda wait: wait.seconds)


def median_wait(period: Period, *, answered: int) -> float | None:
    """Return the median wait of the period's answered dialogs, which are so many."""
    ordered = _waits(period).order_by("wait").values_list("wait", flat=True)
    middle = ordered[max(answered - 1, 0) // 2 : answered // 2 + 1]
    return median([wait.total_seconds() for wait in middle])


def slowest_wait(period: Period) -> float | None:
    """Return the longest wait of the period's answered dialogs, None without any."""
    longest = _waits(period).order_by("-wait").values_list("wait", flat=True).first()
    return None if longest is None else float(longest.total_seconds())


def median(ordered: Sequence[float]) -> float | None:
    """Return the middle of sorted values, between the two middle ones if they are even.

    None of nothing.
    """
    count = len(ordered)
    if not count:
        return None
    return (ordered[(count - 1) // 2] + ordered[count // 2]) / 2


def _waits(period: Period) -> QuerySet[Any, Any]:
    wait = ExpressionWrapper(
        F("first_answered_at") - F("first_message_at"), output_field=DurationField()
    )
    return begun(period).filter(is_answered()).annotate(wait=wait)


def online_time(period: Period) -> dict[int, timedelta]:
    """Return how long each operator was online within the period."""
    rows = PresencePeriod.objects.filter(
        Q(to_at=None) | Q(to_at__gt=period.start),
        state=Operator.Status.ONLINE,
        from_at__lt=period.end,
    )
    total: dict[int, timedelta] = defaultdict(timedelta)
    for operator, from_at, to_at in rows.values_list("operator_id", "from_at", "to_at"):
        end = min(to_at or period.end, period.end)
        total[operator] += end - max(from_at, period.start)
    return dict(total)
