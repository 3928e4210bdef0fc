"""The performance page shows the report, and every number leads to its dialogs."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chatdesk.kpi.period import last_days
from chatdesk.kpi.report import build_report
from chatdesk.models import Conversation, Lease, Operator
from tests.factories import bring_online, make_conversation, make_operator

PAGE = "/admin/chatdesk/operator/performance/"
PRESENCE = "/admin/chatdesk/operator/presence/"
LIST = "/admin/chatdesk/conversation/"
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)

pytestmark = pytest.mark.django_db


def make_timed(wait: float | None, *, operator: Operator, thumb: str = "") -> None:
    """Make a closed dialog of some minutes ago that waited so many seconds."""
    number = Conversation.objects.count() + 1
    conversation = make_conversation(operator=operator)
    asked_at = timezone.now() - number * MINUTE / 4 - MINUTE
    answered_at = None if wait is None else asked_at + wait * SECOND
    Conversation.objects.filter(pk=conversation.pk).update(
        status="closed",
        closed_at=asked_at + 5 * MINUTE,
        outcome="answered",
        operator=operator,
        first_message_at=asked_at,
        begun_online=True,
        first_answered_at=answered_at,
        first_answered_by=operator if answered_at else None,
        thumb=thumb,
    )


@pytest.fixture
def history(db: None) -> None:
    """Two operators and some thirty dialogs of every sort."""
    anna, dmitry = make_operator(name="Anna"), make_operator(name="Dmitry")
    for wait in (3, 5, 8, 8, 9, 10, 11, 12, 14, 15, 15.5, 18, 20, 20.5, 31):
        make_timed(wait, operator=anna, thumb="up" if wait < 12 else "")
    for wait in (7, 9, 14, 19, 25, 40, None, None, 601):
        make_timed(wait, operator=dmitry, thumb="down" if wait == 25 else "")


def tiles(page: str) -> Iterator[tuple[str, str, str]]:
    """Return key, value and link of every tile."""
    for article in re.findall(r"<article.*?</article>", page, re.DOTALL):
        if key := re.search(r'data-kpi="(\w+)"', article):
            value = re.search(r'tile-value">\s*<a href="([^"]*)">([^<]*)', article)
            assert value is not None
            yield key[1], value[2], unescape(value[1])


def number_of_rows(client: Client, link: str) -> int:
    """Return how many dialogs a link leads to."""
    page = client.get(link)
    assert page.status_code == 200
    return page.content.decode().count('class="cd-topic"')


def test_only_those_who_may_see_figures_see_them(
    manager: Client, clerk: Client, client: Client
) -> None:
    for path in (PAGE, PRESENCE):
        assert manager.get(path).status_code == 200
        assert clerk.get(path).status_code == 403
        assert client.get(path).status_code == 302


def test_an_empty_shop_has_a_page_too(manager: Client) -> None:
    page = manager.get(PAGE + "?period=1").content.decode()

    assert "No dialogs in this period." in page
    assert 'href="?period=30"' in page


@pytest.mark.parametrize("period", ["1", "7", "30", "nonsense", ""])
def test_the_number_of_queries_does_not_depend_on_the_shop(
    manager: Client, period: str
) -> None:
    def queries_for_page() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert manager.get(f"{PAGE}?period={period}").status_code == 200
        return len(queries)

    anna = make_operator(name="Anna")
    make_timed(9, operator=anna)
    few = queries_for_page()
    for name in ("Dmitry", "Leila"):
        operator = make_operator(name=name)
        bring_online(operator)
        for wait in (5, 17, 30, None):
            make_timed(wait, operator=operator, thumb="up")

    assert queries_for_page() == few <= 36


@pytest.mark.usefixtures("history")
def test_every_tile_leads_to_as_many_dialogs_as_it_counts(manager: Client) -> None:
    at = timezone.now()
    week = last_days(7, at=at)
    closed = Conversation.objects.filter(first_message_at__gte=week.start)
    begun = closed.filter(status="closed").order_by("first_message_at")
    begun.filter(pk=begun.last().pk).update(visitor=begun.first().visitor)
    report = build_report(week, at=at)

    found = {
        key: number_of_rows(manager, link)
        for key, _value, link in tiles(manager.get(PAGE).content.decode())
        if key in report.readings
    }

    counts = report.counts
    assert found == {
        "dialogs": counts.dialogs,
        "first_reply": counts.answered,
        "slowest": counts.late,
        "within_goal": counts.within_goal,
        "over_limit": counts.late + counts.missed,
        "missed": counts.missed,
        "likes": counts.likes,
        "dislikes": counts.dislikes,
        "liked": counts.rated,
        "again": 1,
    }
    assert min(found.values()) > 0


@pytest.mark.usefixtures("history")
def test_those_who_waited_lead_to_as_many_dialogs_as_they_are(manager: Client) -> None:
    moment = timezone.now()
    rows = Conversation.objects.order_by("pk").values_list("pk", flat=True)
    for number, fact in enumerate(
        ("holding_at", "passed_on_at", "rescued_at", "left_at"), start=1
    ):
        Conversation.objects.filter(pk__in=rows[:number]).update(**{fact: moment})

    page = manager.get(PAGE + "?period=30").content.decode()
    shown = {key: (value, link) for key, value, link in tiles(page)}

    for number, key in enumerate(("held", "passed_on", "rescued", "left"), start=1):
        value, link = shown[key]
        assert (value, number_of_rows(manager, link)) == (str(number), number)
    for key in ("late_shifts", "early_shifts", "uncovered"):
        assert shown[key][1].endswith("/attendance/")


@pytest.mark.usefixtures("history")
def test_every_number_of_the_tables_leads_to_its_dialogs(manager: Client) -> None:
    page = manager.get(PAGE).content.decode()
    links = re.findall(rf'<a href="({LIST}\?[^"]*)">(\d+)</a>', page)
    assert len(links) > 20

    for link, number in dict(links).items():
        assert number_of_rows(manager, unescape(link)) == int(number), link


@pytest.mark.usefixtures("history")
def test_the_values_are_those_of_the_report(manager: Client) -> None:
    values = {key: value for key, value, _ in tiles(manager.get(PAGE).content.decode())}

    # Of the 24, 13 waited 15 s at most, and 7 over 20 s or in vain.
    assert values["dialogs"] == "24"
    assert values["within_goal"] == "54%"
    assert values["over_limit"] == "29%"
    assert values["missed"] == "3"
    assert values["first_reply"] == "14 s"
    assert values["slowest"] == "40 s"
    assert values["liked"] == "7 of 8"


def test_the_slowest_reply_leads_to_all_answered_while_none_was_late(
    manager: Client,
) -> None:
    anna = make_operator(name="Anna")
    for wait in (4, 12, 19.5):
        make_timed(wait, operator=anna)

    shown = {
        key: (value, link)
        for key, value, link in tiles(manager.get(PAGE).content.decode())
    }

    value, link = shown["slowest"]
    assert value == "20 s"
    assert number_of_rows(manager, link) == 3


@pytest.mark.usefixtures("history")
def test_a_reader_without_dialogs_gets_numbers_without_links(
    manager: Client, django_user_model: type
) -> None:
    boss = django_user_model.objects.get(username="boss")
    group = boss.groups.get()
    group.permissions.remove(group.permissions.get(codename="view_conversation"))

    page = manager.get(PAGE).content.decode()

    assert LIST not in page
    assert "54%" in page


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_charts_are_drawn_with_plain_numbers(
    manager: Client, language: str
) -> None:
    page = manager.get(PAGE, headers={"accept-language": language}).content.decode()
    charts = re.findall(r"<svg class=\"cd-chart.*?</svg>", page, re.DOTALL)
    assert len(charts) == 2

    for chart in charts:
        root = ET.fromstring(chart)  # noqa: S314 - our own page.
        assert root.get("role") == "img"
        assert root.get("aria-label")
        for element in root.iter():
            for name in ("x", "y", "width", "height", "x1", "x2", "y1", "y2"):
                if (value := element.get(name)) is not None:
                    assert float(value) >= 0


def test_nothing_on_the_page_needs_a_looser_policy(manager: Client) -> None:
    make_timed(9, operator=make_operator(name="Anna"))

    page = manager.get(PAGE).content.decode()
    ours = page[page.index('class="cd-admin"') :]

    assert " style=" not in ours
    assert "<style" not in ours
    assert not re.search(r"\son\w+=", ours)


def test_the_board_says_who_is_there(manager: Client) -> None:
    anna, dmitry = make_operator(name="Anna"), make_operator(name="Dmitry")
    make_operator(name="Leila")
    gone = make_operator(name="Tomas")
    Operator.objects.filter(pk=gone.pk).update(is_active=False)
    now = timezone.now()
    bring_online(anna, at=now - 90 * SECOND)
    Lease.objects.update(expires_at=now + MINUTE)
    Operator.objects.filter(pk=dmitry.pk).update(status="away")
    bring_online(dmitry)
    for _ in range(3):
        make_conversation(
            operator=anna, entries=[("visitor", "Hi"), ("operator", "Yes")]
        )

    page = manager.get(PRESENCE).content.decode()

    cards = re.findall(r"<article.*?</article>", page, re.DOTALL)
    assert ["Anna" in cards[0], "Dmitry" in cards[1], "Leila" in cards[2]] == [True] * 3
    assert len(cards) == 3
    assert "Online since" in cards[0]
    assert "3/5" in cards[0]
    assert cards[0].count("cd-taken") == 3
    assert "Away since" in cards[1]
    assert "Offline" in cards[2]
    assert "1 operator online, 3 of 5 places taken." in page


def test_a_visitor_who_waits_too_long_raises_the_alarm(manager: Client) -> None:
    bring_online(make_operator(name="Anna"))
    make_conversation(at=timezone.now() - 45 * SECOND)

    page = manager.get(PRESENCE).content.decode()

    assert "cd-alarm" in page
    assert "1 visitor waits for anyone, 4" in page


def test_the_app_has_a_way_to_the_page(manager: Client, clerk: Client) -> None:
    for path in ("/admin/chatdesk/", "/admin/chatdesk/operator/", LIST):
        assert PAGE in manager.get(path).content.decode()
    assert PAGE not in clerk.get("/admin/chatdesk/").content.decode()
