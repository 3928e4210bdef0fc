"""What a workspace without a socket asks for: the frames that it has missed."""

from collections.abc import Sequence
from datetime import datetime
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q

from chatdesk.actors import OperatorActor
from chatdesk.models import Conversation, Entry
from chatdesk.selectors.epoch import current_epoch
from chatdesk.selectors.inbox import list_inbox
from chatdesk.selectors.log import Span, marks_of
from chatdesk.selectors.operators import colleague_of, list_desks, presence_of
from chatdesk.selectors.snapshots import entries_of
from chatdesk.wire.codes import MAX_BATCH_ITEMS
from chatdesk.wire.frames import (
    Events,
    Inbox,
    PresenceChanged,
    Reset,
    Resume,
    Synced,
    Team,
)

DeskFrame = Inbox | PresenceChanged | Team
LogFrame = Events | Synced | Reset


def desk_frames(*, actor: OperatorActor, at: datetime) -> list[DeskFrame]:
    """Return the list, the operator's own place and everybody's, each of them whole."""
    desks = list_desks(at=at)
    return [
        Inbox(rows=tuple(list_inbox()), whole=True),
        *(presence_of(desk) for desk in desks if desk.operator.pk == actor.id),
        Team(colleagues=tuple(colleague_of(desk) for desk in desks), whole=True),
    ]


def log_frames(*, places: Sequence[Resume]) -> list[LogFrame]:
    """Return what follows each copy of a log, with three queries for all of them.

    Much is sent in parts: where a copy ends then, the next question begins.
    """
    if not places:
        return []
    epoch = current_epoch()
    frames: list[LogFrame] = []
    followed: dict[int, Resume] = {}
    known = _rows(places)
    for place in places:
        row = known.get(place.conv)
        if row is None:
            frames.append(Reset(conv=place.conv, epoch=epoch, reason="gone"))
        elif place.epoch not in ("", epoch):
            frames.append(Reset(conv=place.conv, epoch=epoch, reason="epoch"))
        elif place.cursor > row.head:
            frames.append(Reset(conv=place.conv, epoch=epoch, reason="ahead"))
        else:
            followed[row.pk] = place
    spans = _spans({pk: place.cursor for pk, place in followed.items()})
    marks = marks_of(conversation_ids=followed.keys())
    for pk, place in followed.items():
        span = spans[pk]
        if span.entries:
            frames.append(
                Events(
                    conv=place.conv,
                    epoch=epoch,
                    from_=span.first,
                    to=span.last,
                    items=entries_of(span, staff=True),
                )
            )
        frames.append(Synced(conv=place.conv, seq=span.last, marks=marks[pk]))
    return frames


def _rows(places: Sequence[Resume]) -> dict[str, Conversation]:
    named = {UUID(hex=place.conv) for place in places}
    rows = Conversation.objects.begun().filter(public_id__in=named)
    return {row.public_id.hex: row for row in rows}


def _spans(cursors: dict[int, int]) -> dict[int, Span]:
    found: dict[int, list[Entry]] = {pk: [] for pk in cursors}
    if cursors:
        after = (
            Q(conversation_id=pk, seq__gt=cursor) for pk, cursor in cursors.items()
        )
        rows = Entry.objects.filter(reduce(or_, after))
        for entry in rows.order_by("conversation_id", "seq")[:MAX_BATCH_ITEMS]:
            found[entry.conversation_id].append(entry)
    return {
        pk: Span(
            cursors[pk] + 1, entries[-1].seq if entries else cursors[pk], tuple(entries)
        )
        for pk, entries in found.items()
    }
