"""What a word means: for the clock, for the first answer, for a dialog that ended."""

from datetime import timedelta
from uuid import uuid4

import pytest

from chatdesk.actors import SYSTEM
from chatdesk.errors import Closed, Forbidden, Invalid, NotFound, TooLarge
from chatdesk.models import Effect, Entry
from chatdesk.selectors.visitors import actor_of
from chatdesk.services.conversations import close_conversation, take_conversation
from chatdesk.services.messages import MessageIntent, post_message, post_messages
from chatdesk.services.presence import choose_status
from tests.factories import (
    NOON,
    actor_of_operator,
    bring_online,
    make_conversation,
    make_operator,
    make_visitor,
    say,
)

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

DAY = timedelta(hours=24)


def after(seconds):
    return NOON + timedelta(seconds=seconds)


def led_by(operator, *, at=NOON):
    conversation = make_conversation(at=at)
    return take_conversation(
        conversation_id=conversation.pk, actor=actor_of_operator(operator), at=at
    )


def closed_at(moment):
    conversation = make_conversation(at=NOON)
    close_conversation(
        conversation_id=conversation.pk, actor=actor_of(conversation.visitor), at=moment
    )
    return conversation


def kinds(conversation):
    entries = Entry.objects.filter(conversation=conversation).order_by("seq")
    return [entry.kind for entry in entries]


# The visitor's words


def test_the_first_question_starts_the_clock():
    conversation = make_conversation(entries=())

    say(conversation, actor_of(conversation.visitor), "Is it in stock?", at=NOON)

    conversation.refresh_from_db()
    assert conversation.status == "waiting"
    assert conversation.first_message_at == NOON
    assert conversation.waiting_since == NOON
    assert conversation.alert_at == after(20)
    assert not Effect.objects.exists()


def test_the_next_words_do_not_start_it_anew():
    conversation = make_conversation(at=NOON)

    say(conversation, actor_of(conversation.visitor), "hello?", at=after(15))

    conversation.refresh_from_db()
    assert conversation.waiting_since == after(1)
    assert conversation.first_message_at == after(1)
    assert conversation.alert_at == after(21)


@pytest.mark.parametrize(
    ("status", "begun_online"), [("online", True), ("away", False), (None, False)]
)
def test_it_is_remembered_whether_somebody_was_online_at_the_first_question(
    status, begun_online
):
    operator = make_operator()
    if status:
        bring_online(operator, at=NOON)
        choose_status(actor=actor_of_operator(operator), status=status, at=NOON)

    conversation = make_conversation(at=NOON)

    assert conversation.begun_online is begun_online


def test_the_list_shows_the_latest_words_and_whose_they_are():
    operator = make_operator()
    conversation = led_by(operator)

    say(conversation, actor_of_operator(operator), "x" * 200)

    conversation.refresh_from_db()
    assert conversation.preview == "x" * 160
    assert conversation.preview_author == "o"


def test_somebody_elses_conversation_is_not_found():
    conversation = make_conversation()

    with pytest.raises(NotFound):
        say(conversation, actor_of(make_visitor()), "let me in")


# The operator's words


def test_the_answer_stops_the_clock_and_withdraws_the_alert():
    operator = make_operator()
    conversation = led_by(operator)

    say(conversation, actor_of_operator(operator), "Yes", at=after(9))

    conversation.refresh_from_db()
    assert conversation.waiting_since is None
    assert conversation.alert_at is None


def test_the_first_answer_is_kept_as_a_fact():
    operator, other = make_operator(), make_operator(name="Boris")
    conversation = led_by(operator)

    say(conversation, actor_of_operator(operator), "Yes", at=after(9))
    say(conversation, actor_of_operator(operator), "and red too", at=after(30))

    conversation.refresh_from_db()
    assert conversation.first_answered_at == after(9)
    assert conversation.first_answered_by == operator
    assert conversation.first_reply_s == 8.0
    assert other != operator


def test_a_question_after_the_answer_starts_a_clock_of_its_own():
    operator = make_operator()
    conversation = led_by(operator)
    say(conversation, actor_of_operator(operator), "Yes", at=after(9))

    say(conversation, actor_of(conversation.visitor), "And red?", at=after(60))

    conversation.refresh_from_db()
    assert conversation.waiting_since == after(60)
    assert conversation.alert_at == after(80)


def test_a_question_and_its_answer_in_one_batch_leave_no_clock_and_no_alert():
    operator = make_operator()
    conversation = led_by(operator)
    say(conversation, actor_of_operator(operator), "Yes", at=after(5))
    asked = MessageIntent(
        conversation_id=conversation.pk,
        actor=actor_of(conversation.visitor),
        cmid=uuid4(),
        text="And red?",
    )
    answered = MessageIntent(
        conversation_id=conversation.pk,
        actor=actor_of_operator(operator),
        cmid=uuid4(),
        text="Red too",
    )

    post_messages([asked, answered], at=after(30))

    conversation.refresh_from_db()
    assert conversation.waiting_since is None
    assert conversation.alert_at is None


