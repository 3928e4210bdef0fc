"""Who leads a dialog: places are counted, and one person's time never overlaps."""

from datetime import timedelta

import pytest
from django.db import transaction

from chatdesk.errors import CapacityFull, Forbidden
from chatdesk.models import Assignment, Conversation, Operator
from chatdesk.selectors.operators import load_of
from chatdesk.services.conversations import take_conversation
from chatdesk.services.owners import (
    NOTE_LENGTH,
    Reason,
    end_assignment,
    forget_offer,
    give_to,
    note_facts,
)
from tests.chatdesk.services.desks import (
    ASKED,
    MINUTE,
    SECOND,
    ask,
    now,
    owner,
    reasons,
)
from tests.factories import actor_of_operator, make_operator

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def anna():
    return make_operator(name="Anna", capacity=1)


@pytest.fixture
def boris():
    return make_operator(name="Boris")


def give(conversation, operator, reason=Reason.TAKEN, *, at=ASKED, note=""):
    """Give it away as a draft does, and write what the log would write."""
    row = now(conversation)
    with transaction.atomic():
        give_to(row, operator.pk, reason, at=at, note=note)
        row.save()
    return row


def times(conversation):
    rows = Assignment.objects.filter(conversation=conversation).order_by("pk")
    return [(each.operator.name, each.from_at, each.to_at) for each in rows]


def test_the_former_owners_time_ends_when_the_next_begins(anna, boris):
    conversation = ask()
    give(conversation, anna)
    give(conversation, boris, Reason.TAKEN_OVER, at=ASKED + MINUTE)
    assert times(conversation) == [
        ("Anna", ASKED, ASKED + MINUTE),
        ("Boris", ASKED + MINUTE, None),
    ]


def test_each_reason_is_kept_with_its_note(anna, boris):
    conversation = ask()
    give(conversation, anna)
    give(conversation, boris, Reason.HANDED, note="Knows kettles")
    assert reasons(conversation) == ["taken", "handed"]
    assert Assignment.objects.latest("pk").note == "Knows kettles"


def test_a_note_is_no_longer_than_its_column(anna):
    give(ask(), anna, note="x" * 1000)
    assert len(Assignment.objects.get().note) == NOTE_LENGTH


def test_a_dialog_that_is_given_is_not_to_be_routed_any_more(anna):
    conversation = ask()
    assert conversation.route_at is not None
    row = give(conversation, anna)
    assert (row.status, row.route_at) == (Conversation.Status.OPEN, None)


def test_a_full_operator_gets_no_more_and_keeps_what_he_has(anna):
    first, second = ask(), ask()
    give(first, anna)
    with pytest.raises(CapacityFull):
        give(second, anna)
    assert (owner(first), owner(second)) == ("Anna", "")
    assert load_of(operator_id=anna.pk, at=ASKED) == 1


def test_the_dialog_itself_takes_no_second_place(anna):
    conversation = ask()
    give(conversation, anna)
    give(conversation, anna, Reason.KNOWN, at=ASKED + SECOND)
    assert load_of(operator_id=anna.pk, at=ASKED + SECOND) == 1


def test_a_dialog_that_fell_quiet_leaves_its_place_to_another(anna):
    quiet, fresh = ask(), ask()
    give(quiet, anna)
    Conversation.objects.filter(pk=quiet.pk).update(waiting_since=None)
    with pytest.raises(CapacityFull):
        give(fresh, anna, at=ASKED + timedelta(minutes=9, seconds=59))
    give(fresh, anna, at=ASKED + 10 * MINUTE)
    assert owner(fresh) == "Anna"


@pytest.mark.parametrize("minutes", [1, 30])
def test_how_long_is_quiet_is_a_setting(anna, minutes, settings):
    settings.CHATDESK = {"QUIET_AFTER": minutes * MINUTE}
    give(quiet := ask(), anna)
    Conversation.objects.filter(pk=quiet.pk).update(waiting_since=None)
    edge = ASKED + minutes * MINUTE
    assert load_of(operator_id=anna.pk, at=edge - SECOND) == 1
    assert load_of(operator_id=anna.pk, at=edge) == 0


def test_who_was_switched_off_meanwhile_gets_nothing(anna):
    conversation = ask()
    Operator.objects.filter(pk=anna.pk).update(is_active=False)
    with pytest.raises(Forbidden):
        give(conversation, anna)
    assert times(conversation) == []


def test_when_a_time_ends_so_does_what_was_offered(anna, boris):
    conversation = ask()
    give(conversation, anna)
    row = now(conversation)
    note_facts(row, offered_to=boris, offered_until=ASKED + MINUTE, offer_note="Please")
    end_assignment(row, at=ASKED + SECOND)
    left = now(conversation)
    assert (left.offered_to, left.offered_until, left.offer_note) == (None, None, "")
    assert times(conversation) == [("Anna", ASKED, ASKED + SECOND)]


def test_ending_twice_leaves_the_first_end(anna):
    conversation = ask()
    give(conversation, anna)
    end_assignment(now(conversation), at=ASKED + SECOND)
    end_assignment(now(conversation), at=ASKED + MINUTE)
    assert times(conversation) == [("Anna", ASKED, ASKED + SECOND)]


def test_facts_are_written_at_once_and_touch_no_other_dialog(boris):
    conversation, other = ask(), ask()
    note_facts(conversation, offered_to=boris, offer_note="Please")
    assert conversation.offer_note == now(conversation).offer_note == "Please"
    assert now(other).offered_to is None
    forget_offer(conversation)
    assert now(conversation).offered_to is None


def test_giving_takes_as_many_queries_whatever_he_leads(
    boris, django_assert_num_queries
):
    for _ in range(3):
        actor = actor_of_operator(boris)
        take_conversation(conversation_id=ask().pk, actor=actor, at=ASKED)
    row = now(ask())
    with transaction.atomic(), django_assert_num_queries(3):
        give_to(row, boris.pk, Reason.TAKEN, at=ASKED)
