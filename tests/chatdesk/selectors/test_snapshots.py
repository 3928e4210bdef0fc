"""What clients start from, and how many queries that takes whatever there is."""

from datetime import timedelta

import pytest

from chatdesk.models import Entry, Storefront
from chatdesk.selectors.conversations import get_for_operator
from chatdesk.selectors.epoch import current_epoch
from chatdesk.selectors.inbox import list_inbox
from chatdesk.selectors.log import entries_after
from chatdesk.selectors.snapshots import (
    entries_of,
    operator_session,
    thread,
    visitor_session,
)
from chatdesk.selectors.storefronts import get_storefront
from chatdesk.selectors.visitors import actor_of
from chatdesk.services.conversations import close_conversation
from chatdesk.services.ratings import rate_conversation
from chatdesk.wire.objects import to_ms
from tests.factories import (
    NOON,
    actor_of_operator,
    bring_online,
    fill,
    make_conversation,
    make_operator,
    make_visitor,
    say,
)

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

TALK = (("visitor", "a"), ("operator", "b"))


# The visitor's


def test_nobody_known_starts_with_nothing_but_who_is_there():
    bring_online(make_operator(), at=NOON)

    session = visitor_session(actor=None, at=NOON)

    assert (session.visitor, session.conversations) == ("", ())
    assert session.availability.state == "online"
    assert session.server_time == to_ms(NOON)
    assert session.epoch == current_epoch()


def test_a_visitor_starts_with_his_latest_dialogs():
    visitor = make_visitor()
    operator = make_operator(capacity=100)
    for number in range(6):
        make_conversation(
            visitor=visitor,
            operator=operator,
            entries=TALK,
            at=NOON + timedelta(hours=number),
            closed_as="sale",
        )
    open_one = make_conversation(visitor=visitor)
    make_conversation()

    session = visitor_session(actor=actor_of(visitor), at=NOON)

    assert session.visitor == str(visitor.pk)
    assert [each.status for each in session.conversations] == ["waiting"] + [
        "closed"
    ] * 4
    newest, latest = session.conversations[:2]
    assert (newest.id, newest.head) == (open_one.public_id.hex, 1)
    assert latest.operator.name == "Anna"
    assert latest.reopens_until - latest.closed_at == 24 * 3600 * 1000


def test_a_visitor_is_not_told_what_staff_think_of_the_end():
    conversation = make_conversation(
        operator=make_operator(), entries=TALK, closed_as="not_customer"
    )
    say(
        conversation,
        actor_of_operator(make_operator()),
        "never buys anything",
        is_note=True,
    )

    session = visitor_session(actor=actor_of(conversation.visitor), at=NOON)
    span = entries_after(conversation_id=conversation.pk, cursor=0)
    told = repr((session, entries_of(span, staff=False)))

    assert "not_customer" not in told
    assert "never buys" not in told
    among_staff = repr(entries_of(span, staff=True))
    assert "not_customer" in among_staff
    assert "never buys" in among_staff


# The operator's


def test_an_operator_starts_with_himself_and_his_day():
    operator = make_operator(name="Anna", capacity=3)
    bring_online(operator, at=NOON)
    make_conversation(operator=operator, entries=TALK, at=NOON)

    session = operator_session(actor=actor_of_operator(operator), at=NOON)

    assert (session.operator.name, session.status) == ("Anna", "online")
    assert (session.load, session.capacity) == (1, 3)
    assert (session.goal_s, session.limit_s) == (15, 20)
    assert session.day.dialogs == 1
    assert session.day.first_reply_s == 1.0


@pytest.mark.parametrize(
    ("setting", "of_the_shop", "may_peek"),
    [(True, True, True), (True, False, False), (False, True, False)],
)
def test_looking_on_while_somebody_types_needs_the_shop_and_the_setting(
    settings, setting, of_the_shop, may_peek
):
    settings.CHATDESK = {"SNEAK_PEEK": setting}
    Storefront.objects.filter(pk=get_storefront().pk).update(sneak_peek=of_the_shop)

    session = operator_session(actor=actor_of_operator(make_operator()), at=NOON)

    assert session.sneak_peek is may_peek


