"""What is due of the dialogs in progress: what counts, and at which second."""

from datetime import timedelta

import pytest

from chatdesk.models import Conversation
from chatdesk.selectors.due import Due, count_due
from tests.factories import NOON, make_conversation, make_operator

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
NOTHING = Due(to_route=0, offered_too_long=0, on_the_ladder=0, in_line=0)


def make_led(**facts):
    """Make a dialog in which nobody waits, with these facts."""
    entries = (("visitor", "Is it in stock?"), ("operator", "Yes."))
    conversation = make_conversation(operator=make_operator(), entries=entries)
    Conversation.objects.filter(pk=conversation.pk).update(**facts)
    return conversation


def test_of_a_dialog_in_which_nobody_waits_nothing_is_due():
    make_led()
    assert count_due(at=NOON + timedelta(days=1)) == NOTHING


@pytest.mark.parametrize(
    ("fact", "counted"),
    [
        ("route_at", "to_route"),
        ("offered_until", "offered_too_long"),
        ("alert_at", "on_the_ladder"),
    ],
)
def test_each_moment_counts_from_its_second_on(fact, counted):
    make_led(**{fact: NOON})
    assert count_due(at=NOON - SECOND) == NOTHING
    assert count_due(at=NOON) == NOTHING._replace(**{counted: 1})


def test_a_question_that_waits_for_anyone_is_in_line():
    make_conversation(at=NOON)
    assert count_due(at=NOON - SECOND).in_line == 1


def test_nothing_is_due_of_what_is_closed():
    make_led(status="closed", route_at=NOON, offered_until=NOON, alert_at=NOON)
    assert count_due(at=NOON) == NOTHING
