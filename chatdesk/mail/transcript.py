"""Composes the copy of a conversation that a visitor asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from chatdesk.mail.envelope import Letter, compose, shop_name, site_url, speaking
from chatdesk.models import AuthorKind, Conversation, Effect, Entry
from chatdesk.tokens import sign_rating

LONGEST_COPY = 1000
LONGEST_TEXT = 400_000


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message as the mail shows it; ``day`` is set where a new day begins."""

    name: str
    is_own: bool
    text: str
    at: datetime
    day: date | None


def compose_transcript(  # noqa: PLR0913 - all by keyword, all needed
    *,
    effect: Effect,
    conversation: Conversation,
    messages: Sequence[Entry],
    names: Mapping[int, str],
    is_for_shop: bool = False,
) -> EmailMultiAlternatives:
    """Return the mail to the address of the effect.

    ``messages`` are at least one and in the order of the log, ``names`` those of the
    operators by id. Only the latest ``LONGEST_COPY`` are shown, because mail servers
    refuse very long mails. What staff alone may see is left out here once more. The
    shop's copy offers neither reply nor rating.
    """
    seen = [each for each in messages if not each.staff_only]
    shown = _latest(seen)
    with speaking(settings.LANGUAGE_CODE if is_for_shop else conversation.language):
        bubbles = bubbles_of(shown, names)
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
                    "one_name": _only_first_name(list(speakers)),
                    "bubbles": bubbles,
                    "began_at": shown[0].at,
                    "ended_at": shown[-1].at,
                    "is_one_day": _day(shown[0]) == _day(shown[-1]),
                    "is_cut": len(shown) < len(seen),
                    "is_for_shop": is_for_shop,
                    "rate_up": "" if is_for_shop else _rate_link(conversation, "up"),
                    "rate_down": ""
                    if is_for_shop
                    else _rate_link(conversation, "down"),
                },
                thread=None if is_for_shop else conversation.public_id,
            )
        )


def _only_first_name(names: Sequence[str]) -> str:
    return names[0].split()[0] if len(names) == 1 and names[0].strip() else ""


def _latest(messages: Sequence[Entry]) -> list[Entry]:
    """Return the latest messages that a mail can hold, in their order; at least one."""
    shown: list[Entry] = []
    size = 0
    for entry in reversed(messages):
        size += len(entry.text)
        if shown and (size > LONGEST_TEXT or len(shown) == LONGEST_COPY):
            break
        shown.append(entry)
    return shown[::-1]


def _rate_link(conversation: Conversation, thumb: str) -> str:
    """Return where a like is confirmed: a page asks first, so scanners do not vote."""
    try:
        path = reverse("chatdesk:rate", args=[sign_rating(conversation.public_id)])
    except NoReverseMatch:
        # This process has other routes than the site: a worker of its own project.
        return ""
    return f"{site_url()}{path}?thumb={thumb}" if site_url() else ""


def bubbles_of(messages: Sequence[Entry], names: Mapping[int, str]) -> list[Bubble]:
    """Return messages as a mail shows them."""
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
