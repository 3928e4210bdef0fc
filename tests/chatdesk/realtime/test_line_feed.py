"""Visitors hear where they stand in line: when it changed, and not too often."""

import json

import pytest

from chatdesk.realtime import line_feed
from chatdesk.realtime.line_feed import PACE_S, LineFeed
from chatdesk.wire.objects import QueuePlace

pytestmark = pytest.mark.django_db(transaction=True)


class Hub:
    """Pages of visitors that remember what they were told."""

    def __init__(self, *followed):
        self.followed = set(followed)
        self.told = []

    def has_visitors(self):
        return bool(self.followed)

    def is_followed(self, conv):
        return conv in self.followed

    def tell_visitor(self, conv, text):
        frame = json.loads(text)
        assert frame["conv"] == conv
        self.told.append((conv, frame.get("queue")))

    def take(self):
        told, self.told = self.told, []
        return told


class Clock:
    """A clock that runs when the test says so."""

    now = 1000.0

    def monotonic(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(line_feed, "time", clock)
    return clock


@pytest.fixture
def line(monkeypatch):
    """The line as the database has it; ``reads`` counts the looks."""
    line = Line()

    async def read(_function):
        line.reads += 1
        return dict(line.places)

    monkeypatch.setattr(line_feed, "in_database", read)
    return line


class Line:
    """Places by dialog."""

    def __init__(self):
        self.places = {}
        self.reads = 0

    def stand(self, **places):
        self.places = {
            conv: QueuePlace(place=place, answer_s=answer_s)
            for conv, (place, answer_s) in places.items()
        }


@pytest.mark.usefixtures("clock")
async def test_a_waiting_visitor_hears_his_place_at_once(line):
    hub = Hub("a")
    line.stand(a=(2, 40))
    await LineFeed(hub).look()
    assert hub.take() == [("a", {"place": 2, "answer_s": 40})]


@pytest.mark.usefixtures("clock")
async def test_without_an_estimate_only_the_place_is_told(line):
    hub = Hub("a")
    line.stand(a=(1, None))
    await LineFeed(hub).look()
    assert hub.take() == [("a", {"place": 1})]


async def test_what_did_not_change_is_not_told_again(line, clock):
    hub = Hub("a")
    feed = LineFeed(hub)
    line.stand(a=(1, 20))
    await feed.look()
    hub.take()
    clock.now += PACE_S * 10
    await feed.look()
    assert hub.take() == []


async def test_a_change_is_told_when_the_last_news_is_old_enough(line, clock):
    hub = Hub("a")
    feed = LineFeed(hub)
    line.stand(a=(3, 60))
    await feed.look()
    hub.take()
    line.stand(a=(2, 40))
    clock.now += PACE_S - 1
    await feed.look()
    assert hub.take() == []
    clock.now += 1
    await feed.look()
    assert hub.take() == [("a", {"place": 2, "answer_s": 40})]


async def test_changes_in_between_are_left_out(line, clock):
    hub = Hub("a")
    feed = LineFeed(hub)
    for place in (5, 4, 3, 2):
        line.stand(a=(place, None))
        await feed.look()
        clock.now += 1
    clock.now += PACE_S
    await feed.look()
    assert [queue["place"] for _, queue in hub.take()] == [5, 2]


async def test_whoever_leaves_the_line_hears_it_at_once_and_once(line, clock):
    hub = Hub("a")
    feed = LineFeed(hub)
    line.stand(a=(1, 20))
    await feed.look()
    hub.take()
    line.stand()
    clock.now += 0.1
    await feed.look()
    await feed.look()
    assert hub.take() == [("a", None)]


async def test_whoever_comes_back_into_the_line_hears_it_at_once(line, clock):
    hub = Hub("a")
    feed = LineFeed(hub)
    for places in ({"a": (1, None)}, {}, {"a": (1, None)}):
        line.stand(**places)
        await feed.look()
        clock.now += 0.1
    assert hub.take() == [("a", {"place": 1}), ("a", None), ("a", {"place": 1})]


@pytest.mark.usefixtures("clock")
async def test_nobody_hears_of_the_places_of_others(line):
    hub = Hub("a")
    line.stand(b=(1, 20), a=(2, 40))
    await LineFeed(hub).look()
    assert [conv for conv, _ in hub.take()] == ["a"]


@pytest.mark.usefixtures("clock")
async def test_the_line_is_read_once_for_all_pages(line):
    hub = Hub(*"abcdef")
    line.stand(**{conv: (place, None) for place, conv in enumerate("abcdef", 1)})
    await LineFeed(hub).look()
    assert len(hub.take()) == 6
    assert line.reads == 1


@pytest.mark.usefixtures("clock")
async def test_without_a_page_nobody_reads_the_line(line):
    await LineFeed(Hub()).look()
    assert line.reads == 0


@pytest.mark.usefixtures("clock")
async def test_a_page_that_comes_later_is_told_what_was_told_last(line):
    hub = Hub("a")
    feed = LineFeed(hub)
    assert feed.text_for("a") == ""
    line.stand(a=(2, 40))
    await feed.look()
    assert json.loads(feed.text_for("a"))["queue"] == {"place": 2, "answer_s": 40}
    assert feed.text_for("b") == ""
    line.stand()
    await feed.look()
    assert feed.text_for("a") == ""
