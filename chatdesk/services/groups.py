"""The two groups of staff, made and brought up to date by migrate.

A permission is given to a group once. What a shop then takes from a group or adds to it
stays as the shop wants it.
"""

from django.contrib.auth.models import Group, Permission
from django.db import connections, router

from chatdesk.conf import get_settings
from chatdesk.models import GivenPermission

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
    """Make the groups Operator and Manager, and give them what they never had yet."""
    if not router.allow_migrate_model(using, Group) or not _is_noted(using):
        return
    settings = get_settings()
    _keep_group(settings.operator_group, OPERATOR, using=using)
    _keep_group(settings.manager_group, MANAGER, using=using)


def _is_noted(using: str) -> bool:
    # Migrating backwards ends here as well, perhaps without this table.
    table = GivenPermission._meta.db_table
    return table in connections[using].introspection.table_names()


def _keep_group(name: str, codenames: tuple[str, ...], *, using: str) -> None:
    """Give a group the permissions that it was not given before."""
    group, is_new = Group.objects.using(using).get_or_create(name=name)
    given = GivenPermission.objects.using(using).filter(group=name)
    if is_new:
        given.delete()
    elif not group.permissions.filter(content_type__app_label="chatdesk").exists():
        # Of the same name, but the shop's own and for something else.
        return
    missing = set(codenames).difference(given.values_list("codename", flat=True))
    if not missing:
        return
    permissions = Permission.objects.using(using).filter(
        content_type__app_label="chatdesk", codename__in=missing
    )
    group.permissions.add(*permissions)
    GivenPermission.objects.using(using).bulk_create(
        GivenPermission(group=name, codename=each.codename) for each in permissions
    )
