"""Composes the owner's daily summary."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import formats
from django.utils.translation import gettext as _

from chatdesk.mail.alert import console_link
from chatdesk.mail.envelope import Letter, compose, shop_name, speaking
from chatdesk.models import Conversation, Effect, Storefront


@dataclass(frozen=True, slots=True)
class Line:
    """A figure of the day and of the day before, in words."""

    name: str
    now: str
    before: str


@dataclass(frozen=True, slots=True)
class Worst:
    """A dialog to look at; ``seconds`` is None where nobody answered."""

    conversation: Conversation
    seconds: float | None
    is_disliked: bool

    @property
    def words(self) -> str:
        """What was wrong with it."""
        wait = (
            _("nobody answered")
            if self.seconds is None
            else _("answered after %(time)s") % {"time": _seconds(self.seconds)}
        )
        return _("a dislike, %(wait)s") % {"wait": wait} if self.is_disliked else wait

    @property
    def link(self) -> str:
        """Where it is read."""
        return console_link(self.conversation)


def compose_digest(  # noqa: PLR0913 - all by keyword, all needed
    *,
    effect: Effect,
    day: date,
    figures: Sequence[Line],
    worst: Sequence[Worst],
    storefront: Storefront,
    to: Sequence[str],
) -> EmailMultiAlternatives:
    """Return the mail with every registered figure and the worst dialogs."""
    with speaking(settings.LANGUAGE_CODE):
        shown = formats.date_format(day, "DATE_FORMAT")
        return compose(
            Letter(
                effect_id=effect.public_id,
                to=list(to),
                subject=_("Chat on %(day)s") % {"day": shown},
                template="chatdesk/mail/digest",
                context={
                    "shop": shop_name(storefront),
                    "day": shown,
                    "figures": figures,
                    "worst": worst,
                },
            )
        )


def show_value(value: float | None, unit: str) -> str:
    """Return a value in the words of the language in force."""
    if value is None:
        return "–"
    if unit == "seconds":
        return _seconds(value)
    if unit == "share":
        return f"{value:.0%}"
    return formats.number_format(int(value))


def _seconds(value: float) -> str:
    if value < 120:
        return _("%(n)s s") % {"n": round(value)}
    return _("%(n)s min") % {"n": round(value / 60)}
