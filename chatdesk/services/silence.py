"""The end of dialogs in which nobody says anything more: a warning, then the end.

Off unless the shop sets ``SILENT_AFTER``. The last line of the log says how far it is,
so nothing is kept for it, and any word from anybody begins anew. A dialog that was
closed goes on as soon as its visitor writes.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Final
from uuid import uuid4

from django.db.models import F, QuerySet

from chatdesk.actors import SYSTEM
from chatdesk.conf import get_settings
from chatdesk.errors import Stale
from chatdesk.models import Conversation, Entry
from chatdesk.selectors.storefronts import automatic_text
from chatdesk.services.conversations import admit_close
from chatdesk.services.log import (
    ADMITTED,
    Admission,
    Appended,
    Draft,
    append_entries,
)

AT_ONCE = 100
STEP: Final = "farewell"

Admit = Callable[[Conversation, datetime], Admission]


def close_silent(*, at: datetime) -> int:
    """Warn where all is said, close where the warning brought no word; return how many.

    Where a question or a letter waits, or a colleague is asked to take over, it is not
    the visitor who is silent.
    """
    settings = get_settings()
    if not settings.silent_after:
        return 0
    soonest = min(settings.silent_after, settings.silent_close_after)
    rows = _silent().filter(latest_entry_at__lte=at - soonest)
    rows = rows.order_by("latest_entry_at", "pk")
    found = list(rows.select_related("storefront")[:AT_ONCE])
    if not found:
        return 0
    warned = _warned(found)
    drafts = []
    for row in found:
        is_warned = row.pk in warned
        after = settings.silent_close_after if is_warned else settings.silent_after
        if row.latest_entry_at and row.latest_entry_at <= at - after:
            drafts.append(_end(row) if is_warned else _warning(row))
    written = append_entries(drafts, at=at, wait=False) if drafts else []
    return sum(isinstance(each, Appended) for each in written)


def _silent() -> QuerySet[Conversation]:
    return Conversation.objects.filter(
        status=Conversation.Status.OPEN,
        waiting_since=None,
        letter_due_at=None,
        offered_to=None,
    )


def _warned(rows: list[Conversation]) -> set[int]:
    """Return those whose log ends with the warning."""
    last = Entry.objects.filter(
        conversation__in=rows,
        seq=F("conversation__head"),
        kind=Entry.Kind.AUTO,
        data__step=STEP,
    )
    return set(last.values_list("conversation_id", flat=True))


def _warning(row: Conversation) -> Draft:
    return Draft(
        conversation_id=row.pk,
        author_kind=SYSTEM.author_kind,
        author_id=SYSTEM.id,
        cmid=uuid4(),
        kind=Entry.Kind.AUTO,
        admit=partial(_admit_if_silent_still, row.head, _admit_warning),
        text=automatic_text(row.storefront, STEP, language=row.language),
        data={"step": STEP},
    )


def _end(row: Conversation) -> Draft:
    outcome = Conversation.Outcome.ANSWERED.value
    closing = partial(admit_close, SYSTEM, outcome)
    return Draft(
        conversation_id=row.pk,
        author_kind=SYSTEM.author_kind,
        author_id=SYSTEM.id,
        cmid=uuid4(),
        kind=Entry.Kind.CLOSED,
        admit=partial(_admit_if_silent_still, row.head, closing),
        data={"outcome": outcome},
    )


def _admit_warning(_conversation: Conversation, _at: datetime) -> Admission:
    return ADMITTED


def _admit_if_silent_still(
    head: int, admit: Admit, conversation: Conversation, at: datetime
) -> Admission:
    if conversation.head != head:
        raise Stale
    return admit(conversation, at)
