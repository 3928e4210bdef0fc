"""Visitors: what is kept of a page, and what staff may write down."""

from datetime import timedelta

import pytest

from chatdesk.errors import NotFound
from chatdesk.selectors.storefronts import get_storefront
from chatdesk.selectors.visitors import get_visitor
from chatdesk.services import visitors
from chatdesk.services.visitors import (
    PageSeen,
    make_visitor,
    note_page,
    note_seen,
    recognise_visitor,
    write_card,
)
from tests.factories import NOON, actor_of_operator, make_operator

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def visitor_on(url="", **page):
    return make_visitor(
        storefront=get_storefront(),
        user_id=None,
        page=PageSeen(url=url, **page),
        at=NOON,
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example/cart?token=secret",
        "https://shop.example/cart#card=4111",
        "https://shop.example/cart?a=1#b",
        "https://shop.example/cart",
    ],
)
def test_query_and_fragment_of_a_page_are_not_kept(url):
    visitor = visitor_on(url, referrer=url)

    visitor.refresh_from_db()
    assert visitor.page_url == "https://shop.example/cart"
    assert visitor.referrer == "https://shop.example/cart"


def test_what_is_too_long_for_its_column_is_cut():
    visitor = visitor_on(
        "h" * 3000,
        title="t" * 3000,
        referrer="r" * 3000,
        language="l" * 100,
        user_agent="u" * 3000,
    )

    visitor.refresh_from_db()
    lengths = [
        len(getattr(visitor, name))
        for name in ("page_url", "page_title", "referrer", "language", "user_agent")
    ]
    assert lengths == [1000, 300, 1000, 35, 300]


def test_a_new_page_replaces_the_former_one_alone():
    visitor = visitor_on("https://shop.example/a", title="A", referrer="https://ads")
    later = NOON + timedelta(minutes=3)

    note_page(
        visitor_id=visitor.pk,
        page=PageSeen(url="https://shop.example/b?x", title="B"),
        at=later,
    )

    visitor.refresh_from_db()
    assert (visitor.page_url, visitor.page_title) == ("https://shop.example/b", "B")
    assert visitor.referrer == "https://ads"
    assert (visitor.created_at, visitor.latest_seen_at) == (NOON, later)


def test_those_who_were_heard_from_are_remembered_as_seen():
    first, second, third = (visitor_on() for _ in range(3))
    later = NOON + timedelta(minutes=3)

    note_seen(visitor_ids=[first.pk, third.pk], at=later)

    for visitor, seen in [(first, later), (second, NOON), (third, later)]:
        visitor.refresh_from_db()
        assert visitor.latest_seen_at == seen


def test_staff_write_down_what_they_learned_and_leave_the_rest():
    visitor = visitor_on()
    actor = actor_of_operator(make_operator())
    write_card(visitor_id=visitor.pk, actor=actor, name=" Olga ", contact="+7 900")

    write_card(visitor_id=visitor.pk, actor=actor, name=None, contact="")

    visitor.refresh_from_db()
    assert (visitor.name, visitor.contact) == ("Olga", "")


# Who he is: the cookie and the login of the shop


@pytest.fixture
def ann(django_user_model):
    return django_user_model.objects.create_user("ann")


@pytest.fixture
def bob(django_user_model):
    return django_user_model.objects.create_user("bob")


def test_who_wrote_as_a_stranger_and_signed_in_is_that_customer(ann):
    visitor = visitor_on()

    found = recognise_visitor(public_id=visitor.public_id, user_id=ann.pk)

    visitor.refresh_from_db()
    assert found == visitor
    assert found.user_id == visitor.user_id == ann.pk


def test_a_stranger_stays_one(django_assert_num_queries):
    visitor = visitor_on()

    with django_assert_num_queries(1):
        found = recognise_visitor(public_id=visitor.public_id, user_id=None)

    assert (found, found.user_id) == (visitor, None)


def test_a_customer_never_becomes_another(ann, bob):
    visitor = visitor_on()
    recognise_visitor(public_id=visitor.public_id, user_id=ann.pk)

    for user_id in (bob.pk, None):
        with pytest.raises(NotFound):
            recognise_visitor(public_id=visitor.public_id, user_id=user_id)

    visitor.refresh_from_db()
    assert visitor.user_id == ann.pk


def test_of_two_who_sign_in_at_once_the_first_is_the_customer(ann, bob, monkeypatch):
    visitor = visitor_on()
    visitor_as_it_was = visitors.get_visitor(public_id=visitor.public_id, user_id=None)
    recognise_visitor(public_id=visitor.public_id, user_id=ann.pk)
    looks = [visitor_as_it_was]

    def look(**who):
        return looks.pop() if looks else get_visitor(**who)

    monkeypatch.setattr(visitors, "get_visitor", look)
    with pytest.raises(NotFound):
        recognise_visitor(public_id=visitor.public_id, user_id=bob.pk)


def test_a_customer_without_the_cookie_is_who_he_was_last(ann, bob):
    former, latest, other = (visitor_on() for _ in range(3))
    for visitor, user in ((former, ann), (latest, ann), (other, bob)):
        recognise_visitor(public_id=visitor.public_id, user_id=user.pk)
    note_seen(visitor_ids=[latest.pk], at=NOON + timedelta(minutes=1))

    assert recognise_visitor(public_id=None, user_id=ann.pk) == latest
    assert recognise_visitor(public_id=other.public_id, user_id=ann.pk) == latest
    assert recognise_visitor(public_id=former.public_id, user_id=ann.pk) == former
