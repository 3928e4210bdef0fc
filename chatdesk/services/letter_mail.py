"""Mail about letters: the author's copy, and the alert when one is late."""

from datetime import datetime

from django.db import transaction

from chatdesk.conf import get_settings
from chatdesk.mail.letter import compose_letter_alert, compose_letter_copy
from chatdesk.models import AuthorKind, Effect, Entry, Letter
from chatdesk.senders.smtp import send_mail
from chatdesk.services.alerts import staff_addresses
from chatdesk.services.effects import Kind, NotNeeded, Promise, promise_effects

AT_ONCE = 100
WORDS = 20


def promise_letter_alerts(*, at: datetime) -> int:
    """Promise the alert of each letter that is late, once; return how many."""
    late = Letter.objects.filter(alert_at__lte=at, state=Letter.State.OPEN)
    found = list(late.values_list("pk", "conversation_id", "alert_at")[:AT_ONCE])
    if not found:
        return 0
    with transaction.atomic():
        promise_effects(
            [
                Promise(
                    kind=Kind.LETTER_ALERT,
                    conversation_id=conversation_id,
                    key=f"letter-alert:{pk}",
                    due_at=alert_at or at,
                )
                for pk, conversation_id, alert_at in found
            ],
            at=at,
        )
        taken = [pk for pk, *_ in found]
        Letter.objects.filter(pk__in=taken).update(alert_at=None)
    return len(found)


def send_letter_alert(effect: Effect) -> None:
    """Write to owner and managers; raises ``NotNeeded`` for an answered letter."""
    if not get_settings().mail_letter_alerts:
        raise NotNeeded("Alerts of letters are switched off.")
    letter = _letter_of(effect)
    if letter.state != Letter.State.OPEN:
        raise NotNeeded("The letter is answered or closed.")
    to = staff_addresses(letter.owner)
    if not to:
        raise NotNeeded(
            "Neither operator nor managers nor ALERT_EMAILS have an address."
        )
    send_mail(compose_letter_alert(effect=effect, letter=letter, to=to))


def send_letter_copy(effect: Effect) -> None:
    """Mail the author what he wrote and when he is answered."""
    if not get_settings().mail_letter_copies:
        raise NotNeeded("Copies of letters are switched off.")
    letter = _letter_of(effect)
    newest = Entry.objects.filter(
        conversation=letter.conversation,
        kind=Entry.Kind.MESSAGE,
        author_kind=AuthorKind.VISITOR,
        at__lte=letter.left_at,
    ).order_by("-seq")[:WORDS]
    words = list(reversed(newest))
    send_mail(compose_letter_copy(effect=effect, letter=letter, words=words))


def _letter_of(effect: Effect) -> Letter:
    rows = Letter.objects.select_related(
        "owner__user", "conversation__storefront", "conversation__visitor"
    )
    return rows.get(pk=int(effect.key.rpartition(":")[2]))
