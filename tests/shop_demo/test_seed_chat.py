"""The demo's month of dialogs is believable, the same every time, and quickly made."""

import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from chatdesk.kpi.period import last_days
from chatdesk.kpi.report import build_report
from chatdesk.kpi.sales import build_sales_report
from chatdesk.kpi.shop import Cut, asked_products, funnels, searched_words
from chatdesk.models import (
    CannedReply,
    CommissionPlan,
    Conversation,
    Department,
    Effect,
    Entry,
    LedgerLine,
    Operator,
    PresencePeriod,
    SoldOrder,
    Visitor,
)
from chatdesk.selectors.routing import route_of
from chatdesk.selectors.storefronts import get_storefront
from chatdesk.services.sales import settle_all
from shop_demo.models import Order, Product
from shop_demo.seeding.chat_history import Page, Scene, draw_history, load_scripts
from shop_demo.seeding.chat_rota import draw_stretches, past_presence, stay_late
from shop_demo.seeding.orders import seed_orders
from shop_demo.seeding.people import seed_people
from shop_demo.seeding.seed_chat import seed_chat

if TYPE_CHECKING:
    from uuid import UUID

    from chatdesk.integration import PastDialog

MONDAY = date(2026, 11, 2)


def test_a_month_is_made_in_seconds_and_believable(subtests: pytest.Subtests) -> None:
    at = timezone.now()
    seed_people(at=at)
    seed_orders(at=at)
    began = time.process_time()

    number = seed_chat(at=at)

    assert time.process_time() - began < 20
    assert number == Conversation.objects.count() > 900
    assert Entry.objects.count() > 6000
    for check in (
        check_figures,
        check_quiet,
        check_hours,
        check_words,
        check_presence,
        check_desk,
        check_department,
        check_sales,
        check_shop_report,
        check_once,
    ):
        with subtests.test(check.__name__):
            check()


def check_figures() -> None:
    """The figures are those of a good shop."""
    at = timezone.now()
    report = build_report(last_days(31, at=at), at=at)
    values = {key: reading.now.value or 0 for key, reading in report.readings.items()}

    assert 7 <= values["first_reply"] <= 11
    assert 0.7 <= values["within_goal"] <= 0.9
    assert 0.04 <= values["over_limit"] <= 0.15
    assert 8 <= values["missed"] <= 50
    assert 0.88 <= values["liked"] <= 0.97
    assert 0.02 <= values["again"] <= 0.1
    rated = report.counts.rated / report.counts.dialogs
    assert 0.2 <= rated <= 0.32
    assert report.counts.online < report.counts.dialogs
    assert len(report.operators) == 3
    assert set(report.outcomes) == {"", *Conversation.Outcome.values}


def check_quiet() -> None:
    """Nothing waits or is owed, and one dialog has just ended."""
    assert not Conversation.objects.exclude(status="closed").exists()
    assert not Conversation.objects.filter(waiting_since__isnull=False).exists()
    assert not Effect.objects.exists()
    now = timezone.now()
    assert not Entry.objects.filter(at__gt=now).exists()
    latest = Conversation.objects.latest("closed_at")
    assert latest.closed_at is not None
    assert now - latest.closed_at < timedelta(hours=2)


def check_hours() -> None:
    """People write by day, less at lunch, and less at the weekend."""
    zone = timezone.get_default_timezone()
    begun = [
        row.first_message_at.astimezone(zone)
        for row in Conversation.objects.all()
        if row.first_message_at
    ]
    hours = Counter(moment.hour for moment in begun)
    days = Counter(moment.weekday() for moment in begun)

    assert hours[11] > hours[13] < hours[16]
    # One may have ended just now, at whatever hour that is.
    assert sum(hours[hour] for hour in range(1, 7)) <= 1
    assert max(days[5], days[6]) < min(days[day] for day in range(5))


def check_words() -> None:
    """Both languages are spoken, with every word filled in."""
    texts = list(Entry.objects.filter(kind="message").values_list("text", flat=True))

    assert not [text for text in texts if "{" in text or " | " in text]
    russian = sum(any("а" <= letter <= "я" for letter in text) for text in texts)
    assert 0.25 < russian / len(texts) < 0.55
    assert any("Heron" in text for text in texts)


def check_presence() -> None:
    """The record of presence has no holes and ends offline."""
    for operator in Operator.objects.all():
        periods = list(PresencePeriod.objects.filter(operator=operator).order_by("pk"))
        assert len(periods) > 20
        assert periods[-1].to_at is None
        assert periods[-1].state == "offline"
        for period, following in pairwise(periods):
            assert period.to_at == following.from_at
            assert period.from_at < following.from_at


def check_desk() -> None:
    """The workspace finds everything it needs."""
    assert get_storefront().name == "Northbrew"
    assert Operator.objects.exclude(photo="").count() == 3
    languages = CannedReply.objects.values_list("language", flat=True)
    assert Counter(languages)["en"] == Counter(languages)["ru"] >= 5


