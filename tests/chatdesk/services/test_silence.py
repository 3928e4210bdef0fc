"""Silent dialogs: a warning, then the end, and none of it where somebody is owed."""

from datetime import timedelta

import pytest

from chatdesk.actors import SYSTEM
from chatdesk.models import Conversation, Entry
from chatdesk.selectors.visitors import actor_of
from chatdesk.services.assignment import offer_conversation
from chatdesk.services.conversations import take_conversation
from chatdesk.services.silence import close_silent
from chatdesk.worker import sweep
from tests.chatdesk.services.desks import (
    ASKED,
    MINUTE,
    SECOND,
    ask,
    at_desk,
    kinds,
    now,
)
from tests.factories import actor_of_operator, say
from tests.together import Together

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

ANSWERED = ASKED + 2 * SECOND
QUIET = 20 * MINUTE


@pytest.fixture(autouse=True)
def twenty_minutes(settings):
    settings.CHATDESK = {"SILENT_AFTER": QUIET, "SILENT_CLOSE_AFTER": 5 * MINUTE}


def answered(*, language=""):
    """Return a dialog that Anna has answered, and Anna."""
    conversation, anna = ask(), at_desk("Anna")
    Conversation.objects.filter(pk=conversation.pk).update(language=language)
    actor = actor_of_operator(anna)
    take_conversation(conversation_id=conversation.pk, actor=actor, at=ANSWERED)
    say(conversation, actor, "Yes, two are left.", at=ANSWERED)
    return conversation, anna


def last(conversation):
    return Entry.objects.filter(conversation=conversation).latest("seq")


def test_the_visitor_is_told_first_and_then_the_dialog_ends_as_answered():
    conversation, _ = answered()
    assert close_silent(at=ANSWERED + QUIET - SECOND) == 0

    assert close_silent(at=ANSWERED + QUIET) == 1
    assert last(conversation).kind == "auto"
    assert "anything else" in last(conversation).text
    assert now(conversation).status == "open"

    told = ANSWERED + QUIET
    assert close_silent(at=told + 5 * MINUTE - SECOND) == 0
    assert close_silent(at=told + 5 * MINUTE) == 1
    ended = now(conversation)
    assert (ended.status, ended.outcome) == ("closed", "answered")
    assert last(conversation).author_kind == SYSTEM.author_kind
    assert close_silent(at=told + 60 * MINUTE) == 0


def test_a_word_after_the_warning_keeps_the_dialog():
    conversation, anna = answered()
    close_silent(at=ANSWERED + QUIET)
    wrote = ANSWERED + QUIET + MINUTE
    say(conversation, actor_of(conversation.visitor), "And in red?", at=wrote)

    assert close_silent(at=wrote + 60 * MINUTE) == 0

    say(conversation, actor_of_operator(anna), "In red too.", at=wrote + 60 * MINUTE)
    assert close_silent(at=wrote + 79 * MINUTE) == 0
    assert close_silent(at=wrote + 80 * MINUTE) == 1
    assert now(conversation).status == "open"


def test_who_writes_after_the_end_goes_on_in_the_same_dialog():
    conversation, _ = answered()
    close_silent(at=ANSWERED + QUIET)
    close_silent(at=ANSWERED + 2 * QUIET)
    assert now(conversation).is_closed

    back = ANSWERED + 3 * QUIET
    say(conversation, actor_of(conversation.visitor), "One more thing", at=back)

    assert now(conversation).status == "waiting"
    assert kinds(conversation)[-2:] == ["reopened", "message"]


def test_nothing_ends_where_a_question_a_letter_or_an_offer_waits():
    waiting = ask()
    letter, _ = answered()
    Conversation.objects.filter(pk=letter.pk).update(letter_due_at=ANSWERED)
    handed, anna = answered()
    offer_conversation(
        conversation_id=handed.pk,
        actor=actor_of_operator(anna),
        to_id=at_desk("Boris", at=ANSWERED).pk,
        note="",
        at=ANSWERED,
    )
    before = [kinds(each) for each in (waiting, letter, handed)]

    assert close_silent(at=ANSWERED + timedelta(hours=5)) == 0

    assert [kinds(each) for each in (waiting, letter, handed)] == before


def test_a_shop_that_sets_nothing_closes_nothing(settings):
    settings.CHATDESK = {}
    answered()

    assert close_silent(at=ANSWERED + timedelta(days=3)) == 0


def test_the_warning_is_the_shops_own_or_ours_in_the_visitors_language():
    conversation, _ = answered(language="ru")
    close_silent(at=ANSWERED + QUIET)
    assert last(conversation).text.startswith("Остались ли вопросы?")

    other, _ = answered()
    other.storefront.farewell_text = "Bye for now!"
    other.storefront.save()
    close_silent(at=ANSWERED + QUIET)
    assert last(other).text == "Bye for now!"


def test_warning_many_takes_as_many_queries_as_warning_one(
    django_assert_max_num_queries,
):
    for _ in range(4):
        answered()

    with django_assert_max_num_queries(9):
        assert close_silent(at=ANSWERED + QUIET) == 4

    with django_assert_max_num_queries(2):
        assert close_silent(at=ANSWERED + QUIET + MINUTE) == 0


def test_it_is_done_by_the_clock():
    conversation, _ = answered()

    sweep(at=ANSWERED + QUIET)
    sweep(at=ANSWERED + QUIET + 5 * MINUTE)

    assert now(conversation).is_closed


@pytest.mark.django_db(transaction=True)
def test_several_workers_warn_once_and_close_once():
    conversation, _ = answered()
    with Together(3) as threads:
        for moment in (ANSWERED + QUIET, ANSWERED + 2 * QUIET):
            threads.run([lambda at=moment: close_silent(at=at)] * 3)

    assert kinds(conversation).count("auto") == 1
    assert kinds(conversation).count("closed") == 1
