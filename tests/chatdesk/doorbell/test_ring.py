"""Bells, marks and whispers: whom they reach, and what of them leaves the process."""

import asyncio
import json
import threading
import time
from dataclasses import astuple

import pytest
from channels.layers import channel_layers
from django.utils import timezone

from chatdesk.doorbell import carrier
from chatdesk.doorbell import line as line_module
from chatdesk.doorbell.groups import BELLS, MARKS, PROCESSES
from chatdesk.doorbell.listeners import Bell, MarkBell, current, listen
from chatdesk.doorbell.ring import ring, ring_marks
from chatdesk.models import AuthorKind
from chatdesk.selectors.visitors import actor_of
from chatdesk.services.conversations import close_conversation, take_conversation
from chatdesk.services.marks import MarkMove, move_marks
from chatdesk.services.ratings import rate_conversation
from chatdesk.services.typing import share_typing
from tests.factories import (
    actor_of_operator,
    fill,
    make_conversation,
    make_operator,
    say,
)
from tests.hearing import Ear


class Layer:
    """A channel layer that keeps what it is given, or fails, or gives no answer."""

    def __init__(self, error=None):
        self.sent = []
        self.begun = 0
        self.error = error
        self.answers = threading.Event()
        self.answers.set()

    async def group_send(self, group, message):
        self.begun += 1
        while not self.answers.is_set():  # noqa: ASYNC110 - set from another thread
            await asyncio.sleep(0.01)
        if self.error is not None:
            raise self.error
        self.sent.append((group, message))


@pytest.fixture
def layer():
    stand_in = Layer()
    before = channel_layers.set("default", stand_in)
    yield stand_in
    # There may have been none yet; the next to ask makes it.
    channel_layers.backends.pop("default", None)
    if before is not None:
        channel_layers.set("default", before)


@pytest.fixture
def ears():
    """Two listeners, as of two event loops of one process."""
    pair = [Ear(), Ear()]
    leave = [listen(each) for each in pair]
    yield pair
    for each in leave:
        each()


def bell(number=1):
    return Bell(number, "0" * 32, number)


def mark(number):
    return MarkBell(number, "0" * 32, "v", number, number)


def test_every_listener_hears_and_one_carries(ears, layer):
    ring([bell(1), bell(2)])

    assert [ear.bells for ear in ears] == [[bell(1), bell(2)]] * 2
    assert [len(ear.published) for ear in ears] == [1, 0]
    assert layer.sent == []


def test_who_has_left_hears_nothing(ears):
    silent = Ear()
    leave = listen(silent)
    leave()
    leave()

    ring([bell()])

    assert silent.bells == []
    assert current() == tuple(ears)


def test_a_process_without_sockets_carries_its_bells_itself(layer):
    ring([bell(7)])

    ((group, message),) = layer.sent
    assert group == PROCESSES
    assert message["bells"] == [[7, "0" * 32, 7, False]]
    assert message["v"] == 1


def test_a_layer_that_fails_harms_nobody(layer, caplog):
    layer.error = ConnectionError("no layer here")

    ring([bell()])

    assert "was not carried" in caplog.text


def test_a_layer_that_gives_no_answer_is_not_waited_for(layer, monkeypatch):
    monkeypatch.setattr(line_module, "ANSWER_WITHIN_S", 0.01)
    monkeypatch.setattr(carrier, "PATIENCE_S", 30)
    layer.answers.clear()
    # This one is given up, which is known from then on.
    ring([bell(1)])
    monkeypatch.setattr(line_module, "ANSWER_WITHIN_S", 30)

    # This one is never answered, and nobody waits for it; those after it are dropped.
    ring([bell(2)])
    ring([bell(3)])
    ring([bell(4)])

    wait_until_looked_at()
    assert layer.begun <= 2
    assert layer.sent == []
    layer.answers.set()
    assert carried_until(layer, bell(5)) <= {2, 5}


def wait_until_looked_at():
    """Wait until the thread that carries has taken or dropped all that was rung."""
    carrier._carrier()._run(asyncio.sleep(0)).result(30)


def carried_until(layer, last):
    """Ring until this bell gets through; return the numbers of all that did."""
    deadline = time.monotonic() + 30
    seqs = set()
    while last.seq not in seqs:
        assert time.monotonic() < deadline
        ring([last])
        seqs = {message["bells"][0][2] for _, message in list(layer.sent)}
    return seqs


@pytest.fixture
def slow(layer, monkeypatch):
    """Return a layer that answers nothing before it is told to, with room for two."""
    monkeypatch.setattr(line_module, "MOST_AT_ONCE", 2)
    monkeypatch.setattr(carrier, "PATIENCE_S", 0)
    layer.answers.clear()
    return layer


