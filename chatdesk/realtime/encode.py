"""Frames as text: each is written once an audience and sent to many sockets."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from chatdesk.selectors.snapshots import entry_of
from chatdesk.wire.codes import MAX_BATCH_BYTES
from chatdesk.wire.frames import Events, Out

if TYPE_CHECKING:
    from chatdesk.models import Entry

_encoder = msgspec.json.Encoder()


def to_text(frame: Out) -> str:
    """Return a frame as the text that goes over the socket."""
    return _encoder.encode(frame).decode()


@dataclass(slots=True)
class News:
    """New entries of one conversation that cover ``first..last`` without a hole."""

    public_id: str
    epoch: str
    first: int
    last: int
    entries: Sequence["Entry"]
    _texts: dict[bool, str] = field(default_factory=dict)

    def text(self, *, staff: bool) -> str:
        """Return the frame for one audience, written on first use."""
        text = self._texts.get(staff)
        if text is None:
            audience = staff or all(entry.is_alike_for_all for entry in self.entries)
            text = self._texts.get(audience) or to_text(self._frame(staff=audience))
            self._texts[audience] = self._texts[staff] = text
        return text

    def _frame(self, *, staff: bool) -> Events:
        return Events(
            conv=self.public_id,
            epoch=self.epoch,
            from_=self.first,
            to=self.last,
            items=tuple(
                entry_of(entry, staff=staff)
                for entry in self.entries
                if staff or not entry.staff_only
            ),
        )


def split(news: News, *, staff: bool) -> Iterable[tuple[int, str]]:
    """Return the frames of a replay, each within the protocol's size of a batch.

    Beside each stands the number of the last entry that it covers.
    """
    text = news.text(staff=staff)
    if len(news.entries) < 2 or len(text.encode()) <= MAX_BATCH_BYTES:
        yield news.last, text
        return
    middle = len(news.entries) // 2
    border = news.entries[middle].seq
    conv, epoch, entries = news.public_id, news.epoch, news.entries
    first = News(conv, epoch, news.first, border - 1, entries[:middle])
    second = News(conv, epoch, border, news.last, entries[middle:])
    yield from split(first, staff=staff)
    yield from split(second, staff=staff)
