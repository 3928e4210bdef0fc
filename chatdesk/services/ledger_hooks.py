"""Lines of the ledger told to the shop's accounting, each once or until it takes them.

The note is promised in the transaction that writes the line, so accounting hears of
exactly the lines that there are.
"""

import json
from datetime import datetime

from chatdesk.conf import get_settings
from chatdesk.models import Effect, LedgerLine
from chatdesk.senders.webhook import post_note
from chatdesk.services.effects import NotNeeded, Promise, promise_effects

PREFIX = "ledger:"


def promise_note(line: LedgerLine, *, at: datetime) -> None:
    """Promise to tell accounting of a line; nothing where it has no address."""
    if not get_settings().ledger_webhook:
        return
    note = Promise(
        kind=Effect.Kind.LEDGER_NOTE,
        conversation_id=None,
        key=f"{PREFIX}{line.pk}",
        due_at=at,
    )
    promise_effects([note], at=at)


def send_note(effect: Effect) -> None:
    """Post the line that an effect names."""
    conf = get_settings()
    if not conf.ledger_webhook:
        raise NotNeeded("LEDGER_WEBHOOK is empty.")
    lines = LedgerLine.objects.select_related(
        "operator", "month", "credit__order", "plan", "author"
    )
    line = lines.get(pk=effect.key.removeprefix(PREFIX))
    post_note(
        conf.ledger_webhook,
        json.dumps(note_of(line), ensure_ascii=False).encode(),
        secret=conf.ledger_webhook_secret,
        key=effect.public_id.hex,
    )


def note_of(line: LedgerLine) -> dict[str, object]:
    """Return a line as accounting gets it; sums are text, so that no cent is lost."""
    return {
        "id": line.pk,
        "at": line.at.isoformat(),
        "month": line.month.code,
        "kind": line.kind,
        "operator": {"id": line.operator_id, "name": line.operator.name},
        "amount": f"{line.amount:.2f}",
        "currency": line.currency,
        "percent": None if line.percent is None else f"{line.percent:f}",
        "order": line.credit.order.reference if line.credit else "",
        "plan": line.plan.name if line.plan else "",
        "reverses": line.accrual_id,
        "reason": line.reason,
        "author": line.author.get_username() if line.author else "",
    }
