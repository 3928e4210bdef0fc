"""Departments and their rules, as a shop sets them up by code."""

from collections.abc import Collection
from typing import Any

from django.db import transaction

from chatdesk.models import Department, Membership, RoutingRule


def keep_department(
    *, name: str, operator_ids: Collection[int], rules: Collection[dict[str, Any]] = ()
) -> bool:
    """Add a department with its people and rules unless one of this name is there.

    A rule is given by the fields of ``RoutingRule``. Returns whether it was added: what
    a shop has changed since is never overwritten.
    """
    with transaction.atomic():
        department, is_new = Department.objects.get_or_create(name=name)
        if is_new:
            Membership.objects.bulk_create(
                Membership(department=department, operator_id=pk) for pk in operator_ids
            )
            RoutingRule.objects.bulk_create(
                RoutingRule(department=department, **{"name": name, **rule})
                for rule in rules
            )
    return is_new
