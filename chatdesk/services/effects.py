"""Effects: what is owed to the outside. The only writer of ``Effect`` rows.

An effect is promised in the transaction of its cause, so it exists exactly when the
cause does. It is claimed for a while, done outside any transaction, and settled. Each
step names the state it starts from, so that of two workers only one gets through.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, connections, router, transaction
from django.db.models import F

from chatdesk.conf import get_settings
from chatdesk.models import Effect
from chatdesk.services.row_text import insertion, to_text

CLAIM = timedelta(seconds=120)
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
ERROR_LENGTH = 300
PROMISED = (
    "public_id",
    "kind",
    "key",
    "conversation",
    "target",
    "state",
    "due_at",
    "attempts",
    "error",
    "promised_at",
)
VANISHED = "The worker stopped before it was done."

Kind = Effect.Kind


class NotNeeded(Exception):
    """Raised while an effect is being done: its cause is gone, so it is dropped."""


@dataclass(frozen=True, slots=True)
class Promise:
    """An effect to come. ``key`` names its cause: the same key is promised once."""

    kind: str
    conversation_id: int | None
    key: str
    due_at: datetime
    target: str = ""


def promise_effects(promises: Iterable[Promise], *, at: datetime) -> None:
    """Write down what is owed, in the caller's transaction; known keys stay.

    One statement for any number of promises, none for no promise.
    """
    rows = [
        Effect(
            kind=promise.kind,
            conversation_id=promise.conversation_id,
            key=promise.key,
            due_at=promise.due_at,
            target=promise.target,
            promised_at=at,
        )
        for promise in promises
    ]
    if not rows:
        return
    if connection.vendor != "postgresql":
        Effect.objects.bulk_create(rows, ignore_conflicts=True)
        return
    with connection.cursor() as cursor:
        statement = f"{insertion(Effect, PROMISED)} ON CONFLICT DO NOTHING"
        cursor.execute(statement, [to_text(rows, PROMISED)])


def claim_due(*, at: datetime, limit: int) -> list[Effect]:
    """Take up to ``limit`` due effects for two minutes, the longest due first.

    No effect is in two living claims: rows locked by another claimer are passed over.
    """
    due = Effect.objects.filter(state=Effect.State.DUE, due_at__lte=at)
    if not due.exists():
        return []
    with transaction.atomic(using=router.db_for_write(Effect)):
        _lock_where_rows_cannot_be()
        claimed = list(
            due.order_by("due_at", "pk").select_for_update(skip_locked=True)[:limit]
        )
        taken = {"state": Effect.State.CLAIMED, "claimed_until": at + CLAIM}
        Effect.objects.filter(pk__in=[effect.pk for effect in claimed]).update(**taken)
    for effect in claimed:
        effect.state, effect.claimed_until = Effect.State.CLAIMED, at + CLAIM
    return claimed


def settle_effect(effect: Effect, *, at: datetime) -> bool:
    """Say that a claimed effect is done; False when the claim was lost meanwhile."""
    return _leave_claim(effect, state=Effect.State.DONE, settled_at=at)


def drop_effect(effect: Effect, *, reason: str, at: datetime) -> bool:
    """Say that a claimed effect is not needed any more, and why."""
    return _leave_claim(
        effect, state=Effect.State.CANCELLED, settled_at=at, error=_printable(reason)
    )


def fail_effect(
    effect: Effect, *, error: str, at: datetime, is_final: bool = False
) -> bool:
    """Note a failed try: again after 1, 2, 4 … minutes, at most 6 hours apart.

    After ``effect_attempts`` tries it has failed for good and waits for a manager.
    """
    attempts = effect.attempts + 1
    if is_final or attempts >= get_settings().effect_attempts:
        return _leave_claim(
            effect,
            state=Effect.State.FAILED,
            settled_at=at,
            attempts=attempts,
            error=_printable(error),
        )
    return _leave_claim(
        effect,
        state=Effect.State.DUE,
        due_at=at + pause_after(attempts),
        attempts=attempts,
        error=_printable(error),
    )


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after so many failed tries."""
    doublings = min(max(attempts - 1, 0), 20)
    return min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)


def release_expired_claims(*, at: datetime) -> int:
    """Give back what a vanished worker held; that counts as a try. Returns how many.

    Without the count, an effect that kills its worker would do so for ever.
    """
    expired = Effect.objects.filter(state=Effect.State.CLAIMED, claimed_until__lte=at)
    if not expired.exists():
        return 0
    last_try = get_settings().effect_attempts - 1
    shared = {"claimed_until": None, "attempts": F("attempts") + 1, "error": VANISHED}
    failed = expired.filter(attempts__gte=last_try).update(
        state=Effect.State.FAILED, settled_at=at, **shared
    )
    again = expired.update(state=Effect.State.DUE, due_at=at, **shared)
    return failed + again


def retry_effects(*, effect_ids: Iterable[int], at: datetime) -> int:
    """Make effects that failed for good due again, with all their tries."""
    return Effect.objects.filter(
        pk__in=list(effect_ids), state=Effect.State.FAILED
    ).update(state=Effect.State.DUE, due_at=at, attempts=0, settled_at=None, error="")


def _lock_where_rows_cannot_be() -> None:
    # SQLite locks the database, not rows, and a transaction that reads first and writes
    # later may be refused halfway. A write that matches nothing takes the lock at once.
    alias = router.db_for_write(Effect)
    if not connections[alias].features.has_select_for_update_skip_locked:
        Effect.objects.using(alias).filter(pk=0).update(attempts=0)


def _leave_claim(effect: Effect, **changes: object) -> bool:
    # The end of the claim tells this claim from a later one by somebody else.
    left = Effect.objects.filter(
        pk=effect.pk,
        state=Effect.State.CLAIMED,
        claimed_until=effect.claimed_until,
    ).update(claimed_until=None, **changes)
    return left == 1


def _printable(text: str) -> str:
    # Servers answer with anything; a NUL would make the row itself impossible.
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    return shown[:ERROR_LENGTH]