def test_who_does_not_lead_the_dialog_cannot_answer():
    operator, other = make_operator(), make_operator(name="Boris")
    conversation = led_by(operator)

    with pytest.raises(Forbidden):
        say(conversation, actor_of_operator(other), "Let me")
    with pytest.raises(Forbidden):
        say(make_conversation(), actor_of_operator(other), "Nobody took it")


def test_an_operator_cannot_write_into_a_dialog_that_ended():
    operator = make_operator()
    conversation = make_conversation(operator=operator, closed_as="answered")

    with pytest.raises(Closed):
        say(conversation, actor_of_operator(operator), "One more thing")


def test_a_note_is_for_staff_and_moves_nothing():
    operator, colleague = make_operator(), make_operator(name="Boris")
    conversation = led_by(operator)
    before = (conversation.preview, conversation.waiting_since)

    written = say(conversation, actor_of_operator(colleague), "a regular", is_note=True)

    conversation.refresh_from_db()
    assert (written.entry.kind, written.entry.staff_only) == ("note", True)
    assert (conversation.preview, conversation.waiting_since) == before
    assert conversation.first_answered_at is None


def test_a_note_may_be_written_when_the_dialog_has_ended():
    operator = make_operator()
    conversation = make_conversation(operator=operator, closed_as="answered")

    say(conversation, actor_of_operator(operator), "call him", is_note=True)

    conversation.refresh_from_db()
    assert conversation.status == "closed"


def test_visitors_write_no_notes_and_the_system_no_messages():
    conversation = make_conversation()

    with pytest.raises(Forbidden):
        say(conversation, actor_of(conversation.visitor), "psst", is_note=True)
    with pytest.raises(Forbidden):
        say(conversation, SYSTEM, "I am a machine")


# A dialog that ended


def test_within_a_day_the_visitors_words_bring_the_dialog_back():
    conversation = closed_at(NOON)

    say(conversation, actor_of(conversation.visitor), "one more", at=NOON + DAY)

    conversation.refresh_from_db()
    assert kinds(conversation) == ["message", "closed", "reopened", "message"]
    assert (conversation.status, conversation.operator) == ("waiting", None)
    assert (conversation.closed_at, conversation.outcome) == (None, "")
    assert conversation.waiting_since == NOON + DAY


def test_after_a_day_the_dialog_has_ended_for_good():
    conversation = closed_at(NOON)

    with pytest.raises(Closed):
        say(
            conversation,
            actor_of(conversation.visitor),
            "one more",
            at=NOON + DAY + timedelta(seconds=1),
        )

    conversation.refresh_from_db()
    assert conversation.status == "closed"
    assert kinds(conversation) == ["message", "closed"]


def test_how_long_a_dialog_may_come_back_is_a_setting(settings):
    settings.CHATDESK = {"REOPEN_WITHIN": timedelta(0)}
    conversation = closed_at(NOON)

    with pytest.raises(Closed):
        say(conversation, actor_of(conversation.visitor), "one more", at=after(1))


def test_the_former_dialog_stays_closed_while_another_is_open():
    former = closed_at(NOON)
    make_conversation(visitor=former.visitor, at=after(60))

    with pytest.raises(Closed):
        say(former, actor_of(former.visitor), "here again", at=after(90))


def test_the_reopened_dialog_keeps_who_answered_first():
    operator = make_operator()
    conversation = make_conversation(
        operator=operator,
        entries=(("visitor", "a"), ("operator", "b")),
        at=NOON,
        closed_as="answered",
    )

    say(conversation, actor_of(conversation.visitor), "again", at=after(600))

    again = type(conversation).objects.get()
    assert again.first_answered_by == operator
    assert again.first_answered_at == after(2)


# The words themselves


@pytest.mark.parametrize("text", ["", "   \n", "\0", "a\0b", "\ud800"])
def test_what_says_nothing_or_cannot_be_kept_is_invalid(text):
    with pytest.raises(Invalid):
        say_text(text)


def test_words_are_kept_in_their_composed_form_without_space_around():
    assert say_text("  cafe\u0301 \n").entry.text == "caf\u00e9"


def test_four_thousand_characters_are_enough_for_anybody():
    assert len(say_text("я" * 4000).entry.text) == 4000
    with pytest.raises(TooLarge):
        say_text("я" * 4001)


def test_markup_is_kept_as_it_was_written():
    text = "<script>alert('1')</script> & \u202e\U0001f600 {{ 7*7 }}"

    assert say_text(text).entry.text == text


def say_text(text):
    conversation = make_conversation(entries=())
    intent = MessageIntent(
        conversation_id=conversation.pk,
        actor=actor_of(conversation.visitor),
        cmid=uuid4(),
        text=text,
    )
    return post_message(intent, at=NOON)
