"""Who a user is at the desk, who is there, and how much each leads."""

from datetime import timedelta

import pytest

from chatdesk.errors import NotFound
from chatdesk.selectors.operators import (
    card_of,
    get_desk,
    get_operator_for_user,
    list_desks,
    load_of,
)
from chatdesk.services.conversations import take_conversation
from chatdesk.services.presence import choose_status
from tests.factories import (
    NOON,
    actor_of_operator,
    bring_online,
    make_conversation,
    make_operator,
    make_visitor,
)

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def lead(operator, number=1):
    for _ in range(number):
        take_conversation(
            conversation_id=make_conversation().pk,
            actor=actor_of_operator(operator),
            at=NOON,
        )


def test_a_user_with_the_right_is_his_operator():
    operator = make_operator(name="Anna")

    actor = get_operator_for_user(user_id=operator.user_id)

    assert (actor.id, actor.user_id, actor.name) == (
        operator.pk,
        operator.user_id,
        "Anna",
    )
    assert not actor.is_manager


def test_who_may_see_everybodys_figures_is_a_manager():
    operator = make_operator(is_manager=True)

    assert get_operator_for_user(user_id=operator.user_id).is_manager


def dismiss_operator(operator):
    operator.is_active = False
    operator.save()


def dismiss_user(operator):
    operator.user.is_active = False
    operator.user.save()


def take_right(operator):
    operator.user.user_permissions.clear()


@pytest.mark.parametrize("dismiss", [dismiss_operator, dismiss_user, take_right])
def test_who_may_not_answer_is_nobody(dismiss):
    operator = make_operator()
    dismiss(operator)

    with pytest.raises(NotFound):
        get_operator_for_user(user_id=operator.user_id)


def test_a_user_without_a_card_is_nobody(django_user_model):
    user = django_user_model.objects.create_superuser("root", password="root")

    with pytest.raises(NotFound):
        get_operator_for_user(user_id=user.pk)


def test_desks_tell_state_and_load_with_one_query(django_assert_num_queries):
    there, gone, away = (make_operator(name=name) for name in ("a", "b", "c"))
    dismissed = make_operator(name="d")
    dismiss_operator(dismissed)
    bring_online(there, at=NOON)
    bring_online(there, at=NOON)
    bring_online(gone, at=NOON - timedelta(minutes=1))
    bring_online(away, at=NOON)
    choose_status(actor=actor_of_operator(away), status="away", at=NOON)
    lead(there, 2)
    lead(gone)
    make_conversation(operator=there, closed_as="sale")

    with django_assert_num_queries(1):
        desks = list_desks(at=NOON)

    assert [(desk.operator.name, desk.state, desk.load) for desk in desks] == [
        ("a", "online", 2),
        ("b", "offline", 1),
        ("c", "away", 0),
    ]


def test_who_is_online_has_a_place_until_his_capacity():
    operator = make_operator(capacity=2)
    bring_online(operator, at=NOON)
    lead(operator)
    assert get_desk(operator_id=operator.pk, at=NOON).has_place

    lead(operator)
    assert not get_desk(operator_id=operator.pk, at=NOON).has_place
    assert load_of(operator_id=operator.pk, at=NOON) == 2


def test_who_is_not_online_has_no_place():
    operator = make_operator()
    assert not get_desk(operator_id=operator.pk, at=NOON).has_place

    bring_online(operator, at=NOON)
    choose_status(actor=actor_of_operator(operator), status="away", at=NOON)
    assert not get_desk(operator_id=operator.pk, at=NOON).has_place


def test_one_desk_says_what_the_list_says():
    operator = make_operator()
    bring_online(operator, at=NOON)
    lead(operator)

    (listed,) = list_desks(at=NOON)

    assert get_desk(operator_id=operator.pk, at=NOON) == listed


def test_there_is_no_desk_for_nobody():
    with pytest.raises(NotFound):
        get_desk(operator_id=424242, at=NOON)


def test_a_card_tells_a_visitor_no_more_than_its_face():
    operator = make_operator(name="Anna")
    operator.photo.name = "chatdesk/operators/anna.jpg"

    card = card_of(operator)

    assert card.photo.endswith("chatdesk/operators/anna.jpg")
    assert operator.user.email not in repr(card)
    assert card_of(make_operator()).photo == ""


def test_the_shops_login_of_a_visitor_opens_no_desk(django_user_model):
    customer = django_user_model.objects.create_user("customer")
    make_visitor(user_id=customer.pk)

    with pytest.raises(NotFound):
        get_operator_for_user(user_id=customer.pk)
