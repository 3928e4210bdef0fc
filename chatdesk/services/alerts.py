"""The alert of a missing reply: one mail to those who can still save the dialog."""

from django.contrib.auth import get_user_model
from django.db import transaction

from chatdesk.conf import get_settings
from chatdesk.mail.alert import compose_alert
from chatdesk.models import Conversation, Effect
from chatdesk.senders.smtp import send_mail
from chatdesk.services.effects import NotNeeded
from chatdesk.services.locks import lock_conversations
from chatdesk.services.waiting import alert_key


def send_alert(effect: Effect) -> None:
    """Write to operator, managers and the addresses of the settings, in one mail.

    Raises ``NotNeeded`` when the question of this alert waits no more, or nobody has an
    address. The question is looked at under the row lock, so an answer that was
    committed before never causes an alert; the mail is sent after the lock.
    """
    with transaction.atomic():
        found = lock_conversations([effect.conversation_id])
        conversation = found.get(effect.conversation_id)
        if conversation is None or alert_key(conversation) != effect.key:
            raise NotNeeded("The question was answered or the dialog ended.")
    to = _addresses(conversation)
    if not to:
        raise NotNeeded(
            "Neither operator nor managers nor ALERT_EMAILS have an address."
        )
    send_mail(compose_alert(effect=effect, conversation=conversation, to=to))


def _addresses(conversation: Conversation) -> list[str]:
    conf = get_settings()
    users = list(get_user_model().objects.filter(groups__name=conf.manager_group))
    if conversation.operator is not None:
        users.insert(0, conversation.operator.user)
    field = get_user_model().get_email_field_name()
    addresses = [getattr(user, field, "") for user in users if user.is_active]
    addresses.extend(conf.alert_emails)
    return list({each.lower(): each for each in addresses if each}.values())
