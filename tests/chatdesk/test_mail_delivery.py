"""Copies through a mail server that refuses, delays and hangs up: each arrives.

What comes twice carries one Message-ID, so that mail programs show it once.
"""

from collections import Counter
from datetime import timedelta

import pytest
from django.core.cache import cache

from chatdesk import worker
from chatdesk.models import Conversation, Effect, MailAddress
from chatdesk.services.addresses import note_bounce
from chatdesk.services.effects import Promise, promise_effects, retry_effects
from tests.chatdesk.working import work
from tests.factories import NOON, make_conversation, make_operator
from tests.services.smtp import SmtpServer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

MAILS = 30
REFUSED = "550 5.1.1 no such user here"
MINUTE = timedelta(minutes=1)

# What the server does with each further mail, again from the start at the end.
MOODS = ("take", "refuse", "take", "delay", "take", "drop", "take")


@pytest.fixture(autouse=True)
def fresh(settings):
    cache.clear()
    settings.CHATDESK = {"MAIL_DIGEST": False}


@pytest.fixture
def conversation():
    return make_conversation(
        operator=make_operator(name="Anna"),
        entries=(("visitor", "Is it in stock?"), ("operator", "Yes.")),
        at=NOON,
    )


def address(number):
    return f"visitor{number}@mail.example"


def promise(conversation, *targets, kind=Effect.Kind.TRANSCRIPT_MAIL, at=NOON):
    promises = [
        Promise(kind, conversation.pk, f"{kind}:{target}:{at}", at, target)
        for target in targets
    ]
    promise_effects(promises, at=at)


def moody(monkeypatch, *moods):
    """Let the server answer each further mail in its next mood; return the moods."""
    keep = SmtpServer.handle_DATA
    shown = []

    async def handle(smtp, server, session, envelope):
        mood = moods[len(shown) % len(moods)]
        shown.append(mood)
        smtp.answer = "250 kept"
        match mood:
            case "refuse":
                smtp.answer = "554 5.7.1 not now, and not like this"
            case "delay":
                smtp.answer = "451 4.7.1 greylisted, come again"
            case "drop":
                # It has the mail, and its answer is lost on the way.
                await keep(smtp, server, session, envelope)
                server.transport.close()
                return "250 nobody hears this"
        return await keep(smtp, server, session, envelope)

    monkeypatch.setattr(SmtpServer, "handle_DATA", handle)
    return shown


def refuse_recipients(monkeypatch, answers):
    """Let the server refuse these addresses at once, with these words."""

    async def handle(_smtp, _server, _session, envelope, to, _options):
        if to in answers:
            return answers[to]
        envelope.rcpt_tos.append(to)
        return "250 OK"

    monkeypatch.setattr(SmtpServer, "handle_RCPT", handle, raising=False)


def states():
    return Counter(Effect.objects.values_list("state", flat=True))


def test_every_copy_arrives_whatever_the_server_does(
    conversation, smtp_server, monkeypatch
):
    moods = moody(monkeypatch, *MOODS)
    promise(conversation, *map(address, range(MAILS)))

    work()

    assert states() == {Effect.State.DONE: MAILS}
    assert {"refuse", "delay", "drop"} <= set(moods)
    arrived = {to for (to,) in smtp_server.recipients}
    assert arrived == set(map(address, range(MAILS)))
    seen = {}
    for letter, (to,) in zip(smtp_server.messages, smtp_server.recipients, strict=True):
        seen.setdefault(to, set()).add(letter["Message-ID"])
    assert all(len(each) == 1 for each in seen.values())
    assert len(set.union(*seen.values())) == MAILS
    # Some were kept by the server before it hung up: those came twice.
    assert len(smtp_server.messages) > MAILS


@pytest.mark.parametrize("mood", ["refuse", "delay"])
def test_a_server_that_takes_nothing_gets_ten_tries_and_no_mail_is_lost(
    conversation, smtp_server, monkeypatch, mood
):
    moods = moody(monkeypatch, mood)
    promise(conversation, address(1))
    work()
    assert len(moods) == 10
    assert states() == {Effect.State.FAILED: 1}
    retry_effects(effect_ids=[Effect.objects.get().pk], at=NOON)
    monkeypatch.undo()
    smtp_server.answer = "250 kept"
    work()
    assert smtp_server.recipients == [[address(1)]]


