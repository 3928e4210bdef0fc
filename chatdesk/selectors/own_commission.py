"""The operator's own running sum of commission, for the bar above his dialogs."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.utils import timezone

from chatdesk.actors import OperatorActor
from chatdesk.models import LedgerLine
from chatdesk.selectors.logins import are_backends_plain
from chatdesk.selectors.shop_words import money
from chatdesk.wire.objects import Earned

SEES_OWN = "chatdesk.view_own_commission"


def own_commission(*, actor: OperatorActor, at: datetime) -> tuple[Earned, ...]:
    """Return what this month and the one before have brought him, newest first.

    Two queries; one for whoever may not see it, who gets nothing. A month without a
    line is left out, one whose lines cancel each other out is not.
    """
    if not _may_see(actor):
        return ()
    today = timezone.localtime(at, timezone.get_default_timezone()).date()
    months = (_first(today), _first(_first(today) - timedelta(days=1)))
    rows = LedgerLine.objects.filter(
        operator_id=actor.id, month__first_day__in=months
    ).values_list("month__first_day", "currency", "amount")
    sums: dict[date, dict[str, Decimal]] = {
        month: defaultdict(Decimal) for month in months
    }
    # Added up here: SQLite adds decimals as floats.
    for month, currency, amount in rows:
        sums[month][currency] += amount
    return tuple(
        Earned(month=f"{month:%Y-%m}", sums=tuple(_words(by_currency)))
        for month, by_currency in sums.items()
        if by_currency
    )


def _first(day: date) -> date:
    return day.replace(day=1)


def _words(by_currency: dict[str, Decimal]) -> list[str]:
    return [money(amount, currency) for currency, amount in sorted(by_currency.items())]


def _may_see(actor: OperatorActor) -> bool:
    users = get_user_model()._default_manager
    if are_backends_plain():
        holders = ModelBackend().with_perm(SEES_OWN, is_active=True)
        return holders.filter(pk=actor.user_id).exists()
    user = users.filter(pk=actor.user_id).first()
    return user is not None and user.has_perm(SEES_OWN)
