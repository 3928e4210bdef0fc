"""A client's rules, without a network: what it says when, and what it never does."""

import random
from collections import defaultdict
from typing import Any
from uuid import UUID

import pytest

from tests.faults.core import ANSWER_LIMIT_S, HOLE_S, Core
from tests.faults.history import Line
from tests.faults.reducer import Frame

CONV = "c" * 32


class Server:
    """The rules of the log in a few lines: numbers without holes, one row a cmid."""

    def __init__(self) -> None:
        self.rows: list[Frame] = []

    def write(self, frame: Frame) -> Frame:
        known = {row["cmid"]: row["seq"] for row in self.rows}
        seq = known.get(frame["cmid"], len(self.rows) + 1)
        if frame["cmid"] not in known:
            if frame.get("prev_cmid", frame["cmid"]) not in {*known, frame["cmid"]}:
                return _nack(frame, code="out_of_order", final=False)
            text = frame["body"]["text"]
            row = {"seq": seq, "cmid": frame["cmid"], "author": "visitor"}
            self.rows.append({**row, "kind": "message", "text": text})
        return {"type": "sent", "conv": CONV, "cmid": frame["cmid"], "seq": seq}

    def events(self, first: int, last: int) -> Frame:
        items = self.rows[first - 1 : last]
        place = {"conv": CONV, "epoch": "e", "from": first, "to": last}
        return {"type": "events", **place, "items": items}


def _nack(frame: Frame, *, code: str, final: bool) -> Frame:
    return {"type": "nack", "cmid": frame["cmid"], "code": code, "final": final}


def _core(*, window: int = 1, notes: list[Line] | None = None) -> Core:
    kept = [] if notes is None else notes
    return Core(
        author="v1",
        tab="v1.0",
        convs=[CONV],
        window=window,
        note=lambda **fields: kept.append(fields),
    )


def _open(core: Core, *, now: float = 0.0) -> list[Frame]:
    core.open(now=now)
    return core.receive({"type": "welcome", "beat_s": 8}, now=now)


def _intend(core: Core, *names: str) -> None:
    for name in names:
        core.intend(cmid=name, conv=CONV, text=name, kind="message")


def _sends(frames: list[Frame]) -> list[str]:
    return [frame["cmid"] for frame in frames if frame["type"] == "send"]


def test_one_intent_is_under_way_at_a_time() -> None:
    core = _core()
    _intend(core, "a", "b")
    assert _sends(_open(core)) == ["a"]
    sent = {"type": "sent", "conv": CONV, "cmid": "a", "seq": 1}
    assert _sends(core.receive(sent, now=1.0)) == ["b"]


def test_a_chain_names_what_it_follows() -> None:
    core = _core(window=3)
    _intend(core, "a", "b", "c", "d")
    frames = [each for each in _open(core) if each["type"] == "send"]
    assert [each.get("prev_cmid") for each in frames] == [None, "a", "b"]


def test_what_is_not_answered_is_sent_again_with_the_same_id() -> None:
    core = _core()
    _intend(core, "a")
    assert _sends(_open(core)) == ["a"]
    assert _sends(core.due(now=ANSWER_LIMIT_S - 0.1)) == []
    assert _sends(core.due(now=ANSWER_LIMIT_S)) == ["a"]


def test_a_new_connection_sends_the_outbox_at_once() -> None:
    core = _core()
    _intend(core, "a")
    _open(core)
    core.close()
    assert _sends(core.due(now=100.0)) == []
    assert _sends(_open(core, now=1.0)) == ["a"]


def test_a_refusal_for_good_lets_the_next_one_go() -> None:
    core = _core()
    _intend(core, "a", "b")
    _open(core)
    refused = {"type": "nack", "cmid": "a", "code": "closed", "final": True}
    assert _sends(core.receive(refused, now=1.0)) == ["b"]


def test_a_chain_closes_over_what_was_refused_for_good() -> None:
    core = _core(window=3)
    _intend(core, "a", "b", "c")
    _open(core)
    core.receive(_nack({"cmid": "b"}, code="closed", final=True), now=1.0)
    _intend(core, "d")
    assert {each.cmid: each.prev for each in core.outbox} == {
        "a": None,
        "b": "a",
        "c": "a",
        "d": "c",
    }


def test_an_entry_seen_in_the_log_leaves_the_outbox() -> None:
    core, server = _core(), Server()
    _intend(core, "a")
    (frame,) = _open(core)
    server.write(frame)
    core.receive(server.events(1, 1), now=0.1)
    assert core.outbox == []


