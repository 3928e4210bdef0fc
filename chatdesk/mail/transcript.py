"""Composes the copy of a conversation that a visitor asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from chatdesk.mail.envelope import Letter, compose, shop_name, speaking
from chatdesk.models import AuthorKind, Conversation, Effect, Entry

LONGEST_COPY = 1000


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message as the mail shows it; ``day`` is set where a new day begins."""

    name: str
    is_own: bool
    text: str
    at: datetime
    day: date | None


def compose_transcript(
    *,
    effect: Effect,
    conversation: Conversation,
    messages: Sequence[Entry],
    names: Mapping[int, str],
) -> EmailMultiAlternatives:
    """Return the mail to the address of the effect.

    ``messages`` are at least one and in the order of the log, ``names`` those of the
    operators by id. Only the latest ``LONGEST_COPY`` are shown, because mail servers
    refuse very long mails. What staff alone may see is left out here once more.
    """
    shown = [each for each in messages if not each.staff_only][-LONGEST_COPY:]
    with speaking(conversation.language):
        bubbles = _bubbles(shown, names)
        speakers = dict.fromkeys(each.name for each in bubbles if not each.is_own)
        shop = shop_name(conversation.storefront)
        return compose(
            Letter(
                effect_id=effect.public_id,
                to=[effect.target],
                subject=_("Your conversation with %(shop)s") % {"shop": shop},
                template="chatdesk/mail/transcript",
                context={
                    "shop": shop,
                    "names": get_text_list(list(speakers), _("and")),
                    "bubbles": bubbles,
                    "began_at": shown[0].at,
                    "ended_at": shown[-1].at,
                    "is_one_day": _day(shown[0]) == _day(shown[-1]),
                    "is_cut": len(messages) > LONGEST_COPY,
                },
            )
        )


def _bubbles(messages: Sequence[Entry], names: Mapping[int, str]) -> list[Bubble]:
    bubbles = []
    latest = _day(messages[0])
    for entry in messages:
        is_own = entry.author_kind == AuthorKind.VISITOR
        day = _day(entry)
        bubbles.append(
            Bubble(
                name=_("You") if is_own else names.get(entry.author_id, _("Operator")),
                is_own=is_own,
                text=entry.text,
                at=entry.at,
                day=day if day != latest else None,
            )
        )
        latest = day
    return bubbles


def _day(entry: Entry) -> date:
    return timezone.localdate(entry.at)
