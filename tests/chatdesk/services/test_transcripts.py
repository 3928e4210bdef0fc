"""Copies by mail: who may ask, for which address, how often, and what is sent."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.core.cache import cache
from django.utils import translation

from chatdesk.actors import SYSTEM
from chatdesk.errors import Forbidden, Invalid, InvalidAddress, NotFound, RateLimited
from chatdesk.models import Effect, Entry
from chatdesk.selectors.visitors import actor_of
from chatdesk.services.effects import NotNeeded
from chatdesk.services.transcripts import request_transcript, send_transcript
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

ADDRESS = "visitor@mail.example"


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


@pytest.fixture
def operator():
    return make_operator(name="Anna Sokolova")


@pytest.fixture
def conversation(operator):
    entries = (("visitor", "Is it in stock?"), ("operator", "Yes, three of them."))
    dialog = make_conversation(operator=operator, entries=entries, at=NOON)
    prove_address(dialog.visitor, ADDRESS)
    return dialog


def ask(conversation, email=ADDRESS, *, cmid=None):
    return request_transcript(
        conversation_id=conversation.pk,
        actor=actor_of(conversation.visitor),
        email=email,
        at=NOON,
        cmid=cmid,
    )


def copies():
    return Effect.objects.filter(kind=Effect.Kind.TRANSCRIPT_MAIL)


def test_request_transcript_promises_a_mail_at_once_and_tells_staff_only(conversation):
    entry = ask(conversation).entry
    effect = copies().get()
    assert (effect.target, effect.due_at) == (ADDRESS, NOON)
    assert (entry.kind, entry.staff_only) == (Entry.Kind.TRANSCRIPT, True)
    assert ADDRESS not in f"{entry.text}{entry.data}"


def test_request_transcript_sent_again_changes_nothing_and_counts_once(
    conversation, settings
):
    settings.CHATDESK = {"TRANSCRIPT_RATE": "1/h"}
    cmid = uuid4()
    first = ask(conversation, cmid=cmid)
    again = ask(conversation, cmid=cmid)
    assert again.is_repeat
    assert again.entry.seq == first.entry.seq
    assert copies().count() == 1


@pytest.mark.parametrize(
    "email",
    [
        "",
        "visitor",
        "visitor@",
        "a@mail.example, b@mail.example",
        "a@mail.example b@mail.example",
        "Visitor <visitor@mail.example>",
        "visitor@mail.example\nBcc: all@mail.example",
        "visitor@mail.example\r\nBcc: all@mail.example",
        "visitor\u2028@mail.example",
        "visitor@mail.example\0",
        "visitor@mail.example%0aBcc:all@mail.example",
        '"a\nb"@mail.example',
        "v" * 250 + "@mail.example",
        "\ud800@mail.example",
        "visitor@[127.0.0.1]",
    ],
)
def test_request_transcript_refuses_all_but_one_plain_address(conversation, email):
    with pytest.raises(Invalid):
        ask(conversation, email)
    assert not copies().exists()


@pytest.mark.parametrize(
    ("email", "english", "russian"),
    [
        ("  ", "Please write an e-mail address.", "Напишите"),
        ("a@mail.example, b@mail.example", "one address", "один адрес"),
        ("a b@mail.example", "without spaces", "без пробелов"),
        ("visitor", "name@example.com", "name@example.com"),
        ("@mail.example", "name@example.com", "name@example.com"),
        ("a@b@mail.example", "name@example.com", "name@example.com"),
        ("почта@mail.example", "Latin letters", "латинск"),
        ("visitor@mail", "After the @", "После @"),
        ("visitor@", "After the @", "После @"),
        ("visitor@mail..example", "Please check it", "Проверьте"),
    ],
)
def test_request_transcript_says_in_words_what_is_wrong(
    conversation, email, english, russian
):
    with pytest.raises(InvalidAddress) as refused:
        ask(conversation, email)

    assert english in str(refused.value.text)
    with translation.override("ru"):
        assert russian in str(refused.value.text)
    assert refused.value.code == "invalid"


@pytest.mark.parametrize(
    ("email", "target"),
    [
        ("  visitor@mail.example ", "visitor@mail.example"),
        ("Visitor+chat@Mail.Example", "Visitor+chat@mail.example"),
        ("visitor@почта.рф", "visitor@почта.рф"),
    ],
)
def test_request_transcript_takes_usual_addresses(conversation, email, target):
    prove_address(conversation.visitor, target)
    ask(conversation, email)
    assert copies().get().target == target


def test_request_transcript_refuses_before_a_person_has_answered():
    unanswered = make_conversation(at=NOON)
    with pytest.raises(Forbidden):
        ask(unanswered)
    assert not copies().exists()


def test_request_transcript_finds_no_conversation_of_somebody_else(conversation):
    with pytest.raises(NotFound):
        request_transcript(
            conversation_id=conversation.pk,
            actor=actor_of(make_visitor()),
            email=ADDRESS,
            at=NOON,
        )


def test_request_transcript_is_for_visitors(conversation, operator):
    for actor in (actor_of_operator(operator), SYSTEM):
        with pytest.raises(Forbidden):
            request_transcript(
                conversation_id=conversation.pk, actor=actor, email=ADDRESS, at=NOON
            )


def test_request_transcript_limits_a_visitor_over_all_addresses(conversation):
    for number in range(5):
        prove_address(conversation.visitor, f"visitor{number}@mail.example")
    for number in range(3):
        ask(conversation, f"visitor{number}@mail.example")
    with pytest.raises(RateLimited) as caught:
        ask(conversation, "visitor4@mail.example")
    assert 0 < caught.value.retry_after <= 3600
    assert copies().count() == 3


def test_request_transcript_limits_an_address_over_all_visitors(operator):
    entries = (("visitor", "Hello?"), ("operator", "Hello."))
    dialogs = [
        make_conversation(operator=operator, entries=entries, at=NOON) for _ in range(4)
    ]
    for dialog in dialogs:
        prove_address(dialog.visitor, ADDRESS)
    for dialog in dialogs[:3]:
        ask(dialog)
    another = dialogs[3]
    with pytest.raises(RateLimited):
        ask(another, ADDRESS.upper())
    assert copies().count() == 3


def test_send_transcript_mails_what_the_visitor_saw_in_order(conversation, operator):
    say(conversation, actor_of_operator(operator), "Careful, rude.", is_note=True)
    say(conversation, actor_of(conversation.visitor), "Then one for me, please.")
    ask(conversation)
    send_transcript(copies().get())
    (letter,) = mail.outbox
    assert letter.to == [ADDRESS]
    assert letter.cc == letter.bcc == []
    for part in (letter.body, letter.alternatives[0].content):
        places = [
            part.index(words)
            for words in ("in stock?", "three of them", "one for me, please")
        ]
        assert places == sorted(places)
        assert "rude" not in part


def test_send_transcript_names_each_operator_who_spoke(conversation, operator):
    colleague = make_operator(name="Dmitry")
    conversation.operator = colleague
    conversation.save(update_fields=["operator"])
    say(conversation, actor_of_operator(colleague), "I go on.")
    ask(conversation)
    send_transcript(copies().get())
    assert "Anna Sokolova and Dmitry" in mail.outbox[0].body


def test_send_transcript_shows_the_latest_part_of_a_very_long_conversation(
    conversation, monkeypatch
):
    for module in ("services.transcripts", "mail.transcript"):
        monkeypatch.setattr(f"chatdesk.{module}.LONGEST_COPY", 2)
    say(
        conversation,
        actor_of(conversation.visitor),
        "Good.",
        at=NOON + timedelta(minutes=1),
    )
    ask(conversation)
    send_transcript(copies().get())
    body = mail.outbox[0].body
    assert "in stock?" not in body
    assert "Good." in body
    assert "latest part" in body


def test_send_transcript_needs_words(conversation):
    ask(conversation)
    Entry.objects.filter(conversation=conversation).delete()
    with pytest.raises(NotNeeded):
        send_transcript(copies().get())
    assert mail.outbox == []
