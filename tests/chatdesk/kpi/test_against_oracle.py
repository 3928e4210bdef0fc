"""A seeded week, made through the services, is recomputed in plain Python from the log.

The oracle knows no condition and no query of the figures: it walks the entries.
"""

import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from statistics import median
from uuid import UUID, uuid4

import pytest
from django.contrib.auth import get_user_model
from django.db.models import Q

from chatdesk.actors import OperatorActor, VisitorActor
from chatdesk.kpi import facts
from chatdesk.kpi.definitions import REGISTRY
from chatdesk.kpi.period import Period, last_days, site_zone
from chatdesk.kpi.report import Report, build_report
from chatdesk.kpi.speed import Speed, speed_of
from chatdesk.models import Conversation, Entry, Lease, Operator, Visitor
from chatdesk.selectors.storefronts import get_storefront
from chatdesk.services.conversations import (
    begin_conversation,
    close_conversation,
    take_conversation,
)
from chatdesk.services.messages import MessageIntent, post_message
from chatdesk.services.ratings import rate_conversation
from chatdesk.services.visitors import PageSeen, make_visitor

AT = datetime(2026, 10, 28, 15, 30, tzinfo=UTC)  # The week has a day of 25 hours.
DIALOGS = 120
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


@dataclass
class Played:
    """One dialog as it was played, with what the log does not say."""

    conversation_id: int
    visitor_id: int
    begun_online: bool


@dataclass
class Desk:
    """Three operators, and a switch that says whether anybody is there."""

    operators: list[OperatorActor] = field(default_factory=list)

    def be_online(self, *, online: bool, at: datetime) -> None:
        Lease.objects.update(expires_at=at + MINUTE if online else at - MINUTE)


def open_desk() -> Desk:
    """Make three operators who may lead any number of dialogs."""
    desk = Desk()
    for name in ("anna", "dmitry", "leila"):
        user = get_user_model().objects.create_user(username=name)
        card = Operator.objects.create(user=user, name=name.title(), capacity=1000)
        Lease.objects.create(
            operator=card,
            connection=uuid4(),
            process=UUID(int=1),
            heard_at=AT,
            expires_at=AT,
        )
        desk.operators.append(
            OperatorActor(id=card.pk, user_id=user.pk, name=card.name)
        )
    return desk


def play_dialog(
    rng: random.Random, desk: Desk, *, visitor: Visitor, asked_at: datetime
) -> Played:
    """Play one dialog through the services; chance decides how it goes."""
    online = rng.random() < 0.85
    desk.be_online(online=online, at=asked_at)
    actor = VisitorActor(id=visitor.pk, public_id=visitor.public_id)
    conversation, _ = begin_conversation(visitor=visitor, language="en", at=asked_at)
    say = MessageIntent(conversation.pk, actor, uuid4(), "Is this in stock?")
    post_message(say, at=asked_at)
    moment = asked_at
    leader = rng.choice(desk.operators)
    if rng.random() < 0.9:
        moment += rng.choice([15 * SECOND, 20 * SECOND, _wait(rng), _wait(rng)])
        take_conversation(conversation_id=conversation.pk, actor=leader, at=moment)
        if rng.random() < 0.97:
            answer = MessageIntent(conversation.pk, leader, uuid4(), "Yes, it is.")
            post_message(answer, at=moment)
            thanks = MessageIntent(conversation.pk, actor, uuid4(), "Thank you")
            post_message(thanks, at=moment + MINUTE)
            answer = MessageIntent(conversation.pk, leader, uuid4(), "Welcome")
            post_message(answer, at=moment + 2 * MINUTE)
    _end(rng, conversation.pk, actor, moment + 3 * MINUTE)
    return Played(conversation.pk, visitor.pk, online)


def _wait(rng: random.Random) -> timedelta:
    if rng.random() < 0.05:
        return timedelta(minutes=rng.uniform(9, 12))
    return timedelta(seconds=round(rng.lognormvariate(2.3, 0.6), 3))


def _end(
    rng: random.Random, conversation_id: int, actor: VisitorActor, at: datetime
) -> None:
    if rng.random() < 0.8:
        close_conversation(conversation_id=conversation_id, actor=actor, at=at)
    if rng.random() < 0.4:
        for _ in range(rng.choice([1, 1, 2])):
            rate_conversation(
                conversation_id=conversation_id,
                actor=actor,
                thumb=rng.choice(["up", "up", "up", "down"]),
                comment="",
                at=at + MINUTE,
            )


