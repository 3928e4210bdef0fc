"""Composes the answer that follows a visitor who has gone."""

from collections.abc import Mapping, Sequence

from django.core.mail import EmailMultiAlternatives
from django.utils.translation import gettext as _

from chatdesk.conf import get_settings
from chatdesk.mail.envelope import Letter, compose, shop_name, site_url, speaking
from chatdesk.mail.transcript import bubbles_of
from chatdesk.models import Conversation, Effect, Entry


def compose_answer(
    *,
    effect: Effect,
    conversation: Conversation,
    answers: Sequence[Entry],
    names: Mapping[int, str],
) -> EmailMultiAlternatives:
    """Return the mail with what operators wrote, and nothing that the visitor wrote.

    What nobody wrote, such as that a product is in stock again, comes of the shop.

    He may have typed somebody else's address: no word of his reaches it.
    """
    with speaking(conversation.language):
        shop = shop_name(conversation.storefront)
        name = names.get(answers[-1].author_id, "")
        return compose(
            Letter(
                effect_id=effect.public_id,
                to=[effect.target],
                subject=_("%(name)s from %(shop)s has answered")
                % {"name": name, "shop": shop}
                if name
                else _("News from %(shop)s") % {"shop": shop},
                template="chatdesk/mail/notice",
                context={
                    "shop": shop,
                    "heading": _("%(name)s has answered you") % {"name": name}
                    if name
                    else _("News from %(shop)s") % {"shop": shop},
                    "lead": _("Just reply to this e-mail if you have another question.")
                    if get_settings().mail_in_address
                    else "",
                    "bubbles": bubbles_of(answers, {0: shop, **names}),
                    "link": site_url(),
                    "button": _("Back to the shop"),
                    "fine": _(
                        "You left this address in the chat so that we can answer you. "
                        "We will not write to you about anything else."
                    ),
                },
                thread=conversation.public_id,
            )
        )
