"""The groups are there after the first migrate, and then belong to the shop."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db.models.signals import post_migrate
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from chatdesk.models import GivenPermission
from chatdesk.services.groups import MANAGER, OPERATOR, make_groups

pytestmark = pytest.mark.django_db


def codenames(name: str) -> set[str]:
    """Return what a group may do."""
    permissions = Group.objects.get(name=name).permissions
    return set(permissions.values_list("codename", flat=True))


def test_both_groups_are_made_by_migrate() -> None:
    assert codenames("Operator") == set(OPERATOR)
    assert codenames("Manager") == set(MANAGER)


def test_every_permission_exists() -> None:
    known = Permission.objects.filter(content_type__app_label="chatdesk")

    assert {*OPERATOR, *MANAGER} <= set(known.values_list("codename", flat=True))


def test_an_operator_reads_no_archive_and_no_figures() -> None:
    assert OPERATOR == ("answer_conversations", "view_own_commission")


def test_what_the_shop_changed_stays() -> None:
    group = Group.objects.get(name="Manager")
    group.permissions.remove(group.permissions.get(codename="change_effect"))

    make_groups(using="default")

    assert "change_effect" not in codenames("Manager")


def test_a_group_of_before_gets_what_came_since_and_gets_it_once() -> None:
    GivenPermission.objects.filter(codename="view_own_commission").delete()
    operators = Group.objects.get(name="Operator")
    newer = operators.permissions.get(codename="view_own_commission")
    operators.permissions.remove(newer)

    make_groups(using="default")
    assert codenames("Operator") == set(OPERATOR)

    operators.permissions.remove(newer)
    make_groups(using="default")
    assert codenames("Operator") == {"answer_conversations"}


def test_a_group_whose_gifts_nobody_noted_gets_what_it_lacks() -> None:
    GivenPermission.objects.all().delete()
    manager = Group.objects.get(name="Manager")
    manager.permissions.remove(manager.permissions.get(codename="adjust_ledger"))

    make_groups(using="default")

    assert codenames("Manager") == set(MANAGER)


def test_what_the_shop_added_to_a_group_stays() -> None:
    added = Permission.objects.get(codename="view_auditline")
    Group.objects.get(name="Operator").permissions.add(added)
    GivenPermission.objects.all().delete()

    make_groups(using="default")

    assert codenames("Operator") == {*OPERATOR, "view_auditline"}


def test_a_group_of_the_shops_own_that_is_called_the_same_gets_nothing() -> None:
    Group.objects.get(name="Manager").permissions.clear()
    GivenPermission.objects.all().delete()

    make_groups(using="default")

    assert codenames("Manager") == set()


def test_a_group_that_is_made_anew_gets_all() -> None:
    Group.objects.get(name="Manager").delete()

    make_groups(using="default")

    assert codenames("Manager") == set(MANAGER)


def test_up_to_date_groups_cost_few_queries(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(7):
        make_groups(using="default")


def test_a_database_migrated_backwards_is_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(GivenPermission._meta, "db_table", "chatdesk_nowhere")
    Group.objects.all().delete()

    make_groups(using="default")

    assert not Group.objects.exists()


def test_the_names_come_from_the_settings(settings: Settings) -> None:
    settings.CHATDESK = {"OPERATOR_GROUP": "Консультанты", "MANAGER_GROUP": "Chefs"}

    make_groups(using="default")

    assert codenames("Консультанты") == set(OPERATOR)
    assert codenames("Chefs") == set(MANAGER)


def test_a_host_may_list_chatdesk_before_auth() -> None:
    Group.objects.all().delete()
    Permission.objects.filter(content_type__app_label="chatdesk").delete()

    config = apps.get_app_config("chatdesk")
    post_migrate.send(config, app_config=config, using="default", verbosity=0)

    assert codenames("Manager") == set(MANAGER)


def test_other_apps_migrations_make_no_groups() -> None:
    Group.objects.all().delete()

    config = apps.get_app_config("sessions")
    post_migrate.send(config, app_config=config, using="default", verbosity=0)

    assert not Group.objects.exists()


def test_groups_are_made_where_the_hosts_router_keeps_them(settings: Settings) -> None:
    Group.objects.all().delete()
    settings.DATABASE_ROUTERS = [f"{__name__}.Elsewhere"]

    make_groups(using="default")

    assert not Group.objects.exists()


class Elsewhere:
    """A router of a host that keeps its users in another database."""

    def allow_migrate(self, _db: str, app_label: str, **_hints: object) -> bool:
        return app_label != "auth"
