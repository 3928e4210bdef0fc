"""Builds that are broken on purpose, to see that the checker catches each.

A build is what it does to the running process, to its database, or to both. The test
settings name it; nothing in chatdesk knows of any of this.
"""

import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import msgspec
from django.db import connections, transaction
from django.utils import timezone

from chatdesk.models import Conversation, Entry
from chatdesk.realtime import clockwork, connection, encode, pump, talk, writer
from chatdesk.selectors import log as log_selectors
from chatdesk.services import effects, log_sql, presence
from chatdesk.threads import in_database
from chatdesk.wire import frames

WINDOW = timedelta(seconds=1)
LATE_S = 0.4


@dataclass(frozen=True)
class Build:
    """What is broken, and how the database is prepared for it."""

    breaks: Callable[[], None] | None = None
    sql: str = ""


def replace_everywhere(old: Any, new: Any) -> None:
    """Put ``new`` wherever a module of chatdesk holds ``old``."""
    found = [
        (module, name)
        for place, module in list(sys.modules.items())
        if place.startswith("chatdesk.")
        for name, value in list(vars(module).items())
        if value is old
    ]
    for module, name in found:
        setattr(module, name, new)
    if not found:
        raise LookupError(old)


def ack_before_commit() -> None:
    """The answer goes out while the transaction is still open."""
    late = ThreadPoolExecutor(max_workers=1)
    true = writer.write_batch

    def write_and_linger(
        intents: Sequence[Any], told: threading.Event, outcomes: list[Any]
    ) -> None:
        try:
            with transaction.atomic():
                outcomes.extend(true(intents))
                told.set()
                threading.Event().wait(LATE_S)
        finally:
            told.set()
            connections.close_all()

    def write_batch(intents: Sequence[Any]) -> list[Any]:
        told, outcomes = threading.Event(), []
        late.submit(write_and_linger, intents, told, outcomes)
        told.wait()
        return outcomes or [writer.DatabaseAway(retry_after=1.0) for _ in intents]

    replace_everywhere(true, write_batch)


def no_seq_check() -> None:
    """What a bell brings is shown at once, whether or not it is next."""

    def offer(self: Any, news: Any) -> None:
        self._push(news.text(staff=self.staff))
        self.cursor = self.head = max(self.cursor, news.last)

    pump.Follow.offer = offer


def dedupe_window() -> None:
    """Client ids are remembered for a while, not for ever."""
    true = log_sql.select_known

    def select_known(**asked: Any) -> Iterable[Entry]:
        since = timezone.now() - WINDOW
        return [entry for entry in true(**asked) if entry.at > since]

    def write_batch(intents: Sequence[Any]) -> list[Any]:
        return true_batch([replace(intent, prev_cmid=None) for intent in intents])

    replace_everywhere(true, select_known)
    # Else every chain would break at what was forgotten, and nothing be doubled.
    true_batch = writer.write_batch
    replace_everywhere(true_batch, write_batch)


def pushed_twice() -> None:
    """Every batch of entries is sent twice."""
    true = connection.ChatConnection.push

    def push(self: Any, text: str) -> None:
        true(self, text)
        if text.startswith('{"type":"events"'):
            true(self, text)

    connection.ChatConnection.push = push


def no_head_poll() -> None:
    """Only bells tell of entries; one that is lost is lost."""

    async def look_at_nothing(_self: Any) -> None:
        return

    assert clockwork.Clockwork._look_at_heads
    clockwork.Clockwork._look_at_heads = look_at_nothing


def resume_from_head() -> None:
    """Whoever comes back hears what comes, not what came."""
    true = talk.Talk.on_hello

    def heads(convs: list[str]) -> dict[str, int]:
        rows = Conversation.objects.filter(public_id__in=convs)
        return {each.public_id.hex: each.head for each in rows}

    async def on_hello(self: Any, hello: frames.Hello) -> None:
        found = await in_database(heads, [each.conv for each in hello.resume])
        resume = [
            msgspec.structs.replace(each, cursor=found.get(each.conv, 0))
            for each in hello.resume
        ]
        await true(self, msgspec.structs.replace(hello, resume=resume))

    talk.Talk.on_hello = on_hello


def recent_only() -> None:
    """A resume brings what is young, not what follows the cursor."""
    true = log_selectors.entries_after

    def entries_after(**asked: Any) -> Any:
        span = true(**asked)
        since = timezone.now() - WINDOW
        young = tuple(entry for entry in span.entries if entry.at > since)
        return replace(span, entries=young) if young else span

    replace_everywhere(true, entries_after)


def sender_order() -> None:
    """Messages that are committed together are taken from the end."""
    true = writer.write_batch

    def write_batch(intents: Sequence[Any]) -> list[Any]:
        turned = [replace(intent, prev_cmid=None) for intent in reversed(intents)]
        return list(reversed(true(turned)))

    replace_everywhere(true, write_batch)


def presence_by_disconnect() -> None:
    """Presence ends when a socket says that it ended, and not otherwise."""

    def expire_leases(**_asked: Any) -> int:
        return 0

    replace_everywhere(presence.expire_leases, expire_leases)


def effects_unclaimed() -> None:
    """Whoever sees a due effect does it, whoever else does."""

    def claim_due(*, at: Any, limit: int) -> list[Any]:
        due = effects.Effect.objects.filter(state="due", due_at__lte=at)
        return list(due.order_by("due_at")[:limit])

    replace_everywhere(effects.claim_due, claim_due)


def notes_for_all() -> None:
    """Visitors are sent what staff are sent."""
    true = encode.News.text

    def text(self: Any, *, staff: bool) -> str:
        return true(self, staff=staff or True)

    encode.News.text = text


NUMBERS_OF_A_SEQUENCE = """
    CREATE SEQUENCE faults_numbers START 1000;
    CREATE FUNCTION faults_number() RETURNS trigger AS $$
    BEGIN NEW.seq := nextval('faults_numbers'); RETURN NEW; END $$ LANGUAGE plpgsql;
    CREATE TRIGGER faults_number BEFORE INSERT ON chatdesk_entry
    FOR EACH ROW EXECUTE FUNCTION faults_number();
"""
NOT_UNIQUE = "ALTER TABLE chatdesk_entry DROP CONSTRAINT chatdesk_entry_cmid"
NOT_FLUSHED = """
    DO $$ BEGIN EXECUTE format(
    'ALTER DATABASE %I SET synchronous_commit TO off', current_database()); END $$;
"""

BUILDS = {
    "ack_before_commit": Build(ack_before_commit),
    "commit_not_flushed": Build(sql=NOT_FLUSHED),
    "numbers_of_a_sequence": Build(sql=NUMBERS_OF_A_SEQUENCE),
    "no_seq_check": Build(no_seq_check),
    "dedupe_window": Build(dedupe_window, sql=NOT_UNIQUE),
    "pushed_twice": Build(pushed_twice),
    "no_head_poll": Build(no_head_poll),
    "resume_from_head": Build(resume_from_head),
    "recent_only": Build(recent_only),
    "sender_order": Build(sender_order),
    "presence_by_disconnect": Build(presence_by_disconnect),
    "effects_unclaimed": Build(effects_unclaimed),
    "notes_for_all": Build(notes_for_all),
}


def apply_broken(name: str) -> None:
    """Break the running process as named; nothing for no name."""
    if name and (breaks := BUILDS[name].breaks):
        breaks()
