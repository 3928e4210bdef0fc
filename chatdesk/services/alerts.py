"""The alerts of a missing reply: mails to those who can still save the dialog."""

from collections.abc import Iterable
from typing import Any, cast

from django.contrib.auth import get_user_model
from django.db import transaction

from chatdesk.conf import get_settings
from chatdesk.mail.alert import compose_alert
from chatdesk.models import Conversation, Effect, Operator
from chatdesk.senders.smtp import send_mail
from chatdesk.services.effects import NotNeeded
from chatdesk.services.locks import lock_conversations
from chatdesk.services.waiting import alert_key


def send_alert(effect: Effect) -> None:
    """Write to whoever leads the dialog and the addresses of the settings, in one mail.

    Managers are written to at once where nobody leads it. Raises ``NotNeeded`` when the
    question of this alert waits no more, or nobody has an address. The question is
    looked at under the row lock, so an answer that was committed before never causes
    an alert; the mail is sent after the lock.
    """
    if not get_settings().mail_alerts:
        raise NotNeeded("Alerts are switched off.")
    conversation = _still_waiting(effect, key=effect.key)
    operator = conversation.operator
    users = _managers() if operator is None else [operator.user]
    to = _addresses(users, get_settings().alert_emails)
    if not to and operator is not None:
        to = _addresses(_managers(), ())
    if not to:
        raise NotNeeded(
            "Neither operator nor managers nor ALERT_EMAILS have an address."
        )
    send_mail(compose_alert(effect=effect, conversation=conversation, to=to))


def send_manager_alert(effect: Effect) -> None:
    """Write to the managers of a question that waits although it was passed on.

    Raises ``NotNeeded`` as ``send_alert`` does, and where managers were written to
    first, because nobody led the dialog.
    """
    key = effect.key.removeprefix("managers:")
    conversation = _still_waiting(effect, key=key)
    if conversation.operator is None:
        raise NotNeeded("The managers were written to at the first alert.")
    to = _addresses(_managers(), ())
    if not to:
        raise NotNeeded("No manager has an address.")
    send_mail(compose_alert(effect=effect, conversation=conversation, to=to))


def _still_waiting(effect: Effect, *, key: str) -> Conversation:
    pk = cast("int", effect.conversation_id)
    with transaction.atomic():
        conversation = lock_conversations([pk]).get(pk)
        if conversation is None or alert_key(conversation) != key:
            raise NotNeeded("The question was answered or the dialog ended.")
    return conversation


def staff_addresses(operator: Operator | None) -> list[str]:
    """Return who is told: the operator, the managers, the addresses of the settings."""
    first = [] if operator is None else [operator.user]
    return _addresses([*first, *_managers()], get_settings().alert_emails)


def _managers() -> list[Any]:
    rows = get_user_model().objects.filter(groups__name=get_settings().manager_group)
    return list(rows)


def _addresses(users: Iterable[Any], more: Iterable[str]) -> list[str]:
    field = get_user_model().get_email_field_name()
    addresses = [getattr(user, field, "") for user in users if user.is_active]
    addresses.extend(more)
    return list({each.lower(): each for each in addresses if each}.values())
