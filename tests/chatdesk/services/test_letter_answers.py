"""How a letter was answered: by mail, by the messenger it asked for, or only here."""

from datetime import timedelta
from uuid import uuid4

import pytest

from chatdesk.errors import Closed, Forbidden, NotFound
from chatdesk.models import Conversation, Entry, Letter
from chatdesk.selectors.letters import list_answered, list_open
from chatdesk.services.conversations import close_conversation
from chatdesk.services.letter_answers import answer_elsewhere
from tests.factories import (
    NOON,
    actor_of_operator,
    make_conversation,
    make_led_conversation,
    make_letter,
    make_operator,
    say,
)

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(minutes=30)


@pytest.fixture
def operator():
    return make_operator(name="Anna Sokolova")


def tell(conversation, operator):
    """Say that the letter was answered in the messenger."""
    return answer_elsewhere(
        conversation_id=conversation.pk,
        actor=actor_of_operator(operator),
        cmid=uuid4(),
        at=LATER,
    )


def test_an_answer_in_the_messenger_ends_the_task_and_only_staff_read_of_it(operator):
    conversation = make_led_conversation(operator)
    letter = make_letter(conversation)

    tell(conversation, operator)

    letter.refresh_from_db()
    conversation.refresh_from_db()
    assert (letter.state, letter.answered_via) == ("answered", "link")
    assert (letter.owner, letter.answered_at) == (operator, LATER)
    assert letter.alert_at is None
    assert conversation.letter_due_at is None
    note = Entry.objects.filter(conversation=conversation).latest("seq")
    assert note.staff_only
    assert note.text == "Letter answered: Telegram, @marat_k"


def test_it_is_told_once(operator):
    conversation = make_led_conversation(operator)
    make_letter(conversation)
    tell(conversation, operator)

    with pytest.raises(NotFound):
        tell(conversation, operator)


def test_only_whoever_leads_the_dialog_says_so(operator):
    conversation = make_led_conversation(operator)
    make_letter(conversation)

    with pytest.raises(Forbidden):
        tell(conversation, make_operator())

    assert Letter.objects.get().state == "open"


def test_an_ended_dialog_has_no_letter_to_answer(operator):
    conversation = make_led_conversation(operator)
    make_letter(conversation)
    actor = actor_of_operator(operator)
    close_conversation(
        conversation_id=conversation.pk, actor=actor, outcome="answered", at=LATER
    )

    with pytest.raises(Closed):
        tell(conversation, operator)


@pytest.mark.parametrize("contact", [None, ""])
def test_without_a_contact_there_is_no_elsewhere(operator, contact):
    conversation = make_led_conversation(operator)
    if contact is not None:
        make_letter(conversation, contact=contact)

    with pytest.raises(NotFound):
        tell(conversation, operator)


@pytest.mark.parametrize(("email", "via"), [("vera@example.org", "mail"), ("", "here")])
def test_words_in_the_dialog_answer_by_mail_where_there_is_an_address(
    operator, email, via
):
    conversation = make_led_conversation(operator)
    make_letter(conversation, contact=email)
    Conversation.objects.filter(pk=conversation.pk).update(reply_email=email)

    say(conversation, actor_of_operator(operator), "Three of them.", at=LATER)

    assert Letter.objects.get().answered_via == via


def test_open_letters_are_listed_by_deadline_with_owner_and_contact(operator):
    later = make_letter(make_conversation(), contact="", due_at=LATER)
    sooner = make_letter(make_led_conversation(operator), due_at=NOON)
    make_letter(make_conversation(), state="dropped")

    first, second = list_open()

    assert first.conv == sooner.conversation.public_id.hex
    assert (first.owner_name, first.kind) == ("Anna Sokolova", "telegram")
    assert second.conv == later.conversation.public_id.hex
    assert (second.owner, second.contact) == (None, "")


def test_answered_letters_are_paged_by_key(operator):
    for _ in range(3):
        conversation = make_led_conversation(operator)
        make_letter(conversation)
        tell(conversation, operator)

    newest, following = list_answered(before=None, limit=2)
    oldest, end = list_answered(before=following, limit=2)

    assert [len(newest), len(oldest)] == [2, 1]
    assert end is None
    assert {line.via for line in [*newest, *oldest]} == {"link"}
    assert len({line.conv for line in [*newest, *oldest]}) == 3
