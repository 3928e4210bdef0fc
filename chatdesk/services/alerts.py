"""The alert of a missing reply: one mail to those who can still save the dialog."""

from datetime import datetime
from typing import cast

from django.contrib.auth import get_user_model
from django.db import transaction

from chatdesk.conf import get_settings
from chatdesk.mail.alert import compose_alert
from chatdesk.models import Conversation, Effect, Operator
from chatdesk.senders.smtp import send_mail
from chatdesk.services.effects import NotNeeded, Promise, promise_effects
from chatdesk.services.locks import lock_conversations, lock_free_conversations
from chatdesk.services.waiting import alert_key

AT_ONCE = 200


def promise_alerts(*, at: datetime) -> int:
    """Promise the alert of each question that waits over the limit, once.

    Looked at under the row lock, so that an answer committed before causes none. A row
    that is being written to is left to the next look. Returns how many were promised.
    """
    overdue = Conversation.objects.in_progress().filter(alert_at__lte=at)
    found = list(overdue.order_by("alert_at").values_list("pk", flat=True)[:AT_ONCE])
    if not found:
        return 0
    with transaction.atomic():
        rows = lock_free_conversations(overdue.filter(pk__in=found))
        promise_effects([_alert_of(row) for row in rows], at=at)
        taken = [row.pk for row in rows]
        Conversation.objects.filter(pk__in=taken).update(alert_at=None)
    return len(rows)


def _alert_of(conversation: Conversation) -> Promise:
    return Promise(
        kind=Effect.Kind.NO_REPLY_ALERT,
        conversation_id=conversation.pk,
        key=alert_key(conversation),
        due_at=cast("datetime", conversation.alert_at),
    )


def send_alert(effect: Effect) -> None:
    """Write to operator, managers and the addresses of the settings, in one mail.

    Raises ``NotNeeded`` when the question of this alert waits no more, or nobody has an
    address. The question is looked at under the row lock, so an answer that was
    committed before never causes an alert; the mail is sent after the lock.
    """
    if not get_settings().mail_alerts:
        raise NotNeeded("Alerts are switched off.")
    pk = cast("int", effect.conversation_id)
    with transaction.atomic():
        conversation = lock_conversations([pk]).get(pk)
        if conversation is None or alert_key(conversation) != effect.key:
            raise NotNeeded("The question was answered or the dialog ended.")
    to = staff_addresses(conversation.operator)
    if not to:
        raise NotNeeded(
            "Neither operator nor managers nor ALERT_EMAILS have an address."
        )
    send_mail(compose_alert(effect=effect, conversation=conversation, to=to))


def staff_addresses(operator: Operator | None) -> list[str]:
    """Return who is told: the operator, the managers, the addresses of the settings."""
    conf = get_settings()
    users = list(get_user_model().objects.filter(groups__name=conf.manager_group))
    if operator is not None:
        users.insert(0, operator.user)
    field = get_user_model().get_email_field_name()
    addresses = [getattr(user, field, "") for user in users if user.is_active]
    addresses.extend(conf.alert_emails)
    return list({each.lower(): each for each in addresses if each}.values())
