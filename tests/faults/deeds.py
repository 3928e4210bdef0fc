"""What is done to dialogs over HTTP while faults strike: raced, cut, and tried again.

Operators race for the same few dialogs; each of these has a visitor who writes, rates
and ends it. A deed has a key: whoever gets no answer does the same deed again, as a
page does, and it must have happened once.
"""

import asyncio
import http.client
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.faults.cast import SECRET, Part, new_cmid
from tests.faults.core import Note
from tests.faults.history import digest

CSRF = "c" * 32
API = "/chatdesk/api/v1"
PATIENCE_S = 8
AGAIN_S = 0.5
LEAST_S, MOST_S = 0.2, 1.0

NO_ANSWER = 0
TOO_MANY = 429
BROKEN = 500
REFUSED = 400

Body = dict[str, Any]


@dataclass(frozen=True)
class Deed:
    """One thing that somebody does to a dialog; ``key`` makes it the same again."""

    name: str
    conv: str
    path: str
    body: Body = field(default_factory=dict)
    key: str = ""


def outcome_of(status: int) -> str:
    """Return what an answer says of a deed: done, refused for good, or unknown."""
    if status in {NO_ANSWER, TOO_MANY} or status >= BROKEN:
        return "info"
    return "fail" if status >= REFUSED else "ok"


@dataclass
class Doer:
    """Somebody without a socket who does one deed after the other."""

    part: Part
    ports: Sequence[int]
    chances: random.Random
    note: Note
    is_over: bool = False

    async def live(self) -> None:
        """Do deeds until told to stop; the one under way is brought to its end."""
        while not self.is_over:
            await self.do(self.next_deed())
            await asyncio.sleep(self.chances.uniform(LEAST_S, MOST_S))

    def stop(self) -> None:
        """End after the deed that is under way."""
        self.is_over = True

    def next_deed(self) -> Deed:
        """Return what he does next."""
        raise NotImplementedError

    async def do(self, deed: Deed) -> None:
        """Do a deed, and again until it is answered if it has a key."""
        self.note_deed(deed, "invoke")
        while True:
            port = self.chances.choice(self.ports)
            status, answer = await asyncio.to_thread(self._post, port, deed)
            kind = outcome_of(status)
            self.note_deed(deed, kind, status=status, answer=answer)
            if kind != "info" or not deed.key:
                return
            await asyncio.sleep(AGAIN_S)

    def note_deed(
        self, deed: Deed, kind: str, *, status: int = 0, answer: Body | None = None
    ) -> None:
        """Write down that a deed was begun or answered."""
        del answer
        self.note(
            op=deed.name,
            type=kind,
            author=self.part.author,
            conv=deed.conv,
            key=deed.key,
            status=status,
        )

    def _post(self, port: int, deed: Deed) -> tuple[int, Body]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
        headers = {
            "Cookie": f"{self.part.cookie}; csrftoken={CSRF}",
            "X-CSRFToken": CSRF,
            "Content-Type": "application/json",
            # A page of the shop itself, whatever port a proxy gives it.
            "Sec-Fetch-Site": "same-origin",
        }
        if deed.key:
            headers["Idempotency-Key"] = deed.key
        try:
            path = f"{API}/{self.part.side}/conversations/{deed.conv}/{deed.path}/"
            connection.request("POST", path, json.dumps(deed.body), headers)
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        except (OSError, http.client.HTTPException, ValueError):
            # Cut before its end, an answer says nothing.
            return NO_ANSWER, {}
        finally:
            connection.close()


@dataclass
class Racer(Doer):
    """An operator who takes, hands over, gives back and closes as fast as others."""

    contested: Sequence[str] = ()
    colleagues: Sequence[str] = ()

    def next_deed(self) -> Deed:
        """Return a deed with a dialog that others want, too."""
        conv = self.chances.choice(self.contested)
        names = ("take", "take", "take", "release", "offer", "accept", "close")
        name = self.chances.choice(names)
        if name == "offer":
            to = self.chances.choice(self.colleagues)
            return Deed(name, conv, "offer", {"to": to, "note": "yours?"})
        if name == "close":
            return Deed(name, conv, name, {"outcome": "answered"}, new_cmid())
        return Deed(name, conv, "offer/accept" if name == "accept" else name)


@dataclass
class Guest(Doer):
    """The visitor of a contested dialog: writes, changes his thumb, leaves, returns."""

    said: int = 0

    def next_deed(self) -> Deed:
        """Return what he does with his dialog; writing in a closed one reopens it."""
        (conv,) = self.part.convs
        name = self.chances.choice(("send", "send", "rate", "rate", "close"))
        if name == "rate":
            thumb = self.chances.choice(("up", "down"))
            return Deed(name, conv, "rating", {"thumb": thumb}, new_cmid())
        if name == "close":
            return Deed(name, conv, name, {}, new_cmid())
        self.said += 1
        text = f"{SECRET} of {self.part.author}, {self.said}"
        body = {"kind": "message", "body": {"text": text}}
        return Deed(name, conv, "messages", body, new_cmid())

    def note_deed(
        self, deed: Deed, kind: str, *, status: int = 0, answer: Body | None = None
    ) -> None:
        """Write down a message as sockets do, so that the same is asked of it."""
        if deed.name != "send":
            super().note_deed(deed, kind, status=status)
            return
        line: Body = {"author": self.part.author, "tab": self.part.tab}
        line |= {"conv": deed.conv, "cmid": deed.key}
        if kind == "invoke":
            text = digest(deed.body["body"]["text"])
            line |= {"number": self.said, "kind": "message", "text": text}
        elif kind == "ok" and answer is not None:
            line |= {"seq": answer["seq"], "mismatch": answer.get("mismatch", False)}
        self.note(op="send", type=kind, **line, code=status)
