"""The regulation as operators and managers read it."""

from datetime import timedelta

import pytest

from chatdesk.models import Regulation
from chatdesk.selectors.regulation import (
    forget_rules,
    get_regulation,
    list_signatures,
    owes_confirmation,
    regulation_of,
    rules_in_force,
)
from chatdesk.services.regulation import (
    Draft,
    acknowledge_regulation,
    publish_regulation,
)
from chatdesk.services.rota import plan_shift
from chatdesk.wire.objects import Duty, to_ms
from tests.factories import NOON, actor_of_operator, make_operator

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def publish(text="Отвечайте сразу."):
    draft = Draft(text=text, goal_s=10, limit_s=30, capacity=4)
    return publish_regulation(draft=draft, user_id=None, at=NOON)


def confirm(operator, version):
    actor = actor_of_operator(operator)
    later = NOON + timedelta(hours=1)
    return acknowledge_regulation(actor=actor, version=version, at=later)


def test_before_the_first_version_an_operator_reads_the_numbers_alone():
    read = regulation_of(operator_id=make_operator().pk, at=NOON)

    assert (read.version, read.text) == (0, "")
    assert (read.goal_s, read.limit_s, read.capacity) == (15, 20, 5)


def test_an_operator_reads_the_version_in_force_and_that_he_owes_his_word():
    publish("First")
    publish()

    read = regulation_of(operator_id=make_operator().pk, at=NOON)

    assert (read.version, read.text) == (2, "Отвечайте сразу.")
    assert (read.goal_s, read.limit_s, read.capacity) == (10, 30, 4)
    assert (read.published_at, read.confirmed_at) == (to_ms(NOON), None)


def test_an_operator_reads_when_he_himself_confirmed_it():
    anna, boris = make_operator(), make_operator()
    at = confirm(anna, publish())

    assert regulation_of(operator_id=anna.pk, at=NOON).confirmed_at == to_ms(at)
    assert regulation_of(operator_id=boris.pk, at=NOON).confirmed_at is None


def test_the_signature_of_an_old_version_is_none_of_the_new():
    anna = make_operator()
    confirm(anna, publish("First"))
    publish("Second")

    assert regulation_of(operator_id=anna.pk, at=NOON).confirmed_at is None
    assert [each.at for each in list_signatures(get_regulation())] == [None]
    old = Regulation.objects.get(version=1)
    assert [each.at is not None for each in list_signatures(old)] == [True]


def test_reading_it_is_four_queries_with_the_duty(django_assert_num_queries):
    operator = make_operator()
    publish()

    with django_assert_num_queries(4):
        regulation_of(operator_id=operator.pk, at=NOON)


def test_signatures_are_two_queries_however_many_there_are(django_assert_num_queries):
    version = publish()
    for number in range(4):
        confirm(make_operator(name=f"Operator {number}"), version)
    regulation = get_regulation()

    with django_assert_num_queries(2):
        assert len(list_signatures(regulation)) == 4


def test_nobody_is_asked_to_confirm_what_is_not_there(django_assert_num_queries):
    operator = make_operator()
    rules_in_force()

    with django_assert_num_queries(0):
        assert not owes_confirmation(operator_id=operator.pk)


def test_rules_changed_by_another_process_are_found_when_they_are_asked_anew():
    publish()
    assert rules_in_force().goal_s == 10
    Regulation.objects.update(goal_s=5)
    assert rules_in_force().goal_s == 10

    forget_rules()

    assert (rules_in_force().goal_s, rules_in_force().limit_s) == (5, 30)


def test_an_operator_reads_his_duties_his_shift_and_who_answers_for_now():
    anna, boris = make_operator(name="Anna"), make_operator(name="Boris")
    anna.duties = "Chat from nine to six, mail after that."
    anna.save()
    hour = timedelta(hours=1)
    for who, begins, ends, leads in (
        (anna, -3 * hour, -hour, True),
        (anna, hour, 9 * hour, False),
        (anna, 24 * hour, 30 * hour, True),
        (boris, -hour, hour, True),
    ):
        plan_shift(
            operator_id=who.pk,
            begins_at=NOON + begins,
            ends_at=NOON + ends,
            is_responsible=leads,
        )

    duty = regulation_of(operator_id=anna.pk, at=NOON).duty

    assert duty.text == "Chat from nine to six, mail after that."
    assert duty.begins_at == to_ms(NOON + hour)
    assert duty.ends_at == to_ms(NOON + 9 * hour)
    assert duty.responsible == ("Boris",)


def test_who_has_no_duties_and_no_shift_is_told_of_none():
    publish()

    assert regulation_of(operator_id=make_operator().pk, at=NOON).duty == Duty()
