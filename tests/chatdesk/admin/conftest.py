"""People who open the manager pages."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.test import Client


@pytest.fixture
def manager(db: None) -> Client:
    """Return the browser of somebody in the group Manager."""
    user = get_user_model().objects.create_user(username="boss", is_staff=True)
    user.groups.add(Group.objects.get(name="Manager"))
    return _signed_in(user)


@pytest.fixture
def clerk(db: None) -> Client:
    """Return the browser of staff who may look at nothing of chatdesk but effects."""
    user = get_user_model().objects.create_user(username="clerk", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_effect"))
    return _signed_in(user)


def _signed_in(user: object) -> Client:
    client = Client()
    client.force_login(user)
    return client
