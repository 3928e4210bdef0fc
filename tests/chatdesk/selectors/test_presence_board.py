"""The board is what the leases say, whatever the record of presence still holds."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from chatdesk.models import Conversation, Operator
from chatdesk.selectors.presence_board import get_board
from chatdesk.services.presence import choose_status, expire_leases
from tests.factories import (
    actor_of_operator,
    bring_online,
    make_conversation,
    make_operator,
)

SECOND = timedelta(seconds=1)

pytestmark = pytest.mark.django_db


def test_whoever_is_there_comes_first() -> None:
    now = timezone.now()
    make_operator(name="Offline")
    away, online = make_operator(name="Away"), make_operator(name="Online")
    bring_online(away, at=now - 20 * SECOND)
    bring_online(online, at=now - 10 * SECOND)
    actor = actor_of_operator(away)
    choose_status(actor=actor, status="away", at=now - 5 * SECOND)

    board = get_board(at=now)

    assert [place.operator.name for place in board.places] == [
        "Online",
        "Away",
        "Offline",
    ]
    assert [place.state for place in board.places] == ["online", "away", "offline"]
    assert board.places[0].since == now - 10 * SECOND
    assert board.places[1].since == now - 5 * SECOND
    assert board.places[2].since is None
    assert board.online == 1


def test_a_lost_connection_is_offline_before_the_record_says_so() -> None:
    now = timezone.now()
    bring_online(make_operator(), at=now)

    (lost,) = get_board(at=now + 60 * SECOND).places
    expire_leases(at=now + 60 * SECOND)
    (known,) = get_board(at=now + 60 * SECOND).places

    assert (lost.state, lost.since) == ("offline", None)
    assert (known.state, known.since) == ("offline", now)


def test_waits_are_told_by_who_leads_the_dialog() -> None:
    now = timezone.now()
    anna = make_operator(name="Anna")
    for waited in (5, 30):
        make_conversation(at=now - waited * SECOND)
    taken = make_conversation(operator=anna, entries=[("visitor", "Hello")])
    Conversation.objects.filter(pk=taken.pk).update(
        operator=anna, status="open", waiting_since=now - 12 * SECOND
    )

    board = get_board(at=now + SECOND)

    assert board.in_line == 2
    assert board.longest_in_line == 30 * SECOND
    assert board.places[0].longest_wait == 13 * SECOND
    assert board.places[0].load == 1


def test_nobody_waits_in_a_quiet_shop() -> None:
    make_conversation(
        operator=make_operator(), entries=[("visitor", "Hi"), ("operator", "Yes")]
    )

    board = get_board(at=timezone.now())

    assert (board.in_line, board.longest_in_line) == (0, None)
    assert board.places[0].longest_wait is None


def test_the_number_of_queries_is_fixed(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(5):
        bring_online(make_operator(name=f"Operator {number}"))
        make_conversation()

    with django_assert_num_queries(5):
        assert len(get_board(at=timezone.now()).places) == 5


def test_former_operators_have_no_place() -> None:
    operator = make_operator()
    bring_online(operator)
    Operator.objects.update(is_active=False)

    assert get_board(at=timezone.now()).places == ()
