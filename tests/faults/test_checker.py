"""A checker that has never failed proves nothing: it finds each kind of violation."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.faults.checker import check_convergence, judge, sum_up
from tests.faults.evidence import Evidence, delays_after_heal
from tests.faults.history import Line, digest
from tests.faults.reducer import MARKS, render

CONV = "c" * 32
VISITOR, OPERATOR = "v1.0", "o1.0"


class Story:
    """A round in which all went well; each test spoils one thing."""

    def __init__(self) -> None:
        self.history: list[Line] = [{"t": 0.0, "op": "begin", "heads": {CONV: 1}}]
        self.entries = [_row(1, "v1", "hello", cmid="old")]
        self.conversations = [
            {
                "conv": CONV,
                "head": 4,
                "operator": None,
                "owners": 0,
                "preview": "three",
                "status": "waiting",
                "thumb": "",
                "ratings": None,
            }
        ]
        self.effects: list[Line] = []
        self.mails: list[Line] = []
        self.operators = [
            {"id": 1, "capacity": 2, "load": 1, "leases": 1, "state": "online"},
            {"id": 9, "capacity": 2, "load": 0, "leases": 0, "state": "offline"},
        ]
        self.logs: list[str] = []
        self.complaints: list[str] = []
        self.marks: list[Line] = []
        for tab in (VISITOR, OPERATOR):
            self.note(1.0, "link", tab=tab, type="open", link=1)
            self.note(1.0, "ask", tab=tab, link=1, conv=CONV, cursor=0)
            self.take(1.1, tab, 1, 1, items=[_item(self.entries[0])])
            self.note(1.2, "synced", tab=tab, conv=CONV, seq=1)
        self.note(2.0, "fault", type="invoke", kind="web killed")
        self.say(3.0, VISITOR, "one", 2)
        self.say(3.5, OPERATOR, "two", 3, kind="note")
        self.note(4.0, "fault", type="ok", kind="web killed")
        self.say(5.0, VISITOR, "three", 4)
        self.note(9.0, "presence", operator=9, is_here=False, for_s=50.0)

    def note(self, at: float, op: str, **fields: Any) -> Line:
        line = {"t": at, "op": op, **fields}
        self.history.append(line)
        return line

    def say(
        self, at: float, tab: str, text: str, seq: int, kind: str = "message"
    ) -> None:
        row = _row(seq, tab.partition(".")[0], text, cmid=f"m{seq}", kind=kind)
        self.entries.append(row)
        send = {"tab": tab, "author": row["author"], "conv": CONV, "cmid": row["cmid"]}
        self.note(
            at,
            "send",
            **send,
            type="invoke",
            number=seq,
            kind=kind,
            text=row["digest"],
        )
        self.note(at + 0.1, "send", **send, type="ok", seq=seq, mismatch=False)
        for reader in (VISITOR, OPERATOR):
            may_see = kind != "note" or reader == OPERATOR
            self.take(at + 0.2, reader, seq, seq, items=[_item(row)] if may_see else [])

    def take(
        self, at: float, tab: str, first: int, last: int, *, items: list[Any]
    ) -> None:
        place = {"tab": tab, "link": 1, "conv": CONV, "first": first, "last": last}
        self.note(at, "batch", **place)
        self.note(at, "apply", **place, items=items)

    def end(self, tab: str, cursor: int, *, unsettled: tuple[str, ...] = ()) -> None:
        seen = [
            {"seq": row["seq"], "author": row["shown"], "kind": row["kind"]}
            | {"text": row["text"]}
            for row in self.entries
            if tab == OPERATOR or not row["staff_only"]
        ]
        self.marks = [
            {"conv": CONV, "side": side, "delivered": 4, "read": 4} for side in "vo"
        ]
        self.note(
            10.0,
            "final",
            tab=tab,
            copies={CONV: [cursor, render(seen)]},
            marks={CONV: dict.fromkeys(MARKS, 4)},
            unsettled=list(unsettled),
        )

    def find(self, op: str, **having: Any) -> Line:
        return next(
            line
            for line in self.history
            if line["op"] == op and having.items() <= line.items()
        )

    def judge(self) -> list[str]:
        return judge(self.evidence())

    def evidence(self) -> Evidence:
        final = {
            "entries": self.entries,
            "conversations": self.conversations,
            "effects": self.effects,
            "operators": self.operators,
            "mails": self.mails,
            "logs": self.logs,
            "complaints": self.complaints,
            "marks": self.marks,
        }
        return Evidence(self.history, final)


def _row(
    seq: int, author: str, text: str, *, cmid: str, kind: str = "message"
) -> dict[str, Any]:
    return {
        "conv": CONV,
        "seq": seq,
        "side": author[0],
        "author": author,
        "shown": {"v": "visitor", "o": "operator", "s": "system"}[author[0]],
        "kind": kind,
        "staff_only": kind == "note",
        "text": text,
        "digest": digest(text),
        "cmid": cmid,
    }


def _item(row: dict[str, Any]) -> list[Any]:
    return [row["seq"], row["cmid"], row["shown"], row["digest"]]


def _effect(**changes: Any) -> dict[str, Any]:
    return {
        "id": "a" * 32,
        "kind": "no_reply_alert",
        "key": "alert:1",
        "state": "done",
        "attempts": 0,
        "late_s": 1.0,
        **changes,
    }


def test_a_good_round_has_no_violation() -> None:
    story = Story()
    story.end(VISITOR, 4)
    story.end(OPERATOR, 4)
    story.effects = [_effect()]
    story.mails = [{"id": f"<{'a' * 32}@shop.example>"}]
    assert story.judge() == []


def _acknowledged_and_gone(story: Story) -> None:
    del story.entries[-1]
    story.conversations[0] |= {"head": 3, "preview": "one"}


def _acknowledged_elsewhere(story: Story) -> None:
    story.find("send", type="ok", cmid="m2")["seq"] = 3


def _never_written(story: Story) -> None:
    lost = {"tab": VISITOR, "author": "v1", "conv": CONV, "cmid": "lost"}
    story.note(
        6.0, "send", **lost, type="invoke", number=9, kind="message", text=digest("x")
    )


def _written_twice(story: Story) -> None:
    story.entries.append(_row(5, "v1", "three", cmid="m4"))
    story.conversations[0] |= {"head": 5}


def _other_words_answered(story: Story) -> None:
    story.find("send", type="ok", cmid="m2")["mismatch"] = True


def _written_by_nobody(story: Story) -> None:
    story.entries.append(_row(5, "v1", "what I never said", cmid="m5"))
    story.conversations[0] |= {"head": 5, "preview": "what I never said"}


def _other_words_written(story: Story) -> None:
    story.find("send", type="invoke", cmid="m2")["text"] = digest("something else")


def _a_number_is_missing(story: Story) -> None:
    story.entries[-1]["seq"] = 5


def _the_head_is_wrong(story: Story) -> None:
    story.conversations[0]["head"] = 9


def _a_batch_came_twice(story: Story) -> None:
    story.note(6.0, "batch", tab=VISITOR, link=1, conv=CONV, first=4, last=4)


def _a_batch_skipped(story: Story) -> None:
    story.note(6.0, "batch", tab=VISITOR, link=1, conv=CONV, first=6, last=6)


def _a_tab_was_reordered(story: Story) -> None:
    first, second = (story.find("send", type="invoke", cmid=m) for m in ("m2", "m4"))
    first["number"], second["number"] = 1, 2
    for row in story.entries:
        row["seq"] = {2: 4, 4: 2}.get(row["seq"], row["seq"])
    story.entries.sort(key=lambda row: row["seq"])


def _a_copy_has_a_hole(story: Story) -> None:
    story.find("apply", tab=OPERATOR, first=4)["items"] = []


def _a_copy_skipped(story: Story) -> None:
    story.history.remove(story.find("apply", tab=VISITOR, first=2))


def _a_copy_has_other_words(story: Story) -> None:
    story.find("apply", tab=VISITOR, first=2)["items"][0][3] = digest("else")


def _a_copy_knows_more_than_the_log(story: Story) -> None:
    story.take(6.0, VISITOR, 5, 5, items=[[5, "m5", "visitor", digest("five")]])


def _a_copy_ended_early(story: Story) -> None:
    story.end(OPERATOR, 3)


def _a_copy_shows_otherwise(story: Story) -> None:
    story.end(OPERATOR, 4)
    story.find("final", tab=OPERATOR)["copies"][CONV][1] = "otherwise"


def _an_outbox_still_waits(story: Story) -> None:
    story.end(VISITOR, 4, unsettled=("m4",))


def _a_copy_came_late(story: Story) -> None:
    story.find("apply", tab=OPERATOR, first=4)["t"] = 30.0


def _refused_and_written(story: Story) -> None:
    story.note(6.0, "send", type="fail", tab=VISITOR, cmid="m2", code="closed")


def _a_tick_was_not_stored(story: Story) -> None:
    story.end(OPERATOR, 4)
    story.marks[1]["read"] = 3


def _a_tick_is_not_shown(story: Story) -> None:
    story.end(VISITOR, 4)
    story.find("final", tab=VISITOR)["marks"][CONV]["operator_read"] = 2


def _told_less_than_written(story: Story) -> None:
    story.note(6.0, "ask", tab=VISITOR, link=2, conv=CONV, cursor=1)
    story.note(6.1, "synced", tab=VISITOR, conv=CONV, seq=2)


def _a_ghost_is_shown(story: Story) -> None:
    story.operators[1] |= {"leases": 1, "state": "online"}


def _a_living_one_is_not_shown(story: Story) -> None:
    story.operators[0] |= {"leases": 0, "state": "offline"}
    story.note(9.0, "presence", operator=1, is_here=True, for_s=50.0)


def _a_mail_went_out_twice(story: Story) -> None:
    story.effects = [_effect()]
    story.mails = [{"id": f"<{'a' * 32}@shop.example>"}] * 2


def _a_mail_is_called_done(story: Story) -> None:
    story.effects = [_effect()]


def _a_mail_failed(story: Story) -> None:
    story.effects = [_effect(state="failed")]


def _a_mail_is_forgotten(story: Story) -> None:
    story.effects = [_effect(state="due", late_s=300.0)]


def _a_mail_from_nobody(story: Story) -> None:
    story.mails = [{"id": f"<{'b' * 32}@shop.example>"}]


def _a_note_reached_a_visitor(story: Story) -> None:
    items = story.find("apply", tab=VISITOR, first=3)["items"]
    items.append(_item(story.entries[2]))


def _taken_from_its_owner(story: Story) -> None:
    for seq, author in ((5, "o1"), (6, "o2")):
        row = _row(seq, author, "", cmid=f"t{seq}", kind="taken")
        story.entries.append(row)
    story.conversations[0]["head"] = 6


def _taken_by_another_than_was_asked(story: Story) -> None:
    for seq, author, kind in ((5, "o1", "taken"), (6, "o1", "offered")):
        row = _row(seq, author, "", cmid=f"t{seq}", kind=kind)
        story.entries.append(row | {"offered_to": "9"})
    story.entries.append(_row(7, "o8", "", cmid="t7", kind="taken"))


def _done_and_not_there(story: Story) -> None:
    story.note(6.0, "rate", type="ok", key="r1")


def _refused_and_done(story: Story) -> None:
    story.entries.append(_row(5, "v1", "", cmid="c1", kind="closed"))
    story.note(6.0, "close", type="fail", key="c1")


def _asked_and_never_answered(story: Story) -> None:
    for kind in ("invoke", "info"):
        story.note(6.0, "close", type=kind, key="c1")


def _closed_and_still_waiting(story: Story) -> None:
    story.entries.append(_row(5, "v1", "", cmid="c1", kind="closed"))


def _closed_twice(story: Story) -> None:
    for seq in (5, 6):
        story.entries.append(_row(seq, "v1", "", cmid=f"c{seq}", kind="closed"))
    story.conversations[0] |= {"status": "closed", "head": 6}


def _rated_and_not_shown(story: Story) -> None:
    row = _row(5, "v1", "", cmid="r1", kind="rated")
    story.entries.append(row | {"thumb": "up"})


def _rated_twice_on_record(story: Story) -> None:
    _rated_and_not_shown(story)
    story.conversations[0] |= {"thumb": "up", "ratings": "up,up"}


def _two_owners_on_record(story: Story) -> None:
    story.conversations[0]["owners"] = 2


def _more_than_he_can_lead(story: Story) -> None:
    story.operators[0]["load"] = 3


def _a_fact_is_stale(story: Story) -> None:
    story.conversations[0]["preview"] = "one"


def _words_in_a_log(story: Story) -> None:
    story.logs = ["web0.log"]


def _an_exception_in_a_log(story: Story) -> None:
    story.complaints = ["web0.log: KeyError"]


def _memory_is_kept(story: Story) -> None:
    for when, rss in (("before", 200.0), ("after", 900.0)):
        held = {"rss_mib": rss, "files": 50, "threads": 9, "keys": 3, "sessions": 8}
        story.note(9.0, "held", type=when, held=held)


SPOILED: list[tuple[str, Callable[[Story], None]]] = [
    ("I1", _acknowledged_and_gone),
    ("I1", _acknowledged_elsewhere),
    ("I2", _never_written),
    ("I2", _written_twice),
    ("I2", _other_words_answered),
    ("I3", _written_by_nobody),
    ("I3", _other_words_written),
    ("I4", _a_number_is_missing),
    ("I4", _the_head_is_wrong),
    ("I4", _a_batch_came_twice),
    ("I4", _a_batch_skipped),
    ("I5", _a_tab_was_reordered),
    ("I6", _a_copy_has_a_hole),
    ("I6", _a_copy_skipped),
    ("I6", _a_copy_has_other_words),
    ("I6", _a_copy_knows_more_than_the_log),
    ("I7", _a_copy_ended_early),
    ("I7", _a_copy_shows_otherwise),
    ("I7", _an_outbox_still_waits),
    ("I7", _a_copy_came_late),
    ("I8", _refused_and_written),
    ("I8", _a_tick_was_not_stored),
    ("I8", _a_tick_is_not_shown),
    ("I9", _told_less_than_written),
    ("I10", _a_ghost_is_shown),
    ("I10", _a_living_one_is_not_shown),
    ("I11", _a_mail_went_out_twice),
    ("I11", _a_mail_is_called_done),
    ("I11", _a_mail_failed),
    ("I11", _a_mail_is_forgotten),
    ("I11", _a_mail_from_nobody),
    ("I14", _a_note_reached_a_visitor),
    ("I15", _taken_from_its_owner),
    ("I15", _taken_by_another_than_was_asked),
    ("I1", _done_and_not_there),
    ("I8", _refused_and_done),
    ("I7", _asked_and_never_answered),
    ("I16", _closed_and_still_waiting),
    ("I16", _closed_twice),
    ("I16", _rated_and_not_shown),
    ("I16", _rated_twice_on_record),
    ("I15", _two_owners_on_record),
    ("I15", _more_than_he_can_lead),
    ("I16", _a_fact_is_stale),
    ("I13", _memory_is_kept),
    ("I17", _words_in_a_log),
    ("I17", _an_exception_in_a_log),
]


@pytest.mark.parametrize(
    ("invariant", "spoil"), SPOILED, ids=[spoil.__name__ for _, spoil in SPOILED]
)
def test_each_violation_is_found(
    invariant: str, spoil: Callable[[Story], None]
) -> None:
    story = Story()
    spoil(story)
    assert any(each.startswith(f"{invariant}:") for each in story.judge())


def test_a_hello_in_the_middle_may_be_answered_from_its_cursor() -> None:
    story = Story()
    story.note(6.0, "ask", tab=VISITOR, link=1, conv=CONV, cursor=2)
    story.note(6.1, "batch", tab=VISITOR, link=1, conv=CONV, first=3, last=4)
    assert story.judge() == []


def test_a_hello_that_was_said_twice_may_be_answered_twice() -> None:
    story = Story()
    for at in (6.0, 6.1):
        story.note(at, "ask", tab=VISITOR, link=1, conv=CONV, cursor=2)
    for at in (6.2, 6.3):
        story.note(at, "batch", tab=VISITOR, link=1, conv=CONV, first=3, last=4)
    assert story.judge() == []
    story.note(6.4, "batch", tab=VISITOR, link=1, conv=CONV, first=3, last=4)
    assert len(story.judge()) == 1


def test_a_reload_begins_again_from_what_was_saved() -> None:
    story = Story()
    story.note(6.0, "reload", tab=VISITOR, cursors={CONV: 3})
    story.note(6.0, "ask", tab=VISITOR, link=2, conv=CONV, cursor=3)
    place = {"tab": VISITOR, "link": 2, "conv": CONV, "first": 4, "last": 4}
    story.note(6.1, "batch", **place)
    story.note(6.1, "apply", **place, items=[_item(story.entries[3])])
    assert story.judge() == []


def test_a_mail_may_go_out_again_after_its_worker_died() -> None:
    story = Story()
    story.effects = [_effect(attempts=1)]
    story.mails = [{"id": f"<{'a' * 32}@shop.example>"}] * 2
    assert story.judge() == []


@pytest.mark.parametrize(
    ("drained_to", "found"), [(4, []), (5, [f"{VISITOR} ended at 4 of 5"])]
)
def test_only_what_was_there_at_the_drain_must_have_come(
    drained_to: int, found: list[str]
) -> None:
    story = Story()
    story.note(9.5, "drained", heads={CONV: drained_to})
    story.end(VISITOR, 4)
    ends = story.evidence()
    ends.rows[CONV].append(_row(5, "s0", "Good day.", cmid="auto", kind="auto"))
    told = [text.partition(" in ")[0] for _, text in check_convergence(ends)]
    assert told == found


def test_delays_run_from_when_all_was_well_again() -> None:
    story = Story()
    story.note(4.5, "link", tab=OPERATOR, type="open", link=2)
    delays = {tab: seconds for tab, _, seconds in delays_after_heal(story.evidence())}
    assert delays[VISITOR] == pytest.approx(0.1)


def test_figures_count_what_went_wrong() -> None:
    story = Story()
    _never_written(story)
    _written_by_nobody(story)
    figures = sum_up(story.evidence(), story.judge())
    assert (figures["messages"], figures["acknowledged"]) == (4, 3)
    assert (figures["lost"], figures["phantom"], figures["duplicated"]) == (1, 1, 0)
    assert figures["faults"] == {"web killed": 1}
