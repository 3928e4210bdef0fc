"""The owner's daily summary: yesterday in figures, and the dialogs worth a look."""

from datetime import date, datetime, timedelta

from django.conf import settings as host_settings

from chatdesk.conf import get_settings
from chatdesk.kpi import facts
from chatdesk.kpi.period import Period, site_zone, start_of_day
from chatdesk.kpi.report import Report, build_report
from chatdesk.mail.digest import Line, Worst, compose_digest, show_value
from chatdesk.mail.envelope import speaking
from chatdesk.models import Conversation, Effect
from chatdesk.selectors.storefronts import get_storefront
from chatdesk.senders.smtp import send_mail
from chatdesk.services.alerts import staff_addresses
from chatdesk.services.effects import Kind, NotNeeded, Promise, promise_effects

WORST = 3
MOST_ROWS = 1000
KEY = "digest:"


def promise_digest(*, at: datetime) -> bool:
    """Promise the summary of the day before, once a day, from ``digest_hour`` on.

    However many ask: the key of the effect is the day.
    """
    now = at.astimezone(site_zone())
    settings = get_settings()
    if not settings.mail_digest or now.hour < settings.digest_hour:
        return False
    day = now.date() - timedelta(days=1)
    key = f"{KEY}{day.isoformat()}"
    if Effect.objects.filter(key=key).exists():
        return False
    promise_effects([Promise(Kind.DIGEST, None, key, at)], at=at)
    return True


def send_digest(effect: Effect) -> None:
    """Mail the summary; raises ``NotNeeded`` after a day on which nobody wrote."""
    settings = get_settings()
    day = date.fromisoformat(effect.key.removeprefix(KEY))
    end = start_of_day(day + timedelta(days=1))
    period = Period(start=start_of_day(day), end=end, days=1)
    report = build_report(period, at=end)
    if not report.counts.dialogs:
        raise NotNeeded("Nobody wrote on that day.")
    to = list(settings.digest_emails) or staff_addresses(None)
    if not to:
        raise NotNeeded("Neither managers nor DIGEST_EMAILS have an address.")
    send_mail(
        compose_digest(
            effect=effect,
            day=day,
            figures=_lines(report),
            worst=_worst(period, end),
            storefront=get_storefront(),
            to=to,
        )
    )


def _lines(report: Report) -> list[Line]:
    with speaking(host_settings.LANGUAGE_CODE):
        return [
            Line(
                name=reading.kpi.name,
                now=show_value(reading.now.value, reading.kpi.unit),
                before=show_value(reading.before.value, reading.kpi.unit),
            )
            for reading in report.readings.values()
        ]


def _worst(period: Period, at: datetime) -> list[Worst]:
    """Return the three to look at first: disliked, missed, then the longest waits."""
    bad = facts.is_disliked() | facts.is_missed(at=at) | facts.is_over_limit(at=at)
    rows = facts.begun(period).filter(bad).select_related("visitor")
    ordered = sorted(rows[:MOST_ROWS], key=_badness, reverse=True)
    return [
        Worst(
            conversation=row,
            seconds=row.first_reply_s,
            is_disliked=row.thumb == "down",
        )
        for row in ordered[:WORST]
    ]


def _badness(conversation: Conversation) -> tuple[bool, bool, float]:
    seconds = conversation.first_reply_s
    return conversation.thumb == "down", seconds is None, seconds or 0.0
