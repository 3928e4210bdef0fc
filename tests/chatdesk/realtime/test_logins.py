"""A socket lasts no longer than the login it came with, though no bell rings."""

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chatdesk.models import Conversation, Operator, PresencePeriod, Visitor
from chatdesk.realtime import clockwork
from chatdesk.realtime.authentication import look_again
from chatdesk.services.visitors import recognise_visitor
from chatdesk.threads import in_database
from tests.factories import make_conversation, make_operator, make_visitor
from tests.sockets import (
    ChatClient,
    found,
    session_of,
    session_of_user,
    visitor_cookie,
)

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = (("visitor", "Is it in stock?"), ("operator", "It is."))


def make_customer(name="ann"):
    return get_user_model().objects.create_user(name, password="demo")


def signed_in(visitor, session_key):
    """Return a socket of a visitor's browser in which somebody is signed in."""
    cookie = f"{visitor_cookie(visitor)}; {settings.SESSION_COOKIE_NAME}={session_key}"
    return ChatClient("/chatdesk/ws/visitor/", cookie=cookie)


def log_out(session_key):
    Session.objects.filter(session_key=session_key).delete()


async def test_a_customers_sockets_end_with_his_login_and_no_others():
    ann = await in_database(make_customer)
    mine = await in_database(make_conversation)
    other = await in_database(make_conversation)
    keys = [await in_database(session_of_user, ann) for _ in range(2)]
    async with (
        signed_in(mine.visitor, keys[0]) as first,
        signed_in(mine.visitor, keys[1]) as elsewhere,
        ChatClient.of_visitor(other.visitor) as stranger,
    ):
        for client, conversation in (
            (first, mine),
            (elsewhere, mine),
            (stranger, other),
        ):
            await client.hello(conversation)
            await client.expect("synced")

        await in_database(log_out, keys[0])

        assert (await first.expect("bye"))["code"] == 4401
        assert await first.expect_close() == 4401
        for client in (elsewhere, stranger):
            await client.say(type="ping", t=1)
            await client.expect("pong")


async def test_a_customer_who_may_sign_in_no_more_is_cut():
    ann = await in_database(make_customer)
    visitor = await in_database(make_visitor)
    key = await in_database(session_of_user, ann)
    async with signed_in(visitor, key) as client:
        await client.hello()

        await in_database(get_user_model().objects.update, is_active=False)

        assert await client.expect_close() == 4401


async def test_a_tab_of_a_stranger_comes_again_once_he_is_a_customer():
    """It was opened before the login and could not be ended by the logout."""
    ann = await in_database(make_customer)
    visitor = await in_database(make_visitor)
    async with ChatClient.of_visitor(visitor) as client:
        await client.hello()

        await in_database(
            recognise_visitor, public_id=visitor.public_id, user_id=ann.pk
        )

        assert await client.expect_close() == 4401


async def test_a_socket_ties_a_stranger_to_his_login():
    ann = await in_database(make_customer)
    visitor = await in_database(make_visitor)
    key = await in_database(session_of_user, ann)
    async with signed_in(visitor, key) as client:
        await client.hello()

    assert (await in_database(Visitor.objects.get)).user_id == ann.pk


async def test_a_visitor_who_was_deleted_is_cut():
    visitor = await in_database(make_visitor)
    async with ChatClient.of_visitor(visitor) as client:
        await client.hello()

        await in_database(visitor.delete)

        assert await client.expect_close() == 4401


@pytest.mark.parametrize("how", ["user", "card", "permission"])
async def test_who_is_dismissed_leaves_his_dialogs_and_his_place_to_others(how):
    operator = await in_database(make_operator, name="Anna")
    colleague = await in_database(make_operator, name="Boris")
    conversation = await in_database(
        make_conversation, operator=operator, entries=WORDS
    )
    async with (
        await ChatClient.of_operator(operator) as dismissed,
        await ChatClient.of_operator(colleague) as other,
        ChatClient.of_visitor(conversation.visitor) as visitor,
    ):
        for client in (dismissed, other, visitor):
            await client.hello(conversation)
            await client.expect("synced")

        await in_database(dismiss, operator, how)

        assert await dismissed.expect_close() == 4401
        events = await other.expect("events", **{"from": 4})
        assert events["items"][0]["data"] == {"name": "Anna", "reason": "dismissed"}
        while (await other.expect("inbox"))["rows"][0]["status"] != "waiting":
            pass
        hidden = await visitor.expect("events", **{"from": 4})
        assert not hidden.get("items")
        await found(PresencePeriod.objects.filter(**gone_from_here(operator)).exists)


class TestWithoutASocket:
    """Whose page is closed has no login to be looked at, and dialogs all the same."""

    @pytest.fixture
    def shop(self, shop, monkeypatch):
        monkeypatch.setattr(clockwork, "RELIEVE_EVERY_S", 0.1)
        return shop

    async def test_who_is_dismissed_leaves_his_dialogs_too(self):
        operator = await in_database(make_operator)
        conversation = await in_database(
            make_conversation, operator=operator, entries=WORDS
        )
        same = Conversation.objects.filter(pk=conversation.pk)
        assert await in_database(same.filter(operator=operator).exists)

        await in_database(dismiss, operator, "permission")

        await found(same.filter(status="waiting", operator=None).exists)


def dismiss(operator, how):
    """Do what a manager does in the admin."""
    if how == "user":
        get_user_model().objects.filter(pk=operator.user_id).update(is_active=False)
    elif how == "card":
        Operator.objects.filter(pk=operator.pk).update(is_active=False)
    else:
        operator.user.user_permissions.clear()


def gone_from_here(operator):
    """Return what the record of his presence says in the end."""
    return {"operator": operator, "state": "offline", "to_at": None}


def queries_of(visitors, operators):
    with CaptureQueriesContext(connection) as captured:
        look_again(visitors, operators)
    return len(captured)


def places(number):
    """Make so many strangers, customers and operators with a login each."""
    strangers, customers, operators = [], [], []
    for each in range(number):
        strangers.append((make_visitor().pk, ""))
        user = make_customer(f"ann{number}-{each}")
        visitor = make_visitor(user_id=user.pk)
        customers.append((visitor.pk, session_of_user(user)))
        operator = make_operator()
        operators.append((operator.pk, session_of(operator)))
    return strangers, customers, operators


@pytest.mark.parametrize("number", [1, 6])
async def test_looking_again_costs_the_same_for_one_socket_and_for_many(number):
    strangers, customers, operators = await in_database(places, number)

    def count():
        return [
            queries_of(strangers, []),
            queries_of(strangers + customers, []),
            queries_of([], operators),
            queries_of(strangers + customers, operators),
        ]

    assert await in_database(count) == [1, 3, 2, 4]
