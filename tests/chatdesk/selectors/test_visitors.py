"""Who stands behind a cookie, and what staff know of him."""

from uuid import uuid4

import pytest

from chatdesk.errors import NotFound
from chatdesk.selectors.visitors import actor_of, card, get_visitor
from chatdesk.wire.objects import to_ms
from tests.factories import make_conversation, make_operator, make_visitor

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def customer(django_user_model):
    return django_user_model.objects.create_user("olga")


def test_a_visitor_without_a_login_is_found_whoever_is_signed_in(customer):
    visitor = make_visitor()

    for user_id in (None, customer.pk):
        assert get_visitor(public_id=visitor.public_id, user_id=user_id) == visitor


def test_a_visitor_with_a_login_is_found_for_that_login_only(customer):
    visitor = make_visitor(user_id=customer.pk)

    assert get_visitor(public_id=visitor.public_id, user_id=customer.pk) == visitor
    for user_id in (None, customer.pk + 1):
        with pytest.raises(NotFound):
            get_visitor(public_id=visitor.public_id, user_id=user_id)


def test_a_cookie_of_nobody_finds_nobody():
    with pytest.raises(NotFound):
        get_visitor(public_id=uuid4(), user_id=None)


def test_an_actor_is_known_by_row_and_random_id():
    visitor = make_visitor()

    assert actor_of(visitor).id == visitor.pk
    assert actor_of(visitor).public_id == visitor.public_id


def test_the_card_tells_what_is_known(customer):
    visitor = make_visitor(name="Olga", user_id=customer.pk)
    make_conversation(visitor=visitor, operator=make_operator(), closed_as="sale")
    make_conversation(visitor=visitor, entries=())

    shown = card(visitor)

    assert (shown.id, shown.number, shown.name) == (
        str(visitor.pk),
        visitor.pk,
        "Olga",
    )
    assert (shown.page_url, shown.page_title) == (
        "https://shop.example/kettle",
        "Kettle",
    )
    assert (shown.user, shown.dialogs) == ("olga", 1)
    assert shown.first_seen_at == to_ms(visitor.created_at)


def test_the_card_of_somebody_unknown_is_empty():
    shown = card(make_visitor())

    assert (shown.name, shown.user, shown.dialogs) == ("", "", 0)
