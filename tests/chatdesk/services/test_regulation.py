"""The regulation: versions, signatures, and numbers that are the settings."""

from datetime import timedelta

import pytest

from chatdesk.errors import NotFound
from chatdesk.models import Acknowledgement, Regulation
from chatdesk.selectors.regulation import (
    forget_rules,
    get_regulation,
    list_signatures,
    owes_confirmation,
    rules_in_force,
)
from chatdesk.services.regulation import (
    Draft,
    acknowledge_regulation,
    publish_regulation,
)
from tests.factories import NOON, actor_of_operator, make_operator

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

HOUR = timedelta(hours=1)


def publish(text="Answer at once.", *, goal=10, limit=30, capacity=3):
    draft = Draft(text=text, goal_s=goal, limit_s=limit, capacity=capacity)
    return publish_regulation(draft=draft, user_id=None, at=NOON)


def test_before_the_first_version_the_settings_are_the_rules(settings):
    settings.CHATDESK = {"GOAL": timedelta(seconds=7), "CAPACITY": 4}

    rules = rules_in_force()

    assert (rules.goal_s, rules.limit_s, rules.capacity) == (7, 20, 4)
    assert rules.version == 0
    assert get_regulation() is None
    assert not owes_confirmation(operator_id=make_operator().pk)


def test_a_published_version_is_in_force_at_once():
    publish()

    rules = rules_in_force()

    assert (rules.goal_s, rules.limit_s, rules.capacity) == (10, 30, 3)
    assert rules.version == 1


def test_publishing_again_makes_a_new_version_and_keeps_the_old():
    publish("First")
    assert publish("Second", goal=5) == 2

    assert list(Regulation.objects.values_list("version", "text")) == [
        (2, "Second"),
        (1, "First"),
    ]
    assert rules_in_force().goal_s == 5


def test_rules_are_read_once_in_a_while(django_assert_num_queries):
    publish()
    forget_rules()

    with django_assert_num_queries(1):
        assert rules_in_force() == rules_in_force()


def test_who_leads_as_many_as_usual_leads_as_many_as_the_new_rules_say():
    usual, careful = make_operator(capacity=5), make_operator(capacity=2)

    publish(capacity=6)

    for operator in (usual, careful):
        operator.refresh_from_db()
    assert (usual.capacity, careful.capacity) == (6, 2)


def test_an_operator_confirms_a_version_once():
    operator = make_operator()
    version = publish()
    actor = actor_of_operator(operator)
    assert owes_confirmation(operator_id=operator.pk)

    first = acknowledge_regulation(actor=actor, version=version, at=NOON)
    again = acknowledge_regulation(actor=actor, version=version, at=NOON + HOUR)

    assert first == again == NOON
    assert Acknowledgement.objects.count() == 1
    assert not owes_confirmation(operator_id=operator.pk)


def test_a_new_version_is_to_be_confirmed_anew():
    operator = make_operator()
    acknowledge_regulation(
        actor=actor_of_operator(operator), version=publish(), at=NOON
    )

    publish("Second")

    assert owes_confirmation(operator_id=operator.pk)


def test_nobody_confirms_what_was_never_published():
    with pytest.raises(NotFound):
        acknowledge_regulation(
            actor=actor_of_operator(make_operator()), version=1, at=NOON
        )


def test_managers_see_who_has_not_confirmed_first():
    boris, anna = make_operator(name="Boris"), make_operator(name="Anna")
    former = make_operator(name="Former")
    former.is_active = False
    former.save()
    version = publish()
    acknowledge_regulation(actor=actor_of_operator(anna), version=version, at=NOON)

    signed = list_signatures(get_regulation())

    assert [(each.operator, each.at) for each in signed] == [
        (boris, None),
        (anna, NOON),
    ]
