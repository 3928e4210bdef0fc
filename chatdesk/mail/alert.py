"""Composes the alert that a visitor waits for an answer."""

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from chatdesk.mail.envelope import Letter, compose, shop_name, site_url, speaking
from chatdesk.models import Conversation, Effect


def compose_alert(
    *, effect: Effect, conversation: Conversation, to: Sequence[str]
) -> EmailMultiAlternatives:
    """Return the mail to operator, managers and whom the settings name.

    The visitor waits, so ``waiting_since`` is set and the preview holds his last words.
    """
    with speaking(settings.LANGUAGE_CODE):
        since = timezone.localtime(conversation.waiting_since)
        return compose(
            Letter(
                effect_id=effect.public_id,
                to=list(to),
                subject=_("A visitor has been waiting since %(time)s")
                % {"time": since.strftime("%H:%M:%S")},
                template="chatdesk/mail/alert",
                context={
                    "shop": shop_name(conversation.storefront),
                    "visitor": str(conversation.visitor),
                    "operator": conversation.operator,
                    "since": since,
                    "words": conversation.preview,
                    "link": console_link(conversation),
                },
            )
        )


def console_link(conversation: Conversation) -> str:
    """Return the address of the dialog in the workspace, or nothing."""
    site = site_url()
    if not site:
        return ""
    try:
        path = reverse("chatdesk:console")
    except NoReverseMatch:
        # This process has other routes than the site: a worker of its own project.
        return ""
    return f"{site}{path}#{conversation.public_id.hex}"