def test_a_long_replay_is_acknowledged_while_it_comes() -> None:
    core, server = _core(), Server()
    _open(core)
    for number in range(60):
        frame = {"cmid": str(number), "body": {"text": "word"}}
        server.write(frame)
    acked = [
        frame["seq"]
        for first, last in ((1, 50), (51, 60))
        for frame in core.receive(server.events(first, last), now=0.1)
        if frame["type"] == "ack"
    ]
    assert acked == [50]
    assert [frame["seq"] for frame in core.due(now=0.4)] == [60, 60]


def test_a_hole_is_asked_for_from_the_cursor() -> None:
    core = _core()
    _open(core)
    core.receive({"type": "heads", "heads": {CONV: 4}}, now=0.0)
    assert core.due(now=HOLE_S / 2) == []
    (hello,) = core.due(now=HOLE_S + 1)
    assert hello["resume"] == [{"conv": CONV, "cursor": 0, "epoch": ""}]


def test_a_reload_sends_again_what_was_settled_after_the_save() -> None:
    core = _core()
    _intend(core, "a")
    core.save()
    _open(core)
    core.receive({"type": "sent", "conv": CONV, "cmid": "a", "seq": 1}, now=0.1)
    core.close()
    core.reload()
    assert _sends(_open(core, now=1.0)) == ["a"]


@pytest.mark.parametrize("seed", range(60))
def test_any_loss_repeat_cut_and_reload_ends_in_one_log(seed: int) -> None:
    chances = random.Random(seed)
    notes: list[Line] = []
    core, server = _core(window=1 + seed % 3, notes=notes), Server()
    world = _World(core, server, chances)
    for _ in range(300):
        world.step()
    world.settle()
    said = [each["cmid"] for each in notes if each.get("type") == "invoke"]
    assert [row["cmid"] for row in server.rows] == said
    assert list(core.copies[CONV].entries) == server.rows
    assert core.outbox == []


class _World:
    """Between a core and a server: everything that a network and a person may do."""

    def __init__(self, core: Core, server: Server, chances: random.Random) -> None:
        self.core, self.server, self.chances = core, server, chances
        self.now = 0.0
        self.up: list[Frame] = []
        self.down: list[Frame] = []
        self.cursor = 0

    def step(self) -> None:
        deeds: dict[Any, int] = defaultdict(int)
        deeds |= {self.press: 3, self.pass_up: 8, self.pass_down: 8, self.tick: 4}
        deeds |= {self.cut: 1, self.reload: 1, self.save: 2, self.push: 6}
        (deed,) = self.chances.choices(list(deeds), list(deeds.values()))
        deed()

    def settle(self) -> None:
        for _ in range(200):
            for deed in (self.connect, self.pass_up, self.push, self.pass_down):
                deed()
            self.tick()

    def press(self) -> None:
        name = UUID(int=self.chances.getrandbits(128)).hex
        self.core.intend(cmid=name, conv=CONV, text=name, kind="message")

    def connect(self) -> None:
        if not self.core.is_open:
            self.up = [self.core.open(now=self.now)]
            self.down = []
            self.say(self.core.receive({"type": "welcome", "beat_s": 8}, now=self.now))

    def cut(self) -> None:
        self.core.close()
        self.up, self.down = [], []

    def reload(self) -> None:
        self.cut()
        self.core.reload()

    def save(self) -> None:
        self.core.save()

    def tick(self) -> None:
        self.connect()
        self.now += self.chances.choice((0.1, 0.5, 3.0))
        self.say(self.core.due(now=self.now))

    def pass_up(self) -> None:
        if not self.up:
            return
        frame = self.up.pop(0)
        for _ in range(self.chances.choice((1, 1, 1, 2))):
            if frame["type"] == "send":
                self.down.append(self.server.write(frame))
            elif frame["type"] == "hello":
                self.cursor = frame["resume"][0]["cursor"]

    def push(self) -> None:
        head = len(self.server.rows)
        if self.core.is_open and not self.up and head > self.cursor:
            last = self.chances.randint(self.cursor + 1, head)
            self.down.append(self.server.events(self.cursor + 1, last))
            self.cursor = last

    def pass_down(self) -> None:
        if self.down and self.core.is_open:
            self.say(self.core.receive(self.down.pop(0), now=self.now))

    def say(self, frames: list[Frame]) -> None:
        self.up += frames
