"""Letters: left in the same thread, a task with a time, answered where it is wanted."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.cache import cache

from chatdesk import worker
from chatdesk.errors import Closed, EmptyLetter, Invalid, NotFound, TooLarge
from chatdesk.models import Conversation, Effect, Entry, Letter, Mark, Visitor
from chatdesk.selectors.snapshots import thread
from chatdesk.selectors.visitors import actor_of
from chatdesk.services.answers import promise_answers
from chatdesk.services.conversations import (
    begin_conversation,
    close_conversation,
    take_conversation,
)
from chatdesk.services.letter_mail import promise_letter_alerts
from chatdesk.services.letters import LetterIntent, leave_contact, leave_letter
from tests.factories import (
    NOON,
    actor_of_operator,
    make_conversation,
    make_operator,
    make_visitor,
    prove_address,
    say,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

QUESTION = "Do you have the copper cezve?"


@pytest.fixture(autouse=True)
def fresh(settings):
    cache.clear()
    settings.CHATDESK = {
        "MAIL_DIGEST": False,
        "MAIL_IN_ADDRESS": "chat+{token}@shop.example",
        "SITE_URL": "https://shop.example",
        "ALERT_EMAILS": ["owner@shop.example"],
    }


def begin(visitor=None):
    """Return a dialog that holds no word yet, as the widget begins one."""
    visitor = visitor or make_visitor()
    conversation, _ = begin_conversation(visitor=visitor, language="en", at=NOON)
    return Conversation.objects.select_related("visitor").get(pk=conversation.pk)


def leave(conversation, text=QUESTION, contact="", *, cmid=None, at=NOON):
    """Leave a letter in the dialog."""
    intent = LetterIntent(
        conversation_id=conversation.pk,
        actor=actor_of(conversation.visitor),
        cmid=cmid or uuid4(),
        text=text,
        contact=contact,
    )
    return leave_letter(intent, at=at)


def answer(conversation, operator, text="Yes, three of them.", *, at):
    """Take the dialog, if nobody has, and answer."""
    actor = actor_of_operator(operator)
    conversation.refresh_from_db()
    if conversation.operator_id is None:
        take_conversation(conversation_id=conversation.pk, actor=actor, at=at)
    say(conversation, actor, text, at=at)


def test_a_message_alone_is_a_letter_and_a_task():
    conversation = begin()
    leave(conversation)
    letter = Letter.objects.get()
    conversation.refresh_from_db()
    assert (letter.state, letter.contact, letter.owner) == ("open", "", None)
    assert letter.due_at == conversation.letter_due_at > NOON
    assert conversation.status == Conversation.Status.WAITING
    assert (conversation.waiting_since, conversation.alert_at) == (None, None)
    kinds = list(Entry.objects.order_by("seq").values_list("kind", flat=True))
    assert kinds == [Entry.Kind.MESSAGE, Entry.Kind.LETTER]


def test_a_letter_sent_again_is_the_same_letter():
    conversation, cmid = begin(), uuid4()
    first = leave(conversation, contact="@marat_k", cmid=cmid)
    again = leave(conversation, contact="@marat_k", cmid=cmid)
    assert again.is_repeat
    assert again.entry.seq == first.entry.seq
    assert Letter.objects.count() == 1
    assert Entry.objects.count() == 2


def test_words_of_the_chat_are_carried_over_in_the_same_thread():
    conversation = make_conversation(at=NOON)
    left = leave(conversation, text="")
    assert left.conversation.pk == conversation.pk
    assert left.entry.kind == Entry.Kind.LETTER
    assert left.conversation.waiting_since is None


def test_an_empty_letter_is_refused_and_says_so():
    with pytest.raises(EmptyLetter) as refused:
        leave(begin(), text="  \n ")
    assert "question" in str(refused.value.text)
    assert not Letter.objects.exists()


def test_a_letter_of_a_hundred_kilobytes_is_refused_whole():
    with pytest.raises(TooLarge):
        leave(begin(), text="я" * 100_000)
    assert not Letter.objects.exists()
    assert not Entry.objects.exists()


@pytest.mark.parametrize("contact", ["1@gmail.com", "11111111", "test@test"])
def test_a_made_up_contact_is_taken_and_marked(contact):
    conversation = begin()
    leave(conversation, contact=contact)
    letter = Letter.objects.get()
    conversation.refresh_from_db()
    assert letter.is_junk
    assert letter.contact == contact
    assert conversation.reply_email == ""


def test_a_letter_left_again_takes_the_new_contact_and_keeps_its_time():
    conversation = begin()
    leave(conversation, contact="11111111")
    leave(conversation, text="", contact="@marat_k", at=NOON + timedelta(minutes=9))
    letter = Letter.objects.get()
    assert (letter.contact, letter.contact_kind) == ("@marat_k", "telegram")
    assert letter.left_at == NOON
    assert not letter.is_junk


def test_nobody_leaves_a_letter_in_a_foreign_or_ended_dialog():
    conversation = make_conversation(operator=make_operator(), closed_as="sale")
    with pytest.raises(Closed):
        leave(conversation, text="")
    intent = LetterIntent(
        conversation.pk, actor_of(make_visitor()), uuid4(), text="mine"
    )
    with pytest.raises((NotFound, Closed, Invalid)):
        leave_letter(intent, at=NOON)
    assert not Letter.objects.exists()


def test_who_takes_the_dialog_owns_the_letter_and_his_answer_ends_it():
    conversation, operator = begin(), make_operator()
    leave(conversation, contact="@marat_k")
    take_conversation(
        conversation_id=conversation.pk, actor=actor_of_operator(operator), at=NOON
    )
    assert Letter.objects.get().owner == operator
    later = NOON + timedelta(minutes=5)
    answer(conversation, operator, at=later)
    letter = Letter.objects.get()
    conversation.refresh_from_db()
    assert (letter.state, letter.answered_at) == ("answered", later)
    assert conversation.letter_due_at is None
    assert promise_letter_alerts(at=NOON + timedelta(days=9)) == 0


def test_a_late_letter_is_told_once_and_an_answered_one_never():
    conversation = begin(make_visitor(name="<b>Marat</b>"))
    leave(conversation, text="<script>alert(1)</script>")
    assert promise_letter_alerts(at=NOON + timedelta(minutes=1)) == 0
    late = Letter.objects.get().due_at + timedelta(seconds=1)
    worker.promise_rare(at=late)
    worker.promise_rare(at=late)
    worker.run_due(at=late)
    (alert,) = mail.outbox
    assert alert.to == ["owner@shop.example"]
    page = alert.alternatives[0][0]
    assert "<script>" not in page
    assert "<b>Marat" not in page
    assert "&lt;script&gt;" in page
    assert f"#{conversation.public_id.hex}" in page


def test_a_letter_that_ends_unanswered_is_no_task_any_more():
    conversation = begin()
    leave(conversation)
    close_conversation(
        conversation_id=conversation.pk, actor=actor_of(conversation.visitor), at=NOON
    )
    assert Letter.objects.get().state == "dropped"
    assert promise_letter_alerts(at=NOON + timedelta(days=9)) == 0


def test_the_answer_goes_by_mail_with_an_address_of_its_own_and_no_word_of_his():
    conversation, operator = begin(), make_operator(name="Anna")
    leave(conversation, contact="marat@mail.ru")
    later = NOON + timedelta(hours=1)
    answer(conversation, operator, at=later)
    worker.promise_rare(at=later + timedelta(seconds=1))
    worker.run_due(at=later + timedelta(seconds=1))
    (letter,) = mail.outbox
    assert letter.to == ["marat@mail.ru"]
    assert letter.reply_to[0].startswith("chat+")
    for text in (letter.body, letter.alternatives[0][0], letter.subject):
        assert QUESTION not in text
    assert "Yes, three of them." in letter.body


def test_a_further_answer_follows_after_a_while_unless_it_was_read():
    conversation, operator = begin(), make_operator()
    leave(conversation, contact="marat@mail.ru")
    answer(conversation, operator, at=NOON)
    assert promise_answers(at=NOON) == 1
    answer(conversation, operator, "And a pot.", at=NOON)
    assert promise_answers(at=NOON + timedelta(minutes=4)) == 0
    assert promise_answers(at=NOON + timedelta(minutes=6)) == 1

    answer(conversation, operator, "And a cup.", at=NOON)
    conversation.refresh_from_db()
    Mark.objects.create(
        conversation=conversation,
        author_kind="v",
        author_id=conversation.visitor_id,
        read_seq=conversation.head,
    )
    assert promise_answers(at=NOON + timedelta(minutes=6)) == 0
    worker.run_due(at=NOON + timedelta(minutes=6))
    # What had been promised is not sent either: he has read it in the widget.
    assert mail.outbox == []


def test_only_an_address_that_is_his_gets_a_copy_of_his_words():
    stranger, known = begin(), begin()
    prove_address(known.visitor, "marat@mail.ru")
    leave(stranger, contact="somebody@mail.ru")
    leave(known, contact="marat@mail.ru")
    worker.run_due(at=NOON)
    (copy,) = mail.outbox
    assert copy.to == ["marat@mail.ru"]
    assert QUESTION in copy.body


def test_a_customer_who_is_signed_in_gets_the_copy_at_his_login_address():
    user = get_user_model().objects.create_user("ann", email="ann@mail.ru")
    conversation = begin(make_visitor(user_id=user.pk))
    leave(conversation)
    assert Effect.objects.get(kind="letter_copy").target == "ann@mail.ru"


def test_a_contact_left_while_waiting_changes_nothing_else():
    conversation = make_conversation(at=NOON)
    since = conversation.waiting_since
    leave_contact(
        conversation_id=conversation.pk,
        actor=actor_of(conversation.visitor),
        contact="marat@mail.ru",
        at=NOON,
    )
    conversation.refresh_from_db()
    assert conversation.waiting_since == since
    assert conversation.reply_email == "marat@mail.ru"
    assert Visitor.objects.get(pk=conversation.visitor_id).contact == "marat@mail.ru"
    assert not Letter.objects.exists()


def test_staff_see_where_to_answer_and_the_way_there():
    conversation = begin()
    leave(conversation, contact="тг marat_k")
    letter = thread(
        conversation=Conversation.objects.select_related("visitor").get()
    ).letter
    assert (letter.kind, letter.link) == ("telegram", "https://t.me/marat_k")
    assert not letter.is_junk
