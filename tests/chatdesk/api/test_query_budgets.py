"""What each request asks of the database; a number that grows is a decision.

The numbers hold for any amount of rows: each is measured with few and with many.
"""

import time

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chatdesk.models import Conversation
from chatdesk.selectors.epoch import current_epoch
from chatdesk.selectors.recent import recent_availability, recent_line
from tests.chatdesk.api.callers import Desk, Page, of
from tests.factories import (
    bring_online,
    make_canned,
    make_conversation,
    make_letter,
    make_operator,
    make_visitor,
)

pytestmark = pytest.mark.django_db

MESSAGE = {"body": {"text": "Is it in stock?"}}

# SQLite asks once more than PostgreSQL, to take its lock. Savepoints, which stand for
# the transactions of production, are not counted. An operator costs three: session,
# user, and operator with permissions.
VISITOR = {
    "status/": (None, 0),
    "hours/": (None, 3),
    "session/": ({}, 6),
    "conversations/": ({}, 6),
    "messages": (MESSAGE, 8),
    "events": (None, 5),
    "events?after=3": (None, 5),
    "marks": ({"read": 1}, 3),
    "close": ({}, 8),
    "rating": ({"thumb": "up"}, 9),
    "transcript": ({"email": "visitor@example.com"}, 13),
    "typing": ({"text": "…"}, 3),
    "letter": ({"text": "Is it?", "contact": "@marat_k"}, 22),
    "contact": ({"contact": "a@mail.ru"}, 11),
}
OPERATOR = {
    "session/": (None, 11),
    "inbox/": (None, 4),
    "inbox/?tab=closed": (None, 4),
    "letters/": (None, 4),
    "letters/?state=answered": (None, 4),
    "letter": ({}, 13),
    "poll/": ({"tab": "a" * 32}, 12),
    "presence/": ({"status": "away"}, 14),
    "regulation/": (None, 6),
    "canned/": (None, 4),
    "": (None, 12),
    "entries": (None, 5),
    "take": ({}, 13),
    "release": ({}, 11),
    "messages": (MESSAGE, 9),
    "marks": ({"read": 1}, 5),
    "visitor": ({"name": "Vera"}, 8),
    "close": ({"outcome": "sale"}, 10),
}


def queries_of(caller, path, body):
    """Return the statements that a request takes."""
    with CaptureQueriesContext(connection) as captured:
        answer = (
            caller.get(path) if body is None else caller.post(path, body, key="0" * 32)
        )
    assert answer.status_code < 300, (path, answer.content)
    statements = [query["sql"][:100] for query in captured]
    return [each for each in statements if "SAVEPOINT" not in each]


def some_history(*, much):
    """Make a shop with a little or a lot of rows; return one of its operators."""
    current_epoch()
    operator = make_operator(capacity=50)
    bring_online(operator)
    for number in range(6 if much else 1):
        make_canned(shortcut=f"hi{number}")
        make_conversation(operator=operator, closed_as="sale")
        make_conversation()
        if much:
            bring_online(make_operator())
    return operator


def asked_about(operator, *, much, is_held=False):
    """Make the conversation that is asked about, of a visitor with a past or none."""
    visitor = make_visitor()
    for _ in range(3 if much else 0):
        make_conversation(visitor=visitor, operator=operator, closed_as="sale")
    words = [("visitor", "Is it in stock?")] * (12 if much else 3)
    if is_held:
        words.append(("operator", "It is."))
    return make_conversation(visitor=visitor, operator=operator, entries=words)


def locate(name, conversation):
    """Return the path of a row of the tables above."""
    if name.partition("?")[0].endswith("/"):
        return name
    thing, _, query = name.partition("?")
    return f"{of(conversation, thing)}?{query}" if query else of(conversation, thing)


@pytest.mark.parametrize("much", [False, True])
@pytest.mark.parametrize("name", VISITOR)
def test_a_visitors_request_keeps_its_budget(name, much):
    body, budget = VISITOR[name]
    operator = some_history(much=much)
    conversation = asked_about(operator, much=much, is_held=True)
    page = Page(conversation.visitor)
    recent_availability.get()  # As a process knows that has been asked just now.

    queries = queries_of(page, locate(name, conversation), body)

    assert len(queries) <= budget, "\n".join(queries)


@pytest.mark.parametrize("much", [False, True])
@pytest.mark.parametrize("name", OPERATOR)
def test_an_operators_request_keeps_its_budget(name, much):
    body, budget = OPERATOR[name]
    operator = some_history(much=much)
    is_held = name in ("messages", "close", "release", "letter")
    conversation = asked_about(operator, much=much, is_held=is_held)
    for each in Conversation.objects.all() if "letter" in name else ():
        make_letter(each)
    desk = Desk(operator)

    queries = queries_of(desk, locate(name, conversation), body)

    assert len(queries) <= budget, "\n".join(queries)


def test_a_customer_who_is_signed_in_costs_two_more():
    user = get_user_model().objects.create_user("ann", password="demo")
    conversation = make_conversation()
    path = of(conversation, "events")
    current_epoch()
    recent_availability.get()
    recent_line.get()

    stranger = queries_of(Page(conversation.visitor), path, None)
    signed_in = Page(conversation.visitor, user=user)
    queries_of(signed_in, path, None)  # It ties the visitor to the customer.
    customer = queries_of(signed_in, path, None)

    assert len(customer) == len(stranger) + 2


def test_a_stranger_on_a_page_costs_no_look_for_who_he_is():
    user = get_user_model().objects.create_user("ann", password="demo")
    away = queries_of(Page(), "status/", None)
    recent_availability.forget()

    assert len(queries_of(Page(user=user), "status/", None)) == len(away) == 1


def test_pages_that_ask_one_after_another_whether_anyone_is_there_share_an_answer():
    bring_online(make_operator())
    first = queries_of(Page(), "status/", None)

    following = [queries_of(Page(), "status/", None) for _ in range(5)]

    assert len(first) == 2
    assert following == [[]] * 5


def test_an_answer_of_two_seconds_ago_is_asked_for_again(monkeypatch):
    page = Page()
    assert page.get("status/").json()["state"] == "away"
    bring_online(make_operator())
    later = time.monotonic() + 2.1

    with monkeypatch.context() as patch:
        patch.setattr(time, "monotonic", lambda: later)
        assert page.get("status/").json()["state"] == "online"