def play_fortnight() -> list[Played]:
    """Play fifteen days of dialogs, so that the week before has some too."""
    rng = random.Random(20261028)
    moments = sorted(
        AT - timedelta(seconds=rng.uniform(0, 15 * 86400)) for _ in range(DIALOGS - 2)
    )
    # Two that may still wait: one that patience left, one asked a moment ago.
    moments += [AT - 20 * MINUTE, AT - MINUTE]
    desk, played, comes = open_desk(), [], random.Random(20261029)
    for moment in moments:
        visitor = who_comes(comes, at=moment)
        played.append(play_dialog(rng, desk, visitor=visitor, asked_at=moment))
    return played


def who_comes(rng: random.Random, *, at: datetime) -> Visitor:
    """Return somebody whose last dialog has ended, or somebody new."""
    ended = Visitor.objects.exclude(
        pk__in=Conversation.objects.exclude(status="closed").values("visitor")
    )
    if rng.random() < 0.3 and (known := list(ended.order_by("pk"))):
        return rng.choice(known)
    shop = get_storefront()
    return make_visitor(storefront=shop, user_id=None, page=PageSeen(), at=at)


@dataclass
class Oracle:
    """The figures of a period, from the entries alone."""

    dialogs: int = 0
    online: int = 0
    within_goal: int = 0
    slow: int = 0
    late: int = 0
    missed: int = 0
    likes: int = 0
    dislikes: int = 0
    repeats: int = 0
    asked: dict[int, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    waits: list[float] = field(default_factory=list)
    by_operator: dict[int, list[float]] = field(
        default_factory=lambda: defaultdict(list)
    )
    by_day: Counter[str] = field(default_factory=Counter)

    def read(self, dialog: Played, entries: list[Entry], period: Period) -> None:
        """Count one dialog."""
        messages = [each for each in entries if each.kind == "message"]
        asked_at = messages[0].at
        week_ago = asked_at - timedelta(days=7)
        is_repeat = any(week_ago <= each for each in self.asked[dialog.visitor_id])
        self.asked[dialog.visitor_id].append(asked_at)
        if not period.start <= asked_at < period.end:
            return
        self.dialogs += 1
        self.repeats += is_repeat
        self.by_day[str(asked_at.astimezone(site_zone()).date())] += 1
        thumbs = [each.data["thumb"] for each in entries if each.kind == "rated"]
        self.likes += thumbs[-1:] == ["up"]
        self.dislikes += thumbs[-1:] == ["down"]
        if not dialog.begun_online:
            return
        self.online += 1
        answers = [each for each in messages if each.author_kind == "o"]
        wait = (answers[0].at - asked_at).total_seconds() if answers else None
        if wait is not None and wait <= 600:
            self._time(wait, answers[0].author_id)
        elif answers or entries[-1].kind in {"closed", "rated"} or self._gone(asked_at):
            self.missed += 1

    def _time(self, wait: float, operator_id: int) -> None:
        self.waits.append(wait)
        self.by_operator[operator_id].append(wait)
        if wait <= 15:
            self.within_goal += 1
        elif wait <= 20:
            self.slow += 1
        else:
            self.late += 1

    @staticmethod
    def _gone(asked_at: datetime) -> bool:
        return AT - asked_at >= timedelta(minutes=10)


def ask_oracle(played: list[Played], period: Period) -> Oracle:
    """Recompute everything from the log."""
    entries: dict[int, list[Entry]] = defaultdict(list)
    for entry in Entry.objects.order_by("conversation_id", "seq"):
        entries[entry.conversation_id].append(entry)
    oracle = Oracle()
    for dialog in played:
        oracle.read(dialog, entries[dialog.conversation_id], period)
    return oracle


def compare(report: Report, oracle: Oracle) -> None:
    """Compare every registered figure."""
    timed = oracle.within_goal + oracle.slow + oracle.late + oracle.missed
    rated = oracle.likes + oracle.dislikes
    expected = {
        "dialogs": oracle.dialogs,
        "first_reply": median(oracle.waits),
        "slowest": max(oracle.waits),
        "within_goal": oracle.within_goal / timed,
        "over_limit": (oracle.late + oracle.missed) / timed,
        "missed": oracle.missed,
        "likes": oracle.likes,
        "dislikes": oracle.dislikes,
        "liked": oracle.likes / rated,
        "again": oracle.repeats / oracle.dialogs,
    }
    found = {key: reading.now.value for key, reading in report.readings.items()}
    assert set(found) == set(REGISTRY)
    assert found == pytest.approx(expected)


@pytest.mark.django_db
def test_a_seeded_fortnight_agrees_with_its_log(subtests: pytest.Subtests) -> None:
    played = play_fortnight()
    checks = (
        check_sorts,
        check_figures,
        check_figures_before,
        check_rows_behind,
        check_speeds,
        check_speed_of_each,
    )
    for check in checks:
        with subtests.test(check.__name__):
            check(played)


def check_sorts(played: list[Played]) -> None:
    """The week has enough of every sort of dialog to prove anything."""
    oracle = ask_oracle(played, last_days(7, at=AT))

    sorts = (oracle.within_goal, oracle.slow, oracle.late, oracle.missed)
    assert min(*sorts, oracle.likes, oracle.dislikes, oracle.repeats) >= 3
    assert oracle.online < oracle.dialogs


def check_figures(played: list[Played]) -> None:
    """Every figure and series of a week and of a fortnight is the oracle's."""
    for days in (7, 14):
        period = last_days(days, at=AT)
        oracle = ask_oracle(played, period)

        report = build_report(period, at=AT)

        compare(report, oracle)
        assert list(report.waits) == pytest.approx(sorted(oracle.waits))
        assert {str(day): counts.dialogs for day, counts in report.by_day.items()} == {
            **{str(day): 0 for day in period.dates},
            **oracle.by_day,
        }
        for pk, waits in oracle.by_operator.items():
            assert report.operators[pk].median == pytest.approx(median(waits))
            assert report.operators[pk].slowest == pytest.approx(max(waits))


def check_figures_before(_played: list[Played]) -> None:
    """What a report says of the week before is what its own report said."""
    period = last_days(7, at=AT)
    before = build_report(period.previous(), at=AT)

    report = build_report(period, at=AT)

    for key, reading in report.readings.items():
        assert reading.before == before.readings[key].now


def check_rows_behind(_played: list[Played]) -> None:
    """Whoever follows a number sees as many dialogs as it says."""
    period = last_days(7, at=AT)
    report = build_report(period, at=AT)

    for key, kpi in REGISTRY.items():
        figure = report.readings[key].now
        expected = {"count": figure.value, "share": figure.part}
        number = facts.begun(period).filter(kpi.rows(AT)).count()
        assert number == expected.get(kpi.unit, figure.whole), key


def check_speeds(_played: list[Played]) -> None:
    """Every dialog is of exactly one speed, begun offline, or still waiting."""
    period = last_days(7, at=AT)
    waiting = Q(begun_online=True, first_answered_at=None) & ~facts.is_missed(at=AT)
    sorts = [
        facts.is_within_goal(),
        facts.is_slow(),
        facts.is_late(),
        facts.is_missed(at=AT),
        waiting,
        Q(begun_online=False),
    ]

    rows = facts.begun(period)
    numbers = [rows.filter(sort).count() for sort in sorts]

    assert sum(numbers) == rows.count() > 0


def check_speed_of_each(_played: list[Played]) -> None:
    """A dialog at hand is of the sort that its condition finds it under."""
    sorts = {
        Speed.WITHIN_GOAL: facts.is_within_goal(),
        Speed.SLOW: facts.is_slow(),
        Speed.LATE: facts.is_late(),
        Speed.MISSED: facts.is_missed(at=AT),
        Speed.OFFLINE: ~facts.is_online(),
    }
    begun = Conversation.objects.begun()

    found = {
        speed: {row.pk for row in begun if speed_of(row, at=AT) is speed}
        for speed in Speed
    }

    waiting = found.pop(Speed.WAITING)
    assert found == {
        speed: set(begun.filter(sort).values_list("pk", flat=True))
        for speed, sort in sorts.items()
    }
    assert all(found.values())
    assert len(waiting) + sum(map(len, found.values())) == begun.count()
