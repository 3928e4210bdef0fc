"""A simulated client without its network: copies, outbox, and what to say next.

Nothing here waits, reads a clock or draws a number. The caller tells the time, hands
over frames, and sends what it is given back; everything worth judging is noted.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from tests.faults.history import digest
from tests.faults.reducer import Copy, Frame, apply, note_head

ANSWER_LIMIT_S = 5.0
RETRY_S = 1.0
HOLE_S = 2.0
ACK_PACE_S = 0.2
# So many are acknowledged at once, so that a long replay is not kept waiting.
ACK_MANY = 50
SIDES = ("visitor", "operator")

Note = Callable[..., None]


@dataclass
class Intent:
    """Somebody pressed Send: made once, sent until it is answered."""

    cmid: str
    conv: str
    text: str
    kind: str
    number: int
    prev: str | None
    is_failed: bool = False
    due_at: float = 0.0


@dataclass
class Stored:
    """What a reload finds: copies as of the latest save, and the outbox."""

    copies: dict[str, Copy]
    outbox: list[Intent]


class Core:
    """One tab of one person."""

    def __init__(
        self, *, author: str, tab: str, convs: Iterable[str], window: int, note: Note
    ) -> None:
        self.author = author
        self.tab = tab
        self.copies = {conv: Copy(conv=conv) for conv in convs}
        self.outbox: list[Intent] = []
        self.is_open = False
        self.beat_s = 8.0
        self.link = 0
        self._window = window
        self._note = note
        self._numbers: dict[str, int] = {}
        self._latest: dict[str, str] = {}
        self._asked_at: dict[str, float] = {}
        self._acked: dict[str, int] = {}
        self._acked_at = 0.0
        self._stored = Stored(dict(self.copies), [])

    def intend(self, *, cmid: str, conv: str, text: str, kind: str) -> None:
        """Take a new intent; it is in the outbox before it is sent."""
        number = self._numbers[conv] = self._numbers.get(conv, 0) + 1
        prev = self._latest.get(conv) or None if self._window > 1 else None
        self._latest[conv] = cmid
        self.outbox.append(Intent(cmid, conv, text, kind, number, prev))
        self._note(
            op="send",
            type="invoke",
            author=self.author,
            tab=self.tab,
            conv=conv,
            cmid=cmid,
            number=number,
            kind=kind,
            text=digest(text),
        )

    def open(self, *, now: float) -> Frame:
        """A connection stands: return the hello that resumes from the cursors."""
        self.link += 1
        for intent in self.outbox:
            intent.due_at = 0.0
        return self._hello(list(self.copies), at=now)

    def close(self) -> None:
        """The connection ended: what was under way may or may not have happened."""
        if self.is_open:
            for intent in self.outbox:
                if intent.due_at:
                    self._note(op="send", type="info", tab=self.tab, cmid=intent.cmid)
            self._note(op="link", type="close", tab=self.tab, link=self.link)
        self.is_open = False
        for conv, copy in self.copies.items():
            self._acked[conv] = min(self._acked.get(conv, 0), copy.cursor)

    def receive(self, frame: Frame, *, now: float) -> list[Frame]:
        """Take one frame; return what to say to it."""
        kind = frame["type"]
        if kind == "welcome":
            self.is_open = True
            self.beat_s = float(frame["beat_s"])
            self._note(op="link", type="open", tab=self.tab, link=self.link)
            return self.due(now=now)
        if kind in {"events", "synced", "marks", "reset"}:
            return self._take_log(frame, now=now)
        if kind == "sent":
            self._settle(frame)
        elif kind == "nack":
            self._refuse(frame, now=now)
        elif kind == "heads":
            for conv, head in frame["heads"].items():
                if conv in self.copies:
                    self.copies[conv] = note_head(self.copies[conv], head)
        return self.due(now=now)

    def due(self, *, now: float) -> list[Frame]:
        """Return what is to be said now: sends, acks, questions about holes."""
        if not self.is_open:
            return []
        said = [self._send(each, now=now) for each in self._departing(now)]
        said += self._acks(now)
        lacking = [
            conv
            for conv, copy in self.copies.items()
            if copy.lacks and now - self._asked_at.get(conv, now) > HOLE_S
        ]
        for conv, copy in self.copies.items():
            if copy.lacks:
                self._asked_at.setdefault(conv, now)
            else:
                self._asked_at.pop(conv, None)
        if lacking:
            said.append(self._hello(lacking, at=now))
        return said

    def save(self) -> None:
        """Write down what a reload will find."""
        self._stored = Stored(dict(self.copies), list(self.outbox))

    def reload(self) -> None:
        """Begin again from what was saved, and from every intent since then.

        An intent that was settled after the save comes back: it is sent once more.
        """
        known = {intent.cmid for intent in self.outbox}
        back = [each for each in self._stored.outbox if each.cmid not in known]
        self.outbox = sorted([*back, *self.outbox], key=lambda each: each.number)
        self.copies = dict(self._stored.copies)
        self._acked.clear()
        cursors = {conv: copy.cursor for conv, copy in self.copies.items()}
        self._note(op="reload", tab=self.tab, cursors=cursors)

    def _departing(self, now: float) -> list[Intent]:
        found = []
        for conv in self.copies:
            waiting = [
                each for each in self.outbox if each.conv == conv and not each.is_failed
            ]
            found += [each for each in waiting[: self._window] if each.due_at <= now]
        return found

    def _send(self, intent: Intent, *, now: float) -> Frame:
        intent.due_at = now + ANSWER_LIMIT_S
        frame = {
            "type": "send",
            "cmid": intent.cmid,
            "conv": intent.conv,
            "kind": intent.kind,
            "body": {"text": intent.text},
        }
        return frame | ({"prev_cmid": intent.prev} if intent.prev else {})

    def _acks(self, now: float) -> list[Frame]:
        least = 1 if now - self._acked_at >= ACK_PACE_S else ACK_MANY
        said: list[Frame] = []
        for conv, copy in self.copies.items():
            if copy.cursor - self._acked.get(conv, 0) >= least:
                self._acked[conv] = copy.cursor
                self._acked_at = now
                place = {"conv": conv, "seq": copy.cursor}
                said += [{"type": "ack", **place}, {"type": "read", **place}]
        return said

    def _hello(self, convs: list[str], *, at: float) -> Frame:
        resume = []
        for conv in convs:
            copy = self.copies[conv]
            self._asked_at[conv] = at
            resume.append({"conv": conv, "cursor": copy.cursor, "epoch": copy.epoch})
            self._note(
                op="ask", tab=self.tab, link=self.link, conv=conv, cursor=copy.cursor
            )
        return {"type": "hello", "v": 1, "tab": self.tab, "resume": resume}

    def _take_log(self, frame: Frame, *, now: float) -> list[Frame]:
        conv = frame["conv"]
        before = self.copies.get(conv)
        if before is None:
            return []
        after = self.copies[conv] = apply(before, frame)
        if frame["type"] == "events":
            self._note_events(before, after, frame)
            seen = {each["cmid"] for each in frame["items"]}
            self.outbox = [each for each in self.outbox if each.cmid not in seen]
        elif frame["type"] == "synced":
            self._note(
                op="synced",
                tab=self.tab,
                author=self.author,
                conv=conv,
                seq=frame["seq"],
            )
            self._mark_again(after)
        elif frame["type"] == "reset":
            self._note(op="reset", tab=self.tab, conv=conv, reason=frame["reason"])
            if not after.gone:
                return [self._hello([conv], at=now)]
        return self.due(now=now)

    def _mark_again(self, copy: Copy) -> None:
        """What was read may have been lost with the process that was told."""
        known = min(copy.marks.get(f"{side}_read", 0) for side in SIDES)
        self._acked[copy.conv] = min(self._acked.get(copy.conv, 0), known)

    def _note_events(self, before: Copy, after: Copy, frame: Frame) -> None:
        place = {"tab": self.tab, "conv": frame["conv"], "link": self.link}
        self._note(op="batch", **place, first=frame["from"], last=frame["to"])
        if after.cursor > before.cursor:
            news = after.entries[len(before.entries) :]
            items = [
                [
                    each["seq"],
                    each["cmid"],
                    each["author"],
                    digest(each.get("text", "")),
                ]
                for each in news
            ]
            place |= {"first": before.cursor + 1, "last": after.cursor}
            self._note(op="apply", **place, items=items)

    def _settle(self, frame: Frame) -> None:
        self._note(
            op="send",
            type="ok",
            tab=self.tab,
            author=self.author,
            conv=frame["conv"],
            cmid=frame["cmid"],
            seq=frame["seq"],
            mismatch=bool(frame.get("mismatch")),
        )
        self.outbox = [each for each in self.outbox if each.cmid != frame["cmid"]]

    def _refuse(self, frame: Frame, *, now: float) -> None:
        for intent in self.outbox:
            if intent.cmid != frame.get("cmid"):
                continue
            is_final = bool(frame.get("final"))
            self._note(
                op="send",
                type="fail" if is_final else "info",
                tab=self.tab,
                cmid=intent.cmid,
                code=frame["code"],
            )
            intent.is_failed = is_final
            if is_final:
                self._mend_chain(intent)
            intent.due_at = now + (frame.get("retry_after") or RETRY_S)

    def _mend_chain(self, gone: Intent) -> None:
        """Let what was to follow a refused intent follow what is before it."""
        for each in self.outbox:
            if each.prev == gone.cmid:
                each.prev = gone.prev
        if self._latest.get(gone.conv) == gone.cmid:
            self._latest[gone.conv] = gone.prev or ""


def unsettled(cores: Iterable[Core]) -> list[tuple[str, Any]]:
    """Return the intents that still wait, with the tab each waits in."""
    return [
        (core.tab, each.cmid)
        for core in cores
        for each in core.outbox
        if not each.is_failed
    ]
