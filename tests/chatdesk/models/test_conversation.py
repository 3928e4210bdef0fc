"""Slices of the dialogs, and what one says of itself."""

from datetime import timedelta

import pytest

from chatdesk.models import Conversation
from tests.chatdesk.services.desks import MINUTE, SECOND, ask, now
from tests.factories import NOON, make_conversation, make_operator

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

ALL = ("new", "waiting", "open", "closed")


def stored(**fields):
    """Return a dialog with exactly these facts."""
    conversation = ask()
    Conversation.objects.filter(pk=conversation.pk).update(**fields)
    return now(conversation)


@pytest.mark.parametrize("status", ALL)
def test_in_progress_is_what_waits_or_is_led(status):
    stored(status=status)
    found = Conversation.objects.in_progress().exists()
    assert found is (status in {"waiting", "open"})


def test_begun_is_what_holds_a_word_of_the_visitor():
    make_conversation(entries=())
    begun = ask()
    assert list(Conversation.objects.begun()) == [begun]


@pytest.mark.parametrize(
    ("status", "waits", "heard_ago", "holds"),
    [
        ("open", True, None, True),
        ("open", True, timedelta(days=1), True),
        ("open", False, None, True),
        ("open", False, timedelta(minutes=10) - SECOND, True),
        ("open", False, timedelta(minutes=10), False),
        ("open", False, timedelta(days=1), False),
        ("waiting", True, SECOND, False),
        ("closed", False, SECOND, False),
    ],
)
def test_a_place_is_held_by_whoever_waits_or_was_heard_lately(
    status, waits, heard_ago, holds
):
    stored(
        status=status,
        waiting_since=NOON - MINUTE if waits else None,
        heard_at=None if heard_ago is None else NOON - heard_ago,
    )
    assert Conversation.objects.active(at=NOON).exists() is holds


@pytest.mark.parametrize(
    ("fields", "stands"),
    [
        ({"status": "waiting"}, True),
        ({"status": "waiting", "waiting_since": None}, False),
        ({"status": "open"}, False),
        ({"status": "closed"}, False),
    ],
)
def test_in_line_is_what_waits_for_anyone_with_a_question(fields, stands):
    stored(**fields)
    assert Conversation.objects.in_line().exists() is stands


def test_the_line_goes_by_its_own_moment_and_then_by_age():
    moments = (NOON + MINUTE, NOON, NOON)
    late, first, same = (stored(line_at=each) for each in moments)
    oldest = stored(line_at=None)
    assert list(Conversation.objects.in_line()) == [oldest, first, same, late]


@pytest.mark.parametrize(
    ("step", "waits", "is_raised"),
    [
        (0, True, False),
        (2, True, False),
        (3, True, True),
        (4, True, True),
        (5, False, False),
    ],
)
def test_managers_were_told_once_that_step_was_climbed(step, waits, is_raised):
    conversation = Conversation(step=step, waiting_since=NOON if waits else None)
    assert conversation.is_raised is is_raised


def test_where_managers_are_never_told_nothing_is_raised(settings):
    settings.CHATDESK = {"SUPERVISORS_AFTER": timedelta()}
    assert not Conversation(step=5, waiting_since=NOON).is_raised


@pytest.mark.parametrize("status", ALL)
@pytest.mark.parametrize(("by", "is_his"), [(1, True), (2, False), (None, False)])
def test_a_dialog_is_held_by_its_owner_while_it_goes_on(status, by, is_his):
    conversation = Conversation(status=status, operator_id=by)
    assert conversation.is_held_by(1) is (is_his and status == "open")


@pytest.mark.parametrize(
    ("asked", "answered", "seconds"),
    [(NOON, NOON + 1.5 * SECOND, 1.5), (NOON, None, None), (None, None, None)],
)
def test_the_first_reply_is_measured_from_the_first_question(asked, answered, seconds):
    row = Conversation(first_message_at=asked, first_answered_at=answered)
    assert row.first_reply_s == seconds


@pytest.mark.parametrize(("since", "seconds"), [(NOON, 60.0), (None, None)])
def test_who_waits_has_waited_for_so_long(since, seconds):
    assert Conversation(waiting_since=since).waited_s(NOON + MINUTE) == seconds


def test_what_has_ended_says_so():
    talk = (("visitor", "?"), ("operator", "!"))
    ended = make_conversation(
        operator=make_operator(), entries=talk, closed_as="sale", at=NOON
    )
    assert ended.is_closed
    assert not ask().is_closed
