"""Does what is due: claims effects, calls the service that each kind names.

Called once a second by every web process, by Celery's beat and by the command for
hosts without Celery; whoever claims an effect first does it.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING

from chatdesk.selectors.due import count_due
from chatdesk.senders.push import PushRefused
from chatdesk.senders.smtp import Undeliverable
from chatdesk.services.addresses import mail_code, note_bounce, pass_over_bounced
from chatdesk.services.alerts import send_alert, send_manager_alert
from chatdesk.services.answers import promise_answers, send_answer
from chatdesk.services.assignment import return_offers
from chatdesk.services.digests import promise_digest, send_digest
from chatdesk.services.effects import (
    Kind,
    NotNeeded,
    claim_due,
    drop_effect,
    fail_effect,
    release_expired_claims,
    settle_effect,
)
from chatdesk.services.ladder import climb_ladder
from chatdesk.services.ledger_hooks import send_note
from chatdesk.services.letter_mail import (
    promise_letter_alerts,
    send_letter_alert,
    send_letter_copy,
)
from chatdesk.services.operators import relieve_operators
from chatdesk.services.presence import expire_leases
from chatdesk.services.presence_alerts import (
    promise_presence_alerts,
    send_presence_alert,
)
from chatdesk.services.push import promise_pushes, send_call
from chatdesk.services.routing import fill_places, route_waiting
from chatdesk.services.sales import settle_overdue
from chatdesk.services.silence import close_silent
from chatdesk.services.subscriptions import forget_old_passwords
from chatdesk.services.transcripts import send_shop_copy, send_transcript
from chatdesk.services.visit_terms import claim_idle_carts, forget_visits
from chatdesk.services.vitals import note_run
from chatdesk.services.wishes import tell_of_stock

if TYPE_CHECKING:
    from chatdesk.models import Effect

logger = logging.getLogger(__name__)

AT_ONCE = 50
RARELY = timedelta(seconds=10)

_looked_at: datetime | None = None

SENDERS: dict[str, Callable[["Effect"], None]] = {
    Kind.TRANSCRIPT_MAIL: send_transcript,
    Kind.NO_REPLY_ALERT: send_alert,
    Kind.SHOP_COPY: send_shop_copy,
    Kind.ADDRESS_CODE: mail_code,
    Kind.ANSWER_MAIL: send_answer,
    Kind.LETTER_COPY: send_letter_copy,
    Kind.LETTER_ALERT: send_letter_alert,
    Kind.DIGEST: send_digest,
    Kind.MANAGER_ALERT: send_manager_alert,
    Kind.PUSH: send_call,
    Kind.PRESENCE_ALERT: send_presence_alert,
    Kind.LEDGER_NOTE: send_note,
}


def run_due(*, at: datetime, runner: str = "web") -> int:
    """Do what is due, at most fifty things; return how many were claimed.

    Questions that wait come first: their alerts are among what is due.
    They are claimed one by one, so that a slow mail server never holds back what
    another worker could do, and a claim begins when the work does.
    """
    note_run(runner, at=at)
    clock = _clock_from(at)
    keep_waiting(at=at)
    _promise_rare_now_and_then(at)
    claim_idle_carts(at=at)
    for done in range(AT_ONCE):
        claimed = claim_due(at=clock(), limit=1)
        if not claimed:
            return done
        _perform(claimed[0], clock)
    return AT_ONCE


def promise_rare(*, at: datetime) -> None:
    """Do and promise what is due by the minute or the day, each thing once.

    The end of silent dialogs, answers that follow by mail, alerts of late letters and
    of an empty desk, the daily summary, word of what is in stock again.
    """
    close_silent(at=at)
    tell_of_stock(at=at)
    promise_answers(at=at)
    promise_letter_alerts(at=at)
    promise_digest(at=at)
    promise_presence_alerts(at=at)


def keep_waiting(*, at: datetime) -> None:
    """See to those who wait: find operators for them, climb the ladder."""
    due = count_due(at=at)
    if due.to_route:
        route_waiting(at=at)
    if due.offered_too_long:
        return_offers(at=at)
    if due.on_the_ladder:
        climb_ladder(at=at)
    if due.in_line or due.to_route:
        fill_places(at=at)
    promise_pushes(at=at)


def sweep(*, at: datetime) -> None:
    """Repair: give back what vanished workers and dismissed operators held.

    The presence of who fell silent ends, too, and orders that were noted and could
    not be settled are tried again.
    """
    released = release_expired_claims(at=at)
    if released:
        logger.warning("%d effects were left behind by a worker", released)
    expire_leases(at=at)
    promise_rare(at=at)
    relieve_operators(at=at)
    forget_old_passwords()
    forget_visits(at=at)
    settle_overdue(at=at)


def _promise_rare_now_and_then(at: datetime) -> None:
    # Once in ten seconds a process: they are rare, and looked for by every process.
    global _looked_at  # noqa: PLW0603 - one moment of the process
    if _looked_at is None or abs(at - _looked_at) >= RARELY:
        _looked_at = at
        promise_rare(at=at)


def _clock_from(at: datetime) -> Callable[[], datetime]:
    """Return a clock that shows ``at`` now and runs on from there."""
    started = monotonic()
    return lambda: at + timedelta(seconds=monotonic() - started)


def _perform(effect: "Effect", clock: Callable[[], datetime]) -> None:
    try:
        pass_over_bounced(effect)
        SENDERS[effect.kind](effect)
    except NotNeeded as reason:
        drop_effect(effect, reason=str(reason), at=clock())
    except PushRefused as error:
        fail_effect(effect, error=str(error), at=clock(), is_final=True)
    except Undeliverable as error:
        if effect.target:
            note_bounce(email=effect.target, reason=str(error), at=clock())
        fail_effect(effect, error=str(error), at=clock(), is_final=True)
    except Exception as error:  # noqa: BLE001 - one effect must not stop the others
        # A server's answer may hold an address: it stays in the row, out of the log.
        logger.warning(
            "Effect %s failed at try %d: %s",
            effect.public_id,
            effect.attempts + 1,
            type(error).__name__,
        )
        fail_effect(effect, error=f"{type(error).__name__}: {error}", at=clock())
    else:
        settle_effect(effect, at=clock())
