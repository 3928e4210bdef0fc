"""The pump: every entry once and in order, whatever the bells do."""

import asyncio
import json
import random

import pytest
from django.db import OperationalError

from chatdesk.models import Entry
from chatdesk.realtime import pump
from chatdesk.realtime.encode import News
from chatdesk.realtime.pump import WINDOW, WINDOW_LETTERS, Follow
from chatdesk.selectors.visitors import actor_of
from chatdesk.threads import in_database
from chatdesk.wire.codes import MAX_BATCH_BYTES
from tests.factories import (
    actor_of_operator,
    fill,
    make_conversation,
    make_operator,
    say,
)
from tests.sockets import until

pytestmark = [pytest.mark.django_db(transaction=True)]


class Reader:
    """A client that keeps what it was sent by one follow."""

    def __init__(self, conversation, *, cursor=0, staff=False):
        self.frames = []
        self.follow = Follow(
            conversation_id=conversation.pk,
            public_id=conversation.public_id.hex,
            cursor=cursor,
            epoch="e" * 32,
            staff=staff,
            push=lambda text: self.frames.append(json.loads(text)),
        )

    @property
    def seqs(self):
        """Return the numbers of the entries that came, in the order of coming."""
        return [item["seq"] for frame in self.events for item in frame["items"]]

    @property
    def events(self):
        return [frame for frame in self.frames if frame["type"] == "events"]

    async def synced(self):
        await until(lambda: any(each["type"] == "synced" for each in self.frames))

    async def has(self, number):
        await until(lambda: self.follow.cursor >= number)

    def offer(self, entries):
        news = News(
            self.follow.public_id, "e" * 32, entries[0].seq, entries[-1].seq, entries
        )
        self.follow.offer(news)

    async def rest(self):
        """Wait until nothing is being read."""
        await until(lambda: self.follow._task is None or self.follow._task.done())


def log_of(number, *, texts=None):
    """Return a conversation with so many entries, and these entries."""
    conversation = make_conversation(entries=())
    texts = texts or [f"word {each}" for each in range(1, number + 1)]
    fill(conversation, actor_of(conversation.visitor), texts)
    return conversation, list(Entry.objects.order_by("seq"))


@pytest.fixture
def reads(monkeypatch):
    """Count how often the log is read."""
    calls = []
    real = pump.entries_after

    def entries_after(**kwargs):
        calls.append(kwargs["cursor"])
        return real(**kwargs)

    monkeypatch.setattr(pump, "entries_after", entries_after)
    return calls


async def test_the_replay_ends_with_synced_and_is_one_read(reads):
    conversation, _ = await in_database(log_of, 5)
    reader = Reader(conversation, cursor=2)

    reader.follow.start()
    await reader.synced()

    assert reader.seqs == [3, 4, 5]
    assert reader.frames[-1] == {
        "type": "synced",
        "conv": conversation.public_id.hex,
        "seq": 5,
        "marks": {},
    }
    assert reads == [2]


async def test_entries_that_are_exactly_next_are_taken_without_a_read(reads):
    conversation, entries = await in_database(log_of, 5)
    reader = Reader(conversation, cursor=2)
    reader.follow.is_live = True

    reader.offer(entries[2:3])
    reader.offer(entries[3:5])

    assert reader.seqs == [3, 4, 5]
    assert reads == []


async def test_entries_after_a_hole_are_read_from_the_log(reads):
    conversation, entries = await in_database(log_of, 5)
    reader = Reader(conversation, cursor=2)
    reader.follow.is_live = True

    reader.offer(entries[4:5])
    await reader.has(5)

    assert reader.seqs == [3, 4, 5]
    assert reads == [2]


async def test_entries_that_came_before_are_not_sent_again():
    conversation, entries = await in_database(log_of, 5)
    reader = Reader(conversation)
    reader.follow.start()
    await reader.synced()

    reader.offer(entries[4:5])
    reader.offer(entries[1:3])
    reader.follow.hear(5)
    reader.follow.hear(2)
    await reader.rest()

    assert reader.seqs == [1, 2, 3, 4, 5]


async def test_entries_that_came_before_are_no_reason_to_read(reads):
    conversation, entries = await in_database(log_of, 5)
    reader = Reader(conversation, cursor=4)
    reader.follow.is_live = True

    reader.offer(entries[2:4])
    await reader.rest()
    reader.offer(entries[4:5])

    assert reader.seqs == [5]
    assert reads == []


async def test_what_is_offered_before_the_replay_has_ended_waits_for_it():
    conversation, entries = await in_database(log_of, 5)
    reader = Reader(conversation)

    reader.follow.start()
    reader.offer(entries[4:5])
    await reader.synced()

    assert reader.seqs == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("seed", range(4))