# A thread


def long_conversation():
    operator, colleague = make_operator(name="Anna"), make_operator(name="Boris")
    conversation = make_conversation(operator=operator, entries=TALK, at=NOON)
    fill(conversation, actor_of(conversation.visitor), ["word"] * 70)
    say(conversation, actor_of_operator(colleague), "a note", is_note=True)
    return found(conversation)


def found(conversation):
    actor = actor_of_operator(make_operator())
    return get_for_operator(public_id=conversation.public_id, actor=actor)


def test_a_thread_holds_the_newest_entries_and_says_what_it_covers():
    conversation = long_conversation()

    shown = thread(conversation=conversation)

    assert (shown.covers_from, shown.covers_to) == (25, 74)
    assert [entry.seq for entry in shown.entries] == list(range(25, 75))
    assert shown.entries[-1].kind == "note"
    assert shown.conversation.head == 74


def test_a_thread_holds_the_cards_of_all_who_wrote_in_it():
    shown = thread(conversation=long_conversation())

    assert [card.name for card in shown.operators] == ["Anna", "Boris"]
    assert shown.first_reply_s == 1.0


def test_a_thread_holds_what_is_known_of_the_visitor_and_his_past():
    visitor = make_visitor(name="Olga")
    operator = make_operator(name="Anna")
    past = make_conversation(
        visitor=visitor, operator=operator, entries=TALK, at=NOON, closed_as="sale"
    )
    rate_conversation(
        conversation_id=past.pk,
        actor=actor_of(visitor),
        thumb="up",
        comment="",
        at=past.closed_at,
    )
    unanswered = make_conversation(visitor=visitor, at=NOON)
    close_conversation(conversation_id=unanswered.pk, actor=actor_of(visitor), at=NOON)
    conversation = make_conversation(visitor=visitor)

    shown = thread(conversation=found(conversation))

    assert (shown.visitor.name, shown.visitor.dialogs) == ("Olga", 3)
    assert [(each.conv, each.operator, each.thumb) for each in shown.past] == [
        (unanswered.public_id.hex, "", None),
        (past.public_id.hex, "Anna", "up"),
    ]
    assert shown.past[1].preview == "b"


# Queries


def crowd(number):
    """Make so many dialogs, with answers, ratings and notes."""
    operators = [make_operator(capacity=100) for _ in range(3)]
    visitor = make_visitor()
    for each in range(number):
        operator = operators[each % 3]
        bring_online(operator, at=NOON)
        make_conversation(operator=operator, entries=TALK, at=NOON)
        make_conversation(
            visitor=visitor, operator=operator, entries=TALK, at=NOON, closed_as="sale"
        )
    last = make_conversation(visitor=visitor)
    fill(last, actor_of(visitor), ["word"] * number)
    for operator in operators:
        say(last, actor_of_operator(operator), "note", is_note=True)
    return operators[0], last


@pytest.mark.parametrize("number", [1, 8])
def test_what_clients_start_from_takes_as_many_queries_for_few_as_for_many(
    django_assert_num_queries, number
):
    operator, conversation = crowd(number)
    visitor = actor_of(conversation.visitor)
    actor = actor_of_operator(operator)
    current_epoch()
    opened = found(conversation)

    with django_assert_num_queries(1):
        list_inbox()
    with django_assert_num_queries(4):
        visitor_session(actor=visitor, at=NOON)
    with django_assert_num_queries(3):
        visitor_session(actor=None, at=NOON)
    with django_assert_num_queries(8):
        operator_session(actor=actor, at=NOON)
    with django_assert_num_queries(8):
        thread(conversation=opened)


def test_the_epoch_stays_the_same():
    assert current_epoch() == current_epoch()
    assert len(current_epoch()) == 32


def test_a_storefront_is_made_once_and_named_after_the_shop(settings):
    settings.CHATDESK = {"SITE_NAME": "Kettles & Co"}

    assert get_storefront() == get_storefront()
    assert Storefront.objects.get().name == "Kettles & Co"
    assert Entry.objects.count() == 0