def check_department() -> None:
    """Who asks about coffee comes to those who know it, the others to anybody."""
    (department,) = Department.objects.all()
    assert department.operators.count() == 2
    visitor = Visitor.objects.exclude(page_url="").first()
    for slug, expected in (
        ("fold-2-hand-grinder", None),
        ("glacier-kenya", department),
    ):
        product = Product.objects.get(slug=slug)
        visitor.page_url = f"https://northbrew.example{product.get_absolute_url()}"
        route = route_of(Conversation(visitor=visitor))
        assert route.department_id == (expected and expected.pk)


def check_sales() -> None:
    """Some orders have a chat, plans pay for them, and refunds take some of it back."""
    at = timezone.now()
    report = build_sales_report(last_days(30, at=at))
    values = {key: reading.now.value or 0 for key, reading in report.readings.items()}

    assert SoldOrder.objects.count() == Order.objects.count() == 360
    assert not SoldOrder.objects.filter(is_settled=False).exists()
    assert 0.1 < values["sales_share"] < 0.65
    assert values["revenue"] > 1000
    assert values["accrued"] > values["reversed"] > 0
    assert len(report.operators) == 3
    assert CommissionPlan.objects.count() == 3
    before = list(LedgerLine.objects.values_list("key", "amount").order_by("pk"))
    settle_all(at=at)
    after = list(LedgerLine.objects.values_list("key", "amount").order_by("pk"))
    assert after == before, "as if every order had been told when it happened"


def check_shop_report() -> None:
    """No table of the report for the shop is empty."""
    week = last_days(7, at=timezone.now())
    chatted, silent = funnels(week, Cut())

    assert chatted.visits > 50
    assert chatted.conversion
    assert silent.conversion
    asked = asked_products(week, Cut())
    assert asked[0].asked >= 3
    assert asked[0].questions
    words = searched_words(week, Cut())
    assert any(not row.found_most for row in words)
    assert any(row.dialogs for row in words)


def check_once() -> None:
    """A second start adds nothing."""
    assert seed_chat(at=timezone.now()) == 0


def make_scene() -> Scene:
    """Make a scene without a database."""
    dice = random.Random(5)
    days = [MONDAY + timedelta(days=number) for number in range(7)]
    return Scene(
        dice=dice,
        pages=[
            Page("cup", "brewers", {"en": "Cup", "ru": "Чашка"}, "€9", "https://x/")
        ],
        people=["Ingrid Dahl", "Илья Громов"],
        operators={1: "Anna S", 2: "Dmitry O", 3: "Maria K"},
        stretches=draw_stretches(dice, operator_ids=[1, 2, 3], days=days),
    )


def test_the_same_dice_draw_the_same_month() -> None:
    at = timezone.now()
    days = [MONDAY + timedelta(days=number) for number in range(7)]

    first = draw_history(make_scene(), days=days, at=at)
    second = draw_history(make_scene(), days=days, at=at)

    assert first == second
    assert len(first) > 150


def test_somebody_comes_back_in_his_language_after_his_first_dialog_ended() -> None:
    days = [MONDAY + timedelta(days=number) for number in range(7)]
    dialogs = draw_history(make_scene(), days=days, at=timezone.now())
    by_visitor: dict[UUID, list[PastDialog]] = defaultdict(list)
    for dialog in dialogs:
        by_visitor[dialog.visitor.key].append(dialog)

    again = [each for each in by_visitor.values() if len(each) > 1]

    assert again
    assert {len(each) for each in again} == {2}
    for first, second in again:
        assert first.entries[-1].at < second.entries[0].at
        assert first.visitor.language == second.visitor.language
        assert first.visitor.user_agent == second.visitor.user_agent


def test_whoever_would_work_now_has_yet_to_come() -> None:
    scene = make_scene()
    morning = [stretch for stretch in scene.stretches if stretch.operator_id == 1][:3]
    at_ten = morning[0].begin + timedelta(hours=1)

    assert past_presence(morning, at=morning[0].begin) == []
    online, offline = past_presence(morning, at=at_ten)
    assert (online.state, online.to_at) == ("online", at_ten)
    assert (offline.state, offline.from_at) == ("offline", at_ten)
    assert offline.to_at is None


def choices() -> Iterator[tuple[int, int]]:
    """Return how many ways there are to say each turn, in both languages."""
    for script in load_scripts()["script"]:
        for _who, english, russian in script["turns"]:
            yield len(english.split(" | ")), len(russian.split(" | "))


def test_every_turn_is_said_in_both_languages() -> None:
    counts = list(choices())

    assert len(counts) > 100
    assert all(english == russian for english, russian in counts)


def test_somebody_was_there_until_just_now() -> None:
    scene = make_scene()
    at_night = scene.stretches[-1].end + timedelta(hours=8)
    by_day = scene.stretches[0].begin + timedelta(hours=1)

    (late,) = stay_late(scene.stretches, at=at_night)[len(scene.stretches) :]

    assert late.end < at_night
    assert stay_late(scene.stretches, at=by_day) == list(scene.stretches)