async def test_bells_that_are_lost_doubled_and_reordered_change_nothing(seed):
    chance = random.Random(seed)
    conversation, entries = await in_database(log_of, 60)
    reader = Reader(conversation)
    bells = [number for number in range(60) if chance.random() < 0.7] * 2
    bells.sort(key=lambda number: number + chance.uniform(-8, 8))
    reader.follow.start()

    for number in bells:
        last = min(number + chance.randrange(1, 4), 60)
        if chance.random() < 0.5:
            reader.offer(entries[number:last])
        else:
            reader.follow.hear(last)
        reader.follow.acknowledge(reader.follow.cursor)
        if chance.random() < 0.3:
            await asyncio.sleep(0)
    reader.follow.hear(60)
    await reader.has(60)

    assert reader.seqs == list(range(1, 61))
    covered = [(frame["from"], frame["to"]) for frame in reader.events]
    assert [begin for begin, _ in covered] == [1] + [end + 1 for _, end in covered[:-1]]


async def test_a_note_is_covered_but_not_shown_to_a_visitor():
    operator = await in_database(make_operator)
    conversation = await in_database(make_conversation)
    await in_database(
        say, conversation, actor_of_operator(operator), "a regular", is_note=True
    )
    visitor, staff = Reader(conversation), Reader(conversation, staff=True)

    for reader in (visitor, staff):
        reader.follow.start()
        await reader.synced()

    assert (visitor.seqs, staff.seqs) == ([1], [1, 2])
    assert [(each["from"], each["to"]) for each in visitor.events] == [(1, 2)]


async def test_it_never_runs_further_ahead_than_the_window():
    conversation, entries = await in_database(log_of, WINDOW + 60)
    reader = Reader(conversation)
    reader.follow.start()
    await reader.has(WINDOW)
    await reader.rest()
    assert reader.seqs == list(range(1, WINDOW + 1))
    assert reader.follow.choked_at is not None

    reader.offer(entries[WINDOW : WINDOW + 1])
    await reader.rest()
    assert reader.follow.cursor == WINDOW

    assert reader.follow.acknowledge(10)
    await reader.synced()
    assert reader.seqs == list(range(1, WINDOW + 61))
    assert reader.follow.acknowledge(WINDOW + 60)
    assert reader.follow.choked_at is None


async def test_long_words_fill_the_window_sooner():
    conversation, _ = await in_database(
        log_of, 150, texts=["x" * 4000 for _ in range(150)]
    )
    reader = Reader(conversation)
    reader.follow.start()
    await until(lambda: reader.follow.choked_at is not None)
    await reader.rest()
    sent = sum(len(item["text"]) for each in reader.events for item in each["items"])
    assert WINDOW_LETTERS - MAX_BATCH_BYTES < sent < WINDOW_LETTERS + MAX_BATCH_BYTES

    reader.follow.acknowledge(reader.follow.cursor)
    await until(lambda: len(reader.seqs) > 100)
    reader.follow.acknowledge(reader.follow.cursor)
    await reader.synced()
    assert reader.seqs == list(range(1, 151))


async def test_a_replay_under_way_brings_all_that_follows_where_it_was_begun():
    conversation, _ = await in_database(log_of, WINDOW + 60)
    reader = Reader(conversation, cursor=5)
    reader.follow.start()
    await reader.has(WINDOW + 5)

    asked = [reader.follow.is_bringing(seq, epoch="") for seq in (4, 5, WINDOW + 5)]
    assert asked == [False, True, True]
    assert not reader.follow.is_bringing(WINDOW + 6, epoch="")
    assert not reader.follow.is_bringing(5, epoch="another")

    reader.follow.acknowledge(WINDOW)
    await reader.synced()
    assert not reader.follow.is_bringing(WINDOW, epoch="")


async def test_what_was_never_sent_cannot_be_acknowledged():
    conversation, _ = await in_database(log_of, 3)
    reader = Reader(conversation)
    reader.follow.start()
    await reader.synced()

    assert reader.follow.acknowledge(3)
    assert reader.follow.acknowledge(1)
    assert not reader.follow.acknowledge(4)
    assert reader.follow.acked == 3


async def test_a_batch_is_within_the_size_of_the_protocol():
    texts = [str(number) + "я" * 3900 for number in range(40)]
    conversation, _ = await in_database(log_of, 40, texts=texts)
    reader = Reader(conversation)

    reader.follow.start()
    await reader.synced()

    assert reader.seqs == list(range(1, 41))
    sizes = [
        len(json.dumps(each, ensure_ascii=False).encode()) for each in reader.events
    ]
    assert max(sizes) <= 64 * 1024
    assert len(sizes) > 1


@pytest.mark.parametrize("cursor", [0, 3], ids=["from the start", "nothing is new"])
async def test_a_replay_that_failed_is_made_up_for_at_the_next_look(
    monkeypatch, caplog, cursor
):
    conversation, _ = await in_database(log_of, 3)
    reader = Reader(conversation, cursor=cursor)

    def fail(**_kwargs):
        raise OperationalError

    with monkeypatch.context() as database_away:
        database_away.setattr(pump, "entries_after", fail)
        reader.follow.start()
        await reader.rest()
    assert reader.frames == []

    reader.follow.hear(3)
    await reader.synced()

    assert reader.seqs == list(range(cursor + 1, 4))
    assert "could not be read" in caplog.text


async def test_a_follow_that_was_stopped_sends_nothing_more():
    conversation, _ = await in_database(log_of, 3)
    reader = Reader(conversation)

    reader.follow.start()
    reader.follow.stop()
    await reader.rest()

    assert reader.frames == []
