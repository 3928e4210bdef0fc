"""A dialog handed over warmly, refused, taken over; its log tells all of it."""

import os

import pytest

from chatdesk.errors import (
    AlreadyTaken,
    CapacityFull,
    Closed,
    Forbidden,
    Invalid,
    NoPlaceThere,
)
from chatdesk.models import Entry
from chatdesk.selectors.operators import load_of
from chatdesk.services.assignment import (
    accept_offer,
    decline_offer,
    offer_conversation,
    return_offers,
    take_over_conversation,
)
from chatdesk.services.conversations import close_conversation, take_conversation
from tests.chatdesk.services.desks import (
    ASKED,
    MINUTE,
    SECOND,
    ask,
    at_desk,
    kinds,
    now,
    owner,
    reasons,
)
from tests.factories import actor_of_operator, make_operator
from tests.together import Together

pytestmark = pytest.mark.django_db

THEN = ASKED + 2 * SECOND


@pytest.fixture
def anna():
    return at_desk("Anna")


@pytest.fixture
def boris():
    return at_desk("Boris", capacity=1)


@pytest.fixture
def dialog(anna):
    conversation = ask()
    take_conversation(
        conversation_id=conversation.pk, actor=actor_of_operator(anna), at=ASKED
    )
    return conversation


def offer(dialog, by, to, note="Knows kettles"):
    return offer_conversation(
        conversation_id=dialog.pk,
        actor=actor_of_operator(by),
        to_id=to.pk,
        note=note,
        at=THEN,
    )


def accept(dialog, by):
    actor = actor_of_operator(by)
    return accept_offer(conversation_id=dialog.pk, actor=actor, at=THEN + SECOND)


def decline(dialog, by):
    actor = actor_of_operator(by)
    return decline_offer(conversation_id=dialog.pk, actor=actor, at=THEN + SECOND)


def test_it_stays_with_its_owner_until_the_colleague_accepts(dialog, anna, boris):
    offer(dialog, anna, boris)
    assert owner(dialog) == "Anna"
    accept(dialog, boris)
    assert owner(dialog) == "Boris"
    assert reasons(dialog) == ["taken", "handed"]
    assert kinds(dialog) == ["message", "taken", "offered", "routed", "taken"]


def test_the_visitor_hears_of_the_new_owner_and_of_nothing_before(dialog, anna, boris):
    offer(dialog, anna, boris)
    accept(dialog, boris)
    told = Entry.objects.filter(conversation=dialog, staff_only=False).order_by("seq")
    assert [(each.kind, each.data) for each in told][1:] == [
        ("taken", {"name": "Anna"}),
        ("taken", {"name": "Boris"}),
    ]


def test_what_is_refused_stays(dialog, anna, boris):
    offer(dialog, anna, boris)
    decline(dialog, boris)
    assert owner(dialog) == "Anna"
    assert now(dialog).offered_to is None
    with pytest.raises(AlreadyTaken) as refusal:
        accept(dialog, boris)
    assert refusal.value.detail == "Anna"


def test_what_nobody_answers_stays_once_the_time_is_over(dialog, anna, boris):
    offer(dialog, anna, boris)
    assert return_offers(at=THEN + 29 * SECOND) == 0
    assert return_offers(at=THEN + 30 * SECOND) == 1
    assert return_offers(at=THEN + MINUTE) == 0
    assert now(dialog).offered_to is None
    assert kinds(dialog)[-1] == "declined"


def test_only_whom_it_concerns_may_answer(dialog, anna, boris):
    offer(dialog, anna, boris)
    stranger = make_operator(name="Vera")
    with pytest.raises(Forbidden):
        decline(dialog, stranger)
    with pytest.raises(AlreadyTaken):
        accept(dialog, stranger)
    decline(dialog, anna)
    with pytest.raises(Closed):
        decline(dialog, boris)


def test_only_its_owner_hands_it_over(dialog, boris):
    with pytest.raises(Forbidden):
        offer(dialog, make_operator(name="Vera"), boris)


def test_it_is_offered_to_nobody_who_cannot_take_it(dialog, anna, boris):
    with pytest.raises(NoPlaceThere):
        offer(dialog, anna, make_operator(name="Away"))
    full = ask()
    take_conversation(conversation_id=full.pk, actor=actor_of_operator(boris), at=ASKED)
    with pytest.raises(NoPlaceThere):
        offer(dialog, anna, boris)


def test_a_place_taken_meanwhile_is_no_place_any_more(dialog, anna, boris):
    offer(dialog, anna, boris)
    other = ask()
    take_conversation(conversation_id=other.pk, actor=actor_of_operator(boris), at=THEN)
    with pytest.raises(CapacityFull):
        accept(dialog, boris)
    assert owner(dialog) == "Anna"


def test_an_offer_ends_with_the_dialog(dialog, anna, boris):
    offer(dialog, anna, boris)
    close_conversation(
        conversation_id=dialog.pk,
        actor=actor_of_operator(anna),
        outcome="sale",
        at=THEN + SECOND,
    )
    assert now(dialog).offered_to is None
    assert return_offers(at=THEN + MINUTE) == 0


def take_over(dialog, by, reason, *, is_manager=True):
    return take_over_conversation(
        conversation_id=dialog.pk,
        actor=actor_of_operator(by, is_manager=is_manager),
        reason=reason,
        at=THEN,
    )


def test_a_manager_takes_over_and_says_why(dialog, boris):
    take_over(dialog, boris, " A complaint ")
    assert owner(dialog) == "Boris"
    (line,) = Entry.objects.filter(conversation=dialog, kind="routed")
    assert line.data == {
        "how": "taken_over",
        "to": "Boris",
        "from": "Anna",
        "note": "A complaint",
    }


def test_nobody_else_takes_over_and_nobody_without_a_reason(dialog, anna, boris):
    with pytest.raises(Forbidden):
        take_over(dialog, boris, "So", is_manager=False)
    with pytest.raises(Invalid):
        take_over(dialog, boris, "  ")
    with pytest.raises(AlreadyTaken):
        take_over(dialog, anna, "Mine")
    with pytest.raises(Closed):
        take_over(ask(), boris, "Free")


ROUNDS = int(os.environ.get("CHATDESK_ROUNDS", "10"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_of_two_who_press_take_one_leads_and_nobody_leads_too_many():
    with Together(2) as threads:
        for _ in range(ROUNDS):
            operators = [at_desk("Anna", capacity=1), at_desk("Boris", capacity=1)]
            first, second = ask(), ask()
            wishes = [(first, 0), (first, 1)]

            outcomes = threads.run([taker(row, operators[by]) for row, by in wishes])

            assert sum(isinstance(each, AlreadyTaken) for each in outcomes) == 1
            idle = next(each for each in operators if not each.conversations.exists())
            twice = threads.run([taker(second, each) for each in operators])
            assert sum(isinstance(each, CapacityFull) for each in twice) >= 1 or (
                now(second).operator == idle
            )
            assert now(second).operator == idle
            assert all(
                load_of(operator_id=each.pk, at=ASKED) == 1 for each in operators
            )


def taker(conversation, operator):
    def take():
        return take_conversation(
            conversation_id=conversation.pk,
            actor=actor_of_operator(operator),
            at=ASKED,
        )

    return take
