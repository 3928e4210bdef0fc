"""A manager makes departments and is told when one has nobody to answer."""

import pytest
from django.test import Client
from django.urls import reverse

from chatdesk.models import Department, Membership, RoutingRule
from tests.factories import make_conversation, make_operator

pytestmark = pytest.mark.django_db

ADD = {
    "name": "Returns",
    "position": "1",
    "is_active": "on",
    "memberships-TOTAL_FORMS": "1",
    "memberships-INITIAL_FORMS": "0",
}


def test_a_department_without_operators_is_said_to_have_none(
    manager: Client,
) -> None:
    url = reverse("admin:chatdesk_department_add")
    page = manager.post(url, ADD, follow=True)
    assert Department.objects.get().name == "Returns"
    assert "Nobody can answer in “Returns”" in page.content.decode()


def test_a_department_with_an_operator_is_saved_without_a_warning(
    manager: Client,
) -> None:
    anna = make_operator(name="Anna")
    url = reverse("admin:chatdesk_department_add")
    data = {**ADD, "memberships-0-operator": str(anna.pk)}
    page = manager.post(url, data, follow=True)
    assert Membership.objects.get().operator == anna
    assert "Nobody can answer" not in page.content.decode()


# Routing rules

RULE = {"name": "Kettles", "position": "1", "is_active": "on", "head_start": "0"}


def add_rule(manager: Client, **fields: str) -> str:
    """Send the form of a new rule; return the page that comes back."""
    url = reverse("admin:chatdesk_routingrule_add")
    return manager.post(url, {**RULE, **fields}, follow=True).content.decode()


def test_a_rule_that_does_nothing_is_refused(manager: Client) -> None:
    page = add_rule(manager, page="/kettles/*")
    assert "Choose a department or a head start" in page
    assert not RoutingRule.objects.exists()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"page": "kettles"}, "Begin with / or *"),
        ({"page": "/kettles?page=2"}, "Leave out what begins with ?"),
        ({"cart_from": "100", "cart_below": "50"}, "nothing would match"),
        ({"head_start": "4000"}, "3600"),
    ],
)
def test_a_rule_that_can_match_nothing_is_refused_where_it_is_entered(
    manager: Client, fields: dict[str, str], said: str
) -> None:
    page = add_rule(manager, **{"head_start": "60", **fields})
    assert said in page
    assert not RoutingRule.objects.exists()


def test_a_rule_that_would_have_met_no_dialog_is_kept_with_a_warning(
    manager: Client,
) -> None:
    make_conversation()
    page = add_rule(manager, head_start="60", page="/nowhere/*")
    assert "would have matched nothing" in page
    assert RoutingRule.objects.count() == 1


def test_a_rule_into_a_department_without_operators_says_so(manager: Client) -> None:
    department = Department.objects.create(name="Returns")
    page = add_rule(manager, department=str(department.pk))
    assert "Nobody can answer in “Returns”" in page


def test_a_rule_that_fits_is_saved_without_a_word(manager: Client) -> None:
    make_conversation()
    page = add_rule(manager, head_start="60", page="/kettle*", language="en")
    assert "would have matched nothing" not in page
    assert RoutingRule.objects.get().head_start == 60
