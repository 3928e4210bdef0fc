"""Who stands behind a cookie, and what staff know of him."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model

from chatdesk.errors import NotFound
from chatdesk.models import Visitor
from chatdesk.selectors.visitors import actor_of, card, customers_of, get_visitor
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


def test_customers_are_told_by_visitor_and_the_missing_are_left_out(
    customer, django_assert_num_queries
):
    known, stranger = make_visitor(user_id=customer.pk), make_visitor()

    with django_assert_num_queries(2):
        found = customers_of([known.pk, stranger.pk, 0])

    assert found == {known.pk: customer, stranger.pk: None}


def test_of_nobody_there_are_no_customers():
    assert customers_of([]) == {}


def test_a_login_without_a_cookie_finds_whom_it_wrote_as_last(customer):
    old, latest = (make_visitor(user_id=customer.pk) for _ in range(2))
    later = latest.latest_seen_at + timedelta(minutes=1)
    Visitor.objects.filter(pk=old.pk).update(latest_seen_at=later)

    assert get_visitor(public_id=None, user_id=customer.pk) == old


def test_a_cookie_of_another_customer_leads_to_ones_own_dialogs(customer):
    own = make_visitor(user_id=customer.pk)
    other = make_visitor()
    user = get_user_model().objects.create_user("ingrid")
    Visitor.objects.filter(pk=other.pk).update(user=user)

    assert get_visitor(public_id=other.public_id, user_id=customer.pk) == own


def test_nobody_at_all_is_not_found():
    with pytest.raises(NotFound):
        get_visitor(public_id=None, user_id=None)
