"""The two groups of staff, made with Django's own permissions at the first migrate.

What a shop then takes from a group or adds to it stays as the shop wants it.
"""

from django.contrib.auth.models import Group, Permission
from django.db import router

from chatdesk.conf import get_settings

OPERATOR = ("answer_conversations", "view_own_commission")
MANAGER = (
    "answer_conversations",
    "view_own_commission",
    "view_performance",
    "view_conversation",
    "view_operator",
    "add_operator",
    "change_operator",
    "view_cannedreply",
    "add_cannedreply",
    "change_cannedreply",
    "delete_cannedreply",
    "view_department",
    "add_department",
    "change_department",
    "view_routingrule",
    "add_routingrule",
    "change_routingrule",
    "delete_routingrule",
    "view_membership",
    "add_membership",
    "change_membership",
    "delete_membership",
    "view_storefront",
    "change_storefront",
    "view_regulation",
    "add_regulation",
    "view_shift",
    "add_shift",
    "change_shift",
    "delete_shift",
    "view_salecredit",
    "view_commissionplan",
    "add_commissionplan",
    "change_commissionplan",
    "view_ledgerline",
    "view_ledgermonth",
    "adjust_ledger",
    "view_letter",
    "view_effect",
    "change_effect",
)


def make_groups(*, using: str) -> None:
    """Make the groups Operator and Manager where they do not exist yet."""
    if not router.allow_migrate_model(using, Group):
        return
    settings = get_settings()
    _make_group(settings.operator_group, OPERATOR, using=using)
    _make_group(settings.manager_group, MANAGER, using=using)


def _make_group(name: str, codenames: tuple[str, ...], *, using: str) -> None:
    group, is_new = Group.objects.using(using).get_or_create(name=name)
    if not is_new:
        return
    permissions = Permission.objects.using(using).filter(
        content_type__app_label="chatdesk", codename__in=codenames
    )
    group.permissions.set(permissions)
