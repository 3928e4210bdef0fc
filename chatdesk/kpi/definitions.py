"""The registry of figures: what each is called, what it counts and how it is computed.

The text of a definition is printed beside the figure, so it says what counts and what
does not. ``rows`` is the condition of the dialogs behind the figure: a manager who
follows the number sees exactly these.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chatdesk.kpi import facts
from chatdesk.kpi.facts import Counts
from chatdesk.selectors.regulation import rules_in_force

FEW = 20
"""Under so many samples a share says little, and counts are shown instead."""


class Unit(StrEnum):
    """What the value of a figure is."""

    COUNT = "count"
    SECONDS = "seconds"
    SHARE = "share"
    MONEY = "money"


@dataclass(frozen=True, slots=True)
class Sample:
    """What figures are computed from: counts, how long was waited, repeats."""

    counts: Counts
    median: float | None = None
    slowest: float | None = None
    repeats: int = 0


@dataclass(frozen=True, slots=True)
class Figure:
    """A value, and for a share how many of how many.

    ``value`` is None when there is nothing to compute it from. A share is from 0 to 1,
    a sum of money in the main unit of its currency.
    """

    value: float | None
    part: int = 0
    whole: int = 0
    currency: str = ""

    @property
    def is_thin(self) -> bool:
        """Whether a share stands on too few samples to be shown as a percentage."""
        return self.whole < FEW


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """What a figure is. ``good`` is 1 when more is better, -1 when less is, else 0."""

    key: str
    unit: Unit
    title: Promise
    definition: Promise
    good: int = 0

    @property
    def name(self) -> str:
        """The title with the shop's own goal and limit in it."""
        return _with_seconds(self.title)

    @property
    def explanation(self) -> str:
        """The definition with the shop's own goal and limit in it."""
        return _with_seconds(self.definition)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpi(Definition):
    """A figure of dialogs: which of them are behind it, and how it is computed."""

    rows: Callable[[datetime], Q]
    compute: Callable[[Sample], Figure]


def share(part: int, whole: int) -> Figure:
    """Return a share, or nothing when there is nothing to take it of."""
    return Figure(part / whole if whole else None, part, whole)


def _with_seconds(text: Promise) -> str:
    rules = rules_in_force()
    return str(text) % {
        "goal": f"{rules.goal_s:g}",
        "limit": f"{rules.limit_s:g}",
        "patience": f"{facts.PATIENCE.total_seconds() / 60:g}",
        "again": facts.AGAIN_WITHIN.days,
    }


DIALOGS = Kpi(
    key="dialogs",
    unit=Unit.COUNT,
    title=_("Dialogs"),
    definition=_(
        "Dialogs whose first question was asked in the period, "
        "also those begun while nobody was online."
    ),
    rows=lambda _at: Q(),
    compute=lambda sample: Figure(sample.counts.dialogs),
    good=1,
)

FIRST_REPLY = Kpi(
    key="first_reply",
    unit=Unit.SECONDS,
    title=_("First reply, median"),
    definition=_(
        "From the first question to the first answer of a person: half of the dialogs "
        "waited less. Only dialogs begun while somebody was online and answered within "
        "%(patience)s minutes."
    ),
    rows=lambda _at: facts.is_answered(),
    compute=lambda sample: Figure(sample.median, whole=sample.counts.answered),
    good=-1,
)

SLOWEST = Kpi(
    key="slowest",
    unit=Unit.SECONDS,
    title=_("First reply, slowest"),
    definition=_(
        "The longest time from a first question to the first answer of a person. Only "
        "dialogs begun while somebody was online and answered within %(patience)s "
        "minutes: later ones are missed."
    ),
    rows=lambda _at: facts.is_answered(),
    compute=lambda sample: Figure(sample.slowest, whole=sample.counts.answered),
    good=-1,
)

WITHIN_GOAL = Kpi(
    key="within_goal",
    unit=Unit.SHARE,
    title=_("Answered within %(goal)s s"),
    definition=_(
        "Share of the dialogs begun while somebody was online that a person answered "
        "within %(goal)s seconds. Missed ones count as not answered, a question that "
        "still waits does not count yet."
    ),
    rows=lambda _at: facts.is_within_goal(),
    compute=lambda sample: share(sample.counts.within_goal, sample.counts.timed),
    good=1,
)

OVER_LIMIT = Kpi(
    key="over_limit",
    unit=Unit.SHARE,
    title=_("Over %(limit)s s or missed"),
    definition=_(
        "Share of the dialogs begun while somebody was online that waited longer than "
        "%(limit)s seconds for the first answer of a person, or were missed."
    ),
    rows=lambda at: facts.is_over_limit(at=at),
    compute=lambda sample: share(
        sample.counts.late + sample.counts.missed, sample.counts.timed
    ),
    good=-1,
)

MISSED = Kpi(
    key="missed",
    unit=Unit.COUNT,
    title=_("Missed"),
    definition=_(
        "Dialogs begun while somebody was online that ended without an answer of a "
        "person, or got none within %(patience)s minutes."
    ),
    rows=lambda at: facts.is_missed(at=at),
    compute=lambda sample: Figure(sample.counts.missed),
    good=-1,
)

LIKES = Kpi(
    key="likes",
    unit=Unit.COUNT,
    title=_("Likes"),
    definition=_("Dialogs begun in the period that the visitor rated with a like."),
    rows=lambda _at: facts.is_liked(),
    compute=lambda sample: Figure(sample.counts.likes),
    good=1,
)

DISLIKES = Kpi(
    key="dislikes",
    unit=Unit.COUNT,
    title=_("Dislikes"),
    definition=_("Dialogs begun in the period that the visitor rated with a dislike."),
    rows=lambda _at: facts.is_disliked(),
    compute=lambda sample: Figure(sample.counts.dislikes),
    good=-1,
)

LIKED = Kpi(
    key="liked",
    unit=Unit.SHARE,
    title=_("Liked"),
    definition=_(
        "Likes as a share of the rated dialogs begun in the period; dialogs without a "
        "rating do not count."
    ),
    rows=lambda _at: facts.is_liked(),
    compute=lambda sample: share(sample.counts.likes, sample.counts.rated),
    good=1,
)

AGAIN = Kpi(
    key="again",
    unit=Unit.SHARE,
    title=_("Asked again"),
    definition=_(
        "Share of the dialogs begun in the period whose visitor had begun another one "
        "in the %(again)s days before: was he answered for good? Who writes on within "
        "the time for reopening goes on with the same dialog and does not count."
    ),
    rows=lambda _at: facts.is_repeat(),
    compute=lambda sample: share(sample.repeats, sample.counts.dialogs),
    good=-1,
)

REGISTRY: dict[str, Kpi] = {
    kpi.key: kpi
    for kpi in (
        DIALOGS,
        FIRST_REPLY,
        SLOWEST,
        WITHIN_GOAL,
        OVER_LIMIT,
        MISSED,
        LIKES,
        DISLIKES,
        LIKED,
        AGAIN,
    )
}
"""Every figure of dialogs by its key, in the order in which they are shown."""
