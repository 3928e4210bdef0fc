"""Commission plans as a shop sets them up by code."""

from decimal import Decimal
from typing import Any

from chatdesk.models import CommissionPlan


def keep_commission_plan(*, name: str, percent: Decimal | int, **facts: Any) -> bool:
    """Add a plan for everybody unless one of this name is there.

    ``facts`` are further fields of ``CommissionPlan``: ``basis``, ``product_group``,
    ``priority``, ``valid_from``, ``valid_to``. Returns whether it was added: what a
    shop has changed since is never overwritten.
    """
    _, is_new = CommissionPlan.objects.get_or_create(
        name=name, defaults={"percent": percent, **facts}
    )
    return is_new
