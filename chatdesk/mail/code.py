"""Composes the code that proves an address; nothing that a visitor wrote is in it."""

from django.core.mail import EmailMultiAlternatives
from django.utils.translation import gettext as _

from chatdesk.mail.envelope import Letter, compose, shop_name, speaking
from chatdesk.models import Conversation, Effect


def compose_code(
    *, effect: Effect, conversation: Conversation, code: str
) -> EmailMultiAlternatives:
    """Return the mail with the six digits."""
    with speaking(conversation.language):
        shop = shop_name(conversation.storefront)
        return compose(
            Letter(
                effect_id=effect.public_id,
                to=[effect.target],
                subject=_("%(code)s is your code for %(shop)s")
                % {"code": code, "shop": shop},
                template="chatdesk/mail/notice",
                context={
                    "shop": shop,
                    "heading": _("Your code"),
                    "lead": _("Write it into the chat to get mail from it here."),
                    "code": code,
                    "fine": _(
                        "Somebody gave this address in our chat. If it was not you, "
                        "do nothing: no further mail comes."
                    ),
                },
            )
        )
