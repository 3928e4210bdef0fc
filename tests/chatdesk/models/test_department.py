"""Departments and rules as they are stored: order, uniqueness, what goes with what."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from chatdesk.models import Department, Membership, RoutingRule
from chatdesk.selectors.storefronts import get_storefront
from tests.factories import make_conversation, make_operator

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def make(name, **fields):
    return Department.objects.create(name=name, **fields)


def serving(storefront_id):
    rows = Department.objects.serving(storefront_id)
    return [each.name for each in rows]


def test_departments_come_in_their_order_and_then_by_age():
    make("Last", position=2)
    make("First", position=0)
    make("Second", position=0)
    assert serving(get_storefront().pk) == ["First", "Second", "Last"]


def test_what_was_given_up_serves_nobody():
    make("Gone", is_active=False)
    assert serving(get_storefront().pk) == []


def test_a_department_without_a_storefront_serves_all():
    here = get_storefront()
    make("Everywhere")
    make("Here", storefront=here)
    assert serving(here.pk) == ["Everywhere", "Here"]
    assert serving(here.pk + 1) == ["Everywhere"]


def test_a_department_is_called_by_its_name_and_a_member_by_his():
    department = make("Kettles")
    member = Membership.objects.create(
        department=department, operator=make_operator(name="Anna")
    )
    rule = RoutingRule(name="From the pages of kettles")
    assert [str(each) for each in (department, member, rule)] == [
        "Kettles",
        "Anna",
        "From the pages of kettles",
    ]


def test_a_name_is_given_once():
    make("Kettles")
    with pytest.raises(IntegrityError), transaction.atomic():
        make("Kettles")


def test_an_operator_is_once_in_a_department_and_in_as_many_as_needed():
    anna, kettles, mills = make_operator(), make("Kettles"), make("Mills")
    for each in (kettles, mills):
        Membership.objects.create(department=each, operator=anna)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(department=kettles, operator=anna)
    assert {each.name for each in anna.departments.all()} == {"Kettles", "Mills"}


def test_what_leads_to_a_department_goes_with_it_and_operators_stay():
    department, anna = make("Kettles"), make_operator()
    Membership.objects.create(department=department, operator=anna)
    RoutingRule.objects.create(name="kettles", department=department)
    RoutingRule.objects.create(name="vip", head_start=60)
    department.delete()
    anna.refresh_from_db()
    assert [each.name for each in RoutingRule.objects.all()] == ["vip"]
    assert not Membership.objects.exists()


def test_a_department_with_dialogs_stays():
    department, conversation = make("Kettles"), make_conversation()
    conversation.department = department
    conversation.save(update_fields=["department"])
    with pytest.raises(ProtectedError):
        department.delete()


def test_rules_are_looked_at_in_their_order_and_then_by_age():
    for name, position in (("c", 1), ("a", 0), ("b", 0)):
        RoutingRule.objects.create(name=name, position=position)
    assert [each.name for each in RoutingRule.objects.all()] == ["a", "b", "c"]


@pytest.mark.parametrize(("seconds", "fits"), [(0, True), (3600, True), (3601, False)])
def test_a_head_start_is_an_hour_at_most(seconds, fits):
    rule = RoutingRule(name="vip", head_start=seconds)
    refused = {}
    try:
        rule.full_clean()
    except ValidationError as error:
        refused = error.message_dict
    assert set(refused) == (set() if fits else {"head_start"})
