"""Composes what managers are told of an empty desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from chatdesk.mail.envelope import Letter, compose, shop_name, speaking
from chatdesk.mail.letter import moment
from chatdesk.models import Effect, Shift, Storefront


@dataclass(frozen=True, slots=True)
class Order:
    """For which effect a mail is written, to whom, and in whose name."""

    effect: Effect
    to: Sequence[str]
    storefront: Storefront


def compose_uncovered(
    *, order: Order, since: datetime, planned: Sequence[Shift]
) -> EmailMultiAlternatives:
    """Return the mail that in working time nobody is online."""
    with speaking(settings.LANGUAGE_CODE):
        names = ", ".join(each.operator.name for each in planned)
        facts = [
            (_("Nobody online since"), moment(since)),
            (_("Planned for now"), names or _("nobody")),
        ]
        return _compose(
            order,
            subject=_("Nobody is at the desk since %(time)s") % {"time": _time(since)},
            lead=_("The shop is open, and visitors are asked to leave a letter."),
            facts=facts,
        )


def compose_absence(*, order: Order, shift: Shift) -> EmailMultiAlternatives:
    """Return the mail that an operator has not come to his shift."""
    with speaking(settings.LANGUAGE_CODE):
        name = shift.operator.name
        facts = [(_("Begins"), moment(shift.begins_at))]
        facts.append((_("Ends"), moment(shift.ends_at)))
        return _compose(
            order,
            subject=_("%(name)s has not come to the shift of %(time)s")
            % {"name": name, "time": _time(shift.begins_at)},
            lead=_("%(name)s has not been at the desk since the shift began.")
            % {"name": name},
            facts=facts,
        )


def _compose(
    order: Order,
    *,
    subject: str,
    lead: str,
    facts: Sequence[tuple[str, str]],
) -> EmailMultiAlternatives:
    return compose(
        Letter(
            effect_id=order.effect.public_id,
            to=list(order.to),
            subject=subject,
            template="chatdesk/mail/notice",
            context={
                "shop": shop_name(order.storefront),
                "heading": subject,
                "lead": lead,
                "facts": facts,
                "link": "",
                "fine": _("This is written once for each time."),
            },
        )
    )


def _time(at: datetime) -> str:
    return formats.time_format(timezone.localtime(at), "H:i")
