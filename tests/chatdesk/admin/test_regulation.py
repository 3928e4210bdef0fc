"""Publishing the regulation, and who has confirmed it."""

import pytest

from chatdesk.models import Regulation
from chatdesk.selectors.regulation import rules_in_force
from chatdesk.services.regulation import acknowledge_regulation
from tests.factories import NOON, actor_of_operator, make_operator

pytestmark = pytest.mark.django_db

ADD = "/admin/chatdesk/regulation/add/"
SENT = {"text": "Answer at once.", "goal_s": 10, "limit_s": 30, "capacity": 4}


def test_the_form_begins_with_what_is_in_force(admin_client):
    form = admin_client.get(ADD).context["adminform"].form

    assert (form.initial["goal_s"], form.initial["limit_s"]) == (15, 20)


def test_saving_publishes_a_version(admin_client, admin_user):
    answer = admin_client.post(ADD, SENT, follow=True)

    assert answer.status_code == 200
    regulation = Regulation.objects.get()
    assert (regulation.version, regulation.published_by) == (1, admin_user)
    assert rules_in_force().goal_s == 10


def test_a_limit_before_the_goal_is_refused_at_the_limit(admin_client):
    answer = admin_client.post(ADD, {**SENT, "limit_s": 5})

    assert list(answer.context["errors"]) == [["The limit is not before the goal."]]
    assert not Regulation.objects.exists()


def test_managers_see_who_confirmed(admin_client):
    anna, _boris = make_operator(name="Anna"), make_operator(name="Boris")
    admin_client.post(ADD, SENT)
    acknowledge_regulation(actor=actor_of_operator(anna), version=1, at=NOON)

    listed = admin_client.get("/admin/chatdesk/regulation/").content.decode()
    page = f"/admin/chatdesk/regulation/{Regulation.objects.get().pk}/change/"
    shown = admin_client.get(page).content.decode()

    assert "1/2" in listed
    assert shown.index("Boris") < shown.index("not confirmed yet") < shown.index("Anna")
