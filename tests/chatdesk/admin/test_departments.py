"""A manager makes departments and is told when one has nobody to answer."""

import pytest
from django.test import Client
from django.urls import reverse

from chatdesk.models import Department, Membership
from tests.factories import make_operator

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