def answer(layer, *, until):
    """Let the layer answer; return how many it had been asked, and what it was sent."""
    wait_until_looked_at()
    begun = layer.begun
    layer.answers.set()
    deadline = time.monotonic() + 30
    while len(layer.sent) < until:
        assert time.monotonic() < deadline
        wait_until_looked_at()
    return begun, sorted((message for _, message in layer.sent), key=str)


def numbers(message):
    return [each[2] for each in message["bells"]]


def test_what_comes_while_the_layer_is_slow_goes_out_together(slow):
    for number in range(1, 10):
        ring([bell(number)])

    begun, sent = answer(slow, until=3)

    assert begun == 2
    assert [numbers(message) for message in sent] == [[1], [2], [3, 4, 5, 6, 7, 8, 9]]


def test_bells_and_marks_that_wait_keep_to_their_own_kind(slow):
    for number in range(1, 5):
        ring([bell(number)])
        ring_marks([mark(number)])

    begun, sent = answer(slow, until=4)

    assert begun == 2
    assert [message["type"] for message in sent] == [BELLS, BELLS, MARKS, MARKS]
    assert [numbers(message) for message in sent[:2]] == [[1], [2, 3, 4]]
    assert [message["marks"] for message in sent[2:]] == [
        [list(astuple(mark(1)))],
        [list(astuple(mark(number))) for number in (2, 3, 4)],
    ]


def test_what_finds_no_room_is_dropped_and_what_comes_later_gets_through(
    slow, monkeypatch
):
    monkeypatch.setattr(line_module, "MOST_IN_ONE", 3)
    for number in range(1, 10):
        ring([bell(number)])

    _, sent = answer(slow, until=3)

    assert [numbers(message) for message in sent] == [[1], [2], [3, 4, 5]]
    assert carried_until(slow, bell(10)) == {1, 2, 3, 10}


def test_what_still_waits_at_the_end_is_counted_as_lost(slow):
    for number in range(1, 4):
        ring([bell(number)])
    wait_until_looked_at()
    carried = carrier._carrier()
    lost = carried._line.lost

    carried._run(carried._line.close()).result(30)

    assert carried._line.lost == lost + 1
    slow.answers.set()


def test_without_a_layer_nothing_is_carried(settings):
    settings.CHANNEL_LAYERS = {}
    channel_layers.backends.clear()

    ring([bell()])

    channel_layers.backends.clear()


@pytest.mark.django_db(transaction=True)
def test_a_batch_is_one_publication(layer):
    conversation = make_conversation(entries=())
    layer.sent.clear()

    fill(conversation, actor_of(conversation.visitor), "abcdef")

    assert len(layer.sent) == 1
    assert layer.sent[0][1]["bells"][0][2] == 6


@pytest.mark.django_db(transaction=True)
def test_no_word_of_a_dialog_leaves_the_process(layer):
    secret = "Xyzzy"
    operator = make_operator(name=f"{secret} Anna")
    conversation = make_conversation(
        operator=operator,
        entries=(("visitor", f"{secret}?"), ("operator", f"{secret}!")),
    )
    staff = actor_of_operator(operator)
    visitor = actor_of(conversation.visitor)
    say(conversation, staff, f"note {secret}", is_note=True)
    move_marks(
        [
            MarkMove(
                conversation_id=conversation.pk,
                public_id=conversation.public_id.hex,
                author_kind=AuthorKind.VISITOR,
                author_id=visitor.id,
                read=3,
            )
        ]
    )
    share_typing(
        public_id=conversation.public_id.hex,
        actor=staff,
        text=f"draft {secret}",
        at=timezone.now(),
    )
    close_conversation(
        conversation_id=conversation.pk, actor=visitor, at=timezone.now()
    )
    rate_conversation(
        conversation_id=conversation.pk,
        actor=visitor,
        thumb="up",
        comment=f"comment {secret}",
        at=timezone.now(),
    )

    kinds = {message["type"] for _, message in layer.sent}
    assert kinds == {"chatdesk.bells", "chatdesk.marks", "chatdesk.whisper"}
    assert secret not in json.dumps(layer.sent)


@pytest.mark.django_db(transaction=True)
def test_words_in_a_led_dialog_ring_quietly_and_all_else_aloud(ears):
    operator = make_operator()
    conversation = make_conversation()
    take_conversation(
        conversation_id=conversation.pk,
        actor=actor_of_operator(operator),
        at=timezone.now(),
    )
    fill(conversation, actor_of(conversation.visitor), ["again"])
    close_conversation(
        conversation_id=conversation.pk,
        actor=actor_of(conversation.visitor),
        at=timezone.now(),
    )

    bells = ears[0].bells
    assert [each.is_quiet for each in bells] == [False, False, True, False]
    assert [each.seq for each in bells] == [1, 2, 3, 4]
    assert [entry.text for entry in bells[2].entries] == ["again"]
