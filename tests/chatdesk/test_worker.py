"""The worker with a real mail server: once, again after a refusal, never too late."""

import logging
import threading
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection

from chatdesk import worker
from chatdesk.models import Effect, Lease, Operator, PresencePeriod, Visitor
from chatdesk.selectors.visitors import actor_of
from chatdesk.services import effects
from chatdesk.services.assignment import offer_conversation
from chatdesk.services.conversations import take_conversation
from chatdesk.services.operators import relieve_operators
from chatdesk.services.transcripts import request_transcript
from chatdesk.tasks import drain, sweep
from tests.factories import (
    NOON,
    actor_of_operator,
    bring_online,
    make_conversation,
    make_operator,
    prove_address,
    say,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

ADDRESS = "visitor@mail.example"
LIMIT = timedelta(seconds=20)
ASKED_AT = NOON + timedelta(seconds=1)


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


@pytest.fixture(autouse=True)
def no_summary(settings):
    settings.CHATDESK = {"MAIL_DIGEST": False}


@pytest.fixture
def operator():
    return make_operator(name="Anna <b>Sokolova</b>")


def make_copy(operator, text="Is it in stock?", email=ADDRESS):
    """Let a visitor be answered and ask for a copy; return the effect."""
    entries = (("visitor", text), ("operator", "Yes."))
    conversation = make_conversation(operator=operator, entries=entries, at=NOON)
    prove_address(conversation.visitor, email)
    request_transcript(
        conversation_id=conversation.pk,
        actor=actor_of(conversation.visitor),
        email=email,
        at=NOON,
    )
    return Effect.objects.get(
        conversation=conversation, kind=Effect.Kind.TRANSCRIPT_MAIL
    )


def make_question(operator):
    """Let a question wait with an operator who has taken it."""
    conversation = make_conversation(at=NOON)
    actor = actor_of_operator(operator)
    take_conversation(conversation_id=conversation.pk, actor=actor, at=ASKED_AT)
    return conversation, actor


def state_of(effect):
    effect.refresh_from_db()
    return effect.state


def test_a_copy_arrives_with_both_parts_at_its_one_address(operator, smtp_server):
    effect = make_copy(operator)
    assert worker.run_due(at=NOON) == 1
    (letter,) = smtp_server.messages
    assert smtp_server.recipients == [[ADDRESS]]
    assert letter["To"] == ADDRESS
    assert letter["From"] == letter["Reply-To"] == "shop@example.com"
    kinds = [part.get_content_type() for part in letter.iter_parts()]
    assert kinds == ["text/plain", "text/html"]
    assert state_of(effect) == Effect.State.DONE


def test_what_people_type_is_text_in_the_mail(operator, smtp_server):
    make_copy(
        operator, text='<img src="//evil.example/x.png"><script>alert(1)</script>'
    )
    worker.run_due(at=NOON)
    plain, page = smtp_server.messages[0].iter_parts()
    html = page.get_content()
    assert "<img" not in html
    assert "<script" not in html
    assert "<b>Sokolova" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script>alert(1)</script>" in plain.get_content()


def test_a_second_run_sends_nothing_again(operator, smtp_server):
    make_copy(operator)
    assert worker.run_due(at=NOON) == 1
    assert worker.run_due(at=NOON + timedelta(days=1)) == 0
    assert len(smtp_server.messages) == 1


def test_two_workers_at_once_send_each_copy_once(operator, smtp_server):
    for number in range(6):
        make_copy(operator, email=f"visitor{number}@mail.example")
        cache.clear()
        operator.capacity += 1
        operator.save(update_fields=["capacity"])
    begin = threading.Barrier(2)

    def work():
        begin.wait()
        worker.run_due(at=NOON)
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    arrived = sorted(to for (to,) in smtp_server.recipients)
    assert arrived == [f"visitor{number}@mail.example" for number in range(6)]


def test_a_copy_sent_again_after_a_crash_carries_the_same_message_id(
    operator, smtp_server, monkeypatch
):
    effect = make_copy(operator)
    with monkeypatch.context() as patch:
        patch.setattr(worker, "settle_effect", lambda *_args, **_kwargs: False)
        worker.run_due(at=NOON)
    assert state_of(effect) == Effect.State.CLAIMED
    later = NOON + timedelta(minutes=5)
    worker.sweep(at=later)
    worker.run_due(at=later)
    first, second = (letter["Message-ID"] for letter in smtp_server.messages)
    assert first == second == f"<{effect.public_id}@example.com>"
    assert state_of(effect) == Effect.State.DONE


def test_a_refused_copy_is_tried_again_later_and_given_up_in_the_end(
    operator, smtp_server, settings
):
    settings.CHATDESK = {"EFFECT_ATTEMPTS": 3, "MAIL_DIGEST": False}
    effect = make_copy(operator)
    smtp_server.answer = "451 try again later"
    assert worker.run_due(at=NOON) == 1
    assert state_of(effect) == Effect.State.DUE
    assert effect.due_at - NOON >= timedelta(minutes=1)
    assert "451" in effect.error
    assert worker.run_due(at=NOON + timedelta(seconds=30)) == 0
    for hours in (1, 2):
        worker.run_due(at=NOON + timedelta(hours=hours))
    assert state_of(effect) == Effect.State.FAILED
    assert smtp_server.messages == []


def test_a_refused_copy_arrives_when_the_server_takes_it(operator, smtp_server):
    effect = make_copy(operator)
    smtp_server.answer = "451 try again later"
    worker.run_due(at=NOON)
    smtp_server.answer = "250 kept"
    worker.run_due(at=NOON + timedelta(minutes=2))
    assert len(smtp_server.messages) == 1
    assert state_of(effect) == Effect.State.DONE


def test_a_server_that_is_away_is_tried_again(operator, smtp_server, settings):
    effect = make_copy(operator)
    settings.EMAIL_PORT = 1  # Nobody listens there.
    worker.run_due(at=NOON)
    assert state_of(effect) == Effect.State.DUE
    assert "ConnectionRefusedError" in effect.error


def test_one_failing_effect_does_not_stop_the_others(
    operator, smtp_server, monkeypatch
):
    broken = make_copy(operator)
    send = worker.SENDERS[Effect.Kind.TRANSCRIPT_MAIL]

    def fail_one(effect):
        if effect.pk == broken.pk:
            raise ZeroDivisionError
        send(effect)

    monkeypatch.setitem(worker.SENDERS, Effect.Kind.TRANSCRIPT_MAIL, fail_one)
    make_copy(operator, email="other@mail.example")
    assert worker.run_due(at=NOON) == 2
    assert smtp_server.recipients == [["other@mail.example"]]
    assert state_of(broken) == Effect.State.DUE


def test_a_kind_of_a_newer_release_waits_for_its_worker(operator, smtp_server):
    effect = make_copy(operator)
    Effect.objects.filter(pk=effect.pk).update(kind="from_tomorrow")
    worker.run_due(at=NOON)
    assert state_of(effect) == Effect.State.DUE


def test_the_log_of_a_failure_names_no_person(operator, smtp_server, caplog):
    make_copy(operator, text="My secret")
    smtp_server.answer = f"550 no {ADDRESS} here"
    with caplog.at_level(logging.DEBUG, logger="chatdesk"):
        worker.run_due(at=NOON)
    records = [each for each in caplog.records if each.name.startswith("chatdesk")]
    said = "\n".join(each.getMessage() for each in records)
    assert "failed at try 1" in said
    assert ADDRESS not in said
    assert "secret" not in said
    assert not any(each.exc_info for each in records)


def test_an_alert_is_sent_once_when_its_time_has_come(operator, smtp_server):
    make_question(operator)
    assert worker.run_due(at=ASKED_AT + timedelta(seconds=19)) == 0
    assert worker.run_due(at=ASKED_AT + LIMIT) == 1
    assert worker.run_due(at=ASKED_AT + timedelta(seconds=39)) == 0
    assert smtp_server.recipients == [[operator.user.email]]


def test_an_alert_is_not_sent_when_the_answer_came_in_time(operator, smtp_server):
    conversation, actor = make_question(operator)
    say(conversation, actor, "Here I am.", at=ASKED_AT + timedelta(seconds=19))
    assert worker.run_due(at=ASKED_AT + timedelta(minutes=1)) == 0
    assert smtp_server.messages == []


def test_an_answer_between_claim_and_sending_stops_the_alert(
    operator, smtp_server, monkeypatch
):
    conversation, actor = make_question(operator)

    def claim_and_be_slow(**kwargs):
        claimed = effects.claim_due(**kwargs)
        if claimed:
            say(conversation, actor, "Here I am.")
        return claimed

    monkeypatch.setattr(worker, "claim_due", claim_and_be_slow)
    worker.run_due(at=ASKED_AT + LIMIT)
    assert smtp_server.messages == []
    assert Effect.objects.get().state == Effect.State.CANCELLED


def test_a_run_ends_after_its_share(operator, monkeypatch):
    monkeypatch.setattr(worker, "AT_ONCE", 2)
    monkeypatch.setitem(
        worker.SENDERS, Effect.Kind.TRANSCRIPT_MAIL, lambda _effect: None
    )
    for number in range(3):
        make_copy(operator, email=f"visitor{number}@mail.example")
    assert worker.run_due(at=NOON) == 2
    assert worker.run_due(at=NOON) == 1


def test_sweep_ends_the_presence_of_operators_who_fell_silent(operator):
    bring_online(operator, at=NOON)
    worker.sweep(at=NOON + timedelta(minutes=1))
    assert not Lease.objects.exists()
    assert PresencePeriod.objects.filter(state="online").get().to_at == NOON


def test_the_tasks_carry_nothing_and_ignore_what_they_do_not_know(
    operator, smtp_server
):
    effect = make_copy(operator)
    sweep(of="a newer release")
    drain(of="a newer release")
    assert (drain.name, sweep.name) == ("chatdesk.drain", "chatdesk.sweep")
    assert state_of(effect) == Effect.State.DONE


# Those who wait


@pytest.fixture
def automatic(settings):
    """Let dialogs be assigned by themselves."""
    settings.CHATDESK = {"MAIL_DIGEST": False, "AUTO_ASSIGN": True}


def owner_of(conversation):
    conversation.refresh_from_db()
    return conversation.operator


@pytest.mark.usefixtures("automatic")
def test_a_question_finds_its_operator_in_one_run(operator):
    bring_online(operator, at=ASKED_AT)
    conversation = make_conversation(at=NOON)
    worker.run_due(at=ASKED_AT)
    assert owner_of(conversation) == operator
    assert conversation.route_at is None


@pytest.mark.usefixtures("automatic")
def test_a_dialog_that_is_given_back_is_looked_at_again(operator):
    bring_online(operator, at=ASKED_AT)
    conversation = make_conversation(at=NOON)
    worker.keep_waiting(at=ASKED_AT)
    Operator.objects.filter(pk=operator.pk).update(is_active=False)
    boris = make_operator(name="Boris")
    bring_online(boris, at=ASKED_AT)
    relieve_operators(at=ASKED_AT + timedelta(seconds=1))
    worker.keep_waiting(at=ASKED_AT + timedelta(seconds=2))
    assert owner_of(conversation) == boris


def test_an_offer_that_nobody_answered_ends_in_a_run(operator):
    boris = make_operator(name="Boris")
    bring_online(boris, at=ASKED_AT)
    conversation = make_conversation(at=NOON)
    actor = actor_of_operator(operator)
    take_conversation(conversation_id=conversation.pk, actor=actor, at=ASKED_AT)
    offer_conversation(
        conversation_id=conversation.pk,
        actor=actor,
        to_id=boris.pk,
        note="",
        at=ASKED_AT,
    )
    worker.keep_waiting(at=ASKED_AT + timedelta(seconds=29))
    conversation.refresh_from_db()
    assert conversation.offered_to == boris
    worker.keep_waiting(at=ASKED_AT + timedelta(seconds=30))
    assert owner_of(conversation) == operator
    assert conversation.offered_to is None


def test_what_waited_over_the_limit_is_given_away_although_all_press_take(operator):
    conversation = make_conversation(at=NOON)
    worker.keep_waiting(at=ASKED_AT + LIMIT)
    assert owner_of(conversation) is None
    bring_online(operator, at=ASKED_AT + LIMIT)
    worker.keep_waiting(at=ASKED_AT + LIMIT + timedelta(seconds=1))
    assert owner_of(conversation) == operator


def test_a_dialog_of_which_nothing_is_due_is_left_alone_after_one_query(
    operator, django_assert_num_queries
):
    conversation = make_conversation(
        operator=operator,
        entries=(("visitor", "Is it in stock?"), ("operator", "Yes.")),
        at=NOON,
    )
    head = conversation.head
    with django_assert_num_queries(1):
        worker.keep_waiting(at=ASKED_AT + timedelta(hours=1))
    assert owner_of(conversation) == operator
    assert conversation.head == head


@pytest.mark.usefixtures("automatic")
def test_an_address_that_is_none_keeps_nobody_else_waiting(operator):
    bring_online(operator, at=ASKED_AT)
    hostile, other = make_conversation(at=NOON), make_conversation(at=NOON)
    Visitor.objects.filter(pk=hostile.visitor_id).update(page_url="http://[")
    worker.keep_waiting(at=ASKED_AT)
    assert owner_of(hostile) == owner_of(other) == operator
