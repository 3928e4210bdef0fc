"""How numbers, spans of time and people are put into words on the manager pages."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from chatdesk.kpi.speed import Speed
from chatdesk.models import CommissionPlan, Operator, SaleCredit, Visitor

MINUTE = 60
HOUR = 3600
DAY = 86400


def name_of(visitor: Visitor) -> str:
    """Return the visitor's name, or the number by which staff know him."""
    return visitor.name or _("Guest %(number)s") % {"number": visitor.pk}


REASONS: dict[str, Promise] = {
    "lunch": gettext_lazy("lunch"),
    "training": gettext_lazy("training"),
    "break": gettext_lazy("a break"),
    "other": gettext_lazy("another reason"),
    Operator.IDLE: gettext_lazy("nobody at the screen"),
    Operator.MISSED: gettext_lazy("missed a dialog"),
}


def reason(word: str) -> str:
    """Return why somebody is away; the shop's own words as it wrote them."""
    return str(REASONS.get(word, word))


def number(value: float) -> str:
    """Return a whole number with the reader's separators."""
    return str(number_format(round(value), decimal_pos=0, force_grouping=True))


def percent(value: float) -> str:
    """Return a share as a whole percentage."""
    return _("%(number)s%%") % {"number": number(value * 100)}


def seconds(value: float) -> str:
    """Return a span in the largest units that still say enough: 9 s, 4 min, 2 h."""
    if round(value) < MINUTE:
        return _("%(seconds)s s") % {"seconds": round(value)}
    if value < HOUR:
        return _minutes(*divmod(round(value), MINUTE))
    if value < DAY:
        return hours(value)
    return _("%(days)s d") % {"days": int(value // DAY)}


def _minutes(minutes: int, rest: int) -> str:
    if minutes >= 10 or not rest:
        return _("%(minutes)s min") % {"minutes": minutes}
    return _("%(minutes)s min %(seconds)s s") % {"minutes": minutes, "seconds": rest}


def hours(value: float) -> str:
    """Return a long span in hours and minutes, from ten hours on in hours alone."""
    whole, minutes = divmod(round(value / MINUTE), 60)
    if whole >= 10:
        whole, minutes = round(value / HOUR), 0
    if not whole:
        return _("%(minutes)s min") % {"minutes": minutes}
    if not minutes:
        return _("%(hours)s h") % {"hours": number(whole)}
    return _("%(hours)s h %(minutes)s min") % {"hours": whole, "minutes": minutes}


def span(value: timedelta) -> str:
    """Return a span of time in words."""
    return seconds(value.total_seconds())


def day(value: date) -> str:
    """Return a day without its year: 26 Oct."""
    # Translators: a format of Django's, as in 26 Oct.
    return date_format(value, _("j M"))


def clock(value: datetime) -> str:
    """Return the time of day."""
    return date_format(timezone.localtime(value), "H:i")


def moment(value: datetime, *, at: datetime) -> str:
    """Return the time of day, with the day unless it is today."""
    local = timezone.localtime(value)
    if local.date() == timezone.localtime(at).date():
        return clock(value)
    return f"{day(local.date())}, {clock(value)}"


def speed(value: Speed) -> str:
    """Return what a sort of dialog is called."""
    return {
        Speed.WITHIN_GOAL: _("within the goal"),
        Speed.SLOW: _("over the goal"),
        Speed.LATE: _("over the limit"),
        Speed.MISSED: _("missed"),
        Speed.WAITING: _("waiting"),
        Speed.OFFLINE: _("nobody was online"),
    }[value]


def long_day(value: date) -> str:
    """Return a day in full."""
    return date_format(value, "DATE_FORMAT")


def explain_credit(credit: SaleCredit) -> str:
    """Return in a sentence why an order is credited to an operator."""
    days = (credit.order.placed_at - credit.answered_at).days
    how_long = (
        ngettext(
            "%(days)d day before the order", "%(days)d days before the order", days
        )
        % {"days": days}
        if days
        else _("on the day of the order")
    )
    facts = {
        "name": credit.operator.name,
        "did": credit.get_reason_display(),
        "when": how_long,
        "rule": credit.get_rule_display(),
    }
    if credit.reason == SaleCredit.Reason.MADE_ORDER:
        # Whatever the rule is: so it is no part of the reason.
        return _("%(name)s %(did)s.") % facts
    text = _("%(name)s %(did)s, %(when)s. Rule: %(rule)s.") % facts
    if credit.sharers > 1:
        shared = _("Shared by %(number)d operators.") % {"number": credit.sharers}
        return f"{text} {shared}"
    if credit.dialogs > 1:
        chosen = _("Chosen of %(number)d dialogs.") % {"number": credit.dialogs}
        return f"{text} {chosen}"
    return text


def explain_plan(plan: CommissionPlan) -> str:
    """Return in a few words how much a plan pays, and of what."""
    rate = {"percent": f"{plan.percent.normalize():f}"}
    if plan.basis == CommissionPlan.Basis.MARGIN:
        return _("%(percent)s%% of the margin") % rate
    return _("%(percent)s%% of the amount") % rate


def say_span(first: date | None, last: date | None) -> str:
    """Return from which day to which something holds."""
    begin = first and date_format(first, "SHORT_DATE_FORMAT")
    end = last and date_format(last, "SHORT_DATE_FORMAT")
    if begin and end:
        return f"{begin} \N{EN DASH} {end}"
    if begin:
        return _("from %(day)s") % {"day": begin}
    return _("until %(day)s") % {"day": end} if end else _("always")