def test_an_address_that_is_refused_for_good_is_tried_once_and_remembered(
    conversation, smtp_server, monkeypatch
):
    refuse_recipients(monkeypatch, {address(1): REFUSED})
    promise(conversation, address(1), address(2))
    work()
    effect = Effect.objects.get(target=address(1))
    assert (effect.state, effect.attempts) == (Effect.State.FAILED, 1)
    assert "no such user here" in effect.error
    assert MailAddress.objects.get().email == address(1)
    assert "550" in MailAddress.objects.get().reason
    assert smtp_server.recipients == [[address(2)]]


def test_an_address_that_is_busy_is_neither_given_up_nor_remembered(
    conversation, smtp_server, monkeypatch
):
    refuse_recipients(monkeypatch, {address(1): "450 4.2.0 mailbox busy"})
    promise(conversation, address(1))
    worker.run_due(at=NOON)
    assert states() == {Effect.State.DUE: 1}
    assert not MailAddress.objects.exists()
    monkeypatch.undo()
    work()
    assert states() == {Effect.State.DONE: 1}


@pytest.mark.parametrize(
    "answer", ["550 5.7.1 you are on a list", "554 5.7.1 Relay access denied"]
)
def test_a_server_that_refuses_the_shop_makes_no_address_a_bad_one(
    conversation, smtp_server, monkeypatch, answer
):
    targets = [address(number) for number in range(3)]
    refuse_recipients(monkeypatch, dict.fromkeys(targets, answer))
    promise(conversation, *targets)
    worker.run_due(at=NOON)
    assert states() == {Effect.State.DUE: 3}
    assert not MailAddress.objects.exists()
    monkeypatch.undo()
    work()
    assert states() == {Effect.State.DONE: 3}
    assert sorted(to for (to,) in smtp_server.recipients) == targets


def test_an_alert_that_all_its_readers_refuse_is_tried_again(
    smtp_server, monkeypatch, settings
):
    readers = ["boss@shop.example", "owner@shop.example"]
    settings.CHATDESK = {
        "MAIL_DIGEST": False,
        "ALERT_EMAILS": readers,
        "PASS_ON": False,
    }
    refuse_recipients(monkeypatch, dict.fromkeys(readers, "550 no"))
    waiting = make_conversation(at=NOON)
    worker.run_due(at=NOON + MINUTE)
    alert = Effect.objects.get(conversation=waiting, kind="no_reply_alert")
    assert (alert.state, alert.attempts) == (Effect.State.DUE, 1)


def test_an_alert_that_one_of_its_readers_refuses_reaches_the_others(
    conversation, smtp_server, monkeypatch, settings
):
    settings.CHATDESK = {
        "MAIL_DIGEST": False,
        "ALERT_EMAILS": ["gone@shop.example", "owner@shop.example"],
        "PASS_ON": False,
    }
    refuse_recipients(monkeypatch, {"gone@shop.example": REFUSED})
    waiting = make_conversation(at=NOON)
    worker.run_due(at=NOON + MINUTE)
    assert smtp_server.recipients == [["owner@shop.example"]]
    alert = Effect.objects.get(conversation=waiting, kind="no_reply_alert")
    assert alert.state == Effect.State.DONE
    assert not MailAddress.objects.exists()


@pytest.mark.parametrize("kind", ["transcript_mail", "answer_mail", "letter_copy"])
def test_a_mail_to_an_address_that_came_back_is_left_out(
    conversation, smtp_server, kind
):
    note_bounce(email=address(1).upper(), reason=REFUSED, at=NOON - MINUTE)
    promise(conversation, address(1), kind=kind)
    worker.run_due(at=NOON)
    effect = Effect.objects.get()
    assert effect.state == Effect.State.CANCELLED
    assert "no such user" in effect.error
    assert smtp_server.messages == []


def test_a_mail_that_was_promised_before_it_came_back_may_be_tried_again(
    conversation, smtp_server
):
    promise(conversation, address(1))
    note_bounce(email=address(1), reason=REFUSED, at=NOON + MINUTE)
    worker.run_due(at=NOON + 2 * MINUTE)
    assert smtp_server.recipients == [[address(1)]]


def test_what_came_back_long_ago_counts_no_more(conversation, smtp_server):
    note_bounce(email=address(1), reason=REFUSED, at=NOON - timedelta(days=31))
    promise(conversation, address(1))
    worker.run_due(at=NOON)
    assert smtp_server.recipients == [[address(1)]]


def test_the_shops_own_copies_go_on_whatever_came_back(conversation, smtp_server):
    note_bounce(email="owner@shop.example", reason=REFUSED, at=NOON - MINUTE)
    promise(conversation, "owner@shop.example", kind=Effect.Kind.SHOP_COPY)
    worker.run_due(at=NOON)
    assert smtp_server.recipients == [["owner@shop.example"]]
    assert Conversation.objects.count() == 1
