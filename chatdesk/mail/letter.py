"""Composes what is written about letters: the author's copy and the late alert."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from chatdesk.mail.alert import console_link
from chatdesk.mail.envelope import Letter as Envelope
from chatdesk.mail.envelope import compose, shop_name, site_url, speaking
from chatdesk.mail.transcript import bubbles_of
from chatdesk.models import Effect, Entry, Letter


def compose_letter_copy(
    *, effect: Effect, letter: Letter, words: Sequence[Entry]
) -> EmailMultiAlternatives:
    """Return the author's copy, with the time by which he is answered.

    Only for an address that is proven to be his: it holds what he wrote.
    """
    conversation = letter.conversation
    with speaking(conversation.language):
        shop = shop_name(conversation.storefront)
        due = moment(letter.due_at)
        return compose(
            Envelope(
                effect_id=effect.public_id,
                to=[effect.target],
                subject=_("Your question to %(shop)s") % {"shop": shop},
                template="chatdesk/mail/notice",
                context={
                    "shop": shop,
                    "heading": _("We have your question"),
                    # Some languages end an hour with a full stop of its own.
                    "lead": _("We answer by %(time)s.") % {"time": due.rstrip(".")},
                    "bubbles": bubbles_of(words, {}) if words else [],
                    "link": site_url(),
                    "button": _("Back to the shop"),
                    "fine": _("You left this question in the chat."),
                },
                thread=conversation.public_id,
            )
        )


def compose_letter_alert(
    *, effect: Effect, letter: Letter, to: Sequence[str]
) -> EmailMultiAlternatives:
    """Return the mail to owner and managers: a letter is late."""
    conversation = letter.conversation
    with speaking(settings.LANGUAGE_CODE):
        return compose(
            Envelope(
                effect_id=effect.public_id,
                to=list(to),
                subject=_("A letter should have been answered by %(time)s")
                % {"time": moment(letter.due_at)},
                template="chatdesk/mail/notice",
                context={
                    "shop": shop_name(conversation.storefront),
                    "heading": _("A letter waits for an answer"),
                    "lead": conversation.preview,
                    "facts": _facts(letter),
                    "link": console_link(conversation),
                    "button": _("Open the dialog"),
                    "fine": _("This is written once for each letter that is late."),
                },
            )
        )


def _facts(letter: Letter) -> list[tuple[str, Any]]:
    owner = letter.owner
    return [
        (_("Visitor"), str(letter.conversation.visitor)),
        (_("Left"), moment(letter.left_at)),
        (_("Owner"), owner.name if owner else _("Nobody has taken the dialog.")),
        (_("Contact"), letter.contact or _("none, the answer waits in the widget")),
    ]


def moment(at: Any) -> str:
    """Return a moment as the language writes it, in the zone that is in force."""
    return formats.date_format(timezone.localtime(at), "DATETIME_FORMAT")
